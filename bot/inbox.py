"""Updates are stored before Telegram is told that they arrived, and each changes the state exactly once.

`Inbox` is the store, `Poller` fills it, `Worker` feeds the application: in order within a chat, several chats at once. While an
update is handled, the first outermost `db.atomic()` of its handler also marks it done, in the same transaction; a handler that
needs an earlier transaction says `db.atomic(final=False)`. After a crash whatever is not marked is handled again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot import failpoints
from bot.clock import Clock
from bot.database import Database, is_transient
from bot.moments import read, stored
from bot.tasks import cancel_all

log = structlog.get_logger(__name__)

TELEGRAM_KEEPS = timedelta(hours=24)
IDS_CONTINUE_FOR = timedelta(days=6)
"""After a week without updates Telegram starts anywhere: an old offset might then hide what is new."""
KEPT_IDS_FOR = timedelta(days=8)
FLOOD, FLOOD_PAUSE_S = 50, 0.05
"""After so many updates of a chat without a rest the next ones wait, so that others come first."""


@dataclass
class Handling:
    """The update that the present task works on."""

    update_id: int
    done: bool = False
    marked: bool = False
    later: bool = False
    kept: bool = False


_handling: ContextVar[Handling | None] = ContextVar("handling", default=None)


def current() -> Handling | None:
    """The update that is being handled in this task, if any."""
    return _handling.get()


class Inbox:
    """The stored updates. One per process: it watches the database's transactions."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self.arrived = asyncio.Event()
        db.committing.append(self._mark_done)
        db.committed.append(self._done)

    # --- coming in ---------------------------------------------------------------------------------------------------

    def store(self, updates: Iterable[dict[str, Any]]) -> int:
        """Stores raw updates; one that is there already is left alone. Returns how many were new. Raises what SQLite raises."""
        now = stored(self._clock())
        new = 0
        with self._db.atomic(final=False):
            for update in updates:
                if not isinstance(update.get("update_id"), int):
                    log.warning("inbox: an update without an id was dropped")
                    continue
                cursor = self._db.execute(
                    "INSERT OR IGNORE INTO inbox (update_id, chat_id, body, received_at) VALUES (?, ?, ?, ?)",
                    [update["update_id"], chat_of(update), json.dumps(update, ensure_ascii=False), now],
                )
                new += cursor.rowcount
        self.arrived.set()
        return new

    def offset(self) -> int | None:
        """What to ask Telegram for next; None after a long silence, when the numbers may start anywhere."""
        row = self._db.execute(
            "SELECT update_id, received_at FROM inbox ORDER BY received_at DESC, update_id DESC LIMIT 1"
        ).fetchone()
        if row is None or self._clock() - read(row[1]) > IDS_CONTINUE_FOR:
            return None
        return int(row[0]) + 1

    # --- being worked on ---------------------------------------------------------------------------------------------

    def waiting_chats(self) -> list[int]:
        rows = self._db.execute("SELECT DISTINCT chat_id FROM inbox WHERE done_at IS NULL").fetchall()
        return [int(row[0]) for row in rows]

    def next(self, chat_id: int) -> tuple[int, str, int] | None:
        """The oldest update of a chat that is not done: its id, its body, how often it was begun after a restart."""
        row = self._db.execute(
            "SELECT update_id, body, attempts FROM inbox WHERE chat_id = ? AND done_at IS NULL ORDER BY update_id LIMIT 1",
            [chat_id],
        ).fetchone()
        return None if row is None else (int(row[0]), str(row[1]), int(row[2]))

    def left_over(self) -> set[int]:
        """What is not done: at the start, what an earlier process left."""
        rows = self._db.execute("SELECT update_id FROM inbox WHERE done_at IS NULL").fetchall()
        return {int(row[0]) for row in rows}

    def begin_again(self, update_id: int) -> None:
        """Counts an attempt before it is made: it may end the process."""
        with self._db.atomic(final=False):
            self._db.execute("UPDATE inbox SET attempts = attempts + 1 WHERE update_id = ?", [update_id])

    @contextmanager
    def handling(self, update_id: int) -> Iterator[Handling]:
        """While this is entered, the next final transaction of this task marks the update done."""
        held = Handling(update_id)
        token = _handling.set(held)
        try:
            yield held
        finally:
            _handling.reset(token)

    def finish(self, update_id: int, outcome: str, *, keep: bool = False) -> None:
        """Marks an update done; its body is forgotten unless it may be wanted for another try."""
        with self._db.atomic(final=False):
            self._finish(update_id, outcome, keep)

    def reopen(self, update_id: int, chat_id: int) -> bool:
        """An update that failed is handled again, once; False where there is none of this chat to handle again."""
        with self._db.atomic():
            cursor = self._db.execute(
                "UPDATE inbox SET done_at = NULL, outcome = NULL, attempts = 0"
                " WHERE update_id = ? AND chat_id = ? AND outcome = 'failed' AND body IS NOT NULL",
                [update_id, chat_id],
            )
        self.arrived.set()
        return cursor.rowcount == 1

    def forget(self) -> None:
        """Removes what is no longer needed to tell a repeated update from a new one; the newest always stays."""
        with self._db.atomic():
            self._db.execute(
                "DELETE FROM inbox WHERE done_at < ? AND update_id NOT IN"
                " (SELECT update_id FROM inbox ORDER BY received_at DESC, update_id DESC LIMIT 1)",
                [stored(self._clock() - KEPT_IDS_FOR)],
            )

    def _mark_done(self, final: bool) -> None:
        held = _handling.get()
        if held is None or held.done:
            return
        held.marked = False
        if not final:
            return
        failpoints.hit("transaction.body")
        self._finish(held.update_id, "failed" if held.kept else "done", held.kept)
        held.marked = True

    def _done(self) -> None:
        held = _handling.get()
        if held is not None and held.marked and not held.done:
            held.done = True
            failpoints.hit("transaction.committed")

    def _finish(self, update_id: int, outcome: str, keep: bool) -> None:
        self._db.execute(
            "UPDATE inbox SET done_at = ?, outcome = ?, body = CASE WHEN ? THEN body END WHERE update_id = ?",
            [stored(self._clock()), outcome, keep, update_id],
        )


