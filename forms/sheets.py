"""Lists as XLSX: every cell a text cell, the header repeated on every page, A4 landscape, written row by row.

`write_string` only: a text that begins with "=", "+" or "@" stays the text that was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from forms.layout import ListPaper, Section, Slot, row_of, section_of, weight
from forms.model import Nomination
from forms.spec import Column
from forms.values import writable

FONT = "Times New Roman"
_A4 = 9
_LINE = 16.0  # points for a line of 12-point text
_CHARACTER = 0.85  # how wide a letter of it is, in the units of column widths


class Workbook:
    """A workbook being written. Rows go to disk as they come, so that ten thousand need no more memory than ten."""

    def __init__(self, out: Path) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(str(out), options)
        base = {"font_name": FONT, "font_size": 12, "text_wrap": True, "valign": "top"}
        looks: dict[str, dict[str, Any]] = {
            "cell": {"border": 1, "num_format": "@"},
            "text": {"num_format": "@"},
            "number": {"border": 1, "align": "center", "num_format": "@"},
            "bad": {"border": 1, "num_format": "@", "bg_color": "#FFC7CE"},
            "header": {"border": 1, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#E7E6E6"},
            "bold": {"bold": True, "align": "center"},
            "centre": {"align": "center"},
            "italic": {"italic": True, "align": "center"},
            "title": {"bold": True, "align": "center", "font_size": 14},
            "left": {"align": "left"},
        }
        self.looks = {name: self._book.add_format({**base, **look}) for name, look in looks.items()}

    def sheet(self, name: str, columns: Sequence[Column], paper: ListPaper, notes: Sequence[str] = ()) -> Sheet:
        return Sheet(self._book.add_worksheet(name[:31]), self.looks, columns, paper, notes)

    def close(self) -> None:
        self._book.close()


class Sheet:
    """One sheet: heading and title first, then the header, then rows in order, then the signatures."""

    def __init__(
        self, sheet: Any, looks: dict[str, Any], columns: Sequence[Column], paper: ListPaper, notes: Sequence[str]
    ) -> None:
        self.raw, self._looks, self.columns, self._next, self.count = sheet, looks, columns, 0, 0
        self._last = max(len(columns) - 1, 1)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=1.18, right=0.6, top=0.8, bottom=0.8)
        sheet.fit_to_pages(1, 0)
        for position, column in enumerate(columns):
            sheet.set_column(position, position, weight(column), looks["text"])
        self._heading(paper)
        for note in (*paper.notes, *notes):
            self.line(note, "italic")
        self.header_row = self._next
        sheet.repeat_rows(self.header_row)
        sheet.freeze_panes(self.header_row + 1, 0)
        self.write([column.label for column in columns], ["header"] * len(columns), counts=False)

    def _heading(self, paper: ListPaper) -> None:
        if paper.heading is not None:
            half = max(self._last // 2, 1)
            if paper.heading.superior:
                self.line(paper.heading.superior.upper(), "centre", 0, half)
            self.line(paper.heading.issuer.upper(), "bold", 0, half)
            self.line("", "centre", 0, half)
        for text, look in ((paper.title, "title"), (paper.subtitle, "bold"), (paper.attached, "italic")):
            if text:
                self.line(text, look)

    def line(self, text: str, look: str, first: int = 0, last: int | None = None) -> None:
        """One line over the columns from `first` to `last`, all of them if not said."""
        last = self._last if last is None else last
        self.raw.set_row(self._next, 20)
        if last > first:
            self.raw.merge_range(self._next, first, self._next, last, "", self._looks[look])
        self.raw.write_string(self._next, first, writable(text), self._looks[look])
        self._next += 1

    def write(self, texts: Sequence[str], looks: Sequence[str], *, counts: bool = True) -> int:
        """A row of text cells; returns its number, counted from 0."""
        self.raw.set_row(self._next, self._height(texts))
        for position, (text, look) in enumerate(zip(texts, looks, strict=True)):
            self.raw.write_string(self._next, position, writable(text), self._looks[look])
        self._next += 1
        self.count += counts
        return self._next - 1

    def _height(self, texts: Sequence[str]) -> float:
        """High enough for the longest cell: programs do not fit rows that they did not type. Excel's limit is 409 points."""
        lines = max(
            sum(1 + int(len(part) * _CHARACTER / weight(column)) for part in text.split("\n"))
            for text, column in zip(texts, self.columns, strict=True)
        )
        return min(lines * _LINE + 3, 409)

    def nominee(self, nomination: Nomination) -> None:
        looks = ["number" if "number" in column.fields else "cell" for column in self.columns]
        self.write(row_of(nomination, self.columns, self.count + 1), looks)

    def sign(self, slots: Sequence[Slot]) -> None:
        """The signatures side by side, a single one on the right."""
        if not slots:
            return
        self._next += 1
        places = _places(self._last + 1, max(len(slots), 2))[-len(slots) :]
        height = max(len(slot.title.split("\n")) for slot in slots)
        for number in range(height):
            self._across(places, [_at(slot.title.split("\n"), number) for slot in slots], "bold")
        self._across(places, [slot.note for slot in slots], "italic")
        self._next += 4
        self._across(places, [slot.name for slot in slots], "bold")

    def _across(self, places: Sequence[tuple[int, int]], texts: Sequence[str], look: str) -> None:
        if not any(texts):
            return
        row = self._next
        for (first, last), text in zip(places, texts, strict=True):
            self._next = row
            self.line(text, look, first, last)


def _at(lines: list[str], number: int) -> str:
    return lines[number] if number < len(lines) else ""


def _places(width: int, count: int) -> list[tuple[int, int]]:
    """`width` columns in `count` neighbouring runs."""
    count = min(count, width)
    edges = [round(position * width / count) for position in range(count + 1)]
    return [(left, right - 1) for left, right in zip(edges, edges[1:], strict=False)]


def write_list(paper: ListPaper, nominations: Iterable[Nomination], out: Path) -> int:
    """A list with one sheet for each table; returns how many nominees. An empty list is refused by the caller."""
    book = Workbook(out)
    sheets: dict[Section, Sheet] = {}
    try:
        for nomination in nominations:
            section = section_of(nomination, code=paper.code)
            if section not in sheets:
                name = (
                    section.title
                    if section.title not in {held.title for held in sheets}
                    else f"{section.title} {len(sheets)}"
                )
                sheets[section] = book.sheet(name, section.columns, paper, (section.note,) if section.note else ())
            sheets[section].nominee(nomination)
        for sheet in sheets.values():
            sheet.sign(paper.signatures)
    finally:
        book.close()
    return sum(sheet.count for sheet in sheets.values())
