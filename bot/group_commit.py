"""Group commit: transactions that end at about the same time become durable with one write to the disk.

Each transaction stays whole or absent by itself (it is a savepoint); only the wait for the disk is shared. Whoever lets something
out of the process (an answer to Telegram, a call, the next offset) waits first for the `Ticket` of what it wrote.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable

Ticket = asyncio.Future[None]
"""Done when the transaction is on the disk; fails with a `LostError` where it is not: then nothing of it is there."""

QUIET_TICKS = 8
"""Turns of the event loop without a new transaction after which the group is written: what belongs together comes within a few."""
SHORTEST_S, TIMES_THE_WRITE = 0.02, 5.0
"""How long a busy group may grow: longer where the disk is slow, so that most of the time goes into work."""
UNHURRIED_S = 0.05
"""How long transactions wait for company that nobody waits for."""
ALONE = 20
"""After a failed group so many transactions are written one by one: one that does not fit must not take others with it."""


class LostError(sqlite3.OperationalError):
    """A transaction went with its group, whoever's fault that was (`__cause__`): done again, it may succeed."""


class GroupCommit:
    """The open group, if any. `write` commits it and `take_back` undoes it; both are called on the event loop's thread."""

    def __init__(self, write: Callable[[], None], take_back: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._write = write
        self._take_back = take_back
        self._open: Ticket | None = None
        self._hurried = False
        self._quiet = 0
        self._began = 0.0
        self._took = 0.0
        self._alone = 0

    @property
    def ticket(self) -> Ticket | None:
        """What the last transaction waits for; None where everything is on the disk."""
        return self._open

    def refuses(self) -> bool:
        """Whether the next transaction is to be committed by itself, because a group has just failed."""
        self._alone = max(0, self._alone - 1)
        return self._alone > 0

    def joined(self, *, urgent: bool) -> None:
        """A transaction has ended within the group, and somebody waits for it or, where it is not urgent, nobody does."""
        if self._open is None:
            self._open = self._loop.create_future()
            self._open.add_done_callback(_seen)
            self._began = self._loop.time()
            self._loop.call_later(UNHURRIED_S, self._close_if, self._open)
        if urgent:
            self._quiet = 0
            if not self._hurried:
                self._hurried = True
                self._loop.call_soon(self._tick)

    def lost(self, error: BaseException) -> None:
        """SQLite has taken the whole group back while a transaction of it was being written."""
        ticket, self._open, self._hurried = self._open, None, False
        self._alone = ALONE
        if ticket is not None:
            ticket.set_exception(_lost(error))

    def close(self) -> None:
        """Writes the group now. A failure reaches those who hold its ticket."""
        ticket, self._open, self._hurried = self._open, None, False
        if ticket is None:
            return
        began = self._loop.time()
        try:
            self._write()
        except Exception as error:
            self._take_back()
            self._alone = ALONE
            ticket.set_exception(_lost(error))
        else:
            self._took += 0.2 * (self._loop.time() - began - self._took)
            ticket.set_result(None)

    def _tick(self) -> None:
        if not self._hurried:
            return
        self._quiet += 1
        longest = max(SHORTEST_S, TIMES_THE_WRITE * self._took)
        if self._quiet > QUIET_TICKS or self._loop.time() - self._began > longest:
            self.close()
        else:
            self._loop.call_soon(self._tick)

    def _close_if(self, ticket: Ticket) -> None:
        if self._open is ticket:
            self.close()


def _lost(error: BaseException) -> LostError:
    lost = LostError(f"the transaction went with its group: {error}")
    lost.__cause__ = error
    return lost


def _seen(ticket: Ticket) -> None:
    """A failure that nobody waits for is no fault of asyncio's."""
    if not ticket.cancelled():
        ticket.exception()
