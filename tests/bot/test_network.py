"""The way to the Bot API: connections kept and given up, answers in pieces, and what is certain when a call fails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot import network as network_module
from bot.network import Network, NotConnectedError

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{"ok":true,"result":"\xc3\xa0\xc3\xa1"}'
CHUNKED = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"ok"\r\n12;x=1\r\n:true,"result":12}\r\n0\r\nAfter: all\r\n\r\n'
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answering(*answers: bytes, close: bool = False) -> tuple[Serve, list[list[bytes]]]:
    """A server that gives these answers in turn, the last again and again, an empty one by closing; and what each connection asked."""
    asked: list[list[bytes]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mine: list[bytes] = []
        asked.append(mine)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                mine.append(head + await reader.readexactly(length))
                count = sum(map(len, asked))
                writer.write(answer := answers[min(count, len(answers)) - 1])
                if close or not answer:
                    writer.close()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    return serve, asked


def calling(serve: Serve, scene: Callable[[Network, str], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        network = Network(0.5)
        await network.initialize()
        try:
            return await scene(network, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot1:a/getMe")
        finally:
            await network.shutdown()
            server.close()
            await asyncio.sleep(0.01)  # the server's side notices

    return asyncio.run(run())


async def post(network: Network, url: str, **params: Any) -> Any:
    return await network.post(url, RequestData([RequestParameter.from_input(name, value) for name, value in params.items()]))


def test_calls_share_a_connection_and_say_what_was_given() -> None:
    serve, asked = answering(OK, CHUNKED)

    async def scene(network: Network, url: str) -> list[Any]:
        return [await post(network, url, text="Đề cử", reply_markup={"inline_keyboard": []}), await post(network, url)]

    assert calling(serve, scene) == ["àá", 12]
    [[first, second]] = asked
    head, _, body = first.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /bot1:a/getMe HTTP/1.1\r\nHost: 127.0.0.1:")
    assert json.loads(body) == {"text": "Đề cử", "reply_markup": {"inline_keyboard": []}}
    assert second.endswith(b"\r\n\r\n{}")


def test_calls_at_once_have_a_connection_each() -> None:
    serve, asked = answering(OK)

    async def scene(network: Network, url: str) -> None:
        await asyncio.gather(*(post(network, url) for _ in range(3)))
        await post(network, url)

    calling(serve, scene)
    assert sorted(map(len, asked)) == [1, 1, 2]


def two_calls(pause_s: float) -> Callable[[Network, str], Awaitable[None]]:
    async def scene(network: Network, url: str) -> None:
        await post(network, url)
        await asyncio.sleep(pause_s)
        await post(network, url)

    return scene


def test_a_connection_that_the_server_has_closed_is_not_used_again() -> None:
    serve, asked = answering(OK, close=True)
    calling(serve, two_calls(0.05))
    assert list(map(len, asked)) == [1, 1]


def test_an_old_connection_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    serve, asked = answering(OK)
    monkeypatch.setattr(network_module, "KEPT_S", 0.05)
    calling(serve, two_calls(0.1))
    assert list(map(len, asked)) == [1, 1]


def test_a_call_is_not_repeated_where_a_kept_connection_breaks() -> None:
    serve, asked = answering(OK, b"", OK)

    async def scene(network: Network, url: str) -> None:
        await post(network, url)
        with pytest.raises(NetworkError) as failed:
            await post(network, url)
        assert not isinstance(failed.value.__cause__, NotConnectedError)

    calling(serve, scene)
    assert list(map(len, asked)) == [2]


def test_a_redirect_is_not_followed() -> None:
    serve, asked = answering(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /bot1:a/getMe\r\nContent-Length: 0\r\n\r\n", OK)

    async def scene(network: Network, url: str) -> None:
        with pytest.raises(NetworkError, match="307"):
            await post(network, url)

    calling(serve, scene)
    assert list(map(len, asked)) == [1]


@pytest.mark.parametrize("answer", [OK, CHUNKED])
def test_an_answer_has_its_limit(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    serve, asked = answering(answer)
    longest = len(b'{"ok":true,"result":12}') if answer is CHUNKED else 27

    async def scene(network: Network, url: str) -> None:
        monkeypatch.setattr(network_module, "LONGEST_BODY", longest)
        await post(network, url)
        monkeypatch.setattr(network_module, "LONGEST_BODY", longest - 1)
        with pytest.raises(NetworkError, match="bytes"):
            await post(network, url)

    calling(serve, scene)
    assert list(map(len, asked)) == [2]


def test_what_comes_unasked_is_nobodys_answer() -> None:
    late = OK + b"HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n" + b'{"ok":true,"result":"bad!"}'
    serve, asked = answering(late, OK)

    async def scene(network: Network, url: str) -> list[Any]:
        return [await post(network, url), await post(network, url)]

    assert calling(serve, scene) == ["àá", "àá"]
    assert list(map(len, asked)) == [1, 1]


def test_what_comes_late_is_nobodys_answer() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10_000)
        writer.write(OK)
        await asyncio.sleep(0.05)
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{"ok":true,"result":"bad!"}')
        await reader.read(10_000)
        writer.close()

    async def scene(network: Network, url: str) -> None:
        assert await post(network, url) == "àá"
        await asyncio.sleep(0.1)
        with pytest.raises(NetworkError) as failed:
            await post(network, url)
        assert isinstance(failed.value.__cause__, NotConnectedError)
        assert await post(network, url) == "àá"

    calling(serve, scene)


@pytest.mark.parametrize("answer", [OK[:-3], b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"])
def test_an_answer_cut_short_may_have_arrived(answer: bytes) -> None:
    serve, _ = answering(answer, close=True)

    async def scene(network: Network, url: str) -> None:
        with pytest.raises(NetworkError) as failed:
            await post(network, url)
        assert not isinstance(failed.value.__cause__, NotConnectedError)
        assert "1:a" not in str(failed.value)

    calling(serve, scene)


def test_silence_ends_in_time_and_its_late_answer_is_dropped() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10_000)
        await asyncio.sleep(0.2)
        writer.write(OK)

    async def scene(network: Network, url: str) -> None:
        for _ in range(2):
            with pytest.raises(TimedOut) as failed:
                await network.post(url, RequestData(), read_timeout=0.05, write_timeout=0.05)
            assert not isinstance(failed.value.__cause__, NotConnectedError)

    calling(silent, scene)


def test_where_there_is_no_connection_nothing_was_sent() -> None:
    async def scene() -> None:
        network = Network(0.5)
        await network.initialize()
        with pytest.raises(NetworkError) as failed:
            await network.post("http://127.0.0.1:9/bot1:a/getMe", RequestData())
        assert isinstance(failed.value.__cause__, NotConnectedError)
        assert "1:a" not in str(failed.value)
        await network.shutdown()

    asyncio.run(scene())


@pytest.mark.parametrize("ends", [True, False])
def test_where_there_is_no_handshake_nothing_was_sent(ends: bool) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10_000)
        if not ends:
            await reader.read(10_000)
        writer.close()

    async def scene(network: Network, url: str) -> None:
        with pytest.raises(NetworkError) as failed:
            await network.post(url.replace("http:", "https:"), RequestData(), connect_timeout=0.1)
        assert isinstance(failed.value, TimedOut) is not ends
        assert isinstance(failed.value.__cause__, NotConnectedError)
        assert "1:a" not in str(failed.value)

    calling(serve, scene)
