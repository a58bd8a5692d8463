"""What is asked: the words to search with, whom the question is about, and what kind of value it wants.

A question is read into weighted bags of tokens (accented, bare, pairs of bare ones, terms of the documents for everyday words), the
groups of people and kinds of value it names, and its kind with a probability. A follow-up takes the words of the questions before it
at a lower weight, but not their group when it names one of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index import vocabulary
from index.lexical import pairs
from index.telex import decoded
from knowledge.text import clean, nfc, unaccent, words

HISTORY_WEIGHT = 0.5
ALTERNATIVE_WEIGHT = 0.5

_CHUNK = re.compile(r"\S+")
_EDGES = "\"'“”‘’()[]{}<>.,;:!?…"
_FOLLOWS = re.compile(
    r"(?<!\w)(?:the con|vay con|con (?!bao|may|phai|duoc)|the (?:thi|ca|nhung|nguoi|ai|bao|khi|o|gui|nop|co)|"
    r"vay (?:thi|ca|ai|bao|co|nop|gui|minh|neu|con)|no (?!i)|cai do|cai nay|viec do|"
    r"trong do|o do|kem theo|thi sao|nhu tren|nguoi do|ho (?!so|tro|ten|va|khau|gia)|"
    r"nhung ai nua|gi nua|nua khong|ngoai ra|roi sao|sau do|luc do|khi do)"
)

# What a short question may be about by itself, and how it then asks: "hồ sơ gồm những gì", but not "gồm những gì" nor "còn hồ sơ".
_SUBJECT = re.compile(
    r"(?<!\w)(?:ho so|tieu chi|tieu chuan|dieu kien|muc dich|yeu cau|doi tuong|quy trinh|cac buoc|thoi han|han nop|han chot|kinh phi|"
    r"hoi dong|can cu|dau moi|khen thuong|muc thuong|danh sach|bieu mau|ke hoach|linh vuc)(?!\w)"
)
_ASKS = re.compile(r"(?<!\w)(?:gi|nao|ai|may|bao nhieu|bao gio|khi nao|o dau|the nao|ra sao)(?!\w)")


@dataclass(frozen=True)
class Question:
    """A question as understood. Bags map tokens to weights; `groups` and `values` are names of `index/words/` lists.

    `spoken` is the question, abbreviations written out, alone and, where it follows another, with it: vectors take the mean of the two.
    """

    text: str
    history: tuple[str, ...]
    accented: Mapping[str, float]
    bare: Mapping[str, float]
    pairs: Mapping[str, float]
    terms: Mapping[str, float]
    groups: frozenset[str]
    values: frozenset[str]
    bare_text: str
    history_text: str
    spoken: tuple[str, ...]
    unaccented: bool
    follows: bool

    @property
    def whole_text(self) -> str:
        """The question with what it follows."""
        return self.spoken[-1]


def understand(text: str, history: Sequence[str] = ()) -> Question:
    """Read a question as typed, with the earlier questions of the same chat, oldest first."""
    now = _Reading.of(text)
    follows = bool(history) and is_follow_up(now.bare_text)
    before = [_Reading.of(earlier) for earlier in history[-2:]] if follows else []
    groups = vocabulary.people(now.bare_text)
    if before and groups:
        before = [_Reading.of(vocabulary.without_people(reading.text, groups)) for reading in before]
    elif before:
        groups = vocabulary.people(before[-1].bare_text)
    bags: list[dict[str, float]] = [{}, {}, {}, {}]
    for reading, weight in [(now, 1.0), *((r, HISTORY_WEIGHT ** (len(before) - i)) for i, r in enumerate(before))]:
        for bag, tokens in zip(bags, (reading.accented, reading.bare, reading.pairs, reading.terms), strict=True):
            for token, token_weight in tokens.items():
                bag[token] = max(bag.get(token, 0.0), token_weight * weight)
    return Question(
        text=now.text,
        history=tuple(history),
        accented=bags[0],
        bare=bags[1],
        pairs=bags[2],
        terms=bags[3],
        groups=groups,
        values=vocabulary.asked_values().found(now.bare_text, now.spoken_text),
        bare_text=now.bare_text,
        history_text=before[-1].bare_text if before else "",
        spoken=(now.spoken_text, *(f"{now.spoken_text} {reading.spoken_text}" for reading in before[-1:])),
        unaccented=now.unaccented,
        follows=bool(before),
    )


def is_follow_up(bare_text: str) -> bool:
    """Whether a question leans on the one before it: it says so, or it is too short to stand alone and names no subject of its own."""
    content = [word for word in bare_text.split() if word not in vocabulary.stop_words()]
    return bool(_FOLLOWS.search(bare_text)) or (len(content) <= 4 and not (_SUBJECT.search(bare_text) and _ASKS.search(bare_text)))


@dataclass(frozen=True)
class _Reading:
    text: str
    accented: Mapping[str, float]
    bare: Mapping[str, float]
    pairs: Mapping[str, float]
    terms: Mapping[str, float]
    bare_text: str
    spoken_text: str
    unaccented: bool

    @staticmethod
    def of(text: str) -> _Reading:
        text = clean(text)
        spelled = [expanded for chunk in _CHUNK.findall(text) for expanded in _spelled(chunk)]
        first = [alternatives[0] for alternatives in spelled]
        spoken = [word for phrase in first for word in words(phrase)]
        bare_words = [unaccent(word) for word in spoken]
        accented, bare = _bag(spoken), _bag(bare_words)
        pair_bag = dict.fromkeys(pairs(bare_words), 1.0)
        for alternatives in spelled:
            for other in alternatives[1:]:
                _add(accented, words(other))
                others = [unaccent(word) for word in words(other)]
                _add(bare, others)
                _add(pair_bag, pairs(others))
        stop = vocabulary.stop_words()
        pair_bag = {pair: weight for pair, weight in pair_bag.items() if not all(part in stop for part in pair.split("_"))}
        terms: dict[str, float] = {}
        for term in vocabulary.everyday().terms(spoken, _typed_with_marks(spoken, bare_words)):
            tokens = term.split()
            for token in [*tokens, *pairs(tokens)]:
                if token not in stop:
                    terms[token] = 1.0
        unaccented = not any(unaccent(word) != word for word in words(text))
        return _Reading(text, accented, bare, pair_bag, terms, " ".join(bare_words), " ".join(spoken), unaccented)


def _typed_with_marks(spoken: Sequence[str], bare_words: Sequence[str]) -> bool:
    """Whether a question is typed with marks: at least a quarter of its words carry some."""
    return sum(one != other for one, other in zip(spoken, bare_words, strict=True)) * 4 >= max(1, len(spoken))


def _bag(tokens: Iterable[str]) -> dict[str, float]:
    stop = vocabulary.stop_words()
    return {token: 1.0 for token in tokens if unaccent(token) not in stop}


def _add(bag: dict[str, float], tokens: Iterable[str]) -> None:
    stop = vocabulary.stop_words()
    for token in tokens:
        if unaccent(token) not in stop:
            bag.setdefault(token, ALTERNATIVE_WEIGHT)


def _spelled(chunk: str) -> list[tuple[str, ...]]:
    """A chunk between blanks as written out: [alternatives] a word; "p.tchc" gives two words, "đhtt" one phrase."""
    core = nfc(chunk).strip(_EDGES).lower()
    if not core:
        return []
    known = vocabulary.abbreviations()
    if core in known:
        return [known[core]]
    if any(mark in core for mark in "./-_") and not any(char.isdigit() for char in core):
        parts = [part for part in re.split(r"[./_\-]+", core) if part]
        return [known.get(part, (part,)) for part in parts]
    return [(decoded(core),)]
