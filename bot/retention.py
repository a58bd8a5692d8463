"""What is no longer needed goes: messages, drafts that nobody touches, answers' askers, nominations of years ago, files that nothing names.

How long each is kept is a setting (`Settings.keep_…_days`). The audit trail keeps that something was there, never what it said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.files import PIECE
from bot.moments import stored
from bot.register import Register

if TYPE_CHECKING:
    from bot.app import Services

_SHA256 = re.compile(r"[0-9a-f]{64}")
_WITHOUT_FILES = ("inbox", "outbox", "answers", "gaps", "audit", "form_specs")
"""Tables that name no kept file, or whose naming one does not keep it."""
SENT_KEPT = timedelta(days=1)


def forget_old_messages(services: Services, now: datetime) -> None:
    """What was said; the ids of updates are kept as long as Telegram may repeat them."""
    services.inbox.forget()
    before = stored(now - timedelta(days=services.settings.keep_messages_days))
    services.db.execute("DELETE FROM outbox WHERE state IN ('sent', 'failed', 'held') AND created_at < ?", [before])


def forget_old_people(services: Services, now: datetime) -> None:
    """Who asked what; drafts that were never filed; the personal data of nominations that nobody has worked on for years."""
    settings, store = services.settings, services.nominations
    Register(services.db).forget_before(now - timedelta(days=settings.keep_answers_days))
    store.delete_drafts_before(now - timedelta(days=settings.keep_drafts_days))
    before = stored(now - timedelta(days=settings.keep_nominations_days))
    for nomination in [old for old in store.each() if old.updated_at < before and len(old.values) > 1]:
        store.erase(nomination, now, state=nomination.state)
        services.audit.forget(nomination.code, nomination.org)
        services.audit.add("data_expired", now=now, org=nomination.org, subject=nomination.code)


def forget_files(services: Services, now: datetime) -> None:
    """Files that nothing names any more, pieces that a crash has left, and what the bot made and has sent: it can be made again."""
    wanted = set(named_files(services, now))
    yesterday = now.timestamp() - SENT_KEPT.total_seconds()
    for path in services.files.folder.glob("??/*"):
        ours = _SHA256.fullmatch(path.name) or path.name.startswith(PIECE)
        if ours and path.name not in wanted and path.stat().st_mtime < yesterday:
            path.unlink(missing_ok=True)


def forget_file(services: Services, sha256: str) -> None:
    """A file that was kept for one thing, unless it is something else's as well or is still waited for."""
    queries = ("SELECT 1 FROM plans WHERE sha256 = ?", "SELECT 1 FROM people WHERE instr(waiting, ?)")
    named = any(services.db.execute(query, [sha256]).fetchone() for query in queries)
    if not named and not services.nominations.holds(sha256):
        services.files.delete(sha256)


def named_files(services: Services, now: datetime) -> Iterator[str]:
    """The SHA-256 of every file that a table names: found by their look, so that a new table needs no entry here."""
    db = services.db
    recent = [stored(now - SENT_KEPT)]
    held = "SELECT document FROM outbox WHERE document IS NOT NULL AND (state IN ('waiting', 'sending', 'held') OR created_at >= ?)"
    for (document,) in db.execute(held, recent).fetchall():
        yield from _SHA256.findall(str(document))
    for table in db.table_names():
        if table in _WITHOUT_FILES or table.startswith("_"):
            continue
        for column in ("sha256",) if table == "plans" else db.table(table).columns_dict:
            for (value,) in db.execute(f'SELECT "{column}" FROM "{table}" WHERE length("{column}") >= 64').fetchall():
                yield from _SHA256.findall(str(value))
