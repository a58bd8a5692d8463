"""The token is in no log line, whoever writes it and however."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import logs
from bot.emulator.api import Emulator, Fault
from tests.bot.local import local_bot, settings

TOKEN = "4200000000:local-token-of-the-tests"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers, root.level, logging.getLogRecordFactory()
    held = io.StringIO()
    logs.keep_secret(TOKEN)
    logs.configure(stream=held, level="DEBUG")
    yield held
    root.handlers, root.level = before[0], before[1]
    logging.setLogRecordFactory(before[2])
    structlog.reset_defaults()


def _by_structlog() -> None:
    structlog.get_logger("x").error("event", url=f"https://api.telegram.org/bot{TOKEN}/getMe", nested={"a": [TOKEN]})


def _by_argument() -> None:
    logging.getLogger("x").warning("calling %s", f"https://api.telegram.org/bot{TOKEN}/getMe")


def _by_object() -> None:
    class Url:
        def __str__(self) -> str:
            return f"https://api.telegram.org/bot{TOKEN}/getMe"

    logging.getLogger("x").warning("calling %s", Url())


def _by_traceback() -> None:
    try:
        raise ValueError(f"cannot reach bot{TOKEN}")
    except ValueError:
        logging.getLogger("x").exception("failed")


def _by_another_token() -> None:
    logging.getLogger("x").error("bot987654321:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")


@pytest.mark.parametrize("write", [_by_structlog, _by_argument, _by_object, _by_traceback, _by_another_token])
def test_token_is_redacted(write: object, stream: io.StringIO) -> None:
    write()  # type: ignore[operator]
    assert logs.REDACTED in stream.getvalue()
    assert TOKEN not in stream.getvalue()
    assert "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" not in stream.getvalue()


def test_handler_added_later_sees_no_token(stream: io.StringIO) -> None:
    own = io.StringIO()
    handler = logging.StreamHandler(own)
    logging.getLogger("x").addHandler(handler)
    _by_argument()
    logging.getLogger("x").removeHandler(handler)
    assert logs.REDACTED in own.getvalue()
    assert TOKEN not in own.getvalue()


def test_uncaught_exception_shows_no_token(stream: io.StringIO) -> None:
    import sys

    try:
        raise RuntimeError(f"bot{TOKEN}")
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    assert "RuntimeError" in stream.getvalue()
    assert TOKEN not in stream.getvalue()


def test_settings_show_no_token(tmp_path: Path) -> None:
    assert TOKEN not in repr(settings(tmp_path)) + str(settings(tmp_path)) + settings(tmp_path).model_dump_json()


def test_json_lines_are_json(stream: io.StringIO) -> None:
    logs.configure(stream=stream, json_lines=True)
    structlog.get_logger("x").info("đang chạy", bot="guongsang_bot")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["bot"], line["level"]) == ("đang chạy", "guongsang_bot", "info")


def test_bot_at_work_and_in_trouble_logs_no_token(tmp_path: Path, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.polling.LONGEST_WAIT_S", 0.05)
    monkeypatch.setattr("bot.sender.LONGEST_WAIT_S", 0.05)

    async def scene() -> None:
        emulator = Emulator()
        for status in (401, 409, 500, 502):
            emulator.faults.append(Fault("getUpdates", status=status))
            emulator.faults.append(Fault("sendMessage", status=status, description=f"{status} at /bot{TOKEN}/sendMessage"))
        async with local_bot(tmp_path, emulator=emulator) as bot:
            await bot.person(5).say("chào")
            await bot.settle()

    try:
        asyncio.run(scene())
    except Exception:
        stream.write(logs.redacted(traceback.format_exc()))
        raise
    assert "trying again" in stream.getvalue()
    assert TOKEN not in stream.getvalue()
