"""Cutting a long text into messages that Telegram takes, at the borders of clauses and lines, formatting kept."""

from __future__ import annotations

from typing import Any

Entity = dict[str, Any]


def units(text: str) -> int:
    """The length as Telegram counts entities: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, entities: list[Entity], limit: int) -> list[tuple[str, list[Entity]]]:
    """The text in parts of at most `limit` UTF-16 units, white space at the cuts dropped; entities cut along and shifted.

    Cuts after an empty line where there is one in the later half, else after a line, a sentence, a word; else in a word.
    """
    parts: list[tuple[str, list[Entity]]] = []
    start = 0
    while True:
        end = start + _fit(text[start:], limit)
        if end < len(text):
            end = start + _border(text[start:end])
        piece = text[start:end]
        parts.append((piece.rstrip() if end < len(text) else piece, _within(entities, units(text[:start]), piece)))
        start = end + len(text[end:]) - len(text[end:].lstrip()) if end < len(text) else end
        if start >= len(text):
            return parts


def _fit(text: str, limit: int) -> int:
    """How many characters fit into `limit` units."""
    if units(text) <= limit:
        return len(text)
    used = 0
    for position, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > limit:
            return position
    return len(text)


def _border(piece: str) -> int:
    for mark in ("\n\n", "\n", ". ", "; ", " "):
        found = piece.rfind(mark)
        if found >= len(piece) // 2:
            return found + len(mark)
    return len(piece)


def _within(entities: list[Entity], offset: int, piece: str) -> list[Entity]:
    length = units(piece.rstrip())
    kept = []
    for entity in entities:
        begin = max(entity["offset"] - offset, 0)
        end = min(entity["offset"] + entity["length"] - offset, length)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return kept
