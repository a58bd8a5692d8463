"""An institution becomes part of another: nothing of it is left behind, and a nominee's data can still be taken back whole."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot import messages
from bot.access import Role
from bot.people import People
from bot.stage import Stage
from tests.bot.local import HandClock
from tests.bot.school import ORG, OTHER, school
from tests.bot.test_handlers import Scene, file_nomination, pressed, said

NAME = "Nguyễn Thị Mai"


def test_everything_goes_over_and_the_old_buttons_are_safe(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        services = stage.services
        await file_nomination(stage)
        await said(stage, Role.SECRETARIAT, "/daumoi")
        await said(stage, Role.SECRETARIAT, "cô Lan, phòng 105")
        await said(stage, Role.ADMIN, f"/nhapdonvi {ORG} {OTHER}")
        assert await pressed(stage, Role.ADMIN, "orgm") == [messages.orgs_merged(ORG, "Trường THPT Đồi Thông", 0)]
        assert await pressed(stage, Role.SECRETARIAT, "acc.truong-a.1.0") == [messages.DONE_ALREADY]
        assert "ĐC-0001" in str(await queue(stage))
        assert messages.accepted_for_secretariat("ĐC-0001", "Lê Thu Hà") in await pressed(stage, Role.SECRETARIAT, f"acc.{OTHER}.1.0")
        assert [n.org for n in services.nominations.each()] == [OTHER]
        assert {person.org for person in People(services.db).all()} == {OTHER}
        assert "cô Lan, phòng 105" in (await said(stage, Role.TEACHER, "Số điện thoại Văn phòng là gì?"))[0]
        answered = await said(stage, Role.UNIT_HEAD, "Hồ sơ gồm những gì?")
        assert "Hồ sơ gồm" in answered[0], answered

    play(tmp_path, scene)


def test_consent_withdrawn_after_the_merging_empties_the_trail_of_before(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await file_nomination(stage)
        await said(stage, Role.ADMIN, f"/nhapdonvi {ORG} {OTHER}")
        await pressed(stage, Role.ADMIN, "orgm")
        assert await pressed(stage, Role.UNIT_HEAD, f"mywdry.{OTHER}.1.0") == [messages.data_withdrawn("ĐC-0001")]
        for table in ("nominations", "drafts", "submissions", "audit"):
            assert not any(NAME in str(row) for row in stage.services.db.query(f"SELECT * FROM {table}")), table

    play(tmp_path, scene)


async def queue(stage: Stage) -> list[str]:
    await said(stage, Role.SECRETARIAT, "/hangcho")
    return [button["text"] for row in stage.people[Role.SECRETARIAT].buttons() for button in row]


def play(data: Path, scene: Scene) -> None:
    async def whole() -> None:
        async with school(data, clock=HandClock()) as stage:
            await scene(stage)
            assert [call for call in stage.emulator.calls if call.get("error")] == []

    asyncio.run(whole())
