"""Ruled lines become the grids of tables."""

from __future__ import annotations

from .layout import Grid

Ruling = tuple[float, float, float]  # position across, from, to


def grids(vertical: list[Ruling], horizontal: list[Ruling], tolerance: float) -> list[Grid]:
    """Rulings that touch one another, as grids of at least two columns."""
    found = []
    for group in _touching(vertical, horizontal, tolerance):
        rows = [row for row in horizontal if any(_meet(column, row, tolerance) for column in group)]
        xs, ys = _distinct([x for x, _, _ in group], tolerance), _distinct([y for y, _, _ in rows], tolerance)
        if len(xs) >= 3 and len(ys) >= 2:
            found.append(Grid(tuple(xs), tuple(ys)))
    return found


def _touching(vertical: list[Ruling], horizontal: list[Ruling], tolerance: float) -> list[list[Ruling]]:
    """Vertical rulings that a horizontal one connects."""
    groups: list[list[Ruling]] = [[column] for column in vertical]
    for row in horizontal:
        met = [group for group in groups if any(_meet(column, row, tolerance) for column in group)]
        if len(met) > 1:
            groups = [group for group in groups if not any(group is each for each in met)]
            groups.append([column for group in met for column in group])
    return groups


def _meet(column: Ruling, row: Ruling, tolerance: float) -> bool:
    x, top, bottom = column
    y, left, right = row
    return left - tolerance <= x <= right + tolerance and top - tolerance <= y <= bottom + tolerance


def _distinct(values: list[float], tolerance: float) -> list[float]:
    distinct: list[float] = []
    for value in sorted(values):
        if not distinct or value - distinct[-1] > tolerance:
            distinct.append(value)
    return distinct
