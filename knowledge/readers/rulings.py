"""Ruled lines of a PDF page, gathered into the grids of tables."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2
from pypdfium2 import raw

from .grids import Ruling, grids
from .layout import Grid

_TOLERANCE = 3.0  # points within which two rulings meet or are one
_SHORTEST = 8.0
_MOST_PATHS = 5_000


def grids_of(page: pypdfium2.PdfPage, height: float) -> list[Grid]:
    """The tables drawn with lines, in points from the top left corner."""
    vertical: list[Ruling] = []
    horizontal: list[Ruling] = []
    for count, (x1, y1, x2, y2) in enumerate(_strokes(page)):
        if count > _MOST_PATHS:
            return []
        y1, y2 = height - y1, height - y2
        if abs(x1 - x2) < 1 and abs(y1 - y2) > _SHORTEST:
            vertical.append(((x1 + x2) / 2, min(y1, y2), max(y1, y2)))
        elif abs(y1 - y2) < 1 and abs(x1 - x2) > _SHORTEST:
            horizontal.append(((y1 + y2) / 2, min(x1, x2), max(x1, x2)))
    return grids(vertical, horizontal, _TOLERANCE)


def _strokes(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float, float, float]]:
    """The straight strokes of all paths, as (x1, y1, x2, y2) on the page, y upwards. Thin filled boxes count as strokes."""
    for count, drawn in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if count > _MOST_PATHS:
            return
        matrix = drawn.get_matrix()
        start = last = None
        for index in range(min(raw.FPDFPath_CountSegments(drawn), 500)):
            segment = raw.FPDFPath_GetPathSegment(drawn, index)
            x, y = ctypes.c_float(), ctypes.c_float()
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = matrix.on_point(x.value, y.value)
            if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
                start = point
            elif last is not None:
                yield (*last, *point)
            last = point
            if raw.FPDFPathSegment_GetClose(segment) and start is not None:
                yield (*last, *start)
                last = start
