"""The methods of the Bot API that a bot like ours uses, by their names in lower case."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.emulator import checks
from bot.emulator.api import BOT, Emulator, Params, StoredFile, mime_type
from bot.emulator.limits import limit, refuse

Method = Callable[[Emulator, Params, dict[str, StoredFile]], Awaitable[Any]]
METHODS: dict[str, Method] = {}
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def method(*names: str) -> Callable[[Method], Method]:
    def register(run: Method) -> Method:
        for name in names:
            METHODS[name.lower()] = run
        return run

    return register


# --- sending -----------------------------------------------------------------------------------------------------------


def _new_message(api: Emulator, params: Params, content: dict[str, Any]) -> dict[str, Any]:
    about = api.chat(params).about
    message: dict[str, Any] = {
        "message_id": api.next_message_id(about["id"]),
        "from": BOT,
        "chat": about,
        "date": int(api.clock()),
        **{name: value for name, value in content.items() if value},
    }
    if (keyboard := checks.markup(params.get("reply_markup"))) is not None:
        message["reply_markup"] = keyboard
    api.messages[about["id"], message["message_id"]] = message
    return message


def _replied_to(api: Emulator, params: Params) -> dict[str, Any] | None:
    wanted = params.get("reply_parameters") or {"message_id": params.get("reply_to_message_id")}
    if not wanted.get("message_id"):
        return None
    found = api.messages.get((params["chat_id"], wanted["message_id"]))
    if found is None and not wanted.get("allow_sending_without_reply"):
        refuse("reply_missing")
    return {name: value for name, value in found.items() if name != "reply_to_message"} if found else None


@method("sendMessage")
async def send_message(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    api.chat(params)
    text, entities = checks.text(params)
    checks.markup(params.get("reply_markup"))
    return _new_message(api, params, {"text": text, "entities": entities, "reply_to_message": _replied_to(api, params)})


def _attached(api: Emulator, params: Params, uploads: dict[str, StoredFile], what: str) -> StoredFile:
    given = params.get(what)
    if isinstance(given, str) and given.startswith("attach://"):
        given = uploads.get(given.removeprefix("attach://"))
        file = given or refuse("upload_absent", what=what)
    elif what in uploads:
        file = uploads[what]
    elif given:
        return api.file(given, "file_unknown")
    else:
        refuse("upload_absent", what=what)
    if not file.data:
        refuse("upload_empty")
    if len(file.data) > limit("upload_large"):
        refuse("upload_large")
    return file


@method("sendDocument")
async def send_document(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    api.chat(params)
    caption, entities = checks.caption(params)
    checks.markup(params.get("reply_markup"))
    file = _attached(api, params, uploads, "document")
    content = {"document": _document(file), "caption": caption, "caption_entities": entities}
    return _new_message(api, params, content | {"reply_to_message": _replied_to(api, params)})


def _document(file: StoredFile) -> dict[str, Any]:
    return {
        "file_id": file.file_id,
        "file_unique_id": file.file_id[-16:],
        "file_name": file.name,
        "mime_type": mime_type(file.name),
        "file_size": len(file.data),
    }


@method("sendPhoto")
async def send_photo(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    api.chat(params)
    caption, entities = checks.caption(params)
    checks.markup(params.get("reply_markup"))
    file = _attached(api, params, uploads, "photo")
    if len(file.data) > limit("photo_large"):
        refuse("photo_large")
    size = {"file_id": file.file_id, "file_unique_id": file.file_id[-16:], "width": 90, "height": 90, "file_size": len(file.data)}
    content = {"photo": [size], "caption": caption, "caption_entities": entities}
    return _new_message(api, params, content | {"reply_to_message": _replied_to(api, params)})


@method("copyMessage", "forwardMessage")
async def copy_message(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    api.chat(params)
    source = api.messages.get((params.get("from_chat_id", 0), params.get("message_id", 0)))
    if source is None:
        refuse("copy_missing", what="copy")
    kept = ("text", "entities", "caption", "caption_entities", "document", "photo")
    return _new_message(api, params, {name: source[name] for name in kept if name in source})


@method("sendChatAction")
async def send_chat_action(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    api.chat(params)
    return True


# --- changing ----------------------------------------------------------------------------------------------------------


def _own_message(api: Emulator, params: Params) -> dict[str, Any]:
    about = api.chat(params).about
    message = api.messages.get((about["id"], params.get("message_id", 0)))
    if message is None:
        refuse("edit_missing")
    if message.get("from") is not BOT and message.get("from", {}).get("id") != BOT["id"]:
        refuse("edit_foreign")
    return message


def _edited(api: Emulator, message: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """Empty values take their field away. Refuses an edit that changes nothing."""
    changed = {**message, **content}
    changed = {name: value for name, value in changed.items() if value or name in ("text", "date")}
    if {**changed, "edit_date": 0} == {**message, "edit_date": 0}:
        refuse("not_modified")
    changed["edit_date"] = int(api.clock())
    api.messages[message["chat"]["id"], message["message_id"]] = changed
    return changed


@method("editMessageText")
async def edit_message_text(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    message = _own_message(api, params)
    text, entities = checks.text(params)
    keyboard = checks.markup(params.get("reply_markup"))
    if "text" not in message:
        refuse("edit_textless")
    return _edited(api, message, {"text": text, "entities": entities, "reply_markup": keyboard})


@method("editMessageCaption")
async def edit_message_caption(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    message = _own_message(api, params)
    caption, entities = checks.caption(params)
    keyboard = checks.markup(params.get("reply_markup"))
    return _edited(api, message, {"caption": caption, "caption_entities": entities, "reply_markup": keyboard})


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    message = _own_message(api, params)
    return _edited(api, message, {"reply_markup": checks.markup(params.get("reply_markup"))})


@method("deleteMessage")
async def delete_message(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    about = api.chat(params).about
    key = (about["id"], params.get("message_id", 0))
    message = api.messages.get(key)
    if message is None:
        refuse("delete_missing")
    if api.clock() - message["date"] > limit("delete_old"):
        refuse("delete_old")
    del api.messages[key]
    return True


@method("answerCallbackQuery")
async def answer_callback_query(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    if len(str(params.get("text", ""))) > limit("query_text"):
        refuse("query_text")
    query = api.queries.get(str(params.get("callback_query_id")))
    if query is None or query.answered or api.clock() - query.at > limit("query_invalid"):
        refuse("query_invalid")
    query.answered = True
    return True


# --- the bot itself -------------------------------------------------------------------------------------------------


@method("getMe")
async def get_me(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}


@method("getChat")
async def get_chat(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    return {**api.chat(params).about, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}


_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


@method("getFile")
async def get_file(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    file = api.file(params.get("file_id"), "download_unknown")
    if len(file.data) > limit("download_large"):
        refuse("download_large")
    described = {"file_id": file.file_id, "file_unique_id": file.file_id[-16:]}
    return {**described, "file_size": len(file.data), "file_path": file.path}


def _scope(params: Params) -> str:
    scope = params.get("scope") or {"type": "default"}
    return "/".join(str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope)


@method("setMyCommands")
async def set_my_commands(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    api.commands[_scope(params)] = checks.commands(params.get("commands"))
    return True


@method("getMyCommands")
async def get_my_commands(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    return api.commands.get(_scope(params), [])


@method("deleteMyCommands")
async def delete_my_commands(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    api.commands.pop(_scope(params), None)
    return True


@method("setMyName", "setMyDescription", "setMyShortDescription", "setChatMenuButton")
async def set_about(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    return True


# --- updates ---------------------------------------------------------------------------------------------------------


@method("getUpdates")
async def get_updates(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    timeout = max(0, min(int(params.get("timeout", 0)), 50))
    return await api.updates(params.get("offset"), int(params.get("limit", 100)), timeout)


@method("setWebhook")
async def set_webhook(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    url, secret = str(params.get("url", "")), str(params.get("secret_token", ""))
    if url and not re.match(r"https?://[^\s/]+", url):
        refuse("webhook_url")
    if secret and not _SECRET.fullmatch(secret):
        refuse("webhook_secret")
    if params.get("drop_pending_updates"):
        api.forget_updates()
    api.webhook.set(url, secret, int(params.get("max_connections", 40)))
    return True


@method("deleteWebhook")
async def delete_webhook(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    if params.get("drop_pending_updates"):
        api.forget_updates()
    api.webhook.set("", "", 40)
    return True


@method("getWebhookInfo")
async def get_webhook_info(api: Emulator, params: Params, uploads: dict[str, StoredFile]) -> Any:
    info = {"url": api.webhook.url, "has_custom_certificate": False, "pending_update_count": api.unconfirmed()}
    return info | ({"last_error_message": api.webhook.last_error} if api.webhook.last_error else {})
