"""First contact: /start, the choice of the institution by typing, invites by link, /trogiup and /huy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from telegram import Update
from telegram.ext import ContextTypes

from bot import messages
from bot.access import InviteError, Role, is_token
from bot.handlers import examples
from bot.handlers.turn import Turn, settle
from bot.moments import today
from bot.people import People
from bot.render import Button, Message
from knowledge.library import Institution, Library, StoredPlan
from knowledge.text import one_line, unaccent

if TYPE_CHECKING:
    from bot.app import Services

SHOWN_AT_ONCE = 8
FOUND_LIMIT = 8


async def started(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/start"""
    services: Services = context.bot_data["services"]
    await prepare(services, update)
    settle(services, update, start)


async def prepare(services: Services, update: Update) -> None:
    """Find the examples that `start` is about to show: the engine is asked before the turn begins."""
    said, user = update.effective_message, update.effective_user
    payload = ((said.text or said.caption or "") if said else "").partition(" ")[2].strip()
    person = People(services.db).by_telegram(user.id) if user else None
    invited = services.access.invited_to(payload) if is_token(payload) else None
    slug = invited or (payload if payload and services.library.institution(payload) else person.org if person else None)
    await prepare_for(services, slug)


async def prepare_for(services: Services, slug: str | None) -> None:
    """The same where the institution is known already. One without a plan has no examples to ask for."""
    institution = services.library.institution(slug) if slug else None
    if institution and plans_in(services.library, institution):
        await examples.fitting(services, institution, today(services.clock()))


def start(turn: Turn) -> None:
    """/start, /start INVITE, /start SLUG."""
    turn.wait(None)
    payload = turn.args
    if is_token(payload):
        _accept(turn, payload)
        return
    institution = turn.services.library.institution(payload) if payload else None
    if institution:
        belong(turn, institution)
        return
    if payload and turn.text.startswith("/start"):
        turn.say(messages.START_CODE_UNKNOWN)
    if turn.institution:
        welcome(turn, turn.institution)
        return
    turn.say(Message(messages.HELLO + "\n" + messages.WHAT_I_DO))
    ask_institution(turn)


def _accept(turn: Turn, token: str) -> None:
    try:
        grant = turn.services.access.accept(token, turn.person.id, turn.now)
    except InviteError as error:
        turn.audit("invite_refused", reason=error.reason)
        turn.say(messages.INVITE_REFUSED[error.reason])
        return
    turn.audit("invite_accepted", role=grant.role.value, org=grant.org, subject=f"grant:{grant.id}")
    institution = turn.services.library.institution(grant.org) if grant.org else None
    turn.say(messages.role_given(grant.role.value, institution.name if institution else None, grant.unit))
    for admin in turn.services.access.holders(Role.ADMIN):
        other = turn.people.get(admin.person)
        if other and other.id != turn.person.id:
            turn.tell(other, messages.role_taken(turn.person.name, grant.role.value))
    if institution:
        belong(turn, institution)
    else:
        turn.commands()
        if not turn.institution:
            ask_institution(turn)


# --- the institution -------------------------------------------------------------------------------------------------


def ask_institution(turn: Turn, question: str | None = None) -> None:
    """Ask where the person works; the next text is searched for among the names."""
    institutions = turn.services.library.institutions()
    if not institutions:
        turn.say(messages.NO_INSTITUTION_YET)
        return
    turn.wait({"for": "institution", "question": question} if question else {"for": "institution"})
    if len(institutions) <= SHOWN_AT_ONCE:
        turn.say(messages.WHICH_INSTITUTION, _choices(institutions))
    else:
        turn.say(messages.WHICH_INSTITUTION_TYPED)


def find_institution(turn: Turn, text: str) -> None:
    """What was typed as the name of an institution."""
    found = matching(turn.services.library.institutions(), text)
    if found:
        turn.say(messages.CHOOSE_FOUND, _choices(found[:FOUND_LIMIT]))
        return
    turn.wait({**(turn.person.waiting or {}), "for": "institution", "wish": one_line(text)[:100]})
    turn.say(messages.no_such_institution(one_line(text)[:100]), [[Button(messages.ASK_FOR_INSTITUTION, "wish")]])


def wish(turn: Turn) -> None:
    """The institution is not there: the admins hear of it."""
    waiting = turn.person.waiting or {}
    if "wish" not in waiting:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.wait({"for": "institution"})
    for grant in turn.services.access.holders(Role.ADMIN):
        admin = turn.people.get(grant.person)
        if admin:
            turn.tell(admin, messages.institution_wish(turn.person.name, waiting["wish"]))
    turn.audit("institution_wished")
    turn.say(messages.INSTITUTION_WISHED)


def matching(institutions: Sequence[Institution], text: str) -> list[Institution]:
    """The institutions whose names or aliases hold every word typed, accents optional; the shortest name first."""
    typed = _bare(text).split()
    if not typed:
        return []
    found = []
    for institution in institutions:
        names = " ".join([institution.slug, institution.name, *institution.aliases])
        words = _bare(names).split()
        initials = "".join(word[0] for word in _bare(institution.name).split())
        if all(any(word.startswith(part) for word in words) or part == initials for part in typed):
            found.append(institution)
    return sorted(found, key=lambda institution: len(institution.name))


def belong(turn: Turn, institution: Institution) -> None:
    """The person asks about this institution from now on."""
    turn.people.belongs(turn.person.id, institution.slug)
    turn.wait(None)
    turn.audit("institution_chosen", org=institution.slug)
    welcome(turn, institution, chosen=True)


def welcome(turn: Turn, institution: Institution, *, chosen: bool = False) -> None:
    """What the bot can do in three lines, with three questions to try."""
    turn.commands()
    plans = plans_for(turn, institution)
    head = messages.institution_chosen(institution.name) if chosen else f"{messages.HELLO}\n{institution.name}."
    if not plans:
        turn.say(f"{head}\n{messages.NO_PLAN_YET}", [[Button(messages.OTHER_INSTITUTION, "else")]])
        return
    tries = examples.known(turn.services, institution)
    rows = [[Button(examples.EXAMPLES[number].text, f"try.{number}")] for number in tries]
    rows.append([Button(messages.OTHER_INSTITUTION, "else")])
    turn.say(f"{head}\n{messages.WHAT_I_DO}\n\n{messages.TRY_ASKING if tries else messages.JUST_ASK}", rows)


def plans_for(turn: Turn, institution: Institution) -> list[StoredPlan]:
    """The live plans that answer for an institution: its own, else those of the office above it."""
    return plans_in(turn.services.library, institution)


def plans_in(library: Library, institution: Institution) -> list[StoredPlan]:
    at: Institution | None = institution
    for _ in range(4):
        if at is None:
            return []
        plans = library.live(at.slug)
        if plans:
            return plans
        at = library.institution(at.parent) if at.parent else None
    return []


def change(turn: Turn) -> None:
    ask_institution(turn)


def _choices(institutions: Sequence[Institution]) -> list[list[Button]]:
    return [[Button(institution.name, f"org.{institution.slug}")] for institution in institutions]


def _bare(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in unaccent(text).lower()).split())


# --- help ------------------------------------------------------------------------------------------------------------


def show_help(turn: Turn) -> None:
    """The commands that this person's roles open."""
    roles = [Role.TEACHER, *(grant.role for grant in turn.services.access.grants(turn.person.id))]
    names = dict.fromkeys(name for role in roles for name in messages.MENU[role.value])
    lines = [f"/{name}: {messages.COMMANDS[name]}" for name in (*names, *messages.MENU_ALWAYS)]
    turn.say("\n".join([messages.HELP_HEAD, *lines]))
