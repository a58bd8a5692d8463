"""The wall around parsers: a child process works on a private copy of the file, watched and killed with its children.

The child gets neither the parent's environment (a token may stand there) nor its folder, and reports line by line, so the
parent holds the text alone. Memory, file size and processor time are bounded by the child itself (`worker.py`) where the
platform has `resource`; the wall clock is bounded here.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from ..model import Page, Warned
from .events import Event, Progress
from .limits import Limits
from .unreadable import Unreadable, damaged

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_ENVIRONMENT = (
    *("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "PROGRAMFILES", "LOCALAPPDATA", "LANG", "LC_ALL", "LD_LIBRARY_PATH"),
    *("PYTHONPATH", "PYTHONHOME", "TESSDATA_PREFIX", "ANTIWORDHOME", "HOME"),
)
_BYTES_PER_CHARACTER = 14  # a pair of JSON escapes, and room for the rest of the message


def parse(path: Path, kind: str, name: str, limits: Limits) -> Generator[Event]:
    """The events of a parser run in a child process. Raises Unreadable, timeouts included."""
    with tempfile.TemporaryDirectory(prefix="guongsang-read-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "input"
        shutil.copyfile(path, copy)
        request = {"path": str(copy), "name": name, "kind": kind, "limits": asdict(limits)}
        child = _start(folder)
        try:
            yield from _events(child, request, name, limits)
        finally:
            _kill(child)


def _start(folder: str) -> subprocess.Popen[bytes]:
    environment = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
    paths = [str(_ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    environment |= {
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUTF8": "1",
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder),
    }
    alone: dict[str, Any] = {"start_new_session": True}
    if os.name == "nt":
        alone = {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
        log.warning("no memory limit for parsers on this platform; time, size and page limits hold")
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "knowledge.readers.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        **alone,
    )


def _events(child: subprocess.Popen[bytes], request: dict[str, Any], name: str, limits: Limits) -> Generator[Event]:
    assert child.stdin is not None
    assert child.stdout is not None
    with contextlib.suppress(OSError):
        child.stdin.write(json.dumps(request).encode("ascii"))
        child.stdin.close()
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_pump, args=(child.stdout, lines.put, limits.characters * _BYTES_PER_CHARACTER), daemon=True).start()
    end = time.monotonic() + limits.total_seconds
    while True:
        deadline = min(end, time.monotonic() + limits.seconds)
        try:
            line = lines.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise _too_slow(name, limits) from None
        event = _event(line, name)
        if event is None:
            return
        yield event


def _pump(stream: IO[bytes], put: Callable[[bytes], None], allowed: int) -> None:
    """Hands on the lines of a stream, then an empty one; a stream that says too much is cut off."""
    with stream:
        while allowed > 0 and (line := stream.readline(allowed)):
            allowed -= len(line)
            put(line)
        put(b"")


def _event(line: bytes, name: str) -> Event | None:
    """One line of the child; None at its orderly end."""
    try:
        message: dict[str, Any] = json.loads(line)
    except ValueError:
        # The child died: a parser crashed on the file, or a limit of the system ended it.
        raise damaged(name) from None
    match message:
        case {"page": page}:
            return Page(**page)
        case {"warning": warning}:
            return Warned(**warning)
        case {"progress": [done, total]}:
            return Progress(done, total)
        case {"error": [code, text]}:
            raise Unreadable(code, text)
        case _:
            return None


def _too_slow(name: str, limits: Limits) -> Unreadable:
    return Unreadable(
        "timeout", f"Đọc tệp “{name}” quá {limits.seconds:.0f} giây nên đã dừng: hãy tách tệp nhỏ hơn hoặc gửi bản DOCX."
    )


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Ends the child and all it started."""
    if os.name == "nt":
        if child.poll() is None:
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(child.pid)], capture_output=True, check=False)
    else:
        # The group outlives its leader while a tool that the leader started still runs.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()
