"""/suco: the breach log. What happened to personal data, when it was found, and until when the authorities may have to be told.

The entries are in the audit trail, which nobody can change or delete.
"""

from __future__ import annotations

from datetime import timedelta

from bot import messages
from bot.access import Action, Role, Target
from bot.handlers.turn import Turn
from bot.moments import read, shown
from knowledge.text import one_line

ACTION = "breach"
LIMIT = 1500
SHOWN = 20
TO_REPORT = timedelta(hours=72)
"""How long after its discovery a breach of personal data is to be reported at the latest (Law 91/2025/QH15)."""


def log(turn: Turn) -> None:
    """The log; with words behind the command, a new entry, which every admin is told of."""
    grant = turn.require(Action.AUDIT, Target())
    what = one_line(turn.args)[:LIMIT]
    if not what:
        entries = turn.services.audit.of(ACTION, SHOWN)
        lines = [messages.breach_line(shown(read(entry.at)), str(entry.detail.get("what", ""))) for entry in entries]
        turn.say("\n".join([*(lines or [messages.NO_BREACHES]), messages.BREACH_HOW]))
        return
    turn.audit(ACTION, role=grant.role.value, what=what)
    text = messages.breach_logged(what, shown(turn.now), shown(turn.now + TO_REPORT))
    turn.say(text)
    for other in {grant.person for grant in turn.services.access.holders(Role.ADMIN)} - {turn.person.id}:
        person = turn.people.get(other)
        if person is not None:
            turn.tell(person, messages.breach_told(turn.person.name, text))
