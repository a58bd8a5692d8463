"""Where the header of a filled table stands and what its columns hold: found, not assumed.

The header is the row that names a name and most other columns, above it title rows, below it perhaps a second header row. A
column may go on with the one on its left: family and given name in two, or one header merged over several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from forms.grids import Grid
from forms.model import FormSpec
from forms.spec import header_fields
from forms.values import line
from knowledge.text import fold, unaccent

_DEPTH = 40
_LONGEST = 120
_FAMILY = re.compile(r"^ho( va)?( ten)?( chu)? ?(dem|lot)$|^ho$|^ho va$")
_GIVEN = re.compile(r"^ten( goi)?$")


@dataclass(frozen=True)
class Header:
    """`first` and `last` are its rows, counted from 0 (-1 where it stands in the table before). `joined` maps a column to the
    one that it goes on with."""

    first: int
    last: int
    texts: tuple[str, ...]
    fields: tuple[tuple[str, ...], ...]
    joined: dict[int, int] = field(default_factory=dict)

    @property
    def score(self) -> int:
        return len(self.known)

    @property
    def known(self) -> set[str]:
        return {name for held in self.fields for name in held}

    @property
    def collective(self) -> bool:
        return any("name" in held and "tập thể" in fold(text) for held, text in zip(self.fields, self.texts, strict=True))

    @property
    def name_column(self) -> int:
        return next(n for n, held in enumerate(self.fields) if "name" in held)

    def column(self, name: str) -> int | None:
        """Where a value stands, if anywhere."""
        return next((n for n, held in enumerate(self.fields) if name in held), None)


def find_header(grid: Grid, spec: FormSpec) -> Header | None:
    """The best header of a grid; None if nothing in it names a name and one value more."""
    best: Header | None = None
    for row in range(min(len(grid.rows), _DEPTH)):
        for last in (row, row + 1):
            candidate = _header_at(grid, spec, row, last)
            if candidate and (best is None or candidate.score > best.score):
                best = candidate
    return best


def _header_at(grid: Grid, spec: FormSpec, first: int, last: int) -> Header | None:
    if last >= len(grid.rows) or (last > first and not _goes_on(grid, first, last)):
        return None
    texts = [_text(grid, first, last, column) for column in range(grid.width)]
    while texts and not texts[-1]:
        texts.pop()
    known = {fold(column.label): column.fields for kind in spec.kinds for column in spec.layout(kind)}
    fields: list[tuple[str, ...]] = []
    joined: dict[int, int] = {}
    taken: set[str] = set()
    for column, text in enumerate(texts):
        before = _goes_on_with(grid, first, last, column, texts)
        if before is not None and fields[before]:
            joined[column] = before
            fields.append(())
            continue
        mine = _named(text, known, texts[column + 1] if column + 1 < len(texts) else "")
        mine = tuple(name for name in mine if name not in taken)
        taken.update(mine)
        fields.append(mine)
    if "name" not in taken or len(taken - {"number"}) < 2:
        return None
    return Header(first, last, tuple(texts), tuple(fields), joined)


def _named(text: str, known: dict[str, tuple[str, ...]], following: str) -> tuple[str, ...]:
    if len(text) > _LONGEST:
        return ()
    if _FAMILY.match(_bare(text)) and _GIVEN.match(_bare(following)):
        return ("name",)
    return known.get(fold(line(text))) or header_fields(text)


def _goes_on_with(grid: Grid, first: int, last: int, column: int, texts: list[str]) -> int | None:
    """The column on the left that this one goes on with: under the same merged header, or a given name beside the family name."""
    if column == 0:
        return None
    if _GIVEN.match(_bare(texts[column])) and _FAMILY.match(_bare(texts[column - 1])):
        return column - 1
    anchor = grid.anchor(last, column)
    if anchor[1] == column or not first <= anchor[0] <= last:
        return None
    return anchor[1]


def _bare(text: str) -> str:
    return unaccent(line(text)).lower().strip(" .,:")


def _goes_on(grid: Grid, first: int, last: int) -> bool:
    """Whether a second header row stands below: cells merged down into it, or names of columns under one merged over them."""
    merged = any(anchor[0] == first for (row, _), anchor in grid.merged.items() if row in (first, last))
    return merged and any(header_fields(grid.text(last, column)) for column in range(grid.width))


def _text(grid: Grid, first: int, last: int, column: int) -> str:
    top, bottom = grid.text(first, column), grid.text(last, column)
    if first == last or not bottom or bottom == top:
        return top
    return bottom if header_fields(bottom) else f"{top} {bottom}".strip()
