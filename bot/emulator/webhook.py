"""Delivers updates to a webhook: several at once, each until it is answered with 2xx, with the secret in its header."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from bot.emulator.api import Emulator, Pending

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
RETRY_S = 0.2


class Webhook:
    """Where updates go while `url` is set."""

    def __init__(self, api: Emulator) -> None:
        self._api = api
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._under_way: set[int] = set()
        self.url = ""
        self.secret = ""
        self.last_error = ""
        self._most = 40

    def set(self, url: str, secret: str, most: int) -> None:
        self.url, self.secret, self._most = url, secret, max(1, min(most, 100))
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if url:
            self._task = asyncio.create_task(self._deliver())

    def wake(self) -> None:
        self._wake.set()

    async def _deliver(self) -> None:
        slots = asyncio.Semaphore(self._most)
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client, asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                for pending in self._api.waiting_updates():
                    if id(pending) not in self._under_way:
                        self._under_way.add(id(pending))
                        group.create_task(self._post(client, slots, pending))
                await self._wake.wait()

    async def _post(self, client: httpx.AsyncClient, slots: asyncio.Semaphore, pending: Pending) -> None:
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            while True:
                async with slots:
                    if await self._accepted(client, headers, pending):
                        self._api.confirm_one(pending)
                        await self._api.notify()
                        return
                await asyncio.sleep(RETRY_S)
        finally:
            self._under_way.discard(id(pending))

    async def _accepted(self, client: httpx.AsyncClient, headers: dict[str, str], pending: Pending) -> bool:
        try:
            answer = await client.post(self.url, json=pending.update, headers=headers)
        except httpx.HTTPError as error:
            self.last_error = f"Connection failed: {type(error).__name__}"
            return False
        if not answer.is_success:
            self.last_error = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
        return answer.is_success
