"""What the bot says of itself in the morning: the secretariat's digest when there is news, and reminders before a round closes.

Reminders are only for dates: the closing day of a round, and the days that a plan names for nominations. Each goes once to a
person for a date.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot import messages
from bot.access import Role
from bot.jobs import Job
from bot.moments import stored, today
from bot.people import People, Person
from bot.register import Register
from bot.settings import StoredSettings
from forms import rounds
from knowledge.model import OnDate

if TYPE_CHECKING:
    from bot.app import Services

MORNING = time(8, 0)
DAYS_BEFORE = (3, 1)
DAY = timedelta(days=1)


def morning(services: Services, now: datetime) -> None:
    """What came since yesterday and still waits, to each secretary; silence where nothing came."""
    since = stored(now - DAY)
    for institution in services.library.institutions():
        waiting = services.nominations.nominations(org=institution.slug, states=("submitted",))
        questions = Register(services.db).open_inquiries(institution.slug)
        fresh = sum(n.updated_at >= since for n in waiting) + sum(q.at >= since for q in questions)
        if fresh:
            for person in _holders(services, Role.SECRETARIAT, institution.slug):
                text = messages.morning(institution.name, len(waiting), len(questions), fresh)
                services.outbox.put(person.chat_id, "sendMessage", {"text": text})


def reminders(services: Services, now: datetime) -> None:
    """Before a round closes: to the unit heads who have not filed. Before a day that a plan names: to all unit heads."""
    day = today(now)
    for held in services.nominations.rounds(state="open"):
        if held.closes is None or (held.closes - day).days not in DAYS_BEFORE:
            continue
        stands = rounds.progress(held, services.nominations.each(org=held.org, round_id=held.id))
        done = {unit for unit, _ in stands.filed} | set(stands.nobody)
        for grant in services.access.holders(Role.UNIT_HEAD, held.org):
            if grant.unit not in done:
                text = messages.round_closing(held.name, f"{held.closes:%d/%m/%Y}")
                _once(services, grant.person, f"round:{held.id}:{held.closes}:{(held.closes - day).days}", text)
    for plan_id, org, when, place in _plan_days(services, day):
        for grant in services.access.holders(Role.UNIT_HEAD, org):
            text = messages.plan_day(f"{when:%d/%m/%Y}", place)
            _once(services, grant.person, f"plan:{plan_id}:{when}:{(when - day).days}", text)


def _plan_days(services: Services, day: date) -> list[tuple[str, str, date, str]]:
    """The days for nominations and reports that live plans name and that are near: plan, institution, day, place."""
    found = []
    for held in services.library.live():
        for deadline in held.plan.deadlines:
            if deadline.kind in ("nomination", "report") and isinstance(deadline.when, OnDate):
                when = date.fromisoformat(deadline.when.date)
                if (when - day).days in DAYS_BEFORE:
                    found.append((held.plan.id, held.plan.org, when, f"mục {deadline.ref}"))
    return found


def _once(services: Services, person_id: int, about: str, text: str) -> None:
    person = People(services.db).get(person_id)
    settings, name = StoredSettings(services.db), f"reminded:{person_id}:{about}"
    if person is None or settings.get(name):
        return
    settings.set(name, True)
    services.outbox.put(person.chat_id, "sendMessage", {"text": text})


def _holders(services: Services, role: Role, org: str) -> list[Person]:
    people = People(services.db)
    found = {grant.person: people.get(grant.person) for grant in services.access.holders(role, org)}
    return [person for person in found.values() if person is not None]


JOBS = (Job("morning_digest", MORNING, morning), Job("reminders", MORNING, reminders))
