"""How fast Telegram may be called: 30 messages a second overall, one a second in a chat with a burst, 20 a minute in a group."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.settings import Settings

_KEPT_CHATS = 10_000


@dataclass
class Bucket:
    """A token bucket: `rate` tokens a second, at most `burst` saved. Tokens may be owed: whoever takes waits that long."""

    rate: float
    burst: float
    tokens: float
    at: float

    def take(self, now: float) -> float:
        """Takes one token and returns the seconds to wait before it may be used."""
        self.tokens = min(self.burst, self.tokens + max(0.0, now - self.at) * self.rate) - 1
        self.at = now
        return max(0.0, -self.tokens / self.rate)


class Pace:
    """The waits before calls. Callback answers and lookups do not come here: Telegram does not count them."""

    def __init__(self, settings: Settings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._monotonic = monotonic
        self._overall = self._bucket(settings.overall_per_second, 1)
        self._chats: OrderedDict[int, Bucket] = OrderedDict()

    async def turn(self, chat_id: int) -> None:
        """Returns when a message may go to `chat_id`. Groups have negative ids."""
        await asyncio.sleep(self._chat(chat_id).take(self._monotonic()))
        await asyncio.sleep(self._overall.take(self._monotonic()))

    def _chat(self, chat_id: int) -> Bucket:
        known = self._chats.get(chat_id)
        if known is None:
            per_minute = self._settings.group_per_minute
            known = (
                self._bucket(per_minute / 60, min(self._settings.chat_burst, per_minute))
                if chat_id < 0
                else self._bucket(self._settings.chat_per_second, self._settings.chat_burst)
            )
            self._chats[chat_id] = known
        self._chats.move_to_end(chat_id)
        if len(self._chats) > _KEPT_CHATS:
            self._chats.popitem(last=False)
        return known

    def _bucket(self, rate: float, burst: float) -> Bucket:
        return Bucket(rate, burst, burst, self._monotonic())
