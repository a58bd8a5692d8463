"""Questions: typed at any moment, also in the middle of the form; follow-ups, more of the plan on a button, 👍 and 👎.

The search runs on another thread; only what it found is then said and stored, in one transaction on the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.ext import ContextTypes

from bot import messages, replies
from bot.answers import reply_text, run_shown
from bot.handlers import examples, nominate
from bot.handlers.examples import EXAMPLES
from bot.handlers.excerpts import neighbours, whole_section
from bot.handlers.secretariat import contact_name
from bot.handlers.sources import page_of
from bot.handlers.start import ask_institution, belong, prepare_for
from bot.handlers.turn import Body, Turn, arguments, settle
from bot.moments import today
from bot.people import People
from bot.register import Answered, Register
from bot.render import Button, Composer, Message, Rows, quoting
from index.answer import Abstain, Answer, Clarify
from knowledge.library import Reply

if TYPE_CHECKING:
    from bot.app import Services

QUESTION_LIMIT = 1000
Found = Answer | Abstain | Clarify


@dataclass(frozen=True)
class Asked:
    """A question on its way: `org` overrides the person's own institution; `after` goes on where the form stood.

    `alone`: it follows nothing that was asked before.
    """

    question: str
    org: str | None = None
    after: Body | None = None
    before: Body | None = None
    alone: bool = False


async def answer(services: Services, update: Update, asked: Asked) -> None:
    """Search, then say and store what was found."""
    user = update.effective_user
    assert user is not None
    person = People(services.db).by_telegram(user.id)
    org = asked.org or (person.org if person else None)
    now = services.clock()
    history = Register(services.db).history(person.id, now) if person and not asked.alone else []
    question = asked.question[:QUESTION_LIMIT]
    found = await asyncio.to_thread(services.engine.ask, question, org=org, history=history, today=today(now))
    if asked.before is not None or _greets(found):
        await prepare_for(services, org)
    settle(services, update, lambda turn: _say(turn, asked, found, org))


def _say(turn: Turn, asked: Asked, found: Found, org: str | None) -> None:
    if asked.before:
        asked.before(turn)
    where = found.org or org
    question = asked.question[:QUESTION_LIMIT]
    contact = turn.settings.get(contact_name(where)) if where else None
    text = reply_text(found, contact=contact)
    kept = _kept(turn, found, where, question)
    if kept is not None:
        text = f"{text}\n\n{messages.replied_before(kept.question, kept.reply)}"
    stored = turn.register.answered(
        person=turn.person.id,
        chat_id=turn.chat_id,
        org=where,
        question=question,
        asked_message=turn.message_id if turn.text else None,
        kind=type(found).__name__.lower(),
        text=text,
        cited=cited(found),
        now=turn.now,
    )
    if isinstance(found, Abstain) and kept is None:
        plan = found.sources[0].plan_id if found.sources else None
        turn.register.gap(question, where, plan, turn.now)
    turn.toast()
    made = message(found, text, stored, page=page_of(turn.services, stored) is not None, tries=_tries(turn, found))
    turn.say(made, reply_to=turn.message_id if turn.text else None)
    if _greets(found) and not turn.institution:
        ask_institution(turn)
    if asked.after:
        asked.after(turn)


def _tries(turn: Turn, found: Found) -> Sequence[int]:
    """A greeting is answered with questions that the person's institution answers."""
    return examples.known(turn.services, turn.institution) if _greets(found) and turn.institution else ()


def _greets(found: Found) -> bool:
    return isinstance(found, Clarify) and found.reason == "greeting"


def _kept(turn: Turn, found: Found, where: str | None, question: str) -> Reply | None:
    """What the secretariat once replied to such a question, where that may be used again."""
    if where is None or isinstance(found, Clarify) or (isinstance(found, Abstain) and found.unknown):
        return None
    return replies.fitting(turn.services.library, where, question, today(turn.now))


def cited(found: Found) -> list[dict[str, Any]]:
    """Which places of which plan versions are quoted."""
    if not isinstance(found, Answer):
        return []
    return [{"plan": q.source.plan_id, "version": q.source.version, "ref": q.ref, "start": q.start, "end": q.end} for q in found.quotes]


def message(found: Found, text: str, stored: Answered, *, page: bool = False, tries: Sequence[int] = ()) -> Message:
    """The answer as it is shown: quotations set off, its number last; where nothing was found, the way to the secretariat."""
    composer = Composer().add(text)
    if isinstance(found, Abstain) and not found.unknown:
        composer.line(messages.PASS_ON_QUESTION)
    if not isinstance(found, Clarify):
        composer.line(messages.answer_number(stored.number), "italic")
    made = composer.message(_rows(found, stored, page=page, tries=tries))
    runs = [run_shown(run) for run in found.runs] if isinstance(found, Answer) else []
    return Message(made.text, made.rows, (*quoting(text, runs), *made.entities))


