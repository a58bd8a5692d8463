"""Makes the calls that the outbox holds: in order within a chat, several chats at once, at Telegram's pace.

A row is marked as being sent before the call and as sent after it. Where the process or the network fails in between, nobody
knows whether the message arrived: it is sent again and says so, with its number (`messages.sent_again`).
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import structlog
from telegram import Bot, InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot import failpoints, messages
from bot.calls import call, retry_after_s
from bot.clock import Clock
from bot.database import Database, is_transient
from bot.group_commit import LostError
from bot.moments import read, stored
from bot.network import UPLOAD_TIMEOUT_S, NotConnectedError
from bot.outbox import ANSWER_CALLBACK, UPLOAD_FIELD, Outbox, Outgoing
from bot.pace import Pace
from bot.settings import Settings
from bot.tasks import cancel_all

log = structlog.get_logger(__name__)

WITHOUT_CHAT = frozenset({ANSWER_CALLBACK, "setMyCommands", "deleteMyCommands", "setMyDescription"})
UNPACED = WITHOUT_CHAT | {"sendChatAction"}
LONGEST_WAIT_S = 60.0
CALLS_AT_ONCE, ANSWERS_AT_ONCE = 16, 16
"""Enough for 30 messages a second at half a second each; every further call at once would be a further open connection."""
_NEVER_LEFT = (NotConnectedError, httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_DONE_ALREADY = ("message is not modified", "message to delete not found", "query is too old", "query ID is invalid")
_CANNOT_EDIT = ("message to edit not found", "message can't be edited", "there is no text in the message to edit")
_GONE = ("chat not found", "user is deactivated", "PEER_ID_INVALID", "group chat was deactivated")
_REFUSED_WHOLE = ("Internal Server Error", "Service Unavailable")
"""Answers in which Telegram says that it did nothing; a gateway's error says nothing about what is behind it."""

Sleep = Callable[[float], Awaitable[None]]


