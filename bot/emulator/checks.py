"""What may stand in a message: texts, entities, buttons, commands. Each check refuses with its row of `limits.TABLE`."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.emulator.limits import limit, refuse
from bot.split import units

ENTITY_TYPES = frozenset(
    {
        "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic", "underline",
        "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention",
        "custom_emoji",
    }
)  # fmt: skip
ACTIONS = frozenset(
    {
        "callback_data", "url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
    }
)  # fmt: skip
_COMMAND = re.compile(r"[a-z0-9_]+")
_ADDRESS = re.compile(r"(https?|tg)://[^\s/]+.*", re.S)
MOST_ENTITIES = 100


def text(params: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The text and entities that a message will have: white space around the text is dropped, as Telegram does."""
    return _formatted(params, "text", "entities", "text_long")


def caption(params: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    return _formatted(params, "caption", "caption_entities", "caption_long")


def _formatted(params: dict[str, Any], name: str, entities_name: str, rule: str) -> tuple[str, list[dict[str, Any]]]:
    if params.get("parse_mode"):
        refuse("parse_mode")
    raw = str(params.get(name, ""))
    entities = _entities(raw, params.get(entities_name) or [])
    shown = raw.strip()
    if name == "text" and not shown:
        refuse("text_empty")
    if units(shown) > limit(rule):
        refuse(rule)
    return shown, _moved(entities, units(raw[: len(raw) - len(raw.lstrip())]), units(shown))


def _entities(raw: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    encoded = raw.encode("utf-16-le", "surrogatepass")
    for entity in entities:
        offset, length = int(entity.get("offset", -1)), int(entity.get("length", 0))
        if entity.get("type") not in ENTITY_TYPES:
            refuse("entity_type", value=entity.get("type"))
        if not 0 <= offset <= len(encoded) // 2:
            refuse("entity_offset", value=offset)
        if length <= 0:
            refuse("entity_length", value=length)
        if (offset + length) * 2 > len(encoded):
            refuse("entity_end", offset=offset, end=offset + length)
        for border in (offset, offset + length):
            if _in_a_character(encoded, border):
                refuse("entity_inside", offset=offset, byte=border * 2)
    return entities[:MOST_ENTITIES]


def _in_a_character(encoded: bytes, border: int) -> bool:
    """Whether the second half of a surrogate pair begins here."""
    return border * 2 < len(encoded) and 0xDC <= encoded[border * 2 + 1] <= 0xDF


def _moved(entities: list[dict[str, Any]], dropped: int, length: int) -> list[dict[str, Any]]:
    moved = []
    for entity in entities:
        begin = max(int(entity["offset"]) - dropped, 0)
        end = min(int(entity["offset"]) + int(entity["length"]) - dropped, length)
        if end > begin:
            moved.append({**entity, "offset": begin, "length": end - begin})
    return moved


def markup(given: Any) -> dict[str, Any] | None:
    """The inline keyboard that a message will have; None for none or another kind of keyboard."""
    if not given:
        return None
    if not isinstance(given, dict):
        refuse("not_json", what="reply keyboard markup")
    rows = given.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        refuse("not_json", what="inline keyboard")
    for row in rows:
        for button in row:
            _button(button)
        if len(row) > limit("markup_row"):
            refuse("markup_row")
    if sum(len(row) for row in rows) > limit("markup_buttons"):
        refuse("markup_buttons")
    if len(json.dumps(rows, ensure_ascii=False).encode()) > limit("markup_bytes"):
        refuse("markup_bytes")
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _button(button: dict[str, Any]) -> None:
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        refuse("button_text")
    if len(ACTIONS & button.keys()) != 1:
        refuse("button_action")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= limit("button_data"):
        refuse("button_data")
    if "url" in button and not _ADDRESS.fullmatch(str(button["url"])):
        refuse("button_url", value=button["url"])


def commands(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list):
        refuse("not_json", what="commands")
    if len(given) > limit("commands_many"):
        refuse("commands_many")
    for each in given:
        name, description = str(each.get("command", "")).removeprefix("/"), str(each.get("description", ""))
        if not _COMMAND.fullmatch(name) or len(name) > limit("command_name"):
            refuse("command_name")
        if not 1 <= len(description) <= limit("command_description"):
            refuse("command_description")
    return list(given)
