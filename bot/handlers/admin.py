"""The admin's day: invites and roles, institutions, plans in force, the pause, corrections, the audit trail, health."""

from __future__ import annotations

import hashlib
import re

from bot import merging, messages
from bot.access import Action, Role, Target
from bot.audit import Entry
from bot.handlers import cards
from bot.handlers.turn import PAUSED, Turn
from bot.moments import shown
from bot.register import ANSWER_PREFIX, Answered, number_in, numbered
from bot.render import Button, in_rows, shortened
from bot.running import BOT_NAME
from knowledge.text import fold, one_line, unaccent

SYSTEM = Target()
CORRECTION_LIMIT = 2000
AUDIT_SHOWN = 20
_NUMBERED = re.compile(r"(DC|TL|CH)[- ]*(\d{1,9})")


# --- invites ---------------------------------------------------------------------------------------------------------


def invite(turn: Turn) -> None:
    """/moi: which role?"""
    turn.require(Action.INVITE, SYSTEM)
    turn.wait(None)
    buttons = [Button(messages.ROLE[role.value].capitalize(), f"inv.{role.value}") for role in Role]
    turn.say(messages.INVITE_WHICH_ROLE, in_rows(buttons))


def invite_role(turn: Turn) -> None:
    """Where? An admin needs no institution."""
    turn.require(Action.INVITE, SYSTEM)
    role = _role(turn)
    if role is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.toast()
    if role is Role.ADMIN:
        _make(turn, role, None, None)
        return
    institutions = turn.services.library.institutions()
    if not institutions:
        turn.say(messages.NO_INSTITUTION_YET)
        return
    rows = [[Button(found.name, f"invo.{role.value}.{found.slug}")] for found in institutions[:50]]
    turn.say(messages.INVITE_WHICH_INSTITUTION, rows)


def invite_place(turn: Turn) -> None:
    """The institution was chosen; a unit head has a unit besides."""
    role = _role(turn)
    institution = turn.services.library.institution(turn.data[1]) if len(turn.data) > 1 else None
    if role is None or institution is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.INVITE, SYSTEM)
    turn.toast()
    if role is Role.UNIT_HEAD:
        turn.wait({"for": "invite_unit", "org": institution.slug})
        turn.say(messages.INVITE_WHICH_UNIT, [[Button(messages.SKIP, "invu")]])
        return
    _make(turn, role, institution.slug, None)


def invite_unit(turn: Turn) -> None:
    """The unit was typed, or skipped."""
    waiting = turn.person.waiting or {}
    if waiting.get("for") != "invite_unit":
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.INVITE, SYSTEM)
    turn.wait(None)
    turn.toast()
    _make(turn, Role.UNIT_HEAD, turn.services.library.known(waiting["org"]).slug, one_line(turn.text)[:120] or None)


def _make(turn: Turn, role: Role, org: str | None, unit: str | None) -> None:
    made = turn.services.access.invite(role, org, unit, turn.now, turn.person.id)
    turn.audit("invite_made", role=Role.ADMIN.value, org=org, for_role=role.value, unit=unit)
    institution = turn.services.library.institution(org) if org else None
    name = turn.settings.get(BOT_NAME)
    link = f"https://t.me/{name}?start={made.token}" if name else None
    until = shown(made.expires_at)
    turn.say(messages.invite_made(role.value, institution.name if institution else None, unit, made.token, link, until))


def _role(turn: Turn) -> Role | None:
    return Role(turn.data[0]) if turn.data and turn.data[0] in {role.value for role in Role} else None


# --- people ----------------------------------------------------------------------------------------------------------


def people(turn: Turn) -> None:
    """/nguoidung: everyone who holds a role, each a button that leads to taking it away."""
    turn.require(Action.REVOKE, SYSTEM)
    rows = []
    for role in (Role.ADMIN, Role.SECRETARIAT, Role.UNIT_HEAD, Role.TEACHER):
        for grant in turn.services.access.holders(role):
            person = turn.people.get(grant.person)
            if person:
                label = messages.holder(person.name, role.value, grant.org, grant.unit)
                rows.append([Button(label, f"rev.{grant.id}")])
    turn.say(messages.PEOPLE if rows else messages.NOBODY_YET, rows[:90])


