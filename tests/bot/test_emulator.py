"""The emulator refuses what Telegram refuses, with Telegram's words, and behaves as its server does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.emulator.api import Emulator, Fault
from bot.emulator.limits import MB, RULES, TABLE, Strictness, limit
from bot.emulator.params import Upload
from bot.emulator.person import NoButtonError, Person

LAN, GROUP = 5, -7
Answer = tuple[int, dict[str, Any]]
Case = Callable[[Emulator], Awaitable[Answer]]


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


async def known() -> Emulator:
    """An emulator in which Lan has written, and a group has the bot in it."""
    emulator = Emulator(clock=Clock())
    await Person(emulator, LAN, "Lan").say("chào")
    await Person(emulator, LAN, "Lan", GROUP).say("chào nhóm")
    return emulator


def call(method: str, uploads: dict[str, Upload] | None = None, **params: Any) -> Case:
    return lambda emulator: emulator.call(method, {"chat_id": LAN, **params}, uploads)


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(text: str = "Bấm", **more: Any) -> dict[str, Any]:
    return {"text": text, **(more or {"callback_data": "x"})}


async def sent(emulator: Emulator, text: str = "một", **more: Any) -> int:
    status, answer = await emulator.call("sendMessage", {"chat_id": LAN, "text": text, **more})
    assert status == 200, answer
    return int(answer["result"]["message_id"])


async def edit_the_same(emulator: Emulator) -> Answer:
    return await emulator.call("editMessageText", {"chat_id": LAN, "message_id": await sent(emulator), "text": "một"})


async def edit_a_foreign_one(emulator: Emulator) -> Answer:
    return await emulator.call("editMessageText", {"chat_id": LAN, "message_id": 1, "text": "khác"})


async def edit_a_document(emulator: Emulator) -> Answer:
    _, answer = await emulator.call("sendDocument", {"chat_id": LAN}, {"document": Upload("a.txt", b"a")})
    return await emulator.call("editMessageText", {"chat_id": LAN, "message_id": answer["result"]["message_id"], "text": "b"})


async def to_a_blocked_one(emulator: Emulator) -> Answer:
    emulator.block(LAN)
    return await emulator.call("sendMessage", {"chat_id": LAN, "text": "a"})


async def to_a_group_without_us(emulator: Emulator) -> Answer:
    emulator.block(GROUP)
    return await emulator.call("sendMessage", {"chat_id": GROUP, "text": "a"})


async def to_a_group_that_moved(emulator: Emulator) -> Answer:
    emulator.migrate(GROUP, -1007)
    return await emulator.call("sendMessage", {"chat_id": GROUP, "text": "a"})


async def delete_after_two_days(emulator: Emulator) -> Answer:
    number = await sent(emulator)
    emulator.clock.now += limit("delete_old") + 1  # type: ignore[attr-defined]
    return await emulator.call("deleteMessage", {"chat_id": LAN, "message_id": number})


async def answer_twice(emulator: Emulator) -> Answer:
    await sent(emulator, reply_markup=keyboard([button()]))
    await Person(emulator, LAN, "Lan").press("Bấm")
    query = next(iter(emulator.queries))
    assert (await emulator.call("answerCallbackQuery", {"callback_query_id": query}))[0] == 200
    return await emulator.call("answerCallbackQuery", {"callback_query_id": query})


async def download_a_large_one(emulator: Emulator) -> Answer:
    file = emulator.keep(Upload("to.pdf", bytes(limit("download_large") + 1)))
    return await emulator.call("getFile", {"file_id": file.file_id})


async def poll_twice(emulator: Emulator) -> Answer:
    emulator.forget_updates()
    first = asyncio.create_task(emulator.call("getUpdates", {"timeout": 5}))
    await asyncio.sleep(0)
    second = asyncio.create_task(emulator.call("getUpdates", {"timeout": 0}))
    answer = await first
    await second
    return answer


async def poll_beside_a_webhook(emulator: Emulator) -> Answer:
    emulator.forget_updates()
    await emulator.call("setWebhook", {"url": "http://127.0.0.1:9/hook"})
    answer = await emulator.call("getUpdates", {})
    await emulator.call("deleteWebhook", {})
    return answer


CASES: dict[str, Case] = {
    "unknown_method": call("sendPigeon"),
    "not_json": call("sendMessage", text="a", reply_markup="{"),
    "no_chat_id": lambda emulator: emulator.call("sendMessage", {"text": "a"}),
    "no_chat": lambda emulator: emulator.call("sendMessage", {"chat_id": 999, "text": "a"}),
    "blocked": to_a_blocked_one,
    "kicked": to_a_group_without_us,
    "migrated": to_a_group_that_moved,
    "text_empty": call("sendMessage", text=" \n "),
    "text_long": call("sendMessage", text="ả" * 4097),
    "caption_long": call("sendDocument", {"document": Upload("a.txt", b"a")}, caption="ả" * 1025),
    "entity_offset": call("sendMessage", text="a", entities=[{"type": "bold", "offset": 2, "length": 1}]),
    "entity_length": call("sendMessage", text="a", entities=[{"type": "bold", "offset": 0, "length": 0}]),
    "entity_end": call("sendMessage", text="ab", entities=[{"type": "bold", "offset": 1, "length": 2}]),
    "entity_inside": call("sendMessage", text="🌟a", entities=[{"type": "bold", "offset": 1, "length": 2}]),
    "entity_type": call("sendMessage", text="ab", entities=[{"type": "rainbow", "offset": 0, "length": 1}]),
    "parse_mode": call("sendMessage", text="a", parse_mode="HTML"),
    "button_text": call("sendMessage", text="a", reply_markup=keyboard([button(" ")])),
    "button_action": call("sendMessage", text="a", reply_markup=keyboard([{"text": "Bấm"}])),
    "button_data": call("sendMessage", text="a", reply_markup=keyboard([button(callback_data="ấ" * 22)])),
    "button_url": call("sendMessage", text="a", reply_markup=keyboard([button(url="javascript:1")])),
    "markup_buttons": call("sendMessage", text="a", reply_markup=keyboard(*[[button()]] * 101)),
    "markup_row": call("sendMessage", text="a", reply_markup=keyboard([button()] * 9)),
    "markup_bytes": call("sendMessage", text="a", reply_markup=keyboard(*[[button("ấ" * 50)]] * 99)),
    "not_modified": edit_the_same,
    "edit_missing": call("editMessageText", message_id=99, text="a"),
    "edit_foreign": edit_a_foreign_one,
    "edit_textless": edit_a_document,
    "reply_missing": call("sendMessage", text="a", reply_parameters={"message_id": 99}),
    "copy_missing": call("copyMessage", from_chat_id=LAN, message_id=99),
    "delete_missing": call("deleteMessage", message_id=99),
    "delete_old": delete_after_two_days,
    "query_invalid": answer_twice,
    "query_text": call("answerCallbackQuery", callback_query_id="1", text="a" * 201),
    "upload_large": call("sendDocument", {"document": Upload("a", bytes(50 * MB + 1))}),
    "photo_large": call("sendPhoto", {"photo": Upload("a", bytes(10 * MB + 1))}),
    "upload_empty": call("sendDocument", {"document": Upload("a", b"")}),
    "upload_absent": call("sendDocument"),
    "file_unknown": call("sendDocument", document="AgADxyz"),
    "download_unknown": call("getFile", file_id="AgADxyz"),
    "download_large": download_a_large_one,
    "command_name": call("setMyCommands", commands=[{"command": "Đề", "description": "a"}]),
    "command_description": call("setMyCommands", commands=[{"command": "a", "description": ""}]),
    "commands_many": call("setMyCommands", commands=[{"command": f"c{n}", "description": "a"} for n in range(101)]),
    "second_poller": poll_twice,
    "poll_with_webhook": poll_beside_a_webhook,
    "webhook_url": call("setWebhook", url="nowhere"),
    "webhook_secret": call("setWebhook", url="https://example.org/h", secret_token="có dấu"),
}


def test_table_has_a_case_for_each_row() -> None:
    assert set(CASES) == set(RULES)


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: rule.name)
def test_strictness_refuses_with_telegrams_words(rule: Strictness) -> None:
    async def scene() -> Answer:
        return await CASES[rule.name](await known())

    status, answer = asyncio.run(scene())
    assert (status, answer["ok"], answer["error_code"]) == (rule.status, False, rule.status)
    assert answer["description"].startswith(rule.error.split("{")[0])


LAST_ALLOWED = {
    "text_long": call("sendMessage", text="ả" * 4096),
    "caption_long": call("sendDocument", {"document": Upload("a.txt", b"a")}, caption="ả" * 1024),
    "button_data": call("sendMessage", text="a", reply_markup=keyboard([button(callback_data="ấ" * 21)])),
    "markup_buttons": call("sendMessage", text="a", reply_markup=keyboard(*[[button()]] * 100)),
    "markup_row": call("sendMessage", text="a", reply_markup=keyboard([button()] * 8)),
    "upload_large": call("sendDocument", {"document": Upload("a", bytes(50 * MB))}),
    "entity_inside": call("sendMessage", text="🌟a", entities=[{"type": "bold", "offset": 0, "length": 2}]),
    "reply_missing": call("sendMessage", text="a", reply_parameters={"message_id": 99, "allow_sending_without_reply": True}),
}


@pytest.mark.parametrize("name", LAST_ALLOWED)
def test_strictness_allows_what_is_just_within(name: str) -> None:
    async def scene() -> Answer:
        return await LAST_ALLOWED[name](await known())

    assert asyncio.run(scene())[0] == 200


def test_migrated_group_tells_its_new_id() -> None:
    async def scene() -> Answer:
        return await to_a_group_that_moved(await known())

    assert asyncio.run(scene())[1]["parameters"] == {"migrate_to_chat_id": -1007}


def test_query_too_late_is_refused() -> None:
    async def scene() -> int:
        emulator = await known()
        await sent(emulator, reply_markup=keyboard([button()]))
        await Person(emulator, LAN, "Lan").press("Bấm")
        emulator.clock.now += limit("query_invalid") + 1  # type: ignore[attr-defined]
        return (await emulator.call("answerCallbackQuery", {"callback_query_id": next(iter(emulator.queries))}))[0]

    assert asyncio.run(scene()) == 400


def test_text_is_trimmed_and_entities_follow() -> None:
    async def scene() -> dict[str, Any]:
        params = {"chat_id": LAN, "text": "\n chào  ", "entities": [{"type": "bold", "offset": 1, "length": 6}]}
        return (await (await known()).call("sendMessage", params))[1]["result"]

    result = asyncio.run(scene())
    assert (result["text"], result["entities"]) == ("chào", [{"type": "bold", "offset": 0, "length": 4}])


def test_edit_changes_the_message_that_a_press_brings_back() -> None:
    async def scene() -> dict[str, Any]:
        emulator = await known()
        number = await sent(emulator, reply_markup=keyboard([button("Cũ")]))
        changed = {
            "chat_id": LAN,
            "message_id": number,
            "text": "hai",
            "reply_markup": keyboard([button("☐ Mới", callback_data="y")]),
        }
        await emulator.call("editMessageText", changed)
        await Person(emulator, LAN, "Lan").press("Mới")
        return (await emulator.call("getUpdates", {"offset": -1}))[1]["result"][0]["callback_query"]

    query = asyncio.run(scene())
    assert (query["data"], query["message"]["text"], query["from"]["id"]) == ("y", "hai", LAN)


def test_press_names_the_buttons_that_are_there() -> None:
    async def scene() -> None:
        emulator = await known()
        await sent(emulator, reply_markup=keyboard([button("Cá nhân")]))
        await Person(emulator, LAN, "Lan").press("Tập thể")

    with pytest.raises(NoButtonError, match="Cá nhân"):
        asyncio.run(scene())


# --- updates -----------------------------------------------------------------------------------------------------------


def test_updates_come_until_they_are_confirmed() -> None:
    async def scene() -> list[list[int]]:
        emulator = Emulator()
        ids = [await Person(emulator, LAN, "Lan").say(str(n)) for n in range(3)]
        asked = [{}, {}, {"offset": ids[1]}, {"offset": ids[2] + 1}]
        answers = [(await emulator.call("getUpdates", {"timeout": 0, **params}))[1]["result"] for params in asked]
        return [[update["update_id"] - ids[0] for update in answer] for answer in answers]

    assert asyncio.run(scene()) == [[0, 1, 2], [0, 1, 2], [1, 2], []]


def test_replayed_update_is_delivered_again() -> None:
    async def scene() -> list[int]:
        emulator = Emulator()
        first = await Person(emulator, LAN, "Lan").say("một")
        await emulator.call("getUpdates", {"offset": first + 1, "timeout": 0})
        await emulator.push({"update_id": first, "message": {"from": {"id": LAN}, "text": "một"}})
        answer = await emulator.call("getUpdates", {"offset": first + 1, "timeout": 0})
        return [update["update_id"] - first for update in answer[1]["result"]]

    assert asyncio.run(scene()) == [0]


def test_long_poll_ends_when_something_happens() -> None:
    async def scene() -> tuple[int, float]:
        emulator = Emulator()
        loop = asyncio.get_running_loop()
        began = loop.time()
        poll = asyncio.create_task(emulator.call("getUpdates", {"timeout": 30}))
        await asyncio.sleep(0.05)
        await Person(emulator, LAN, "Lan").say("chào")
        return len((await poll)[1]["result"]), loop.time() - began

    count, seconds = asyncio.run(scene())
    assert count == 1
    assert seconds < 5


def test_update_is_completed_to_what_telegram_sends() -> None:
    async def scene() -> dict[str, Any]:
        emulator = Emulator(clock=Clock())
        await emulator.push({"message": {"from": {"id": LAN}, "text": "/start x"}})
        return (await emulator.call("getUpdates", {}))[1]["result"][0]["message"]

    message = asyncio.run(scene())
    assert message == {
        "from": {"id": LAN, "is_bot": False, "first_name": "Người 5"},
        "chat": {"id": LAN, "type": "private", "first_name": "Người 5"},
        "message_id": 1,
        "date": 1_800_000_000,
        "text": "/start x",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }


# --- faults and files ---------------------------------------------------------------------------------------------------


def test_fault_answers_as_many_times_as_told() -> None:
    async def scene() -> list[int]:
        emulator = await known()
        emulator.faults.append(Fault("sendMessage", times=2, status=429, parameters={"retry_after": 1}))
        return [(await emulator.call("sendMessage", {"chat_id": LAN, "text": "a"}))[0] for _ in range(3)]

    assert asyncio.run(scene()) == [429, 429, 200]


def test_applied_fault_fails_after_its_effect() -> None:
    async def scene() -> tuple[int, int]:
        emulator = await known()
        emulator.faults.append(Fault("sendMessage", status=502, applied=True))
        before = len(emulator.messages)
        status, _ = await emulator.call("sendMessage", {"chat_id": LAN, "text": "a"})
        return status, len(emulator.messages) - before

    assert asyncio.run(scene()) == (502, 1)


def test_upload_stands_in_the_calls_as_a_file_to_fetch() -> None:
    async def scene() -> tuple[dict[str, Any], bytes | None]:
        emulator = await known()
        await emulator.call("sendDocument", {"chat_id": LAN}, {"document": Upload("danh sách.docx", b"abc")})
        shown = (await emulator.calls_after(0))[-1]["params"]["document"]
        path = (await emulator.call("getFile", {"file_id": shown["file_id"]}))[1]["result"]["file_path"]
        file = emulator.download(path)
        return shown, file.data if file else None

    shown, data = asyncio.run(scene())
    assert (shown["name"], shown["size"], data) == ("danh sách.docx", 3, b"abc")


def test_update_ids_go_on_in_a_later_emulator() -> None:
    async def first_id(now: float) -> int:
        clock = Clock()
        clock.now = now
        return await Emulator(clock=clock).push({"message": {"chat": {"id": LAN, "type": "private"}, "text": "một"}})

    assert asyncio.run(first_id(1_800_000_060.0)) > asyncio.run(first_id(1_800_000_000.0))
