"""The data folder opened for a command: its database, library and index. Only one process writes at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import lock
from bot.database import Database, open_database, open_readonly
from index.search import Index
from knowledge.library import Library

if TYPE_CHECKING:
    from index.engine import Engine


@dataclass(frozen=True)
class Workspace:
    folder: Path
    db: Database
    library: Library
    index: Index

    def engine(self) -> Engine:
        """The engine over this folder, with the library as it is now."""
        from index.engine import Engine

        engine = Engine(self.index)
        engine.refresh(self.library)
        return engine

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)


@contextmanager
def reading(folder: Path) -> Iterator[Workspace]:
    """The folder for a command that only looks: works beside a running bot. A folder that is not there yet is made."""
    path = folder / "guongsang.db"
    if not path.exists():
        open_database(path).close()
    db = open_readonly(path)
    try:
        yield Workspace(folder, db, Library(db), Index(folder / "index"))
    finally:
        db.close()


@contextmanager
def writing(folder: Path) -> Iterator[Workspace]:
    """The folder for a command that changes it. Raises BusyError, with what to do, while the bot or another command has it."""
    with lock.hold(folder, "command"):
        db = open_database(folder / "guongsang.db")
        try:
            yield Workspace(folder, db, Library(db), Index(folder / "index"))
        finally:
            db.close()
