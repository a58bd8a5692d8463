"""The one SQLite database: how it is opened, and what a transaction is.

One connection writes and checkpoints (SQLite before 3.51.3 can lose a commit when another connection resets the WAL), all of it
on the event loop's thread. Commands that only read open the file read-only and cannot checkpoint.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.util
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import sqlite_utils
from sqlite_utils.migrations import Migrations

BUSY_TIMEOUT_MS = 2_000
_TRANSIENT = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
_PRIMARY_CODE = 0xFF


class TransactionMisuseError(RuntimeError):
    """A transaction was entered from another task or thread while one was open: there is an `await` inside `atomic()`."""


class Database(sqlite_utils.Database):
    """sqlite-utils' database whose outermost transaction takes the write lock at once and tells listeners of its end.

    `committing` is called with `final` inside the transaction, just before COMMIT; `committed` after it succeeded. `final=False`
    says that the update being handled is not finished by this transaction (see `bot.inbox`). Between entering and leaving
    `atomic()` nothing may be awaited: the connection is shared by all tasks.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.committing: list[Callable[[bool], None]] = []
        self.committed: list[Callable[[], None]] = []
        self._owner: object = None
        super().__init__(connection)

    @contextlib.contextmanager
    def atomic(self, *, final: bool = True) -> Iterator[Database]:
        """One transaction; nested ones are savepoints of it. Raises what SQLite raises, with nothing changed."""
        if self.conn.in_transaction:
            if self._owner is not None and self._owner != _here():
                raise TransactionMisuseError("a transaction of another task is open: do not await inside atomic()")
            with super().atomic():
                yield self
            return
        self.conn.execute("BEGIN IMMEDIATE")
        self._owner = _here()
        try:
            yield self
            for listener in self.committing:
                listener(final)
            self.conn.execute("COMMIT")
        except BaseException:
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK")
            raise
        finally:
            self._owner = None
        for told in self.committed:
            told()


def _here() -> object:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    return (threading.get_ident(), id(task))


def open_database(path: Path) -> Database:
    """The database at `path`, made where absent, with every migration of the packages applied.

    Raises `sqlite3.DatabaseError` for a file that is no database.
    """
    _private_folder(path.parent)
    if not path.exists():
        path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return _migrated(Database(connection))


def open_memory() -> Database:
    """A database in memory with the same tables: for the demo's and the tests' short lives."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("PRAGMA foreign_keys=ON")
    return _migrated(Database(connection))


def open_readonly(path: Path) -> Database:
    """The database for commands that only read, beside a running bot: such a connection can neither write nor checkpoint."""
    uri = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_MS / 1000, check_same_thread=False)
    return Database(connection)


def is_transient(error: BaseException | None) -> bool:
    """Whether SQLite may succeed later with the same statement: locked, disk full, an I/O error."""
    if not isinstance(error, sqlite3.OperationalError):
        return False
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and (code & _PRIMARY_CODE) in _TRANSIENT


def is_locked(error: BaseException | None) -> bool:
    """Whether another process holds the write lock: this passes by itself."""
    return is_transient(error) and getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE == sqlite3.SQLITE_BUSY


def _migrated(db: Database) -> Database:
    for migrations in _all_migrations():
        migrations.apply(db)
    return db


def _all_migrations() -> Iterator[Migrations]:
    for package in ("knowledge", "forms", "bot"):
        name = f"{package}.migrations"
        if importlib.util.find_spec(name) is not None:
            yield cast(Migrations, importlib.import_module(name).migrations)


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.umask(0o077)
