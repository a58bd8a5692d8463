"""What every section of the bench is: a module with `NAME` and `measure(options) -> list[Row]`.

`python -m tests.bench` runs the sections listed in `tests/bench/__main__.py` and prints their rows as one table.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Options:
    """What a run was asked for. `folder` is an empty scratch folder that goes when the run ends; `plans` are sizes of libraries.

    `clock` is "wall", or "cpu" for the processor's time of this process, which does not depend on what else the machine does.
    """

    folder: Path
    plans: tuple[int, ...] = (10, 1_000)
    clauses: int = 100
    questions: int = 200
    repeat: int = 3
    seed: int = 20
    peers: bool = True
    clock: str = "wall"


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, the figure, and what it stands beside.

    `ratio` is `value` divided by the figure of `beside`; `at_most` and `at_least` are what the project asks of the ratio, or of the
    value where there is no ratio. `size` (plans, clauses, people) places the row in the picture of growing cost; `more` are further
    figures by name (p50, p99, recall), shown behind the value.
    """

    what: str
    value: float
    unit: str
    beside: str = ""
    ratio: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    size: int | None = None
    more: dict[str, float | str] = field(default_factory=dict)

    @property
    def holds(self) -> bool | None:
        """Whether the figure is as asked; None where nothing is asked."""
        figure = self.value if self.ratio is None else self.ratio
        if self.at_most is None and self.at_least is None:
            return None
        return (self.at_most is None or figure <= self.at_most) and (self.at_least is None or figure >= self.at_least)


class Section(Protocol):
    NAME: str

    def measure(self, options: Options) -> list[Row]: ...


def clock_of(options: Options) -> Callable[[], float]:
    """Seconds from some moment on."""
    return time.process_time if options.clock == "cpu" else time.perf_counter


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99 of measurements, by the nearest rank; all 0 where there are none."""
    ranked = sorted(values)
    if not ranked:
        return {"p50": 0.0, "p95": 0.0, "p99": 0.0}
    return {f"p{part}": ranked[min(len(ranked) - 1, -(-len(ranked) * part // 100) - 1)] for part in (50, 95, 99)}


def median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0.0
