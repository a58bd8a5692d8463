"""The emulator over HTTP: what any client of the Bot API and any test may do to it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import httpx
import pytest

from bot.emulator.server import serve

T = TypeVar("T")
BOT = "/bot4200:any-token-will-do"


@asynccontextmanager
async def emulator() -> AsyncIterator[httpx.AsyncClient]:
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve(0, ready=port.set_result))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{await port}", timeout=20, trust_env=False) as client:
        yield client
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def over_http(scene: Callable[[httpx.AsyncClient], Awaitable[T]]) -> T:
    async def run() -> T:
        async with emulator() as client:
            return await scene(client)

    return asyncio.run(run())


async def lan_writes(client: httpx.AsyncClient, text: str = "chào") -> int:
    answer = await client.post("/ctl/update", json={"message": {"from": {"id": 5}, "text": text}})
    return int(answer.json()["update_id"])


FORMS: dict[str, Callable[[httpx.AsyncClient, dict[str, Any]], Awaitable[httpx.Response]]] = {
    "json": lambda client, params: client.post(f"{BOT}/sendMessage", json=params),
    "json with strings": lambda client, params: client.post(f"{BOT}/sendMessage", json=strings(params)),
    "urlencoded": lambda client, params: client.post(f"{BOT}/sendMessage", data=strings(params)),
    "multipart": lambda client, params: client.post(
        f"{BOT}/sendMessage", files={name: (None, value) for name, value in strings(params).items()}
    ),
    "query": lambda client, params: client.get(f"{BOT}/sendMessage", params=strings(params)),
}


def strings(params: dict[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}


@pytest.mark.parametrize("form", FORMS)
def test_method_takes_every_form(form: str) -> None:
    async def scene(client: httpx.AsyncClient) -> dict[str, Any]:
        await lan_writes(client)
        markup = {"inline_keyboard": [[{"text": "Gửi", "callback_data": "x"}]]}
        await FORMS[form](client, {"chat_id": 5, "text": "Đề cử & “thưởng” +1", "reply_markup": markup})
        return (await client.get("/ctl/calls", params={"after": 0})).json()[-1]

    call = over_http(scene)
    assert call["params"] == {
        "chat_id": 5,
        "text": "Đề cử & “thưởng” +1",
        "reply_markup": {"inline_keyboard": [[{"text": "Gửi", "callback_data": "x"}]]},
    }
    assert (call["n"], call["method"], call["result"]["message_id"]) == (1, "sendMessage", 2)


def test_upload_is_decoded_and_can_be_fetched() -> None:
    async def scene(client: httpx.AsyncClient) -> tuple[dict[str, Any], bytes]:
        await lan_writes(client)
        await client.post(f"{BOT}/sendDocument", data={"chat_id": "5"}, files={"document": ("danh sách.docx", b"PK\x00\xff")})
        call = (await client.get("/ctl/calls")).json()[0]
        about = await client.post(f"{BOT}/getFile", json={"file_id": call["params"]["document"]["file_id"]})
        file = await client.get(f"/file{BOT}/{about.json()['result']['file_path']}")
        return call, file.content

    call, data = over_http(scene)
    assert data == b"PK\x00\xff"
    assert {**call["params"]["document"], "file_id": ""} == {"file_id": "", "name": "danh sách.docx", "size": 4}


def test_file_given_by_a_test_is_served() -> None:
    async def scene(client: httpx.AsyncClient) -> bytes:
        given = await client.post("/ctl/file", content=b"\x00plan\xff")
        about = await client.post(f"{BOT}/getFile", json=given.json())
        return (await client.get(f"/file{BOT}/{about.json()['result']['file_path']}")).content

    assert over_http(scene) == b"\x00plan\xff"


def test_calls_wait_for_the_next_one_and_leave_polling_out() -> None:
    async def scene(client: httpx.AsyncClient) -> list[str]:
        await lan_writes(client)
        await client.post(f"{BOT}/getUpdates", json={"timeout": 0})
        waiting = asyncio.create_task(client.get("/ctl/calls", params={"after": 0, "wait": 10}))
        await asyncio.sleep(0.05)
        await client.post(f"{BOT}/getMe")
        return [call["method"] for call in (await waiting).json()]

    assert over_http(scene) == ["getMe"]


def test_calls_without_wait_answer_at_once() -> None:
    async def scene(client: httpx.AsyncClient) -> list[Any]:
        return list((await client.get("/ctl/calls", params={"after": 3})).json())

    assert over_http(scene) == []


def test_fault_is_set_over_http() -> None:
    async def scene(client: httpx.AsyncClient) -> list[tuple[int, dict[str, Any]]]:
        await lan_writes(client)
        await client.post(
            "/ctl/fault", json={"method": "sendMessage", "times": 1, "status": 429, "parameters": {"retry_after": 7}}
        )
        answers = [await client.post(f"{BOT}/sendMessage", json={"chat_id": 5, "text": "a"}) for _ in range(2)]
        return [(answer.status_code, answer.json().get("parameters", {})) for answer in answers]

    assert over_http(scene) == [(429, {"retry_after": 7}), (200, {})]


def test_fault_hangs_as_long_as_told() -> None:
    async def scene(client: httpx.AsyncClient) -> None:
        await lan_writes(client)
        await client.post("/ctl/fault", json={"hang": 30})
        with pytest.raises(httpx.ReadTimeout):
            await client.post(f"{BOT}/sendMessage", json={"chat_id": 5, "text": "a"}, timeout=0.2)
        assert (await client.post(f"{BOT}/sendMessage", json={"chat_id": 5, "text": "a"})).status_code == 200

    over_http(scene)


@pytest.mark.parametrize(("path", "body"), [("/ctl/update", b"{"), ("/ctl/update", b"[1]"), ("/ctl/fault", b'{"sattus": 1}')])
def test_control_refuses_what_it_does_not_understand(path: str, body: bytes) -> None:
    async def scene(client: httpx.AsyncClient) -> int:
        return (await client.post(path, content=body)).status_code

    assert over_http(scene) == 400


def test_killed_poller_does_not_take_the_next_ones_updates() -> None:
    async def scene(client: httpx.AsyncClient) -> tuple[int, list[Any]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        writer.write(f"GET {BOT}/getUpdates?timeout=30 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await writer.drain()
        await asyncio.sleep(0.1)
        writer.transport.abort()
        await asyncio.sleep(0.1)
        number = await lan_writes(client)
        answer = await client.post(f"{BOT}/getUpdates", json={"timeout": 0})
        return number, [update["update_id"] for update in answer.json()["result"]]

    number, got = over_http(scene)
    assert got == [number]


def test_many_clients_are_served_at_once() -> None:
    async def scene(client: httpx.AsyncClient) -> set[int]:
        await lan_writes(client)
        calls = [client.post(f"{BOT}/sendMessage", json={"chat_id": 5, "text": str(n)}) for n in range(100)]
        return {answer.json()["result"]["message_id"] for answer in await asyncio.gather(*calls)}

    assert len(over_http(scene)) == 100


def test_port_that_is_taken_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            asyncio.run(serve(taken.getsockname()[1]))
