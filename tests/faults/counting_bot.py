"""A bot that counts: every message is one row and one answer. `python -m tests.faults.counting_bot DATA API [plain]`.

With `plain` it is python-telegram-bot's own polling loop doing the same, to measure beside. Both stop at the same failpoints.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import sys
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot import failpoints
from bot.app import App, Services, build_application, open_services
from bot.running import run
from bot.settings import Settings

TOKEN = "4200000000:local-token-of-the-tests"
TABLE = "CREATE TABLE IF NOT EXISTS said (update_id INTEGER, chat_id INTEGER, text TEXT)"
INSERT = "INSERT INTO said VALUES (?, ?, ?)"


def ours(data: Path, api: str) -> None:
    quick: dict[str, Any] = {"chat_per_second": 1e4, "chat_burst": 10_000, "overall_per_second": 1e4, "poll_timeout_s": 5}
    services = open_services(Settings(data=data, api=api, token=TOKEN, warm=False, **quick))
    services.__dict__["engine"] = None  # it answers no question
    asyncio.run(run(build_application(services, register=counting), services))


def counting(application: App, services: Services) -> None:
    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        text, chat_id = update.message.text, update.message.chat_id
        with services.db.atomic():
            services.db.execute(INSERT, [update.update_id, chat_id, text])
            services.outbox.put(chat_id, "sendMessage", {"text": f"đã ghi: {text}"})

    services.db.execute(TABLE)
    application.add_handler(MessageHandler(filters.TEXT, answer))


def plain(data: Path, api: str) -> None:
    db = sqlite3.connect(data / "plain.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute(TABLE)

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        failpoints.hit("inbox.started")
        db.execute("BEGIN")
        db.execute(INSERT, [update.update_id, update.message.chat_id, update.message.text])
        failpoints.hit("transaction.body")
        db.execute("COMMIT")
        failpoints.hit("transaction.committed")
        failpoints.hit("outbox.marked")
        await update.message.reply_text(f"đã ghi: {update.message.text}")
        failpoints.hit("outbox.called")

    application = Application.builder().token(TOKEN).base_url(f"{api}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, answer))
    application.run_polling(timeout=5)


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(KeyboardInterrupt):
        (plain if sys.argv[3:] == ["plain"] else ours)(Path(sys.argv[1]), sys.argv[2])
