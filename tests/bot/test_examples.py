"""The example questions at the first contact: every one of them is answered by the institution's own plans."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import messages
from bot.access import Role
from bot.commands.demo import load_digests
from bot.handlers.examples import EXAMPLES, fitting
from bot.moments import today
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
                chosen = [EXAMPLES[number] for number in fitting(services, institution, day)]
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


async def _start(stage: Stage) -> list[str]:
    person = stage.people[Role.TEACHER]
    await person.say("/start")
    await stage.settled()
    return [button["text"] for row in person.buttons() for button in row]


