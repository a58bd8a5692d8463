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
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import sqlite_utils
from sqlite_utils.migrations import Migrations

from bot import encryption, failpoints
from bot.group_commit import GroupCommit, LostError, Ticket

BUSY_TIMEOUT_MS = 2_000
_TRANSIENT = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
_PRIMARY_CODE = 0xFF


class TransactionMisuseError(RuntimeError):
    """A transaction was entered from another task or thread while one was open: there is an `await` inside `atomic()`."""


class Database(sqlite_utils.Database):
    """sqlite-utils' database whose outermost transaction takes the write lock at once and tells listeners of its end.

    `committing` is called with `final` inside the transaction, just before its end; `committed` after it. `final=False`
    says that the update being handled is not finished by this transaction (see `bot.inbox`). Between entering and leaving
    `atomic()` nothing may be awaited: the connection is shared by all tasks.

    While `together()` is entered, transactions are durable only once their `ticket` is done; otherwise when they end.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.committing: list[Callable[[bool], None]] = []
        self.committed: list[Callable[[], None]] = []
        self._owner: object = None
        self._group: GroupCommit | None = None
        super().__init__(connection)

    @contextlib.contextmanager
    def atomic(self, *, final: bool = True, urgent: bool = True) -> Iterator[Database]:
        """One transaction; nested ones are savepoints of it. Raises what SQLite raises, with nothing changed.

        `urgent=False`: nobody waits for it to be durable, so that it may wait for others.
        """
        if self._owner is not None or (self.conn.in_transaction and self.ticket is None):
            if self._owner is not None and self._owner != _here():
                raise TransactionMisuseError("a transaction of another task is open: do not await inside atomic()")
            with self._nested():
                yield self
            return
        group = self._group
        with self._alone(final) if group is None or group.refuses() else self._within(group, final, urgent):
            yield self
        for told in self.committed:
            told()

    def query(self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> Generator[dict[str, Any], None, None]:
        """Rows as dictionaries. sqlite-utils puts a savepoint around every query; a SELECT, which changes nothing, needs none."""
        return self.rows(sql, params) if sql.startswith("SELECT") else super().query(sql, params)

    def rows(self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> Generator[dict[str, Any], None, None]:
        """Rows as dictionaries, without a savepoint: a statement that changes something stands in a transaction of the caller's."""
        found = self.execute(sql, params)
        names = [column[0] for column in found.description]
        return (dict(zip(names, row, strict=True)) for row in found)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Transactions of the running event loop are committed in groups while this is entered; what is open at the end is written."""
        self._group = GroupCommit(self._commit, self._take_back)
        try:
            yield
        finally:
            self.flush()
            self._group = None

    @property
    def ticket(self) -> Ticket | None:
        """What the transaction that has just ended waits for; None where it is durable already."""
        return None if self._group is None else self._group.ticket

    async def durable(self) -> None:
        """Returns when everything written so far is on the disk. Raises LostError where it is not.

        Only what was written since this task last gave way to others is sure to be in it: take the `ticket` at once.
        """
        if (ticket := self.ticket) is not None:
            await asyncio.shield(ticket)

    def flush(self) -> None:
        """Writes now what waits for company. A failure reaches those who wait for it."""
        if self._group is not None:
            self._group.close()

    def when_durable(self, call: Callable[[], None]) -> None:
        """Calls when what was just written is on the disk; not at all where it fails to get there."""
        ticket = self.ticket
        if ticket is None:
            call()
        else:
            ticket.add_done_callback(lambda done: None if done.cancelled() or done.exception() else call())

    @contextlib.contextmanager
    def _alone(self, final: bool) -> Iterator[None]:
        """A transaction that is committed when it ends."""
        self._begin()
        try:
            yield
            self._ending(final)
            self._commit()
        except BaseException:
            self._take_back()
            raise
        finally:
            self._owner = None

    @contextlib.contextmanager
    def _within(self, group: GroupCommit, final: bool, urgent: bool) -> Iterator[None]:
        """A transaction that is a savepoint of the group's, begun by its first one."""
        if group.ticket is None:
            self._begin()
        self._owner = _here()
        try:
            with self._nested():
                yield
                self._ending(final)
        except BaseException as error:
            if not self.conn.in_transaction:
                group.lost(error)
            raise
        finally:
            self._owner = None
            if self.conn.in_transaction:
                group.joined(urgent=urgent)

    @contextlib.contextmanager
    def _nested(self) -> Iterator[None]:
        """A savepoint. They share one name, the innermost is meant: so their statements are prepared once."""
        self.conn.execute("SAVEPOINT nested")
        try:
            yield
        except BaseException:
            if self.conn.in_transaction:  # SQLite itself may have taken everything back
                self.conn.execute("ROLLBACK TO nested")
                self.conn.execute("RELEASE nested")
            raise
        self.conn.execute("RELEASE nested")

    def _begin(self) -> None:
        self.conn.execute("BEGIN IMMEDIATE")
        self._owner = _here()

    def _ending(self, final: bool) -> None:
        for listener in self.committing:
            listener(final)

    def _commit(self) -> None:
        failpoints.hit("commit.begun")
        self.conn.execute("COMMIT")
        failpoints.hit("commit.ended")

    def _take_back(self) -> None:
        if self.conn.in_transaction:
            self.conn.execute("ROLLBACK")


def _here() -> object:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    return (threading.get_ident(), id(task))


def open_database(path: Path) -> Database:
    """The database at `path`, made where absent, with every migration of the packages applied.

    Raises `sqlite3.DatabaseError` for a file that is no database, and where GUONGSANG_KEY does not go with it.
    """
    _private_folder(path.parent)
    if not path.exists():
        path.touch(mode=0o600)
    key = encryption.key_in_force()
    connection = encryption.connect(path, key, timeout_s=BUSY_TIMEOUT_MS / 1000)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    db = _migrated(Database(connection))
    if key is not None and encryption.cipher_of(db) is None:
        with db.atomic():
            encryption.give_files_key(db)
    return db


def open_memory() -> Database:
    """A database in memory with the same tables: for the demo's and the tests' short lives."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("PRAGMA foreign_keys=ON")
    return _migrated(Database(connection))


def open_readonly(path: Path) -> Database:
    """The database for commands that only read, beside a running bot: such a connection can neither write nor checkpoint."""
    key = encryption.key_in_force()
    return Database(encryption.connect(path, key, readonly=True, timeout_s=BUSY_TIMEOUT_MS / 1000))


def is_transient(error: BaseException | None) -> bool:
    """Whether SQLite may succeed later with the same statement: locked, disk full, an I/O error, lost with others' transactions."""
    if isinstance(error, LostError):
        return True
    if not isinstance(error, encryption.operational_errors()):
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
