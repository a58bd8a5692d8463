"""The questions shown as buttons at the first contact: only such as the institution's plans answer, of three different kinds.

The engine is asked once for each state of the plans. A question whose answer quotes the place that the plan gives to such things comes
before one that is merely answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot import messages
from index.answer import Answer
from knowledge.library import Institution
from knowledge.model import Plan
from knowledge.text import unaccent

if TYPE_CHECKING:
    from bot.app import Services

SHOWN = 3


@dataclass(frozen=True)
class Example:
    """A question, its kind, and the places at which a plan may hold its answer."""

    text: str
    kind: str
    places: Callable[[Plan], Sequence[str]]


def _criteria(target: str) -> Callable[[Plan], Sequence[str]]:
    return lambda plan: [group.ref for group in plan.criteria if group.target == target]


def _deadlines(plan: Plan) -> Sequence[str]:
    return [deadline.ref for deadline in plan.deadlines if deadline.kind == "report"]


def _aims(plan: Plan) -> Sequence[str]:
    return [section.ref for section in plan.sections if "muc dich" in unaccent((section.title or "").lower())]


EXAMPLES = (
    Example(messages.EXAMPLE_INDIVIDUAL, "criteria", _criteria("individual")),
    Example(messages.EXAMPLE_COLLECTIVE, "criteria", _criteria("collective")),
    Example(messages.EXAMPLE_DOSSIER, "dossier", lambda plan: [item.ref for item in plan.dossier]),
    Example(messages.EXAMPLE_WHEN, "when", _deadlines),
    Example(messages.EXAMPLE_DUTY, "who", lambda plan: [duty.ref for duty in plan.duties]),
    Example(messages.EXAMPLE_AIM, "aim", _aims),
)


def fitting(services: Services, institution: Institution, day: date) -> list[int]:
    """The numbers of up to three examples that the institution's plans, or those of the office above it, answer."""
    catalogue = services.engine.catalogue
    if services.examples is None or services.examples[0] is not catalogue:
        services.examples = (catalogue, {})
    held = services.examples[1]
    if institution.slug not in held:
        held[institution.slug] = _asked(services, institution, day)
    return held[institution.slug]


def _asked(services: Services, institution: Institution, day: date) -> list[int]:
    ranked: list[tuple[int, int]] = []
    for number, example in enumerate(EXAMPLES):
        found = services.engine.ask(example.text, org=institution.slug, today=day)
        if isinstance(found, Answer):
            ranked.append((_misses(services, example, found), number))
    chosen: dict[str, int] = {}
    for _, number in sorted(ranked):
        chosen.setdefault(EXAMPLES[number].kind, number)
    return sorted(list(chosen.values())[:SHOWN])


def _misses(services: Services, example: Example, found: Answer) -> int:
    """0 where the answer quotes such a place of the plan, 1 where it quotes another, 2 where the plan has none."""
    first = found.runs[0]
    stored = services.library.get(first.source.plan_id, first.source.version)
    places = example.places(stored.plan) if stored else ()
    if any(quote.ref == place or quote.ref.startswith(f"{place}.") for quote in first.quotes for place in places):
        return 0
    return 1 if places else 2
