"""The commands as processes: the emulator over HTTP and the bot that is pointed at it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "4200000000:local-token-of-the-tests"


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """`guongsang …` as a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GUONGSANG_")}
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT,
        env={**inherited, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_interruptible if sys.platform != "win32" else None,
    )


def _interruptible() -> None:
    """Ctrl-C reaches the process also where the tests run in the background of a shell, which makes its children deaf to it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Api:
    """The emulator's hands, from outside."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = httpx.Client(base_url=address, timeout=60, trust_env=False)
        self._seen = 0

    def update(self, **update: Any) -> int:
        return int(self._client.post("/ctl/update", json=update).raise_for_status().json()["update_id"])

    def say(self, person: int, text: str, **more: Any) -> int:
        return self.update(message={"from": {"id": person, "first_name": f"P{person}"}, "text": text}, **more)

    def press(self, person: int, message_id: int, data: str) -> int:
        return self.update(callback_query={"from": {"id": person}, "message": {"message_id": message_id}, "data": data})

    def fault(self, **fault: Any) -> None:
        self._client.post("/ctl/fault", json=fault).raise_for_status()

    def calls(self, wait: float = 0.0) -> list[dict[str, Any]]:
        """The calls since the last time."""
        new: list[dict[str, Any]] = self._client.get("/ctl/calls", params={"after": self._seen, "wait": wait}).json()
        self._seen += len(new)
        return new

    def wait_for(self, text: str, person: int, seconds: float = 60.0) -> dict[str, Any]:
        """The next message to `person` with `text` in it."""
        deadline = time.monotonic() + seconds
        met: list[str] = []
        while time.monotonic() < deadline:
            for call in self.calls(wait=1.0):
                said = str(call["params"].get("text", ""))
                if call["params"].get("chat_id") == person and text in said and call["result"]:
                    return call
                met.append(said)
        raise AssertionError(f"{text!r} did not come to {person}; what came: {met}")


@contextmanager
def emulator() -> Iterator[Api]:
    process = start("emulator", "--port", "0")
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), line + (process.stderr.read() if process.stderr else "")
        yield Api(line.removeprefix("listening on ").strip())
    finally:
        process.kill()
        process.wait()


@contextmanager
def bot(api: Api, data: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = start("--data", str(data), "run", *arguments, **{"GUONGSANG_TOKEN": TOKEN, "GUONGSANG_API": api.address, **environment})
    try:
        yield process
    finally:
        process.kill()
        process.wait()
