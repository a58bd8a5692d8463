"""Vietnamese text: the one place for normalising it, folding it and cutting it into tokens.

`clean` is for what comes in (a person's message, a cell, a file): it gives NFC without characters that nobody sees.
`fold` is for comparing quotations; `unaccent` for searching and matching; neither is ever shown or stored as a quotation.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST_WORD = 24  # texts up to this length are words, met again and again

_WORD = re.compile(r"\w+", re.UNICODE)
_SPACES = re.compile(r"[^\S\n]+")
_NUMBERISH = re.compile(r"\d+(?:[./:-]\d+)+|\w+", re.UNICODE)

# Invisible or direction-changing characters: a name that holds one is not the name that people read.
_INVISIBLE = {
    *range(0x00, 0x09),
    0x0B,
    *range(0x0E, 0x20),
    0x7F,
    *range(0x80, 0xA0),
    0xAD,
    0x061C,
    0x115F,
    0x1160,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0x3164,
    0xFEFF,
    0xFFA0,
    *range(0xFFF9, 0xFFFD),
    *range(0xE0000, 0xE0080),
}
_DROP = dict.fromkeys(_INVISIBLE)
_JOINER = "\u200d"
_DROP_BUT_JOINER = dict.fromkeys(_INVISIBLE - {ord(_JOINER)})
# A joiner between two pictures makes them one (a teacher is a person and a school); anywhere else nobody sees it.
_STRAY_JOINER = re.compile(
    "(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])"
)
_TONE_KEPT = str.maketrans({"đ": "d", "Đ": "D"})


def nfc(text: str) -> str:
    """Unicode NFC, the form in which every text of ours is stored and compared."""
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """A person's text as it may be stored: NFC, no control, zero-width or direction characters, no lone surrogates.

    Line breaks, tabs and the joiner within an emoji stay; "\\r\\n" becomes "\\n".
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "ignore").decode("utf-8")
    if _JOINER in text:
        return nfc(_STRAY_JOINER.sub("", text.translate(_DROP_BUT_JOINER)))
    return nfc(text.translate(_DROP))


def one_line(text: str) -> str:
    """`clean`, with every run of white space made one blank."""
    return " ".join(clean(text).split())


def fold(text: str) -> str:
    """For comparing quotations: NFC, white space collapsed, lower case."""
    return " ".join(nfc(text).split()).lower()


def unaccent(text: str) -> str:
    """Without tone and vowel marks, đ as d; case kept. "Điển hình" becomes "Dien hinh"."""
    return _unaccented_word(text) if len(text) <= LONGEST_WORD else _unaccented(text)


def _unaccented(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare).translate(_TONE_KEPT)


_unaccented_word = lru_cache(maxsize=100_000)(_unaccented)


def is_unaccented(text: str) -> bool:
    """Whether a text of at least one letter carries no Vietnamese mark at all."""
    letters = any(char.isalpha() for char in text)
    return letters and unaccent(text) == nfc(text)


def tokens(text: str) -> list[str]:
    """Lower-case NFC words in order; a Vietnamese word of two syllables is two tokens."""
    return _WORD.findall(nfc(text).lower())


def words(text: str) -> list[str]:
    """Like `tokens`, but dates and numbers with separators stay whole ("30/8", "2021-2025")."""
    return _NUMBERISH.findall(nfc(text).lower())
