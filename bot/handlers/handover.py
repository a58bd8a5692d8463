"""A draft that goes on in the hands of another person of the unit: an assistant begins, the head sends, or the other way round."""

from __future__ import annotations

from bot import messages
from bot.access import Action, Role, Target
from bot.handlers.nominate import own_draft
from bot.handlers.turn import Turn
from bot.people import Person
from bot.render import Button
from forms import flow
from forms.dialogue import HandOver
from forms.model import Draft


def others(turn: Turn, org: str, unit: str) -> list[Person]:
    """Who else may go on with a draft of this unit."""
    holders = turn.services.access.holders(Role.UNIT_HEAD, org)
    found = {grant.person: turn.people.get(grant.person) for grant in holders if (grant.unit or "") == unit}
    return [person for number, person in found.items() if person is not None and number != turn.person.id]


def wanted(turn: Turn) -> None:
    """To whom?"""
    draft = _open_draft(turn)
    if draft is None:
        return
    people = others(turn, draft.org, draft.unit)
    turn.toast()
    if not people:
        turn.say(messages.NOBODY_TO_HAND_TO)
        return
    rows = [[Button(person.name, f"hands.{draft.id}.{person.id}")] for person in people[:20]]
    turn.say(messages.hand_to_whom(draft.name), rows)


def hand(turn: Turn) -> None:
    """The draft changes hands: from now on only the other one can go on with it. Both are told."""
    draft = _open_draft(turn)
    if draft is None:
        return
    person = next((one for one in others(turn, draft.org, draft.unit) if turn.data[1:2] == [str(one.id)]), None)
    if person is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.NOMINATE, Target(draft.org, draft.unit or None, turn.person.id))
    moved, _ = flow.advance(draft, HandOver(author=person.id))
    if not turn.services.nominations.save(draft, moved, turn.now):
        turn.toast(messages.OLD_BUTTON)
        return
    turn.audit("draft_handed_over", role=Role.UNIT_HEAD.value, org=draft.org, subject=f"draft:{draft.id}", to=person.id)
    if (turn.person.waiting or {}).get("draft") == draft.id:
        turn.wait(None)
    turn.toast()
    turn.say(messages.draft_handed(draft.name, person.name))
    turn.tell(person, messages.draft_arrived(draft.name, turn.person.name), [[Button(messages.BUTTON_CONTINUE, f"draft.{draft.id}")]])


def _open_draft(turn: Turn) -> Draft | None:
    draft = own_draft(turn, turn.data[0]) if turn.data else None
    if draft is None or draft.status not in ("open", "paused"):
        turn.toast(messages.OLD_BUTTON)
        return None
    return draft
