"""Raw calls of the Bot API: the outbox stores calls as the API names them, not as python-telegram-bot's methods do."""

from __future__ import annotations

import os
import warnings
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import RetryAfter
from telegram.warnings import PTBUserWarning

# The library would rather see its own methods called; a stored call has only its name and its parameters.
warnings.filterwarnings("ignore", "Please use 'Bot", PTBUserWarning)
os.environ.setdefault("PTB_TIMEDELTA", "true")  # durations as they will be; without it each one warns


async def call(bot: Bot, method: str, params: dict[str, Any], timeout_s: float | None = None) -> Any:
    """The `result` of the answer. Raises `telegram.error.TelegramError`."""
    if timeout_s is None:
        return await bot.do_api_request(method, api_kwargs=params)
    return await bot.do_api_request(method, api_kwargs=params, read_timeout=timeout_s, write_timeout=timeout_s)


def retry_after_s(error: RetryAfter) -> float:
    """How long Telegram wants us to wait, at least a second."""
    after = error.retry_after
    return max(1.0, after.total_seconds() if isinstance(after, timedelta) else float(after))
