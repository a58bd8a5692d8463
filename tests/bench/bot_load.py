"""Updates per second through emulator, inbox, handler and outbox, with the pacing lifted, beside a bare echo bot; and what questions take.

The emulator serves HTTP in this process, both bots are processes of their own. Each person does the next thing when the bot has
spoken. The echo bot (`tests/bench/echo.py`) gets a text for a text and a press for a press, and answers with as many calls.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.section import Options, Row, median, percentiles
from tests.bot.crowd import FIRST, LIFTED, QUESTIONS, SCHOOLS, Crowd, Process, Talker, crowd, furnish, process, run_bot
from tests.faults.nominating import nominee

NAME = "bot under load"
PEOPLE = (1, 20, 200)
SECONDS = 5.0
OPEN_SECONDS = 12.0
BELOW_SATURATION = 0.4
ECHO_RATIO_AT_LEAST = 0.5
QUESTION_P95_AT_MOST = 3.0

_numbers = itertools.count()
Act = Callable[[Talker], AsyncIterator[float]]


@dataclass
class Load:
    """One stretch of time: how many updates were done in it, and how long each took, in seconds."""

    seconds: float = 0.0
    processor: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def work(self) -> float:
        """Milliseconds of the bot's processor an update."""
        return 1000 * max(self.processor, 0.01) / max(1, len(self.latencies))


# --- what one person does, update by update; each gives the seconds until the bot had said something to it ------------------


async def command(person: Talker) -> AsyncIterator[float]:
    began = await person.say("/trogiup")
    yield (await person.hear()).at - began


async def question(person: Talker) -> AsyncIterator[float]:
    began = await person.say(QUESTIONS[next(_numbers) % len(QUESTIONS)])
    yield (await person.hear(buttons=True)).at - began


async def form_step(person: Talker) -> AsyncIterator[float]:
    async for began, heard in person.nominate(nominee(next(_numbers) % 2_000)):
        yield heard.at - began


async def echo_text(person: Talker) -> AsyncIterator[float]:
    began = await person.say("một câu vừa phải để nói lại")
    yield (await person.hear()).at - began


async def echo_form(person: Talker) -> AsyncIterator[float]:
    """As many texts and presses as a nomination has, one after another."""
    heard = None
    for pressed in (False, True, False, False, False, False, True, True, True, True, True):
        began = await (person.press(heard, "Nữa") if pressed and heard else person.say("một câu vừa phải để nói lại"))
        heard = await person.hear()
        yield heard.at - began


KINDS: dict[str, tuple[Act, Act]] = {
    "commands": (command, echo_text),
    "form steps": (form_step, echo_form),
    "questions": (question, echo_text),
}


@dataclass
class Side:
    """A bot with its own emulator and its own people."""

    process: Process
    people: list[Talker]


# --- loads ------------------------------------------------------------------------------------------------------------


async def closed(side: Side, people: int, act: Act, seconds: float) -> Load:
    """Everybody goes on as soon as the bot has spoken. What is under way at the end is waited for and not counted."""
    load = Load(seconds)
    began, used = time.perf_counter(), side.process.seconds()

    async def one(person: Talker) -> None:
        while time.perf_counter() - began < seconds:
            async for latency in act(person):
                if time.perf_counter() - began < seconds:
                    load.latencies.append(latency)
                    load.processor = side.process.seconds() - used

    await asyncio.gather(*(one(person) for person in side.people[:people]))
    return load


async def arriving(people: list[Talker], rate: float, seconds: float) -> Load:
    """Questions at a fixed rate, whoever's turn it is; the bot's answers are waited for afterwards."""
    asked: list[asyncio.Task[float]] = []
    load = Load(seconds=seconds)
    began = time.perf_counter()
    locks = {person.id: asyncio.Lock() for person in people}

    async def one(person: Talker) -> float:
        sent = await person.say(QUESTIONS[next(_numbers) % len(QUESTIONS)])
        async with locks[person.id]:  # a person's answers come in the order of the questions
            return (await person.hear(buttons=True)).at - sent

    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        asked.append(asyncio.create_task(one(people[number % len(people)])))
    load.latencies = list(await asyncio.gather(*asked))
    return load


