"""The secretariat's day: accept and return, evidence, questions passed on, the contact of today."""

from __future__ import annotations

from bot import messages
from bot.access import Action, Role, Target
from bot.audit import Audit
from bot.handlers import cards
from bot.handlers.nominate import actor
from bot.handlers.start import plans_for
from bot.handlers.turn import Turn
from bot.moments import read, shown, today
from bot.people import Person
from bot.register import Answered, Inquiry
from bot.render import Button, Rows, in_rows
from forms import workflow
from forms.fields import label, questions
from forms.model import Nomination
from knowledge.library import StoredPlan, holds
from knowledge.text import fold, unaccent

WAITING_SHOWN = 10


def place(turn: Turn, action: Action) -> str:
    """The institution in which the person acts for the secretariat: where they are, else where they hold the role."""
    grants = [grant for grant in turn.services.access.grants(turn.person.id) if grant.role is Role.SECRETARIAT]
    org = next((grant.org for grant in grants if grant.org == turn.person.org), grants[0].org if grants else turn.person.org)
    turn.require(action, Target(org))
    assert org is not None
    return org


# --- accept and return -----------------------------------------------------------------------------------------------


def accept(turn: Turn) -> None:
    nomination = _fresh(turn)
    if nomination is None:
        return
    grant = turn.require(Action.REVIEW, cards.target(nomination))
    changed, changes = workflow.accept(nomination, actor(turn, grant), turn.now)
    turn.services.nominations.update(nomination, changed)
    Audit(turn.services.db).changes(changes, turn.now)
    turn.toast()
    turn.edit(cards.card(turn, changed))
    turn.say(messages.accepted_for_secretariat(changed.code, turn.person.name), _next_waiting(turn, changed.org))
    filer = cards.author(turn, changed)
    if filer:
        turn.tell(filer, messages.accepted_for_unit(changed.code, changed.name, cards.office(changed)))


def _next_waiting(turn: Turn, org: str) -> Rows:
    """The way to the nomination that has waited longest, so that a morning's work is one tap after another."""
    waiting = turn.services.nominations.nominations(org=org, states=("submitted",))
    if not waiting:
        return []
    return [[Button(messages.next_waiting(waiting[0].code, len(waiting)), cards.data("see", waiting[0]))]]


def send_back(turn: Turn) -> None:
    """Which part is to be mended?"""
    nomination = _fresh(turn)
    if nomination is None:
        return
    turn.require(Action.REVIEW, cards.target(nomination))
    entries = [entry for entry in questions(nomination) if entry.sort in ("text", "criteria")]
    buttons = [Button(label(nomination, entry.id), cards.data("why", nomination, nomination.revision, entry.id)) for entry in entries]
    turn.toast()
    turn.say(messages.RETURN_WHICH, in_rows(buttons))


def reason_wanted(turn: Turn) -> None:
    nomination = _fresh(turn)
    if nomination is None or len(turn.data) < 4:
        return
    turn.require(Action.REVIEW, cards.target(nomination))
    field = turn.data[3]
    turn.wait({"for": "return", "org": nomination.org, "code": nomination.code, "field": field, "revision": nomination.revision})
    turn.toast()
    turn.say(messages.return_reason_wanted(nomination.code, label(nomination, field)))


def returned(turn: Turn) -> None:
    """The reason was typed: the nomination goes back with it."""
    waiting = turn.person.waiting or {}
    turn.wait(None)
    nomination = turn.services.nominations.nomination(waiting["org"], waiting["code"])
    if nomination is None or nomination.revision != waiting["revision"]:
        turn.say(messages.DONE_ALREADY)
        return
    grant = turn.require(Action.REVIEW, cards.target(nomination))
    field, reason = waiting["field"], turn.text.strip()[:500]
    changed, changes = workflow.give_back(nomination, {field: reason}, actor(turn, grant), turn.now)
    turn.services.nominations.update(nomination, changed)
    Audit(turn.services.db).changes(changes, turn.now)
    named = label(changed, field)
    more = Button(messages.RETURN_MORE, cards.data("ret", changed, changed.revision))
    turn.say(messages.returned_for_secretariat(changed.code, named), [[more], *_next_waiting(turn, changed.org)])
    if open_again(turn, changed):
        turn.say(messages.unsealed(changed.unit))
    filer = cards.author(turn, changed)
    if filer:
        text = messages.returned_for_unit(changed.code, named, turn.person.name, cards.office(changed), reason)
        row = [
            Button(messages.mend_this(named), cards.data("mend", changed)),
            Button(messages.BUTTON_ASK_BACK, cards.data("askb", changed)),
        ]
        turn.tell(filer, text, [row])


