"""Which institution a question names: "bên Bách khoa", "trường y Tiền Giang", "truong cd kinh te ky thuat thai nguyen".

A name's core is what is left when the words for kinds of institution are taken away ("trường", "đại học", "phòng giáo dục và đào tạo").
An institution is named when two neighbouring words of its core, or the whole of a one-word core, stand together in the question; the
words for its kind then decide between those that share a core. Matching is on bare words and forgives one wrong letter in a long name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.vocabulary import abbreviations, bare_line, institution_kinds
from knowledge.library import Institution
from knowledge.text import unaccent, words

_UNKNOWN = re.compile(
    r"(?:[Tt]rường|[Đđ]ại học|[Cc]ao đẳng|[Hh]ọc viện|THPT|THCS|[Tt]iểu học|[Mm]ầm non|[Ss]ở (?:GDĐT|GD&ĐT|Giáo dục và Đào tạo)|"
    r"[Pp]hòng (?:GDĐT|GD&ĐT|Giáo dục và Đào tạo)|PGD|ĐH|CĐ)"
    r"(?: (?:ĐH|CĐ|THPT|THCS|Đại học|Cao đẳng|Tiểu học|Mầm non|Trung cấp))*((?: [A-ZĐÀ-Ỹ][\wÀ-ỹ]+){2,5})"
)


_POINTERS = frozenset({"truong", "hoc", "dang", "cap", "phong", "so", "pgd", "sgd", "ben", "o", "tai", "cua", "phia", "ngoai", "tren"})


@dataclass(frozen=True)
class Named:
    """`slugs` are the institutions that fit best (several when the name fits several equally); `unknown` a name that fits none."""

    slugs: tuple[str, ...] = ()
    unknown: str | None = None


class Names:
    """The names of all institutions, looked up by pairs of core words: cost does not grow with their number."""

    def __init__(self, institutions: Iterable[Institution]) -> None:
        self._by_pair: dict[str, set[str]] = {}
        self._kinds: dict[str, set[str]] = {}
        self._words: dict[str, set[str]] = {}
        for institution in institutions:
            for name in (institution.name, *institution.aliases):
                self._learn(institution.slug, name)

    def _learn(self, slug: str, name: str) -> None:
        spelled = " ".join(words(name))
        plain = unaccent(spelled)
        kinds = institution_kinds(accented=spelled != plain)
        runs = [unaccent(run).split() for run in kinds.split(spelled) if run.strip()]
        core = [word for run in runs for word in run]
        self._kinds.setdefault(slug, set()).update(unaccent(kind) for kind in kinds.findall(spelled))
        self._words.setdefault(slug, set()).update(core)
        for run in runs:
            for pair in zip(run, run[1:], strict=False):
                self._by_pair.setdefault(" ".join(pair), set()).add(slug)
        if len(core) == 1 and len(core[0]) >= 4:
            self._by_pair.setdefault(core[0], set()).add(slug)
        short = "".join(name.split())
        if short.isupper() and 3 <= len(short) <= 10:
            self._by_pair.setdefault(bare_line(name), set()).add(slug)

    def find(self, question: str, own: str | None = None, own_text: str = "") -> Named:
        """The institutions named in a question. A name that the asker's own plans speak of is no other institution's."""
        plain = _spelled(question)
        scores: dict[str, float] = {}
        pointed: set[str] = set()
        pieces = [(place, " ".join(plain[place : place + size])) for size in (2, 1) for place in range(len(plain) + 1 - size)]
        for place, piece in pieces:
            for slug in self._by_pair.get(piece) or self._close(piece):
                if own is not None and slug != own and f" {piece} " in own_text:
                    continue
                scores[slug] = scores.get(slug, 0.0) + 1.0
                if _POINTERS & set(plain[max(0, place - 4) : place]):
                    pointed.add(slug)
        if own is not None:  # one pair of words can be common ones ("kinh tế"): another institution is named by more, or pointed at
            scores = {slug: score for slug, score in scores.items() if slug == own or score > 1 or slug in pointed}
        if not scores:
            unknown = self._unknown(question, own, own_text)
            return Named(unknown=unknown)
        present, kinds = set(plain), set(institution_kinds().findall(" ".join(plain)))
        ranked = {
            slug: score + 0.3 * len(self._words[slug] & present) + 0.1 * len(self._kinds[slug] & kinds) for slug, score in scores.items()
        }
        best = max(ranked.values())
        fitting = sorted(slug for slug, score in ranked.items() if score > best - 0.05)
        return Named(slugs=(own,) if own in fitting else tuple(fitting))

    def _close(self, piece: str) -> set[str]:
        """Names one letter away from a long pair of words."""
        if len(piece) < 8 or " " not in piece:
            return set()
        for place in range(len(piece)):
            shorter = piece[:place] + piece[place + 1 :]
            if shorter in self._by_pair:
                return self._by_pair[shorter]
            if place + 1 < len(piece):
                swapped = piece[:place] + piece[place + 1] + piece[place] + piece[place + 2 :]
                if swapped in self._by_pair:
                    return self._by_pair[swapped]
        return set()

    def _unknown(self, question: str, own: str | None, own_text: str) -> str | None:
        """A name written like an institution's that is none of ours and that the asker's plans do not speak of."""
        for match in _UNKNOWN.finditer(question):
            core = unaccent(institution_kinds(accented=True).sub(" ", " ".join(words(match[1])))).split()
            known = own is not None and set(core) <= self._words.get(own, set())
            if len(core) >= 2 and not known and f" {' '.join(core[:2])} " not in own_text:
                return " ".join(match[0].split())
        return None


def _spelled(question: str) -> list[str]:
    """Bare words with short forms written out ("đhbk" stays, "cđ" becomes "cao dang")."""
    known = abbreviations()
    found: list[str] = []
    for word in question.lower().split():
        core = word.strip(".,;:!?()“”\"'")
        found.extend(bare_line(known[core][-1]).split() if core in ("đh", "dh", "cđ", "cd") and core in known else bare_line(word).split())
    return found
