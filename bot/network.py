"""The way to the Bot API: HTTP/1.1 over connections that are kept open, with as little work for a call as there can be.

A call is a small POST of JSON that gets a small JSON answer; a bot does little else all day, and a general HTTP client spends
more on it than the handlers do. Files, and everything through a proxy, go the way of python-telegram-bot.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import deque
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote, urlsplit

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

KEPT_S = 5.0
"""How long an idle connection is used again: long enough for a conversation, too short for a server to have closed it meanwhile."""
LONGEST_HEAD = 64 * 1024
LONGEST_BODY = 64 * 1024 * 1024
UPLOAD_TIMEOUT_S = 120.0
_UNSET: Any = BaseRequest.DEFAULT_NONE


class NotConnectedError(ConnectionError):
    """There was no connection: nothing of the call has left this machine."""


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer; `last` says that the connection ends with it."""

    status: int
    body: bytes
    last: bool


class Network(HTTPXRequest):
    """python-telegram-bot's network. `timeout_s` is for each of connecting, writing and waiting, unless a call says otherwise."""

    def __init__(self, timeout_s: float, proxy: str | None = None) -> None:
        super().__init__(
            connection_pool_size=64,
            read_timeout=timeout_s,
            write_timeout=timeout_s,
            connect_timeout=timeout_s,
            pool_timeout=timeout_s,
            media_write_timeout=UPLOAD_TIMEOUT_S,
            proxy=proxy,
            httpx_kwargs={"trust_env": False},
        )
        self._timeout_s = timeout_s
        self._direct = proxy is None
        self._idle: dict[str, deque[Connection]] = {}
        self._tls: ssl.SSLContext | None = None

    async def shutdown(self) -> None:
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()
        await super().shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _UNSET,
        write_timeout: Any = _UNSET,
        connect_timeout: Any = _UNSET,
        pool_timeout: Any = _UNSET,
    ) -> tuple[int, bytes]:
        """Status and body of the answer. Raises TimedOut or NetworkError; its cause is NotConnectedError where nothing was sent."""
        if not self._direct or method != "POST" or request_data is None or request_data.contains_files:
            return await super().do_request(url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout)
        body = json.dumps(request_data.parameters, ensure_ascii=False).encode("utf-8", "replace")
        connection = await self._connection(url, self._seconds(connect_timeout))
        try:
            async with asyncio.timeout(self._seconds(write_timeout) + self._seconds(read_timeout)):
                answer = await connection.exchange(_head(url, len(body)) + body)
        except TimeoutError as error:
            connection.close()
            raise TimedOut from error
        except (OSError, ValueError) as error:
            connection.close()
            raise NetworkError(f"{type(error).__name__}: {error}") from error
        except BaseException:
            connection.close()
            raise
        self._keep(url, connection, answer)
        return answer.status, answer.body

    def _seconds(self, given: Any) -> float:
        return float(given) if isinstance(given, int | float) else self._timeout_s

    async def _connection(self, url: str, seconds: float) -> Connection:
        """An idle connection, the one used last first, or a new one."""
        loop = asyncio.get_running_loop()
        idle = self._idle.get(urlsplit(url).netloc, deque())
        while idle:
            known = idle.pop()
            if known.open and loop.time() - known.used < KEPT_S:
                return known
            known.close()
        try:
            async with asyncio.timeout(seconds):
                return await self._connect(url)
        except TimeoutError as error:
            raise TimedOut("no connection in time") from NotConnectedError(str(error))
        except OSError as error:
            raise NetworkError(f"no connection: {error}") from NotConnectedError(str(error))

    async def _connect(self, url: str) -> Connection:
        address = urlsplit(url)
        secure = address.scheme == "https"
        if secure and self._tls is None:
            self._tls = httpx.create_ssl_context(trust_env=False)
        _, connection = await asyncio.get_running_loop().create_connection(
            Connection,
            address.hostname or "",
            address.port or (443 if secure else 80),
            ssl=self._tls if secure else None,
            happy_eyeballs_delay=0.25,
        )
        return connection

    def _keep(self, url: str, connection: Connection, answer: Answer) -> None:
        if answer.last or not connection.open:
            connection.close()
            return
        connection.used = asyncio.get_running_loop().time()
        idle = self._idle.setdefault(urlsplit(url).netloc, deque())
        idle.append(connection)
        while connection.used - idle[0].used > KEPT_S:
            idle.popleft().close()


