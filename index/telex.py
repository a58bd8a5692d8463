"""Raw Telex keystrokes made into letters: "ddieeuf kieejn" typed with the keyboard switched off.

Source: the Telex input rules (double letters and w for vowel marks, s f r x j for tones). A word is changed only when it has no
mark yet, when what it becomes is a possible Vietnamese syllable, and when it is not one as it stands.
"""

from __future__ import annotations

import re
import unicodedata

from knowledge.text import unaccent

_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_MARKS = (
    ("dd", "đ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("uow", "ươ"), ("uwow", "ươ"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"),
)  # fmt: skip
_VOWELS = "aăâeêioôơuưy"
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|kh|gh|gi|ch|ph|qu|th|tr|[bcdđghklmnprstvx])?"
    r"(?:[aăâeêioôơuưy]|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iêu|iu|oa|oai|oay|oă|oe|oi|ôi|ơi|ua|uâ|uây|uê|ui|uô|uôi|uơ|uy|uya|uyê|uyu|ưa|ươ|ươi|ươu|"
    r"ưi|ưu|yê|yêu|oo|oao|oeo)"
    r"(?:ng|nh|ch|[cmnpt])?"
)


def decoded(word: str) -> str:
    """The word with its Telex keystrokes turned into letters, or the word itself."""
    if not word.isascii() or not word.isalpha() or len(word) < 3 or is_syllable(word):
        return word
    made = _tone(_marks(word))
    return made if made != word and is_syllable(made) else word


def is_syllable(word: str) -> bool:
    """Whether a lower-case word can be one Vietnamese syllable by its letters (tone aside)."""
    return bool(_SYLLABLE.fullmatch(_without_tone(word)))


def _without_tone(word: str) -> str:
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", word) if c not in _TONES.values()))


def _marks(word: str) -> str:
    for keys, letter in _MARKS:
        word = word.replace(keys, letter)
    # A double letter's second key is often typed at the end ("tieenf" or "tienef", "dieeud").
    match = re.fullmatch(r"(d)(\w*?)d(\w*)", word)
    return f"đ{match[2]}{match[3]}" if match and match[1] else word


def _tone(word: str) -> str:
    for place in range(len(word) - 1, 0, -1):
        mark = _TONES.get(word[place])
        rest = word[:place] + word[place + 1 :]
        if mark and is_syllable(rest) and any(char in _VOWELS for char in word[:place]):
            return _placed(rest, mark)
    return word


def _placed(syllable: str, mark: str) -> str:
    """The tone on the vowel that carries it: a marked vowel, else the last but one of an open group, else the only one."""
    head = 2 if syllable.startswith(("qu", "gi")) and len(syllable) > 2 and syllable[2] in _VOWELS else 0
    vowels = [i for i, char in enumerate(syllable) if char in _VOWELS and i >= head]
    marked = [i for i in vowels if unaccent(syllable[i]) != syllable[i]]
    closed = vowels[-1] < len(syllable) - 1
    place = marked[-1] if marked else vowels[-1] if closed or len(vowels) == 1 else vowels[-2]
    return unicodedata.normalize("NFC", syllable[: place + 1] + mark + syllable[place + 1 :])
