"""The page of the plan that an answer quotes, as a picture: where the plan came as PDF or image and its file is kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from telegram import Update
from telegram.ext import ContextTypes

from bot import messages, pages
from bot.handlers.turn import Turn, settle
from bot.register import Answered

if TYPE_CHECKING:
    from bot.app import Services


@dataclass(frozen=True)
class Shown:
    """Which page of which kept file."""

    path: Path
    source: str
    page: int
    number: str | None


def page_of(services: Services, held: Answered) -> Shown | None:
    """The page of an answer's first quotation; None where there is no page or no file."""
    if not held.cited:
        return None
    first = held.cited[0]
    stored = services.library.get(first["plan"], first["version"])
    if stored is None or not stored.live or stored.plan.digest or not pages.has_picture(stored.plan.source):
        return None
    clause = next((c for c in stored.plan.clauses if c.start <= first["start"] < c.end and c.page), None)
    path = services.files.path(stored.sha256)
    if clause is None or clause.page is None or not path.is_file():
        return None
    return Shown(path, stored.plan.source, clause.page, stored.plan.number)


async def show(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The page drawn off the event loop, then sent."""
    services: Services = context.bot_data["services"]
    found: list[Shown] = []
    settle(services, update, lambda turn: found.extend(_wanted(turn)))
    if found:
        with services.files.plain(found[0].path) as path:
            data = await asyncio.to_thread(pages.picture, path, found[0].source, found[0].page)
        settle(services, update, lambda turn: _send(turn, found[0], data))


def _wanted(turn: Turn) -> list[Shown]:
    held = turn.register.answer(int(turn.data[0])) if turn.data and turn.data[0].isdecimal() else None
    if held is None or not (held.person == turn.person.id or held.chat_id == turn.chat_id):
        turn.toast(messages.OLD_BUTTON)
        return []
    shown = page_of(turn.services, held)
    turn.toast("" if shown else messages.PLAN_CHANGED)
    return [shown] if shown else []


def _send(turn: Turn, shown: Shown, data: bytes | None) -> None:
    turn.goes_on()
    if data is None:
        turn.say(messages.PAGE_NOT_DRAWN)
        return
    path = turn.services.files.path(turn.services.files.put(data))
    caption = messages.page_caption(shown.number, shown.page)
    turn.services.outbox.put(turn.chat_id, "sendPhoto", {"caption": caption}, document=path, filename="trang.jpg")
