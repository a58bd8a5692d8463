"""A headless Chromium driven through chromedriver's own protocol: just what the page's test needs."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One window."""

    def __init__(self, driver: str, session: str) -> None:
        self._at = f"{driver}/session/{session}"

    def open(self, url: str) -> None:
        _call("POST", f"{self._at}/url", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns in the page."""
        return _call("POST", f"{self._at}/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, script: str, *arguments: Any, seconds: float = 60.0) -> Any:
        """What a script returns once that is true. Raises AssertionError with the script where it does not become so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.run(script, *arguments)
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds:.0f} s: {script} {arguments}")

    def size(self, width: int, height: int) -> None:
        _call("POST", f"{self._at}/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}})  # fmt: skip

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(_call("GET", f"{self._at}/screenshot")))


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A fresh headless window; gone afterwards."""
    assert DRIVER
    port = _free_port()
    process = subprocess.Popen([DRIVER, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    driver = f"http://127.0.0.1:{port}"
    session = None
    try:
        _until_up(driver)
        options = {"binary": CHROMIUM, "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        session = _call("POST", f"{driver}/session", wanted)["sessionId"]
        yield Browser(driver, session)
    finally:
        if session:
            with contextlib.suppress(OSError):
                _call("DELETE", f"{driver}/session/{session}")
        process.terminate()
        process.wait(10)


def _call(method: str, url: str, body: Any = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=90) as answer:
        return json.load(answer)["value"]


def _until_up(driver: str) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError):
            if _call("GET", f"{driver}/status")["ready"]:
                return
        time.sleep(0.1)
    raise AssertionError("chromedriver did not start")


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])
