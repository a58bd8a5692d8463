"""When a handler fails: the person learns what did not happen and a code to quote; nothing else is changed.

An error that may pass (a locked database, a full disk) leaves the update waiting. Any other marks it failed and keeps it, so that
the person can have it tried again.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
from typing import TYPE_CHECKING, Any

import structlog
from telegram import CallbackQuery, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import messages
from bot.database import is_locked, is_transient
from bot.inbox import Handling, chat_of, current

if TYPE_CHECKING:
    from bot.app import Services

log = structlog.get_logger(__name__)
RETRY_DATA = re.compile(r"^retry\.(\d{1,18})$")
LABEL_SHOWN = 40


async def tell(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The application's error handler."""
    services: Services = context.bot_data["services"]
    held = current()
    if held is not None and is_transient(context.error):
        held.later = True
        log.warning("the database does not take a write, the update waits", update_id=held.update_id, reason=str(context.error))
        await _say_wait(update, context, held)
        return
    code = new_code()
    log.error("handler failed", code=code, update_id=held.update_id if held else None, exc_info=context.error)
    if isinstance(update, Update) and update.effective_chat is not None and update.effective_user is not None:
        say(services, update.effective_chat.id, action_of(update), code, held, update.callback_query)


def new_code() -> str:
    """What the person quotes and the log is searched for."""
    return f"L-{secrets.token_hex(2).upper()}"


def say(
    services: Services, chat_id: int, action: str, code: str, held: Handling | None, query: CallbackQuery | None = None
) -> None:
    """Stores the message in the transaction that marks the update failed; its body is kept for another try."""
    params: dict[str, Any] = {"text": messages.failure_after(action, code, messages.OFFICE)}
    with services.db.atomic():
        if held is not None and not held.done:
            held.kept = True
            button = {"text": messages.RETRY, "callback_data": f"retry.{held.update_id}"}
            params = {
                "text": messages.failure_of(action, code, messages.OFFICE),
                "reply_markup": {"inline_keyboard": [[button]]},
            }
        if query is not None:
            services.outbox.put(chat_id, "answerCallbackQuery", {"callback_query_id": query.id})
        services.outbox.put(chat_id, "sendMessage", params)


async def _say_wait(update: object, context: ContextTypes.DEFAULT_TYPE, held: Handling) -> None:
    """Nothing can be stored, so this one message does not go through the outbox; once for an update."""
    told: set[int] = context.bot_data.setdefault("told_to_wait", set())
    if is_locked(context.error) or held.update_id in told or not isinstance(update, Update) or update.effective_chat is None:
        return
    told.add(held.update_id)
    with contextlib.suppress(TelegramError):
        await context.bot.send_message(update.effective_chat.id, messages.NOT_STORED)


def gave_up(services: Services, update_id: int, body: str) -> None:
    """An update that ended the process again and again is put aside; its sender is told."""
    chat_id = chat_of(_parsed(body))
    if chat_id:
        code = new_code()
        log.error("an update was given up", code=code, update_id=update_id)
        say(services, chat_id, messages.A_MESSAGE, code, current())


def _parsed(body: str) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        update = json.loads(body)
        if isinstance(update, dict):
            return update
    return {}


async def try_again(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """[Gửi lại] under a failure: the kept update is handled once more, if it is still there and of this chat."""
    services: Services = context.bot_data["services"]
    query, chat = update.callback_query, update.effective_chat
    found = RETRY_DATA.match(query.data or "") if query else None
    if query is None or chat is None or found is None:
        return
    with services.db.atomic():
        reopened = services.inbox.reopen(int(found.group(1)), chat.id)
        text = messages.RETRIED if reopened else messages.RETRY_GONE
        services.outbox.put(chat.id, "answerCallbackQuery", {"callback_query_id": query.id, "text": text})


def action_of(update: Update) -> str:
    """What the person did, in their words; "the message" where an update is so odd that this cannot be told."""
    with contextlib.suppress(Exception):  # the update may be what the handler has failed at
        return _action_of(update)
    return messages.A_MESSAGE


def _action_of(update: Update) -> str:
    """The label of the button, the command, or "the message"."""
    query = update.callback_query
    if query is not None:
        markup = getattr(query.message, "reply_markup", None)
        labels = (b.text for row in (markup.inline_keyboard if markup else ()) for b in row if b.callback_data == query.data)
        return next(labels, messages.A_BUTTON)[:LABEL_SHOWN]
    text = (update.effective_message.text or "") if update.effective_message else ""
    return text.split()[0][:LABEL_SHOWN] if text.startswith("/") else messages.A_MESSAGE