def revoke_wanted(turn: Turn) -> None:
    turn.require(Action.REVOKE, SYSTEM)
    found = _grant(turn)
    if found is None:
        turn.toast(messages.OLD_BUTTON)
        return
    name, role = found
    turn.toast()
    turn.say(messages.revoke_question(name, role), [[Button(messages.REVOKE_SURE, f"revs.{turn.data[0]}")]])


def revoke(turn: Turn) -> None:
    """Take a role away: from the person's next press on it no longer holds."""
    turn.require(Action.REVOKE, SYSTEM)
    found = _grant(turn)
    if found is None or not turn.services.access.revoke(int(turn.data[0]), turn.now):
        turn.toast()
        turn.say(messages.NOT_REVOKED)
        return
    turn.audit("role_revoked", role=Role.ADMIN.value, subject=f"grant:{turn.data[0]}")
    turn.toast()
    turn.say(messages.revoked(*found))


def _grant(turn: Turn) -> tuple[str, str] | None:
    """The holder's name and the role that a button names, while it is held."""
    wanted = int(turn.data[0]) if turn.data and turn.data[0].isdecimal() else -1
    for role in Role:
        for grant in turn.services.access.holders(role):
            person = turn.people.get(grant.person)
            if grant.id == wanted and person:
                return person.name, role.value
    return None


# --- institutions and plans ------------------------------------------------------------------------------------------


def institutions(turn: Turn) -> None:
    """/donvi: all of them; "/donvi MÃ Tên" adds one or gives it a new name."""
    turn.require(Action.INSTITUTIONS, SYSTEM)
    slug, _, name = turn.args.partition(" ")
    library = turn.services.library
    if name.strip():
        known = library.institution(slug)
        made = library.rename(slug, name) if known else library.add_institution(slug, name)
        turn.library_changed()
        turn.audit("institution_renamed" if known else "institution_added", role=Role.ADMIN.value, org=made.slug)
        turn.say(messages.institution_stored(made.slug, made.name))
        return
    lines = [messages.institution_line(found.slug, found.name, found.parent) for found in library.institutions()]
    turn.say("\n".join([messages.INSTITUTIONS_HEAD if lines else messages.NO_INSTITUTION_YET, *lines, messages.INSTITUTIONS_HOW]))


def merge_wanted(turn: Turn) -> None:
    """/nhapdonvi MÃ VÀO_MÃ: one institution is to become part of another. It cannot be undone, so it is asked once more."""
    turn.require(Action.INSTITUTIONS, SYSTEM)
    parts = turn.args.split()
    if len(parts) != 2:
        turn.say(messages.MERGE_HOW)
        return
    library, store = turn.services.library, turn.services.nominations
    gone, stays = (library.known(part) for part in parts)
    filed = sum(1 for _ in store.each(org=gone.slug))
    turn.wait({"for": "merge", "gone": gone.slug, "into": stays.slug})
    text = messages.merge_orgs_question(gone.name, stays.name, len(library.live(gone.slug)), filed)
    turn.say(text, [[Button(messages.MERGE_ORGS_SURE, "orgm"), Button(messages.BUTTON_NO, "orgmno")]])


def merge(turn: Turn) -> None:
    """The two become one: people, roles, plans, nominations and questions go over."""
    turn.require(Action.INSTITUTIONS, SYSTEM)
    waiting = turn.person.waiting or {}
    if waiting.get("for") != "merge":
        turn.toast(messages.OLD_BUTTON)
        return
    turn.wait(None)
    merged = merging.merge(turn.services.db, waiting["gone"], waiting["into"], turn.now, person=turn.person.id)
    turn.library_changed()
    turn.toast()
    turn.say(messages.orgs_merged(waiting["gone"], merged.stays.name, len(merged.renumbered)))
    for before, after in merged.renumbered:
        filer = turn.people.get(after.author)
        if filer:
            turn.tell(filer, messages.renumbered(before.code, after.code, after.name, merged.stays.name))


