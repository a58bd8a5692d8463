"""Updates as a test writes them, completed to what Telegram would have sent: ids, dates, chats, command entities."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.split import units

_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@\w+)?")
MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post")


def fill(update: dict[str, Any], *, now: int, message_id: Callable[[int], int], query_id: Callable[[], str]) -> None:
    """Completes an update in place. What stands there is never changed; what is no object is left as it is."""
    for kind in MESSAGES:
        if isinstance(update.get(kind), dict):
            fill_message(update[kind], now, message_id)
    if isinstance(update.get("callback_query"), dict):
        _fill_query(update["callback_query"], now, message_id, query_id)
    if isinstance(update.get("my_chat_member"), dict):
        _fill_member(update["my_chat_member"], now)


def fill_message(message: dict[str, Any], now: int, message_id: Callable[[int], int]) -> None:
    _fill_user(message.get("from"))
    if "chat" not in message and isinstance(message.get("from"), dict):
        message["chat"] = _private(message["from"])
    chat = message.get("chat")
    if isinstance(chat, dict) and isinstance(chat.get("id"), int):
        chat.setdefault("type", "private" if chat["id"] > 0 else "group")
        message.setdefault("message_id", message_id(chat["id"]))
    message.setdefault("date", now)
    found = _COMMAND.match(message["text"]) if isinstance(message.get("text"), str) else None
    if found:
        message.setdefault("entities", [{"type": "bot_command", "offset": 0, "length": units(found.group())}])


def _fill_query(query: dict[str, Any], now: int, message_id: Callable[[int], int], query_id: Callable[[], str]) -> None:
    query.setdefault("id", query_id())
    query.setdefault("chat_instance", "1")
    _fill_user(query.get("from"))
    message = query.get("message")
    if isinstance(message, dict):
        if "chat" not in message and isinstance(query.get("from"), dict):
            message["chat"] = _private(query["from"])
        fill_message(message, now, message_id)


def _fill_member(change: dict[str, Any], now: int) -> None:
    change.setdefault("date", now)
    _fill_user(change.get("from"))
    if "chat" not in change and isinstance(change.get("from"), dict):
        change["chat"] = _private(change["from"])


def _fill_user(user: Any) -> None:
    if isinstance(user, dict):
        user.setdefault("is_bot", False)
        user.setdefault("first_name", f"Người {user.get('id', '')}")


def _private(user: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {name: user[name] for name in ("first_name", "last_name", "username") if name in user}
    return {"id": user.get("id"), "type": "private", **names}
