"""What happens when somebody writes: one file per role or job. `register` says which word or button leads where.

Start at `turn.py` (one transaction a turn), then `ask.py` (a question) and `nominate.py` (the form). A text is first what the
bot waits for, then an answer to the open form, and otherwise a question; a question typed into the form is answered and the form
goes on.
"""

from __future__ import annotations

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters
from telegram.ext import TypeHandler as AnythingHandler

from bot import digest, messages
from bot.app import Services
from bot.handlers import (
    account,
    admin,
    ask,
    breaches,
    compiled,
    council,
    criteria,
    evidence,
    files,
    groups,
    handover,
    lists,
    nominate,
    plans,
    queue,
    rounds,
    secretariat,
    signed,
    sources,
    start,
)
from bot.handlers import edited as edited_list
from bot.handlers.ask import Asked, answer
from bot.handlers.turn import Body, Turn, handling, settle
from bot.intent import is_question
from bot.people import People
from bot.register import Register

COMMANDS: dict[str, Body] = {
    "trogiup": start.show_help,
    "help": start.show_help,
    "huy": nominate.stop,
    "decu": nominate.nominate,
    "hoso": nominate.mine,
    "mau": lists.blank,
    "hangcho": queue.show,
    "tonghop": compiled.overview,
    "dot": rounds.show,
    "cauhoi": secretariat.inquiries,
    "daumoi": secretariat.contact_wanted,
    "kehoach": admin.plans,
    "moi": admin.invite,
    "nguoidung": admin.people,
    "donvi": admin.institutions,
    "nhapdonvi": admin.merge_wanted,
    "tamdung": admin.pause,
    "dinhchinh": admin.correct,
    "nhatky": admin.audit,
    "tinhtrang": admin.health,
    "suco": breaches.log,
    "dulieu": account.show,
    "dieukien": criteria.show,
}

BUTTONS: dict[str, Body] = {
    "wish": start.wish,
    "else": start.change,
    "sec": ask.section,
    "nbr": ask.adjacent,
    "good": ask.good,
    "bad": ask.bad,
    "crit": criteria.tick,
    "pass": secretariat.pass_on,
    "keepit": secretariat.keep_to_myself,
    "reply": secretariat.reply_wanted,
    "keep": secretariat.keep_reply,
    "agree": secretariat.approve_reply,
    "drop": secretariat.drop_reply,
    "nom": nominate.nominate_by_plan,
    "draft": nominate.continue_draft,
    "next": nominate.next_person,
    "see": nominate.see,
    "mend": nominate.mend,
    "askb": nominate.ask_back,
    "wdr": nominate.withdraw,
    "gone": nominate.withdrawn,
    "fine": nominate.fine,
    "pack": lists.unit_pack,
    "list": lists.compile_as,
    "acc": secretariat.accept,
    "vote": council.wanted,
    "vrec": council.record,
    "dec": council.decision_wanted,
    "deci": council.minutes_wanted,
    "decm": council.without_minutes,
    "hand": handover.wanted,
    "hands": handover.hand,
    "blank": lists.blank,
    "lget": compiled.fetch,
    "lnew": compiled.correct,
    "lfwd": compiled.forward,
    "ledit": edited_list.take,
    "lleave": edited_list.leave,
    "seal": signed.lock,
    "noseal": signed.not_signed,
    "unseal": signed.unlock,
    "ret": secretariat.send_back,
    "why": secretariat.reason_wanted,
    "evi": secretariat.evidence,
    "back": secretariat.message_back,
    "queue": queue.show,
    "qunit": queue.by_unit,
    "qround": queue.by_round,
    "dups": queue.duplicates,
    "mrg": queue.merge_wanted,
    "mrgs": queue.merge,
    "rnew": rounds.wanted,
    "ropen": rounds.for_plan,
    "rdate": rounds.date_given,
    "runits": rounds.units_given,
    "rclose": rounds.close,
    "rnone": rounds.nobody,
    "inv": admin.invite_role,
    "invo": admin.invite_place,
    "invu": admin.invite_unit,
    "rev": admin.revoke_wanted,
    "revs": admin.revoke,
    "orgm": admin.merge,
    "orgmno": admin.merge_not,
    "corr": admin.send_correction,
    "corrno": admin.leave_correction,
    "planoff": admin.end_plan,
    "planon": admin.restore_plan,
    "pno": plans.discard,
    "pundo": plans.undo,
    "mydata": account.export,
    "myfix": account.correction_wanted,
    "mywdr": account.withdraw_wanted,
    "mynom": account.nominee_request,
    "mywdrn": account.withdraw_sure,
    "mywdry": account.withdraw,
    "mygone": account.delete_wanted,
    "mygone2": account.delete,
}

ASKING_COMMANDS = {"start": start.started}

