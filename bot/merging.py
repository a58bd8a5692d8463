"""One institution becomes part of another: plans, people, roles, nominations, rounds and questions go over together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.audit import Audit
from bot.people import People
from bot.register import Register
from bot.settings import StoredSettings
from forms.model import Nomination
from forms.store import NominationStore
from knowledge.library import Institution, Library

KEPT_FOR = ("contact", "group")
"""What an institution has under a stored setting of its own: the other's stands where both have one."""
MOVED = "moved"


@dataclass(frozen=True)
class Merged:
    """`renumbered`: (before, after) of each nomination whose number was taken there."""

    stays: Institution
    renumbered: tuple[tuple[Nomination, Nomination], ...]


def merge(db: Database, slug: str, into: str, now: datetime, *, person: int | None = None) -> Merged:
    """Within the caller's transaction. Raises LibraryError for an institution that is not there, or the same twice."""
    library = Library(db)
    gone = library.known(slug).slug
    stays = library.merge(slug, into)
    People(db).moved(gone, stays.slug)
    Register(db).moved(gone, stays.slug)
    settings = StoredSettings(db)
    for kind in KEPT_FOR:
        held = settings.get(f"{kind}:{gone}")
        if held is not None and settings.get(f"{kind}:{stays.slug}") is None:
            settings.set(f"{kind}:{stays.slug}", held)
        settings.forget(f"{kind}:{gone}")
    trail = Audit(db)
    trail.add("institution_merged", now=now, person=person, role="admin" if person else None, org=stays.slug, merged=gone)
    pairs = NominationStore(db).moved(gone, stays.slug)
    for before, after in pairs:
        trail.add(MOVED, now=now, person=person, org=after.org, subject=after.code, was_org=before.org, was_code=before.code)
    return Merged(stays, tuple((before, after) for before, after in pairs if before.code != after.code))


def forget(trail: Audit, nomination: Nomination) -> None:
    """Empty what the trail says of a nomination, under its earlier institutions and numbers too."""
    org, code = nomination.org, nomination.code
    while True:
        moved = next((entry for entry in reversed(trail.about(code, org)) if entry.action == MOVED and entry.detail), None)
        trail.forget(code, org)
        if moved is None:
            return
        org, code = moved.detail["was_org"], moved.detail["was_code"]
