"""The Bot API in one object: its state, its methods (`calls`), and what a test does to it (`push`, `add_file`, `add_fault`)."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import json
import mimetypes
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.emulator import filling
from bot.emulator.limits import ApiError, limit, refuse
from bot.emulator.params import Upload, decode
from bot.emulator.webhook import Webhook

BOT_ID = 4_200_000_000
BOT = {"id": BOT_ID, "is_bot": True, "first_name": "Gương Sáng", "username": "guongsang_bot"}
Params = dict[str, Any]


@dataclass
class Chat:
    """What the bot may know of a chat, and what became of it."""

    about: dict[str, Any]
    blocked: bool = False
    moved_to: int | None = None


@dataclass
class Query:
    """A press of a button, until it is answered."""

    at: float
    answered: bool = False


@dataclass
class StoredFile:
    file_id: str
    name: str
    data: bytes
    path: str

    def shown(self) -> dict[str, Any]:
        return {"file_id": self.file_id, "name": self.name, "size": len(self.data)}


@dataclass
class Pending:
    """An update that waits to be confirmed. A replayed one is delivered once more whatever the offset."""

    update: dict[str, Any]
    replayed: bool = False
    delivered: bool = False

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


@dataclass
class Fault:
    """The next `times` calls of `method` ("*" for any) go wrong; with `applied`, only after they had their effect."""

    method: str
    times: int = 1
    status: int | None = None
    parameters: dict[str, Any] | None = None
    description: str | None = None
    hang: float = 0.0
    applied: bool = False

    def error(self) -> ApiError | None:
        if self.status is None:
            return None
        return ApiError(self.status, self.description or _described(self.status, self.parameters), self.parameters)


@dataclass
class Emulator:
    """One bot's server. `clock` gives seconds since 1970."""

    clock: Callable[[], float] = time.time
    chats: dict[int, Chat] = field(default_factory=dict)
    messages: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    commands: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._pending: dict[int, Pending] = {}
        self._last_update = max(100_000_000, int(self.clock()))  # as Telegram's, they go on where an emulator before this one stopped
        self._numbers = itertools.count(1)
        self._last_message: dict[int, int] = {}
        self._changed = asyncio.Condition()
        self._poll = 0
        self.webhook = Webhook(self)

    # --- what a client calls -----------------------------------------------------------------------------------------

    async def call(self, method: str, raw: Params, uploads: dict[str, Upload] | None = None) -> tuple[int, dict[str, Any]]:
        """One call of the Bot API: the HTTP status and the JSON body of the answer."""
        shown: Params = {}
        try:
            shown |= decode(raw)
            uploaded = {name: self.keep(upload) for name, upload in (uploads or {}).items()}
            shown |= {name: file.shown() for name, file in uploaded.items()}
            result = await self._faulty(method, shown, uploaded)
        except ApiError as error:
            await self._record(method, shown, None, error)
            return error.status, error.body()
        await self._record(method, shown, result, None)
        return 200, {"ok": True, "result": result}

    async def _faulty(self, method: str, params: Params, uploads: dict[str, StoredFile]) -> Any:
        fault = self._fault(method)
        if fault is None:
            return await self._run(method, params, uploads)
        result = await self._run(method, params, uploads) if fault.applied or fault.status is None and not fault.hang else None
        if fault.applied:
            await self._record(method, params, result, None)
        await asyncio.sleep(fault.hang)
        if (error := fault.error()) is not None:
            raise error
        if fault.hang and not fault.applied:
            raise ApiError(504, "Gateway Timeout")
        return result

    async def _run(self, method: str, params: Params, uploads: dict[str, StoredFile]) -> Any:
        from bot.emulator.methods import METHODS

        run = METHODS.get(method.lower())
        if run is None:
            refuse("unknown_method")
        return await run(self, params, uploads)

    def _fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method.lower() in ("*", method.lower()) and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    async def _record(self, method: str, params: Params, result: Any, error: ApiError | None) -> None:
        if method.lower() == "getupdates":
            return
        call = {"n": len(self.calls) + 1, "method": method, "params": params, "result": result, "at": self.clock()}
        self.calls.append({**call, "error": error.body()} if error else call)
        await self.notify()

    # --- what a test does --------------------------------------------------------------------------------------------

    async def push(self, update: dict[str, Any]) -> int:
        """Something happens in Telegram: the update, completed, waits for the bot. Returns its id."""
        given = update.get("update_id")
        replayed = isinstance(given, int) and given <= self._last_update
        if not isinstance(given, int):
            given = self._last_update + 1
        self._last_update = max(self._last_update, given)
        update = {**json.loads(json.dumps(update)), "update_id": given}
        filling.fill(update, now=int(self.clock()), message_id=self.next_message_id, query_id=lambda: str(10**15 + self.number()))
        self._learn(update)
        self._pending[self.number()] = Pending(update, replayed)
        await self.notify()
        self.webhook.wake()
        return given

    def keep(self, upload: Upload) -> StoredFile:
        """A file that Telegram now has."""
        number = self.number()
        digest = hashlib.sha256(upload.data + str(number).encode()).hexdigest()[:24]
        suffix = upload.name[upload.name.rfind(".") :] if "." in upload.name else ""
        safe = "".join(c for c in suffix if c.isalnum() or c == ".")[:10]
        file = StoredFile(f"BQ{number}-{digest}", upload.name, upload.data, f"documents/file_{number}{safe}")
        self.files[file.file_id] = file
        return file

    async def calls_after(self, after: int, wait: float = 0.0) -> list[dict[str, Any]]:
        """The calls numbered above `after`; waits up to `wait` seconds for the first of them."""
        if len(self.calls) <= after:
            await self.wait_until(lambda: len(self.calls) > after, wait)
        return self.calls[max(after, 0) :]

    def unconfirmed(self) -> int:
        """How many updates the bot has not confirmed yet."""
        return len(self._pending)

    def block(self, chat_id: int, blocked: bool = True) -> None:
        """The person blocks the bot, or the group removes it."""
        self.chats[chat_id].blocked = blocked

    def migrate(self, old: int, new: int) -> None:
        """The group becomes a supergroup."""
        self.chats[new] = Chat({**self.chats[old].about, "id": new, "type": "supergroup"})
        self.chats[old].moved_to = new

    def _learn(self, update: dict[str, Any]) -> None:
        """Chats, messages and presses become known, as they are on Telegram's side."""
        for kind in filling.MESSAGES:
            message = update.get(kind)
            if isinstance(message, dict) and isinstance(message.get("chat"), dict):
                self._learn_message(message)
        query = update.get("callback_query")
        if isinstance(query, dict):
            self.queries[str(query["id"])] = Query(self.clock())
            self._learn_pressed(query)
        change = update.get("my_chat_member")
        if isinstance(change, dict) and isinstance(change.get("chat"), dict):
            status = (change.get("new_chat_member") or {}).get("status")
            self._know(change["chat"]).blocked = status in ("kicked", "left")

    def _learn_message(self, message: dict[str, Any]) -> None:
        chat = message["chat"]
        if not isinstance(chat.get("id"), int):
            return
        self._know(chat)
        if isinstance(message.get("message_id"), int):
            self.messages[chat["id"], message["message_id"]] = message
            self._last_message[chat["id"]] = max(self._last_message.get(chat["id"], 0), message["message_id"])
        if isinstance(message.get("migrate_to_chat_id"), int):
            self.migrate(chat["id"], message["migrate_to_chat_id"])

    def _learn_pressed(self, query: dict[str, Any]) -> None:
        """A press names its message by number: the rest is what the bot had sent."""
        message = query.get("message")
        if not isinstance(message, dict) or not isinstance(message.get("chat"), dict):
            return
        key = (message["chat"].get("id"), message.get("message_id"))
        known = self.messages.get(key)  # type: ignore[arg-type]
        if known is not None:
            query["message"] = {**known, **{name: value for name, value in message.items() if name not in known}}
        elif isinstance(message["chat"].get("id"), int):
            self._know(message["chat"])

    def _know(self, chat: dict[str, Any]) -> Chat:
        known = self.chats.setdefault(chat["id"], Chat(dict(chat)))
        known.about |= chat
        if chat["id"] > 0:
            known.blocked = False
        return known

    # --- updates -----------------------------------------------------------------------------------------------------

    async def updates(self, offset: int | None, count: int, timeout: float) -> list[dict[str, Any]]:
        """getUpdates: confirms what lies before `offset`, then gives what is there, or waits for it."""
        if self.webhook.url:
            refuse("poll_with_webhook")
        self._confirm(offset)
        self._poll += 1
        mine = self._poll
        await self.notify()
        await self.wait_until(lambda: self._poll != mine or bool(self._pending), timeout)
        if self._poll != mine:
            refuse("second_poller")
        given = sorted(self._pending.values(), key=lambda pending: pending.replayed)[: max(1, min(count, 100))]
        for pending in given:
            pending.delivered = True
        return [pending.update for pending in given]

    def _confirm(self, offset: int | None) -> None:
        if offset is None or offset == 0:
            return
        ids = sorted({pending.id for pending in self._pending.values()})
        border = offset if offset > 0 else (ids[offset:] or [0])[0]
        for key, pending in list(self._pending.items()):
            if pending.id < border and (pending.delivered or not pending.replayed):
                del self._pending[key]

    def waiting_updates(self) -> list[Pending]:
        """For the webhook: what is to be delivered, oldest first."""
        return list(self._pending.values())

    def confirm_one(self, pending: Pending) -> None:
        for key, held in list(self._pending.items()):
            if held is pending:
                del self._pending[key]

    def forget_updates(self) -> None:
        self._pending.clear()

    # --- what the methods use ------------------------------------------------------------------------------------------

    def number(self) -> int:
        return next(self._numbers)

    def next_message_id(self, chat_id: int) -> int:
        self._last_message[chat_id] = self._last_message.get(chat_id, 0) + 1
        return self._last_message[chat_id]

    def chat(self, params: Params, name: str = "chat_id") -> Chat:
        """The chat a call is for. Refuses an unknown one, one that has moved, one that has blocked the bot."""
        chat_id = params.get(name)
        if chat_id in (None, ""):
            refuse("no_chat_id")
        known = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if known is None:
            refuse("no_chat")
        if known.moved_to is not None:
            refuse("migrated", {"migrate_to_chat_id": known.moved_to})
        if known.blocked:
            refuse("blocked" if known.about["id"] > 0 else "kicked")
        return known

    def file(self, file_id: Any, rule: str) -> StoredFile:
        found = self.files.get(str(file_id))
        if found is None:
            refuse(rule)
        return found

    def download(self, path: str) -> StoredFile | None:
        """What lies under /file/bot<token>/<path>."""
        return next(
            (file for file in self.files.values() if file.path == path and len(file.data) <= limit("download_large")), None
        )

    async def notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def wait_until(self, condition: Callable[[], bool], seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(condition)


def mime_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _described(status: int, parameters: dict[str, Any] | None) -> str:
    if status == 429:
        return f"Too Many Requests: retry after {(parameters or {}).get('retry_after', 1)}"
    return {
        400: "Bad Request: fault",
        401: "Unauthorized",
        403: "Forbidden: bot was blocked by the user",
        404: "Not Found",
        409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        500: "Internal Server Error",
        502: "Bad Gateway",
        503: "Service Unavailable",
        504: "Gateway Timeout",
    }.get(status, f"Fault {status}")
