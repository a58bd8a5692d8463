"""A disk that is full: nothing half-written, nothing acknowledged, the person is told, and the bot goes on when there is room."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.local import local_bot


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB, where the machine lets us make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if sys.platform == "win32" or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not let tests mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1 << 9):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return path


def test_full_disk_loses_nothing_and_is_recovered_from(small_disk: Path) -> None:
    async def scene() -> tuple[int, list[str], list[str]]:
        async with local_bot(small_disk) as bot:
            lan = bot.person(5)
            await lan.say("trước")
            await bot.settle()
            filler = fill(small_disk)
            await lan.say("x" * 4000)
            await asyncio.sleep(0.7)
            unacknowledged = bot.emulator.unconfirmed()
            filler.unlink()
            await bot.settle(limit_s=60)
            return unacknowledged, lan.texts(), [r[0] for r in bot.services.db.execute("PRAGMA integrity_check").fetchall()]

    unacknowledged, texts, sound = asyncio.run(scene())
    assert unacknowledged == 1
    assert texts == ["bạn nói: trước", "bạn nói: " + "x" * 4000]
    assert sound == ["ok"]


def test_person_is_told_when_their_message_cannot_be_worked_on(tmp_path: Path) -> None:
    """Stored already, and then there is no room: SQLite's own limit on pages stands for the disk."""

    async def scene() -> tuple[list[str], list[str]]:
        async with local_bot(tmp_path) as bot:
            lan, db = bot.person(5), bot.services.db
            await lan.say("trước")
            await bot.settle()
            lan.news()
            room = db.execute("PRAGMA max_page_count").fetchone()[0]
            db.execute("CREATE TRIGGER full AFTER INSERT ON said BEGIN INSERT INTO big VALUES (zeroblob(10000000)); END")
            db.execute("CREATE TABLE big (x)")
            db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0] + 20}")
            await lan.say("sau")
            for _ in range(100):
                await asyncio.sleep(0.05)
                if lan.read_up_to < len(bot.emulator.calls):
                    break
            told = lan.texts()
            db.execute(f"PRAGMA max_page_count = {room}")
            db.execute("DROP TRIGGER full")
            await bot.settle(limit_s=60)
            return told, lan.texts()

    told, then = asyncio.run(scene())
    assert [text.startswith("Hệ thống tạm thời chưa lưu được tin này") for text in told] == [True]
    assert then == ["bạn nói: sau"]
