"""Feeds stored updates to the application: in order within a chat, several chats at once, so that nobody waits for another."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot import failpoints
from bot.database import is_transient
from bot.inbox import Inbox
from bot.tasks import cancel_all

log = structlog.get_logger(__name__)

FLOOD, FLOOD_PAUSE_S = 50, 0.05
"""After so many updates of a chat without a rest the next ones wait, so that others come first."""

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
        self._gate = asyncio.Lock()
        self._gap_s = gap_s
        self._gave_up = gave_up
        self._chats: dict[int, asyncio.Task[None]] = {}
        self._left_over: set[int] = set()

    async def run(self) -> None:
        self._left_over = self._inbox.left_over()
        self._inbox.look_at(self._inbox.waiting_chats())
        try:
            while True:
                self._inbox.arrived.clear()
                for chat_id in self._inbox.chats_to_look_at():
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
                    await self._turn()
                    finished = await self._one(*found)
                handled += 1
                failures = 0 if finished else failures + 1
                await asyncio.sleep(_pause(failures, handled))
        except Exception as error:
            log.error("inbox: a chat could not be served, trying again", exc_info=error)
            await asyncio.sleep(1)
            self._inbox.look_at([chat_id])
        finally:
            self._chats.pop(chat_id, None)

    async def _turn(self) -> None:
        """One begins at each round of the event loop: what is being received and sent goes on between two handlers."""
        async with self._gate:
            await asyncio.sleep(0)

    async def _one(self, update_id: int, body: str, attempts: int) -> bool:
        """Handles one update; False where it is to be tried again later."""
        try:
            if attempts >= self._attempts:
                self._give_up(update_id, body)
                await self._inbox.durable()
                return True
            if update_id in self._left_over:
                self._inbox.begin_again(update_id)
                await self._inbox.durable()
            with self._inbox.handling(update_id) as held:
                failpoints.hit("inbox.started")
                await self._handle(json.loads(body))
                failpoints.hit("inbox.handled")
                if held.ticket is not None:
                    await asyncio.shield(held.ticket)
            if held.later and not held.done:
                return False
            if not held.done:
                self._inbox.finish(update_id, "done")
                await self._inbox.durable()
            return True
        except Exception as error:
            return await self._unfinished(update_id, error)

    async def _unfinished(self, update_id: int, error: Exception) -> bool:
        if is_transient(error):
            log.warning("inbox: the database does not take a write, the update waits", update_id=update_id, reason=str(error))
            return False
        log.error("inbox: an update could not be finished", update_id=update_id, exc_info=error)
        try:
            self._inbox.finish(update_id, "failed", keep=True)
            await self._inbox.durable()
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
