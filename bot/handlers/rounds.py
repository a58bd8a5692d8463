"""Rounds (đợt): opened by the secretariat, watched by it, answered by the units, closed into a fixed list."""

from __future__ import annotations

from datetime import date, datetime

from bot import messages
from bot.access import Action, Grant, Role, Target
from bot.audit import Audit
from bot.handlers import compiled
from bot.handlers.nominate import actor
from bot.handlers.secretariat import place
from bot.handlers.start import plans_for
from bot.handlers.turn import Turn
from bot.moments import today
from bot.render import Button, Rows, shortened
from forms import rounds
from forms.model import FormSpec, Round
from knowledge.library import StoredPlan, holds
from knowledge.text import one_line


def show(turn: Turn) -> None:
    """/dot: for the secretariat every open round and how it stands; for a unit head, a way to say that they nominate nobody."""
    grant = _unit_head(turn)
    if grant is not None and not turn.allows(Action.ROUND, Target(turn.person.org)):
        _show_to_unit(turn, grant)
        return
    org = place(turn, Action.ROUND)
    held = turn.services.nominations.rounds(org, state="open")
    for found in held:
        turn.say(_status(turn, found), [[Button(messages.ROUND_CLOSE, f"rclose.{found.id}.{found.revision}")]])
    rows = [[Button(messages.ROUND_OPEN, "rnew")]]
    compiled.show_closed(turn, org)
    turn.say(messages.ROUNDS_HEAD if held else messages.NO_ROUNDS, rows)


def _unit_head(turn: Turn) -> Grant | None:
    return turn.services.access.holds(turn.person.id, Role.UNIT_HEAD, turn.person.org)


def _show_to_unit(turn: Turn, grant: Grant) -> None:
    held = turn.services.nominations.rounds(grant.org, state="open")
    if not held:
        turn.say(messages.NO_ROUNDS)
    for found in held:
        rows: Rows = [[Button(messages.ROUND_NOBODY, f"rnone.{found.id}")]] if grant.unit else []
        turn.say(messages.round_open_now(found.name, _day(found.closes)), rows)


def nobody(turn: Turn) -> None:
    """A unit says that it nominates nobody in a round."""
    held = _round(turn)
    grant = _unit_head(turn)
    if held is None or grant is None or grant.unit is None or grant.org != held.org:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.NOMINATE, Target(held.org, grant.unit, turn.person.id))
    changed, changes = rounds.nominate_nobody(held, grant.unit, actor(turn, grant))
    turn.services.nominations.save_round(held, changed)
    Audit(turn.services.db).changes(changes, turn.now)
    turn.toast()
    turn.say(messages.nobody_noted(grant.unit, held.name))


# --- opening ---------------------------------------------------------------------------------------------------------


def wanted(turn: Turn) -> None:
    """A new round: for which plan?"""
    org = place(turn, Action.ROUND)
    plans = plans_for(turn, turn.services.library.known(org))
    turn.toast()
    if not plans:
        turn.say(messages.NO_PLAN_YET)
    elif len(plans) == 1:
        _for_plan(turn, org, plans[0], sure=False)
    else:
        rows = [[Button(shortened(stored.plan.title or stored.plan.source), f"ropen.{stored.plan.id}")] for stored in plans]
        turn.say(messages.ROUND_WHICH_PLAN, rows)


def for_plan(turn: Turn) -> None:
    """A plan was chosen; where its period is over, opening is asked for once more."""
    org = place(turn, Action.ROUND)
    plans = plans_for(turn, turn.services.library.known(org))
    stored = next((found for found in plans if turn.data and found.plan.id == turn.data[0]), None)
    if stored is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.toast()
    _for_plan(turn, org, stored, sure=turn.data[1:] == ["sure"])


def _for_plan(turn: Turn, org: str, stored: StoredPlan, *, sure: bool) -> None:
    if not holds(stored.plan, today(turn.now)) and not sure:
        turn.say(messages.ROUND_PAST, [[Button(messages.ROUND_PAST_SURE, f"ropen.{stored.plan.id}.sure")]])
        return
    turn.wait({"for": "round_date", "org": org, "plan": stored.plan.id})
    turn.say(messages.ROUND_CLOSES, [[Button(messages.SKIP, "rdate")]])


