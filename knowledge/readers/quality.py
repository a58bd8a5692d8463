"""Whether the text layer of a page can be trusted, judged by how Vietnamese is spelled."""

from __future__ import annotations

import re

from .encodings import syllable_share

_CID = re.compile(r"\(cid:\d+\)")
_FRAGMENT = re.compile(r"(?<!\S)[bcdđghklmnpqrstvx]{1,3}(?!\S)")
_WELL_SPELLED = 0.75
_SPLIT_SHARE = 0.03


def is_broken(text: str) -> bool:
    """Whether a text layer is mojibake, unmapped glyphs, or has words fallen apart ("xây d ựng")."""
    words = text.split()
    if not words:
        return True
    strange = len(_CID.findall(text)) * 5 + sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in text)
    if strange > 0.02 * len(text):
        return True
    share = syllable_share(text)
    if share is not None and share < _WELL_SPELLED:
        return True
    return len(words) >= 20 and split_share(text) > _SPLIT_SHARE


def split_share(text: str) -> float:
    """The share of words that are a consonant without a vowel, which only a word cut in two leaves behind."""
    words = text.split()
    return len(_FRAGMENT.findall(text)) / max(1, len(words))
