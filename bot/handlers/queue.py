"""The secretariat's queue: by state, unit and round; and nominations that may mean the same, merged by the secretariat alone."""

from __future__ import annotations

import hashlib

from bot import messages
from bot.access import Action
from bot.audit import Audit
from bot.handlers import cards
from bot.handlers.nominate import actor
from bot.handlers.secretariat import place
from bot.handlers.turn import Turn
from bot.render import Button, in_rows
from forms import workflow
from forms.duplicates import pairs
from forms.model import Nomination, State

SHOWN = 30
PAIRS_SHOWN = 10
CHOICES = 60
ALL = "-"
MERGED: tuple[State, ...] = ("submitted", "returned", "accepted", "approved", "declined")
STATES: dict[str, tuple[State, ...] | None] = {
    "submitted": ("submitted",),
    "returned": ("returned",),
    "accepted": ("accepted", "approved"),
    "all": None,
}


def show(turn: Turn) -> None:
    """/hangcho, and its filters as buttons: "queue.STATE.ROUND.UNIT", "-" for all of them."""
    org = place(turn, Action.REVIEW)
    state, held, unit = _filter(turn)
    round_id = int(held) if held.isdecimal() else None
    there = [n for n in turn.services.nominations.each(org=org, states=STATES[state], round_id=round_id) if n.state != "withdrawn"]
    found = [n for n in there if unit in (ALL, key(n.unit))]
    rows = [[Button(messages.nomination_label(n.code, n.name, n.state), cards.data("see", n))] for n in found[-SHOWN:]]
    if any(n.evidence for n in found):
        rows.append([Button(messages.BUTTON_ALL_EVIDENCE, "zip")])
    filters = [Button(name, f"queue.{other}.{held}.{unit}") for other, name in messages.FILTER.items() if other != state]
    filters.append(Button(messages.QUEUE_BY_UNIT, f"qunit.{state}.{held}"))
    filters.append(Button(messages.QUEUE_BY_ROUND, f"qround.{state}.{unit}"))
    if len(found) > 1:
        filters.append(Button(messages.QUEUE_DUPLICATES, "dups"))
    turn.toast()
    turn.say(_head(turn, found, state, round_id, unit), [*rows, *in_rows(filters)])


def _head(turn: Turn, found: list[Nomination], state: str, round_id: int | None, unit: str) -> str:
    if not found and (state, round_id, unit) == ("submitted", None, ALL):
        return messages.QUEUE_EMPTY
    held = turn.services.nominations.round(round_id) if round_id is not None else None
    of_unit = [found[0].unit or messages.NO_UNIT] if unit != ALL and found else []
    parts = [messages.FILTER[state], *([held.name] if held else []), *of_unit]
    return messages.queue(len(found), ", ".join(parts)) if found else messages.queue_empty(", ".join(parts))


def by_unit(turn: Turn) -> None:
    """Of which unit?"""
    org = place(turn, Action.REVIEW)
    state, held, _ = _filter(turn)
    units = dict.fromkeys(n.unit for n in turn.services.nominations.each(org=org) if n.state != "withdrawn")
    buttons = [Button(name or messages.NO_UNIT, f"queue.{state}.{held}.{key(name)}") for name in sorted(units)[:CHOICES]]
    turn.toast()
    turn.say(messages.QUEUE_WHICH_UNIT, in_rows([Button(messages.QUEUE_EVERY_UNIT, f"queue.{state}.{held}.{ALL}"), *buttons]))


def by_round(turn: Turn) -> None:
    """Of which round?"""
    org = place(turn, Action.REVIEW)
    state, unit = _filter(turn)[0], (turn.data[1:2] or [ALL])[0]
    rounds = turn.services.nominations.rounds(org)[:CHOICES]
    buttons = [Button(held.name, f"queue.{state}.{held.id}.{unit}") for held in rounds]
    turn.toast()
    turn.say(messages.QUEUE_WHICH_ROUND, in_rows([Button(messages.QUEUE_EVERY_ROUND, f"queue.{state}.{ALL}.{unit}"), *buttons]))


def key(unit: str) -> str:
    """A unit in callback data, which is too short for its name."""
    return hashlib.sha256(unit.encode()).hexdigest()[:10]


def _filter(turn: Turn) -> tuple[str, str, str]:
    state, held, unit = (*turn.data[:3], *[""] * 3)[:3]
    return state if state in STATES else "submitted", held or ALL, unit or ALL


# --- duplicates ------------------------------------------------------------------------------------------------------


def duplicates(turn: Turn) -> None:
    """Pairs that may mean the same nominee. A hint: nothing is merged by itself."""
    org = place(turn, Action.REVIEW)
    found = pairs(n for n in turn.services.nominations.each(org=org, states=MERGED))
    turn.toast()
    if not found:
        turn.say(messages.NO_DUPLICATES)
    for one, other, likeness in found[:PAIRS_SHOWN]:
        turn.say(cards.duplicate(one, other, likeness))


def merge_wanted(turn: Turn) -> None:
    """Ask once more before two become one."""
    both = _both(turn)
    if both is None:
        return
    one, into = both
    turn.toast()
    data = cards.data("mrgs", one, turn.data[2], one.revision)
    turn.say(messages.merge_question(one.code, into.code), [[Button(messages.MERGE_SURE, data)]])


def merge(turn: Turn) -> None:
    """The first is withdrawn in favour of the second, and its unit hears of it."""
    both = _both(turn)
    if both is None:
        return
    one, into = both
    if turn.data[3:4] != [str(one.revision)]:
        turn.toast(messages.DONE_ALREADY)
        return
    grant = turn.require(Action.REVIEW, cards.target(one))
    changed, changes = workflow.merge(one, into, actor(turn, grant), turn.now)
    turn.services.nominations.update(one, changed)
    Audit(turn.services.db).changes(changes, turn.now)
    turn.toast()
    turn.say(messages.merged(one.code, into.code))
    filer = cards.author(turn, one)
    if filer:
        turn.tell(filer, messages.merged_for_unit(one.code, one.name, into.code))


def _both(turn: Turn) -> tuple[Nomination, Nomination] | None:
    """The two that a button names, while both are there to be merged."""
    one = cards.named(turn)
    number = turn.data[2] if len(turn.data) > 2 else ""
    into = turn.services.nominations.nomination(one.org, f"{cards.PREFIX}-{int(number):04d}") if one and number.isdecimal() else None
    if one is None or into is None:
        turn.toast(messages.OLD_BUTTON)
        return None
    turn.require(Action.REVIEW, cards.target(one))
    if one.state not in MERGED or into.state == "withdrawn":
        turn.toast(messages.DONE_ALREADY)
        return None
    return one, into
