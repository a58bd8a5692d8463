"""Scenes to play with one click: each is spoken by the people of the stage, and the real bot answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from bot import messages
from bot.access import Role
from bot.emulator.person import NoButtonError
from bot.people import People
from bot.stage import Stage

PAUSE_S = 0.35
LONGEST = 30
ANSWERS = {
    "name": messages.SCENE_NAME,
    "unit": messages.DEMO_UNIT,
    "seniority": messages.SCENE_SENIORITY,
    "summary": messages.SCENE_SUMMARY,
    "contact": messages.SCENE_NAME,
    "phone": messages.SCENE_PHONE,
    "email": messages.SCENE_EMAIL,
}
Say = Callable[[Role, str], Awaitable[None]]


async def ask(stage: Stage, say: Say) -> None:
    """A teacher asks three questions."""
    for question in messages.SCENE_QUESTIONS:
        await say(Role.TEACHER, question)
        await asyncio.sleep(PAUSE_S)


async def nominate(stage: Stage, say: Say) -> None:
    """A unit head nominates, asks in between, and sends."""
    await say(Role.UNIT_HEAD, "/decu")
    await asyncio.sleep(PAUSE_S)
    asked = False
    for _ in range(LONGEST):
        step = _step(stage)
        if step is None:
            return
        if step == "summary" and not asked:
            asked = True
            await say(Role.UNIT_HEAD, messages.SCENE_QUESTIONS[0])
            await asyncio.sleep(PAUSE_S)
        await _answer(stage, say, step)
        await asyncio.sleep(PAUSE_S)


async def accept(stage: Stage, say: Say) -> None:
    """The secretary accepts the newest card and makes the list."""
    person = stage.people[Role.SECRETARIAT]
    with contextlib.suppress(NoButtonError):
        await person.press(messages.BUTTON_ACCEPT)
        await stage.settled()
    await asyncio.sleep(PAUSE_S)
    await say(Role.SECRETARIAT, "/tonghop")


def _step(stage: Stage) -> str | None:
    """The question at which the unit head's open draft stands."""
    person = People(stage.services.db).by_telegram(stage.people[Role.UNIT_HEAD].id)
    drafts = stage.services.nominations.drafts(author=person.id, statuses=("open",)) if person else []
    return drafts[0].step if drafts else None


async def _answer(stage: Stage, say: Say, step: str) -> None:
    person = stage.people[Role.UNIT_HEAD]
    pressed = {"consent": "Đã đồng ý", "preview": "Gửi", "kind": "Cá nhân"}.get(step)
    if step in ("field", "role"):
        pressed = person.buttons()[0][0]["text"]
    if step == "criteria":
        await say(Role.UNIT_HEAD, messages.SCENE_CRITERIA)
    elif pressed:
        await person.press(pressed)
        await stage.settled()
    else:
        await say(Role.UNIT_HEAD, ANSWERS.get(step, messages.SCENE_SUMMARY))


SCENES: dict[str, Callable[[Stage, Say], Awaitable[None]]] = {"ask": ask, "nominate": nominate, "accept": accept}
