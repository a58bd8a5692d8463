"""The breach log: an admin writes into it in the chat or at the terminal, the other admins learn of it, nobody can take an entry back."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot import messages
from bot.access import Role
from bot.people import People
from tests.bot.school import ORG, school
from tests.bot.terminal import guongsang
from tests.bot.test_handlers import said


def test_breach_is_logged_told_to_the_other_admins_and_kept(tmp_path: Path) -> None:
    async def scene() -> None:
        async with school(tmp_path) as stage:
            services = stage.services
            assert await said(stage, Role.ADMIN, "/suco") == [f"{messages.NO_BREACHES}\n{messages.BREACH_HOW}"]
            with services.db.atomic():
                other = People(services.db).meet(99, 99, "Người thứ hai", services.clock())
                services.access.give(other.id, Role.ADMIN, None, None, services.clock())
            stage.emulator._know({"id": 99, "type": "private"})
            told = await said(stage, Role.ADMIN, "/suco Gửi nhầm danh sách cho đơn vị khác")
            assert ("Gửi nhầm danh sách" in told[0], "12:00 ngày 23/11/2026" in told[0]) == (True, True)
            assert [c for c in stage.emulator.calls if c["params"].get("chat_id") == 99 and "Gửi nhầm" in str(c["params"])]
            assert "Gửi nhầm danh sách" in (await said(stage, Role.ADMIN, "/suco"))[0]
            for statement in ("DELETE FROM audit WHERE action = 'breach'", "UPDATE audit SET detail = '{}' WHERE action = 'breach'"):
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    services.db.execute(statement)

    asyncio.run(scene())


@pytest.mark.parametrize("role", [Role.TEACHER, Role.UNIT_HEAD, Role.SECRETARIAT])
def test_breach_log_is_for_admins(role: Role, tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with school(tmp_path) as stage:
            return await said(stage, role, "/suco thử")

    assert asyncio.run(scene()) == [messages.REFUSED]


def test_breach_at_the_terminal(tmp_path: Path) -> None:
    assert guongsang("orgs", "add", ORG, "Trường", data=tmp_path).returncode == 0
    added = guongsang("breaches", "add", "Mất máy chủ", data=tmp_path)
    assert (added.returncode, "72 giờ" in added.stdout) == (0, True)
    listed = guongsang("breaches", "list", "--json", data=tmp_path)
    assert (listed.returncode, "Mất máy chủ" in listed.stdout) == (0, True)
