"""The way to the Bot API: small JSON calls by aiohttp, over connections that are kept open.

A bot does little else all day than these calls, and aiohttp spends a fraction of the work on one that httpx does. Files, and
everything through a proxy, go the way of python-telegram-bot.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientRequest,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.connector import Connection
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

KEPT_S = 5.0
"""How long an idle connection is used again: long enough for a conversation, too short for a server to have closed it meanwhile."""
CONNECTIONS = 64
LONGEST_BODY = 64 * 1024 * 1024
UPLOAD_TIMEOUT_S = 120.0
_UNSET: Any = BaseRequest.DEFAULT_NONE


class NotConnectedError(ConnectionError):
    """There was no connection: nothing of the call has left this machine."""


class Network(HTTPXRequest):
    """python-telegram-bot's network. `timeout_s` is for each of connecting, writing and waiting, unless a call says otherwise."""

    def __init__(self, timeout_s: float, proxy: str | None = None) -> None:
        super().__init__(
            connection_pool_size=CONNECTIONS,
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
        self._session: ClientSession | None = None

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()
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
        if self._session is None:
            self._session = _session()
        connect, write, read = (self._seconds(given) for given in (connect_timeout, write_timeout, read_timeout))
        body = json.dumps(request_data.parameters, ensure_ascii=False).encode("utf-8", "replace")
        limits = ClientTimeout(total=connect + write + read, connect=connect, sock_read=read)
        try:
            # following a redirect would be a second request
            async with self._session.post(url, data=body, timeout=limits, allow_redirects=False) as response:
                whole = bytearray()
                async for part in response.content.iter_any():
                    whole += part
                    if len(whole) > LONGEST_BODY:
                        raise NetworkError(f"the answer has more than {LONGEST_BODY:,} bytes")
                return response.status, bytes(whole)
        except ConnectionTimeoutError:
            raise TimedOut("no connection in time") from NotConnectedError()
        except ClientConnectorError as error:
            raise NetworkError(f"no connection: {error.os_error}") from NotConnectedError(str(error))
        except TimeoutError as error:
            raise TimedOut from error
        except (ClientError, OSError) as error:
            reason = str(error).replace(url, "…")  # the token is in it
            raise NetworkError(f"{type(error).__name__}: {reason}") from error

    def _seconds(self, given: Any) -> float:
        return float(given) if isinstance(given, int | float) else self._timeout_s


class Connector(TCPConnector):
    """aiohttp's, but for connections on which something came while nobody had asked: it would be taken for the next call's answer."""

    async def connect(self, req: ClientRequest, traces: list[Any], timeout: ClientTimeout) -> Connection:
        connection = await super().connect(req, traces, timeout)
        if connection.protocol is None or connection.protocol.should_close:
            connection.close()
            raise ClientConnectorError(req.connection_key, ConnectionResetError("an answer came unasked"))
        return connection


def _session() -> ClientSession:
    """Made in the event loop that uses it. aiohttp doesn't repeat a POST by itself: that could be done twice."""
    return ClientSession(
        connector=Connector(limit=CONNECTIONS, keepalive_timeout=KEPT_S, ssl=httpx.create_ssl_context(trust_env=False)),
        headers={"User-Agent": HTTPXRequest.USER_AGENT, "Content-Type": "application/json"},
        skip_auto_headers=["Accept-Encoding"],  # compressing answers as short as these costs more than it saves
        cookie_jar=DummyCookieJar(),
        trust_env=False,
    )
