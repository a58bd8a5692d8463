"""The example questions at the first contact: every one of them is answered by the institution's own plans."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from bot import messages
from bot.access import Role
from bot.commands.demo import load_digests
from bot.emulator.person import Person
from bot.handlers.examples import EXAMPLES, fitting
from bot.moments import today
from bot.people import People
from bot.stage import Stage, open_stage
from index.answer import Answer
from knowledge.plans import digests
from tests.bot.school import ORG, school


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("digests")
    load_digests(data, digests()[0].slug)
    return data


def test_examples_are_three_of_different_kinds_and_answered(shipped: Path) -> None:
    async def scene() -> None:
        async with open_stage(shipped) as stage:
            services = stage.services
            day = today(services.clock())
            for institution in services.library.institutions():
                chosen = [EXAMPLES[number] for number in await fitting(services, institution, day)]
                assert len({example.kind for example in chosen}) == len(chosen) == 3, institution.slug
                found = [services.engine.ask(example.text, org=institution.slug, today=day) for example in chosen]
                assert [type(answer) for answer in found] == [Answer] * 3, institution.slug

    asyncio.run(scene())


def test_examples_follow_the_plans(tmp_path: Path) -> None:
    async def scene() -> None:
        async with school(tmp_path) as stage:
            assert "Mục đích của kế hoạch là gì?" in await _start(stage)
            with stage.services.db.atomic():
                stage.services.library.retire(f"{ORG}-1", stage.services.clock())
            stage.services.engine.refresh(stage.services.library)
            assert await _start(stage) == [messages.OTHER_INSTITUTION]

    asyncio.run(scene())


@pytest.mark.parametrize("said", ["/start", f"/start {ORG}", "button", "invite", "typed invite", "xin chào"])
def test_examples_are_asked_beside_the_loop_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """Whoever is greeted, and however: nobody else waits for it, and two who come at once wait for the same."""

    async def scene() -> None:
        async with school(tmp_path) as stage:
            services = stage.services
            services.examples = None
            loop, asked = threading.get_ident(), []
            ask = services.engine.ask

            def noted(question: str, **more: Any) -> Any:
                assert threading.get_ident() != loop
                time.sleep(0.01)
                asked.append(question)
                return ask(question, **more)

            monkeypatch.setattr(services.engine, "ask", noted)
            with services.db.atomic():
                token = services.access.invite(Role.TEACHER, ORG, None, services.clock()).token
                People(services.db).meet(77, 77, "Người mới", services.clock())
            newcomer = Person(stage.emulator, 77, "Người mới")
            teacher = stage.people[Role.TEACHER]
            if said == "button":
                user = {"id": 77, "is_bot": False, "first_name": "Người mới"}
                press = {"from": user, "message": {"chat": {"id": 77, "type": "private"}, "message_id": 1}, "data": f"org.{ORG}"}
                await stage.emulator.push({"callback_query": press})
            elif said == "xin chào":
                await teacher.say(said)
            else:
                lines = {"invite": f"/start {token}", "typed invite": f"mã {token}"}
                await newcomer.say(lines.get(said, said))
            await teacher.say("/start")
            await stage.settled()
            shown = [button["text"] for row in teacher.buttons() for button in row]
            assert "Mục đích của kế hoạch là gì?" in shown
            if said != "/start":
                greeted = teacher if said == "xin chào" else newcomer
                assert "Mục đích của kế hoạch là gì?" in [button["text"] for row in greeted.buttons() for button in row]
            assert sorted(text for text in asked if text != said) == sorted(example.text for example in EXAMPLES)

    asyncio.run(scene())


async def _start(stage: Stage) -> list[str]:
    person = stage.people[Role.TEACHER]
    await person.say("/start")
    await stage.settled()
    return [button["text"] for row in person.buttons() for button in row]


