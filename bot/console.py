"""What the subcommands share: where the data lies, and how something is said to the person at the terminal."""

from __future__ import annotations

import contextlib
import errno
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer


class CommandError(Exception):
    """One clear Vietnamese line: what, with which value, what to do. Printed on stderr; the exit code is 1."""


def data_folder(context: typer.Context) -> Path:
    """The data folder of this call: --data, else GUONGSANG_DATA, else the platform's folder for user data."""
    from bot.settings import Settings

    named = (context.find_root().obj or {}).get("data")
    return Path(named) if named else Path(Settings().data)


def why(error: OSError) -> str:
    """An error of the file system in Vietnamese, for the usual ones."""
    return _WHY.get(error.errno or 0) or error.strerror or str(error)


_WHY = {
    errno.ENOENT: "không có tệp này, kiểm tra lại đường dẫn",
    errno.EISDIR: "đây là thư mục, hãy chọn một tệp",
    errno.ENOTDIR: "đường dẫn không đúng",
    errno.EACCES: "không có quyền mở",
    errno.EPERM: "không có quyền mở",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.EADDRINUSE: "cổng đang được dùng",
}


def say(text: str = "") -> None:
    """A line on standard output; characters that the terminal cannot show are replaced rather than fatal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def waiting(what: str, after_s: float = 1.0) -> Iterator[None]:
    """Says at the terminal what is being waited for, where it takes longer than `after_s`; a script's standard error stays empty."""
    timer = threading.Timer(after_s, complain, [what])
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def complain(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(text.rstrip() + "\n")
    sys.stderr.flush()


def say_json(value: Any) -> None:
    say(json.dumps(value, ensure_ascii=False))
