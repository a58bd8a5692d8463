"""Where the emulator is strict: method, what, limit, and the answer in Telegram's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

MB = 1024 * 1024


class ApiError(Exception):
    """An answer with `ok: false`."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


@dataclass(frozen=True)
class Strictness:
    """One rule. `limit` is None where the rule is no number; `error` may have braces to fill in."""

    name: str
    methods: str
    what: str
    limit: int | None
    error: str
    status: int = 400


TABLE = (
    Strictness("unknown_method", "any", "the method exists", None, "Not Found: method not found", 404),
    Strictness("not_json", "any", "structured parameters are JSON", None, "Bad Request: can't parse {what} JSON object"),
    Strictness("no_chat_id", "send*", "chat_id is given", None, "Bad Request: chat_id is empty"),
    Strictness("no_chat", "send*, edit*", "the chat is known to the bot", None, "Bad Request: chat not found"),
    Strictness("blocked", "send*", "the person has not blocked the bot", None, "Forbidden: bot was blocked by the user", 403),
    Strictness("kicked", "send*", "the bot is in the group", None, "Forbidden: bot was kicked from the group chat", 403),
    Strictness(
        "migrated", "send*, edit*", "the group has not moved", None, "Bad Request: group chat was upgraded to a supergroup chat"
    ),
    Strictness("text_empty", "sendMessage, editMessageText", "text is not empty", 1, "Bad Request: message text is empty"),
    Strictness("text_long", "sendMessage, editMessageText", "UTF-16 units of text", 4096, "Bad Request: message is too long"),
    Strictness(
        "caption_long", "sendDocument, sendPhoto", "UTF-16 units of caption", 1024, "Bad Request: message caption is too long"
    ),
    Strictness(
        "entity_offset",
        "send*, edit*",
        "entities begin in the text",
        None,
        "Bad Request: receive an entity with incorrect offset {value}",
    ),
    Strictness(
        "entity_length",
        "send*, edit*",
        "entities have a length",
        None,
        "Bad Request: receive an entity with incorrect length {value}",
    ),
    Strictness(
        "entity_end",
        "send*, edit*",
        "entities end in the text",
        None,
        "Bad Request: entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {end}",
    ),
    Strictness(
        "entity_inside",
        "send*, edit*",
        "entities cut no character",
        None,
        "Bad Request: entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol at byte offset {byte}",
    ),
    Strictness(
        "entity_type",
        "send*, edit*",
        "the kind of entity exists",
        None,
        'Bad Request: can\'t parse MessageEntity: Field "type" has unsupported value "{value}"',
    ),
    Strictness(
        "parse_mode", "send*, edit*", "no parse mode here: entities are used", None, "Bad Request: unsupported parse_mode"
    ),
    Strictness(
        "button_text",
        "reply_markup",
        "a button has a label",
        None,
        'Bad Request: can\'t parse inline keyboard button: Field "text" must be of type String',
    ),
    Strictness(
        "button_action",
        "reply_markup",
        "an inline button does exactly one thing",
        None,
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    Strictness("button_data", "reply_markup", "bytes of callback_data", 64, "Bad Request: BUTTON_DATA_INVALID"),
    Strictness(
        "button_url",
        "reply_markup",
        "a button's address is one",
        None,
        "Bad Request: inline keyboard button URL '{value}' is invalid: Wrong HTTP URL",
    ),
    Strictness("markup_buttons", "reply_markup", "buttons of a message", 100, "Bad Request: reply markup is too long"),
    Strictness("markup_row", "reply_markup", "buttons in a row", 8, "Bad Request: reply markup is too long"),
    Strictness("markup_bytes", "reply_markup", "bytes of the markup as JSON", 10_000, "Bad Request: reply markup is too long"),
    Strictness(
        "not_modified",
        "edit*",
        "an edit changes something",
        None,
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
        "current content and reply markup of the message",
    ),
    Strictness("edit_missing", "edit*", "the message is there", None, "Bad Request: message to edit not found"),
    Strictness("edit_foreign", "edit*", "the message is the bot's", None, "Bad Request: message can't be edited"),
    Strictness(
        "edit_textless", "editMessageText", "the message has a text", None, "Bad Request: there is no text in the message to edit"
    ),
    Strictness("reply_missing", "send*", "the message replied to is there", None, "Bad Request: message to be replied not found"),
    Strictness(
        "copy_missing", "copyMessage, forwardMessage", "the message is there", None, "Bad Request: message to {what} not found"
    ),
    Strictness("delete_missing", "deleteMessage", "the message is there", None, "Bad Request: message to delete not found"),
    Strictness("delete_old", "deleteMessage", "seconds since it was sent", 48 * 3600, "Bad Request: message can't be deleted"),
    Strictness(
        "query_invalid",
        "answerCallbackQuery",
        "the query exists, was not answered, and is fresh (seconds)",
        60,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    Strictness("query_text", "answerCallbackQuery", "characters of text", 200, "Bad Request: MESSAGE_TOO_LONG"),
    Strictness("upload_large", "sendDocument", "bytes of an upload", 50 * MB, "Request Entity Too Large", 413),
    Strictness("photo_large", "sendPhoto", "bytes of a photo", 10 * MB, "Bad Request: file is too big"),
    Strictness("upload_empty", "sendDocument, sendPhoto", "a file is not empty", 1, "Bad Request: file must be non-empty"),
    Strictness(
        "upload_absent", "sendDocument, sendPhoto", "there is a file", None, "Bad Request: there is no {what} in the request"
    ),
    Strictness(
        "file_unknown",
        "sendDocument, sendPhoto",
        "the file_id is one of ours",
        None,
        "Bad Request: wrong remote file identifier specified: Wrong string length",
    ),
    Strictness("download_unknown", "getFile", "the file_id is one of ours", None, "Bad Request: invalid file_id"),
    Strictness("download_large", "getFile", "bytes of a download", 20 * MB, "Bad Request: file is too big"),
    Strictness("command_name", "setMyCommands", "characters of a command, a-z 0-9 _", 32, "Bad Request: BOT_COMMAND_INVALID"),
    Strictness(
        "command_description", "setMyCommands", "characters of a description", 256, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"
    ),
    Strictness("commands_many", "setMyCommands", "commands", 100, "Bad Request: BOT_COMMANDS_TOO_MUCH"),
    Strictness(
        "second_poller",
        "getUpdates",
        "one poller at a time",
        1,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        409,
    ),
    Strictness(
        "poll_with_webhook",
        "getUpdates",
        "no webhook is set",
        None,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        409,
    ),
    Strictness(
        "webhook_url",
        "setWebhook",
        "the address is one",
        None,
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    ),
    Strictness(
        "webhook_secret",
        "setWebhook",
        "characters of the secret, A-Z a-z 0-9 _ -",
        256,
        "Bad Request: secret token contains unallowed characters",
    ),
)
"""Texts of answers as Telegram's server gives them; where Telegram cuts or ignores silently, so does the emulator."""

RULES = {rule.name: rule for rule in TABLE}


def limit(name: str) -> int:
    value = RULES[name].limit
    assert value is not None
    return value


def refuse(name: str, parameters: dict[str, Any] | None = None, **filled: Any) -> NoReturn:
    """Answers as the rule says."""
    rule = RULES[name]
    raise ApiError(rule.status, rule.error.format(**filled) if filled else rule.error, parameters)
