"""A compiled list that comes back edited in Word or Excel: its differences are shown, and count once they are confirmed."""

from __future__ import annotations

from typing import Any

from bot import messages
from bot.access import Action, Target
from bot.audit import Audit
from bot.handlers import cards
from bot.handlers.nominate import actor
from bot.handlers.progress import Progress
from bot.handlers.turn import Turn
from bot.render import Button, Message
from forms import tables, workflow
from forms.fields import label
from forms.model import Nomination
from forms.tables import Reading

SHOWN = 40


def is_compiled(reading: Reading) -> bool:
    """Whether the table carries the numbers of nominations: ours, sent back."""
    return any(row.code for row in reading.rows)


def show(turn: Turn, reading: Reading, org: str, told: Progress) -> None:
    """What the file changes, row by row; nothing is changed yet."""
    turn.require(Action.REVIEW, Target(org))
    held = _compared(turn, reading, org)
    found = tables.compare(reading, held.values())
    lines = [
        messages.list_change(code, label(held[code], item.field), item.before, item.after)
        for code, items in found.changes.items()
        for item in items
    ]
    rest = [messages.cell_problem(problem.place, problem.message) for problem in found.problems[:10]]
    if found.unknown:
        rest.append(messages.list_unknown([row.code or row.values.get("name", "") for row in found.unknown]))
    if found.missing:
        rest.append(messages.list_missing(list(found.missing)))
    if not lines:
        told.ends(turn, "\n".join([messages.LIST_SAME, *rest]))
        return
    changes = {code: {item.field: item.after for item in items} for code, items in found.changes.items()}
    revisions = {code: held[code].revision for code in changes}
    turn.wait({"for": "list_changes", "org": org, "changes": changes, "revisions": revisions})
    more = [messages.more_lines(len(lines) - SHOWN)] if len(lines) > SHOWN else []
    rows = [[Button(messages.LIST_TAKE, "ledit"), Button(messages.LIST_LEAVE, "lleave")]]
    told.ends(turn, Message("\n".join([messages.LIST_CHANGES, *lines[:SHOWN], *more, *rest]), rows))


def _compared(turn: Turn, reading: Reading, org: str) -> dict[str, Nomination]:
    """What the file is compared with: the numbered list that it is of, where all its rows are on one, else all there is."""
    held = {n.code: n for n in turn.services.nominations.each(org=org) if n.state not in ("withdrawn", "returned")}
    numbers = {held[row.code].list_number for row in reading.rows if row.code in held}
    if len(numbers) != 1 or None in numbers:
        return held
    return {code: n for code, n in held.items() if n.list_number in numbers}


def take(turn: Turn) -> None:
    """The differences that were shown count now; if a nomination was changed since, none of them does."""
    waiting = _waiting(turn)
    if waiting is None:
        return
    store = turn.services.nominations
    changed_codes = []
    listed: set[int] = set()
    for code, values in waiting["changes"].items():
        before = store.nomination(waiting["org"], code)
        if before is None or before.revision != waiting["revisions"][code]:
            raise workflow.NotAllowed(messages.list_outdated(code))
        grant = turn.require(Action.REVIEW, cards.target(before))
        after, changes = workflow.amend(before, values, actor(turn, grant), turn.now)
        store.update(before, after)
        Audit(turn.services.db).changes(changes, turn.now)
        changed_codes.append(code)
        if after.state == "forwarded" and after.round_id is not None:
            listed.add(after.round_id)
        filer = cards.author(turn, after)
        if filer and filer.id != turn.person.id:
            parts = [messages.changed(label(after, d.field), d.before, d.after) for d in workflow.differences(before, after)]
            turn.tell(filer, messages.amended_for_unit(code, parts))
    turn.wait(None)
    turn.toast()
    rows = []
    for round_id in sorted(listed):
        held, versions = store.round(round_id), store.lists(round_id)
        if held is not None and versions:
            rows.append([Button(messages.list_correct_of(held.name), f"lnew.{round_id}.{versions[-1].version}")])
    turn.say(messages.list_taken(changed_codes), rows)


def leave(turn: Turn) -> None:
    if _waiting(turn) is not None:
        turn.wait(None)
        turn.toast()
        turn.say(messages.PLAN_DISCARDED)


def _waiting(turn: Turn) -> dict[str, Any] | None:
    waiting = turn.person.waiting or {}
    if waiting.get("for") != "list_changes":
        turn.toast(messages.OLD_BUTTON)
        return None
    turn.require(Action.REVIEW, Target(waiting["org"]))
    return waiting
