"""Raw calls of the Bot API: the outbox stores calls as the API names them, not as python-telegram-bot's methods do."""

from __future__ import annotations

import warnings
from typing import Any

from telegram import Bot
from telegram.warnings import PTBUserWarning

# The library would rather see its own methods called; a stored call has only its name and its parameters.
warnings.filterwarnings("ignore", "Please use 'Bot", PTBUserWarning)


async def call(bot: Bot, method: str, params: dict[str, Any], timeout_s: float | None = None) -> Any:
    """The `result` of the answer. Raises `telegram.error.TelegramError`."""
    if timeout_s is None:
        return await bot.do_api_request(method, api_kwargs=params)
    return await bot.do_api_request(method, api_kwargs=params, read_timeout=timeout_s, write_timeout=timeout_s)
