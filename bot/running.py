"""Keeps a bot going: receives, handles, sends and does scheduled work until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from telegram import Update
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot import failures, jobs, unfinished
from bot.app import App, Services
from bot.polling import Poller
from bot.sender import Sender
from bot.settings import StoredSettings
from bot.tasks import cancel_all
from bot.webhook import Webhook
from bot.worker import Worker

log = structlog.get_logger(__name__)

STOP_LIMIT_S = 10.0
WEBHOOK_GAP_S = 0.1
"""Telegram posts several updates at once; those of one chat may overtake one another by about this much."""
INDEX_AGAIN_S = 600.0
BOT_NAME = "bot_username"


@dataclass
class Running:
    """A bot at work. `worker` and `sender` can be waited for."""

    worker: Worker
    sender: Sender

    async def settle(self, pending: Callable[[], int], limit_s: float = 30.0) -> bool:
        """Waits until nothing is left to do: `pending()` updates not received, none unhandled, nothing unsent."""
        deadline = asyncio.get_running_loop().time() + limit_s
        while (left := deadline - asyncio.get_running_loop().time()) > 0:
            if pending():
                await asyncio.sleep(0.002)
                continue
            done = await self.worker.drain(left) and await self.sender.drain(left)
            if done and not pending() and self.worker.idle and self.sender.idle:
                return True
        return False


async def handle(application: App, raw: dict[str, Any]) -> None:
    """One stored update, given to the handlers. What is no update of Telegram's is logged and done with."""
    try:
        update = Update.de_json(raw, application.bot)
    except Exception as error:
        log.warning("an update could not be read", update_id=raw.get("update_id"), reason=repr(error))
        return
    services: Services = application.bot_data["services"]
    if update.effective_chat is not None:
        services.outbox.reached(update.effective_chat.id)
        if update.message is not None and update.message.migrate_to_chat_id:
            services.outbox.migrated(update.effective_chat.id, update.message.migrate_to_chat_id)
    await application.process_update(update)


@contextlib.asynccontextmanager
async def running(application: App, services: Services, webhook: Webhook | None = None) -> AsyncIterator[Running]:
    """The bot works while this is entered. Raises InvalidToken where Telegram does not know the token."""
    try:
        await _initialize(application)
        _remember_name(services, application)
        with services.db.together():
            async with _at_work(application, services, webhook) as at_work:
                yield at_work
    finally:
        await application.bot.shutdown()  # its connections, where the start failed too


@contextlib.asynccontextmanager
async def _at_work(application: App, services: Services, webhook: Webhook | None) -> AsyncIterator[Running]:
    bot, settings = application.bot, services.settings
    sender = Sender(bot, services.db, services.outbox, settings, services.clock)
    worker = Worker(
        services.inbox,
        lambda raw: handle(application, raw),
        concurrent=settings.concurrent_chats,
        attempts=settings.attempts_per_update,
        gap_s=WEBHOOK_GAP_S if webhook else 0.0,
        gave_up=lambda update_id, body: failures.gave_up(services, update_id, body),
    )
    _ = services.engine  # reads the library: on this thread, before anybody asks
    jobs.tell_after_long_stop(services)
    tasks = [_keep("worker", worker.run), _keep("sender", sender.run), _keep("jobs", lambda: jobs.keep_running(services))]
    left = unfinished.left(services)
    tasks.append(_keep("index", lambda: keep_indexed(services, left)))
    if webhook is None:
        await _call(lambda: bot.delete_webhook(drop_pending_updates=False))
        receiver = _keep("poller", Poller(bot, services.db, services.inbox, settings, services.clock).run)
    else:
        receiver = _keep("webhook", lambda: webhook.run(bot, services))
    try:
        yield Running(worker, sender)
    finally:
        await cancel_all([receiver])
        await worker.drain(STOP_LIMIT_S)
        await sender.drain(STOP_LIMIT_S / 2)
        await cancel_all(tasks)
        await application.shutdown()


async def run(application: App, services: Services, webhook: Webhook | None = None) -> None:
    """Works until SIGTERM or SIGINT; what is under way is finished first."""
    stop = asyncio.Event()
    _on_signals(stop)
    async with running(application, services, webhook):
        log.info("running", bot=application.bot.username, data=str(services.settings.data))
        if services.settings.warm:
            threading.Thread(target=_warm, args=(services,), name="warm", daemon=True).start()
        await stop.wait()
        log.info("stopping")


def _warm(services: Services) -> None:
    """Loads the model beside the work, so that the first question does not wait for it; a stop does not wait for this."""
    began = time.monotonic()
    log.info("loading the model; questions wait for it, the rest does not", model=services.engine.embedder.name)
    try:
        services.engine.warm()
        log.info("the model is loaded", seconds=round(time.monotonic() - began, 1))
    except Exception as error:
        log.error("the model could not be loaded; questions are answered by words alone", exc_info=error)


async def keep_indexed(services: Services, left: Sequence[int]) -> None:
    """At the start: plans that can be searched by words alone are indexed, beside the answers by words.

    So it is after a stop in the middle of a reindex, where a file of the index is damaged, and with another model than before. Whoever
    was told before the stop that something is under way (`left`) is told what came of it.
    """
    from bot.handlers.turn import reindex

    if services.engine is not None:
        unfinished.resume(services, left)
    while services.engine is not None and services.engine.behind:
        log.warning("plans are searched by words alone until the index is built")
        try:
            await reindex(services)
        except Exception as error:
            log.error("the index could not be built; questions are answered by words alone", exc_info=error)
        unfinished.resume(services, left)
        if services.engine.behind:
            await asyncio.sleep(INDEX_AGAIN_S)


async def _initialize(application: App) -> None:
    failures_so_far = 0
    while True:
        try:
            await application.initialize()
            return
        except InvalidToken:
            raise
        except NetworkError as error:
            failures_so_far += 1
            log.warning("Telegram cannot be reached; trying again", reason=str(error))
            await asyncio.sleep(min(60.0, 0.5 * 2.0 ** min(failures_so_far, 7)))


def _remember_name(services: Services, application: App) -> None:
    settings = StoredSettings(services.db)
    if settings.get(BOT_NAME) != application.bot.username:
        with services.db.atomic():
            settings.set(BOT_NAME, application.bot.username)


async def _call(call: Callable[[], Awaitable[object]]) -> None:
    with contextlib.suppress(TelegramError):
        await call()


def _keep(name: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
    """A task that is begun again when it fails: one fault does not end the bot."""

    async def kept() -> None:
        while True:
            try:
                await work()
                return
            except Exception as error:
                log.critical("a part of the bot failed and is begun again", part=name, exc_info=error)
                await asyncio.sleep(1)

    return asyncio.create_task(kept(), name=name)


def _on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is None:
            continue
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