def open_again(turn: Turn, nomination: Nomination) -> bool:
    """Take the lock off the list that a nomination stands on, and tell its unit; False where there is none."""
    store = turn.services.nominations
    if store.sealed(nomination.org, nomination.round_id, nomination.unit) is None:
        return False
    grant = turn.require(Action.REVIEW, cards.target(nomination))
    change = store.unseal(nomination.org, nomination.round_id, nomination.unit, actor(turn, grant))
    Audit(turn.services.db).changes([change], turn.now)
    filer = cards.author(turn, nomination)
    if filer:
        turn.tell(filer, messages.unsealed_for_unit(nomination.unit))
    return True


def evidence(turn: Turn) -> None:
    """The files of a nomination, each with the criterion it stands for."""
    nomination = cards.named(turn)
    if nomination is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.VIEW, cards.target(nomination))
    turn.toast()
    if not nomination.evidence:
        turn.say(messages.NO_EVIDENCE)
    shorts = {item.id: item.short for item in nomination.claimed()}
    for held in nomination.evidence:
        caption = messages.evidence_caption(nomination.code, held.name, shorts.get(held.criterion or ""))
        method, field, file_id = sent_as(held.file_id)
        turn.services.outbox.put(turn.chat_id, method, {field: file_id, "caption": caption})


def sent_as(file_id: str) -> tuple[str, str, str]:
    """How a piece of evidence is sent on: (method, its parameter, Telegram's id). Photos are kept as "photo:ID"."""
    kind, mark, bare = file_id.partition(":")
    if mark and kind == "photo":
        return "sendPhoto", "photo", bare
    return "sendDocument", "document", file_id


def message_back(turn: Turn) -> None:
    """A word to the one who filed it, outside the form."""
    nomination = cards.named(turn)
    if nomination is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.REVIEW, cards.target(nomination))
    turn.wait({"for": "back", "org": nomination.org, "code": nomination.code})
    turn.toast()
    turn.say(messages.back_wanted(nomination.code))


def messaged_back(turn: Turn) -> None:
    waiting = turn.person.waiting or {}
    turn.wait(None)
    nomination = turn.services.nominations.nomination(waiting["org"], waiting["code"])
    if nomination is None:
        turn.say(messages.OLD_BUTTON)
        return
    turn.require(Action.REVIEW, cards.target(nomination))
    filer = cards.author(turn, nomination)
    if filer:
        turn.tell(filer, messages.back_arrived(nomination.code, turn.text[:1500]))
    turn.say(messages.back_sent(nomination.code))


def _fresh(turn: Turn) -> Nomination | None:
    """The nomination of a pressed button, if it still stands as it did when the button was drawn."""
    nomination = cards.named(turn)
    if nomination is None or len(turn.data) < 3 or str(nomination.revision) != turn.data[2]:
        if nomination is not None:
            turn.require(Action.REVIEW, cards.target(nomination))
        turn.toast(messages.DONE_ALREADY)
        return None
    return nomination


# --- questions passed on ---------------------------------------------------------------------------------------------


def pass_on(turn: Turn) -> None:
    """The asker sends a question to the secretariat, with their name: an answered one is asked about once more before."""
    answer = turn.register.answer(int(turn.data[0])) if turn.data and turn.data[0].isdecimal() else None
    if answer is None or answer.person != turn.person.id or not (answer.org or turn.person.org):
        turn.toast(messages.OLD_BUTTON)
        return
    _pass_on(turn, answer, sure=turn.data[1:] == ["yes"])


def pass_on_typed(turn: Turn) -> None:
    """What a button under the latest answer says, typed instead of pressed."""
    latest = turn.register.latest(turn.person.id, turn.now)
    if latest is not None and typed_for(latest, turn.text) == "no":
        keep_to_myself(turn)
    elif latest is not None:
        _pass_on(turn, latest, sure=False)


def typed_for(latest: Answered | None, text: str) -> str | None:
    """Whether a text is a button of the latest answer: "send", "no", or None."""
    said = unaccent(fold(text)).strip(" .!")
    if latest is None or latest.org is None or latest.kind == "clarify":
        return None
    if said == "hoi thu ky" or (said == "gui" and latest.kind == "abstain"):
        return "send"
    return "no" if said == "khong" and latest.kind == "abstain" else None


