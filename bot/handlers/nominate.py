"""The unit head's day: /decu and the form step by step, submitting, the receipt, /hoso, mending what came back, withdrawing.

The form itself is `forms.flow`; here its replies become messages, and what it files is stored, audited, receipted and carried to
the secretariat in one transaction.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from bot import failpoints, messages
from bot.access import Action, Grant, Role, Target
from bot.audit import Audit
from bot.handlers import cards
from bot.handlers.start import plans_for
from bot.handlers.turn import Turn
from bot.moments import shown, today
from bot.render import Button, form_reply
from forms import asking, flow, rounds, workflow
from forms.dialogue import Ask, Attach, Event, Note, Press, Reply, Resume, Start, Submitted, Text
from forms.dialogue import Undo as UndoCancel
from forms.model import Actor, Draft, FormSpec, Nomination, Round
from forms.spec import shorten
from knowledge.library import StoredPlan, holds

STEP = re.compile(r"^[^:.]+:\d+:.+$")
QUIET = ("stale", "sent", "unknown")


# --- opening ---------------------------------------------------------------------------------------------------------


def nominate(turn: Turn) -> None:
    """/decu: the plan, then the form. What is behind the command is read as facts of the nominee."""
    grant = may_nominate(turn)
    assert grant.org is not None
    if turn.person.org != grant.org:
        turn.people.belongs(turn.person.id, grant.org)
    plans = plans_of(turn, grant)
    if not plans:
        turn.say(messages.NO_PLAN_YET)
    elif len(plans) == 1:
        open_form(turn, grant, plans[0], turn.args)
    else:
        rows = [[Button(plan_label(stored), f"nom.{stored.plan.id}")] for stored in plans]
        turn.say(messages.NOMINATE_WHICH_PLAN, rows)


def nominate_by_plan(turn: Turn) -> None:
    """A plan was chosen for the nomination."""
    grant = may_nominate(turn)
    assert grant.org is not None
    stored = next((s for s in plans_of(turn, grant) if turn.data and s.plan.id == turn.data[0]), None)
    if stored is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.toast()
    open_form(turn, grant, stored, "")


def open_form(turn: Turn, grant: Grant, stored: StoredPlan, facts: str) -> None:
    """A fresh draft of a plan's form, stored with its first question."""
    assert grant.org is not None
    spec = FormSpec.from_plan(stored.plan).model_copy(update={"org": grant.org})
    held = round_for(turn, grant.org, stored.plan.id)
    if held is None and not holds(stored.plan, today(turn.now)):
        _wants_round(turn, grant, stored)
        return
    draft = flow.new_draft(spec, org=grant.org, unit=grant.unit or "", author=turn.person.id, round_id=held.id if held else None)
    left = next((other for other in turn.services.nominations.drafts(author=turn.person.id, org=grant.org) if other.name), None)
    draft = turn.services.nominations.create(draft, turn.now)
    if left is not None:
        turn.say(messages.draft_left(left.name))
    _step(turn, draft, Start(text=facts))


def _wants_round(turn: Turn, grant: Grant, stored: StoredPlan) -> None:
    """The plan's period is over and no round is open: the secretariat is asked, it alone may open one knowingly."""
    turn.say(messages.PAST_ROUND_NEEDED)
    button = Button(messages.ROUND_OPEN, f"ropen.{stored.plan.id}")
    for other in cards.secretariat(turn, grant.org):
        turn.tell(other, messages.round_wished(turn.person.name, grant.unit, plan_label(stored)), [[button]])


def round_for(turn: Turn, org: str, plan_id: str) -> Round | None:
    """The newest open round of a plan that takes nominations today."""
    day = today(turn.now)
    held = turn.services.nominations.rounds(org, state="open", plan_id=plan_id)
    return next((found for found in held if rounds.takes(found, day)), None)


