"""Updates by webhook: the secret, several at once, 200 only for what is stored."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.app import build_application, open_services
from bot.emulator.api import Emulator
from bot.emulator.request import EmulatorRequest
from bot.running import running
from bot.settings import StoredSettings
from bot.webhook import SECRET, SECRET_HEADER, Webhook
from tests.bot.local import Local, echo, settings


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def hooked(data: Path) -> AsyncIterator[tuple[Local, str]]:
    services = open_services(settings(data))
    emulator = Emulator()
    application = build_application(services, request=EmulatorRequest(emulator), register=echo)
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook/1"
    async with running(application, services, Webhook(url, port=port)) as at_work:
        while not emulator.webhook.url:
            await asyncio.sleep(0.01)
        yield Local(services, emulator, at_work), url
        await emulator.call("deleteWebhook", {})
    services.close()


def test_updates_arrive_and_are_answered_in_order_of_each_chat(tmp_path: Path) -> None:
    async def scene() -> list[list[str]]:
        async with hooked(tmp_path) as (bot, _):
            people = [bot.person(5), bot.person(6)]
            for n in range(20):
                await people[n % 2].say(str(n))
            await bot.settle()
            return [person.texts() for person in people]

    assert asyncio.run(scene()) == [[f"bạn nói: {n}" for n in range(start, 20, 2)] for start in (0, 1)]


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: "sai"}, {SECRET_HEADER: ""}])
def test_call_without_the_secret_is_refused(headers: dict[str, str], tmp_path: Path) -> None:
    async def scene() -> tuple[int, int]:
        async with hooked(tmp_path) as (bot, url), httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(url, json={"update_id": 1, "message": {"chat": {"id": 5}}}, headers=headers)
            return answer.status_code, bot.services.db.execute("SELECT count(*) FROM inbox").fetchone()[0]

    assert asyncio.run(scene()) == (403, 0)


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[]", 400), (b'{"update_id": "x"}', 200)])
def test_odd_body_is_no_error_of_ours(body: bytes, status: int, tmp_path: Path) -> None:
    async def scene() -> int:
        async with hooked(tmp_path) as (bot, url), httpx.AsyncClient(trust_env=False) as client:
            secret = StoredSettings(bot.services.db).get(SECRET)
            return (await client.post(url, content=body, headers={SECRET_HEADER: secret})).status_code

    assert asyncio.run(scene()) == status


def test_update_that_cannot_be_stored_is_not_acknowledged(tmp_path: Path) -> None:
    async def scene() -> tuple[int, int]:
        async with hooked(tmp_path) as (bot, url), httpx.AsyncClient(trust_env=False) as client:
            bot.services.db.execute("PRAGMA busy_timeout = 20")
            headers = {SECRET_HEADER: StoredSettings(bot.services.db).get(SECRET)}
            update: dict[str, Any] = {"update_id": 1, "message": {"chat": {"id": 5}}}
            bot.services.db.flush()
            other = sqlite3.connect(tmp_path / "guongsang.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            while_locked = (await client.post(url, json=update, headers=headers)).status_code
            other.execute("COMMIT")
            other.close()
            return while_locked, (await client.post(url, json=update, headers=headers)).status_code

    assert asyncio.run(scene()) == (503, 200)


def test_other_path_is_not_found(tmp_path: Path) -> None:
    async def scene() -> int:
        async with hooked(tmp_path) as (_, url), httpx.AsyncClient(trust_env=False) as client:
            return (await client.post(url + "1", json={})).status_code

    assert asyncio.run(scene()) == 404