def merge_not(turn: Turn) -> None:
    """Nothing is merged."""
    turn.require(Action.INSTITUTIONS, SYSTEM)
    turn.wait(None)
    turn.toast()
    turn.say(messages.STOPPED)


def plans(turn: Turn) -> None:
    """/kehoach: the plans with their state, each with a button to end or restore it."""
    turn.require(Action.PLANS, SYSTEM)
    rows = []
    for stored in turn.services.library.all():
        verb, word = ("off", messages.RETIRE) if stored.live else ("on", messages.RESTORE)
        label = shortened(f"{word}: {stored.plan.id}, {stored.plan.number or stored.plan.title or stored.plan.source}")
        rows.append([Button(label, f"plan{verb}.{stored.plan.id}")])
    turn.say(messages.PLANS_HEAD if rows else messages.NO_PLANS, rows[:90])


def end_plan(turn: Turn) -> None:
    _switch_plan(turn, live=False)


def restore_plan(turn: Turn) -> None:
    _switch_plan(turn, live=True)


def _switch_plan(turn: Turn, *, live: bool) -> None:
    """A plan is silent, or speaks again, from the next question on. Pressed twice, it says so twice and changes nothing."""
    turn.require(Action.PLANS, SYSTEM)
    stored = turn.services.library.get(turn.data[0]) if turn.data else None
    if stored is None:
        turn.toast(messages.OLD_BUTTON)
        return
    if stored.live != live:
        change = turn.services.library.restore if live else turn.services.library.retire
        change(stored.plan.id, turn.now)
        turn.library_changed()
        turn.audit("plan_restored" if live else "plan_retired", role=Role.ADMIN.value, org=stored.plan.org, subject=stored.plan.id)
    turn.toast()
    turn.say(messages.plan_ended(stored.plan.id, live))


# --- pause, correction, audit, health --------------------------------------------------------------------------------


def pause(turn: Turn) -> None:
    """/tamdung: on, and the next time off."""
    turn.require(Action.PAUSE, SYSTEM)
    paused = not turn.settings.get(PAUSED)
    turn.settings.set(PAUSED, paused)
    turn.audit("paused" if paused else "resumed", role=Role.ADMIN.value)
    turn.say(messages.PAUSE_ON if paused else messages.PAUSE_OFF)


def correct(turn: Turn) -> None:
    """/dinhchinh TL-0012: how many got it, and what shall they be told?"""
    turn.require(Action.CORRECT, SYSTEM)
    number = number_in(turn.args, ANSWER_PREFIX)
    answer = turn.register.answer(number) if number is not None else None
    if answer is None:
        turn.say(messages.CORRECT_HOW if number is None else messages.CORRECT_NO_ANSWER)
        return
    turn.wait({"for": "correction", "answer": answer.id})
    turn.say(messages.correction_wanted(answer.number, len(_by_person(turn.register.alike(answer))), answer.text))


def corrected(turn: Turn) -> None:
    """The correction was typed: shown as it will arrive, with how many it reaches. Typed again, it replaces what was shown."""
    waiting = turn.person.waiting or {}
    turn.require(Action.CORRECT, SYSTEM)
    answer = turn.register.answer(int(waiting["answer"]))
    if answer is None:
        turn.wait(None)
        turn.say(messages.CORRECT_NO_ANSWER)
        return
    text = turn.text.strip()[:CORRECTION_LIMIT]
    turn.wait({**waiting, "text": text})
    sample = messages.correction(answer.number, answer.question, text)
    row = [Button(messages.CORRECT_SEND, f"corr.{answer.id}.{digest(text)}"), Button(messages.CORRECT_LEAVE, "corrno")]
    turn.say(messages.correction_shown(sample, len(_by_person(turn.register.alike(answer)))), [row])


