"""Parameters as they come, strings of a form or values of JSON, turned into the values they stand for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.emulator.limits import ApiError, refuse

STRUCTURED = frozenset(
    {
        "reply_markup", "entities", "caption_entities", "reply_parameters", "link_preview_options", "allowed_updates", "commands",
        "scope", "media", "message_ids", "menu_button",
    }
)  # fmt: skip
NUMBERS = frozenset(
    {"chat_id", "message_id", "from_chat_id", "offset", "limit", "timeout", "user_id", "reply_to_message_id", "max_connections"}
)
TRUTHS = frozenset({"show_alert", "disable_notification", "protect_content", "drop_pending_updates"})


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    data: bytes


def decode(raw: dict[str, Any]) -> dict[str, Any]:
    """Raises ApiError for a structured parameter that is no JSON."""
    return {name: _value(name, value) for name, value in raw.items() if value is not None}


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in STRUCTURED:
        return _structure(name, value)
    if name in NUMBERS:
        return _number(name, value)
    if name in TRUTHS:
        return value.lower() in ("true", "1", "yes", "t")
    return value


def _structure(name: str, value: str) -> Any:
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError:
        refuse("not_json", what=name.replace("_", " "))


def _number(name: str, value: str) -> int | str:
    try:
        return int(value)
    except ValueError:
        if name in ("chat_id", "from_chat_id"):
            return value
        raise ApiError(400, f"Bad Request: invalid {name} specified") from None
