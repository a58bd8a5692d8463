"""A nomination as it travels: the card that reaches the secretariat, its buttons, and the messages back to the unit."""

from __future__ import annotations

from bot import messages
from bot.access import Role, Target
from bot.handlers import groups
from bot.handlers.turn import Turn
from bot.moments import read, shown
from bot.people import Person
from bot.register import number_in
from bot.render import Button, Message, Rows
from bot.render import nomination as rendered
from forms import asking, council, workflow
from forms.duplicates import Likeness
from forms.fields import label
from forms.model import Nomination
from forms.store import Filed

PREFIX = "ĐC"


def data(verb: str, nomination: Nomination, *more: str | int) -> str:
    """Callback data that names a nomination: `verb.org.number`; far below 64 bytes."""
    return ".".join([verb, nomination.org, str(number_in(nomination.code, PREFIX) or 0), *map(str, more)])


def named(turn: Turn) -> Nomination | None:
    """The nomination that a pressed button names, as it stands now."""
    if len(turn.data) < 2 or not turn.data[1].isdecimal():
        return None
    return turn.services.nominations.nomination(turn.data[0], f"{PREFIX}-{int(turn.data[1]):04d}")


def target(nomination: Nomination) -> Target:
    return Target(nomination.org, nomination.unit or None, nomination.author)


def office(nomination: Nomination) -> str:
    """Who receives it: the unit that chairs its field, else the secretariat."""
    return asking.office(nomination)


def secretariat(turn: Turn, org: str | None) -> list[Person]:
    """The people who hold the secretariat's role in an institution."""
    found = {grant.person: turn.people.get(grant.person) for grant in turn.services.access.holders(Role.SECRETARIAT, org)}
    return [person for person in found.values() if person is not None]


def author(turn: Turn, nomination: Nomination) -> Person | None:
    """Who filed it, while they may still see it."""
    return turn.people.get(nomination.author)


def deliver(turn: Turn, filed: Filed) -> None:
    """Carry a submission to everyone in the secretariat, with what changed and who it may be twice."""
    nomination = filed.nomination
    changed = [
        messages.changed(label(nomination, item.field), item.before, item.after)
        for item in (workflow.differences(filed.before, nomination) if filed.before else ())
    ]
    alike = [duplicate(nomination, other, likeness) for other, likeness in turn.services.nominations.likely_duplicates(nomination)]
    for person in secretariat(turn, nomination.org):
        turn.tell(person, card(turn, nomination, again=filed.before is not None))
        for text in changed:
            turn.tell(person, text)
        for hint in alike:
            turn.tell(person, hint)
    groups.announce(turn, nomination)


def duplicate(one: Nomination, other: Nomination, likeness: Likeness) -> Message:
    """Two nominations that may mean the same, with the ways to merge them: only the secretariat does."""
    merges = [Button(messages.merge_button(a.code, b.code), data("mrg", a, number_in(b.code, PREFIX) or 0)) for a, b in _both(one, other)]
    opens = [Button(messages.open_button(a.code), data("see", a)) for a, _ in _both(one, other)]
    return Message(messages.possible_duplicate(one.code, other.code, likeness.text), [merges, opens])


def _both(one: Nomination, other: Nomination) -> tuple[tuple[Nomination, Nomination], ...]:
    return (one, other), (other, one)


def card(turn: Turn, nomination: Nomination, *, again: bool = False) -> Message:
    """Everything the secretariat needs, with what it can do now."""
    sender = turn.people.get(nomination.author)
    at = shown(read(nomination.updated_at))
    head = messages.card(nomination.code, at, nomination.unit, sender.name if sender else "", nomination.state, again=again)
    council = council_result(nomination)
    return rendered(f"{head}\n{messages.card_council(council)}" if council else head, nomination, card_rows(nomination))


def council_result(nomination: Nomination) -> str:
    """What the council came to, "" where nothing is recorded: the vote, or the conclusion with its minutes."""
    vote = nomination.vote
    if vote is not None:
        return messages.vote_outcome(vote.yes, vote.members, council.needed(vote.members), enough=vote.two_thirds)
    if nomination.decision is None:
        return ""
    minutes = f" ({nomination.decision.minutes})" if nomination.decision.minutes else ""
    return messages.decision(approved=nomination.decision.approved) + minutes


def card_rows(nomination: Nomination) -> Rows:
    rows: list[list[Button]] = []
    revision = nomination.revision
    if nomination.state == "submitted":
        rows.append(
            [
                Button(messages.BUTTON_ACCEPT, data("acc", nomination, revision)),
                Button(messages.BUTTON_RETURN, data("ret", nomination, revision)),
            ]
        )
    elif nomination.state == "accepted":
        rows.append([Button(messages.BUTTON_RETURN, data("ret", nomination, revision))])
    if workflow.needs_vote(nomination) and nomination.state in ("accepted", "approved", "declined"):
        said = messages.BUTTON_VOTE if nomination.vote is None else messages.BUTTON_VOTE_AGAIN
        rows.append([Button(said, data("vote", nomination, revision))])
    elif nomination.state in ("accepted", "approved", "declined"):
        said = messages.BUTTON_DECISION if nomination.state == "accepted" else messages.BUTTON_DECISION_AGAIN
        rows.append([Button(said, data("dec", nomination, revision))])
    if nomination.evidence:
        rows.append([Button(messages.BUTTON_EVIDENCE, data("evi", nomination))])
        rows[-1].append(Button(messages.BUTTON_EVIDENCE_ZIP, data("zip", nomination)))
    return rows


def for_unit(nomination: Nomination) -> Message:
    """The unit's own view, with what it can still do."""
    rows: list[list[Button]] = []
    if nomination.state == "returned":
        rows.append([Button(messages.BUTTON_MEND, data("mend", nomination)), Button(messages.BUTTON_ASK_BACK, data("askb", nomination))])
    elif nomination.state == "submitted":
        rows.append([Button(messages.BUTTON_MEND, data("mend", nomination))])
    if nomination.state in ("submitted", "returned", "accepted"):
        rows.append([Button(messages.BUTTON_WITHDRAW, data("wdr", nomination))])
    rows.append([Button(messages.BUTTON_UNIT_PACK, data("pack", nomination))])
    return rendered(messages.nomination_label(nomination.code, "", nomination.state), nomination, rows)
