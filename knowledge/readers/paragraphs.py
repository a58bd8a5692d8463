"""Lines become paragraphs: a line that a page was too narrow for is joined to the one before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from .layout import Block, Line, TableRow

# What begins a clause in plans and laws; a wrapped line begins so only by chance ("2020 / - 2025").
_MARKER = re.compile(
    r"(?:[-–—+•*▪●○►✓]\s|(?:[IVXLC]{1,6}|[A-H]|\d{1,2}(?:\.\d{1,2}){0,3})[.)]\s|\d{1,2}(?:\.\d{1,2}){1,3}\s|[a-zđ]\)\s"
    r"|(?:Điều|Chương|Mục|Phần|PHẦN|CHƯƠNG|MỤC|ĐIỀU)\s+[\dIVX]+|Căn cứ\s|Nơi nhận)"
)
_CLOSED = re.compile(r"[.;:…!?”\")]$")


def text_of(blocks: Sequence[Block], width: float) -> str:
    """The text of a page: paragraphs parted by an empty line, table rows on lines of their own, cells parted by tabs."""
    lines = [line for block in blocks for line in block if isinstance(line, Line)]
    right = max([width * 0.8, *(line.right for line in lines)])
    left = min([width * 0.25, *(line.left for line in lines)])
    parts: list[str] = []
    for block in blocks:
        rows = [row for row in block if isinstance(row, TableRow)]
        if rows:
            parts.append("\n".join("\t".join(row.cells) for row in rows))
        else:
            own = [line for line in block if isinstance(line, Line)]
            parts += _paragraphs(own, left, right)
    return "\n\n".join(part for part in parts if part.strip())


def _paragraphs(lines: Sequence[Line], left: float, right: float) -> list[str]:
    if not lines:
        return []
    pitches = [b.top - a.top for a, b in zip(lines, lines[1:], strict=False)]
    pitch = median(pitches) if pitches else 0.0
    found = [[lines[0]]]
    for before, line in zip(lines, lines[1:], strict=False):
        if _begins(found[-1], before, line, left, right, pitch):
            found.append([line])
        else:
            found[-1].append(line)
    return [" ".join(line.text for line in paragraph) for paragraph in found]


def _begins(paragraph: Sequence[Line], before: Line, line: Line, left: float, right: float, pitch: float) -> bool:
    """Whether a line begins a paragraph."""
    letter = median(word.bottom - word.top for word in line.words)
    marked = bool(_MARKER.match(line.text + " "))
    first = line.words[0]
    if line.top - before.top > max(1.75 * pitch, 1.2 * pitch + 0.8 * letter):
        return True
    centred = _is_centred(before, left, right) and _is_centred(line, left, right)
    room = (right - left) - (before.right - before.left) if centred else right - before.right
    if centred and not marked and line.text[:1].islower():
        return False
    closed = bool(_CLOSED.search(before.text))
    if room > first.right - first.left + letter:
        return True
    if marked and (closed or line.left - before.left > 0.5 * letter):
        return True
    if marked and line.text[2:3].isupper() and not line.text[0].isdigit() and len(paragraph) == 1:
        return True
    # A paragraph of one line that all but fills the width: the next one is set in as far, and a wrapped line would be flush.
    if len(paragraph) == 1 and closed and room > 0.2 * letter and before.left - left > 0.8 * letter and line.text[:1].isupper():
        return abs(line.left - before.left) < 0.3 * letter
    # The first line of a paragraph is set in; the lines after it are not.
    return line.left - before.left > 0.8 * letter and len(paragraph) > 1 and closed


def _is_centred(line: Line, left: float, right: float) -> bool:
    before, after = line.left - left, right - line.right
    letter = line.height
    return before > 1.5 * letter and after > 1.5 * letter and abs(before - after) < 3 * letter
