"""More of the plan around a quotation: the whole section, the neighbouring clauses. Always one run of the source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot import messages
from bot.render import Composer, Message
from index.answer import place_of
from knowledge.library import holds
from knowledge.model import Clause, Plan

LONGEST = 6000
"""Characters of an excerpt; a longer section is cut at the end of a clause and says so by ending there."""

Cited = Sequence[dict[str, Any]]


def whole_section(plan: Plan, cited: Cited, today: date) -> Message | None:
    """The section that holds the first quotation; where that is shown already, the one above it."""
    start, end = cited[0]["start"], cited[-1]["end"]
    clause = _at(plan, cited[0]["ref"], start)
    while clause is not None:
        inside = [c for c in plan.clauses if c.zone == clause.zone and _under(c, clause.ref)]
        if inside and (inside[0].start < start or inside[-1].end > end):
            return _excerpt(plan, inside, clause, today)
        clause = _by_ref(plan, clause.parent)
    return None


def neighbours(plan: Plan, cited: Cited, today: date) -> Message | None:
    """The quotation with the clause before it and the clause after it, of the same part of the plan."""
    clauses = plan.clauses
    start, end = cited[0]["start"], max(place["end"] for place in cited if place["start"] - cited[0]["start"] < LONGEST)
    held = [number for number, clause in enumerate(clauses) if clause.start < end and clause.end > start]
    if not held:
        return None
    zone = clauses[held[0]].zone
    around = [c for c in clauses[max(held[0] - 1, 0) : held[-1] + 2] if c.zone == zone]
    if len(around) == len(held):
        return None
    return _excerpt(plan, around, clauses[held[0]], today)


def _excerpt(plan: Plan, clauses: Sequence[Clause], at: Clause, today: date) -> Message:
    end = clauses[0].end
    for clause in clauses:
        if clause.end - clauses[0].start <= LONGEST:
            end = clause.end
    quote = plan.text[clauses[0].start : end].strip()
    composer = Composer()
    composer.add(quote if plan.digest else f"“{quote}”", "blockquote")
    by_ref = {clause.ref: clause for clause in reversed(plan.clauses)}
    composer.line(messages.excerpt_place(plan.number, place_of(at, by_ref), digest=plan.digest), "italic")
    if not holds(plan, today):
        composer.line(messages.excerpt_expired(plan.period.text if plan.period else None))
    return composer.message()


def _at(plan: Plan, ref: str, start: int) -> Clause | None:
    same = [clause for clause in plan.clauses if clause.ref == ref]
    return next((clause for clause in same if clause.start <= start < clause.end), same[0] if same else None)


def _by_ref(plan: Plan, ref: str | None) -> Clause | None:
    return next((clause for clause in plan.clauses if clause.ref == ref), None) if ref else None


def _under(clause: Clause, ref: str) -> bool:
    return clause.ref == ref or clause.ref.startswith(f"{ref}.")