def may_nominate(turn: Turn) -> Grant:
    """The grant under which this person nominates: in the institution they are at, else in the first that lets them."""
    grants = [
        grant for grant in turn.services.access.grants(turn.person.id) if grant.role in (Role.UNIT_HEAD, Role.SECRETARIAT) and grant.org
    ]
    here = [grant for grant in grants if grant.org == turn.person.org] or grants
    first = next(iter(sorted(here, key=lambda grant: grant.role is not Role.UNIT_HEAD)), None)
    org, unit = (first.org, first.unit) if first else (turn.person.org, None)
    return turn.require(Action.NOMINATE, Target(org, unit, turn.person.id))


def plans_of(turn: Turn, grant: Grant) -> list[StoredPlan]:
    """The plans that one may nominate under, those in force today first."""
    assert grant.org is not None
    plans = plans_for(turn, turn.services.library.known(grant.org))
    return sorted(plans, key=lambda stored: not holds(stored.plan, today(turn.now)))


def takers(turn: Turn, grant: Grant) -> list[StoredPlan]:
    """The plans that take nominations now; where none does, the one that a nomination would be under."""
    assert grant.org is not None
    plans, day = plans_of(turn, grant), today(turn.now)
    return [s for s in plans if holds(s.plan, day) or round_for(turn, grant.org, s.plan.id)] or plans[:1]


def plan_label(stored: StoredPlan) -> str:
    plan = stored.plan
    number = f"KH {plan.number.split()[0]}" if plan.number else shorten(plan.title or plan.source, 45)
    return f"{number}{f' ({plan.period.text})' if plan.period and plan.period.text else ''}"


# --- a step of the form ----------------------------------------------------------------------------------------------


def active(turn: Turn) -> Draft | None:
    """The draft that the person is filling in now."""
    waiting = turn.person.waiting or {}
    if waiting.get("for") != "draft":
        return None
    draft = turn.services.nominations.draft(waiting["draft"])
    return draft if draft and draft.author == turn.person.id and draft.status == "open" else None


def press(turn: Turn) -> None:
    """A button of the form: `draft:revision:action`. An old one says so and changes nothing."""
    assert turn.update.callback_query is not None
    draft_id, revision, action = (turn.update.callback_query.data or "").split(":", 2)
    draft = own_draft(turn, draft_id)
    if draft is None or not revision.isdecimal():
        turn.toast(messages.OLD_BUTTON)
        return
    _step(turn, draft, Press(action=action, revision=int(revision)), edits=action.startswith(("on.", "off.")))


def text(turn: Turn) -> None:
    """An answer typed into the form."""
    draft = active(turn)
    if draft is None:
        turn.say(messages.OLD_BUTTON)
        return
    _step(turn, draft, Text(text=turn.text))


def again(turn: Turn) -> None:
    """The question at which the form stands, once more: after an answer given in between."""
    draft = active(turn)
    if draft is not None:
        _, replies = flow.advance(draft, Resume())
        for reply in replies:
            turn.say(form_reply(reply, draft))


def attach(turn: Turn, draft: Draft, event: Attach, *, album: str | None = None) -> None:
    """A file for the draft. Those of one album are confirmed in one message, and the question comes again once."""
    turn.require(Action.NOMINATE, Target(draft.org, draft.unit or None, turn.person.id))
    waiting = turn.person.waiting or {}
    first = album is None or waiting.get("album") != album
    if not first and not event.caption:
        event = event.model_copy(update={"caption": waiting["caption"]})
    moved, replies = flow.advance(draft, event)
    if not turn.services.nominations.save(draft, moved, turn.now):
        return
    if first:
        said = [turn.say(form_reply(reply, moved)) for reply in replies]
        if album and moved != draft:
            held = {"album": album, "caption": event.caption, "said": said[0], "question": said[-1], "names": [event.name]}
            turn.wait({"for": "draft", "draft": moved.id, **held})
    elif moved == draft or turn.services.outbox.get(waiting["question"]) is None:
        turn.say(form_reply(replies[0], moved))
    else:
        names = [*waiting["names"], event.name]
        turn.wait({**waiting, "names": names})
        outbox = turn.services.outbox
        outbox.put(turn.chat_id, "editMessageText", {"text": messages.album_attached(names)}, edits=waiting["said"])
        buttons = {"reply_markup": form_reply(replies[-1], moved).params().get("reply_markup")}  # those shown are of an older revision
        outbox.put(turn.chat_id, "editMessageReplyMarkup", buttons, edits=waiting["question"])