class Sender:
    """One per process. `run` works until it is cancelled; `drain` waits until nothing is left to send now."""

    def __init__(self, bot: Bot, db: Database, outbox: Outbox, settings: Settings, clock: Clock, sleep: Sleep = asyncio.sleep):
        self._bot = bot
        self._db = db
        self._outbox = outbox
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._pace = Pace(settings)
        self._wake = asyncio.Event()
        self._chats: dict[int, asyncio.Task[None]] = {}
        self._answers: dict[int, asyncio.Task[None]] = {}
        self._noting: set[asyncio.Task[None]] = set()
        self._backing_off: set[int] = set()
        self._slots = asyncio.Semaphore(CALLS_AT_ONCE)
        self._answer_slots = asyncio.Semaphore(ANSWERS_AT_ONCE)
        self._recovered = False
        db.committed.append(self._wake.set)

    async def run(self) -> None:
        await self._recover()
        looked = -LONGEST_WAIT_S
        try:
            while True:
                self._wake.clear()
                if (now := asyncio.get_running_loop().time()) - looked >= LONGEST_WAIT_S:
                    looked = now
                    self._start_all()
                self._start_new()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LONGEST_WAIT_S):
                        await self._wake.wait()
        finally:
            await self._stop()

    async def drain(self, limit_s: float) -> bool:
        """Waits until nothing waits to be sent but what backs off, `limit_s` at most; says whether that was reached."""
        deadline = asyncio.get_running_loop().time() + limit_s
        while not self.idle:
            if asyncio.get_running_loop().time() > deadline:
                return False
            self._db.flush()  # what is noted waits for no company any more
            await asyncio.sleep(0.002)
        return True

    @property
    def idle(self) -> bool:
        """Nothing is being sent, and what waits is backing off."""
        answers = self._db.execute("SELECT 1 FROM outbox WHERE state = 'waiting' AND method = ? LIMIT 1", [ANSWER_CALLBACK])
        busy = (set(self._open_chats()) | set(self._chats)) - self._backing_off
        return self._recovered and not busy and not self._answers and not self._noting and answers.fetchone() is None

    # --- which rows ------------------------------------------------------------------------------------------------

    async def _recover(self) -> None:
        """What was being sent when the last process ended may have arrived."""
        while True:
            try:
                with self._db.atomic():
                    self._db.execute(
                        "UPDATE outbox SET state = 'waiting', uncertain = uncertain + 1 WHERE state = 'sending'"
                    )
                self._recovered = True
                return
            except Exception as error:
                if not is_transient(error):
                    raise
                await self._sleep(1)

    def _start_all(self) -> None:
        """What waits in the database, whoever put it there."""
        for chat_id in self._open_chats():
            self._start_chat(chat_id)
        for row in self._db.execute(
            "SELECT id FROM outbox WHERE state = 'waiting' AND method = ?", [ANSWER_CALLBACK]
        ).fetchall():
            self._start_answer(int(row[0]))

    def _start_new(self) -> None:
        """What was put since the last look. Callback answers overtake everything: the button spins until they arrive."""
        for row, chat_id, method in self._outbox.taken():
            if method == ANSWER_CALLBACK:
                self._start_answer(row)
            else:
                self._start_chat(chat_id)

    def _start_chat(self, chat_id: int) -> None:
        if chat_id not in self._chats:
            self._chats[chat_id] = asyncio.create_task(self._serve(chat_id), name=f"outbox {chat_id}")

    def _open_chats(self) -> list[int]:
        rows = self._db.execute(
            "SELECT DISTINCT chat_id FROM outbox WHERE state = 'waiting' AND method <> ?", [ANSWER_CALLBACK]
        )
        return [int(row[0]) for row in rows.fetchall()]

    def _start_answer(self, row: int) -> None:
        if row not in self._answers:
            self._answers[row] = asyncio.create_task(self._answer_row(row), name=f"answer {row}")

    async def _answer_row(self, row: int) -> None:
        try:
            if (answer := await self._kept(row)) is not None:
                await self._answer(answer)
        finally:
            del self._answers[row]

    async def _answer(self, answer: Outgoing) -> None:
        """One attempt: a callback query that could not be answered at once is not worth answering later."""
        try:
            await self._call(answer)
        except (TelegramError, OSError) as error:
            await self._write("UPDATE outbox SET state = 'failed', error = ? WHERE id = ?", [str(error), answer.id])
        else:
            await self._write("UPDATE outbox SET state = 'sent', sent_at = ? WHERE id = ?", [self._now(), answer.id])

    async def _kept(self, row: int) -> Outgoing | None:
        """A callback answer that is on the disk; None where its transaction came to nothing."""
        with contextlib.suppress(sqlite3.Error):
            await self._db.durable()
            answer = self._outbox.get(row)
            return answer if answer is not None and answer.state == "waiting" and answer.method == ANSWER_CALLBACK else None
        return None

    # --- one chat ---------------------------------------------------------------------------------------------------

    async def _serve(self, chat_id: int) -> None:
        failures = 0
        try:
            while (row := self._outbox.first_waiting(chat_id)) is not None:
                try:
                    wait = await self._deliver(row, failures)
                except LostError:
                    continue  # the row may be gone with its group; otherwise it is marked again, by itself
                except Exception as error:
                    if not is_transient(error):
                        log.error("outbox: a row cannot be sent", row=row.id, exc_info=error)
                        await self._write("UPDATE outbox SET state = 'failed', error = ? WHERE id = ?", [repr(error), row.id])
                        continue
                    log.warning("outbox: the database does not take a write, trying again", reason=str(error))
                    wait = _backoff(failures)
                failures = failures + 1 if wait else 0
                if wait:
                    self._backing_off.add(chat_id)
                    await self._sleep(wait)
                    self._backing_off.discard(chat_id)
        except sqlite3.Error as error:
            log.error("outbox: the database cannot be read, trying again", exc_info=error)
            await self._sleep(1)
            self._outbox.look_at(chat_id)
        finally:
            self._backing_off.discard(chat_id)
            self._chats.pop(chat_id, None)
            self._wake.set()

    async def _deliver(self, row: Outgoing, failures: int) -> float:
        """Sends one row; returns 0 when the chat may go on, or the seconds to wait before the row is tried again."""
        if self._too_old(row):
            await self._fail(row, "given up")
            return 0.0
        if row.method not in UNPACED:
            await self._pace.turn(row.chat_id)
        marked = await self._marked(row)
        if marked is None:
            return 0.0
        row = marked
        failpoints.hit("outbox.marked")
        try:
            result = await self._call(row)
        except asyncio.CancelledError:
            raise
        except RetryAfter as error:
            await self._again(row, uncertain=False)
            return retry_after_s(error)
        except TelegramError as error:
            return await self._refused(row, error, failures)
        failpoints.hit("outbox.called")
        self._soon(self._sent(row, result))
        return 0.0

    async def _marked(self, row: Outgoing) -> Outgoing | None:
        """The row as it is once it is marked as being sent, on the disk; None where its transaction has come to nothing."""
        with self._db.atomic():
            marked = self._outbox.mark(row)
        await self._db.durable()
        return marked

    async def _refused(self, row: Outgoing, error: TelegramError, failures: int) -> float:
        reason = str(error)
        if isinstance(error, ChatMigrated):
            await self._in_transaction(lambda: self._outbox.migrated(row.chat_id, error.new_chat_id))
        elif isinstance(error, Forbidden) or _says(reason, _GONE):
            log.warning("outbox: the chat cannot be written to", chat_id=row.chat_id, reason=reason)
            await self._in_transaction(lambda: self._outbox.lost(row.chat_id, reason))
        elif _is_unauthorized(error):
            await self._again(row, uncertain=False)
            log.error("Telegram does not accept the token (GUONGSANG_TOKEN); trying again")
            return LONGEST_WAIT_S
        elif isinstance(error, BadRequest) or not isinstance(error, NetworkError):
            await self._rejected(row, reason)
        else:
            await self._again(row, uncertain=_may_have_arrived(error))
            log.warning("outbox: not sent, trying again", row=row.id, reason=reason)
            return _backoff(failures)
        return 0.0

    async def _rejected(self, row: Outgoing, reason: str) -> None:
        """Telegram will never take this call: it is done already, or said otherwise, or given up."""
        if _says(reason, _DONE_ALREADY):
            sql = "UPDATE outbox SET state = 'sent', sent_at = ?, error = ? WHERE id = ?"
            await self._write(sql, [self._now(), reason, row.id])
        elif row.method == "editMessageText" and _says(reason, _CANNOT_EDIT):
            await self._in_transaction(lambda: self._as_new_message(row))
        else:
            await self._fail(row, reason)

    def _as_new_message(self, row: Outgoing) -> None:
        self._db.execute(
            "UPDATE outbox SET method = 'sendMessage', state = 'waiting', edits = NULL,"
            " params = json_remove(params, '$.message_id') WHERE id = ?",
            [row.id],
        )

    async def _fail(self, row: Outgoing, reason: str) -> None:
        log.error("outbox: Telegram refused a call", row=row.id, method=row.method, chat_id=row.chat_id, reason=reason)
        await self._write("UPDATE outbox SET state = 'failed', error = ? WHERE id = ?", [reason, row.id])

    async def _again(self, row: Outgoing, *, uncertain: bool) -> None:
        await self._write(
            "UPDATE outbox SET state = 'waiting', uncertain = uncertain + ? WHERE id = ?", [int(uncertain), row.id]
        )

    async def _sent(self, row: Outgoing, result: Any) -> None:
        message_id = result.get("message_id") if isinstance(result, dict) else None
        await self._write(
            "UPDATE outbox SET state = 'sent', sent_at = ?, message_id = ?, error = NULL WHERE id = ?",
            [self._now(), message_id, row.id],
        )
        failpoints.hit("outbox.stored")

    def _soon(self, noting: Coroutine[Any, Any, None]) -> None:
        """Notes what became of a call while the chat goes on: the next message need not wait for the disk."""
        task = asyncio.create_task(noting)
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    # --- one call ---------------------------------------------------------------------------------------------------

    async def _call(self, row: Outgoing) -> Any:
        method, params = self._prepared(row)
        if row.document is None:
            async with self._answer_slots if row.method == ANSWER_CALLBACK else self._slots:
                return await call(self._bot, method, params)
        data = await asyncio.to_thread(self._outbox.read, Path(row.document))
        params[UPLOAD_FIELD[method]] = InputFile(data, filename=row.filename)
        return await call(self._bot, method, params, timeout_s=UPLOAD_TIMEOUT_S)

    def _prepared(self, row: Outgoing) -> tuple[str, dict[str, Any]]:
        method, params = row.method, dict(row.params)
        if method not in WITHOUT_CHAT:
            params["chat_id"] = row.chat_id
        if row.edits is not None:
            edited = self._outbox.get(row.edits)
            if edited is not None and edited.message_id is not None:
                params["message_id"] = edited.message_id
            elif method == "editMessageText":
                method = "sendMessage"
        if row.uncertain and method == "sendMessage":
            params["text"] += "\n\n" + messages.sent_again(row.id)
        elif row.uncertain and method in UPLOAD_FIELD:
            params["caption"] = (params.get("caption", "") + "\n\n" + messages.sent_again(row.id)).strip()
        return method, params

    # --- small things -----------------------------------------------------------------------------------------------

    async def _write(self, sql: str, values: list[Any]) -> None:
        await self._in_transaction(lambda: self._db.execute(sql, values))

    async def _in_transaction(self, change: Callable[[], object]) -> None:
        """What was learnt about a call is not forgotten because the disk is full for a moment."""
        failures = 0
        while True:
            try:
                with self._db.atomic(urgent=False):
                    change()
                await self._db.durable()
                return
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning("outbox: the database does not take a write, trying again", reason=str(error))
                await self._sleep(_backoff(failures))
                failures += 1

    def _too_old(self, row: Outgoing) -> bool:
        return self._clock() - read(row.created_at) > timedelta(hours=self._settings.outbox_give_up_h)

    def _now(self) -> str:
        return stored(self._clock())

    async def _stop(self) -> None:
        await cancel_all([*self._chats.values(), *self._answers.values(), *self._noting])


def _backoff(failures: int) -> float:
    return min(LONGEST_WAIT_S, 2.0 ** min(failures, 6))


def _says(reason: str, known: tuple[str, ...]) -> bool:
    """python-telegram-bot changes the case of Telegram's words."""
    return any(text.casefold() in reason.casefold() for text in known)


def _is_unauthorized(error: TelegramError) -> bool:
    """python-telegram-bot answers 401 and 404 with one class; only the first is about the token."""
    return any(isinstance(each, InvalidToken) and "Unauthorized" in str(each) for each in (error, error.__cause__))


def _may_have_arrived(error: NetworkError) -> bool:
    if isinstance(error.__cause__, _NEVER_LEFT):
        return False
    return isinstance(error, TimedOut) or not _says(str(error), _REFUSED_WHOLE)
