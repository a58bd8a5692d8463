"""Which page an offset lies on."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.model import Page


class PageFinder:
    """The page of an offset, for rising offsets, in constant time each."""

    def __init__(self, pages: Sequence[Page], gap: int, paged: bool) -> None:
        self._ends: list[int] = []
        end = 0
        for page in pages:
            end += len(page.text) + gap
            self._ends.append(end)
        self._numbers = [page.number for page in pages]
        self._at = 0
        self._paged = paged

    def __call__(self, offset: int) -> int | None:
        if not self._paged or not self._numbers:
            return None
        while self._at < len(self._ends) - 1 and offset >= self._ends[self._at]:
            self._at += 1
        return self._numbers[self._at]
