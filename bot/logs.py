"""Logging: structlog over the standard library, on stderr, one line an event; JSON where asked for. The token is in no line.

Redaction happens twice: in every record as it is made (so whatever handler somebody adds sees it redacted) and once more on the
finished line, tracebacks included. httpx and python-telegram-bot write addresses with the token: they are heard from warnings up.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from types import TracebackType
from typing import Any, TextIO

import structlog

REDACTED = "[token]"
_TOKEN = re.compile(r"\d{5,}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)
CAPPED = ("httpx", "httpcore", "telegram", "tornado", "asyncio", "urllib3", "apscheduler")
_secrets: set[str] = set()


def keep_secret(secret: str) -> None:
    """From now on this text is shown in no log line."""
    if len(secret) >= 8:
        _secrets.add(secret)


def redacted(text: str) -> str:
    """The text without tokens: those that were named, and whatever looks like one."""
    for secret in _secrets:
        text = text.replace(secret, REDACTED)
    return _TOKEN.sub(REDACTED, text)


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Redacts the finished line, with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def configure(*, json_lines: bool = False, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Sets the whole process's logging up. Calling it again replaces what was set."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(RedactingFormatter(foreign_pre_chain=shared, processors=_last_steps(json_lines)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.setLogRecordFactory(_redacted_record)
    for name in CAPPED:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _last_steps(json_lines: bool) -> list[Any]:
    steps: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if json_lines:
        return [*steps, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [*steps, structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]


def _redacted_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    if isinstance(record.msg, str):
        record.msg = redacted(record.msg)
    elif isinstance(record.msg, dict):
        record.msg = {name: redacted(value) if isinstance(value, str) else value for name, value in record.msg.items()}
    if isinstance(record.args, tuple):
        record.args = tuple(_redacted_argument(argument) for argument in record.args)
    return record


def _redacted_argument(argument: Any) -> Any:
    if isinstance(argument, int | float | bool) or argument is None:
        return argument
    shown = str(argument)
    clean = redacted(shown)
    return clean if clean != shown else argument


def _log_uncaught(kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
    if kind is not None and issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("guongsang").critical("uncaught", exc_info=(kind, error, trace) if kind and error else None)
