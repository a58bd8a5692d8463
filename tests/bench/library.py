"""The index at size: building it, changing one plan, questions to one institution and to all.

Times are of one thread. With `clock="cpu"` they are the processor's time, which does not depend on what else the machine does.
"""

from __future__ import annotations

import json
import resource
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial

import numpy as np

from bot.database import Database, open_database
from index.across import Across, ranked
from index.embed import Embedder
from index.engine import Engine
from index.question import understand
from index.search import ONE_BY_ONE, Index, Live
from knowledge.library import Library
from knowledge.model import Plan
from tests.bench import generator
from tests.bench.section import Options, Row, clock_of, median, percentiles

NAME = "library"
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ADDED = 5  # plans added, replaced and retired one by one


@dataclass(frozen=True)
class Stock:
    """A library of invented plans with its index; `built` are the figures of its building."""

    count: int
    db: Database
    library: Library
    index: Index
    embedder: Embedder
    built: Mapping[str, float]


def stocked(count: int, options: Options, embedder: Embedder) -> Stock:
    """The library of so many plans, taken over from the folder where it is there already."""
    folder = options.folder / f"{count}x{options.clauses}-{options.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    db = open_database(folder / "library.db")
    library, index, figures = Library(db), Index(folder / "index"), folder / "built.json"
    have = len(library.live_keys())
    with db.atomic():
        for number in range(have, count):
            one = generator.institution(number, options.seed)
            library.add_institution(one.slug, one.name)
            library.add(generator.plan(number, options.clauses, options.seed), sha256=f"{number:064d}", now=NOW)
    if not figures.exists():
        clock = clock_of(options)
        began, asked = time.perf_counter(), clock()
        brought_up(index, library, embedder)
        generation = index.current()
        assert generation is not None
        clauses = sum(entry.passages for entry in generation.entries.values())
        size = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
        told = {
            "seconds": clock() - asked,
            "wall": time.perf_counter() - began,
            "clauses": clauses,
            "disk_mb": size / 1e6,
            "peak_mb": peak_mb(),
        }
        figures.write_text(json.dumps(told), encoding="utf-8")
    return Stock(count, db, library, index, embedder, json.loads(figures.read_text(encoding="utf-8")))


def brought_up(index: Index, library: Library, embedder: Embedder) -> None:
    """Reindex as the bot does after a plan was added."""

    def read(key: tuple[str, int]) -> Plan | None:
        stored = library.get(*key)
        return stored.plan if stored else None

    index.update([Live(*row) for row in library.live_marks()], read, embedder)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(options: Options) -> list[Row]:
    embedder = Embedder()
    embedder.encode(["đề nghị"])
    rows: list[Row] = []
    within: dict[int, float] = {}
    for count in sorted(options.plans):
        stock = stocked(count, options, embedder)
        clauses = int(stock.built["clauses"])
        size = f"{count:,} plans, {clauses:,} clauses"
        rows.append(
            Row(
                f"indexing {size}",
                clauses / stock.built["seconds"],
                "clauses/s",
                size=clauses,
                more={key: round(stock.built[key], 1) for key in ("seconds", "disk_mb", "peak_mb")},
            )
        )
        engine = Engine(stock.index, embedder)
        opening = timed(options, partial(engine.refresh, stock.library))
        rows.append(Row(f"opening the index of {size}", opening, "s", size=clauses))
        asked = generator.questions(options.questions, count, options.clauses, options.seed)
        times = percentiles(asking(engine, asked, options))
        within[count] = times["p95"]
        smallest = min(within)
        beside = f"with {smallest} plans" if count > smallest else ""
        rows.append(
            Row(
                f"question to one institution of {count:,}, p95",
                times["p95"],
                "ms",
                beside,
                times["p95"] / within[smallest] if beside else None,
                at_most=1.5 if beside else None,
                size=clauses,
                more=rounded(times),
            )
        )
        if count > ONE_BY_ONE:
            rows.extend(across_rows(stock, asked, size, options))
            rows.extend(changing(stock, engine, size, options))
        rows.append(Row(f"peak memory with {size}", peak_mb(), "MB", at_most=6_000 if clauses > 500_000 else None, size=clauses))
        stock.db.close()
    return rows


def asking(engine: Engine, asked: list[generator.Asked], options: Options) -> list[float]:
    """Milliseconds of each question, put to the institution whose plan it is about."""
    clock = clock_of(options)
    engine.ask(asked[0].question, org=generator.slug_of(asked[0].plan), today=TODAY)
    times = []
    for one in asked:
        began = clock()
        engine.ask(one.question, org=generator.slug_of(one.plan), today=TODAY)
        times.append((clock() - began) * 1000)
    return times


def opened(stock: Stock) -> Across:
    generation = stock.index.current()
    assert generation is not None
    across = stock.index.across({entry.file for entry in generation.entries.values()}, stock.embedder.identity)
    assert across is not None
    return across