def send_correction(turn: Turn) -> None:
    """What was shown goes to everyone who got the answer, as a reply to their own question."""
    turn.require(Action.CORRECT, SYSTEM)
    waiting = turn.person.waiting or {}
    text = waiting.get("text", "")
    if waiting.get("for") != "correction" or turn.data != [str(waiting["answer"]), digest(text)]:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.wait(None)
    turn.toast()
    answer = turn.register.answer(int(waiting["answer"]))
    if answer is None:
        turn.say(messages.CORRECT_NO_ANSWER)
        return
    given = _by_person(turn.register.alike(answer))
    for held in given.values():
        if held.chat_id is not None:
            turn.send(held.chat_id, messages.correction(held.number, held.question, text), reply_to=held.asked_message)
        turn.register.corrected(held.id, turn.now)
    turn.audit("corrected", role=Role.ADMIN.value, org=answer.org, subject=answer.number, people=len(given))
    turn.say(messages.correction_sent(len(given)))


def leave_correction(turn: Turn) -> None:
    """Nothing is sent."""
    turn.require(Action.CORRECT, SYSTEM)
    turn.leave("correction", messages.CORRECT_LEFT)


def digest(text: str) -> str:
    """Which wording a button was shown with."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _by_person(answers: list[Answered]) -> dict[int, Answered]:
    """Each person's latest copy of an answer; those who deleted their data cannot be reached."""
    return {answer.person: answer for answer in answers if answer.person is not None}


def audit(turn: Turn) -> None:
    """/nhatky: the newest entries, or those of one thing ("/nhatky ĐC-0012"). Nothing of a nominee is shown."""
    turn.require(Action.AUDIT, SYSTEM)
    trail = turn.services.audit
    about = _named_thing(turn)
    entries = trail.about(about)[: -AUDIT_SHOWN - 1 : -1] if about else trail.latest(AUDIT_SHOWN)
    lines = [_line(turn, entry) for entry in entries]
    head = messages.audit_about(about) if about else messages.AUDIT_HEAD
    turn.say("\n".join([head, *lines]) if lines else messages.NO_AUDIT)


def _named_thing(turn: Turn) -> str | None:
    """What "/nhatky …" asks about: a number as people type it ("dc 12"), a plan by its id or number."""
    typed = one_line(turn.args)
    if not typed:
        return None
    found = _NUMBERED.fullmatch(unaccent(typed).upper())
    if found:
        return numbered({"DC": cards.PREFIX}.get(found[1], found[1]), int(found[2]))
    same = (s for s in turn.services.library.all() if fold(typed) in (fold(s.plan.id), fold(s.plan.number or "")))
    return next((stored.plan.id for stored in same), typed)


def _line(turn: Turn, entry: Entry) -> str:
    person = turn.people.get(entry.person) if entry.person else None
    place = turn.services.library.institution(entry.org) if entry.org else None
    name, subject = person.name if person else None, _subject(turn, entry)
    return messages.audit_line(shown(entry.at), name, entry.role, entry.action, subject, place.name if place else None)


def _subject(turn: Turn, entry: Entry) -> str:
    """What was acted on, as people call it."""
    subject = entry.subject or ""
    kind, _, number = subject.partition(":")
    if entry.action == "refused":
        return messages.NEEDED.get(subject, "")
    if kind == "draft":
        return messages.A_DRAFT
    if kind == "list":
        return messages.audit_list(number)
    if kind == "round":
        held = turn.services.nominations.round(int(number)) if number.isdecimal() else None
        return held.name if held else ""
    if kind == "grant":
        grant = turn.services.access.grant(int(number))
        holder = turn.people.get(grant.person) if grant else None
        return messages.audit_role(grant.role.value, grant.unit, holder.name if holder else messages.NOBODY) if grant else ""
    stored = turn.services.library.get(subject)
    return messages.audit_plan(stored.plan.number or stored.plan.title or stored.plan.source) if stored else subject


def health(turn: Turn) -> None:
    """/tinhtrang"""
    turn.require(Action.AUDIT, SYSTEM)
    waiting = next(turn.services.db.query("SELECT count(*) AS n FROM outbox WHERE state IN ('waiting', 'sending')"))["n"]
    turn.say(
        messages.health(
            len(turn.services.library.live_keys()),
            len(turn.people.all()),
            len(turn.services.outbox.unreachable()),
            waiting,
            bool(turn.settings.get(PAUSED)),
        )
    )