def stop(turn: Turn) -> None:
    """/huy: what is being typed ends here; a draft is kept and can be taken up again."""
    draft = active(turn)
    if draft is not None:
        _step(turn, draft, Text(text="Huỷ"))
        return
    said = messages.STOPPED if turn.person.waiting else messages.NOTHING_TO_STOP
    turn.wait(None)
    turn.say(said)


def continue_draft(turn: Turn) -> None:
    """A draft of the list taken up again."""
    draft = own_draft(turn, turn.data[0]) if turn.data else None
    if draft is None or draft.status == "submitted":
        turn.toast(messages.OLD_BUTTON)
        return
    _step(turn, draft, UndoCancel() if draft.status == "cancelled" else Resume())


def own_draft(turn: Turn, draft_id: str) -> Draft | None:
    """A draft, if it is in the hands of the one who writes."""
    draft = turn.services.nominations.draft(draft_id)
    return draft if draft and draft.author == turn.person.id else None


def _step(turn: Turn, draft: Draft, event: Event, *, edits: bool = False) -> None:
    """One event: the draft moved, stored, and what the form says said."""
    turn.require(Action.NOMINATE, Target(draft.org, draft.unit or None, turn.person.id))
    moved, replies = flow.advance(draft, event)
    submitted = next((reply for reply in replies if isinstance(reply, Submitted)), None)
    if submitted is not None:
        submit(turn, draft, submitted.draft)
        return
    if not turn.services.nominations.save(draft, moved, turn.now):
        turn.toast(messages.OLD_BUTTON)
        return
    if moved.values.get("consent") and not draft.values.get("consent"):
        _record_consent(turn, draft)
    failpoints.hit("flow.moved")
    turn.wait({"for": "draft", "draft": moved.id} if moved.status == "open" else None)
    _say_all(turn, moved, replies, edits=edits)


def _record_consent(turn: Turn, draft: Draft) -> None:
    """That it was given, to which wording, in which message: consent has to be provable."""
    shown_text = asking.ask(draft.model_copy(update={"values": {**draft.values, "name": ""}}))
    notice = shown_text.prompt if isinstance(shown_text, Ask) else ""
    version = hashlib.sha256(notice.encode()).hexdigest()[:12]
    turn.audit("consent", org=draft.org, subject=f"draft:{draft.id}", notice=version, message=turn.message_id)


def _say_all(turn: Turn, draft: Draft, replies: Sequence[Reply], *, edits: bool) -> None:
    for reply in replies:
        if isinstance(reply, Note) and reply.code in QUIET and turn.update.callback_query:
            turn.toast(reply.text)
        elif edits:
            turn.edit(form_reply(reply, draft))
        else:
            turn.toast()
            turn.say(form_reply(reply, draft))


# --- submitting ------------------------------------------------------------------------------------------------------


def submit(turn: Turn, before: Draft, draft: Draft) -> None:
    """File the draft: stored, audited, receipted, carried to the secretariat."""
    grant = turn.require(Action.NOMINATE, Target(draft.org, draft.unit or None, turn.person.id))
    draft = draft if draft.unit else draft.model_copy(update={"unit": draft.values.get("unit", "")})
    held = turn.services.nominations.round(draft.round_id) if draft.round_id is not None else None
    if held is not None and not rounds.takes(held, today(turn.now)) and draft.code is None:
        raise workflow.NotAllowed(messages.round_over(held.name))
    filed = turn.services.nominations.submit(draft, actor(turn, grant), turn.now)
    failpoints.hit("submit.filed")
    if not turn.services.nominations.save(before, draft, turn.now) or not filed.fresh:
        turn.toast(messages.DONE_ALREADY)
        return
    Audit(turn.services.db).changes(filed.changes, turn.now)
    turn.wait(None)
    turn.toast()
    _receipt(turn, filed.nomination, draft)
    _own_duplicates(turn, filed.nomination)
    cards.deliver(turn, filed)
    failpoints.hit("submit.told")


