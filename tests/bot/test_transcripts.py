"""Whole days of the four kinds of people, written as chats in transcripts/."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import messages
from tests.bot.chats import play
from tests.bot.school import school

FOLDER = Path(__file__).parent / "transcripts"
CHATS = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", CHATS, ids=[path.stem for path in CHATS])
def test_transcript(path: Path, tmp_path: Path) -> None:
    stem = path.stem
    first = 2021 if "past" in stem else 2026

    async def chat() -> None:
        ways = {way: way in stem for way in ("above", "second", "assistant")}
        async with school(tmp_path, first=first, vote="council" in stem, **ways) as stage:
            await play(stage, path)
            assert {entry.action for entry in stage.services.audit.latest(1000)} <= set(messages.DONE)

    asyncio.run(chat())
