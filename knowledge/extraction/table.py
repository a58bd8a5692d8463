"""The standard table of nominations that a plan prints: its title, its columns as printed, its signature line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.extraction.clauses import Outlined, says
from knowledge.model import Clause, Table
from knowledge.outlining.formulas import is_post, names_form
from knowledge.outlining.lines import cells_of, is_row
from knowledge.text import unaccent

_NUMBER_COLUMN = re.compile(r"^(?:tt|stt|so tt|so thu tu|ngay)$")
_NAME_COLUMN = re.compile(r"\b(?:ho va ten|ho ten|ho, ten|ten)\b")
_KNOWN = re.compile(
    r"\b(?:STT|TT|Họ và tên|Họ tên|Ngày sinh|Năm sinh|Giới tính|Nam/Nữ|Chức vụ|Chức danh|Đơn vị công tác|Đơn vị|"
    r"Nơi công tác|Lớp|"
    r"Trình độ[\w ]*|Thâm niên[\w ]*|Tóm tắt thành tích|Thành tích[\w ]*|Danh hiệu[\w ]*|"
    r"Số điện thoại(?:, email)?|Điện thoại|Email|Ghi chú)\b"
)
_SIGNS = re.compile(
    r"^(?:thu truong|hieu truong|nguoi lap|dai dien|xac nhan|truong don vi|chu tich|giam doc|"
    r"tm\.|kt\.)",
    re.I,
)


def table_of(plan: Outlined) -> Table | None:
    """The first table with a column of names, in the appendix or in the body; tables of marks are none."""
    clauses = [clause for clause in plan.clauses if clause.zone in ("appendix", "body")]
    for index, clause in enumerate(clauses):
        if clause.zone == "body" and not is_row(clause.quote.strip()):
            continue
        lead, columns = _columns(clause)
        if len(columns) >= 3 and any(_NAME_COLUMN.search(unaccent(cell).lower()) for cell in columns):
            last, signature = _signature(clauses, index)
            return Table(
                title=lead or _title(clauses, index),
                columns=columns,
                signature=signature,
                ref=clause.ref,
                quote=plan.text[clause.start : last.end],
            )
    return None


def _columns(clause: Clause) -> tuple[str | None, tuple[str, ...]]:
    """The cells of a header row, and the title that stands before them in the same line."""
    first = clause.quote.strip().splitlines()[0]
    if is_row(first):
        cells = [cell for cell in cells_of(first) if cell]
    elif ";" in first and _NUMBER_COLUMN.match(unaccent(first.split(";")[0]).strip().lower()):
        cells = [cell.strip(" .") for cell in first.split(";")]
    else:
        cells = _spaced(first)
    lead = None
    if cells and ":" in cells[0]:
        lead, _, head = cells[0].rpartition(":")
        cells = [head.strip(), *cells[1:]]
    if not cells or not _NUMBER_COLUMN.match(unaccent(cells[0]).lower()):
        return None, ()
    return lead, tuple(cells)


def _spaced(line: str) -> list[str]:
    """A header row whose cells a scan left apart only by blanks: cut at wide gaps, else at the names columns usually have."""
    gaps = re.split(r"\s{2,}", line)
    if len(gaps) >= 3:
        return gaps
    matches = list(_KNOWN.finditer(line))
    if len(matches) < 3 or matches[0].start() != 0:
        return []
    ends = [match.start() for match in matches[1:]] + [len(line)]
    return [line[match.start() : end].strip(" ,") for match, end in zip(matches, ends, strict=True)]


def _title(clauses: Sequence[Clause], index: int) -> str | None:
    for clause in reversed(clauses[max(0, index - 6) : index]):
        text = says(clause)
        if names_form(text) or clause.heading:
            return text.strip(" :")
    return None


def _signature(clauses: Sequence[Clause], index: int) -> tuple[Clause, str | None]:
    """The last row of the table and the post that signs below it."""
    last = clauses[index]
    for clause in clauses[index + 1 : index + 12]:
        text = says(clause)
        if is_post(text) or (_SIGNS.match(unaccent(text)) and len(text) < 80):
            return clause, text
        if names_form(text):
            break
        last = clause if is_row(clause.quote.strip()) else last
    return last, None
