"""Transactions written together are each whole or absent, and nobody is told before they are on the disk."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from telegram import Update
from telegram.ext import ContextTypes, TypeHandler

from bot.app import App, Services
from bot.database import Database, is_transient, open_database
from bot.emulator.api import Emulator
from bot.group_commit import LostError
from tests.bot.local import local_bot, remember

Scene = Callable[[Database], Awaitable[None]]


@pytest.fixture
def db(tmp_path: Path) -> Database:
    made = open_database(tmp_path / "g.db")
    made.execute("CREATE TABLE t (x INTEGER PRIMARY KEY)")
    made.execute("CREATE TABLE child (parent INTEGER REFERENCES t (x) DEFERRABLE INITIALLY DEFERRED)")
    made.execute("CREATE TRIGGER bomb BEFORE INSERT ON t WHEN NEW.x = 666 BEGIN SELECT RAISE(ROLLBACK, 'all of it'); END")
    return made


def rows(db: Database) -> list[int]:
    return [int(row[0]) for row in db.execute("SELECT x FROM t ORDER BY x").fetchall()]


def on_disk(tmp_path: Path) -> list[int]:
    """What somebody who opens the file now would find."""
    other = sqlite3.connect(tmp_path / "g.db")
    found = [int(row[0]) for row in other.execute("SELECT x FROM t ORDER BY x")]
    other.close()
    return found


def together(db: Database, scene: Scene) -> None:
    async def run() -> None:
        with db.together():
            await scene(db)

    asyncio.run(run())


async def write(db: Database, x: int) -> None:
    with db.atomic():
        db.execute("INSERT INTO t VALUES (?)", [x])
    await db.durable()


def test_transactions_of_several_tasks_are_one_write(db: Database, tmp_path: Path) -> None:
    statements: list[str] = []
    db.conn.set_trace_callback(statements.append)

    async def scene(db: Database) -> None:
        await asyncio.gather(*(write(db, x) for x in range(50)))
        assert on_disk(tmp_path) == list(range(50))

    together(db, scene)
    assert statements.count("COMMIT") == 1


def test_nobody_is_told_before_it_is_on_the_disk(db: Database, tmp_path: Path) -> None:
    told: list[list[int]] = []

    async def scene(db: Database) -> None:
        with db.atomic():
            db.execute("INSERT INTO t VALUES (1)")
        db.when_durable(lambda: told.append(on_disk(tmp_path)))
        assert (told, on_disk(tmp_path), rows(db)) == ([], [], [1])
        await db.durable()
        assert (told, db.ticket) == ([[1]], None)

    together(db, scene)


def test_failing_transaction_leaves_the_others_of_its_group(db: Database, tmp_path: Path) -> None:
    async def fail(db: Database) -> None:
        with db.atomic():
            db.execute("INSERT INTO t VALUES (2)")
            raise ZeroDivisionError

    async def scene(db: Database) -> None:
        found = await asyncio.gather(write(db, 1), fail(db), write(db, 3), return_exceptions=True)
        assert isinstance(found[1], ZeroDivisionError)

    together(db, scene)
    assert on_disk(tmp_path) == [1, 3]


def test_nested_transaction_of_a_group_is_taken_back_alone(db: Database, tmp_path: Path) -> None:
    async def scene(db: Database) -> None:
        with db.atomic():
            db.execute("INSERT INTO t VALUES (1)")
            with contextlib.suppress(ZeroDivisionError), db.atomic():
                db.execute("INSERT INTO t VALUES (2)")
                raise ZeroDivisionError

    together(db, scene)
    assert on_disk(tmp_path) == [1]


async def _break_the_commit(db: Database) -> None:
    with db.atomic():
        db.execute("INSERT INTO child VALUES (99)")
    await db.durable()


def test_group_that_cannot_be_written_is_absent_as_a_whole_and_everybody_hears_of_it(db: Database, tmp_path: Path) -> None:
    async def scene(db: Database) -> None:
        found = await asyncio.gather(write(db, 1), _break_the_commit(db), write(db, 2), return_exceptions=True)
        assert [type(each) for each in found] == [LostError] * 3
        assert all(is_transient(each) for each in found if isinstance(each, BaseException))
        assert (rows(db), on_disk(tmp_path)) == ([], [])

    together(db, scene)


def test_after_a_lost_group_only_the_guilty_one_fails(db: Database, tmp_path: Path) -> None:
    async def scene(db: Database) -> None:
        for _ in range(2):
            found = await asyncio.gather(write(db, 1), _break_the_commit(db), write(db, 2), return_exceptions=True)
        assert [type(each) for each in found] == [type(None), sqlite3.IntegrityError, type(None)]

    together(db, scene)
    assert on_disk(tmp_path) == [1, 2]


def test_statement_that_takes_everything_back_is_told_to_those_before_it(db: Database, tmp_path: Path) -> None:
    async def bomb(db: Database) -> None:
        with db.atomic():
            db.execute("INSERT INTO t VALUES (666)")

    async def scene(db: Database) -> None:
        found = await asyncio.gather(write(db, 1), bomb(db), write(db, 2), return_exceptions=True)
        assert [type(each) for each in found] == [LostError, sqlite3.IntegrityError, type(None)]

    together(db, scene)
    assert on_disk(tmp_path) == [2]


def test_what_nobody_waits_for_is_written_soon_or_with_what_somebody_waits_for(db: Database, tmp_path: Path) -> None:
    async def scene(db: Database) -> None:
        for x in (1, 2):
            with db.atomic(urgent=False):
                db.execute("INSERT INTO t VALUES (?)", [x])
        await asyncio.sleep(0)
        assert on_disk(tmp_path) == []
        await write(db, 3)
        assert on_disk(tmp_path) == [1, 2, 3]
        with db.atomic(urgent=False):
            db.execute("INSERT INTO t VALUES (4)")
        await asyncio.sleep(0.3)
        assert on_disk(tmp_path) == [1, 2, 3, 4]

    together(db, scene)


def test_end_writes_what_is_open(db: Database, tmp_path: Path) -> None:
    async def scene(db: Database) -> None:
        with db.atomic(urgent=False):
            db.execute("INSERT INTO t VALUES (1)")

    together(db, scene)
    assert on_disk(tmp_path) == [1]


def breaking(application: App, services: Services) -> None:
    """Says and remembers each text; the first "hỏng" makes the write of its whole group fail."""
    broken: list[int] = []

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        with services.db.atomic():
            remember(services, update)
            services.outbox.put(update.message.chat_id, "sendMessage", {"text": f"đã ghi: {update.message.text}"})
            if update.message.text == "hỏng" and not broken:
                broken.append(1)
                services.db.execute("INSERT INTO child VALUES (99)")

    services.db.execute("CREATE TABLE said (update_id INTEGER, chat_id INTEGER, text TEXT)")
    services.db.execute("CREATE TABLE parent (x INTEGER PRIMARY KEY)")
    services.db.execute("CREATE TABLE child (parent INTEGER REFERENCES parent (x) DEFERRABLE INITIALLY DEFERRED)")
    application.add_handler(TypeHandler(Update, answer))


def test_updates_of_a_lost_group_are_handled_again_and_answered_once(tmp_path: Path) -> None:
    async def scene() -> tuple[list[Any], dict[int, list[str]]]:
        async with local_bot(tmp_path, register=breaking) as bot:
            people = {number: bot.person(number) for number in range(20, 26)}
            for number, person in people.items():
                await person.say("hỏng" if number == 22 else f"câu {number}")
            await bot.settle()
            said = bot.services.db.execute("SELECT chat_id FROM said ORDER BY chat_id").fetchall()
            return said, {number: person.texts() for number, person in people.items()}

    said, texts = asyncio.run(scene())
    assert said == [(number,) for number in range(20, 26)]
    assert texts == {number: [f"đã ghi: {'hỏng' if number == 22 else f'câu {number}'}"] for number in range(20, 26)}


class Suspicious(Emulator):
    """Looks at the file each time something is let out of the process: `early` is what was not on the disk by then."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.early: list[str] = []

    async def call(self, method: str, raw: Any, uploads: Any = None) -> tuple[int, dict[str, Any]]:
        if method == "getUpdates" and "offset" in raw and not self._found("SELECT max(update_id) + 1 FROM inbox", raw["offset"]):
            self.early.append(f"acknowledged {raw['offset']}")
        if method == "sendMessage" and not self._found("SELECT params ->> 'text' FROM outbox WHERE state = 'sending'", raw["text"]):
            self.early.append(f"said {raw['text']}")
        if method == "answerCallbackQuery":
            query = "SELECT params ->> 'callback_query_id' FROM outbox WHERE state = 'waiting'"
            if not self._found(query, raw["callback_query_id"]):
                self.early.append(f"answered {raw['callback_query_id']}")
        return await super().call(method, raw, uploads)

    def _found(self, sql: str, value: Any) -> bool:
        other = sqlite3.connect(self.path)
        found = [str(row[0]) for row in other.execute(sql)]
        other.close()
        return str(value) in found


def pressing(application: App, services: Services) -> None:
    """A button for a text, an answer and a word for a press."""

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_chat is not None
        button = {"inline_keyboard": [[{"text": "Bấm", "callback_data": "x"}]]}
        with services.db.atomic():
            if update.callback_query:
                services.outbox.put(update.effective_chat.id, "answerCallbackQuery", {"callback_query_id": update.callback_query.id})
            services.outbox.put(update.effective_chat.id, "sendMessage", {"text": f"số {update.update_id}", "reply_markup": button})

    application.add_handler(TypeHandler(Update, answer))


def test_nothing_leaves_the_process_before_what_decided_it_is_on_the_disk(tmp_path: Path) -> None:
    async def scene() -> tuple[list[str], list[int]]:
        emulator = Suspicious(tmp_path / "guongsang.db")
        async with local_bot(tmp_path, register=pressing, emulator=emulator) as bot:
            people = [bot.person(number) for number in range(20, 30)]
            for person in people:
                await person.say("câu")
                await person.say("câu nữa")
            await bot.settle()
            for person in people:
                await person.press("Bấm")
            await bot.settle()
            return emulator.early, [len(person.texts()) for person in people]

    assert asyncio.run(scene()) == ([], [3] * 10)
