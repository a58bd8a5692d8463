"""How far something long has come, in one message that is edited in place."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from telegram import Update

from bot import unfinished
from bot.handlers.turn import Turn, settle
from bot.render import Message

if TYPE_CHECKING:
    from bot.app import Services

QUIET_S = 2.0
EVERY_S = 3.0


class Progress:
    """Called from the thread that works, with what is done and what there is; told at most every few seconds.

    `row` is the message that says so already (its row of the outbox); without one nothing is said in the first two seconds, and what
    is said then becomes `stopped` where the bot stops meanwhile.
    """

    def __init__(
        self, services: Services, update: Update, text: Callable[[int, int], str], row: int | None = None, *, stopped: str = ""
    ) -> None:
        self._services, self._update, self._text, self._row = services, update, text, row
        self._stopped = stopped
        self._loop = asyncio.get_running_loop()
        self._next = time.monotonic() + (QUIET_S if row is None else EVERY_S)

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() >= self._next and done < total:
            self._next = time.monotonic() + EVERY_S
            self._loop.call_soon_threadsafe(self._tell, self._text(done, total))

    def ends(self, turn: Turn, message: Message | str) -> None:
        """What it came to: in the place of the progress, or a message of its own where there was none."""
        if self._row is None:
            turn.say(message)
        else:
            unfinished.end(self._services, self._row)
            turn.revise(self._row, message)

    def over(self) -> None:
        """Whatever it came to was said."""
        if self._row is not None:
            with self._services.db.atomic():
                unfinished.end(self._services, self._row)

    def _tell(self, text: str) -> None:
        settle(self._services, self._update, lambda turn: self._show(turn, text))

    def _show(self, turn: Turn, text: str) -> None:
        turn.goes_on()
        if self._row is None:
            self._row = turn.say(text)
            if self._stopped:
                unfinished.begin(self._services, turn.chat_id, self._row, Message(self._stopped))
        else:
            turn.revise(self._row, text)
