"""The morning's messages: only when there is news, each reminder once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot import digest
from bot.access import Role
from bot.stage import Stage, open_rounds
from tests.bot.local import HandClock
from tests.bot.school import ORG
from tests.bot.test_handlers import file_nomination, play


def morning(stage: Stage, clock: HandClock) -> None:
    with stage.services.db.atomic():
        digest.morning(stage.services, clock.now)
        digest.reminders(stage.services, clock.now)


async def heard(stage: Stage, role: Role, clock: HandClock) -> list[str]:
    stage.people[role].news()
    morning(stage, clock)
    await stage.settled()
    return stage.people[role].texts()


def test_digest_comes_when_there_is_news_and_not_the_day_after(tmp_path: Path) -> None:
    clock = HandClock()

    async def scene(stage: Stage) -> None:
        assert await heard(stage, Role.SECRETARIAT, clock) == []
        await file_nomination(stage)
        clock.move(hours=20)
        (text,) = await heard(stage, Role.SECRETARIAT, clock)
        assert "Hồ sơ chờ kiểm tra: 1" in text
        clock.move(hours=24)
        assert await heard(stage, Role.SECRETARIAT, clock) == []

    play(tmp_path, scene, clock)


def test_reminder_before_the_closing_day_comes_once(tmp_path: Path) -> None:
    clock = HandClock()

    async def scene(stage: Stage) -> None:
        open_rounds(stage, ORG, "Đợt thử")
        store = stage.services.nominations
        (held,) = store.rounds(ORG)
        with stage.services.db.atomic():
            store.save_round(held, held.model_copy(update={"closes": clock.now.date() + timedelta(days=3), "revision": held.revision + 1}))
        (text,) = await heard(stage, Role.UNIT_HEAD, clock)
        assert text.startswith("Đợt thử nhận đề cử đến hết 23/11/2026")
        assert await heard(stage, Role.UNIT_HEAD, clock) == []
        assert await heard(stage, Role.TEACHER, clock) == []

    play(tmp_path, scene, clock)


def test_day_that_the_plan_names_is_reminded_of(tmp_path: Path) -> None:
    clock = HandClock()

    async def scene(stage: Stage) -> None:
        clock.now = clock.now.replace(year=2027, month=5, day=14)
        (text,) = await heard(stage, Role.UNIT_HEAD, clock)
        assert "15/05/2027" in text

    play(tmp_path, scene, clock)