def _rows(found: Found, stored: Answered, *, page: bool, tries: Sequence[int]) -> Rows:
    number = stored.id
    if isinstance(found, Clarify):
        if found.options:
            return [[Button(name, f"in.{number}.{slug}")] for slug, name in found.options[:12]]
        return [[Button(EXAMPLES[number].text, f"try.{number}")] for number in tries]
    if isinstance(found, Abstain):
        if found.unknown:
            return [[Button(messages.OTHER_INSTITUTION, "else")]]
        return [[Button(messages.BUTTON_SEND, f"pass.{number}"), Button(messages.BUTTON_NO, "keepit")]]
    return [
        [Button(messages.BUTTON_SECTION, f"sec.{number}"), Button(messages.BUTTON_NEXT, f"nbr.{number}")],
        [Button(messages.BUTTON_PAGE, f"page.{number}")] if page else [],
        [
            Button(messages.BUTTON_GOOD, f"good.{number}"),
            Button(messages.BUTTON_BAD, f"bad.{number}"),
            Button(messages.BUTTON_PASS_ON, f"pass.{number}"),
        ],
    ]


# --- buttons that ask -------------------------------------------------------------------------------------------------


async def try_example(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """One of the example questions."""
    data = arguments(update)
    services = context.bot_data["services"]
    if data and data[0].isdecimal() and int(data[0]) < len(EXAMPLES):
        question = EXAMPLES[int(data[0])].text
        shown = Asked(question, before=lambda turn: _shown(turn, question), after=nominate.again, alone=True)
        await answer(services, update, shown)
    else:
        settle(services, update, lambda turn: turn.toast(messages.OLD_BUTTON))


def _shown(turn: Turn, question: str) -> None:
    """A pressed question stands in the chat, so that the answer below it can be understood later."""
    turn.toast()
    turn.say(messages.asked(question))


async def ask_in(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The same question, in the institution that was chosen for it."""
    data = arguments(update)
    services = context.bot_data["services"]
    held = Register(services.db).answer(int(data[0])) if len(data) > 1 and data[0].isdecimal() else None
    institution = services.library.institution(data[1]) if held else None
    user = update.effective_user
    person = People(services.db).by_telegram(user.id) if user else None
    if held is None or institution is None or person is None or held.person != person.id:
        settle(services, update, lambda turn: turn.toast(messages.OLD_BUTTON))
        return
    await answer(services, update, Asked(held.question, org=institution.slug, after=nominate.again))


async def choose_institution(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The institution was chosen; a question that was typed before it is answered now."""
    services = context.bot_data["services"]
    data = arguments(update)
    institution = services.library.institution(data[0]) if data else None
    user = update.effective_user
    person = People(services.db).by_telegram(user.id) if user else None
    pending = (person.waiting or {}).get("question") if person else None
    if institution is None:
        settle(services, update, lambda turn: turn.toast(messages.OLD_BUTTON))
    elif pending:
        await answer(services, update, Asked(pending, org=institution.slug, before=lambda turn: belong(turn, institution)))
    else:
        await prepare_for(services, institution.slug)
        settle(services, update, lambda turn: belong(turn, institution))


# --- buttons under an answer ------------------------------------------------------------------------------------------


def section(turn: Turn) -> None:
    """The whole section around the first quotation."""
    _more(turn, whole_section)


def adjacent(turn: Turn) -> None:
    """What stands directly before and after."""
    _more(turn, neighbours)


def _more(turn: Turn, excerpt: Any) -> None:
    held = _own_answer(turn)
    if held is None or not held.cited:
        turn.toast(messages.OLD_BUTTON)
        return
    first = held.cited[0]
    stored = turn.services.library.get(first["plan"], first["version"])
    if stored is None or not stored.live:
        turn.toast(messages.PLAN_CHANGED)
        return
    here = [place for place in held.cited if place["plan"] == first["plan"]]
    made = excerpt(stored.plan, here, today(turn.now))
    if made is None:
        turn.toast(messages.NOTHING_MORE)
        return
    turn.toast()
    turn.say(made)


def good(turn: Turn) -> None:
    _rate(turn, 1, messages.THANKS)


def bad(turn: Turn) -> None:
    _rate(turn, -1, messages.THANKS_BAD)


def _rate(turn: Turn, rating: int, thanks: str) -> None:
    held = _own_answer(turn)
    if held is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.register.rate(held.id, rating)
    turn.toast(thanks)


def _own_answer(turn: Turn) -> Answered | None:
    """The answer that a button belongs to, if this person got it (or, in a group, if the group did)."""
    held = turn.register.answer(int(turn.data[0])) if turn.data and turn.data[0].isdecimal() else None
    return held if held and (held.person == turn.person.id or held.chat_id == turn.chat_id) else None


# --- groups ----------------------------------------------------------------------------------------------------------


async def in_group(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A group that speaks to the bot is answered from its own institution's plan; anything else is left alone."""
    services = context.bot_data["services"]
    said = update.effective_message.text if update.effective_message else None
    name = context.bot.username
    if said and name and f"@{name}".lower() in said.lower():
        cut = said.lower().index(f"@{name}".lower())
        question = " ".join((said[:cut] + said[cut + len(name) + 1 :]).split())
        if question:
            await answer(services, update, Asked(question))
