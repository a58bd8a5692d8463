"""The people who write to the bot: their chat, the institution that they ask about, and what their next message is for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.moments import stored
from knowledge.text import one_line


@dataclass(frozen=True)
class Person:
    """`waiting` says what the next text is for ({"for": "return_reason", …}); None: a question or the form's next answer."""

    id: int
    telegram_id: int
    chat_id: int
    name: str
    org: str | None
    waiting: dict[str, Any] | None
    reachable: bool


class People:
    """One row a Telegram account; writes within the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def meet(self, telegram_id: int, chat_id: int, name: str, now: datetime) -> Person:
        """The person behind a Telegram account, stored at the first meeting; name and chat follow Telegram."""
        name = one_line(name)[:128] or str(telegram_id)
        known = self.by_telegram(telegram_id)
        if known is not None and known.reachable and (known.chat_id, known.name) == (chat_id, name):
            return known
        self.db.execute(
            "INSERT INTO people (telegram_id, chat_id, name, first_seen) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (telegram_id) DO UPDATE SET chat_id = excluded.chat_id, name = excluded.name, reachable = 1",
            [telegram_id, chat_id, name, stored(now)],
        )
        return self._one("telegram_id = ?", telegram_id)

    def get(self, person_id: int) -> Person | None:
        row = next(self.db.query("SELECT * FROM people WHERE id = ?", [person_id]), None)
        return _person(row) if row else None

    def by_telegram(self, telegram_id: int) -> Person | None:
        row = next(self.db.query("SELECT * FROM people WHERE telegram_id = ?", [telegram_id]), None)
        return _person(row) if row else None

    def all(self) -> list[Person]:
        return [_person(row) for row in self.db.query("SELECT * FROM people ORDER BY id")]

    def belongs(self, person_id: int, org: str) -> None:
        self.db.execute("UPDATE people SET org = ? WHERE id = ?", [org, person_id])

    def wait(self, person_id: int, waiting: dict[str, Any] | None) -> None:
        """Say what the person's next text is for; None ends it."""
        value = json.dumps(waiting, ensure_ascii=False) if waiting else None
        self.db.execute("UPDATE people SET waiting = ? WHERE id = ?", [value, person_id])

    def unreachable(self, chat_id: int) -> None:
        self.db.execute("UPDATE people SET reachable = 0 WHERE chat_id = ?", [chat_id])

    def moved(self, org: str, into: str) -> None:
        """An institution became part of another: its people and their roles go over."""
        self.db.execute("UPDATE people SET org = ? WHERE org = ?", [into, org])
        self.db.execute("UPDATE grants SET org = ? WHERE org = ?", [into, org])
        self.db.execute("UPDATE invites SET org = ? WHERE org = ?", [into, org])

    def forget(self, person_id: int) -> None:
        """Remove what is held on the person here; numbers in the audit trail then lead to nobody."""
        self.db.execute("DELETE FROM people WHERE id = ?", [person_id])

    def _one(self, where: str, value: Any) -> Person:
        return _person(next(self.db.query(f"SELECT * FROM people WHERE {where}", [value])))


def _person(row: dict[str, Any]) -> Person:
    return Person(
        row["id"],
        row["telegram_id"],
        row["chat_id"],
        row["name"],
        row["org"],
        json.loads(row["waiting"]) if row["waiting"] else None,
        bool(row["reachable"]),
    )
