"""A conversation in one process: the real bot over the emulator, with the four kinds of people of one institution.

The demo shows it in a terminal, the transcript tests check it. Everything but Telegram is real: the database, the search, the
outbox. Pacing is lifted, since nobody waits at the other end.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.access import Role
from bot.app import App, Services, build_application, open_services
from bot.clock import Clock, utc_now
from bot.emulator.api import Emulator
from bot.emulator.person import Person
from bot.emulator.request import EmulatorRequest
from bot.people import People
from bot.running import Running, running
from bot.settings import Settings
from forms import rounds
from forms.model import Actor, FormSpec
from knowledge.library import holds

NAMES = {
    Role.TEACHER: "Nguyễn Thị Hoa",
    Role.UNIT_HEAD: "Trần Văn Bình",
    Role.SECRETARIAT: "Lê Thu Hà",
    Role.ADMIN: "Phạm Quốc An",
}
FIRST_ID = 700_001
UNHURRIED = 1_000_000.0
SETTLE_S = 60.0


@dataclass
class Stage:
    """The bot at work and the people who talk to it."""

    services: Services
    application: App
    emulator: Emulator
    bot: Running
    people: dict[Role, Person] = field(default_factory=dict)

    async def settled(self) -> None:
        """Wait until the bot has nothing left to do. Raises TimeoutError where it does not come to rest."""
        if not await self.bot.settle(self.emulator.unconfirmed, SETTLE_S):
            raise TimeoutError(f"the bot did not come to rest within {SETTLE_S:.0f} s")


def lifted(data: Path) -> Settings:
    """Settings for a conversation without Telegram: no pacing, digests allowed, nothing of the environment's token or address."""
    return Settings(
        data=data,
        token=None,
        api="https://api.telegram.org",
        proxy=None,
        poll_timeout_s=1,
        chat_per_second=UNHURRIED,
        chat_burst=100_000,
        group_per_minute=100_000,
        overall_per_second=UNHURRIED,
        allow_digest=True,
    )


@contextlib.asynccontextmanager
async def open_stage(data: Path, *, clock: Clock = utc_now) -> AsyncIterator[Stage]:
    """The bot over the data folder, running until this is left. The folder may hold institutions and plans already."""
    emulator = Emulator(clock=lambda: clock().timestamp())
    services = open_services(lifted(data), clock=clock)
    try:
        application = build_application(services, request=EmulatorRequest(emulator))
        async with running(application, services) as bot:
            yield Stage(services, application, emulator, bot)
    finally:
        services.close()


async def cast(stage: Stage, org: str, unit: str | None) -> None:
    """One person of each kind in an institution; each holds the role of their kind, has opened the bot and may ask."""
    now = stage.services.clock()
    with stage.services.db.atomic():
        people = People(stage.services.db)
        for number, (role, name) in enumerate(NAMES.items()):
            person = people.meet(FIRST_ID + number, FIRST_ID + number, name, now)
            people.belongs(person.id, org)
            stage.services.access.give(
                person.id, role, None if role is Role.ADMIN else org, unit if role is Role.UNIT_HEAD else None, now
            )
            stage.people[role] = Person(stage.emulator, person.telegram_id, name)
    for one in stage.people.values():
        await one.say("/start")
    await stage.settled()
    for one in stage.people.values():
        one.news()


def open_rounds(stage: Stage, org: str, name: str) -> None:
    """A standing round for each live plan of an institution, opened knowingly where the plan's period is over."""
    services = stage.services
    now: datetime = services.clock()
    with services.db.atomic():
        opener = next(iter(services.access.holders(Role.SECRETARIAT, org)))
        actor = Actor(user=opener.person, role=opener.role.value, name=NAMES[Role.SECRETARIAT])
        for stored in services.library.live(org):
            made, changes = rounds.open_round(
                FormSpec.from_plan(stored.plan),
                name,
                now.date(),
                actor,
                standing=True,
                past_plan=not holds(stored.plan, now.date()),
            )
            held = services.nominations.add_round(made)
            services.audit.changes(rounds.about(held, changes), now)
