"""The clock that is passed in: nothing inside logic reads the time by itself. Writing and showing moments: `bot.moments`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, UTC-aware."""
    return datetime.now(UTC)
