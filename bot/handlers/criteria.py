"""/dieukien: the talk over a plan's criteria. One ticks what one would state; the bot says what is stated and what is not.

It gives no verdict: who decides is said where the plan says it.

The whole state stands in the buttons (plan, version, whom it is for, which items are ticked), so that an old one still works.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot import messages
from bot.answers import shown
from bot.handlers.start import ask_institution, plans_for
from bot.handlers.turn import Turn
from bot.moments import today
from bot.render import BULLETS, Button, Composer, Message
from index.answer import place_of
from knowledge.library import holds
from knowledge.model import Criteria, CriterionItem, Plan

TARGETS = {"i": "individual", "c": "collective"}
ITEMS_LIMIT = 40
DIGITS = "0123456789abcdefghijklmnopqrstuv"
Item = tuple[Criteria, CriterionItem]


def show(turn: Turn) -> None:
    """/dieukien: for whom?"""
    if turn.institution is None:
        ask_institution(turn)
        return
    rows: list[list[Button]] = []
    for stored in plans_for(turn, turn.institution):
        plan = stored.plan
        for key, target in TARGETS.items():
            if items(plan, target):
                label = messages.criteria_label(target, plan.number if len(rows) > 1 else None)
                rows.append([Button(label, f"crit.{plan.id}.{plan.version}.{key}.0")])
    turn.say(messages.CRITERIA_FOR_WHOM if rows else messages.CRITERIA_NONE, rows)


def tick(turn: Turn) -> None:
    """A target was chosen, an item ticked (edited in place), or the list is done."""
    if len(turn.data) < 4 or turn.data[2] not in TARGETS:
        turn.toast(messages.OLD_BUTTON)
        return
    plan_id, version, key, mask = turn.data[:4]
    stored = turn.services.library.get(plan_id, int(version) if version.isdecimal() else 0)
    if stored is None or not stored.live:
        turn.toast(messages.PLAN_CHANGED)
        return
    ticked = read_mask(mask)
    found = items(stored.plan, TARGETS[key])
    turn.toast()
    if turn.data[4:] == ["d"]:
        turn.say(_stated(stored.plan, found, ticked, expired=not holds(stored.plan, today(turn.now))))
    elif turn.data[4:] == ["t"]:
        turn.edit(_listed(stored.plan, found, key, ticked))
    else:
        turn.say(_listed(stored.plan, found, key, ticked))


def mask_of(ticked: int) -> str:
    """Which items are ticked, in the few characters that callback data leaves: `ITEMS_LIMIT` of them in eight."""
    shown = ""
    while ticked:
        ticked, digit = divmod(ticked, len(DIGITS))
        shown = DIGITS[digit] + shown
    return shown or DIGITS[0]


def read_mask(shown: str) -> int:
    """What `mask_of` wrote; nothing ticked where it is no such mask."""
    if len(shown) > 8 or not set(shown) <= set(DIGITS):
        return 0
    return int(shown or "0", len(DIGITS))


def items(plan: Plan, target: str) -> list[Item]:
    """The criteria for individuals or collectives, those for both included, in the order of the plan."""
    found = [(group, item) for group in plan.criteria if group.target in (target, None) for item in group.items]
    return found[:ITEMS_LIMIT]


def _listed(plan: Plan, found: Sequence[Item], key: str, ticked: int) -> Message:
    composer = Composer().add(messages.CRITERIA_TICK, "bold")
    last = None
    for number, (group, item) in enumerate(found):
        if group is not last:
            composer.line(messages.criteria_group(_place(plan, group.ref), group.applies_to, group.logic, general=group.general))
            last = group
        words = shown(item.quote).lstrip(BULLETS)
        quote = words if plan.digest else f"“{words}”"
        composer.line(f"{'☑' if ticked >> number & 1 else '☐'} {number + 1}. ").add(quote)
    if plan.digest:
        composer.line(messages.DIGEST, "italic")
    base = f"crit.{plan.id}.{plan.version}.{key}"
    marks = [
        Button(f"{'☑' if ticked >> number & 1 else '☐'} {number + 1}", f"{base}.{mask_of(ticked ^ (1 << number))}.t")
        for number in range(len(found))
    ]
    rows = [marks[start : start + 5] for start in range(0, len(marks), 5)]
    return composer.message([*rows, [Button(messages.CRITERIA_DONE, f"{base}.{mask_of(ticked)}.d")]])


def _stated(plan: Plan, found: Sequence[Item], ticked: int, *, expired: bool) -> Message:
    stated = [f"{number + 1}" for number in range(len(found)) if ticked >> number & 1]
    unstated = [f"{number + 1}" for number in range(len(found)) if not ticked >> number & 1]
    composer = Composer().add(messages.criteria_stated(stated, unstated))
    groups = list(dict.fromkeys(group.ref for group, _ in found))
    for ref in groups:
        group = next(group for group, _ in found if group.ref == ref)
        composer.line(messages.criteria_rule(_place(plan, ref), group.logic, [_place(plan, r) for r in group.requires]))
    judges = list(dict.fromkeys(item.judge for _, item in found if item.judge))
    votes = list(dict.fromkeys(item.vote for _, item in found if item.vote))
    composer.line(messages.criteria_judges(judges, votes))
    composer.line(messages.NO_VERDICT, "bold")
    if expired:
        composer.line(messages.excerpt_expired(plan.period.text if plan.period else None))
    return composer.message()


def _place(plan: Plan, ref: str) -> str:
    by_ref = {clause.ref: clause for clause in reversed(plan.clauses)}
    return place_of(by_ref[ref], by_ref) if ref in by_ref else f"mục {ref}"
