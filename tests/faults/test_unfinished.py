"""A stop in the middle of something long: whoever was told that it is under way is told afterwards what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot import handlers, messages, unfinished
from bot.access import Access, Role
from bot.emulator.api import Emulator
from bot.emulator.person import Person
from bot.failpoints import REINDEXING
from bot.handlers import lists, plans, progress
from bot.people import People
from bot.workspace import reading, writing
from index.search import Index
from tests.bot.local import HandClock, Local, local_bot
from tests.bot.processes import Api, bot, emulator
from tests.bot.school import ORG, UNIT, _prepared, plan_text
from tests.faults.keeping import is_whole

NEW = plan_text().replace("12/KH-BX", "27/KH-BX")
ADMIN, HEAD = 91, 92
READY = "Đang dùng: KẾ HOẠCH Phát hiện và nhân rộng điển hình tiên tiến năm học 2026-2027 (bản 1)."
ENDED = messages.plan_ended(f"{ORG}-2", False)
HEADER = ["TT", "Họ và tên", "Đơn vị công tác", "Thâm niên giảng dạy", "Tóm tắt thành tích", "Số điện thoại, email"]
QUICKEST = "reindex.segment"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The school, with an admin and a unit head."""
    folder = tmp_path / "data"
    shutil.copytree(_prepared(2026), folder)
    with writing(folder) as space, space.db.atomic():
        people, access = People(space.db), Access(space.db)
        for number, role, org, unit in ((ADMIN, Role.ADMIN, None, None), (HEAD, Role.UNIT_HEAD, ORG, UNIT)):
            person = people.meet(number, number, f"P{number}", space.now)
            people.belongs(person.id, ORG)
            access.give(person.id, role, org, unit, space.now)
    return folder


class Held:
    """Work that stands still in the middle until it is let go; `begun` once it is there."""

    def __init__(self, work: Callable[..., Any], first: Callable[..., None] = lambda *_: None) -> None:
        self._work, self._first = work, first
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, *arguments: Any, **more: Any) -> Any:
        self._first(*arguments)
        self.begun.set()
        assert self.go_on.wait(60)
        return self._work(*arguments, **more)


Scene = Callable[[Local, Emulator], Any]


def stopped_and_started(
    data: Path, held: Held, before: Scene, after: Callable[[Local], None] = lambda _: None, *, told: bool = True
) -> Emulator:
    """The data folder as it is while the work stands still, in the hands of another process: what a stop at that moment leaves."""
    left, sky = data.with_name("left"), Emulator()
    clock = HandClock()

    async def whole() -> None:
        async with local_bot(data, register=handlers.register, clock=clock, emulator=sky) as first:
            await before(first, sky)
            await asyncio.to_thread(held.begun.wait, 60)
            while not _is_on_disk(data, told):
                await asyncio.sleep(0.01)
            shutil.copytree(data, left)
            held.go_on.set()
            await first.settle()
        said = len(sky.calls)
        async with local_bot(left, register=handlers.register, clock=clock, emulator=sky) as second:
            while unfinished.left(second.services):
                await asyncio.sleep(0.01)
            await second.settle()
            after(second)
        sky.calls = sky.calls[said:]

    asyncio.run(whole())
    return sky


def _is_on_disk(data: Path, told: bool) -> bool:
    """Whether everything was sent, and (`told`) it was said that something is under way."""
    with contextlib.closing(sqlite3.connect(data / "guongsang.db")) as connection:
        unsent = connection.execute("SELECT 1 FROM outbox WHERE state != 'sent'").fetchone()
        noted = connection.execute("SELECT 1 FROM settings WHERE name = ?", [unfinished.NAME]).fetchone()
    return unsent is None and (noted is not None) == told


def heard(sky: Emulator, chat: int) -> list[tuple[str, str]]:
    calls = [call for call in sky.calls if call["params"].get("chat_id") == chat and "text" in call["params"]]
    return [(call["method"], call["params"]["text"]) for call in calls]


async def send_plan(local: Local, sky: Emulator) -> Person:
    admin = local.person(ADMIN)
    await admin.send_file("moi.txt", NEW.encode())
    await local.settle()
    await admin.press("Trường THPT Bến Xuân")
    return admin


def test_plan_that_was_being_read_is_offered_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(plans._understood)
    monkeypatch.setattr(plans, "_understood", held)
    sky = stopped_and_started(data, held, send_plan)
    assert heard(sky, ADMIN) == [("editMessageText", messages.PLAN_READ_AGAIN)]
    [row] = sky.calls[-1]["params"]["reply_markup"]["inline_keyboard"]
    assert row == [{"text": "Trường THPT Bến Xuân", "callback_data": f"padd.{ORG}"}]


