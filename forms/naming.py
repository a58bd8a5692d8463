"""Which of several forms a filled table is for: told by the plan that stands beside the table, else by its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from forms.grids import Grid, outside, read_grids
from forms.header import find_header
from forms.model import FormSpec
from forms.tables import TITLE, blank_columns
from forms.values import line
from knowledge.text import fold, unaccent

_TELLING = 4  # words, at least, that a title must have to tell plans apart


def fitting(path: Path, specs: Sequence[FormSpec]) -> list[FormSpec]:
    """Those of the forms that a table can be for; all of them where nothing in it tells. Raises `UnreadableTable`.

    The number of the plan comes first, then its title, then the title of the table, then the columns: each is asked only among
    those that the one before has left.
    """
    grids = read_grids(path)
    beside = _bare("\n".join([*_above(grids, specs), *outside(path)]))
    tests: tuple[Callable[[FormSpec], bool], ...] = (
        lambda spec: _stands(spec.number or "", beside),
        lambda spec: _stands(_without_kind(spec.title), beside, _TELLING),
        lambda spec: any(_stands(title, beside, _TELLING) for title in _table_titles(spec)),
        lambda spec: any(_has_columns(grid, spec) for grid in grids),
    )
    left = list(specs)
    for test in tests:
        left = [spec for spec in left if test(spec)] or left
    return left


def _above(grids: Sequence[Grid], specs: Sequence[FormSpec]) -> Iterator[str]:
    """The names of the sheets, and what stands over their headers."""
    for grid in grids:
        header = next((found for spec in specs if (found := find_header(grid, spec))), None)
        yield grid.name
        for row in grid.rows[: header.first] if header else ():
            yield from row


def _bare(text: str) -> str:
    """Words parted by one blank, one blank at either end: "12/KH-BX" becomes " 12 kh bx "."""
    words = "".join(c if c.isalnum() else " " for c in unaccent(text).lower()).split()
    return f" {' '.join(words)} "


def _stands(name: str, beside: str, least: int = 1) -> bool:
    return len(_bare(name).split()) >= least and _bare(name) in beside


def _without_kind(title: str) -> str:
    """A plan's title, which a table may give without the "Kế hoạch" in front."""
    return _bare(title).removeprefix(" ke hoach ")


def _table_titles(spec: FormSpec) -> set[str]:
    return {(spec.table_title or "") if spec.own_layout(kind) else TITLE for kind in spec.kinds}


def _has_columns(grid: Grid, spec: FormSpec) -> bool:
    """Whether the table has the columns of one of the form's tables, each by its name, and none that the form does not know."""
    header = find_header(grid, spec)
    there = _labels(header.texts) if header else set()
    return any(
        _labels(column.label for column in spec.layout(kind)) <= there <= _labels(column.label for column in blank_columns(spec, kind))
        for kind in spec.kinds
    )


def _labels(texts: Iterable[str]) -> set[str]:
    return {fold(line(text)) for text in texts if text}
