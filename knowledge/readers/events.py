"""What a parser yields while it reads: pages, warnings, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..model import Page, Warned
from .limits import Limits


@dataclass(frozen=True)
class Progress:
    """`done` of `total` pages are read."""

    done: int
    total: int


@dataclass(frozen=True)
class Job:
    """What a parser is given. `path` is a private copy of the file, `name` the shortened name for messages."""

    path: Path
    name: str
    limits: Limits


Event = Page | Warned | Progress
Parser = Callable[[Job], Iterator[Event]]
