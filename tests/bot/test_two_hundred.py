"""Two hundred people in random conversations with `guongsang run` over HTTP: no error, nothing out of order, nothing lost, memory flat.

By default a smaller crowd for a shorter time; the full count is GUONGSANG_PEOPLE=200 GUONGSANG_SECONDS=120 pytest -m slow
tests/bot/test_two_hundred.py. Once at Telegram's pace, and once with the pacing lifted, when everybody is answered at once.
"""

from __future__ import annotations

import asyncio
import collections
import itertools
import os
import random
import statistics
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.database import open_readonly
from tests.bot.crowd import (
    FIRST,
    FIRST_SECRETARY,
    LIFTED,
    QUESTIONS,
    SCHOOLS,
    Crowd,
    Heard,
    Process,
    Talker,
    crowd,
    furnish,
    plan_number,
    run_bot,
)
from tests.faults.nominating import nominee

PEOPLE = int(os.environ.get("GUONGSANG_PEOPLE", "40"))
SECONDS = float(os.environ.get("GUONGSANG_SECONDS", "20"))
THINKS_S = 2.0
QUESTION, NOMINATION = 0.47, 0.35
"""How many of the conversations are questions and nominations; the rest are commands, presses twice, drafts given up, odd things."""
GROWTH, GROWTH_MB = 1.05, 10.0


@dataclass
class Seen:
    """What came of it."""

    told: collections.Counter[str] = field(default_factory=collections.Counter)
    filed: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)


@dataclass
class Guest:
    """One of the crowd, with a mind of their own."""

    person: Talker
    chance: random.Random
    seen: Seen
    last_answered: int = 0

    async def stay(self, until: float) -> None:
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(self.chance.uniform(0, THINKS_S))
        while clock() < until:
            kind = self.chance.choices(("question", "nomination", "other"), (QUESTION, NOMINATION, 1 - QUESTION - NOMINATION))[0]
            await {"question": self.asks, "nomination": self.nominates, "other": self.does_something_else}[kind]()
            self.seen.told[kind] += 1
            await self.thinks()

    async def thinks(self) -> None:
        await asyncio.sleep(self.chance.uniform(0, THINKS_S))

    async def asks(self) -> None:
        """One question, or several at once; sometimes more of the plan."""
        count = self.chance.choice((1, 1, 1, 2, 3))
        for _ in range(count):
            await self.person.say(self.chance.choice(QUESTIONS))
        for _ in range(count):
            answer = await self.answered()
        if count == 1 and any(button["callback_data"].startswith("sec.") for button in answer.buttons) and self.chance.random() < 0.4:
            await self.person.press(answer, self.chance.choice(("sec.", "nbr.")) + answer.buttons[0]["callback_data"].partition(".")[2])
            await self.person.hear()

    async def answered(self) -> Heard:
        """The next answer: it replies to a later message than the one before, and quotes no other school's plan."""
        while (heard := await self.person.hear()).replies_to is None:
            pass
        assert heard.replies_to is not None
        if heard.replies_to <= self.last_answered:
            self.seen.disordered.append(f"{self.person.id}: {heard.replies_to} after {self.last_answered}")
        self.last_answered = heard.replies_to
        others = [plan_number(school) for school in range(SCHOOLS) if school != self.person.school]
        self.seen.foreign += [heard.text for other in others if other in heard.text]
        return heard

    async def nominates(self) -> None:
        """To the receipt; one in five asks something on the way."""
        doubt = self.chance.randrange(2, 7) if self.chance.random() < 0.2 else 0
        steps = 0
        async for _, heard in self.person.nominate(nominee(next(self.seen.numbers))):
            if heard.text.startswith("Đã nhận ĐC-"):
                self.seen.filed.append(heard.text.split()[2].rstrip(","))
            steps += 1
            if steps == doubt:
                await self.person.say("Hồ sơ gồm những gì?")
                await self.answered()
                await self.person.hear(buttons=True)  # the form's question again
            await self.thinks()

    async def does_something_else(self) -> None:
        await self.chance.choice((self.commands, self.gives_up, self.presses_twice, self.sends_a_sticker))()

    async def commands(self) -> None:
        await self.person.say(self.chance.choice(("/trogiup", "/hoso", "/start", "/dulieu", "/linhtinh")))
        await self.person.hear()

    async def gives_up(self) -> None:
        await self.person.say("/decu")
        form = await self.person.hear("cá nhân hay tập thể")
        await self.person.press(form, "Cá nhân")
        await self.person.hear("Họ và tên")
        await self.person.say("/huy")
        await self.person.hear("Đã huỷ")

    async def presses_twice(self) -> None:
        await self.person.say("/decu")
        form = await self.person.hear("cá nhân hay tập thể")
        await self.person.press(form, "Tập thể")
        await self.person.press(form, "Tập thể")
        await self.person.hear("Tên tập thể", "tập thể", buttons=True)
        await self.person.say("/huy")
        await self.person.hear("Đã huỷ")

    async def sends_a_sticker(self) -> None:
        about = {"file_id": "BQ1", "file_unique_id": "u1", "width": 9, "height": 9, "is_animated": False, "is_video": False}
        await self.person.api.push({"message": {"from": {"id": self.person.id}, "sticker": {**about, "type": "regular"}}})
        await self.person.hear()


