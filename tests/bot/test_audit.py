"""The audit trail is append-only; details can be forgotten, facts cannot."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import pytest

from bot.audit import Audit
from bot.database import Database, open_memory

NOW = datetime(2026, 11, 20, 2, 42, tzinfo=UTC)


@pytest.fixture
def db() -> Database:
    return open_memory()


def test_entry_is_kept_with_its_detail(db: Database) -> None:
    Audit(db).add(
        "accept", now=NOW, person=1, role="secretariat", org="truong-a", subject="ĐC-0001", before={"state": "submitted"}
    )
    (entry,) = Audit(db).about("ĐC-0001")
    assert (entry.action, entry.role, entry.detail) == ("accept", "secretariat", {"before": {"state": "submitted"}})


def test_subject_of_another_institution_is_another_thing(db: Database) -> None:
    for org in ("truong-a", "truong-b"):
        Audit(db).add("accept", now=NOW, org=org, subject="ĐC-0001")
    assert [entry.org for entry in Audit(db).about("ĐC-0001", "truong-b")] == ["truong-b"]


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM audit", "UPDATE audit SET action = 'x'", "UPDATE audit SET detail = '{}'", "UPDATE audit SET person = NULL"],
)
def test_change_of_an_entry_is_refused(db: Database, statement: str) -> None:
    Audit(db).add("accept", now=NOW, person=1, subject="ĐC-0001", reason="đủ")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)


def test_forgetting_empties_the_detail_and_keeps_the_fact(db: Database) -> None:
    Audit(db).add("submit", now=NOW, person=1, org="truong-a", subject="ĐC-0001", after={"name": "Nguyễn Thị Hoa"})
    Audit(db).forget("ĐC-0001", "truong-a")
    (entry,) = Audit(db).about("ĐC-0001")
    assert (entry.action, entry.detail) == ("submit", {})
