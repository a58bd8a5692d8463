"""Roman numerals in the picture of a page: their strokes are counted, because recognition merges "III" into "II" or "H"."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .layout import Word

Ink = NDArray[np.bool_]

# What a numeral of strokes is read as; V and X before it stand on two legs.
_NUMERAL = re.compile(r"([VX]?)([IHl1|]{1,4})([.,;:)]?)")
_LEGS = 2
_UPPER, _LOWER = 0.25, 0.45  # of the height: where V and X show two legs and I one
_DOT = 0.2  # of the height, at the foot


def mended(words: list[Word], ink: Ink) -> list[Word]:
    """The words, with the strokes of each Roman numeral counted and a dot that follows it put back."""
    return [_mended(word, ink) if _is_numeral(word) else word for word in words]


def _is_numeral(word: Word) -> bool:
    found = _NUMERAL.fullmatch(word.text)
    return found is not None and bool(re.search("[IH]", found[2]))


def _mended(word: Word, ink: Ink) -> Word:
    found = _NUMERAL.fullmatch(word.text)
    if found is None:
        return word
    letter, _, stop = found.groups()
    left, top, right, bottom = int(word.left), int(word.top), int(word.right), int(word.bottom)
    height = bottom - top
    box = ink[top:bottom, max(0, left - 2) : right + 2]
    strokes = _runs(box[int(height * _UPPER) : int(height * _LOWER)])
    if strokes is None or _has_bar(box, strokes):
        return word
    count = strokes - (_LEGS if letter else 0)
    if not 1 <= count <= 3:
        return word
    stop = stop or ("." if _dot_follows(ink, max(0, left), right, top, bottom) else "")
    return replace(word, text=letter + "I" * count + stop)


def _runs(rows: Ink) -> int | None:
    """How many strokes most rows cross; None if the rows do not agree."""
    if rows.size == 0:
        return None
    edges = np.diff(np.pad(rows, ((0, 0), (1, 0))).astype(np.int8), axis=1) == 1
    counts = np.bincount(edges.sum(axis=1))
    most = int(counts.argmax())
    return most if counts[most] * 3 >= len(rows) * 2 else None


def _has_bar(box: Ink, strokes: int) -> bool:
    """Whether a bar joins the strokes half way up: a true H."""
    middle = box[int(len(box) * 0.4) : int(len(box) * 0.62)]
    edges = np.diff(np.pad(middle, ((0, 0), (1, 0))).astype(np.int8), axis=1) == 1
    return bool((edges.sum(axis=1) < strokes).sum() >= 2)


def _dot_follows(ink: Ink, left: int, right: int, top: int, bottom: int) -> bool:
    """Whether a small blot lies at the foot beside the last stroke, with nothing above it."""
    height = bottom - top
    end = right + height // 2
    upper = ink[top : top + int(height * (1 - _DOT)) - 1, left:end]
    stem = np.flatnonzero(upper[: height // 2, : right - left].any(axis=0))
    if stem.size == 0:
        return False
    foot: Ink = np.asarray(ink[top + int(height * (1 - _DOT)) : bottom + 2, left:end].any(axis=0))
    blots = np.flatnonzero(foot & ~upper.any(axis=0))
    groups = np.split(blots, np.flatnonzero(np.diff(blots) > 1) + 1)
    # A serif touches its stroke; a dot stands apart.
    apart = [group for group in groups if len(group) and group[0] > stem[-1] + 1 and not foot[group[0] - 1]]
    return any(0.06 * height <= len(group) <= 0.35 * height for group in apart[:1])
