"""Moments: stored in UTC as text, shown as Vietnam's wall clock says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

# Vietnam keeps UTC+7 the year round; a fixed offset needs no time zone database, which Windows does not bring.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def stored(moment: datetime) -> str:
    """An aware moment as "2026-11-20T02:42:00.000000Z": sorts as it passes."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment!r}; pass an aware datetime")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read(text: str) -> datetime:
    """The moment that `stored` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def shown(moment: datetime | str) -> str:
    """"09:42 ngày 20/11/2026", Vietnam time."""
    moment = read(moment) if isinstance(moment, str) else moment
    return moment.astimezone(VIETNAM).strftime("%H:%M ngày %d/%m/%Y")


def today(moment: datetime) -> date:
    """The calendar day in Vietnam."""
    return moment.astimezone(VIETNAM).date()
