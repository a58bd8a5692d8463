"""A filled table as a grid of texts: from XLSX (openpyxl, read-only) or DOCX, with merged cells told apart.

Nothing is executed, no link is followed: of a formula the value that the program stored last is taken.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import iterparse

from forms.office import UnreadableTable, kind_of
from forms.values import paragraph

MAX_ROWS = 6_000
MAX_COLUMNS = 60
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how a sheet writes characters that XML may not hold
_MERGE = re.compile(r"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)")
_FAULT = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!)")  # a formula that came to nothing


@dataclass
class Grid:
    """Rows of texts. `merged` maps a cell to the cell it belongs to; `hidden` and `hidden_rows` are what a sheet does not show."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    lettered: bool = True
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)

    @property
    def title(self) -> str:
        """The sheet or the table as people name it: "trang “Tổ Toán”", "bảng 2"."""
        return f"trang “{self.name}”" if self.lettered else self.name

    def text(self, row: int, column: int) -> str:
        """The text at a place, a merged cell showing the text of the whole. Both count from 0."""
        row, column = self.merged.get((row, column), (row, column))
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        return self.merged.get((row, column), (row, column))

    def place(self, row: int, column: int) -> str:
        """A cell as people name it: "C5" in a sheet, "hàng 5, cột 3" in a document."""
        return f"{letter(column)}{row + 1}" if self.lettered else f"hàng {row + 1}, cột {column + 1}"

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


def letter(column: int) -> str:
    """The letters of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_grids(path: Path) -> list[Grid]:
    """All sheets or tables of a file. Raises `UnreadableTable`."""
    kind = kind_of(path)
    try:
        return list(_sheets(path) if kind == "xlsx" else _tables(path))
    except UnreadableTable:
        raise
    except Exception as error:  # these parsers fail in any way at all on bytes that no office program wrote
        raise UnreadableTable(
            f"Tệp {path.name[:80]} không mở được, xin lưu lại bằng Word hoặc Excel rồi gửi lại."
        ) from error


def outside(path: Path) -> list[str]:
    """The paragraphs of a document that stand beside its tables; of a workbook, whose cells are all in its grids, none."""
    if kind_of(path) == "xlsx":
        return []
    from docx import Document

    return [part.text for part in Document(str(path)).paragraphs]


def _sheets(path: Path) -> Iterator[Grid]:
    from openpyxl import load_workbook

    file = path.open("rb")  # by name it would ask for an ending
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        with zipfile.ZipFile(path) as archive:
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                grid = Grid(name=sheet.title, hidden=sheet.sheet_state != "visible")
                for values in sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True):
                    grid.rows.append(_without_tail([_text(value) for value in values]))
                    _must_be_few(grid, path)
                _trim(grid)
                _add_looks(grid, archive, getattr(sheet, "_worksheet_path", ""))
                yield grid
    finally:
        book.close()
        file.close()


def _must_be_few(grid: Grid, path: Path) -> None:
    if len(grid.rows) > MAX_ROWS and any(any(row) for row in grid.rows[MAX_ROWS:]):
        raise UnreadableTable(f"Bảng trong {path.name[:80]} có hơn {MAX_ROWS} dòng, xin chia thành nhiều tệp.")
    if len(grid.rows) > 20_000:
        del grid.rows[MAX_ROWS:]


def _trim(grid: Grid) -> None:
    while grid.rows and not any(grid.rows[-1]):
        grid.rows.pop()


def _without_tail(texts: list[str]) -> list[str]:
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _text(value: Any) -> str:
    """A cell as text: whole numbers without ".0", dates as day/month/year."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    text = paragraph(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(value)))
    return "" if _FAULT.fullmatch(text) else text


def _add_looks(grid: Grid, archive: zipfile.ZipFile, part: str) -> None:
    """Merged cells and hidden rows, from the sheet itself: openpyxl's read-only mode leaves them out."""
    if part not in archive.namelist():
        return
    with archive.open(part) as file:
        for _, element in iterparse(file, events=("end",)):
            if element.tag.endswith("}mergeCell") and (match := _MERGE.fullmatch(element.get("ref", ""))):
                _merge(grid.merged, match)
            elif element.tag.endswith("}row") and element.get("hidden") in ("1", "true") and element.get("r", "").isdecimal():
                grid.hidden_rows.add(int(element.get("r")) - 1)
            if element.tag.endswith(("}row", "}mergeCell")):
                element.clear()


def _merge(found: dict[tuple[int, int], tuple[int, int]], match: re.Match[str]) -> None:
    left, right = _number(match[1]), min(_number(match[3]), MAX_COLUMNS)
    top, bottom = int(match[2]) - 1, min(int(match[4]) - 1, MAX_ROWS)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if (row, column) != (top, left):
                found[row, column] = (top, left)


def _number(letters: str) -> int:
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return number - 1


# --- documents -----------------------------------------------------------------------------------------------------


def _tables(path: Path) -> Iterator[Grid]:
    from docx import Document

    body = Document(str(path)).element.body
    for number, table in enumerate(body.iter(f"{_W}tbl"), 1):
        grid = Grid(name=f"bảng {number}", lettered=False)
        records = [record for record in _held(table, f"{_W}tr") if record.find(f"{_W}trPr/{_W}del") is None]
        for row, record in enumerate(records):
            _word_row(grid, row, record)
            _must_be_few(grid, path)
        yield grid


def _held(parent: Any, tag: str) -> Iterator[Any]:
    """The children of that tag, those within a content control included."""
    for child in parent.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag == f"{_W}sdt" and (content := child.find(f"{_W}sdtContent")) is not None:
            yield from _held(content, tag)


def _word_row(grid: Grid, row: int, record: Any) -> None:
    before = record.find(f"{_W}trPr/{_W}gridBefore")
    texts: list[str] = [""] * (_count(before) if before is not None else 0)
    for cell in _held(record, f"{_W}tc"):
        column = len(texts)
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        width = _count(span) if span is not None else 1
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        goes_on = merge is not None and merge.get(f"{_W}val", "continue") == "continue" and row > 0
        texts += [_cell_text(cell), *[""] * (width - 1)]
        above = grid.anchor(row - 1, column) if goes_on else (row, column)
        for offset in range(width):
            if goes_on or offset:
                grid.merged[row, column + offset] = above
    grid.rows.append(texts[:MAX_COLUMNS])


def _count(mark: Any) -> int:
    """How many columns a mark of the grid says: at least one, never more than a table may have."""
    value = mark.get(f"{_W}val", "1")
    return min(int(value), MAX_COLUMNS) if value.isdecimal() and int(value) > 0 else 1


def _cell_text(cell: Any) -> str:
    lines = []
    for block in _held(cell, f"{_W}p"):
        parts = []
        for node in block.iter(f"{_W}t", f"{_W}br", f"{_W}tab"):
            parts.append(node.text or "" if node.tag == f"{_W}t" else "\n" if node.tag == f"{_W}br" else "\t")
        lines.append("".join(parts))
    return paragraph("\n".join(lines))
