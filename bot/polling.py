"""Long polling: asks Telegram, stores, commits, and only with the next question tells Telegram that the updates arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot import failpoints
from bot.calls import call, retry_after_s
from bot.clock import Clock
from bot.database import Database, is_transient
from bot.inbox import Inbox
from bot.moments import stored
from bot.settings import Settings, StoredSettings

log = structlog.get_logger(__name__)

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
LAST_HEARD = "last_heard"
HEARTBEAT = timedelta(minutes=5)
LONGEST_WAIT_S = 60.0
Sleep = Callable[[float], Awaitable[None]]


class Poller:
    """One per process; a second one elsewhere with the same token makes Telegram answer 409 to both."""

    def __init__(self, bot: Bot, db: Database, inbox: Inbox, settings: Settings, clock: Clock, sleep: Sleep = asyncio.sleep):
        self._bot = bot
        self._db = db
        self._inbox = inbox
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._stored = StoredSettings(db)
        self._ahead = False
        self._heard: datetime | None = None

    async def run(self) -> None:
        failures = 0
        while True:
            try:
                await self.once()
                failures = 0
            except asyncio.CancelledError:
                raise
            except Exception as error:
                failures += 1
                await self._sleep(_wait(error, failures))

    async def once(self) -> int:
        """One question to Telegram; returns how many updates were new. Raises what the network or the disk raises."""
        seconds = self._settings.poll_timeout_s
        params: dict[str, Any] = {"timeout": seconds, "allowed_updates": ALLOWED_UPDATES, "limit": 100}
        if (offset := self._inbox.offset()) is not None:
            params["offset"] = offset
        result = await call(self._bot, "getUpdates", params, timeout_s=seconds + self._settings.request_timeout_s)
        failpoints.hit("inbox.received")
        updates = [update for update in cast(list[Any], result) if isinstance(update, dict)]
        new = self._inbox.store(updates, ahead=self._ahead) if updates else 0
        self.heard()
        if updates:
            await self._db.durable()
            self._ahead = True  # not the first ones: one of them may have ended the process before, and its attempts are counted
        failpoints.hit("inbox.stored")
        return new

    def heard(self) -> None:
        """Notes now and then that Telegram was reached, so that a long stop is noticed at the next start."""
        now = self._clock()
        if self._heard is None or abs(now - self._heard) > HEARTBEAT:
            with self._db.atomic():
                self._stored.set(LAST_HEARD, stored(now))
            self._heard = now


def _wait(error: Exception, failures: int) -> float:
    if isinstance(error, Conflict):
        log.error("another process polls with this token (409): stop it, or use another token; trying again", reason=str(error))
        return min(LONGEST_WAIT_S, 5.0 * failures)
    if isinstance(error, RetryAfter):
        return retry_after_s(error)
    if isinstance(error, InvalidToken):
        log.error("Telegram does not accept the token (GUONGSANG_TOKEN); trying again", reason=str(error))
        return LONGEST_WAIT_S
    if is_transient(error):
        log.error("the database takes no updates, none is acknowledged; trying again", reason=str(error))
    elif isinstance(error, TelegramError):
        log.warning("Telegram cannot be reached; trying again", reason=str(error))
    else:
        log.error("polling failed; trying again", exc_info=error)
    return min(LONGEST_WAIT_S, 0.5 * 2.0 ** min(failures, 7))
