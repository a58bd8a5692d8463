"""Updates are stored before Telegram is told that they arrived, and each changes the state exactly once.

`Inbox` is the store; `polling` and `webhook` fill it, `worker` empties it. While an update is handled, the first outermost
`db.atomic()` of its handler also marks it done, in the same transaction; a handler that needs an earlier transaction says
`db.atomic(final=False)`. After a crash whatever is not marked is handled again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot import failpoints
from bot.clock import Clock
from bot.database import Database
from bot.group_commit import LostError, Ticket
from bot.moments import read, stored

log = structlog.get_logger(__name__)

TELEGRAM_KEEPS = timedelta(hours=24)
IDS_CONTINUE_FOR = timedelta(days=6)
"""After a week without updates Telegram starts anywhere: an old offset might then hide what is new."""
KEPT_IDS_FOR = timedelta(days=8)


@dataclass
class Handling:
    """The update that the present task works on. `ticket` is that of the transaction which marked it done."""

    update_id: int
    done: bool = False
    marked: bool = False
    later: bool = False
    kept: bool = False
    ticket: Ticket | None = None


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
        self._chats: set[int] = set()
        db.committing.append(self._mark_done)
        db.committed.append(self._done)

    # --- coming in ---------------------------------------------------------------------------------------------------

    def store(self, updates: Iterable[dict[str, Any]], *, ahead: bool = False) -> int:
        """Stores raw updates; one that is there already is left alone. Returns how many were new. Raises what SQLite raises.

        They may be acknowledged once `db.durable()`. They are worked on from then on, or `ahead` of it: what comes of them then
        gets to the disk with them, or not at all.
        """
        now = stored(self._clock())
        new = 0
        chats: set[int] = set()
        with self._db.atomic(final=False):
            for update in updates:
                if not _is_id(update.get("update_id")):
                    log.warning("inbox: an update without an id was dropped")
                    continue
                chat = chat_of(update)
                cursor = self._db.execute(
                    "INSERT OR IGNORE INTO inbox (update_id, chat_id, body, received_at) VALUES (?, ?, ?, ?)",
                    [update["update_id"], chat, _body(update), now],
                )
                new += cursor.rowcount
                chats.add(chat)
        if ahead:
            self.look_at(chats)
        else:
            self._db.when_durable(lambda: self.look_at(chats))
        return new

    def offset(self) -> int | None:
        """What to ask Telegram for next; None after a long silence, when the numbers may start anywhere."""
        row = self._db.execute("SELECT update_id, received_at FROM inbox ORDER BY received_at DESC, update_id DESC LIMIT 1").fetchone()
        if row is None or self._clock() - read(row[1]) > IDS_CONTINUE_FOR:
            return None
        return int(row[0]) + 1

    async def durable(self) -> None:
        """Returns when what was just stored is on the disk. Raises LostError where it is not."""
        await self._db.durable()

    # --- being worked on ---------------------------------------------------------------------------------------------

    def look_at(self, chats: Iterable[int]) -> None:
        """There may be something to do in these chats: whoever waits for `arrived` is told."""
        self._chats.update(chats)
        self.arrived.set()

    def chats_to_look_at(self) -> set[int]:
        """The chats that were named since this was last asked."""
        chats, self._chats = self._chats, set()
        return chats

    def waiting_chats(self) -> list[int]:
        """Every chat that has something to do, from the database."""
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
        self._db.when_durable(lambda: self.look_at([chat_id]))
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
            _raise_if_lost(held)
            return
        held.marked = False
        if not final:
            return
        failpoints.hit("transaction.body")
        if not self._finish(held.update_id, "failed" if held.kept else "done", held.kept):
            raise LostError("the update went with its group while it was worked on: Telegram, not told of it, gives it again")
        held.marked = True

    def _done(self) -> None:
        held = _handling.get()
        if held is not None and held.marked and not held.done:
            held.done = True
            held.ticket = self._db.ticket
            self._db.when_durable(lambda: failpoints.hit("transaction.committed"))

    def _finish(self, update_id: int, outcome: str, keep: bool) -> bool:
        """False where the update is not there."""
        changed = self._db.execute(
            "UPDATE inbox SET done_at = ?, outcome = ?, body = CASE WHEN ? THEN body END WHERE update_id = ?",
            [stored(self._clock()), outcome, keep, update_id],
        )
        return changed.rowcount == 1


def chat_of(update: dict[str, Any]) -> int:
    """The chat whose order an update keeps; the sender where there is no chat; 0 where there is neither."""
    for name, content in update.items():
        if name == "update_id" or not isinstance(content, dict):
            continue
        message = content.get("message") if name == "callback_query" else content
        for holder, key in ((message, "chat"), (content, "from"), (content, "user")):
            found = holder.get(key) if isinstance(holder, dict) else None
            if isinstance(found, dict) and _is_id(found.get("id")):
                return int(found["id"])
    return 0


def _body(update: dict[str, Any]) -> str:
    """An update as it is stored; half a surrogate pair, which is no text, becomes a question mark."""
    return json.dumps(update, ensure_ascii=False).encode("utf-8", "replace").decode()


def _is_id(value: object) -> bool:
    """Whether a value can be an id: one that SQLite could not store would keep everything behind it from being stored."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _raise_if_lost(held: Handling | None) -> None:
    """A later transaction of a handler must not become durable where the one before it did not."""
    if held is not None and held.ticket is not None and held.ticket.done():
        held.ticket.result()


def stopped_for(last_seen: datetime | None, now: datetime) -> timedelta | None:
    """How long the bot heard nothing, where that is longer than Telegram keeps updates."""
    if last_seen is None or now - last_seen <= TELEGRAM_KEEPS:
        return None
    return now - last_seen
