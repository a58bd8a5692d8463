"""The page's other end: what people say and press goes to the emulator, what the bot sends comes back by long polling."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.netutil
import tornado.web

from bot import messages
from bot.access import Role
from bot.emulator.person import SHOWN
from bot.stage import Stage, cast, open_rounds, open_stage
from bot.webdemo.scenarios import SCENES

HOSTS = ("127.0.0.1", "localhost")
POLL_S = 20.0
MAX_BODY = 21 * 1024 * 1024
POLICY = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; img-src 'self'"


class Talk:
    """Everything that was said, in order, as the page shows it: `{"n", "role", "mine", "id", "text", "entities", "rows", "file"}`."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.events: list[dict[str, Any]] = []
        self._read = len(stage.emulator.calls)
        self._roles = {person.id: role.value for role, person in stage.people.items()}
        self._one_at_a_time = asyncio.Lock()

    async def say(self, role: Role, text: str) -> None:
        self._mine(role, text)
        await self.stage.people[role].say(text)
        await self.stage.settled()

    async def press(self, role: Role, message_id: int, data: str) -> None:
        """A press on any message that is still shown; one that the bot has forgotten is its to refuse."""
        person = self.stage.people[role]
        message = {"chat": {"id": person.id, "type": "private"}, "message_id": message_id}
        user = {"id": person.id, "is_bot": False, "first_name": person.first_name}
        await self.stage.emulator.push({"callback_query": {"from": user, "message": message, "data": data}})
        await self.stage.settled()

    async def send_file(self, role: Role, name: str, data: bytes) -> None:
        self._mine(role, f"📎 {name}")
        await self.stage.people[role].send_file(name, data)
        await self.stage.settled()

    async def play(self, scene: str) -> None:
        """A scene; a second click waits for the first to end."""
        async with self._one_at_a_time:
            await SCENES[scene](self.stage, self.say)

    async def after(self, number: int) -> list[dict[str, Any]]:
        """The events numbered above `number`; waits for the first of them."""
        deadline = asyncio.get_running_loop().time() + POLL_S
        while True:
            self._collect()
            if len(self.events) > number or asyncio.get_running_loop().time() > deadline:
                return self.events[max(number, 0) :]
            await self.stage.emulator.calls_after(self._read, 0.5)

    def _mine(self, role: Role, text: str) -> None:
        self._collect()
        self._add({"role": role.value, "mine": True, "text": text})

    def _add(self, event: dict[str, Any]) -> None:
        self.events.append({"n": len(self.events) + 1, **event})

    def _collect(self) -> None:
        calls = self.stage.emulator.calls[self._read :]
        self._read += len(calls)
        for call in calls:
            shown = self._shown(call)
            if shown:
                self._add(shown)

    def _shown(self, call: dict[str, Any]) -> dict[str, Any] | None:
        params, method = call["params"], call["method"]
        role = self._roles.get(params.get("chat_id", 0))
        if method not in SHOWN or role is None or not call["result"]:
            return None
        file = params.get("document") or params.get("photo")
        held = self.stage.emulator.files.get(file["file_id"] if isinstance(file, dict) else str(file)) if file else None
        return {
            "role": role,
            "id": params.get("message_id") if method.startswith("edit") else call["result"]["message_id"],
            "edit": method.startswith("edit"),
            "text": params.get("text", params.get("caption", "")),
            "entities": params.get("entities", []),
            "rows": (params.get("reply_markup") or {}).get("inline_keyboard", []),
            "file": {"name": held.name, "id": held.file_id} if held else None,
        }


class _Handler(tornado.web.RequestHandler):
    def initialize(self, talk: Talk) -> None:
        self.talk = talk

    def prepare(self) -> None:
        """Only this machine's own pages: another site's page that reaches loopback under its own name is refused."""
        if self.request.host_name not in HOSTS or self.request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise tornado.web.HTTPError(403)

    def role(self, said: dict[str, Any]) -> Role:
        if said.get("role") not in {role.value for role in Role}:
            raise tornado.web.HTTPError(400)
        return Role(said["role"])

    def said(self) -> dict[str, Any]:
        """The JSON object that the page sent. Requires its content type, which another site's form cannot send."""
        if not self.request.headers.get("Content-Type", "").startswith("application/json"):
            raise tornado.web.HTTPError(415)
        found = json.loads(self.request.body or b"{}")
        return found if isinstance(found, dict) else {}


class _Page(_Handler):
    def get(self) -> None:
        self.set_header("Content-Security-Policy", POLICY)
        text = (resources.files(__package__) / "page.html").read_text(encoding="utf-8")
        self.finish(text.replace("{{texts}}", json.dumps(messages.WEB, ensure_ascii=False)))


class _Events(_Handler):
    async def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.finish({"events": await self.talk.after(int(self.get_argument("after", "0")))})


class _Say(_Handler):
    async def post(self) -> None:
        said = self.said()
        await self.talk.say(self.role(said), str(said.get("text", ""))[:4096])
        self.finish({})


class _Press(_Handler):
    async def post(self) -> None:
        said = self.said()
        await self.talk.press(self.role(said), int(said["id"]), str(said["data"])[:64])
        self.finish({})


class _Play(_Handler):
    async def post(self) -> None:
        scene = str(self.said().get("scene"))
        if scene not in SCENES:
            raise tornado.web.HTTPError(400)
        await self.talk.play(scene)
        self.finish({})


class _Upload(_Handler):
    async def post(self) -> None:
        if self.request.headers.get("Content-Type") != "application/octet-stream":
            raise tornado.web.HTTPError(415)
        role = self.role({"role": self.get_argument("role")})
        await self.talk.send_file(role, Path(self.get_argument("name")).name[:200] or "tep", self.request.body)
        self.finish({})


class _File(_Handler):
    def get(self, file_id: str) -> None:
        held = self.talk.stage.emulator.files.get(file_id)
        if held is None:
            raise tornado.web.HTTPError(404)
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{tornado.escape.url_escape(held.name, plus=False)}")
        self.finish(held.data)


def application(talk: Talk) -> tornado.web.Application:
    routes = {"/": _Page, "/events": _Events, "/say": _Say, "/press": _Press, "/play": _Play, "/upload": _Upload, "/file/(.+)": _File}
    return tornado.web.Application([(path, handler, {"talk": talk}) for path, handler in routes.items()])


async def serve(org: str, port: int, load: Callable[[Path, str], None], ready: Callable[[int], None]) -> None:
    """Serve the page on loopback until cancelled; `load` fills a data folder for an institution, `ready` hears the port."""
    with tempfile.TemporaryDirectory(prefix="guongsang-demo-", ignore_cleanup_errors=True) as folder:
        data = Path(folder)
        load(data, org)
        async with open_stage(data) as stage:
            slug = stage.services.library.known(org).slug
            await cast(stage, slug, messages.DEMO_UNIT)
            open_rounds(stage, slug, messages.DEMO_ROUND)
            talk = Talk(stage)
            server = tornado.httpserver.HTTPServer(application(talk), max_buffer_size=MAX_BODY)
            sockets = tornado.netutil.bind_sockets(port, "127.0.0.1")
            server.add_sockets(sockets)
            for role in Role:
                await talk.say(role, "/start")
            ready(sockets[0].getsockname()[1])
            try:
                await asyncio.Event().wait()
            finally:
                server.stop()
