"""What is decided is sent: once where that can be known, in order, at Telegram's pace, through every refusal."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from typing import Any

import pytest

from bot.database import open_database
from bot.emulator.api import Emulator, Fault
from bot.outbox import FileTooLargeError, Outbox
from bot.pace import Bucket
from bot.sender import CALLS_AT_ONCE
from tests.bot.local import HandClock, Local, echo, local_bot

LAN, MAI, GROUP = 5, 6, -7


async def acquainted(bot: Local) -> None:
    """The chats are known to Telegram, and nothing of that is left in the calls."""
    for chat in (LAN, MAI, GROUP):
        bot.emulator._know({"id": chat, "type": "private" if chat > 0 else "group"})


def put(bot: Local, chat: int, text: str, **more: Any) -> int:
    with bot.services.db.atomic():
        return bot.services.outbox.put(chat, "sendMessage", {"text": text, **more})


def arrived(bot: Local, chat: int = LAN) -> list[str]:
    return [str(m.get("text", m.get("caption", ""))) for (c, _), m in sorted(bot.emulator.messages.items()) if c == chat]


def states(bot: Local) -> list[str]:
    return [str(row[0]) for row in bot.services.db.execute("SELECT state FROM outbox ORDER BY id").fetchall()]


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_message_of_a_transaction_that_failed_is_not_sent(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            with contextlib.suppress(ZeroDivisionError), bot.services.db.atomic():
                put(bot, LAN, "không gửi")
                raise ZeroDivisionError
            put(bot, LAN, "gửi")
            await bot.settle()
            return arrived(bot)

    assert asyncio.run(scene()) == ["gửi"]


def test_long_text_arrives_in_order_with_its_buttons_last(tmp_path: Path) -> None:
    async def scene() -> list[dict[str, Any]]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            text = "\n\n".join(f"{n}. " + "điều khoản " * 30 for n in range(40))
            put(bot, LAN, text, reply_markup={"inline_keyboard": [[{"text": "Gửi", "callback_data": "x"}]]})
            await bot.settle()
            return [message for _, message in sorted(bot.emulator.messages.items())]

    parts = asyncio.run(scene())
    assert len(parts) > 2
    assert [("reply_markup" in part) for part in parts] == [False] * (len(parts) - 1) + [True]
    numbers = [int(line.split(".")[0]) for part in parts for line in part["text"].split("\n\n")]
    assert numbers == list(range(40))


def test_long_caption_goes_before_its_file(tmp_path: Path) -> None:
    async def scene() -> list[tuple[int, bool]]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            file = bot.services.files.path(bot.services.files.put(b"bang"))
            with bot.services.db.atomic():
                bot.services.outbox.put(LAN, "sendDocument", {"caption": "ấ" * 1500}, document=file, filename="bảng.docx")
            await bot.settle()
            return [(len(m.get("text", "")), "document" in m) for _, m in sorted(bot.emulator.messages.items())]

    assert asyncio.run(scene()) == [(1500, False), (0, True)]


def test_document_arrives_with_its_name_and_bytes(tmp_path: Path) -> None:
    async def scene() -> tuple[str, bytes]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            file = bot.services.files.path(bot.services.files.put(b"bang"))
            with bot.services.db.atomic():
                bot.services.outbox.put(LAN, "sendDocument", {}, document=file, filename="Danh sách đề nghị.docx")
            await bot.settle()
            sent = bot.emulator.calls[-1]["params"]["document"]
            return sent["name"], bot.emulator.files[sent["file_id"]].data

    assert asyncio.run(scene()) == ("Danh sách đề nghị.docx", b"bang")


def test_file_over_the_limit_is_refused_with_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "to"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)
    outbox = Outbox(open_database(tmp_path / "g.db"), HandClock())
    with pytest.raises(FileTooLargeError, match="52,428,800"):
        outbox.put(LAN, "sendDocument", {}, document=path, filename="to.pdf")


def test_edit_finds_the_message_of_an_earlier_row(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            with bot.services.db.atomic():
                first = bot.services.outbox.put(LAN, "sendMessage", {"text": "đang đọc"})
                bot.services.outbox.put(LAN, "editMessageText", {"text": "đã đọc"}, edits=first)
            await bot.settle()
            return arrived(bot)

    assert asyncio.run(scene()) == ["đã đọc"]


def test_edit_of_a_message_that_is_gone_becomes_a_new_one(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            row = put(bot, LAN, "cũ")
            await bot.settle()
            bot.emulator.messages.clear()
            with bot.services.db.atomic():
                bot.services.outbox.put(LAN, "editMessageText", {"text": "mới"}, edits=row)
            await bot.settle()
            return arrived(bot)

    assert asyncio.run(scene()) == ["mới"]


def test_message_is_found_by_what_telegram_called_it(tmp_path: Path) -> None:
    async def scene() -> bool:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            row = put(bot, LAN, "một")
            await bot.settle()
            sent = bot.services.outbox.get(row)
            assert sent is not None
            assert sent.message_id is not None
            found = bot.services.outbox.by_message(LAN, sent.message_id)
            return found is not None and found.id == row

    assert asyncio.run(scene())


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_retry_after_makes_one_chat_wait_and_no_other(tmp_path: Path) -> None:
    async def scene() -> tuple[float, list[str], list[str]]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            bot.emulator.faults.append(Fault("sendMessage", status=429, parameters={"retry_after": 1}))
            began = time.monotonic()
            put(bot, LAN, "chờ")
            put(bot, LAN, "sau")
            await asyncio.sleep(0.05)
            put(bot, MAI, "ngay")
            await asyncio.sleep(0.2)
            early = arrived(bot, LAN), arrived(bot, MAI)
            assert early == ([], ["ngay"])
            while len(arrived(bot, LAN)) < 2:
                await asyncio.sleep(0.02)
            return time.monotonic() - began, arrived(bot, LAN), states(bot)

    seconds, texts, _ = asyncio.run(scene())
    assert texts == ["chờ", "sau"]
    assert 1.0 <= seconds < 5


def test_storm_of_429_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    async def scene() -> dict[int, list[str]]:
        async with local_bot(tmp_path) as bot:
            for chat in range(20, 40):
                bot.emulator._know({"id": chat, "type": "private"})
            bot.emulator.faults.append(Fault("sendMessage", times=20, status=429, parameters={"retry_after": 1}))
            for chat in range(20, 40):
                for n in range(3):
                    put(bot, chat, f"tin {n}")
            while set(states(bot)) != {"sent"}:
                await asyncio.sleep(0.05)
            return {chat: arrived(bot, chat) for chat in range(20, 40)}

    assert set(map(tuple, asyncio.run(scene()).values())) == {("tin 0", "tin 1", "tin 2")}


def test_blocked_chat_is_marked_once_and_what_waits_is_held(tmp_path: Path) -> None:
    async def scene() -> tuple[int, list[str], list[int], list[int]]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            told: list[int] = []
            bot.services.outbox.on_unreachable.append(lambda chat, reason: told.append(chat))
            bot.emulator.block(LAN)
            for n in range(5):
                put(bot, LAN, f"tin {n}")
            await bot.settle()
            put(bot, LAN, "thêm")
            await bot.settle()
            calls = sum(call["method"] == "sendMessage" for call in bot.emulator.calls)
            return calls, states(bot), [chat for chat, _, _ in bot.services.outbox.unreachable()], told

    assert asyncio.run(scene()) == (1, ["held"] * 6, [LAN], [LAN])


def test_blocked_chat_gets_what_was_held_when_it_writes_again(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with local_bot(tmp_path, register=lambda application, services: None) as bot:
            await acquainted(bot)
            bot.emulator.block(LAN)
            put(bot, LAN, "được giữ")
            await bot.settle()
            await bot.person(LAN).say("tôi đây")
            await bot.settle()
            return bot.person(LAN).texts()

    assert asyncio.run(scene()) == ["được giữ"]


def test_group_that_moved_is_written_to_at_its_new_id(tmp_path: Path) -> None:
    async def scene() -> tuple[list[str], list[tuple[int, int]]]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            moved: list[tuple[int, int]] = []
            bot.services.outbox.on_migrated.append(lambda old, new: moved.append((old, new)))
            bot.emulator.migrate(GROUP, -1007)
            put(bot, GROUP, "một")
            await bot.settle()
            put(bot, GROUP, "hai")
            await bot.settle()
            return arrived(bot, -1007), moved

    assert asyncio.run(scene()) == (["một", "hai"], [(GROUP, -1007)])


def test_refused_message_does_not_stop_the_next(tmp_path: Path) -> None:
    async def scene() -> tuple[list[str], list[str]]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            put(bot, LAN, "hỏng", reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "x" * 65}]]})
            put(bot, LAN, "lành")
            await bot.settle()
            return arrived(bot), states(bot)

    assert asyncio.run(scene()) == (["lành"], ["failed", "sent"])


def test_answer_to_a_press_that_is_too_late_is_let_go(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            with bot.services.db.atomic():
                bot.services.outbox.put(LAN, "answerCallbackQuery", {"callback_query_id": "1"})
            put(bot, LAN, "sau")
            await bot.settle()
            return arrived(bot)

    assert asyncio.run(scene()) == ["sau"]


# --- uncertain --------------------------------------------------------------------------------------------------------


@pytest.fixture
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sender.LONGEST_WAIT_S", 0.05)


@pytest.mark.usefixtures("_short_waits")
@pytest.mark.parametrize(("status", "marked"), [(500, False), (503, False), (502, True), (504, True)])
def test_server_error_is_tried_again(status: int, marked: bool, tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            bot.emulator.faults.append(Fault("sendMessage", times=2, status=status))
            put(bot, LAN, "tin")
            while set(states(bot)) != {"sent"}:
                await asyncio.sleep(0.02)
            return arrived(bot)

    assert asyncio.run(scene()) == ["tin\n\n(gửi lại #1: có thể trùng với tin trước)" if marked else "tin"]


@pytest.mark.usefixtures("_short_waits")
def test_repeat_of_a_message_that_may_have_arrived_can_be_told(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            bot.emulator.faults.append(Fault("sendMessage", status=502, applied=True))
            put(bot, LAN, "tin")
            while set(states(bot)) != {"sent"}:
                await asyncio.sleep(0.02)
            return arrived(bot)

    assert asyncio.run(scene()) == ["tin", "tin\n\n(gửi lại #1: có thể trùng với tin trước)"]


@pytest.mark.usefixtures("_short_waits")
def test_silence_is_waited_for_and_then_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.emulator.request.READ_TIMEOUT_S", 0.2)

    async def scene() -> list[str]:
        async with local_bot(tmp_path) as bot:
            await acquainted(bot)
            bot.emulator.faults.append(Fault("sendMessage", hang=30))
            put(bot, LAN, "tin")
            while set(states(bot)) != {"sent"}:
                await asyncio.sleep(0.02)
            return arrived(bot)

    assert asyncio.run(scene()) == ["tin\n\n(gửi lại #1: có thể trùng với tin trước)"]


def test_message_being_sent_at_a_crash_is_sent_again_and_says_so(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        emulator = Emulator()
        async with local_bot(tmp_path, emulator=emulator) as bot:
            await acquainted(bot)
            row = put(bot, LAN, "tin")
            await bot.settle()
            with bot.services.db.atomic():
                bot.services.db.execute("UPDATE outbox SET state = 'sending' WHERE id = ?", [row])
        async with local_bot(tmp_path, emulator=emulator) as bot:
            await bot.settle()
            return arrived(bot)

    assert asyncio.run(scene()) == ["tin", "tin\n\n(gửi lại #1: có thể trùng với tin trước)"]


def test_edit_sent_twice_is_no_error(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        emulator = Emulator()
        async with local_bot(tmp_path, emulator=emulator) as bot:
            await acquainted(bot)
            row = put(bot, LAN, "cũ")
            with bot.services.db.atomic():
                edit = bot.services.outbox.put(LAN, "editMessageText", {"text": "mới"}, edits=row)
            await bot.settle()
            with bot.services.db.atomic():
                bot.services.db.execute("UPDATE outbox SET state = 'sending' WHERE id = ?", [edit])
        async with local_bot(tmp_path, emulator=emulator) as bot:
            await bot.settle()
            return states(bot)

    assert asyncio.run(scene()) == ["sent", "sent"]


# --- pace -------------------------------------------------------------------------------------------------------------


def _sent_at(emulator: Emulator, chat: int) -> list[float]:
    times = [call["at"] for call in emulator.calls if call["params"].get("chat_id") == chat and call["method"] == "sendMessage"]
    return [at - times[0] for at in times]


def test_chat_gets_a_burst_and_then_one_a_second(tmp_path: Path) -> None:
    async def scene() -> list[float]:
        async with local_bot(tmp_path, chat_per_second=1.0, chat_burst=5) as bot:
            await acquainted(bot)
            for n in range(7):
                put(bot, LAN, str(n))
            await bot.settle()
            return _sent_at(bot.emulator, LAN)

    times = asyncio.run(scene())
    assert times[4] < 0.8
    assert times[5] >= 0.9
    assert times[6] >= 1.9


def test_all_chats_together_keep_the_overall_rate(tmp_path: Path) -> None:
    async def scene() -> float:
        async with local_bot(tmp_path, overall_per_second=30) as bot:
            for chat in range(100, 160):
                bot.emulator._know({"id": chat, "type": "private"})
                put(bot, chat, "tin")
            await bot.settle()
            times = sorted(call["at"] for call in bot.emulator.calls if call["method"] == "sendMessage")
            return times[-1] - times[0]

    assert asyncio.run(scene()) >= 1.9


def test_group_bucket_keeps_twenty_a_minute() -> None:
    bucket = Bucket(rate=20 / 60, burst=5, tokens=5, at=0.0)
    waits = [bucket.take(0.0) for _ in range(20)]
    assert waits[4] == 0
    assert waits[-1] == pytest.approx(45.0)


class Counting(Emulator):
    """Takes a moment for each message, and counts how many it has at once."""

    now = most = 0

    async def call(self, method: str, raw: Any, uploads: Any = None) -> tuple[int, dict[str, Any]]:
        if method != "sendMessage":
            return await super().call(method, raw, uploads)
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.02)
        self.now -= 1
        return await super().call(method, raw, uploads)


def test_calls_at_once_are_limited(tmp_path: Path) -> None:
    emulator = Counting()

    async def scene() -> list[str]:
        async with local_bot(tmp_path, emulator=emulator) as bot:
            for chat in range(100, 140):
                emulator._know({"id": chat, "type": "private"})
                put(bot, chat, "chào")
            await bot.settle()
            return states(bot)

    assert asyncio.run(scene()) == ["sent"] * 40
    assert emulator.most == CALLS_AT_ONCE


def test_answer_to_a_press_overtakes_what_waits(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with local_bot(tmp_path, chat_per_second=0.5, chat_burst=1, register=echo) as bot:
            await acquainted(bot)
            put(bot, LAN, "một", reply_markup={"inline_keyboard": [[{"text": "Bấm", "callback_data": "x"}]]})
            await bot.settle()
            await bot.person(LAN).press("Bấm")
            query = next(iter(bot.emulator.queries))
            with bot.services.db.atomic():
                bot.services.outbox.put(LAN, "sendMessage", {"text": "hai"})
                bot.services.outbox.put(LAN, "answerCallbackQuery", {"callback_query_id": query})
            await bot.settle()
            methods = [call["method"] for call in bot.emulator.calls]
            return methods[methods.index("sendMessage") + 1 :]

    assert asyncio.run(scene())[0] == "answerCallbackQuery"
