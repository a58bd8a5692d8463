"""The numbered list of a round: fixed when the round is closed, its later versions, and its way to the office above.

A list is kept as it stood (`forms.rounds.CompiledList`); a change after that makes "bản 2, thay bản 1" under the same number.
"""

from __future__ import annotations

from bot import messages
from bot.access import Action, Grant, Target
from bot.audit import Audit
from bot.handlers import cards, lists
from bot.handlers.lists import FORMATS, filename, made
from bot.handlers.nominate import actor
from bot.handlers.secretariat import place
from bot.handlers.turn import Turn
from bot.moments import read, today
from bot.render import Button, Rows
from forms import papers, rounds, workflow
from forms.layout import Heading, Slot
from forms.model import Nomination, Round
from forms.rounds import CompiledList
from knowledge.library import Institution

CLOSED_SHOWN = 5


def fix(turn: Turn, held: Round, grant: Grant) -> None:
    """Close a round: what is ready is forwarded on a numbered list, what is not is named."""
    store = turn.services.nominations
    number = store.next_list_number(held.org)
    filed = _forwarded(turn, held, number, grant)
    closed, fixed, changes = rounds.close(held, filed, number, actor(turn, grant), turn.now)
    store.save_round(held, closed)
    store.add_list(fixed)
    Audit(turn.services.db).changes(changes, turn.now)
    turn.say(messages.round_closed(held.name))
    _send(turn, closed, fixed)
    left = [n.code for n in store.each(org=held.org, round_id=held.id) if n.state in ("submitted", "returned", "accepted")]
    if left:
        turn.say(messages.list_without(left))


def correct(turn: Turn) -> None:
    """The next version of a closed round's list. A second press finds the version there already."""
    found = _list(turn)
    if found is None:
        return
    held, last = found
    grant = turn.require(Action.COMPILE, Target(held.org))
    if turn.data[1:2] != [str(last.version)]:
        turn.toast(messages.DONE_ALREADY)
        return
    filed = _forwarded(turn, held, last.number, grant)
    fixed, changes = rounds.correct(last, held, filed, actor(turn, grant), turn.now)
    turn.services.nominations.add_list(fixed)
    Audit(turn.services.db).changes(changes, turn.now)
    turn.toast()
    _send(turn, held, fixed)


def fetch(turn: Turn) -> None:
    """The newest version again: for its own secretariat, and for the office above once it was forwarded there."""
    found = _list(turn)
    if found is None:
        return
    held, last = found
    parent = _parent(turn, held.org)
    version = _sent_up(turn, held)
    if not turn.allows(Action.COMPILE, Target(held.org)) and parent is not None and version:
        turn.require(Action.COMPILE, Target(parent.slug))
        last = next(fixed for fixed in turn.services.nominations.lists(held.id) if fixed.version == version)
    else:
        turn.require(Action.COMPILE, Target(held.org))
    turn.toast()
    _documents(turn, held, last, turn.chat_id)


def forward(turn: Turn) -> None:
    """The list goes to the secretariat of the office above, each version once."""
    found = _list(turn)
    if found is None:
        return
    held, last = found
    turn.require(Action.COMPILE, Target(held.org))
    parent = _parent(turn, held.org)
    if parent is None or turn.data[1:2] != [str(last.version)] or _sent_up(turn, held) == last.version:
        turn.toast(messages.DONE_ALREADY)
        return
    people = cards.secretariat(turn, parent.slug)
    turn.toast()
    if not people:
        turn.say(messages.no_secretariat_above(parent.name))
        return
    turn.settings.set(_sent_name(held), last.version)
    turn.audit("list_sent_up", role="secretariat", org=held.org, subject=f"list:{last.number}", version=last.version, to=parent.slug)
    institution = turn.services.library.known(held.org)
    for person in people:
        turn.tell(person, messages.list_arrived(institution.name, last.number, last.label, len(last.nominations)))
        _documents(turn, held, last, person.chat_id)
    turn.say(messages.list_sent_up(last.number, last.label, parent.name))


