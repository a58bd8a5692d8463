"""The database keeps what was committed, and nothing of what was not."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.database import Database, TransactionMisuseError, is_locked, is_transient, open_database, open_readonly


@pytest.fixture
def db(tmp_path: Path) -> Database:
    made = open_database(tmp_path / "g.db")
    made.execute("CREATE TABLE t (x INTEGER)")
    return made


def rows(db: Database) -> list[int]:
    return [int(row[0]) for row in db.execute("SELECT x FROM t ORDER BY x").fetchall()]


def test_database_is_durable_and_checks_references(db: Database) -> None:
    pragmas = {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_database_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        open_database(tmp_path / "data" / "g.db").execute("CREATE TABLE t (x)")
        (tmp_path / "data" / "made later").write_text("x")
    finally:
        os.umask(before)
    for path in (tmp_path / "data", *(tmp_path / "data").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "g.db").write_bytes(b"khong phai co so du lieu" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        open_database(tmp_path / "g.db")


def test_outer_failure_takes_inner_transactions_back(db: Database) -> None:
    with contextlib.suppress(ZeroDivisionError), db.atomic(), db.atomic():
        db.execute("INSERT INTO t VALUES (1)")
        raise ZeroDivisionError
    assert rows(db) == []


def test_inner_failure_leaves_the_outer_transaction(db: Database) -> None:
    with db.atomic():
        db.execute("INSERT INTO t VALUES (1)")
        try:
            with db.atomic():
                db.execute("INSERT INTO t VALUES (2)")
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    assert rows(db) == [1]


def test_failing_listener_takes_the_transaction_back(db: Database) -> None:
    def refuse(final: bool) -> None:
        raise ZeroDivisionError

    db.committing.append(refuse)
    with pytest.raises(ZeroDivisionError), db.atomic():
        db.execute("INSERT INTO t VALUES (1)")
    assert rows(db) == []


def test_transaction_open_over_an_await_is_found_out(db: Database) -> None:
    async def other() -> None:
        with db.atomic():
            pass

    async def scene() -> None:
        with db.atomic():
            await asyncio.create_task(other())

    with pytest.raises(TransactionMisuseError):
        asyncio.run(scene())


def test_copy_of_the_files_in_the_middle_of_a_write_opens_with_what_was_committed(db: Database, tmp_path: Path) -> None:
    """What a power loss leaves: the files as they are, without a checkpoint, a transaction half-way."""
    with db.atomic():
        db.execute("INSERT INTO t VALUES (1)")
    with db.atomic():
        db.execute("INSERT INTO t SELECT 2")
        (tmp_path / "copy").mkdir()
        for path in tmp_path.glob("g.db*"):
            shutil.copy(path, tmp_path / "copy" / path.name)
    assert rows(open_database(tmp_path / "copy" / "g.db")) == [1]


def test_reader_beside_the_bot_sees_what_is_committed_and_cannot_write(db: Database, tmp_path: Path) -> None:
    with db.atomic():
        db.execute("INSERT INTO t VALUES (1)")
    reader = open_readonly(tmp_path / "g.db")
    assert rows(reader) == [1]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("INSERT INTO t VALUES (2)")


def test_locked_database_is_known_as_passing(db: Database, tmp_path: Path) -> None:
    db.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(tmp_path / "g.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as raised, db.atomic():
        pass
    assert is_transient(raised.value)
    assert is_locked(raised.value)


def test_mistake_in_a_statement_is_not_passing(db: Database) -> None:
    with pytest.raises(sqlite3.OperationalError) as raised:
        db.execute("SELECT nonsense FROM nowhere")
    assert not is_transient(raised.value)


def test_full_disk_leaves_nothing_half_written_and_passes(db: Database) -> None:
    """SQLite's own limit on pages stands for a full disk; `tests/faults` fills a real one where the machine allows it."""
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(sqlite3.OperationalError) as raised:
        _write_much(db)
    assert is_transient(raised.value)
    assert not is_locked(raised.value)
    assert rows(db) == []
    db.execute("PRAGMA max_page_count = 1000000")
    with db.atomic():
        db.execute("INSERT INTO t VALUES (1)")
    assert rows(db) == [1]


def _write_much(db: Database) -> None:
    with db.atomic():
        db.execute("INSERT INTO t VALUES (1)")
        db.execute("CREATE TABLE big (x)")
        db.execute("INSERT INTO big VALUES (zeroblob(1000000))")


KILLED = """
import os, signal, sys
from pathlib import Path
from bot.database import open_database
db = open_database(Path(sys.argv[1]))
with db.atomic():
    db.execute("CREATE TABLE t (x INTEGER)")
    db.execute("INSERT INTO t VALUES (1)")
with db.atomic():
    db.execute("INSERT INTO t VALUES (2)")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_process_killed_in_a_transaction_leaves_the_one_before(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    code = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "g.db")], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False
    ).returncode
    assert code == -9
    assert rows(open_database(tmp_path / "g.db")) == [1]
