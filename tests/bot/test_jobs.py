"""Scheduled work runs once for each of its times, whatever the clock does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.app import Services, open_services
from bot.inbox import Inbox
from bot.jobs import JOBS, Job, latest_time, run_due, tell_after_long_stop
from bot.moments import stored
from bot.people import People
from bot.polling import LAST_HEARD
from bot.settings import StoredSettings
from forms.flow import new_draft
from tests.bot.local import HandClock, local_bot, settings
from tests.forms.builders import BARE


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 11, 20, 0, 0, tzinfo=UTC))


@pytest.fixture
def services(tmp_path: Path, clock: HandClock) -> Services:
    made = open_services(settings(tmp_path), clock=clock)
    made.jobs = []
    return made


def counting(services: Services, **more: object) -> list[datetime]:
    ran: list[datetime] = []
    services.jobs.append(Job("count", time(7, 0), lambda _, now: ran.append(now), **more))  # type: ignore[arg-type]
    return ran


def test_time_of_day_is_vietnams() -> None:
    job = Job("x", time(17, 0), lambda _, now: None)
    assert latest_time(job, datetime(2026, 11, 20, 10, 0, tzinfo=UTC)) == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert latest_time(job, datetime(2026, 11, 20, 9, 59, tzinfo=UTC)) == datetime(2026, 11, 19, 10, 0, tzinfo=UTC)


def test_job_runs_once_for_each_day(services: Services, clock: HandClock) -> None:
    ran = counting(services)
    for _ in range(3 * 24):
        run_due(services)
        clock.move(hours=1)
    assert len(ran) == 2  # the job was new on the first day


def test_job_missed_during_a_stop_runs_once_afterwards(services: Services, clock: HandClock) -> None:
    ran = counting(services)
    run_due(services)
    clock.move(days=5)
    run_due(services)
    run_due(services)
    assert len(ran) == 1


def test_job_keeps_to_its_weekdays(services: Services, clock: HandClock) -> None:
    ran = counting(services, weekdays=frozenset({0}))
    for _ in range(15):
        run_due(services)
        clock.move(days=1)
    assert [moment.astimezone(UTC).weekday() for moment in ran] == [0, 0]


def test_clock_set_back_repeats_nothing(services: Services, clock: HandClock) -> None:
    ran = counting(services)
    run_due(services)
    clock.move(days=1)
    run_due(services)
    clock.move(hours=-12)
    run_due(services)
    clock.move(hours=12)
    run_due(services)
    assert len(ran) == 1


def test_clock_that_had_jumped_ahead_does_not_stop_the_job(services: Services, clock: HandClock) -> None:
    ran = counting(services)
    clock.move(days=4000)
    run_due(services)
    clock.move(days=-4000)
    run_due(services)
    clock.move(days=1)
    run_due(services)
    assert len(ran) == 1


def test_job_that_fails_changes_nothing_and_is_tried_again(services: Services, clock: HandClock) -> None:
    tries: list[datetime] = []

    def fail(services: Services, now: datetime) -> None:
        StoredSettings(services.db).set("half", 1)
        tries.append(now)
        raise ZeroDivisionError

    services.jobs.append(Job("fail", time(7, 0), fail))
    run_due(services)
    clock.move(days=1)
    run_due(services)
    run_due(services)
    assert len(tries) == 2
    assert StoredSettings(services.db).get("half") is None


def test_old_messages_and_ids_are_forgotten_and_the_newest_stays(tmp_path: Path, clock: HandClock) -> None:
    services = open_services(settings(tmp_path), clock=clock)
    inbox: Inbox = services.inbox
    for number in (1, 2):
        inbox.store([{"update_id": number, "message": {"chat": {"id": 5}}}])
        inbox.finish(number, "done")
    services.outbox.put(5, "sendMessage", {"text": "cũ"})
    services.db.execute("UPDATE outbox SET state = 'sent'")
    services.db.conn.commit()
    run_due(services)
    clock.move(days=100)
    assert run_due(services) == [job.name for job in JOBS]
    assert [row[0] for row in services.db.execute("SELECT update_id FROM inbox").fetchall()] == [2]
    assert services.db.execute("SELECT count(*) FROM outbox").fetchone()[0] == 0


@pytest.mark.parametrize(("hours", "told"), [(23, 0), (25, 1)])
def test_long_stop_is_told_to_those_with_open_drafts(hours: int, told: int, tmp_path: Path) -> None:
    clock = HandClock()

    async def scene() -> list[str]:
        services = open_services(settings(tmp_path), clock=clock)
        with services.db.atomic():
            person = People(services.db).meet(5, 5, "Lan", clock())
            People(services.db).meet(6, 6, "Mai", clock())
            services.nominations.create(new_draft(BARE, org="a", unit="Tổ Toán", author=person.id), clock())
            StoredSettings(services.db).set(LAST_HEARD, stored(clock()))
        services.close()
        clock.move(hours=hours)
        async with local_bot(tmp_path, clock=clock) as bot:
            for chat in (5, 6):
                bot.emulator._know({"id": chat, "type": "private"})
            return [f"{row[0]}: {row[1]}" for row in bot.services.db.execute("SELECT chat_id, params FROM outbox").fetchall()]

    lines = asyncio.run(scene())
    assert len(lines) == told
    assert all(line.startswith("5: ") and "25 giờ" in line for line in lines)


def test_first_start_is_no_long_stop(services: Services) -> None:
    assert tell_after_long_stop(services) == 0
