"""Real sockets that say nothing: the bot waits, tries again, and says which message may be a repeat."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import build_application, open_services
from bot.emulator.api import Emulator, Fault
from bot.emulator.server import serve
from bot.running import running
from tests.bot.local import Local, echo, settings

MARK = "\n\n(gửi lại #1: có thể trùng với tin trước)"


@contextlib.asynccontextmanager
async def over_sockets(data: Path, emulator: Emulator, port: int = 0) -> AsyncIterator[Local]:
    chosen: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(serve(port, emulator, ready=chosen.set_result))
    services = open_services(settings(data, api=f"http://127.0.0.1:{await chosen}", request_timeout_s=0.5, poll_timeout_s=1))
    async with running(build_application(services, register=echo), services) as at_work:
        yield Local(services, emulator, at_work)
    services.close()
    server.cancel()
    await asyncio.gather(server, return_exceptions=True)


@pytest.mark.parametrize(("applied", "expected"), [(False, ["bạn nói: a" + MARK]), (True, ["bạn nói: a", "bạn nói: a" + MARK])])
def test_silent_answer_is_given_up_and_the_repeat_can_be_told(applied: bool, expected: list[str], tmp_path: Path) -> None:
    async def scene() -> list[str]:
        emulator = Emulator(faults=[Fault("sendMessage", hang=30, applied=applied)])
        async with over_sockets(tmp_path, emulator) as bot:
            await bot.person(5).say("a")
            for _ in range(200):
                await asyncio.sleep(0.05)
                if any(str(m.get("text", "")).endswith(MARK) for m in emulator.messages.values()):
                    break
            return [m["text"] for _, m in sorted(emulator.messages.items()) if m["from"]["id"] != 5]

    assert asyncio.run(scene()) == expected


def test_silent_poll_is_given_up_and_polling_goes_on(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        emulator = Emulator(faults=[Fault("getUpdates", hang=30)])
        async with over_sockets(tmp_path, emulator) as bot:
            await bot.person(5).say("a")
            await bot.settle()
            return bot.person(5).texts()

    assert asyncio.run(scene()) == ["bạn nói: a"]


def test_start_waits_for_a_server_that_is_not_there_yet(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        emulator = Emulator(faults=[Fault("getMe", times=2, hang=30)])
        async with over_sockets(tmp_path, emulator) as bot:
            await bot.person(5).say("a")
            await bot.settle()
            return bot.person(5).texts()

    assert asyncio.run(scene()) == ["bạn nói: a"]
