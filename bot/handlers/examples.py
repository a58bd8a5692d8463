"""The questions shown as buttons at the first contact: only such as the institution's plans answer, of three different kinds.

The engine is asked once for each state of the plans, on another thread and before the turn that shows them begins. A question whose
answer quotes the place that the plan gives to such things comes before one that is merely answered.
"""

from __future__ import annotations

import asyncio
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
    from index.engine import Engine

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


async def fitting(services: Services, institution: Institution, day: date) -> list[int]:
    """The numbers of up to three examples that the institution's plans, or those of the office above it, answer.

    Until the event loop is next waited for, `known` gives the same.
    """
    async with services.trying:
        while (held := _held(services)).get(institution.slug) is None:
            found = await asyncio.to_thread(_found, services.engine, institution.slug, day)
            held[institution.slug] = _chosen(services, found)
        return held[institution.slug]


def known(services: Services, institution: Institution) -> list[int]:
    """What `fitting` gave for the plans as they are; nothing where it was not asked."""
    return _held(services).get(institution.slug, [])


def _held(services: Services) -> dict[str, list[int]]:
    """The examples by institution, as long as the plans stay as they are."""
    catalogue = services.engine.catalogue
    if services.examples is None or services.examples[0] is not catalogue:
        services.examples = (catalogue, {})
    return services.examples[1]


def _found(engine: Engine, slug: str, day: date) -> list[Answer | None]:
    """The answer to each example, where there is one. Takes time."""
    asked = (engine.ask(example.text, org=slug, today=day) for example in EXAMPLES)
    return [found if isinstance(found, Answer) else None for found in asked]


def _chosen(services: Services, found: Sequence[Answer | None]) -> list[int]:
    ranked = [(_misses(services, EXAMPLES[number], answer), number) for number, answer in enumerate(found) if answer]
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
