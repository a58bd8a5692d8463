"""What every kind of rule looks at: the clauses with their sections, and their text free of Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from knowledge.model import Clause, Document, Section
from knowledge.outlining.lines import bare
from knowledge.text import unaccent


@dataclass(frozen=True, eq=False)
class Outlined:
    """A document with its outline, and the look-ups that the rules need."""

    document: Document
    sections: tuple[Section, ...]

    @cached_property
    def text(self) -> str:
        return self.document.text

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(clause for section in self.sections for clause in section.clauses)

    @cached_property
    def by_ref(self) -> dict[str, Clause]:
        return {clause.ref: clause for clause in self.clauses}

    @cached_property
    def children(self) -> dict[str, list[Clause]]:
        """The clauses that each ref governs, in order."""
        governed: dict[str, list[Clause]] = {}
        for clause in self.clauses:
            if clause.parent is not None:
                governed.setdefault(clause.parent, []).append(clause)
        return governed

    @cached_property
    def body(self) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.clauses if clause.zone == "body" and not clause.ref.startswith("break."))

    def zone(self, name: str) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.clauses if clause.zone == name and not clause.ref.startswith("break."))

    def ancestors(self, clause: Clause) -> Iterator[Clause]:
        """The clauses that govern a clause, nearest first."""
        seen = 0
        parent = clause.parent
        while parent is not None and parent in self.by_ref and seen < 12:
            above = self.by_ref[parent]
            yield above
            parent, seen = above.parent, seen + 1

    def path(self, clause: Clause) -> str:
        """The headings above a clause, nearest first, plain and lower case."""
        return " / ".join(plain(above) for above in self.ancestors(clause) if above.heading or above.quote.rstrip().endswith(":"))


def says(clause: Clause) -> str:
    """What a clause says: without its marker and without Markdown, on one line."""
    return _said(clause.quote, clause.marker)


def plain(clause: Clause) -> str:
    """What a clause says, unaccented and lower case, for recognising words."""
    return _plain(clause.quote, clause.marker)


@lru_cache(maxsize=8192)
def _said(quote: str, marker: str) -> str:
    lines = [bare(line)[0] for line in quote.splitlines()]
    text = " ".join(line for line in lines if line)
    return " ".join((text[len(marker) :] if marker and text.startswith(marker) else text).split())


@lru_cache(maxsize=8192)
def _plain(quote: str, marker: str) -> str:
    return unaccent(_said(quote, marker)).lower()