@pytest.mark.parametrize(("undone", "last"), [(False, READY), (True, ENDED)], ids=["in force", "ended"])
def test_plan_that_was_being_indexed_is_said_to_be_in_force(
    data: Path, monkeypatch: pytest.MonkeyPatch, undone: bool, last: str
) -> None:
    held = Held(Index.update)
    monkeypatch.setattr(Index, "update", lambda *arguments: held(*arguments))

    async def before(local: Local, sky: Emulator) -> None:
        admin = await send_plan(local, sky)
        await local.settle()
        await admin.press(messages.PLAN_CONFIRM)
        await asyncio.to_thread(held.begun.wait, 60)
        if undone:
            with local.services.db.atomic():
                local.services.library.retire(f"{ORG}-2", local.services.clock())
            await local.services.inbox.durable()

    sky = stopped_and_started(data, held, before)
    assert heard(sky, ADMIN) == [("editMessageText", last)]
    assert ("reply_markup" in sky.calls[-1]["params"]) is not undone


def test_plan_that_is_ended_while_it_is_indexed_is_not_said_to_be_in_force(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(Index.update)
    monkeypatch.setattr(Index, "update", lambda *arguments: held(*arguments))

    async def whole() -> list[tuple[str, str]]:
        async with local_bot(data, register=handlers.register, clock=HandClock(), emulator=(sky := Emulator())) as local:
            admin = await send_plan(local, sky)
            await local.settle()
            await admin.press(messages.PLAN_CONFIRM)
            await asyncio.to_thread(held.begun.wait, 60)
            with local.services.db.atomic():
                local.services.library.retire(f"{ORG}-2", local.services.clock())
            held.go_on.set()
            await local.settle()
            assert unfinished.left(local.services) == []
            return heard(sky, ADMIN)

    assert asyncio.run(whole())[-1] == ("editMessageText", ENDED)


def filled_table() -> bytes:
    book = openpyxl.Workbook()
    for row in (HEADER, *([str(n), f"Lê Văn A{n}", UNIT, "5 năm", "Giỏi", "ĐT: không có\nEmail: không có"] for n in range(1, 121))):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def send_table(local: Local, sky: Emulator) -> None:
    await local.person(HEAD).send_file("bang.xlsx", filled_table())


def test_table_that_was_being_read_is_read_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was said yet: it goes on by itself."""
    held = Held(lists._read)
    monkeypatch.setattr(lists, "_read", held)
    drafts: list[int] = []

    def count(local: Local) -> None:
        drafts.append(len(local.services.nominations.drafts(org=ORG)))

    sky = stopped_and_started(data, held, send_table, count, told=False)
    assert [text.split("\n")[0] for _, text in heard(sky, HEAD)] == ["Đã đọc 120 dòng, tất cả hợp lệ."]
    assert drafts == [120]


def test_table_whose_reading_was_told_is_asked_for_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "QUIET_S", 0.0)
    held = Held(lists._read, first=lambda data, name, frames, told: told(50, 120))
    monkeypatch.setattr(lists, "_read", held)
    sky = stopped_and_started(data, held, send_table)
    assert heard(sky, HEAD) == [("editMessageText", messages.TABLE_AGAIN)]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("place", [pytest.param(place, marks=[pytest.mark.slow] * (place != QUICKEST)) for place in REINDEXING])
def test_kill_while_a_plan_is_indexed_is_followed_by_the_last_word(place: str, data: Path) -> None:
    quick = {"GUONGSANG_WARM": "false", "GUONGSANG_CHAT_PER_SECOND": "1000", "GUONGSANG_CHAT_BURST": "1000"}
    calls: list[dict[str, Any]] = []
    with emulator() as api:
        with bot(api, data, GUONGSANG_FAILPOINT=place, **quick) as mortal:
            put_in_force(api)
            assert mortal.wait(60) == -9
        with bot(api, data, **quick):
            began = time.monotonic()
            while not any("Đang dùng: KẾ HOẠCH" in text_of(call) for call in calls) and time.monotonic() - began < 60:
                calls += [call for call in api.calls(wait=0.5) if call["result"]]
    shown = [int(call["result"]["message_id"]) for call in calls if text_of(call) == messages.PLAN_INDEXING]
    said = [call for call in calls if "Đang dùng: KẾ HOẠCH" in text_of(call)]
    assert [call["params"]["text"] for call in said] == [READY]
    if shown:  # else the process died before a word had left, and the last one takes its place
        assert [(call["method"], call["params"]["message_id"]) for call in said] == [("editMessageText", shown[0])]
    with reading(data) as space:
        assert is_whole(space.index, space.library)


def text_of(call: dict[str, Any]) -> str:
    return str(call["params"].get("text", ""))


def put_in_force(api: Api) -> None:
    """An admin sends a plan and confirms it. What is said then may leave before the process dies, or after the next one has begun."""
    file = api._client.post("/ctl/file", content=NEW.encode(), params={"name": "moi.txt"}).raise_for_status().json()["file_id"]
    about = {"file_id": file, "file_unique_id": "u", "file_name": "moi.txt", "file_size": len(NEW.encode())}
    api.update(message={"from": {"id": ADMIN, "first_name": "P"}, "document": about})
    asked = api.wait_for(messages.PLAN_WHICH_INSTITUTION, ADMIN)
    api.press(ADMIN, asked["result"]["message_id"], f"padd.{ORG}")
    understood = api.wait_for("Đã đọc “moi.txt”", ADMIN)
    api.press(ADMIN, understood["result"]["message_id"], "pyes")
