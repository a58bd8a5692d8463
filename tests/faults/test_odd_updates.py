"""Updates with missing or odd fields, any callback data, any text, any file: handled, refused or said to have failed, never fatal."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bot.handlers import ASKING_BUTTONS, BUTTONS
from bot.inbox import Inbox, chat_of
from bot.stage import FIRST_ID
from tests.bot.local import local_bot
from tests.bot.school import school
from tests.faults.fuzz import FIRST_UPDATE, Hall, many_updates

FEW = settings(max_examples=25, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


def test_no_update_stops_the_bot_or_makes_it_say_what_telegram_refuses(tmp_path: Path) -> None:
    assert asyncio.run(many_updates(tmp_path, FEW, lambda: False)) >= 25


FOUND: list[dict[str, Any]] = [
    {"message": "\ud800"},
    {"message": {"from": {"id": 2**64}, "chat": {"id": 2**64}, "text": "x"}},
    {"message": {"from": {"id": True}, "chat": {"id": None}}},
    {"callback_query": {"id": "1", "from": {"id": FIRST_ID, "first_name": "A"}, "chat_instance": "1", "data": f"sec.{2**63}"}},
    {"my_chat_member": {"chat": [], "from": 0}},
    {},
]
"""What fuzzing has found."""


@pytest.mark.parametrize("update", FOUND)
def test_update_that_fuzzing_found_is_stored_and_done_with(update: dict[str, Any], tmp_path: Path) -> None:
    async def scene() -> None:
        async with school(tmp_path) as stage:
            await Hall(stage).take([update], sound=False)

    asyncio.run(scene())


def test_press_with_a_number_that_no_row_has_is_an_old_button(tmp_path: Path) -> None:
    """By each of the four, with every button there is."""
    people = range(FIRST_ID, FIRST_ID + 4)
    presses = [_press(person, f"{verb}.{2**63}") for verb in (*BUTTONS, *ASKING_BUTTONS, "retry") for person in people]
    presses += [_press(person, f"{verb}.{2**63}.{2**63}") for verb in ASKING_BUTTONS for person in people]

    async def scene() -> None:
        async with school(tmp_path) as stage:
            await Hall(stage).take(presses, sound=True)

    asyncio.run(scene())


def _press(person: int, data: str) -> dict[str, Any]:
    message = {"message_id": 1, "date": 0, "chat": {"id": person, "type": "private"}}
    sender = {"id": person, "is_bot": False, "first_name": "A"}
    return {"callback_query": {"id": "1", "from": sender, "chat_instance": "1", "message": message, "data": data}}


@pytest.mark.parametrize("bad_id", [None, "7", 2**63, True, 1.5])
def test_update_whose_id_cannot_be_stored_is_dropped_and_the_others_are_kept(bad_id: object, tmp_path: Path) -> None:
    async def scene() -> tuple[int, int | None]:
        async with local_bot(tmp_path) as bot:
            inbox: Inbox = bot.services.inbox
            return inbox.store([{"update_id": bad_id}, {"update_id": FIRST_UPDATE}]), inbox.offset()

    assert asyncio.run(scene()) == (1, FIRST_UPDATE + 1)


@pytest.mark.parametrize("holder", [{}, {"message": None}, {"message": {"chat": {"id": "x"}, "from": {"id": True}}}, {"x": {"chat": 7}}])
def test_update_of_nobody_has_chat_0(holder: dict[str, Any]) -> None:
    assert chat_of(holder) == 0


COMMAND = [{"type": "bot_command", "offset": 0, "length": 5}]


@pytest.mark.parametrize("odd", [{"from": {"id": FIRST_ID, "is_bot": False, "first_name": 7}}, {"text": {"a": 1}, "entities": COMMAND}])
def test_person_whose_update_fails_is_told_in_vietnamese_with_a_code_to_quote(odd: dict[str, Any], tmp_path: Path) -> None:
    person = {"id": FIRST_ID, "is_bot": False, "first_name": "A"}
    message = {"message_id": 7, "date": 0, "from": person, "chat": {"id": FIRST_ID, "type": "private"}, "text": "x"} | odd

    async def scene() -> list[str]:
        async with school(tmp_path) as stage:
            hall = Hall(stage)
            before = hall.calls = len(stage.emulator.calls)
            await hall.take([{"message": message}], sound=False)
            return [str(call["params"].get("text")) for call in stage.emulator.calls[before:] if call["method"] == "sendMessage"]

    said = asyncio.run(scene())
    assert len(said) == 1
    assert re.search(r"CHƯA hoàn tất.* mã L-[0-9A-F]{4}", said[0], re.DOTALL), said