def _pass_on(turn: Turn, answer: Answered, *, sure: bool) -> None:
    if answer.kind == "answer" and not sure and turn.register.passed_on(answer) is None:
        turn.toast()
        rows = [[Button(messages.BUTTON_SEND, f"pass.{answer.id}.yes"), Button(messages.BUTTON_NO, "keepit")]]
        turn.say(messages.pass_on_sure(answer.question), rows)
        return
    org = answer.org or turn.person.org or ""
    inquiry, opened = turn.register.pass_on(answer, org, turn.now)
    turn.toast()
    if not opened:
        turn.say(messages.passed_on_already(inquiry.number))
        return
    turn.audit("inquiry", org=org, subject=inquiry.number)
    people = cards.secretariat(turn, org)
    for person in people:
        turn.tell(person, _inquiry_card(turn, inquiry), [[Button(messages.BUTTON_REPLY, f"reply.{inquiry.id}")]])
    institution = turn.services.library.institution(org)
    where = messages.secretariat_of(institution.name if institution else org)
    turn.say(messages.passed_on(inquiry.number, where) if people else messages.NO_SECRETARIAT)


def _inquiry_card(turn: Turn, inquiry: Inquiry) -> str:
    answer = turn.register.answer(inquiry.answer)
    asker = turn.people.get(inquiry.person) if inquiry.person else None
    name = asker.name if asker else messages.NOBODY
    return messages.inquiry_card(inquiry.number, name, inquiry.question, answer.text if answer else "", shown(read(inquiry.at)))


def keep_to_myself(turn: Turn) -> None:
    turn.toast()
    turn.say(messages.LET_BE)


def inquiries(turn: Turn) -> None:
    """/cauhoi: what waits for a reply, and what the plan leaves open (without names)."""
    org = place(turn, Action.REPLY)
    waiting = turn.register.open_inquiries(org)
    for inquiry in waiting[:WAITING_SHOWN]:
        turn.say(_inquiry_card(turn, inquiry), [[Button(messages.BUTTON_REPLY, f"reply.{inquiry.id}")]])
    if not waiting:
        turn.say(messages.NO_INQUIRIES)
    for kept in turn.services.library.unapproved_replies(org)[:WAITING_SHOWN]:
        behind = turn.register.behind(kept.id)
        if behind is not None and kept.author != _author(turn.person):
            _to_approve(turn, turn.person, behind)
    gaps = turn.register.gaps(org)
    if gaps:
        turn.say(messages.gaps([messages.gap(question, times) for question, times in gaps]))


def reply_wanted(turn: Turn) -> None:
    inquiry = _inquiry(turn)
    if inquiry is None:
        return
    turn.wait({"for": "reply", "inquiry": inquiry.id})
    turn.toast()
    turn.say(messages.reply_wanted(inquiry.number))


def replied(turn: Turn) -> None:
    """The secretariat's words go back as a reply to the asker's own message."""
    waiting = turn.person.waiting or {}
    turn.wait(None)
    inquiry = turn.register.inquiry(int(waiting["inquiry"]))
    if inquiry is None:
        turn.say(messages.OLD_BUTTON)
        return
    turn.require(Action.REPLY, Target(inquiry.org))
    text = turn.text.strip()[:3000]
    if not turn.register.reply(inquiry.id, text, turn.person.id, turn.now):
        turn.say(messages.REPLIED_ALREADY)
        return
    turn.audit("inquiry_replied", role=Role.SECRETARIAT.value, org=inquiry.org, subject=inquiry.number)
    asker = turn.people.get(inquiry.person) if inquiry.person else None
    answer = turn.register.answer(inquiry.answer)
    institution = turn.services.library.institution(inquiry.org)
    if asker:
        said = messages.reply_arrived(inquiry.question, text, institution.name if institution else "")
        turn.tell(asker, said, reply_to=answer.asked_message if answer else None)
    turn.say(messages.reply_sent(inquiry.number), [[Button(messages.REPLY_KEEP, f"keep.{inquiry.id}")]])


