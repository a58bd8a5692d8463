"""A text as patterns see it: small letters without marks, character by character, so that places stay the same."""

from __future__ import annotations

from functools import lru_cache

from knowledge.text import unaccent


def bare(text: str) -> str:
    """As long as `text`: "Điện thoại" becomes "dien thoai"; what has no plain small letter of its own stays."""
    return "".join(map(_plain, text))


@lru_cache(maxsize=4_000)
def _plain(char: str) -> str:
    plain = unaccent(char).lower()
    return plain if len(plain) == 1 else char
