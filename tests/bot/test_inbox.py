"""Updates are stored before they are acknowledged, and each changes the state once."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Update
from telegram.ext import ContextTypes, TypeHandler

from bot.app import App, Services
from bot.database import open_database
from bot.emulator.api import Emulator, Fault
from bot.group_commit import LostError
from bot.inbox import Inbox, chat_of
from bot.worker import Worker
from tests.bot.local import HandClock, Local, echo, local_bot, remember


def message(update_id: int, chat: int, text: str) -> dict[str, Any]:
    about = {"chat": {"id": chat, "type": "private"}, "from": {"id": chat, "is_bot": False, "first_name": "A"}}
    return {"update_id": update_id, "message": {"message_id": update_id, "date": 1, "text": text, **about}}


def said(services: Services) -> list[tuple[int, str]]:
    return [
        (int(chat), str(text)) for chat, text in services.db.execute("SELECT chat_id, text FROM said ORDER BY rowid").fetchall()
    ]


# --- storing -----------------------------------------------------------------------------------------------------------


def test_update_is_committed_before_telegram_is_told(tmp_path: Path) -> None:
    async def scene() -> tuple[bool, int]:
        emulator = Emulator()
        async with local_bot(tmp_path, emulator=emulator, register=slow) as bot:
            number = await bot.person(5).say("chậm 1")
            for _ in range(400):
                await asyncio.sleep(0.01)
                if not emulator.unconfirmed():
                    break
            row = bot.services.db.execute("SELECT done_at FROM inbox WHERE update_id = ?", [number]).fetchone()
            return row is not None and row[0] is None, emulator.unconfirmed()

    assert asyncio.run(scene()) == (True, 0)


def test_update_is_not_acknowledged_while_it_cannot_be_stored(tmp_path: Path) -> None:
    async def scene() -> tuple[int, int, list[tuple[int, str]]]:
        async with local_bot(tmp_path) as bot:
            other = sqlite3.connect(tmp_path / "guongsang.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            bot.services.db.execute("PRAGMA busy_timeout = 20")
            await bot.person(5).say("chào")
            await asyncio.sleep(0.5)
            held = bot.emulator.unconfirmed()
            other.execute("COMMIT")
            other.close()
            await bot.settle()
            return held, bot.emulator.unconfirmed(), said(bot.services)

    assert asyncio.run(scene()) == (1, 0, [(5, "chào")])


def test_only_the_first_updates_after_a_start_are_on_the_disk_before_they_are_worked_on(tmp_path: Path) -> None:
    """Whichever of them ended the process before is found at the next start, and how often it was tried."""
    found: list[bool] = []

    def looking(application: App, services: Services) -> None:
        async def look(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            other = sqlite3.connect(tmp_path / "guongsang.db")
            found.append(bool(other.execute("SELECT 1 FROM inbox WHERE update_id = ?", [update.update_id]).fetchone()))
            other.close()

        application.add_handler(TypeHandler(Update, look))

    async def scene() -> None:
        async with local_bot(tmp_path, register=looking) as bot:
            for text in ("một", "hai", "ba"):
                await bot.person(5).say(text)
                await bot.settle()

    asyncio.run(scene())
    assert found == [True, False, False]


def test_work_on_an_update_that_is_lost_comes_to_nothing(tmp_path: Path) -> None:
    async def scene() -> None:
        services = open_services_with_table(tmp_path)
        with services.db.together():
            services.inbox.store([message(1, 5, "mất")], ahead=True)
            assert services.inbox.chats_to_look_at() == {5}
            services.db.conn.execute("ROLLBACK")  # as SQLite does on a full disk
            services.db.flush()
            with pytest.raises(LostError), services.inbox.handling(1), services.db.atomic():
                services.db.execute("INSERT INTO said VALUES (1, 5, 'mất')")
        assert said(services) == []
        services.close()

    asyncio.run(scene())


def test_offset_follows_the_newest_update(tmp_path: Path) -> None:
    inbox = Inbox(open_database(tmp_path / "g.db"), HandClock())
    inbox.store([message(10, 5, "a"), message(11, 5, "b")])
    assert inbox.offset() == 12


def test_offset_is_forgotten_when_numbers_may_start_anywhere(tmp_path: Path) -> None:
    clock = HandClock()
    inbox = Inbox(open_database(tmp_path / "g.db"), clock)
    inbox.store([message(10, 5, "a")])
    clock.move(days=7)
    assert inbox.offset() is None
    inbox.store([message(3, 5, "sau một tuần")])
    assert inbox.offset() == 4


def test_stored_update_is_stored_once(tmp_path: Path) -> None:
    inbox = Inbox(open_database(tmp_path / "g.db"), HandClock())
    assert inbox.store([message(10, 5, "a"), message(10, 5, "a")]) == 1
    assert inbox.store([message(10, 5, "khác")]) == 0
    assert '"text": "a"' in (inbox.next(5) or (0, "", 0))[1]


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        ({"update_id": 1, "message": {"chat": {"id": 7}, "from": {"id": 5}}}, 7),
        ({"update_id": 1, "callback_query": {"from": {"id": 5}, "message": {"chat": {"id": 7}}}}, 7),
        ({"update_id": 1, "callback_query": {"from": {"id": 5}}}, 5),
        ({"update_id": 1, "poll_answer": {"user": {"id": 5}}}, 5),
        ({"update_id": 1, "message": []}, 0),
        ({"update_id": 1, "message": {"chat": {"id": "x"}}}, 0),
        ({"update_id": 1}, 0),
    ],
)
def test_chat_of_an_update_is_found(update: dict[str, Any], chat: int) -> None:
    assert chat_of(update) == chat


# --- exactly once -----------------------------------------------------------------------------------------------------


def test_state_and_done_mark_are_one_transaction(tmp_path: Path) -> None:
    """A handler that is stopped after writing and before committing leaves neither."""

    async def scene() -> tuple[int, object]:
        services = open_services_with_table(tmp_path)
        services.inbox.store([message(1, 5, "a")])
        with contextlib.suppress(ZeroDivisionError), services.inbox.handling(1), services.db.atomic():
            services.db.execute("INSERT INTO said VALUES (1, 5, 'a')")
            raise ZeroDivisionError
        return len(said(services)), services.db.execute("SELECT done_at FROM inbox").fetchone()[0]

    assert asyncio.run(scene()) == (0, None)


def test_first_final_transaction_marks_the_update_done(tmp_path: Path) -> None:
    services = open_services_with_table(tmp_path)
    services.inbox.store([message(1, 5, "a")])
    with services.inbox.handling(1) as held:
        with services.db.atomic(final=False):
            services.db.execute("INSERT INTO said VALUES (1, 5, 'trước')")
        assert (held.done, services.inbox.next(5) is None) == (False, False)
        with services.db.atomic():
            services.db.execute("INSERT INTO said VALUES (1, 5, 'sau')")
        assert (held.done, services.inbox.next(5) is None) == (True, True)


def test_done_update_forgets_what_was_written(tmp_path: Path) -> None:
    services = open_services_with_table(tmp_path)
    services.inbox.store([message(1, 5, "bí mật")])
    services.inbox.finish(1, "done")
    assert services.db.execute("SELECT body FROM inbox").fetchone()[0] is None


def test_update_left_undone_is_handled_after_a_restart(tmp_path: Path) -> None:
    async def scene() -> list[tuple[int, str]]:
        services = open_services_with_table(tmp_path)
        services.inbox.store([message(1, 5, "trước khi dừng")])
        services.close()
        async with local_bot(tmp_path) as bot:
            await bot.settle()
            return said(bot.services)

    assert asyncio.run(scene()) == [(5, "trước khi dừng")]


def test_update_that_ends_the_process_each_time_is_put_aside(tmp_path: Path) -> None:
    async def scene() -> tuple[list[tuple[int, str]], list[str]]:
        services = open_services_with_table(tmp_path)
        services.inbox.store([message(1, 5, "chết"), message(2, 5, "sống")])
        services.db.execute("UPDATE inbox SET attempts = 10 WHERE update_id = 1")
        services.db.conn.commit()
        services.close()
        async with local_bot(tmp_path) as bot:
            bot.emulator._know({"id": 5, "type": "private"})
            await bot.settle()
            return said(bot.services), bot.person(5).texts()

    done, told = asyncio.run(scene())
    assert done == [(5, "sống")]
    assert "CHƯA hoàn tất" in told[0]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(list(range(6)) + [0, 2, 4]))
def test_duplicates_and_any_order_leave_the_same_state(order: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    async def scene() -> list[tuple[int, str]]:
        async with local_bot(tmp_path_factory.mktemp("d")) as bot:
            for number in order:
                await bot.emulator.push(message(1000 + number, 5 + number % 2, f"tin {number}"))
            await bot.settle()
            return sorted(said(bot.services))

    assert asyncio.run(scene()) == sorted((5 + number % 2, f"tin {number}") for number in range(6))


# --- order and concurrency ------------------------------------------------------------------------------------------


def slow(application: App, services: Services) -> None:
    """Texts with "chậm" take long, as a search may."""

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        if "chậm" in (update.effective_message.text or ""):
            await asyncio.sleep(1.0)
        with services.db.atomic():
            remember(services, update)

    services.db.execute("CREATE TABLE IF NOT EXISTS said (update_id INTEGER, chat_id INTEGER, text TEXT)")
    application.add_handler(TypeHandler(Update, answer))


def test_slow_question_delays_only_its_own_chat(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with local_bot(tmp_path, register=slow) as bot:
            await bot.person(5).say("chậm")
            await bot.person(5).say("sau câu chậm")
            for n in range(3):
                await bot.person(6).say(f"biểu mẫu {n}")
            await bot.settle()
            return [text for _, text in said(bot.services)]

    assert asyncio.run(scene()) == ["biểu mẫu 0", "biểu mẫu 1", "biểu mẫu 2", "chậm", "sau câu chậm"]


def test_flood_of_one_person_does_not_hold_up_another(tmp_path: Path) -> None:
    async def scene() -> int:
        async with local_bot(tmp_path) as bot:
            for n in range(150):
                await bot.person(5).say(f"lũ {n}")
            await bot.person(6).say("một câu")
            await bot.settle()
            return [chat for chat, _ in said(bot.services)].index(6)

    assert asyncio.run(scene()) < 110


def test_flood_is_answered_slower_from_its_fiftieth_message_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    sleep = asyncio.sleep

    async def watched(seconds: float, *more: object) -> object:
        slept.append(seconds)
        return await sleep(seconds, *more)

    async def scene() -> int:
        async with local_bot(tmp_path) as bot:
            for n in range(60):
                await bot.person(5).say(f"lũ {n}")
            await bot.settle()
            return len(said(bot.services))

    monkeypatch.setattr("bot.worker.FLOOD_PAUSE_S", 0.01234)
    monkeypatch.setattr("bot.worker.asyncio.sleep", watched)
    assert asyncio.run(scene()) == 60
    assert slept.count(0.01234) >= 5


# --- failures ---------------------------------------------------------------------------------------------------------


def failing(application: App, services: Services) -> None:
    """Fails on "hỏng" until `services.db` holds a row in `mended`."""

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is None:
            return
        with services.db.atomic():
            remember(services, update)
            if "hỏng" in (update.message.text or "") and not services.db.execute("SELECT 1 FROM mended").fetchone():
                raise ZeroDivisionError("4200000000:local-token-of-the-tests")

    services.db.execute("CREATE TABLE IF NOT EXISTS said (update_id INTEGER, chat_id INTEGER, text TEXT)")
    services.db.execute("CREATE TABLE IF NOT EXISTS mended (x)")
    application.add_handler(TypeHandler(Update, answer))


def test_failure_is_told_with_a_code_and_changes_nothing(tmp_path: Path) -> None:
    async def scene() -> tuple[list[tuple[int, str]], list[str]]:
        async with local_bot(tmp_path, register=failing) as bot:
            lan = bot.person(5)
            await lan.say("hỏng")
            await bot.settle()
            return said(bot.services), lan.texts()

    rows, texts = asyncio.run(scene())
    assert rows == []
    assert len(texts) == 1
    assert texts[0].startswith("Lỗi hệ thống: thao tác “tin nhắn vừa gửi” CHƯA hoàn tất. Nội dung đã nhập vẫn còn.")
    assert "mã L-" in texts[0]


async def _fail_then_retry(bot: Local, presses: int) -> list[tuple[int, str]]:
    lan = bot.person(5)
    await lan.say("hỏng")
    await bot.settle()
    with bot.services.db.atomic():
        bot.services.db.execute("INSERT INTO mended VALUES (1)")
    for _ in range(presses):
        await lan.press("Gửi lại")
        await bot.settle()
    return said(bot.services)


@pytest.mark.parametrize("presses", [1, 3])
def test_retry_handles_the_kept_update_once(presses: int, tmp_path: Path) -> None:
    async def scene() -> list[tuple[int, str]]:
        async with local_bot(tmp_path, register=failing) as bot:
            return await _fail_then_retry(bot, presses)

    assert asyncio.run(scene()) == [(5, "hỏng")]


def test_locked_database_makes_the_update_wait(tmp_path: Path) -> None:
    async def scene() -> tuple[list[tuple[int, str]], list[str]]:
        async with local_bot(tmp_path) as bot:
            services = bot.services
            services.db.execute("PRAGMA busy_timeout = 20")
            services.inbox.store([message(1, 5, "chào")])
            services.db.flush()
            other = sqlite3.connect(tmp_path / "guongsang.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            bot.emulator._know({"id": 5, "type": "private"})
            await asyncio.sleep(0.4)
            assert said(services) == []
            other.execute("COMMIT")
            other.close()
            await bot.settle()
            return said(services), bot.person(5).texts()

    assert asyncio.run(scene()) == ([(5, "chào")], ["bạn nói: chào"])


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["chat", "from", "id", "text", "message"]), inner)
    ),
    max_leaves=6,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(odd=st.dictionaries(st.sampled_from(["message", "callback_query", "edited_message", "my_chat_member", "x"]), ODD))
def test_odd_update_does_not_stop_the_bot(odd: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    async def scene() -> list[str]:
        async with local_bot(tmp_path_factory.mktemp("d"), register=echo) as bot:
            bot.services.inbox.store([{**odd, "update_id": 1}])
            await bot.person(6).say("vẫn chạy")
            await bot.settle()
            return bot.person(6).texts()

    assert asyncio.run(scene()) == ["bạn nói: vẫn chạy"]


def test_conflict_with_a_second_poller_is_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.polling.LONGEST_WAIT_S", 0.1)

    async def scene() -> list[str]:
        emulator = Emulator(faults=[Fault("getUpdates", times=1, status=409)])
        async with local_bot(tmp_path, emulator=emulator) as bot:
            await bot.person(5).say("chào")
            await bot.settle()
            return bot.person(5).texts()

    assert asyncio.run(scene()) == ["bạn nói: chào"]


def open_services_with_table(folder: Path) -> Services:
    from bot.app import open_services
    from tests.bot.local import settings as quick

    services = open_services(quick(folder), clock=HandClock())
    services.db.execute("CREATE TABLE IF NOT EXISTS said (update_id INTEGER, chat_id INTEGER, text TEXT)")
    return services


def test_worker_goes_on_when_a_handler_fails_badly(tmp_path: Path) -> None:
    """Not even an error outside of the application's error handling stops a chat."""

    async def scene() -> list[str]:
        services = open_services_with_table(tmp_path)
        seen: list[str] = []

        async def handle(raw: dict[str, Any]) -> None:
            seen.append(raw["message"]["text"])
            if raw["update_id"] == 1:
                raise RuntimeError("không ngờ tới")

        services.inbox.store([message(1, 5, "a"), message(2, 5, "b")])
        worker = Worker(services.inbox, handle)
        task = asyncio.create_task(worker.run())
        assert await worker.drain(5)
        task.cancel()
        return seen

    assert asyncio.run(scene()) == ["a", "b"]
