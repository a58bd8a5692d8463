"""A command as somebody types it, run within the process of the test: a process of its own takes a second to start."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from bot.cli import main


def guongsang(*arguments: str, data: Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Like a call of the console script: its exit code and what it wrote, none of the settings of our own environment."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GUONGSANG_")}
    typed, out, err = (io.TextIOWrapper(io.BytesIO(start), encoding="utf-8") for start in (stdin.encode(), b"", b""))
    code: object = 0
    with (
        mock.patch.dict(os.environ, {**inherited, **environment}, clear=True),
        mock.patch.multiple(sys, argv=["guongsang", "--data", str(data), *arguments], stdin=typed, stdout=out, stderr=err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    said = [(stream.flush(), stream.buffer.getvalue().decode("utf-8"))[1] for stream in (out, err)]  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(list(arguments), int(str(code or 0)), *said)
