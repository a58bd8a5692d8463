"""The word lists of `index/words/`: abbreviations, everyday words, groups of people, kinds of value, words without content.

Each list is a text file that a Vietnamese speaker can read and extend; none of them names an institution.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from knowledge.text import nfc, unaccent, words

FOLDER = Path(__file__).parent / "words"


def _rows(name: str) -> Iterator[list[str]]:
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield nfc(line).strip().split("\t")


@cache
def abbreviations() -> Mapping[str, tuple[str, ...]]:
    """A lower-case short form, marks kept, to what it may stand for."""
    return {row[0].strip(): tuple(part.strip() for part in row[1].split("|")) for row in _rows("abbreviations.tsv")}


@cache
def stop_words() -> frozenset[str]:
    """Words without content, without marks."""
    return frozenset(unaccent(row[0]) for row in _rows("stop.txt"))


@cache
def small_talk() -> frozenset[str]:
    """The words of greetings and thanks, without marks."""
    return frozenset(unaccent(row[0]) for row in _rows("small_talk.txt"))


@cache
def institution_kinds(accented: bool = False) -> re.Pattern[str]:
    """Finds the phrases that say what kind of institution a name is of ("trường", "đại học"), in lower case, with or without marks.

    With marks where there are any: "tĩnh" in Hà Tĩnh is not "tỉnh".
    """
    listed = (row[0].strip() for row in _rows("institution_kinds.txt"))
    phrases = sorted({phrase if accented else unaccent(phrase) for phrase in listed}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, phrases)) + r")(?!\w)")


@dataclass(frozen=True)
class Phrases:
    """Names, each with phrases (without marks) that stand for it; found as whole words."""

    patterns: Mapping[str, re.Pattern[str]]
    marked: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def found(self, bare_text: str, text: str = "") -> frozenset[str]:
        """The names whose phrases occur in an unaccented lower-case text of single blanks; `text` is the same with its marks."""
        names = {name for name, pattern in self.patterns.items() if pattern.search(bare_text)}
        return frozenset(names | {name for name, pattern in self.marked.items() if text and pattern.search(text)})


ONLY_MARKED = "="  # before a phrase that is taken only where it is typed with its marks: "muộn" is not "muốn"


def _phrases(file: str) -> Phrases:
    patterns, marked = {}, {}
    for name, phrases in _rows(file):
        options = [phrase.strip() for phrase in phrases.split("|") if phrase.strip()]
        patterns[name] = _any_of({bare_line(phrase) for phrase in options if not phrase.startswith(ONLY_MARKED)})
        if kept := {" ".join(words(phrase)) for phrase in options if phrase.startswith(ONLY_MARKED)}:
            marked[name] = _any_of(kept)
    return Phrases(patterns, marked)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(phrases, key=len, reverse=True))) + r")(?!\w)")


@cache
def groups() -> Phrases:
    """The groups of people that a text may speak of."""
    return _phrases("groups.tsv")


@cache
def asked_values() -> Phrases:
    """The kinds of value that a question may ask for."""
    return _phrases("asked.tsv")


@dataclass(frozen=True)
class Everyday:
    """Everyday phrases to the terms of the documents: tuples of bare words, looked up by their first word."""

    by_first: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
    known: frozenset[str]
    several: frozenset[str]

    def terms(self, typed: Sequence[str], marked: bool) -> list[str]:
        """The document terms (bare phrases) for every everyday phrase that the words, as typed, hold.

        In a question typed with marks ("muốn") a word is not taken for another that differs in its marks ("muộn"), unless it is none;
        in one typed without, a single word that may be several ("muon") is taken for none.
        """
        found: list[str] = []
        for place, word in enumerate(typed):
            for phrase, terms in self.by_first.get(unaccent(word), ()):
                here = typed[place : place + len(phrase)]
                if not marked and len(phrase) == 1 and unaccent(word) in self.several:
                    continue
                if len(here) == len(phrase) and all(self._same(one, other, marked) for one, other in zip(here, phrase, strict=True)):
                    found.extend(terms)
        return found

    def _same(self, typed: str, listed: str, marked: bool) -> bool:
        return typed == listed or (unaccent(typed) == unaccent(listed) and not (marked and typed in self.known))


@cache
def everyday() -> Everyday:
    """The lexicon of everyday words: a line holds phrases that people use, a tab, the documents' terms; both sides by "|"."""
    table: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    known: set[str] = {word for phrases in abbreviations().values() for phrase in phrases for word in words(phrase)}
    for row in _rows("everyday.tsv"):
        known.update(words(row[0]), words(row[1]))
        terms = tuple(bare_line(term) for term in row[1].split("|") if term.strip())
        for phrase in row[0].split("|"):
            key = tuple(words(phrase))
            if key:
                table.setdefault(unaccent(key[0]), []).append((key, terms))
    spellings = Counter(unaccent(word) for word in known)
    several = frozenset(bare for bare, count in spellings.items() if count > 1)
    return Everyday({first: tuple(entries) for first, entries in table.items()}, frozenset(known), several)


_UNIT_NAMED_AFTER_PEOPLE = re.compile(
    r"(?<!\w)(?:phong|ban|trung tam|khoa|hoi|p) (?:cong tac |quan ly |chinh tri |va )*"
    r"(?:hoc sinh|sinh vien|hssv|can bo|giao vien)(?: va)?(?: sinh vien)?"
)


def people(bare_text: str) -> frozenset[str]:
    """The groups of people that an unaccented lower-case text speaks of; a unit named after people ("Phòng Công tác sinh viên") is none."""
    return groups().found(_UNIT_NAMED_AFTER_PEOPLE.sub(" ", bare_text))


def without_people(text: str, kept: frozenset[str]) -> str:
    """A text without the words that name people of other groups than those to keep."""
    spoken = words(text)
    line = " ".join(unaccent(word) for word in spoken)
    starts = {0: 0}
    for place, char in enumerate(line):
        if char == " ":
            starts[place + 1] = len(starts)
    gone: set[int] = set()
    for name, pattern in groups().patterns.items():
        if name not in kept:
            for match in pattern.finditer(line):
                gone.update(range(starts[match.start()], starts[match.start()] + match[0].count(" ") + 1))
    return " ".join(word for place, word in enumerate(spoken) if place not in gone)


def bare_line(text: str) -> str:
    """A text as lower-case words without marks, joined by single blanks: the form that phrases are matched in."""
    return " ".join(unaccent(word) for word in words(text))