def _receipt(turn: Turn, nomination: Nomination, draft: Draft) -> None:
    office = cards.office(nomination)
    text = messages.receipt(nomination.code, shown(turn.now), nomination.name, office)
    if not cards.secretariat(turn, nomination.org):
        text += " " + messages.NO_SECRETARIAT_FOR_CARD
    rows = [
        [Button(messages.BUTTON_UNIT_PACK, cards.data("pack", nomination))],
        [Button(messages.BUTTON_NEXT_PERSON, f"next.{draft.id}")],
    ]
    waiting = [held for held in turn.services.nominations.drafts(author=turn.person.id, org=nomination.org) if held.name]
    if waiting:
        oldest = min(waiting, key=lambda held: int(held.id))
        rows.insert(0, [Button(messages.next_draft(oldest.name, len(waiting)), f"draft.{oldest.id}")])
    turn.say(text, rows)


def _own_duplicates(turn: Turn, nomination: Nomination) -> None:
    for other, _ in turn.services.nominations.likely_duplicates(nomination, unit=nomination.unit):
        rows = [[Button(messages.BUTTON_OPEN, cards.data("see", other)), Button(messages.BUTTON_OTHER_PERSON, "fine")]]
        turn.say(messages.own_duplicate(other.code), rows)


def next_person(turn: Turn) -> None:
    """Another nominee with plan and unit kept. A second press goes on with the draft that the first one opened."""
    filed = own_draft(turn, turn.data[0]) if turn.data else None
    if filed is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.NOMINATE, Target(filed.org, filed.unit or None, turn.person.id))
    current = active(turn)
    if current is not None and not current.values.get("name"):
        _step(turn, current, Resume())
        return
    fresh = turn.services.nominations.create(flow.next_draft(filed), turn.now)
    _step(turn, fresh, Start())


def actor(turn: Turn, grant: Grant) -> Actor:
    return Actor(user=turn.person.id, role=grant.role.value, name=turn.person.name)


# --- what was filed --------------------------------------------------------------------------------------------------


def mine(turn: Turn) -> None:
    """/hoso: drafts and nominations of the unit, each a button."""
    may_nominate(turn)
    drafts = turn.services.nominations.drafts(author=turn.person.id)
    filed = [n for n in visible(turn) if n.state != "withdrawn"]
    if not drafts and not filed:
        turn.say(messages.NO_NOMINATIONS)
        return
    rows = [_draft_row(draft, shared=_shared(turn, draft)) for draft in drafts[:10]]
    rows += [[Button(messages.nomination_label(n.code, n.name, n.state), cards.data("see", n))] for n in filed[::-1][:30]]
    turn.say(messages.mine(len(drafts), len(filed)), rows)


def _draft_row(draft: Draft, *, shared: bool) -> list[Button]:
    row = [Button(messages.draft_label(draft.name), f"draft.{draft.id}")]
    return [*row, Button(messages.BUTTON_HAND_OVER, f"hand.{draft.id}")] if shared else row


def _shared(turn: Turn, draft: Draft) -> bool:
    """Whether somebody else of the unit could go on with it."""
    holders = turn.services.access.holders(Role.UNIT_HEAD, draft.org)
    return any((grant.unit or "") == draft.unit and grant.person != turn.person.id for grant in holders)


def visible(turn: Turn) -> list[Nomination]:
    """The nominations that the person's own unit grants let them open."""
    found: dict[tuple[str, str], Nomination] = {}
    for grant in turn.services.access.grants(turn.person.id):
        if grant.role is not Role.UNIT_HEAD or grant.org is None:
            continue
        filters = {"unit": grant.unit} if grant.unit else {"author": turn.person.id}
        for nomination in turn.services.nominations.each(org=grant.org, **filters):
            found[nomination.org, nomination.code] = nomination
    for nomination in turn.services.nominations.each(author=turn.person.id):
        found[nomination.org, nomination.code] = nomination
    return [n for n in found.values() if turn.allows(Action.VIEW, cards.target(n))]


