"""The council's record: members, votes and who stood aside, typed by the secretariat, shown, then recorded.

Two thirds are counted of all members, exactly (`forms.model.Vote`). A vote may be recorded again until the nomination is forwarded.
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
from forms.model import Nomination, Vote
from forms.values import Invalid

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