# --- the two bots -----------------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def sides(folder: Path, people: int) -> AsyncIterator[tuple[Side, Side]]:
    """Our bot and the echo bot, both at work and warm."""
    data = folder / "load"
    furnish(data, people)
    async with crowd() as ours, crowd() as theirs:
        with run_bot(ours, data, **LIFTED) as bot, process(folder / "echo.log", "tests.bench.echo", theirs.address) as echo:
            mine, others = Side(bot, _joined(ours, people)), Side(echo, _joined(theirs, people))
            await anext(question(mine.people[0]))
            await anext(echo_text(others.people[0]))
            await bot.warm()
            yield mine, others


def _joined(gathered: Crowd, people: int) -> list[Talker]:
    return [gathered.join(FIRST + number, number % SCHOOLS) for number in range(people)]


# --- the section ------------------------------------------------------------------------------------------------------


def measure(options: Options) -> list[Row]:
    return asyncio.run(_measure(options))


async def _measure(options: Options) -> list[Row]:
    rows: list[Row] = []
    async with sides(options.folder, max(PEOPLE)) as (mine, others):
        saturated = 0.0
        for kind, people in itertools.product(KINDS, PEOPLE):
            ours, theirs = [], []
            for _ in range(options.repeat):
                ours.append(await closed(mine, people, KINDS[kind][0], SECONDS))
                if options.peers:
                    theirs.append(await closed(others, people, KINDS[kind][1], SECONDS))
            rows.extend(_rows(kind, people, ours, theirs, options.clock))
            saturated = median([load.rate for load in ours]) if kind == "questions" else saturated
        rows.append(await _questions_arriving(mine, saturated * BELOW_SATURATION))
        rows.append(Row("bot, memory after the load", mine.process.memory(), "MB", more={"peak": mine.process.peak_memory()}))
    return rows


def _rows(kind: str, people: int, ours: list[Load], theirs: list[Load], clock: str) -> Iterator[Row]:
    """By the processor's clock the rate is that of a processor which does nothing but this bot's work."""
    per_second = (lambda load: 1000 / load.work) if clock == "cpu" else (lambda load: load.rate)
    rate, echo = median([per_second(load) for load in ours]), median([per_second(load) for load in theirs])
    waits = percentiles([1000 * wait for load in ours for wait in load.latencies])
    more: dict[str, Any] = {f"{name} ms": value for name, value in waits.items()}
    if not theirs:
        yield Row(f"{kind}, {people} at once", rate, "updates/s", size=people, more=more)
        return
    echoed = percentiles([1000 * wait for load in theirs for wait in load.latencies])
    more |= {"ms of processor": median([load.work for load in ours]), "echo ms of processor": median([load.work for load in theirs])}
    more |= {"echo/s": echo, **{f"echo {name} ms": value for name, value in echoed.items()}}
    least = ECHO_RATIO_AT_LEAST if kind == "form steps" else None
    yield Row(f"{kind}, {people} at once", rate, "updates/s", "bare echo bot", rate / echo, at_least=least, size=people, more=more)


async def _questions_arriving(mine: Side, rate: float) -> Row:
    one = await arriving(mine.people[:1], rate, OPEN_SECONDS)
    all_of_them = await arriving(mine.people, rate, OPEN_SECONDS)
    alone, among = ([1000 * wait for wait in load.latencies] for load in (one, all_of_them))
    p95 = percentiles(among)["p95"]
    return Row(
        f"questions of {len(mine.people)} at {rate:.0f}/s, p95",
        p95,
        "ms",
        "one person at the same rate",
        p95 / percentiles(alone)["p95"],
        at_most=QUESTION_P95_AT_MOST,
        size=len(mine.people),
        more={**percentiles(among), **{f"one {name}": value for name, value in percentiles(alone).items()}},
    )
