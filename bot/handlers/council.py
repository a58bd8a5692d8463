"""The council's record: members, votes and who stood aside, typed by the secretariat, shown, then recorded.

Two thirds are counted of all members, exactly (`forms.model.Vote`). Where no criterion claimed asks for a vote, the conclusion of
the meeting is recorded with its minutes. Either may be recorded again until the nomination is forwarded.
"""

from __future__ import annotations

from bot import messages
from bot.access import Action
from bot.audit import Audit
from bot.handlers import cards
from bot.handlers.nominate import actor
from bot.handlers.turn import Turn
from bot.render import Button
from forms import council, workflow
from forms.model import Decision, Nomination, Vote
from forms.values import Invalid, line

VOTED = ("accepted", "approved", "declined")


def wanted(turn: Turn) -> None:
    """Ask for the record of a nomination whose criteria want a vote."""
    nomination = _fresh(turn)
    if nomination is None:
        return
    turn.wait({"for": "vote", "org": nomination.org, "code": nomination.code, "revision": nomination.revision})
    turn.toast()
    turn.say(messages.vote_wanted(nomination.code, nomination.name, council.EXAMPLE))


def typed(turn: Turn) -> None:
    """The record was typed: shown with what it comes to, before it counts. Typed again, it replaces what was shown."""
    waiting = turn.person.waiting or {}
    nomination = turn.services.nominations.nomination(waiting["org"], waiting["code"])
    if nomination is None or nomination.revision != waiting["revision"]:
        turn.wait(None)
        turn.say(messages.DONE_ALREADY)
        return
    turn.require(Action.REVIEW, cards.target(nomination))
    try:
        vote = council.read_vote(turn.text)
    except Invalid as error:
        turn.say(str(error))
        return
    turn.wait({**waiting, "vote": vote.model_dump()})
    rows = [
        [
            Button(messages.VOTE_RECORD, cards.data("vrec", nomination, nomination.revision)),
            Button(messages.VOTE_AGAIN, cards.data("vote", nomination, nomination.revision)),
        ]
    ]
    turn.say(messages.vote_shown(nomination.code, outcome(vote), list(vote.excluded)), rows)


def record(turn: Turn) -> None:
    """What was shown is recorded; the unit hears the result, not who stood aside."""
    nomination = _fresh(turn)
    waiting = turn.person.waiting or {}
    if nomination is None:
        return
    if waiting.get("for") != "vote" or (waiting["org"], waiting["code"]) != (nomination.org, nomination.code) or "vote" not in waiting:
        turn.toast(messages.OLD_BUTTON)
        return
    grant = turn.require(Action.REVIEW, cards.target(nomination))
    vote = Vote.model_validate(waiting["vote"])
    changed, changes = workflow.record_vote(nomination, vote, actor(turn, grant), turn.now)
    turn.services.nominations.update(nomination, changed)
    Audit(turn.services.db).changes(changes, turn.now)
    turn.wait(None)
    turn.toast()
    turn.say(messages.vote_recorded(changed.code, outcome(vote)))
    turn.say(cards.card(turn, changed))
    filer = cards.author(turn, changed)
    if filer:
        turn.tell(filer, messages.vote_for_unit(changed.code, changed.name, outcome(vote)))


# --- without a vote --------------------------------------------------------------------------------------------------


def decision_wanted(turn: Turn) -> None:
    """What the meeting came to, where the plan asks for no vote."""
    nomination = _without_vote(turn)
    if nomination is None:
        return
    turn.toast()
    ways = ((messages.DECISION_YES, "yes"), (messages.DECISION_NO, "no"))
    rows = [[Button(said, cards.data("deci", nomination, nomination.revision, way)) for said, way in ways]]
    turn.say(messages.decision_wanted(nomination.code, nomination.name), rows)


def minutes_wanted(turn: Turn) -> None:
    """The conclusion was chosen: by which minutes?"""
    nomination = _without_vote(turn)
    way = turn.data[3:4]
    if nomination is None or way not in (["yes"], ["no"]):
        return
    waiting = {"for": "minutes", "org": nomination.org, "code": nomination.code, "revision": nomination.revision}
    turn.wait({**waiting, "approved": way == ["yes"]})
    turn.toast()
    rows = [[Button(messages.DECISION_NO_MINUTES, cards.data("decm", nomination, nomination.revision))]]
    turn.say(messages.decision_minutes_wanted(nomination.code), rows)


def minutes_typed(turn: Turn) -> None:
    """The minutes were named: the conclusion is recorded."""
    waiting = turn.person.waiting or {}
    nomination = turn.services.nominations.nomination(waiting["org"], waiting["code"])
    turn.wait(None)
    if nomination is None or nomination.revision != waiting["revision"]:
        turn.say(messages.DONE_ALREADY)
        return
    _decide(turn, nomination, approved=waiting["approved"], minutes=line(turn.text)[:300])


def without_minutes(turn: Turn) -> None:
    """The conclusion is recorded, its minutes are named later."""
    nomination = _without_vote(turn)
    waiting = turn.person.waiting or {}
    if nomination is None:
        return
    if waiting.get("for") != "minutes" or (waiting["org"], waiting["code"]) != (nomination.org, nomination.code):
        turn.toast(messages.OLD_BUTTON)
        return
    turn.wait(None)
    turn.toast()
    _decide(turn, nomination, approved=waiting["approved"], minutes="")


def _decide(turn: Turn, nomination: Nomination, *, approved: bool, minutes: str) -> None:
    """Recorded; the unit hears the result."""
    grant = turn.require(Action.REVIEW, cards.target(nomination))
    changed, changes = workflow.decide(nomination, Decision(approved=approved, minutes=minutes), actor(turn, grant), turn.now)
    turn.services.nominations.update(nomination, changed)
    Audit(turn.services.db).changes(changes, turn.now)
    said = messages.decision(approved=approved)
    turn.say(messages.decision_recorded(changed.code, said, minutes))
    turn.say(cards.card(turn, changed))
    filer = cards.author(turn, changed)
    if filer:
        turn.tell(filer, messages.decision_for_unit(changed.code, changed.name, said))


def _without_vote(turn: Turn) -> Nomination | None:
    nomination = _fresh(turn)
    if nomination is not None and workflow.needs_vote(nomination):
        turn.toast(messages.OLD_BUTTON)
        return None
    return nomination


def outcome(vote: Vote) -> str:
    """ "6/9 thành viên đồng ý, đủ hai phần ba (cần ít nhất 6)"."""
    return messages.vote_outcome(vote.yes, vote.members, council.needed(vote.members), enough=vote.two_thirds)


def _fresh(turn: Turn) -> Nomination | None:
    nomination = cards.named(turn)
    if nomination is None:
        turn.toast(messages.OLD_BUTTON)
        return None
    turn.require(Action.REVIEW, cards.target(nomination))
    if nomination.state not in VOTED or turn.data[2:3] != [str(nomination.revision)]:
        turn.toast(messages.DONE_ALREADY)
        return None
    return nomination
