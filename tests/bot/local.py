"""A bot over the emulator in one process, with handlers that a test brings; and the clock that a test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes, TypeHandler

from bot.app import App, Register, Services, build_application, open_services
from bot.emulator.api import Emulator
from bot.emulator.person import Person
from bot.emulator.request import EmulatorRequest
from bot.running import Running, running
from bot.settings import Settings

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


@dataclass
class HandClock:
    """A clock that stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def settings(data: Path, **more: Any) -> Settings:
    """Settings without waiting: what the tests of pacing change."""
    quick = {"chat_per_second": 10_000, "chat_burst": 10_000, "group_per_minute": 600_000, "overall_per_second": 10_000}
    return Settings(data=data, **{**quick, "poll_timeout_s": 5, "token": "4200000000:local-token-of-the-tests", **more})


def echo(application: App, services: Services) -> None:
    """Answers every message with what it said and remembers it, in one transaction."""

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_message is None or update.effective_chat is None:
            return
        with services.db.atomic():
            remember(services, update)
            services.outbox.put(update.effective_chat.id, "sendMessage", {"text": f"bạn nói: {update.effective_message.text}"})

    services.db.execute("CREATE TABLE IF NOT EXISTS said (update_id INTEGER, chat_id INTEGER, text TEXT)")
    application.add_handler(TypeHandler(Update, answer))


def remember(services: Services, update: Update) -> None:
    """Counts on purpose: an update handled twice leaves two rows."""
    message, chat = update.effective_message, update.effective_chat
    values = [update.update_id, chat.id if chat else 0, message.text if message else None]
    services.db.execute("INSERT INTO said VALUES (?, ?, ?)", values)


@dataclass
class Local:
    services: Services
    emulator: Emulator
    running: Running

    def person(self, number: int, name: str = "Lan", chat_id: int | None = None) -> Person:
        return Person(self.emulator, number, name, chat_id)

    async def settle(self, limit_s: float = 20.0) -> None:
        assert await self.running.settle(self.emulator.unconfirmed, limit_s), "the bot did not come to rest"


@asynccontextmanager
async def local_bot(
    data: Path, *, register: Register = echo, clock: HandClock | None = None, emulator: Emulator | None = None, **more: Any
) -> AsyncIterator[Local]:
    services = open_services(settings(data, **more), **({"clock": clock} if clock else {}))
    emulator = emulator or Emulator()
    application = build_application(services, request=EmulatorRequest(emulator), register=register)
    try:
        async with running(application, services) as at_work:
            yield Local(services, emulator, at_work)
    finally:
        services.close()
