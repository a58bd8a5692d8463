"""What was said: every answer with its number, the questions passed on to the secretariat, and what the plans leave open.

An answer keeps its text, its question, whom it went to and which version of which plan it quotes, so that it can be found and a
correction reaches everyone who got it. The gaps carry no names: a question, a day, a plan.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from bot.moments import stored, today

FOLLOW_UP = timedelta(minutes=30)
ANSWER_PREFIX = "TL"
INQUIRY_PREFIX = "CH"


@dataclass(frozen=True)
class Answered:
    """`cited`: [{"plan", "version", "ref", "start", "end"}, …] of what was quoted."""

    id: int
    at: str
    person: int | None
    chat_id: int | None
    org: str | None
    question: str
    asked_message: int | None
    kind: str
    text: str
    cited: tuple[dict[str, Any], ...]
    rating: int | None

    @property
    def number(self) -> str:
        return numbered(ANSWER_PREFIX, self.id)


@dataclass(frozen=True)
class Inquiry:
    """A question on its way to the secretariat and back."""

    id: int
    answer: int
    at: str
    person: int | None
    org: str
    question: str
    reply: str | None
    replied_by: int | None

    @property
    def number(self) -> str:
        return numbered(INQUIRY_PREFIX, self.id)


def numbered(prefix: str, value: int) -> str:
    """ "TL-0012": the number under which a thing is spoken of."""
    return f"{prefix}-{value:04d}"


def number_in(text: str, prefix: str) -> int | None:
    """The id in "TL-0012", "tl 12" or "12"; None where the text is no such number."""
    tail = text.strip().upper().removeprefix(prefix).lstrip("- ")
    return int(tail) if tail.isdigit() and len(tail) < 12 else None


class Register:
    """Writes within the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def moved(self, org: str, into: str) -> None:
        """An institution became part of another: its answers and questions go over."""
        for table in ("answers", "inquiries", "gaps"):
            self.db.execute(f"UPDATE {table} SET org = ? WHERE org = ?", [into, org])

    # --- answers

    def answered(
        self,
        *,
        person: int,
        chat_id: int,
        org: str | None,
        question: str,
        asked_message: int | None,
        kind: str,
        text: str,
        cited: Sequence[dict[str, Any]],
        now: datetime,
    ) -> Answered:
        self.db.table("answers").insert(
            {
                "at": stored(now),
                "person": person,
                "chat_id": chat_id,
                "org": org,
                "question": question,
                "asked_message": asked_message,
                "kind": kind,
                "text": text,
                "cited": json.dumps(list(cited), ensure_ascii=False),
            }
        )
        return _answered(next(self.db.query("SELECT * FROM answers WHERE id = last_insert_rowid()")))

    def answer(self, answer_id: int) -> Answered | None:
        row = next(self.db.query("SELECT * FROM answers WHERE id = ?", [answer_id]), None)
        return _answered(row) if row else None

    def history(self, person: int, now: datetime, count: int = 4) -> list[str]:
        """The person's last questions of this conversation, oldest first."""
        rows = self.db.query(
            "SELECT question FROM answers WHERE person = ? AND at >= ? ORDER BY id DESC LIMIT ?",
            [person, stored(now - FOLLOW_UP), count],
        )
        return [row["question"] for row in rows][::-1]

    def latest(self, person: int, now: datetime) -> Answered | None:
        """The last answer of this conversation."""
        rows = self.db.query(
            "SELECT * FROM answers WHERE person = ? AND at >= ? ORDER BY id DESC LIMIT 1", [person, stored(now - FOLLOW_UP)]
        )
        row = next(rows, None)
        return _answered(row) if row else None

    def rate(self, answer_id: int, rating: int) -> None:
        self.db.execute("UPDATE answers SET rating = ? WHERE id = ?", [rating, answer_id])

    def alike(self, answer: Answered) -> list[Answered]:
        """The answers that quote the same places of the same plan versions, this one included: one correction is for all."""
        if not answer.cited:
            return [answer]
        rows = self.db.query(
            "SELECT * FROM answers WHERE cited = ? AND kind = ? AND org IS ? ORDER BY id",
            [json.dumps(list(answer.cited), ensure_ascii=False), answer.kind, answer.org],
        )
        return [_answered(row) for row in rows]

    def corrected(self, answer_id: int, now: datetime) -> None:
        self.db.execute("UPDATE answers SET corrected_at = ? WHERE id = ?", [stored(now), answer_id])

    def of(self, person: int) -> list[Answered]:
        rows = self.db.query("SELECT * FROM answers WHERE person = ? ORDER BY id", [person])
        return [_answered(row) for row in rows]

    def forget(self, person: int) -> None:
        """Cut a person's answers and questions loose from them; what was asked in their own words goes."""
        self.db.execute(
            "UPDATE answers SET person = NULL, chat_id = NULL, question = '', asked_message = NULL WHERE person = ?",
            [person],
        )
        self.db.execute("UPDATE inquiries SET person = NULL, question = '' WHERE person = ?", [person])

    def forget_before(self, moment: datetime) -> None:
        """Cut what was asked before a moment loose from whoever asked it; what the bot said stays."""
        loose = "UPDATE {} SET person = NULL, {}question = '' WHERE at < ? AND person IS NOT NULL"
        self.db.execute(loose.format("answers", "chat_id = NULL, asked_message = NULL, "), [stored(moment)])
        self.db.execute(loose.format("inquiries", ""), [stored(moment)])

    # --- questions passed on

    def pass_on(self, answer: Answered, org: str, now: datetime) -> tuple[Inquiry, bool]:
        """Open an inquiry for an answer; (the one that is there, False) where it was passed on already."""
        there = self.passed_on(answer)
        if there:
            return there, False
        self.db.table("inquiries").insert(
            {"answer": answer.id, "at": stored(now), "person": answer.person, "org": org, "question": answer.question}
        )
        opened = self.passed_on(answer)
        assert opened is not None
        return opened, True

    def passed_on(self, answer: Answered) -> Inquiry | None:
        """The inquiry that an answer's question went on with."""
        return self._inquiry("answer = ?", answer.id)

    def inquiry(self, inquiry_id: int) -> Inquiry | None:
        return self._inquiry("id = ?", inquiry_id)

    def open_inquiries(self, org: str) -> list[Inquiry]:
        rows = self.db.query("SELECT * FROM inquiries WHERE org = ? AND reply IS NULL ORDER BY id", [org])
        return [_inquiry(row) for row in rows]

    def reply(self, inquiry_id: int, reply: str, by: int, now: datetime) -> bool:
        """Store the secretariat's reply; False where somebody was faster."""
        changed = self.db.execute(
            "UPDATE inquiries SET reply = ?, replied_by = ?, replied_at = ? WHERE id = ? AND reply IS NULL",
            [reply, by, stored(now), inquiry_id],
        )
        return changed.rowcount == 1

    def keep(self, inquiry_id: int, reply_id: int) -> None:
        """Remember under which number the library keeps the reply to an inquiry for reuse."""
        self.db.execute("UPDATE inquiries SET kept_reply = ? WHERE id = ?", [reply_id, inquiry_id])

    def kept(self, inquiry_id: int) -> int | None:
        row = next(self.db.query("SELECT kept_reply FROM inquiries WHERE id = ?", [inquiry_id]), None)
        return row["kept_reply"] if row else None

    def behind(self, reply_id: int) -> Inquiry | None:
        """The inquiry whose reply the library keeps under this number."""
        return self._inquiry("kept_reply = ?", reply_id)

    def drop(self, inquiry_id: int) -> None:
        """The reply to an inquiry is no longer kept for reuse."""
        self.db.execute("UPDATE inquiries SET kept_reply = NULL WHERE id = ?", [inquiry_id])

    def _inquiry(self, where: str, value: int) -> Inquiry | None:
        row = next(self.db.query(f"SELECT * FROM inquiries WHERE {where}", [value]), None)
        return _inquiry(row) if row else None

    # --- what the plans leave open

    def gap(self, question: str, org: str | None, plan: str | None, now: datetime) -> None:
        self.db.table("gaps").insert({"day": today(now).isoformat(), "org": org, "plan": plan, "question": question[:500]})

    def gaps(self, org: str, count: int = 15) -> list[tuple[str, int]]:
        """What people asked and the plan does not say, most asked first: (question, times)."""
        rows = self.db.query(
            "SELECT min(question) AS question, count(*) AS times FROM gaps WHERE org = ?"
            " GROUP BY lower(question) ORDER BY times DESC, max(id) DESC LIMIT ?",
            [org, count],
        )
        return [(row["question"], row["times"]) for row in rows]


def _answered(row: dict[str, Any]) -> Answered:
    return Answered(
        row["id"],
        row["at"],
        row["person"],
        row["chat_id"],
        row["org"],
        row["question"],
        row["asked_message"],
        row["kind"],
        row["text"],
        tuple(json.loads(row["cited"])),
        row["rating"],
    )


def _inquiry(row: dict[str, Any]) -> Inquiry:
    return Inquiry(
        row["id"],
        row["answer"],
        row["at"],
        row["person"],
        row["org"],
        row["question"],
        row["reply"],
        row["replied_by"],
    )