def see(turn: Turn) -> None:
    """One nomination opened: by its unit, or by the secretariat as the card again."""
    nomination = cards.named(turn)
    if nomination is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.VIEW, cards.target(nomination))
    turn.toast()
    if turn.allows(Action.REVIEW, cards.target(nomination)):
        turn.say(cards.card(turn, nomination))
        return
    turn.say(cards.for_unit(nomination))


def mend(turn: Turn) -> None:
    """Take up a returned nomination at the field with the reason. A second press finds the same draft."""
    nomination = cards.named(turn)
    if nomination is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.CHANGE, cards.target(nomination))
    _must_be_open(turn, nomination)
    there = next(
        (d for d in turn.services.nominations.drafts(author=turn.person.id) if (d.org, d.code) == (nomination.org, nomination.code)),
        None,
    )
    turn.toast()
    if there is not None:
        asked = workflow.wanted_since(there, nomination)
        if not turn.services.nominations.save(there, asked, turn.now):
            turn.toast(messages.OLD_BUTTON)
            return
        _step(turn, asked, Resume())
        return
    draft = turn.services.nominations.create(workflow.reopen(nomination, turn.person.id), turn.now)
    _step(turn, draft, Resume())


def _must_be_open(turn: Turn, nomination: Nomination) -> None:
    if turn.services.nominations.sealed(nomination.org, nomination.round_id, nomination.unit) is not None:
        raise workflow.NotAllowed(messages.sealed_already(nomination.unit))


def ask_back(turn: Turn) -> None:
    """The unit wants to know more about why a nomination came back."""
    nomination = cards.named(turn)
    if nomination is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.VIEW, cards.target(nomination))
    turn.wait({"for": "ask_back", "org": nomination.org, "code": nomination.code})
    turn.say(messages.ask_back_wanted(nomination.code))


def asked_back(turn: Turn) -> None:
    """The question about a return goes to the secretariat."""
    waiting = turn.person.waiting or {}
    nomination = turn.services.nominations.nomination(waiting["org"], waiting["code"])
    turn.wait(None)
    if nomination is None:
        turn.say(messages.OLD_BUTTON)
        return
    turn.require(Action.VIEW, cards.target(nomination))
    text = messages.asked_back(nomination.code, turn.person.name, turn.text[:1000])
    rows = [
        [
            Button(messages.BUTTON_DETAILS, cards.data("see", nomination)),
            Button(messages.BUTTON_REPLY, cards.data("back", nomination)),
        ]
    ]
    for person in cards.secretariat(turn, nomination.org):
        turn.tell(person, text, rows)
    turn.say(messages.ask_back_sent(nomination.code))


def withdraw(turn: Turn) -> None:
    """Ask once more before a nomination is withdrawn."""
    nomination = cards.named(turn)
    if nomination is None or nomination.state in ("withdrawn", "forwarded"):
        turn.toast(messages.DONE_ALREADY)
        return
    turn.require(Action.CHANGE, cards.target(nomination))
    turn.say(messages.withdraw_sure(nomination.code), [[Button(messages.BUTTON_WITHDRAW_SURE, cards.data("gone", nomination))]])


def withdrawn(turn: Turn) -> None:
    nomination = cards.named(turn)
    if nomination is None or nomination.state in ("withdrawn", "forwarded"):
        turn.toast(messages.DONE_ALREADY)
        return
    grant = turn.require(Action.CHANGE, cards.target(nomination))
    _must_be_open(turn, nomination)
    changed, changes = workflow.withdraw(nomination, "", actor(turn, grant), turn.now)
    turn.services.nominations.update(nomination, changed)
    Audit(turn.services.db).changes(changes, turn.now)
    turn.say(messages.withdrawn(nomination.code))
    for person in cards.secretariat(turn, nomination.org):
        turn.tell(person, messages.withdrawn_for_secretariat(nomination.code))


def fine(turn: Turn) -> None:
    """A button that only says that nothing needs doing."""
    turn.toast(messages.THANKS)
