"""Receives updates by webhook: the secret is checked first, and 200 is answered only after the update is stored."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
import tornado.httpserver
import tornado.web
from telegram import Bot
from telegram.error import TelegramError

from bot import failpoints
from bot.polling import ALLOWED_UPDATES, Poller
from bot.settings import StoredSettings

if TYPE_CHECKING:
    from bot.app import Services

log = structlog.get_logger(__name__)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET = "webhook_secret"
MAX_BODY = 10 * 1024 * 1024
CONNECTIONS = 40


@dataclass(frozen=True)
class Webhook:
    """`url` is what Telegram calls; the bot listens at `host`:`port` behind it, under the path of the address."""

    url: str
    host: str = "127.0.0.1"
    port: int = 8443

    async def run(self, bot: Bot, services: Services) -> None:
        """Listens and tells Telegram so, until cancelled."""
        secret = _secret(services)
        path = urlsplit(self.url).path or "/"
        poller = Poller(bot, services.db, services.inbox, services.settings, services.clock)
        given: dict[str, Any] = {"secret": secret, "services": services, "heard": poller.heard}
        application = tornado.web.Application([(_exactly(path), _Receive, given)], log_function=lambda handler: None)
        server = tornado.httpserver.HTTPServer(application, max_body_size=MAX_BODY, max_buffer_size=MAX_BODY)
        server.listen(self.port, self.host)
        try:
            await self._announce(bot, secret)
            await asyncio.Event().wait()
        finally:
            server.stop()
            await server.close_all_connections()

    async def _announce(self, bot: Bot, secret: str) -> None:
        wait = 1.0
        while True:
            try:
                await bot.set_webhook(self.url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=CONNECTIONS)
                return
            except TelegramError as error:
                log.error("Telegram does not take the webhook; trying again", url=self.url, reason=str(error))
                await asyncio.sleep(wait)
                wait = min(60.0, wait * 2)


class _Receive(tornado.web.RequestHandler):
    def initialize(self, secret: str, services: Services, heard: Any) -> None:
        self._secret = secret
        self._services = services
        self._heard = heard

    async def post(self) -> None:
        given = self.request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            log.warning("webhook: a call without the secret was refused", address=self.request.remote_ip)
            self.send_error(403)
            return
        try:
            update = json.loads(self.request.body)
        except ValueError:
            self.send_error(400)
            return
        if not isinstance(update, dict):
            self.send_error(400)
            return
        await self._store(update)

    async def _store(self, update: dict[str, Any]) -> None:
        try:
            failpoints.hit("inbox.received")
            self._services.inbox.store([update])
            self._heard()
            await self._services.db.durable()
        except Exception as error:
            log.error("webhook: an update could not be stored, none is acknowledged", reason=repr(error))
            self.send_error(503)
            return
        failpoints.hit("inbox.stored")
        self.set_status(200)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish(f"{status_code}\n")


def _secret(services: Services) -> str:
    settings = StoredSettings(services.db)
    secret = settings.get(SECRET)
    if not isinstance(secret, str):
        secret = secrets.token_urlsafe(32)
        with services.db.atomic():
            settings.set(SECRET, secret)
    return secret


def _exactly(path: str) -> str:
    return f"^{re.escape(path)}$"
