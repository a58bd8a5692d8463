"""The levels of numbering: which style stands above which, and what is open while a document is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.outlining.blocks import Block
from knowledge.outlining.markers import KEYWORDS, Style

RANK: dict[Style, float] = {
    "part": 0, "chapter": 1, "section": 2, "subsection": 3, "article": 4, "upper": 5, "roman": 6, "arabic": 10, "step": 10,
    "decimal": 11, "paren": 15, "letter": 16, "lower_roman": 17, "dash": 20, "star": 20, "dot": 20, "plus": 21,
}  # fmt: skip
HEADS: tuple[Style, ...] = (*KEYWORDS, "upper", "roman")


@dataclass(slots=True)
class Frame:
    """One open level: what is numbered below it hangs on it."""

    style: Style | None
    rank: float
    value: int
    path: tuple[str, ...]
    ref: str
    section: bool
    lead: str | None = None
    label: str | None = None
    counts: Counter[str] = field(default_factory=Counter)
    child_sections: bool = False
    item_paragraphs: bool = False


def ranks_of(blocks: Sequence[Block]) -> dict[Style, float]:
    """The order of capitals, Roman numbers and keywords in this document: what comes first stands above."""
    first: list[Style] = []
    for block in blocks:
        style = block.marker.style if block.marker else None
        if style in HEADS and style not in first:
            first.append(style)
    keywords = sorted((style for style in first if style in KEYWORDS), key=lambda style: RANK[style])
    ordered = [keywords.pop(0) if style in KEYWORDS else style for style in first]
    return {style: position + 0.0 for position, style in enumerate(ordered)}


def join(ref: str, label: str) -> str:
    return f"{ref}.{label}" if ref else label
