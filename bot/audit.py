"""The audit trail: who did what, in what role, to what, when. Append-only.

The database itself refuses to change or delete an entry. One thing is allowed: emptying `detail`, so that a person's data
can be forgotten while the fact stays: what a nomination said before and after a change stands in `detail`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.moments import stored
from forms.workflow import Change


@dataclass(frozen=True)
class Entry:
    """`person` is the id in `people`, None for the command line; `subject` is what was acted on ("ĐC-0123", "vinhthuan-1")."""

    at: str
    person: int | None
    role: str | None
    action: str
    org: str | None
    subject: str | None
    detail: dict[str, Any]


class Audit:
    """Writes within the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(
        self,
        action: str,
        *,
        now: datetime,
        person: int | None = None,
        role: str | None = None,
        org: str | None = None,
        subject: str | None = None,
        **detail: Any,
    ) -> None:
        self.db.table("audit").insert(
            {
                "at": stored(now),
                "person": person,
                "role": role,
                "action": action,
                "org": org,
                "subject": subject,
                "detail": json.dumps(detail, ensure_ascii=False, default=str) if detail else None,
            }
        )

    def changes(self, changes: Iterable[Change], now: datetime) -> None:
        """What the verbs on nominations and rounds report."""
        for change in changes:
            self.add(
                change.verb,
                now=now,
                person=change.actor.user,
                role=change.actor.role,
                org=change.org,
                subject=change.subject,
                before=change.before,
                after=change.after,
                reason=change.reason,
            )

    def about(self, subject: str, org: str | None = None) -> list[Entry]:
        """Everything that happened to one thing (of one institution: numbers are counted in each), oldest first."""
        return self._entries("subject = ? AND (? IS NULL OR org = ?) ORDER BY id", [subject, org, org])

    def of(self, action: str, count: int = 1000) -> list[Entry]:
        """The newest entries of one kind, newest first."""
        return self._entries("action = ? ORDER BY id DESC LIMIT ?", [action, count])

    def latest(self, count: int = 20, org: str | None = None) -> list[Entry]:
        """The newest entries (of one institution), newest first."""
        if org is None:
            return self._entries("1 ORDER BY id DESC LIMIT ?", [count])
        return self._entries("org = ? ORDER BY id DESC LIMIT ?", [org, count])

    def forget(self, subject: str, org: str | None = None) -> None:
        """Empty the details of one thing's entries; that they happened stays."""
        self.db.execute("UPDATE audit SET detail = NULL WHERE subject = ? AND org IS ?", [subject, org])

    def _entries(self, where: str, values: list[Any]) -> list[Entry]:
        return [
            Entry(
                row["at"],
                row["person"],
                row["role"],
                row["action"],
                row["org"],
                row["subject"],
                json.loads(row["detail"] or "{}"),
            )
            for row in self.db.query(f"SELECT * FROM audit WHERE {where}", values)
        ]
