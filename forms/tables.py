"""The standard table as a file: blank to fill in, filled and read back, marked where it is wrong, exported, compared.

tables.blank(spec, "individual", out, "xlsx")                 a table to fill in, in the plan's own columns where it has them
reading = tables.read(path, spec, unit=…, progress=…)         what it says, a problem at each wrong cell; UnreadableTable
tables.drafts(reading, spec, org=…, unit=…, author=…)         a draft for each good row
tables.mark(reading, out, "xlsx")                             the bad rows as they stood, wrong cells shaded, reasons beside
tables.export(nominations, out, "docx")                       any number of nominations, streamed
tables.compare(reading, nominations)                          what an edited list changes, before anything counts
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from forms import lists
from forms.filled import CellProblem, Part, Reading, TableRow, drafts, read
from forms.layout import ListPaper
from forms.lists import Format
from forms.model import FormSpec, Kind, Nomination
from forms.office import UnreadableTable
from forms.sheets import Workbook
from forms.spec import FIELD_COLUMN, ROLE_COLUMN, ROLES, Column
from forms.texts import FormTexts
from forms.values import line, name_key
from forms.word import Paper
from forms.workflow import Difference
from knowledge.model import Frozen

__all__ = [
    "CellProblem",
    "Comparison",
    "Reading",
    "TableRow",
    "UnreadableTable",
    "blank",
    "compare",
    "drafts",
    "export",
    "mark",
    "read",
]

BLANK_ROWS = 15
TITLE = "DANH SÁCH ĐỀ CỬ ĐIỂN HÌNH TIÊN TIẾN"
_HOWTO = "Mỗi dòng một {what}. Không có điện thoại hoặc email thì ghi “không có”."
_ERRORS = Column(label="Lỗi cần sửa", fields=("note",))


class Comparison(Frozen):
    """What an edited list would change: values by nomination number, rows that match none, nominations that are gone."""

    changes: dict[str, tuple[Difference, ...]] = {}
    unknown: tuple[TableRow, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[CellProblem, ...] = ()

    @property
    def same(self) -> bool:
        return not (self.changes or self.unknown or self.missing or self.problems)


def blank(spec: FormSpec, kind: Kind, out: Path, format: Literal["xlsx", "docx"] = "xlsx") -> None:
    """A table to fill in, which names its plan: by that it is known when it comes back.

    What the form asks beyond the plan's columns (field, role) stands behind them, as lists in XLSX.
    """
    columns = blank_columns(spec, kind)
    howto = _HOWTO.format(what="người" if kind == "individual" else "tập thể")
    ours = "" if spec.own_layout(kind) else FormTexts.OUR_TABLE_COLLECTIVE if spec.own_table else FormTexts.OUR_TABLE
    title = (spec.table_title or "DANH SÁCH") if spec.own_layout(kind) else TITLE
    of_plan = FormTexts.OF_PLAN.format(number=spec.number) if spec.number else ""
    paper = ListPaper(title=title, notes=tuple(note for note in (of_plan, howto, ours) if note))
    rows = [
        [str(number) if "number" in column.fields else "" for column in columns] for number in range(1, BLANK_ROWS + 1)
    ]
    if format == "xlsx":
        _blank_xlsx(spec, columns, paper, rows, out)
    else:
        _blank_docx(columns, paper, rows, out)


def blank_columns(spec: FormSpec, kind: Kind) -> tuple[Column, ...]:
    """The columns of the table to fill in: those of the layout, and what the form asks beyond them."""
    columns = spec.layout(kind)
    if spec.fields and not any("field" in column.fields for column in columns):
        columns = (*columns, FIELD_COLUMN)
    if kind == "individual" and len(spec.roles) > 1:
        columns = (*columns, ROLE_COLUMN)
    return columns


def _blank_xlsx(spec: FormSpec, columns: Sequence[Column], paper: ListPaper, rows: list[list[str]], out: Path) -> None:
    book = Workbook(out)
    sheet = book.sheet("Đề cử", columns, paper)
    choices = {"field": [field.name for field in spec.fields], "role": [ROLES[role] for role in spec.roles]}
    for row in rows:
        sheet.write(row, ["number" if "number" in column.fields else "cell" for column in columns])
    for position, column in enumerate(columns):
        offered = next((choices[field] for field in column.fields if choices.get(field)), None)
        if offered and len(",".join(offered)) <= 255 and not any("," in text for text in offered):
            first = sheet.header_row + 1
            sheet.raw.data_validation(first, position, first + 500, position, {"validate": "list", "source": offered})
    book.close()


def _blank_docx(columns: Sequence[Column], paper: ListPaper, rows: list[list[str]], out: Path) -> None:
    document = Paper(landscape=True)
    document.line(paper.title, size=14, bold=True)
    for note in paper.notes:
        document.line(note, size=11, italic=True)
    table = document.table(columns)
    for row in rows:
        table.add(row)
    document.save(out)


def mark(reading: Reading, out: Path, format: Literal["xlsx", "docx"] = "xlsx") -> None:
    """The bad rows as they stood, under the same headers, with what is wrong: to be mended and sent again."""
    paper = ListPaper(
        title="CÁC DÒNG CẦN SỬA", notes=("Sửa các ô tô màu rồi gửi lại tệp này; các dòng hợp lệ đã được nhận.",)
    )
    parts = [part for part in reading.parts if part.bad]
    if format == "docx":
        _mark_docx(paper, parts, out)
    else:
        _mark_xlsx(paper, parts, out)


def _mark_docx(paper: ListPaper, parts: Sequence[Part], out: Path) -> None:
    document = Paper(landscape=True)
    document.line(paper.title, size=14, bold=True)
    document.line(paper.notes[0], size=11, italic=True)
    for part in parts:
        kept = _kept(part)
        table = document.table(_marked_columns(part, kept))
        for row in part.bad:
            table.add([*(row.raw[n] for n in kept), _reasons(row)], {kept.index(problem.column) for problem in row.problems})
        document.line(size=6)
    document.save(out)


def _mark_xlsx(paper: ListPaper, parts: Sequence[Part], out: Path) -> None:
    book = Workbook(out)
    for number, part in enumerate(parts, 1):
        kept = _kept(part)
        name = "Cần sửa" if len(parts) == 1 else f"Cần sửa {number}"
        sheet = book.sheet(name, _marked_columns(part, kept), paper)
        for row in part.bad:
            bad = {problem.column for problem in row.problems}
            written = sheet.write([*(row.raw[n] for n in kept), _reasons(row)], [*("bad" if n in bad else "cell" for n in kept), "cell"])
            for problem in row.problems:
                sheet.raw.write_comment(written, kept.index(problem.column), problem.message)
    book.close()


def _kept(part: Part) -> list[int]:
    """The columns as they stood, less the reasons of an earlier marking."""
    return [n for n, text in enumerate(part.headers) if line(text) != _ERRORS.label]


def _marked_columns(part: Part, kept: Sequence[int]) -> list[Column]:
    return [*(Column(label=part.headers[n], fields=part.fields[n]) for n in kept), _ERRORS]


def _reasons(row: TableRow) -> str:
    return "\n".join(f"{line(problem.header)}: {problem.message}" for problem in row.problems)


def export(
    nominations: Iterable[Nomination], out: Path, format: Format, *, title: str = TITLE, code: bool = False
) -> int:
    """The standard table of any number of nominations; returns how many. `code` adds their numbers as a last column."""
    return lists.write(ListPaper(title=title, code=code), nominations, out, format)


def compare(reading: Reading, nominations: Iterable[Nomination]) -> Comparison:
    """What the edited list changes, by nomination number or, where the list has none, by name. Changes nothing.

    Each table of the file is compared with the nominations of its kind: individuals, collectives, or both.
    """
    kinds = {part.kind for part in reading.parts}
    held = {nomination.code: nomination for nomination in nominations if nomination.kind in kinds}
    changes: dict[str, tuple[Difference, ...]] = {}
    unknown: list[TableRow] = []
    seen: set[str] = set()
    for part in reading.parts:
        named = {name_key(item.name): item for item in held.values() if item.kind == part.kind}
        known = {field for fields in part.fields for field in fields} - {"number", "note", "code", "criteria", "kind"}
        for row in part.rows:
            by_name = None if row.code else named.get(name_key(row.values.get("name", "")))
            nomination = held.get(row.code or "") or by_name
            if nomination is None:
                unknown.append(row)
                continue
            seen.add(nomination.code)
            found = _row_differences(row, nomination, known)
            if found:
                changes[nomination.code] = found
    return Comparison(
        changes=changes,
        unknown=tuple(unknown),
        missing=tuple(code for code in held if code not in seen),
        problems=tuple(problem for row in reading.rows for problem in row.problems),
    )


def _row_differences(row: TableRow, nomination: Nomination, known: set[str]) -> tuple[Difference, ...]:
    wrong = {problem.field for problem in row.problems}
    pairs = [(field, nomination.values.get(field, ""), row.values.get(field, "")) for field in sorted(known - wrong)]
    return tuple(
        Difference(field=field, before=before, after=after)
        for field, before, after in pairs
        if before.split() != after.split()
    )