def show_closed(turn: Turn, org: str) -> None:
    """Under /dot: the newest closed rounds, each with its list."""
    for held in turn.services.nominations.rounds(org, state="closed")[:CLOSED_SHOWN]:
        versions = turn.services.nominations.lists(held.id)
        if versions:
            last = versions[-1]
            turn.say(messages.list_head(held.name, last.number, last.label, len(last.nominations)), _rows(turn, held, last))


def show_received(turn: Turn, org: str) -> None:
    """Under /tonghop: the lists that the schools below have forwarded here."""
    store = turn.services.nominations
    below = [found for found in turn.services.library.institutions() if found.parent == org]
    rows = [
        [Button(messages.list_of(school.name, held.name), f"lget.{held.id}")]
        for school in below
        for held in store.rounds(school.slug, state="closed")
        if _sent_up(turn, held)
    ]
    if rows:
        turn.say(messages.LISTS_RECEIVED, rows[:50])


def overview(turn: Turn) -> None:
    """/tonghop: the institution's list as it stands today, and what the schools below have forwarded."""
    lists.compile_list(turn)
    show_received(turn, place(turn, Action.COMPILE))


def _forwarded(turn: Turn, held: Round, number: int, grant: Grant) -> list[Nomination]:
    """The round's nominations, those that are ready forwarded now. One that waits for the council's vote is left out."""
    store = turn.services.nominations
    found = []
    for nomination in store.nominations(org=held.org, round_id=held.id, states=rounds.LISTED):
        if nomination.state == "accepted" and workflow.needs_vote(nomination):
            continue
        if nomination.state != "forwarded":
            before = nomination
            nomination, changes = workflow.forward(before, number, actor(turn, grant), turn.now)
            store.update(before, nomination)
            Audit(turn.services.db).changes(changes, turn.now)
            filer = cards.author(turn, nomination)
            if filer:
                turn.tell(filer, messages.forwarded_for_unit(nomination.code, nomination.name, number))
        found.append(nomination)
    return found


def _send(turn: Turn, held: Round, fixed: CompiledList) -> None:
    if fixed.nominations:
        _documents(turn, held, fixed, turn.chat_id)
    turn.say(messages.list_head(held.name, fixed.number, fixed.label, len(fixed.nominations)), _rows(turn, held, fixed))


def _documents(turn: Turn, held: Round, fixed: CompiledList, chat_id: int) -> None:
    institution = turn.services.library.known(held.org)
    parent = _parent(turn, held.org)
    heading = Heading(issuer=institution.name, superior=parent.name if parent else "")
    slots = (Slot(title=messages.COMPILED_BY), Slot(title=messages.COMPILED_HEAD))
    name = f"{messages.FILE_COMPILED} {fixed.number} bản {fixed.version}"
    day = today(read(fixed.made_at)).isoformat()
    for format in FORMATS:
        data = made(lambda out, format=format: papers.compiled(fixed, held, heading, slots, out, format), format)  # type: ignore[misc]
        turn.document(data, filename(name, held.org, day, format), chat_id=chat_id)


def _rows(turn: Turn, held: Round, fixed: CompiledList) -> Rows:
    rows = [
        [
            Button(messages.LIST_GET, f"lget.{held.id}"),
            Button(messages.LIST_CORRECT, f"lnew.{held.id}.{fixed.version}"),
        ]
    ]
    parent = _parent(turn, held.org)
    if parent is not None and fixed.nominations and _sent_up(turn, held) != fixed.version:
        rows.append([Button(messages.list_forward(parent.name), f"lfwd.{held.id}.{fixed.version}")])
    return rows


def _list(turn: Turn) -> tuple[Round, CompiledList] | None:
    held = turn.services.nominations.round(int(turn.data[0])) if turn.data and turn.data[0].isdecimal() else None
    versions = turn.services.nominations.lists(held.id) if held else []
    if held is None or not versions:
        turn.toast(messages.OLD_BUTTON)
        return None
    return held, versions[-1]


def _parent(turn: Turn, org: str) -> Institution | None:
    parent = turn.services.library.known(org).parent
    return turn.services.library.institution(parent) if parent else None


def _sent_up(turn: Turn, held: Round) -> int:
    """The version that was forwarded to the office above; 0 where none was."""
    return int(turn.settings.get(_sent_name(held)) or 0)


def _sent_name(held: Round) -> str:
    return f"sent_up:{held.id}"
