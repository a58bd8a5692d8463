"""Clauses cut into runs: items at semicolons, segments at semicolons and full stops, sentences; brackets kept whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPENING, _CLOSING = "([{“‘", ")]}”’"
_FULL_STOP = re.compile(r"\.\s+(?=[\"“*(]*[A-ZÀ-ỸĐ])")
_ABBREVIATED = re.compile(r"(?:\b(?:TP|PGS|GS|TS|ThS|Th|BS|KS|v\.v|Q|P|T|TT|KT|TM)|\.\.)$")


def items(quote: str, start: int = 0) -> list[tuple[int, int]]:
    """The runs of a quote from `start` that semicolons part, stripped of white space and the semicolon."""
    return list(_trimmed(quote, _cuts(quote, start, stops=False)))


def segments(quote: str, start: int = 0) -> list[tuple[int, int]]:
    """Like `items`, cut at full stops too."""
    return list(_trimmed(quote, _cuts(quote, start, stops=True)))


def _cuts(quote: str, start: int, stops: bool) -> list[int]:
    cuts, depth = [start], 0
    for index in range(start, len(quote)):
        char = quote[index]
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth = max(0, depth - 1)
        elif char == ";" and depth == 0 or stops and depth == 0 and char == "." and _stop(quote, index):
            cuts.append(index + 1)
    cuts.append(len(quote))
    return cuts


def _stop(quote: str, index: int) -> bool:
    return bool(_FULL_STOP.match(quote, index)) and not _ABBREVIATED.search(quote[max(0, index - 6) : index])


def _trimmed(quote: str, cuts: list[int]) -> Iterator[tuple[int, int]]:
    for first, last in zip(cuts, cuts[1:], strict=False):
        piece = quote[first:last]
        start = first + len(piece) - len(piece.lstrip())
        end = first + len(piece.rstrip().rstrip(";").rstrip())
        if end > start:
            yield start, end
