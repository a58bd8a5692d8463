"""Whole days of the four kinds of people, written as chats in transcripts/; together they reach every handler.

Every button that a transcript has shown is then pressed again: twice at once, and once more after a week.
"""

from __future__ import annotations

import asyncio
import functools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import handlers, messages
from bot.emulator.person import Person
from bot.stage import Stage
from tests.bot.chats import play
from tests.bot.local import HandClock
from tests.bot.school import school

FOLDER = Path(__file__).parent / "transcripts"
CHATS = sorted(FOLDER.glob("*.txt"))
TABLES = {
    "/": handlers.COMMANDS,
    "/?": handlers.ASKING_COMMANDS,
    "[]": handlers.BUTTONS,
    "[?]": handlers.ASKING_BUTTONS,
    "…": handlers.WAITED_FOR,
}
A_WEEK_DAYS = 8


@pytest.mark.parametrize("path", CHATS, ids=[path.stem for path in CHATS])
def test_transcript(path: Path) -> None:
    _, problem = played(path)
    if problem is not None:
        raise problem


def test_every_handler_is_reached() -> None:
    reached = {name for path in CHATS for name in played(path)[0]}
    assert {mark + name for mark, table in TABLES.items() for name in table} - reached == set()


@functools.cache
def played(path: Path) -> tuple[frozenset[str], AssertionError | None]:
    """Which handlers a transcript reaches, and where the bot departs from it or from what holds for every button."""
    stem = path.stem
    clock = HandClock()
    reached: set[str] = set()

    async def chat() -> None:
        ways = {way: way in stem for way in ("above", "second", "assistant", "pictured")}
        first = 2021 if "past" in stem else 2026
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, listening(reached) as ears:
            async with school(Path(folder), first=first, vote="council" in stem, clock=clock, **ways) as stage:
                await play(stage, path)
                assert {entry.action for entry in stage.services.audit.latest(1000)} <= set(messages.DONE)
                ears.clear()
                await press_everything(stage, clock)

    try:
        asyncio.run(chat())
    except AssertionError as error:
        return frozenset(reached), error
    return frozenset(reached), None


@contextmanager
def listening(reached: set[str]) -> Iterator[list[set[str]]]:
    """While this is entered, handlers note that they were reached, until what is given here is emptied."""
    ears = [reached]
    kept = {mark: dict(table) for mark, table in TABLES.items()}
    for mark, table in TABLES.items():
        for name, body in table.items():
            table[name] = _noting(ears, mark + name, body)  # type: ignore[index, assignment]
    try:
        yield ears
    finally:
        for mark, table in TABLES.items():
            table.update(kept[mark])  # type: ignore[arg-type]


def _noting(ears: list[set[str]], name: str, body: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(body)
    def noting(*arguments: Any) -> Any:
        for ear in ears:
            ear.add(name)
        return body(*arguments)

    return noting


async def press_everything(stage: Stage, clock: HandClock) -> None:
    """Every button ever shown, pressed twice at once and again a week later: each press is answered once, and nothing fails."""
    shown = {
        (call["params"]["chat_id"], button["callback_data"]): call["result"]["message_id"]
        for call in stage.emulator.calls
        if call["method"] in ("sendMessage", "editMessageText") and isinstance(call["result"], dict)
        for row in call["params"].get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
    }
    people = {person.id: person for person in stage.people.values()}
    for times in (2, 1):
        for (chat_id, data), message_id in sorted(shown.items()):
            await _press(stage, people[chat_id], message_id, data, times)
        clock.move(days=A_WEEK_DAYS)


async def _press(stage: Stage, person: Person, message_id: int, data: str, times: int) -> None:
    before = len(stage.emulator.calls)
    user = {"id": person.id, "is_bot": False, "first_name": person.first_name}
    message = {"chat": {"id": person.id, "type": "private"}, "message_id": message_id}
    for _ in range(times):
        await stage.emulator.push({"callback_query": {"from": user, "message": message, "data": data}})
    await stage.settled()
    calls = stage.emulator.calls[before:]
    answers = [call for call in calls if call["method"] == "answerCallbackQuery"]
    assert len(answers) == times, f"{data}: a press is answered exactly once"
    refused = [call for call in calls if call.get("error") and "not modified" not in str(call["error"])]
    assert refused == [], data  # a tick set twice leaves the message as it is
    said = " ".join(str(call["params"].get("text", "")) for call in calls)
    assert "Lỗi hệ thống" not in said, f"{data}: {said}"
    assert said.strip() or any(call["method"].startswith("send") for call in calls), f"{data}: nothing came of it"
