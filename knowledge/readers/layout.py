"""Words on a page become blocks in reading order: lines, columns set side by side, rows of tables.

Coordinates grow to the right and downwards; the unit is the caller's (points or pixels), every bound is relative to the height
of the letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

_GUTTER = 2.2  # letter heights between two words that belong to different columns
_NARROWEST = 0.8  # letter heights that stay free between two columns on every line
_OVERLAP = 0.5


@dataclass(frozen=True)
class Word:
    """A word with its box."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float | None = None


@dataclass(frozen=True)
class Line:
    """Words side by side, left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class Grid:
    """The ruled lines of one table: x of the columns' borders, y of the rows' borders, both ascending."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def holds(self, word: Word) -> bool:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        return self.xs[0] < x < self.xs[-1] and self.ys[0] < y < self.ys[-1]


@dataclass(frozen=True)
class TableRow:
    """One row of a table, its cells as text, and where it stands."""

    cells: tuple[str, ...]
    top: float


Block = list[Line] | list[TableRow]


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Words as lines from top to bottom; words stand in one line if they overlap by half their height."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda each: each.top + each.bottom):
        line = next((each for each in reversed(lines[-4:]) if _beside(each, word)), None)
        if line is None:
            lines.append([word])
        else:
            line.append(word)
    ordered = [Line(tuple(sorted(line, key=lambda each: each.left))) for line in lines]
    return sorted(ordered, key=lambda line: line.top)


def _beside(line: Sequence[Word], word: Word) -> bool:
    # Against the tallest word: a dash or a comma is low and would drag the line with it.
    tall = max(line, key=lambda each: each.bottom - each.top)
    overlap = min(tall.bottom, word.bottom) - max(tall.top, word.top)
    return overlap > _OVERLAP * min(tall.bottom - tall.top, word.bottom - word.top)


def blocks(words: Sequence[Word], grids: Sequence[Grid] = ()) -> list[Block]:
    """The blocks of a page in reading order. Words inside a ruled table form its rows, the rest lines and columns."""
    found: list[tuple[float, Block]] = []
    rest = list(words)
    for grid in grids:
        inside = [word for word in rest if grid.holds(word)]
        if len(inside) < 2 or len(grid.xs) < 3:
            continue
        rest = [word for word in rest if not grid.holds(word)]
        found.append((grid.ys[0], _ruled(grid, inside)))
    found += _unruled(lines_of(rest), [top for top, _ in found])
    return [block for _, block in sorted(found, key=lambda each: each[0])]


def _ruled(grid: Grid, words: Sequence[Word]) -> list[TableRow]:
    rows = []
    for top, bottom in zip(grid.ys, grid.ys[1:], strict=False):
        cells = []
        for left, right in zip(grid.xs, grid.xs[1:], strict=False):
            inside = [
                word
                for word in words
                if left < (word.left + word.right) / 2 < right and top < (word.top + word.bottom) / 2 < bottom
            ]
            cells.append(" ".join(line.text for line in lines_of(inside)))
        if any(cells):
            rows.append(TableRow(tuple(cells), top))
    return rows


def _unruled(lines: Sequence[Line], borders: Sequence[float]) -> list[tuple[float, Block]]:
    """Blocks with the place where they begin. Lines that follow one another form a block until a table stands between them or
    columns begin or end."""
    found: list[tuple[float, Block]] = []
    single: list[Line] = []
    index = 0
    while index < len(lines):
        top = lines[index].top
        columns = _columned(lines, index)
        if single and (columns or any(single[-1].top < border <= top for border in borders)):
            found.append((single[0].top, single))
            single = []
        if columns is None:
            single.append(lines[index])
            index += 1
        else:
            end, gutters = columns
            # Columns side by side begin at one height, whichever of their first lines lies a hair higher.
            found += [(top, block) for block in _side_by_side(lines[index:end], gutters)]
            index = end
    return found + ([(single[0].top, single)] if single else [])


def segments(line: Line) -> list[Line]:
    """A line cut where the gap is too wide for a blank."""
    letter = _letter(line)
    parts: list[list[Word]] = [[line.words[0]]]
    for word in line.words[1:]:
        if word.left - max(each.right for each in parts[-1]) > _GUTTER * letter:
            parts.append([word])
        else:
            parts[-1].append(word)
    return [Line(tuple(part)) for part in parts]


def _letter(line: Line) -> float:
    return median(word.bottom - word.top for word in line.words)


def _columned(lines: Sequence[Line], start: int) -> tuple[int, list[float]] | None:
    """If columns begin at `start`: where they end and the x of their gutters."""
    parts = segments(lines[start])
    if len(parts) < 2:
        return None
    middle = (min(line.left for line in lines) + max(line.right for line in lines)) / 2
    gutters = [(a.right, b.left) for a, b in zip(parts, parts[1:], strict=False)]
    end = start + 1
    while end < len(lines):
        line = lines[end]
        narrowed = [_narrowed(gutter, line) for gutter in gutters]
        far = line.top - lines[end - 1].bottom > 6 * lines[end - 1].height
        title = len(segments(line)) == 1 and abs((line.left + line.right) / 2 - middle) < 1.5 * _letter(line)
        if far or title or None in narrowed:
            break
        gutters = [each for each in narrowed if each is not None]
        end += 1
    return end, [(left + right) / 2 for left, right in gutters]


def _narrowed(gutter: tuple[float, float], line: Line) -> tuple[float, float] | None:
    """What stays free of a gutter when a line is added; None if its words cross it."""
    ends = [float("-inf"), *(word.right for word in line.words)]
    starts = [*(word.left for word in line.words), float("inf")]
    free = ((max(gutter[0], end), min(gutter[1], start)) for end, start in zip(ends, starts, strict=True))
    left, right = max(free, key=lambda each: each[1] - each[0])
    return (left, right) if right - left > _NARROWEST * _letter(line) else None


def _side_by_side(lines: Sequence[Line], gutters: Sequence[float]) -> list[Block]:
    """Two columns are read one after the other (the head of a letter, recipients and signature), more are a table."""
    bounds = [float("-inf"), *gutters, float("inf")]

    def cells(line: Line) -> list[list[Word]]:
        return [[w for w in line.words if lo <= (w.left + w.right) / 2 < hi] for lo, hi in zip(bounds, bounds[1:], strict=False)]

    if len(gutters) > 1:
        return [[TableRow(tuple(" ".join(w.text for w in cell) for cell in cells(line)), line.top) for line in lines]]
    columns = zip(*map(cells, lines), strict=True)
    return [[line] for column in columns for line in _continued([Line(tuple(cell)) for cell in column if cell])]


def _continued(column: Sequence[Line]) -> list[Line]:
    """The lines of a narrow column, each a paragraph of its own unless it goes on in small letters."""
    found: list[Line] = []
    for line in column:
        if found and line.text[:1].islower() and found[-1].text[-1] not in ".;:":
            found[-1] = Line(found[-1].words + line.words)
        else:
            found.append(line)
    return found
