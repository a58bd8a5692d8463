"""A list written out: as DOCX, XLSX or CSV, one table for each kind and layout, rows streamed from any iterable."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from forms import sheets
from forms.asking import readable
from forms.layout import ListPaper, Section, row_of, section_of
from forms.model import Nomination
from forms.word import LEFT, Paper
from forms.wordtable import StreamedTable

Format = Literal["docx", "xlsx", "csv"]

CSV_FIELDS = {
    "code": "Mã hồ sơ",
    "kind": "Đối tượng",
    "name": "Họ và tên / Tên tập thể",
    "unit": "Đơn vị công tác",
    "field": "Lĩnh vực",
    "seniority": "Thâm niên giảng dạy",
    "summary": "Tóm tắt thành tích",
    "contact": "Người đại diện",
    "phone": "Số điện thoại",
    "email": "Email",
}
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_HARMLESS = re.compile(r"^[+\-]?[\d\s.,]*$")


def write(paper: ListPaper, nominations: Iterable[Nomination], out: Path, format: Format) -> int:
    """Writes the list to `out` and returns how many nominees it holds."""
    if format == "xlsx":
        return sheets.write_list(paper, nominations, out)
    if format == "csv":
        return _write_csv(nominations, out)
    return _write_docx(paper, nominations, out)


def _write_docx(paper: ListPaper, nominations: Iterable[Nomination], out: Path) -> int:
    tables: dict[Section, StreamedTable] = {}
    for nomination in nominations:
        section = section_of(nomination, code=paper.code)
        table = tables.get(section) or tables.setdefault(section, StreamedTable(section.columns))
        table.add(row_of(nomination, section.columns, table.count + 1))
    document = Paper(landscape=True)
    _head(document, paper)
    for number, (section, table) in enumerate(tables.items(), 1):
        if len(tables) > 1:
            document.line(f"{number}. {section.title}", bold=True, align=LEFT).paragraph_format.keep_with_next = True
        if section.note:
            document.line(section.note, size=11, italic=True, align=LEFT).paragraph_format.keep_with_next = True
        document.place(table)
        document.line(size=6)
    document.signatures(paper.signatures)
    document.save(out)
    return sum(table.count for table in tables.values())


def _head(document: Paper, paper: ListPaper) -> None:
    if paper.heading is not None:
        left, _ = document.columns(2, 3)
        document.issuer(left, paper.heading)
    document.line(paper.title, size=14, bold=True)
    if paper.subtitle:
        document.line(paper.subtitle, bold=True)
    if paper.attached:
        document.line(paper.attached, italic=True)
    for note in paper.notes:
        document.line(note, size=11, italic=True)
    document.line(size=6)


def _write_csv(nominations: Iterable[Nomination], out: Path) -> int:
    """For other programs: UTF-8 with a mark that Excel understands, one line of columns for all kinds.

    A text that a spreadsheet would run as a formula gets an apostrophe in front: CSV has no text cells.
    """
    count = 0
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CSV_FIELDS.values())
        for nomination in nominations:
            writer.writerow([_inert(readable(nomination, field)) for field in CSV_FIELDS])
            count += 1
    return count


def _inert(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.match(text) else text
