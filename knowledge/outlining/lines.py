"""The text as lines with offsets, each with what it says once Markdown is taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.text import nfc

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_CELL_GAP = re.compile(r"(?<=\S)(?: {4,}|\t+)(?=\S)")
_BREAK = re.compile(r"(?:[-–—~.*\s]*(?:(?:trang|page)\s+)?(?:\d{1,4}|[lI])(?:\s*/\s*\d{1,4})?[-–—~.*\s]*|[-–—=_*~\s.|:+]{3,})", re.I)
_LAYOUT = re.compile(r"n[ơo]i\s+nh[ậa]n|c[ộo]ng\s+h[òo]?[aà]\s+x[ãa]\s+h|đ[ộo]c\s+l[ậa]p\s*[-–]", re.I)
_LAYOUT_CELL = re.compile(r"\|?[^|\t]+\|?(?=$)|\|?[^|\t]+|\|+")
_RULE_ROW = re.compile(r"\|?[\s:|-]*-[\s:|-]*\|?")
_BLANK = re.compile(r"\d{0,3}[.…\s]*")  # a row of a form that waits for its entries: at most its number is printed
_LONGEST_RULE = 400
_ESCAPED = re.compile(r"\\([.\-()*#_\[\]>|])")
_QUOTED = re.compile(r"^(?:>\s*)+")
_HASHES = re.compile(r"^#{1,6}(?:\s+|(?=\*))")


@dataclass(slots=True)
class Line:
    """One line, or one cell of a line set in two columns. `text` is free of Markdown; `gap` is the empty lines before it."""

    start: int
    end: int
    text: str
    bold: bool
    gap: int
    row: bool = False
    mark: bool = False
    column: int = 0


def lines_of(text: str) -> Iterator[Line]:
    """The lines that hold anything but white space, in order; letterheads and signatures in two columns come cell by cell."""
    previous_end, columns, rows = 0, False, False
    for match in _LINE.finditer(text):
        raw = match.group(0)
        stripped = raw.strip()
        if not stripped:
            continue
        start = match.start() + len(raw) - len(raw.lstrip())
        gap = max(0, text.count("\n", previous_end, start) - 1) if previous_end else 1
        previous_end = start + len(stripped)
        if not (is_row(stripped) or (rows and gap == 0 and raw.rstrip(" ").endswith("\t"))):
            columns = rows = False
            yield from _columns(stripped, start, gap)
            continue
        rows = True
        columns = columns or bool(_LAYOUT.search(stripped) and stripped.strip("|").count("|") + stripped.count("\t") <= 2)
        yield from _layout_cells(stripped, start, gap) if columns else (_row(stripped, start, gap),)


def bare(raw: str) -> tuple[str, bool]:
    """A line without Markdown, for recognition only, and whether it was set as a heading or in bold."""
    text = _QUOTED.sub("", nfc(raw).strip())
    hashes = _HASHES.match(text)
    if hashes:
        text = text[hashes.end() :]
    bold = bool(hashes) or (text.startswith(("**", "__")) and text.rstrip(".:; ").endswith(("**", "__")))
    starred = "* " if re.match(r"\*\s+\S", text) else ""
    text = starred + text.replace("*", "").replace("__", "").strip()
    return _ESCAPED.sub(r"\1", text).strip(), bold


def is_row(raw: str) -> bool:
    """Whether a line is a row of a table: cells between bars or tabs."""
    return "\t" in raw.strip() or raw.startswith("|") or raw.count(" | ") >= 2


def cells_of(raw: str) -> list[str]:
    """The cells of a table row, bare, empty ones kept."""
    if "|" in raw and "\t" not in raw:
        raw = raw.strip()
        raw = raw[1:] if raw.startswith("|") else raw
        raw = raw[:-1] if raw.endswith("|") else raw
        return [bare(cell)[0] for cell in raw.split("|")]
    return [bare(cell)[0] for cell in raw.split("\t")]


def _row(stripped: str, start: int, gap: int) -> Line:
    rule = len(stripped) < _LONGEST_RULE and bool(_RULE_ROW.fullmatch(stripped))
    text = " | ".join(cell for cell in cells_of(stripped) if cell)
    return Line(start, start + len(stripped), text, False, gap, row=True, mark=rule or bool(_BLANK.fullmatch(text)))


def _layout_cells(stripped: str, start: int, gap: int) -> Iterator[Line]:
    """A row of a table that only sets letterhead or signature in columns: each cell a line, its bar with it."""
    for column, match in enumerate(_LAYOUT_CELL.finditer(stripped)):
        raw = match.group(0)
        inner = raw.strip()
        if not inner:
            continue
        line = _line(inner, start + match.start() + len(raw) - len(raw.lstrip()), gap if column == 0 else 0)
        line.text, line.bold = bare(inner.strip("|").strip())
        line.mark = line.mark or not line.text
        line.column = column
        yield line


def _columns(stripped: str, start: int, gap: int) -> Iterator[Line]:
    cut = _CELL_GAP.search(stripped)
    if cut and _right_column(stripped[cut.end() :]):
        yield _line(stripped[: cut.start()], start, gap)
        right = _line(stripped[cut.end() :], start + cut.end(), 0)
        right.column = 1
        yield right
        return
    yield _line(stripped, start, gap)


def _line(raw: str, start: int, gap: int) -> Line:
    text, bold = bare(raw)
    mark = not text or (len(raw) < _LONGEST_RULE and bool(_BREAK.fullmatch(text) or _BREAK.fullmatch(raw)))
    return Line(start, start + len(raw), text, bold, gap, mark=mark)


def _right_column(raw: str) -> bool:
    """Whether the text behind a wide gap is a second column: capitals, the motto, place and date, a signature or a name."""
    text, _ = bare(raw)
    words = text.split()
    capitals = [char for char in text if char.isalpha()]
    shouted = sum(char.isupper() for char in capitals) >= 0.85 * len(capitals) if len(capitals) > 3 else False
    titled = 1 < len(words) <= 6 and all(word[0].isupper() for word in words)
    return shouted or titled or bool(re.match(r"\(?\s*(?:đã ký|độc lập|ký)|.{2,40},\s*ngày", text, re.I))
