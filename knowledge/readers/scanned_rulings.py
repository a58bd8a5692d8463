"""Ruled lines in the picture of a page: found as long runs of ink, and wiped out so that they are not read as letters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .grids import Ruling, grids
from .layout import Grid

Ink = NDArray[np.bool_]

_TOLERANCE = 14.0  # dots at 300 an inch, as all lengths here
_RUN = 110  # longer than any stroke of a letter
_THICK = 8
_SOLID = 0.93  # a scanned line has holes


def without_grids(page: Image.Image, ink: Ink) -> tuple[Image.Image, list[Grid]]:
    """The page without the rulings of its tables, and the tables. A page without tables comes back as it is."""
    vertical, horizontal = _rulings(ink), _rulings(ink.T)
    found = grids(vertical, horizontal, _TOLERANCE)
    if not found:
        return page, []
    grey = np.array(page)
    for ruled, rulings in ((grey, vertical), (grey.T, horizontal)):
        for position, start, end in rulings:
            across = int(position)
            ruled[max(0, int(start) - _THICK) : int(end) + _THICK, max(0, across - _THICK) : across + _THICK] = 255
    return Image.fromarray(grey), found


def _rulings(ink: Ink) -> list[Ruling]:
    """The upright runs of ink; neighbouring columns of dots are one ruling."""
    if ink.shape[0] <= _RUN:
        return []
    sums = np.cumsum(np.vstack([np.zeros((1, ink.shape[1]), np.int32), ink]), axis=0, dtype=np.int32)
    solid = (sums[_RUN:] - sums[:-_RUN]) >= _SOLID * _RUN
    columns = np.flatnonzero(solid.any(axis=0))
    found: list[Ruling] = []
    for group in np.split(columns, np.flatnonzero(np.diff(columns) > 3) + 1):
        if 0 < len(group) <= 3 * _THICK:
            runs = np.flatnonzero(solid[:, group].any(axis=1))
            for run in np.split(runs, np.flatnonzero(np.diff(runs) > _RUN) + 1):
                found.append((float(group.mean()), float(run[0]), float(run[-1] + _RUN)))
    return found