async def secretary(person: Talker, chance: random.Random) -> None:
    """Opens the bot, then accepts about half of what comes, until cancelled."""
    await person.say("/start")
    while True:
        heard = await person.news.get()
        if heard.text.startswith("Hồ sơ mới") and chance.random() < 0.5:
            await asyncio.sleep(chance.uniform(0, THINKS_S))
            await person.press(heard, "Tiếp nhận")


async def watch(bot: Process, seen: Seen) -> None:
    while True:
        seen.memory.append(bot.memory())
        await asyncio.sleep(0.5)


async def two_hundred(data: Path, settings: Mapping[str, str]) -> tuple[Seen, Crowd, int]:
    seen = Seen()
    furnish(data, PEOPLE)
    async with crowd() as gathered:
        with run_bot(gathered, data, **settings) as bot:
            guests = [
                Guest(gathered.join(FIRST + number, number % SCHOOLS), random.Random(number), seen) for number in range(PEOPLE)
            ]
            await guests[0].person.say("/trogiup")
            await guests[0].person.hear()
            await bot.warm()
            until = asyncio.get_running_loop().time() + SECONDS
            staff = [
                asyncio.create_task(secretary(gathered.join(FIRST_SECRETARY + school, school), random.Random(-school)))
                for school in range(SCHOOLS)
            ]
            watching = asyncio.create_task(watch(bot, seen))
            await asyncio.gather(*(guest.stay(until) for guest in guests))
            for task in (*staff, watching):
                task.cancel()
            await at_rest(data)
            code = await asyncio.to_thread(bot.stop)
        return seen, gathered, code


async def at_rest(data: Path, limit_s: float = 300.0) -> None:
    """Until everything is sent: a secretary gets one card a second, so that they come for a while after the last nomination."""
    deadline = asyncio.get_running_loop().time() + limit_s
    while asyncio.get_running_loop().time() < deadline and left(data)["unsent"]:
        await asyncio.sleep(1)


def flat(memory: list[float]) -> bool:
    """Whether the last quarter takes no more than the second one did."""
    quarter = len(memory) // 4
    return statistics.median(memory[-quarter:]) <= statistics.median(memory[quarter : 2 * quarter]) * GROWTH + GROWTH_MB


def sent_in_order(data: Path) -> list[tuple[Any, ...]]:
    """Chats in which a message that was decided later came earlier."""
    sql = """SELECT a.chat_id, a.id, b.id FROM outbox a JOIN outbox b ON a.chat_id = b.chat_id AND a.id < b.id
             WHERE a.message_id > b.message_id AND a.method LIKE 'send%' AND b.method LIKE 'send%'"""
    db = open_readonly(data / "guongsang.db")
    try:
        return list(db.execute(sql).fetchall())
    finally:
        db.close()


def left(data: Path) -> dict[str, int]:
    """What was not finished, and how many nominations there are."""
    db = open_readonly(data / "guongsang.db")
    try:
        return {
            "updates": db.execute("SELECT count(*) FROM inbox WHERE outcome IS NOT 'done'").fetchone()[0],
            "unsent": db.execute("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')").fetchone()[0],
            "failed": db.execute("SELECT count(*) FROM outbox WHERE state IN ('failed', 'held') OR uncertain").fetchone()[0],
            "nominations": db.execute("SELECT count(*) FROM nominations").fetchone()[0],
        }
    finally:
        db.close()


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("settings", [{}, LIFTED], ids=["at Telegram's pace", "pacing lifted"])
def test_two_hundred_people_are_served_in_order_and_nothing_is_lost(
    settings: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    seen, gathered, code = asyncio.run(two_hundred(data, settings))
    told = seen.told.total()
    with capsys.disabled():
        spoken = sum(person.spoken for person in gathered.people.values())
        print(f"\n{PEOPLE} people for {SECONDS:.0f} s and to the end of what was begun: {spoken} updates")
        print(f"{told} conversations: {dict(seen.told)}")
        print(f"memory: {seen.memory[0]:.0f} MB at first, {statistics.median(seen.memory):.0f} mostly, {max(seen.memory):.0f} at most")
    log = data.with_suffix(".log").read_text(encoding="utf-8")
    assert [line for line in log.splitlines() if any(f"[{level}" in line for level in ("warning", "error", "critical"))] == []
    assert (code, gathered.refused, seen.foreign, seen.disordered, sent_in_order(data)) == (0, [], [], [], [])
    assert left(data) == {"updates": 0, "unsent": 0, "failed": 0, "nominations": len(seen.filed)}
    assert len(seen.filed) == seen.told["nomination"]
    assert (seen.told["question"] >= 0.4 * told, seen.told["nomination"] >= 0.3 * told) == (True, True)
    assert flat(seen.memory), [round(each) for each in seen.memory]