class Connection(asyncio.Protocol):
    """One connection, one exchange at a time. `used` is when the last one ended, by the event loop's clock."""

    def __init__(self) -> None:
        self.open = False
        self.used = 0.0
        self._transport: asyncio.Transport | None = None
        self._wanted: asyncio.Future[Answer] | None = None
        self._received = bytearray()

    async def exchange(self, request: bytes) -> Answer:
        """Sends a request and waits for its answer. Raises ConnectionError, and ValueError for what is no HTTP."""
        if self._transport is None or not self.open:
            raise ConnectionResetError("the connection is closed")
        self._received.clear()
        self._wanted = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._wanted
        finally:
            self._wanted = None

    def close(self) -> None:
        self.open = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.open = True

    def data_received(self, data: bytes) -> None:
        if self._wanted is None or self._wanted.done():
            self.close()  # nobody has asked: what comes next could be taken for another call's answer
            return
        self._received += data
        self._look(ended=False)

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        if self._wanted is not None and not self._wanted.done():
            self._look(ended=True)
        if self._wanted is not None and not self._wanted.done():
            self._wanted.set_exception(exc or ConnectionResetError("the connection was closed before the answer was whole"))

    def _look(self, *, ended: bool) -> None:
        assert self._wanted is not None
        try:
            answer = read_answer(self._received, ended=ended)
        except (ValueError, IndexError) as error:
            self._wanted.set_exception(ValueError(f"no HTTP answer: {error}"))
            return
        if answer is not None:
            self._wanted.set_result(answer)


def _head(url: str, length: int) -> bytes:
    address = urlsplit(url)
    path = quote(address.path, safe="/:@%!$&'()*+,;=")
    return (
        f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nUser-Agent: {HTTPXRequest.USER_AGENT}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode("ascii", "replace")


def read_answer(received: bytes | bytearray, *, ended: bool) -> Answer | None:
    """The answer, once all of it is there; `ended`: nothing more will come. Raises ValueError or IndexError for what is no answer."""
    head_end = received.find(b"\r\n\r\n")
    if head_end < 0:
        if len(received) > LONGEST_HEAD:
            raise ValueError("the head has no end")
        return None
    first, *lines = bytes(received[:head_end]).split(b"\r\n")
    version, status = first.split(None, 2)[:2]
    if not version.startswith(b"HTTP/1."):
        raise ValueError(f"it begins with {version[:20]!r}")
    rest = bytes(received[head_end + 4 :])
    if status.startswith(b"1"):  # "100 Continue": the answer itself follows
        return read_answer(rest, ended=ended)
    named = {name.strip().lower(): value.strip().lower() for name, _, value in (line.partition(b":") for line in lines)}
    last = version != b"HTTP/1.1" or named.get(b"connection") == b"close"
    if b"chunked" in named.get(b"transfer-encoding", b""):
        whole, left = _unchunked(rest)
    elif b"content-length" in named:
        length = int(named[b"content-length"])
        if not 0 <= length <= LONGEST_BODY:
            raise ValueError(f"a body of {length:,} bytes")
        whole, left = (rest[:length], len(rest) - length) if len(rest) >= length else (None, 0)
    else:
        whole, left, last = (rest if ended else None), 0, True
    return None if whole is None else Answer(int(status), whole, last or left > 0)


def _unchunked(rest: bytes) -> tuple[bytes | None, int]:
    """A body that came in chunks, and how many bytes are behind it; None where its end is still to come."""
    parts: list[bytes] = []
    at = 0
    while (end := rest.find(b"\r\n", at)) >= 0:
        length = int(rest[at:end].split(b";")[0], 16)
        if not 0 <= length <= LONGEST_BODY:
            raise ValueError(f"a chunk of {length:,} bytes")
        if length == 0:
            over = rest.find(b"\r\n\r\n", end) + 4  # behind the trailers, if there are any
            return (b"".join(parts), len(rest) - over) if over >= 4 else (None, 0)
        at = end + 2 + length + 2
        parts.append(rest[end + 2 : end + 2 + length])
        if len(rest) < at:
            return None, 0
    return None, 0
