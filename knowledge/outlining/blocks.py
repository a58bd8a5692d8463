"""Lines joined to blocks: one heading, numbered clause, bullet or paragraph each, however the page was broken."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from knowledge.outlining.lines import Line
from knowledge.outlining.markers import KEYWORDS, Marker, marker_of

_TERMINAL = (".", ";", ":", "!", "?", "…", "./")
_CLOSERS = "\"”’»)]*'"
_DANGLING = re.compile(
    r"(?:^|\s)(?:và|của|hoặc|các|cho|về|theo|từ|đến|trong|tại|với|là|được|do|để|có|những|một|mỗi|trên|dưới|ngày|"
    r"tháng|ông|bà|thì|mà|"
    r"nhằm|vào|bởi|như|sẽ|đã|đang|phải|không|cùng|giữa|sau|trước|khi|nếu)$|[,–-]$",
    re.I,
)
_REFERRING = re.compile(
    r"(?:\b(?:tại|theo|nêu tại|khoản\s+\d+|điểm\s+[a-zđ]|của|và|đến|từ|trong|hoặc|với)|"
    r"[,(])$",
    re.I,
)
_YEAR_RANGE = re.compile(r"^[-–—]\s*(?:19|20)\d\d\b")
_YEAR_END = re.compile(r"\b(?:19|20)\d\d$")
_TITLE_LINES = 8
_END_MATTER = re.compile(r"^(?:N[ơo]i\s+nh[ậa]n\b|(?:TM|KT|TL|TUQ|Q)\.\s)", re.I)


@dataclass(slots=True)
class Block:
    """A run of lines that is one clause. `text` is the lines' bare text joined, its marker included; `rest` without it."""

    start: int
    end: int
    marker: Marker | None
    bold: bool
    gap: int
    row: bool = False
    mark: bool = False
    column: int = 0
    lines: list[str] = field(default_factory=list)
    _text: str | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = " ".join(self.lines).strip()
        return self._text

    def extend(self, line: Line) -> None:
        """Take in a line that goes on with this block; a mark between rows only widens the run."""
        self.end = line.end
        if not line.mark:
            self.lines.append(line.text)
            self._text = None

    @property
    def rest(self) -> str:
        return self.text[len(self.marker.printed) :].strip() if self.marker else self.text

    @property
    def capitals(self) -> bool:
        return len(self.lines) <= _TITLE_LINES and shouted(self.rest)


def shouted(text: str) -> bool:
    """Whether a text is in capitals, a few letters that OCR got wrong allowed."""
    letters = [char for char in text if char.isalpha()]
    return len(letters) >= 2 and sum(char.isupper() for char in letters) >= 0.85 * len(letters)


def finished(text: str) -> bool:
    """Whether a text ends as a sentence or item ends."""
    return text.rstrip().rstrip(_CLOSERS).endswith(_TERMINAL)


def blocks_of(lines: Iterable[Line]) -> list[Block]:
    """The blocks in order. Page numbers and rules are blocks of their own unless a sentence runs on behind them."""
    listed = list(lines)
    width = _wrap_width(listed)
    blocks: list[Block] = []
    pending: list[Block] = []
    for line in listed:
        if line.mark and not line.row:
            pending.append(_block(line, None))
            continue
        last = blocks[-1] if blocks else None
        marker = None if line.row else marker_of(line.text)
        if last is not None and _continues(last, line, marker, width, bool(pending)):
            last.extend(line)
        else:
            blocks.extend(pending)
            blocks.append(_block(line, marker))
        pending = []
    blocks.extend(pending)
    return blocks


def _block(line: Line, marker: Marker | None) -> Block:
    return Block(line.start, line.end, marker, line.bold, line.gap, line.row, line.mark, line.column, [line.text])


def _wrap_width(lines: list[Line]) -> float | None:
    """The length at which this text was hard-wrapped, or None: the lines that a lower-case line follows tell it."""
    wrapped = [
        len(line.text)
        for line, after in zip(lines, lines[1:], strict=False)
        if after.gap == 0 and after.text[:1].islower() and len(line.text) > 30 and not finished(line.text)
        and not marker_of(after.text)
    ]  # fmt: skip
    if len(wrapped) < 5 or len(wrapped) < 0.1 * len(lines):
        return None
    return median(wrapped)


def _continues(last: Block, line: Line, marker: Marker | None, width: float | None, interrupted: bool) -> bool:
    """Whether a line goes on with the block before it."""
    if line.row or last.row:
        return line.row and last.row and line.mark
    if line.column or last.column or _END_MATTER.match(line.text):
        return False
    near = line.gap == 0 and not interrupted
    if marker is not None:
        return _false_marker(last, line, marker, near)
    if _label_only(last):
        return not _too_far(last, line)
    tail = last.lines[-1]
    if finished(tail):
        return near and width is not None and len(tail) >= 0.95 * width and not _headed(line) and len(line.text) > 0.5 * width
    if line.text[:1].islower():
        return not _closed_title(last)
    if near and last.marker and last.capitals and shouted(line.text) and not last.marker.bullet:
        return True
    if _headed(line) or last.capitals:
        return False
    if _DANGLING.search(tail):
        if near and line.text[:1].isdigit():
            return len(tail) > 12
        return len(tail) > 40 and not re.match(r"(?:Căn cứ|Theo đề nghị|Xét đề nghị)\b", line.text)
    return near and width is not None and len(tail) >= 0.85 * width


def _false_marker(last: Block, line: Line, marker: Marker, near: bool) -> bool:
    """Whether what looks like numbering is the middle of a sentence: "giai đoạn 2020 / - 2025", "khoản 2 / Điều 6."."""
    tail = last.lines[-1]
    if finished(tail):
        return False
    if _YEAR_RANGE.match(line.text) and _YEAR_END.search(tail):
        return True
    if _in_quotation(last) and marker.style == "dash" and "”" in line.text:
        return True
    if not near or last.capitals or len(tail) < 15:
        return False
    next_in_count = last.marker is not None and last.marker.style == marker.style and marker.value == last.marker.value + 1
    if marker.style == "arabic" and marker.value > 1 and not next_in_count and _DANGLING.search(tail):
        return True
    if len(tail) < 25:
        return False
    if marker.style in KEYWORDS or marker.style in ("arabic", "letter", "decimal"):
        return bool(_REFERRING.search(tail))
    return False


def _in_quotation(block: Block) -> bool:
    return block.text.count("“") > block.text.count("”")


def _label_only(block: Block) -> bool:
    """Whether a block is a label that waits for its title: "Chương I", "Phần thứ nhất", "Điều 5."."""
    return block.marker is not None and len(block.lines) == 1 and not block.rest and not block.marker.bullet


def _too_far(last: Block, line: Line) -> bool:
    return line.gap > 2 or (last.marker is not None and last.marker.style not in KEYWORDS and line.gap > 1)


def _closed_title(block: Block) -> bool:
    """Whether a block in capitals and without numbering is a title that no lower-case line goes on with."""
    return block.marker is None and block.capitals and len(block.lines) == 1


def _headed(line: Line) -> bool:
    return shouted(line.text) or line.bold