def across_rows(stock: Stock, asked: list[generator.Asked], size: str, options: Options) -> list[Row]:
    """Ten clauses of all institutions for a question, encoded and read within the time; and how many of the exact ten are among them."""
    clock, across, clauses = clock_of(options), opened(stock), int(stock.built["clauses"])
    times, shares = [], []
    for one in asked:
        began = clock()
        question = understand(one.question)
        vector = stock.embedder.encode([question.whole_text])[0]
        hits = across.search(question, vector, 10)
        times.append((clock() - began) * 1000)
        last = exact_scores(across, one.question, stock.embedder)[-1]
        shares.append(sum(hit.score >= last - 1e-5 for hit in hits) / 10)
    figures = percentiles(times)
    return [
        Row(f"search over {size}, p95", figures["p95"], "ms", size=clauses, more=rounded(figures)),
        Row(f"recall@10 beside exact search, {size}", float(np.mean(shares)), "", at_least=0.98, size=clauses),
    ]


def exact_scores(across: Across, question: str, embedder: Embedder, k: int = 10) -> list[float]:
    """The k best scores when every clause is scored by words and by its vector."""
    asked = understand(question)
    places, weights = across.weighted(asked)
    words = [block.scores(at, weights) for block, at in zip(across.blocks, places, strict=True)]
    for scores, alive in zip(words, across.alive, strict=True):
        if alive is not None:
            scores[~alive] = 0
    largest = max(float(scores.max(initial=0)) for scores in words)
    every = [
        (block, np.arange(block.size) if alive is None else np.flatnonzero(alive), scores if alive is None else scores[alive])
        for block, scores, alive in zip(across.blocks, words, across.alive, strict=True)
    ]
    return [hit.score for hit in ranked(every, largest, embedder.encode([asked.whole_text])[0], k)]


def changing(stock: Stock, engine: Engine, size: str, options: Options) -> list[Row]:
    """A plan added, replaced and retired, until the index is in force and the engine answers from it; questions go on meanwhile."""
    asked = generator.questions(60, stock.count, options.clauses, options.seed + 1)
    calm = percentiles(asking(engine, asked, replace(options, clock="wall")))["p95"]
    took: dict[str, list[float]] = {"adding": [], "replacing": [], "retiring": []}
    taken = sum(one.slug not in engine.catalogue.live for one in stock.library.institutions())  # what earlier runs added and retired
    numbers = range(10_000_000 + taken, 10_000_000 + taken + ADDED)
    with answering(engine, asked) as busy:
        for number in numbers:
            one = generator.institution(number, options.seed)
            stock.library.add_institution(one.slug, one.name)
            first, second = (generator.plan(number, options.clauses, options.seed + extra) for extra in (0, 1))
            acts: dict[str, Callable[[], object]] = {
                "adding": partial(stock.library.add, first, sha256=f"{number}a", now=NOW),
                "replacing": partial(stock.library.add, second, sha256=f"{number}b", now=NOW, replaces=f"{one.slug}-1"),
                "retiring": partial(stock.library.retire, f"{one.slug}-1", NOW),
            }
            for what, act in acts.items():
                took[what].append(timed(options, partial(settled, stock, engine, act)))
    rows = [
        Row(
            f"{what} one plan in {size}",
            median(took[what]),
            "s",
            "building all",
            median(took[what]) / stock.built["seconds"],
            at_most=0.01 if stock.count >= 10_000 else None,
            size=int(stock.built["clauses"]),
        )
        for what in took
    ]
    meanwhile = percentiles(busy)["p95"]
    rows.append(
        Row(
            f"question while plans are added to {stock.count:,}, p95",
            meanwhile,
            "ms",
            "when nothing is added",
            meanwhile / calm,
            at_most=2.0 if stock.count >= 1_000 else None,
        )
    )
    return rows


def settled(stock: Stock, engine: Engine, act: Callable[[], object]) -> None:
    act()
    brought_up(stock.index, stock.library, stock.embedder)
    engine.refresh(stock.library)


@contextmanager
def answering(engine: Engine, asked: list[generator.Asked]) -> Iterator[list[float]]:
    """Questions put from another thread, ten a second at most, while the block runs; their milliseconds."""
    times: list[float] = []
    done = threading.Event()

    def ask() -> None:
        while not done.wait(0.1):
            one = asked[len(times) % len(asked)]
            began = time.perf_counter()
            engine.ask(one.question, org=generator.slug_of(one.plan), today=TODAY)
            times.append((time.perf_counter() - began) * 1000)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield times
    finally:
        done.set()
        thread.join()


def timed(options: Options, act: Callable[[], object]) -> float:
    clock = time.thread_time if options.clock == "cpu" else time.perf_counter
    began = clock()
    act()
    return clock() - began


def rounded(figures: Mapping[str, float]) -> dict[str, float | str]:
    return {name: round(value, 2) for name, value in figures.items()}
