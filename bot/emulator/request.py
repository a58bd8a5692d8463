"""The emulator as python-telegram-bot's network: calls stay in the process."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from telegram._utils.defaultvalue import DefaultValue
from telegram.error import TimedOut
from telegram.request import BaseRequest, RequestData

from bot.emulator.api import Emulator
from bot.emulator.params import Upload

READ_TIMEOUT_S = 20.0


class EmulatorRequest(BaseRequest):
    """A `BaseRequest` whose other end is an `Emulator`."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    @property
    def read_timeout(self) -> float | None:
        return READ_TIMEOUT_S

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        seconds = READ_TIMEOUT_S if isinstance(read_timeout, DefaultValue) else read_timeout
        try:
            async with asyncio.timeout(seconds):
                return await self._answer(url, request_data)
        except TimeoutError as error:
            raise TimedOut from error

    async def _answer(self, url: str, data: RequestData | None) -> tuple[int, bytes]:
        where, _, last = url.rpartition("/")
        if "/file/bot" in url:
            file = self._emulator.download(f"{where.rpartition('/')[2]}/{last}")
            return (200, file.data) if file else (404, b'{"ok": false, "error_code": 404, "description": "Not Found"}')
        status, body = await self._emulator.call(last, dict(data.json_parameters) if data else {}, _uploads(data))
        return status, json.dumps(body, ensure_ascii=False).encode()


def _uploads(data: RequestData | None) -> dict[str, Upload]:
    uploads = {}
    for name, (filename, content, _) in (data.multipart_data if data else {}).items():
        uploads[name] = Upload(filename or name, content if isinstance(content, bytes) else content.read())
    return uploads