def date_given(turn: Turn) -> None:
    """The closing day was typed, or skipped with the button."""
    waiting = turn.person.waiting or {}
    if waiting.get("for") != "round_date":
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.ROUND, Target(waiting["org"]))
    closes = _date(turn.text) if turn.text else None
    if turn.text and (closes is None or closes < today(turn.now)):
        turn.say(messages.ROUND_DATE_WRONG, [[Button(messages.SKIP, "rdate")]])
        return
    turn.wait({**waiting, "for": "round_units", "closes": closes.isoformat() if closes else None})
    turn.toast()
    turn.say(messages.ROUND_UNITS, [[Button(messages.SKIP, "runits")]])


def units_given(turn: Turn) -> None:
    """The expected units were typed, or skipped: the round opens and the unit heads hear of it."""
    waiting = turn.person.waiting or {}
    if waiting.get("for") != "round_units":
        turn.toast(messages.OLD_BUTTON)
        return
    org = waiting["org"]
    grant = turn.require(Action.ROUND, Target(org))
    stored = turn.services.library.get(waiting["plan"])
    turn.wait(None)
    turn.toast()
    if stored is None or not stored.live:
        turn.say(messages.OLD_BUTTON)
        return
    units = tuple(one_line(line)[:120] for line in turn.text.splitlines() if one_line(line))
    closes = date.fromisoformat(waiting["closes"]) if waiting.get("closes") else None
    held = open_round(turn, stored, org, grant, closes=closes, units=units)
    turn.say(messages.round_opened(held.name, _day(held.closes)))
    institution = turn.services.library.known(org)
    for holder in turn.services.access.holders(Role.UNIT_HEAD, org):
        head = turn.people.get(holder.person)
        if head and head.id != turn.person.id:
            turn.tell(head, messages.round_opened_for_units(held.name, institution.name, _day(held.closes)))


def open_round(turn: Turn, stored: StoredPlan, org: str, grant: Grant, *, closes: date | None, units: tuple[str, ...] = ()) -> Round:
    """Open a round of a plan and record who opened it; a plan whose period is over is marked as opened knowingly."""
    count = len(turn.services.nominations.rounds(org)) + 1
    made, changes = rounds.open_round(
        FormSpec.from_plan(stored.plan).model_copy(update={"org": org}),
        messages.round_name(count),
        today(turn.now),
        actor(turn, grant),
        closes=closes,
        own_date=closes is not None,
        standing=closes is None,
        past_plan=not holds(stored.plan, today(turn.now)),
        units=units,
    )
    held = turn.services.nominations.add_round(made)
    Audit(turn.services.db).changes(rounds.about(held, changes), turn.now)
    return held


# --- closing ---------------------------------------------------------------------------------------------------------


def close(turn: Turn) -> None:
    """Close a round: what is accepted becomes its fixed list."""
    held = _round(turn)
    if held is None or len(turn.data) < 2 or str(held.revision) != turn.data[1] or held.state != "open":
        turn.toast(messages.ROUND_CLOSED_ALREADY)
        return
    grant = turn.require(Action.ROUND, Target(held.org))
    turn.toast()
    compiled.fix(turn, held, grant)


def _status(turn: Turn, held: Round) -> str:
    stands = rounds.progress(held, turn.services.nominations.each(org=held.org, round_id=held.id))
    filed = [f"{unit} ({count})" for unit, count in stands.filed]
    return messages.round_status(held.name, _day(held.closes), filed, list(stands.missing), list(stands.nobody))


def _round(turn: Turn) -> Round | None:
    return turn.services.nominations.round(int(turn.data[0])) if turn.data and turn.data[0].isdecimal() else None


def _day(day: date | None) -> str | None:
    return f"{day:%d/%m/%Y}" if day else None


def _date(text: str) -> date | None:
    for pattern in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
    return None
