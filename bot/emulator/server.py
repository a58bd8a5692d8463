"""The emulator over HTTP: the Bot API under /bot<token>/, files under /file/bot<token>/, and the tests' hands under /ctl/."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any, cast

import tornado.httpserver
import tornado.netutil
import tornado.web

from bot.emulator.api import Emulator, Fault
from bot.emulator.limits import MB, ApiError
from bot.emulator.params import Upload

MAX_BODY = 110 * MB
LONGEST_WAIT_S = 120.0


class _Handler(tornado.web.RequestHandler):
    def initialize(self, api: Emulator) -> None:
        self.api = api
        self._task: asyncio.Task[Any] | None = None

    def answer(self, status: int, body: Any) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body, ensure_ascii=False).encode())

    def on_connection_close(self) -> None:
        """The client has gone: a long poll of a killed bot must not take the updates of the next one."""
        if self._task is not None:
            self._task.cancel()

    async def unless_gone(self, work: Any) -> Any:
        self._task = asyncio.ensure_future(work)
        return await self._task

    def body(self) -> Any:
        """The JSON body. Refuses what is none."""
        try:
            return json.loads(self.request.body or b"{}")
        except ValueError as error:
            raise ApiError(400, f"Bad Request: body is no JSON: {error}") from None

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, ApiError):
            self.answer(error.status, error.body())
            return
        self.answer(status_code, {"ok": False, "error_code": status_code, "description": self._reason})

    def log_exception(self, *args: Any) -> None:
        if not isinstance(args[1], ApiError | tornado.web.HTTPError):
            super().log_exception(*args)


class _Method(_Handler):
    async def get(self, token: str, method: str) -> None:
        await self.post(token, method)

    async def post(self, token: str, method: str) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            status, body = await self.unless_gone(self.api.call(method, self._params(), self._uploads()))
            self.answer(status, body)

    def _params(self) -> dict[str, Any]:
        params: dict[str, Any] = {name: values[-1].decode() for name, values in self.request.query_arguments.items()}
        if self.request.headers.get("Content-Type", "").startswith("application/json"):
            given = self.body()
            return params | given if isinstance(given, dict) else params
        return params | {name: values[-1].decode("utf-8", "replace") for name, values in self.request.body_arguments.items()}

    def _uploads(self) -> dict[str, Upload]:
        return {name: Upload(files[0]["filename"], files[0]["body"]) for name, files in self.request.files.items()}


class _File(_Handler):
    def get(self, token: str, path: str) -> None:
        file = self.api.download(path)
        if file is None:
            raise ApiError(404, "Not Found")
        self.set_header("Content-Type", "application/octet-stream")
        self.finish(file.data)


class _CtlUpdate(_Handler):
    async def post(self) -> None:
        update = self.body()
        if not isinstance(update, dict):
            raise ApiError(400, "Bad Request: an Update is a JSON object")
        self.answer(200, {"update_id": await self.api.push(update)})


class _CtlFile(_Handler):
    def post(self) -> None:
        file = self.api.keep(Upload(self.get_query_argument("name", "file"), self.request.body))
        self.answer(200, {"file_id": file.file_id})


class _CtlCalls(_Handler):
    async def get(self) -> None:
        after = int(self.get_query_argument("after", "0"))
        wait = min(float(self.get_query_argument("wait", "0")), LONGEST_WAIT_S)
        with contextlib.suppress(asyncio.CancelledError):
            self.answer(200, await self.unless_gone(self.api.calls_after(after, wait)))


class _CtlFault(_Handler):
    def post(self) -> None:
        given = self.body()
        known = {name: value for name, value in given.items() if name in Fault.__dataclass_fields__}
        if known != given:
            raise ApiError(400, f"Bad Request: unknown fields {sorted(set(given) - set(known))}")
        self.api.faults.append(Fault(**{"method": "*", **known}))
        self.answer(200, {"ok": True})


def application(api: Emulator) -> tornado.web.Application:
    given = {"api": api}
    routes: list[Any] = [
        (r"/bot([^/]+)/(\w+)/?", _Method, given),
        (r"/file/bot([^/]+)/(.+)", _File, given),
        (r"/ctl/update", _CtlUpdate, given),
        (r"/ctl/file", _CtlFile, given),
        (r"/ctl/calls", _CtlCalls, given),
        (r"/ctl/fault", _CtlFault, given),
    ]
    return tornado.web.Application(routes, log_function=lambda handler: None)


async def serve(port: int, api: Emulator | None = None, ready: Callable[[int], None] | None = None) -> None:
    """Serves until cancelled. Port 0 picks a free one; `ready` is told which. Raises OSError for a port that is taken."""
    server = tornado.httpserver.HTTPServer(application(api or Emulator()), max_body_size=MAX_BODY, max_buffer_size=MAX_BODY)
    sockets = tornado.netutil.bind_sockets(port, "127.0.0.1")
    server.add_sockets(sockets)
    if ready is not None:
        ready(cast(int, sockets[0].getsockname()[1]))
    try:
        await asyncio.Event().wait()
    finally:
        server.stop()
        await server.close_all_connections()
