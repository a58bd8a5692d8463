"""Work that no message starts: each job runs once when its time has come, also after a stop, and never twice for one time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import structlog

from bot import messages, retention
from bot.inbox import stopped_for
from bot.moments import VIETNAM, read, stored
from bot.people import People
from bot.polling import LAST_HEARD
from bot.settings import StoredSettings

if TYPE_CHECKING:
    from bot.app import Services

log = structlog.get_logger(__name__)
LOOK_EVERY_S = 30.0
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Job:
    """`run` is called within one transaction, with the moment; `at` is a time of day in Vietnam, on `weekdays` (Monday 0)."""

    name: str
    at: time
    run: Callable[[Services, datetime], None]
    weekdays: frozenset[int] = frozenset(range(7))


def latest_time(job: Job, now: datetime) -> datetime:
    """The last moment up to `now` at which the job was to run."""
    local = now.astimezone(VIETNAM)
    day = local.date() if local.time() >= job.at else local.date() - DAY
    while day.weekday() not in job.weekdays:
        day -= DAY
    return datetime.combine(day, job.at, VIETNAM)


def run_due(services: Services) -> list[str]:
    """Runs what is due and returns its names. A job that fails is logged and tried again next time."""
    now = services.clock()
    done = []
    for job in services.jobs:
        try:
            with services.db.atomic():
                if _is_due(services, job, now):
                    job.run(services, now)
                    done.append(job.name)
        except Exception as error:
            log.error("a job failed", job=job.name, exc_info=error)
    return done


def _is_due(services: Services, job: Job, now: datetime) -> bool:
    """Notes the run, in the same transaction. A new job waits for its next time; a clock set back repeats nothing."""
    row = services.db.execute("SELECT last_run_at FROM jobs WHERE name = ?", [job.name]).fetchone()
    last = None if row is None else read(row[0])
    if last is not None and last - now > DAY:  # the clock had jumped ahead
        last = None
    due = last is not None and last < latest_time(job, now)
    if due or last is None:
        services.db.execute(
            "INSERT INTO jobs VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last_run_at = excluded.last_run_at",
            [job.name, stored(now)],
        )
    return due


async def keep_running(services: Services) -> None:
    while True:
        run_due(services)
        await asyncio.sleep(LOOK_EVERY_S)


# --- the bot's own jobs ----------------------------------------------------------------------------------------------


JOBS = (
    Job("forget_old_messages", time(2, 30), retention.forget_old_messages),
    Job("forget_old_people", time(2, 40), retention.forget_old_people),
    Job("forget_files", time(2, 50), retention.forget_files),
)


def tell_after_long_stop(services: Services) -> int:
    """At the start: after more than 24 hours Telegram has dropped updates; those with open drafts are told. Returns how many."""
    settings = StoredSettings(services.db)
    last = settings.get(LAST_HEARD)
    gap = stopped_for(read(last) if last else None, services.clock())
    if gap is None:
        return 0
    people = People(services.db)
    with services.db.atomic():
        authors = {draft.author for draft in services.nominations.drafts()}
        told = [person for author in sorted(authors) if (person := people.get(author)) is not None]
        for person in told:
            services.outbox.put(person.chat_id, "sendMessage", {"text": messages.long_stop(round(gap.total_seconds() / 3600))})
        settings.set(LAST_HEARD, stored(services.clock()))
    log.warning("stopped for longer than Telegram keeps updates", hours=round(gap.total_seconds() / 3600), told=len(told))
    return len(told)