def keep_reply(turn: Turn) -> None:
    """Propose a reply for reuse: somebody else of the secretariat has to agree."""
    inquiry = _inquiry(turn, replied=True)
    if inquiry is None or inquiry.reply is None:
        return
    if turn.register.kept(inquiry.id) is not None:
        turn.toast(messages.DONE_ALREADY)
        return
    turn.toast()
    plan = next(iter(_plans(turn, inquiry.org)), None)
    if plan is None:
        turn.say(messages.REPLY_NO_PLAN)
        return
    number = turn.services.library.add_reply(inquiry.org, plan.plan.id, inquiry.question, inquiry.reply, _author(turn.person), turn.now)
    turn.register.keep(inquiry.id, number)
    turn.audit("reply_kept", role=Role.SECRETARIAT.value, org=inquiry.org, subject=inquiry.number)
    others = [person for person in cards.secretariat(turn, inquiry.org) if person.id != turn.person.id]
    turn.say(messages.REPLY_KEPT if others else messages.REPLY_KEPT_ALONE)
    for person in others:
        _to_approve(turn, person, inquiry)


def _plans(turn: Turn, org: str) -> list[StoredPlan]:
    """The plans that answer for an institution, those in force today first."""
    plans = plans_for(turn, turn.services.library.known(org))
    return sorted(plans, key=lambda stored: not holds(stored.plan, today(turn.now)))


def _to_approve(turn: Turn, person: Person, inquiry: Inquiry) -> None:
    author = turn.people.get(inquiry.replied_by) if inquiry.replied_by else None
    text = messages.reply_to_approve(inquiry.question, inquiry.reply or "", author.name if author else messages.NOBODY)
    row = [Button(messages.REPLY_APPROVE, f"agree.{inquiry.id}"), Button(messages.REPLY_DROP, f"drop.{inquiry.id}")]
    turn.tell(person, text, [row])


def approve_reply(turn: Turn) -> None:
    """The second person agrees: from the next question on the reply is shown, as the secretariat's word."""
    inquiry = _inquiry(turn, replied=True)
    if inquiry is None:
        return
    number = turn.register.kept(inquiry.id)
    if number is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.services.library.approve_reply(number, _author(turn.person), turn.now)
    turn.audit("reply_approved", role=Role.SECRETARIAT.value, org=inquiry.org, subject=inquiry.number)
    turn.toast()
    turn.say(messages.REPLY_APPROVED, [[Button(messages.REPLY_DROP, f"drop.{inquiry.id}")]])


def drop_reply(turn: Turn) -> None:
    """A kept reply is used no longer, approved or not."""
    inquiry = _inquiry(turn, replied=True)
    if inquiry is None:
        return
    number = turn.register.kept(inquiry.id)
    if number is None or not turn.services.library.drop_reply(number):
        turn.toast(messages.DONE_ALREADY)
        return
    turn.register.drop(inquiry.id)
    turn.audit("reply_dropped", role=Role.SECRETARIAT.value, org=inquiry.org, subject=inquiry.number)
    turn.toast()
    turn.say(messages.REPLY_DROPPED)


def _author(person: Person) -> str:
    return str(person.id)


def _inquiry(turn: Turn, *, replied: bool = False) -> Inquiry | None:
    inquiry = turn.register.inquiry(int(turn.data[0])) if turn.data and turn.data[0].isdecimal() else None
    if inquiry is None:
        turn.toast(messages.OLD_BUTTON)
        return None
    turn.require(Action.REPLY, Target(inquiry.org))
    if (inquiry.reply is not None) != replied:
        turn.toast(messages.REPLIED_ALREADY if inquiry.reply else messages.OLD_BUTTON)
        return None
    return inquiry


# --- the contact of today --------------------------------------------------------------------------------------------


def contact_wanted(turn: Turn) -> None:
    """/daumoi"""
    org = place(turn, Action.CONTACT)
    turn.wait({"for": "contact", "org": org})
    turn.say(messages.CONTACT_WANTED)


def contact_given(turn: Turn) -> None:
    org = (turn.person.waiting or {})["org"]
    turn.wait(None)
    turn.require(Action.CONTACT, Target(org))
    said = " ".join(turn.text.split())[:200]
    gone = said.lower() in ("xóa", "xoá", "xoa")
    if gone:
        turn.settings.forget(contact_name(org))
    else:
        turn.settings.set(contact_name(org), said)
    turn.audit("contact_set", role=Role.SECRETARIAT.value, org=org, removed=gone)
    turn.say(messages.CONTACT_GONE if gone else messages.CONTACT_SET)


def contact_name(org: str) -> str:
    """Under which stored setting an institution's present contact is kept."""
    return f"contact:{org}"