def chat_of(update: dict[str, Any]) -> int:
    """The chat whose order an update keeps; the sender where there is no chat; 0 where there is neither."""
    for name, content in update.items():
        if name == "update_id" or not isinstance(content, dict):
            continue
        message = content.get("message") if name == "callback_query" else content
        for holder, key in ((message, "chat"), (content, "from"), (content, "user")):
            found = holder.get(key) if isinstance(holder, dict) else None
            if isinstance(found, dict) and isinstance(found.get("id"), int):
                return int(found["id"])
    return 0


Handle = Callable[[dict[str, Any]], Awaitable[None]]
GaveUp = Callable[[int, str], None]


class Worker:
    """Feeds stored updates to `handle`, one at a time within a chat."""

    def __init__(
        self,
        inbox: Inbox,
        handle: Handle,
        *,
        concurrent: int = 64,
        attempts: int = 10,
        gap_s: float = 0.0,
        gave_up: GaveUp | None = None,
    ) -> None:
        self._inbox = inbox
        self._handle = handle
        self._attempts = attempts
        self._slots = asyncio.Semaphore(concurrent)
        self._gap_s = gap_s
        self._gave_up = gave_up
        self._chats: dict[int, asyncio.Task[None]] = {}
        self._left_over: set[int] = set()

    async def run(self) -> None:
        self._left_over = self._inbox.left_over()
        try:
            while True:
                self._inbox.arrived.clear()
                for chat_id in self._inbox.waiting_chats():
                    if chat_id not in self._chats:
                        self._chats[chat_id] = asyncio.create_task(self._serve(chat_id), name=f"inbox {chat_id}")
                await self._inbox.arrived.wait()
        finally:
            await self._stop()

    async def drain(self, limit_s: float) -> bool:
        """Waits until every stored update is done, `limit_s` at most; says whether that was reached."""
        deadline = asyncio.get_running_loop().time() + limit_s
        while self._chats or self._inbox.waiting_chats():
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.005)
        return True

    @property
    def idle(self) -> bool:
        return not self._chats and not self._inbox.waiting_chats()

    async def _serve(self, chat_id: int) -> None:
        failures = handled = 0
        try:
            if self._gap_s:
                await asyncio.sleep(self._gap_s)
            while (found := self._inbox.next(chat_id)) is not None:
                async with self._slots:
                    finished = await self._one(*found)
                handled += 1
                failures = 0 if finished else failures + 1
                await asyncio.sleep(_pause(failures, handled))
        finally:
            self._chats.pop(chat_id, None)
            self._inbox.arrived.set()

    async def _one(self, update_id: int, body: str, attempts: int) -> bool:
        """Handles one update; False where it is to be tried again later."""
        try:
            if attempts >= self._attempts:
                self._give_up(update_id, body)
                return True
            if update_id in self._left_over:
                self._inbox.begin_again(update_id)
            with self._inbox.handling(update_id) as held:
                failpoints.hit("inbox.started")
                await self._handle(json.loads(body))
                failpoints.hit("inbox.handled")
            if held.later and not held.done:
                return False
            if not held.done:
                self._inbox.finish(update_id, "done")
            return True
        except Exception as error:
            log.error("inbox: an update could not be finished", update_id=update_id, exc_info=error)
            return await self._unfinished(update_id, error)

    async def _unfinished(self, update_id: int, error: Exception) -> bool:
        if is_transient(error):
            return False
        try:
            self._inbox.finish(update_id, "failed", keep=True)
        except Exception as second:
            log.error("inbox: the failure could not be stored", update_id=update_id, exc_info=second)
            return False
        return True

    def _give_up(self, update_id: int, body: str) -> None:
        """It ended the process each time: it is put aside, and the person is told."""
        log.error("inbox: an update was begun too often and is put aside", update_id=update_id)
        with self._inbox.handling(update_id) as held:
            held.kept = True
            if self._gave_up is not None:
                self._gave_up(update_id, body)
        if not held.done:
            self._inbox.finish(update_id, "failed", keep=True)

    async def _stop(self) -> None:
        await cancel_all(self._chats.values())


def _pause(failures: int, handled: int) -> float:
    """Seconds before the next update of the chat: longer after a failure, a little for somebody who floods."""
    if failures:
        return float(min(60.0, 0.5 * 2.0 ** min(failures - 1, 7)))
    return FLOOD_PAUSE_S if handled > FLOOD else 0.0


def stopped_for(last_seen: datetime | None, now: datetime) -> timedelta | None:
    """How long the bot heard nothing, where that is longer than Telegram keeps updates."""
    if last_seen is None or now - last_seen <= TELEGRAM_KEEPS:
        return None
    return now - last_seen
