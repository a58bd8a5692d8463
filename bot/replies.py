"""The secretariat's replies that are kept for reuse: which of them answers a question that somebody else asks.

A reply is the secretariat's word, never the plan's. It speaks once a second person has agreed, and until the plan it was kept with is
retired or its period ends (where that was over already, until the plan is retired).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from bot.moments import today
from index.vocabulary import bare_line, stop_words
from knowledge.library import Library, Reply, is_over

ALIKE_FROM = 0.75
"""The share of words with content, of both questions together, that two questions have to have in common."""


def fitting(library: Library, org: str, question: str, day: date) -> Reply | None:
    """The reply of an institution to the question most like this one, while it may be used."""
    found = [(likeness(question, reply.question), reply) for reply in library.replies(org) if in_force(library, reply, day)]
    best = max(found, key=lambda pair: (pair[0], pair[1].id), default=None)
    return best[1] if best and best[0] >= ALIKE_FROM else None


def in_force(library: Library, reply: Reply, day: date) -> bool:
    """Whether the plan that a reply was kept with still holds as it did when the reply was approved."""
    stored = library.get(reply.plan_id)
    if stored is None or not stored.live or reply.approved_at is None:
        return False
    return not is_over(stored.plan, day) or is_over(stored.plan, today(datetime.fromisoformat(reply.approved_at)))


def likeness(one: str, other: str) -> float:
    """How much two questions have in common: 1 for the same words with content, 0 for none."""
    a, b = _content(one), _content(other)
    if bare_line(one) == bare_line(other):
        return 1.0
    return len(a & b) / len(a | b) if a | b else 0.0


def _content(text: str) -> frozenset[str]:
    words = bare_line(text).split()
    return frozenset(_filled(words, stop_words()))


def _filled(words: Iterable[str], empty: frozenset[str]) -> Iterable[str]:
    return (word for word in words if word not in empty)