ASKING_BUTTONS = {
    "try": ask.try_example,
    "in": ask.ask_in,
    "org": ask.choose_institution,
    "padd": plans.choose,
    "pyes": plans.confirm,
    "tab": lists.table_for,
    "zip": evidence.zipped,
    "page": sources.show,
}

WAITED_FOR: dict[str, Body] = {
    "return": secretariat.returned,
    "vote": council.typed,
    "minutes": council.minutes_typed,
    "data_request": account.requested,
    "reply": secretariat.replied,
    "back": secretariat.messaged_back,
    "contact": secretariat.contact_given,
    "ask_back": nominate.asked_back,
    "round_date": rounds.date_given,
    "round_units": rounds.units_given,
    "invite_unit": admin.invite_unit,
    "correction": admin.corrected,
}


def register(application: Application, services: Services) -> None:  # type: ignore[type-arg]
    """Put every handler into the application; the first that fits an update takes it."""
    application.bot_data["services"] = services
    services.jobs.extend(digest.JOBS)
    services.outbox.on_unreachable.append(lambda chat_id, reason: groups.tell_unreachable(services, chat_id, reason))
    private = filters.ChatType.PRIVATE
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE & private, handling(edited)))
    for name, command in ASKING_COMMANDS.items():
        application.add_handler(CommandHandler(name, command, private & filters.UpdateType.MESSAGE))
    for name, body in COMMANDS.items():
        application.add_handler(CommandHandler(name, handling(body), private & filters.UpdateType.MESSAGE))
    application.add_handler(CallbackQueryHandler(handling(nominate.press), nominate.STEP))
    for verb, press in ASKING_BUTTONS.items():
        application.add_handler(CallbackQueryHandler(press, rf"^{verb}(\.|$)"))
    for verb, body in BUTTONS.items():
        application.add_handler(CallbackQueryHandler(handling(body), rf"^{verb}(\.|$)"))
    application.add_handler(CallbackQueryHandler(handling(old_button)))
    message = filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(filters.COMMAND & private & message, handling(unknown_command)))
    application.add_handler(MessageHandler(filters.TEXT & private & message, text))
    application.add_handler(MessageHandler((filters.Document.ALL | filters.PHOTO) & private & message, files.received))
    application.add_handler(CommandHandler("nhom", groups.here, filters.ChatType.GROUPS & message))
    application.add_handler(MessageHandler(filters.TEXT & filters.ChatType.GROUPS & message, ask.in_group))
    application.add_handler(MessageHandler(private & message & ~filters.StatusUpdate.ALL, handling(only_text)))
    application.add_handler(AnythingHandler(Update, nothing))


async def text(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A text is what the bot waits for, an answer to the form, or a question."""
    services: Services = context.bot_data["services"]
    user, said = update.effective_user, update.effective_message
    assert user is not None
    assert said is not None
    typed = said.text or ""
    person = People(services.db).by_telegram(user.id)
    waiting = (person.waiting or {}) if person else {}
    kind = waiting.get("for")
    if kind in WAITED_FOR:
        settle(services, update, WAITED_FOR[kind])
    elif kind == "draft" and (draft := services.nominations.draft(waiting["draft"])) is not None and draft.status == "open":
        if is_question(typed, draft.step):
            await answer(services, update, Asked(typed, after=nominate.again))
        else:
            settle(services, update, nominate.text)
    elif person is None or person.org is None:
        await start.prepare(services, update)
        settle(services, update, lambda turn: newcomer(turn, typed))
    elif secretariat.typed_for(Register(services.db).latest(person.id, services.clock()), typed):
        settle(services, update, secretariat.pass_on_typed)
    else:
        await answer(services, update, Asked(typed))


def newcomer(turn: Turn, typed: str) -> None:
    """Somebody without an institution: what they type is a name to search for, or a question to keep until they have chosen."""
    if turn.person.waiting is None or is_question(typed, "unit"):
        if is_question(typed, "unit"):
            turn.wait({"for": "institution", "question": typed[: ask.QUESTION_LIMIT]})
            start.ask_institution(turn, question=typed[: ask.QUESTION_LIMIT])
        else:
            start.start(turn)
        return
    start.find_institution(turn, typed)


def edited(turn: Turn) -> None:
    """An edited message never changes an answer or a nomination; in the form the person is told so."""
    if (turn.person.waiting or {}).get("for"):
        turn.say(messages.EDITED)


def old_button(turn: Turn) -> None:
    turn.toast(messages.OLD_BUTTON)


def unknown_command(turn: Turn) -> None:
    turn.say(messages.UNKNOWN_COMMAND)


def only_text(turn: Turn) -> None:
    """Voice, stickers, places, contacts: a polite refusal, everything kept as it is."""
    turn.say(messages.ONLY_TEXT)


async def nothing(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """What is not for the bot (members joining, other people's talk in groups) is left alone."""
