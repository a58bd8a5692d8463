"""Page numbers and lines that repeat at the head or foot of pages: taken out of the text, and told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Warned
from .layout import Block, Line

_MARGIN = 0.1  # of the page's height, at the head and at the foot
_NUMBER = re.compile(r"[-–—\s]*(?:trang\s*)?(\d{1,4})(?:\s*/\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)


@dataclass(frozen=True)
class Margins:
    """What a page holds, with its height, so that its margins can be told."""

    blocks: tuple[Block, ...]
    height: float


def without_running(pages: Sequence[Margins]) -> tuple[list[list[Block]], list[str]]:
    """The blocks without page numbers and running lines, and the texts taken out, each once."""
    marginal = [_marginal(page) for page in pages]
    counts = Counter(_shape(line) for lines in marginal for line in {_shape(each): each for each in lines}.values())
    running = {shape for shape, count in counts.items() if count >= 3 and count * 2 > len(pages)}
    removed: dict[str, None] = {}
    kept: list[list[Block]] = []
    for number, (page, lines) in enumerate(zip(pages, marginal, strict=True), start=1):
        gone = [line for line in lines if _shape(line) in running or _is_number(line, number, len(pages))]
        removed |= {"số trang" if _NUMBER.fullmatch(line.text) else line.text: None for line in gone}
        kept.append([left for block in page.blocks if (left := _without(block, gone))])
    return kept, list(removed)


def _marginal(page: Margins) -> list[Line]:
    head, foot = page.height * _MARGIN, page.height * (1 - _MARGIN)
    lines = [line for block in page.blocks for line in block if isinstance(line, Line)]
    return [line for line in lines if line.bottom < head or line.top > foot]


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _is_number(line: Line, page: int, pages: int) -> bool:
    """A number alone in the margin that counts the pages (which may begin with a cover)."""
    found = _NUMBER.fullmatch(line.text)
    return found is not None and pages > 1 and abs(int(found.group(1)) - page) <= 2


def _without(block: Block, gone: Sequence[Line]) -> Block:
    return [each for each in block if each not in gone]  # type: ignore[return-value]


def running_header(text: str) -> Warned:
    """What is said of a text that repeats at the head or foot of pages."""
    shown = text if len(text) <= 120 else text[:120] + "…"
    return Warned(code="running_header", message=f"Đầu trang hoặc chân trang không đưa vào nội dung: “{shown}”.")
