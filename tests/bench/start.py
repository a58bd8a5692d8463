"""From nothing to the first answer, beside `import sentence_transformers` alone; what a question takes afterwards; and memory.

The five institutions with the digests of their plans stand for an office's data. Each start is a process of its own, and the two sides
take turns, so that both find the files in the same caches.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.clock import utc_now
from bot.commands.demo import DEFAULT_ORG, load_digests
from bot.database import open_database
from bot.people import People
from tests.bench.section import Options, Row, median, percentiles
from tests.bot.crowd import FIRST, QUESTIONS, Crowd, Talker, crowd, run_bot
from tests.bot.processes import ROOT

NAME = "start, questions and memory"
BARE = "import sentence_transformers"
COLD_AT_MOST = 1.3
IDLE_MB_AT_MOST = 1_000.0
ORGS = ("bachkhoa", "hatinh", "thainguyen", "tiengiang", "vinhthuan")
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Started:
    """One process from its start to its end: seconds, the most memory it took in MB, and what it printed."""

    wall: float
    cpu: float
    peak_mb: float
    printed: str

    def by(self, clock: str) -> float:
        """Seconds by the clock that the figures are to be by."""
        return self.cpu if clock == "cpu" else self.wall


_MEASURED = """
import resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=True)
seconds = time.perf_counter() - began
scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / scale)
sys.stdout.buffer.write(done.stdout)
"""


def started(*command: str) -> Started:
    """`python …` from a small process, so that its memory is told apart from ours."""
    out = subprocess.run(
        [sys.executable, "-c", _MEASURED, sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    figures, _, printed = out.partition("\n")
    return Started(*map(float, figures.split()), printed)


def measure(options: Options) -> list[Row]:
    data = options.folder / "five"
    load_digests(data, DEFAULT_ORG)
    bare: list[Started] = []
    asked: list[Started] = []
    answered: list[float] = []
    idle: list[tuple[float, float]] = []
    for _ in range(options.repeat):
        if options.peers:
            bare.append(started("-c", BARE))
        asked.append(started("-m", "bot.cli", "--data", str(data), "ask", QUESTIONS[0], "--org", DEFAULT_ORG))
        seconds, held, peak = asyncio.run(_first_answer(data, options.clock))
        answered.append(seconds)
        idle.append((held, peak))
    warm = json.loads(started("-m", "tests.bench.start", str(data), str(options.questions), options.clock).printed)
    library = median([one.by(options.clock) for one in bare])
    beside = {"import s": library, "import MB": median([one.peak_mb for one in bare])} if bare else {}
    ask_mb = median([one.peak_mb for one in asked])
    return [
        _cold("cold start of `run`, to the first answer", median(answered), library, beside),
        _cold("cold start of `ask`, to its end", median([one.by(options.clock) for one in asked]), library, {"peak MB": ask_mb, **beside}),
        Row("question in process, warm, p95", warm["p95"], "ms", more={"p50": warm["p50"], "p99": warm["p99"]}),
        Row("engine opened and warm, in process", warm["cold_s"], "s", more={"MB": warm["mb"]}),
        Row(
            "bot idle with five plans",
            median([held for held, _ in idle]),
            "MB",
            at_most=IDLE_MB_AT_MOST,
            more={"peak": median([peak for _, peak in idle])},
        ),
    ]


def _cold(what: str, seconds: float, library: float, more: dict[str, float]) -> Row:
    if not library:
        return Row(what, seconds, "s", more={**more})
    return Row(what, seconds, "s", BARE, seconds / library, at_most=COLD_AT_MOST, more={**more})


async def _first_answer(data: Path, clock: str) -> tuple[float, float, float]:
    """Seconds from the start of `run` until a question that was there before it is answered; then memory at rest and at its peak, MB."""
    async with crowd() as gathered:
        person = _known(gathered, data)
        await person.say(QUESTIONS[0])
        began = time.time()
        with run_bot(gathered, data) as bot:
            heard = await person.hear()
            seconds = bot.seconds() if clock == "cpu" else heard.at - began
            await bot.warm()
            return seconds, bot.memory(), bot.peak_memory()


def _known(gathered: Crowd, data: Path) -> Talker:
    """Somebody who has told the bot where they work."""
    db = open_database(data / "guongsang.db")
    with db.atomic():
        person = People(db).meet(FIRST, FIRST, "Người", utc_now())
        People(db).belongs(person.id, DEFAULT_ORG)
    db.close()
    return gathered.join(FIRST)


def _asking(data: Path, count: int, clock: Callable[[], float]) -> dict[str, float]:
    """In a process of its own: the engine opened, then so many questions to each of the five in turn."""
    from bot.workspace import reading

    began = clock()
    with reading(data) as space:
        engine = space.engine()
        engine.warm()
        for slug in ORGS:
            engine.ask(QUESTIONS[0], org=slug, today=TODAY)
        cold = clock() - began
        took = []
        for number in range(count):
            question, slug = QUESTIONS[number % len(QUESTIONS)], ORGS[number // len(QUESTIONS) % len(ORGS)]
            begun = clock()
            engine.ask(question, org=slug, today=TODAY)
            took.append(1000 * (clock() - begun))
    return {**percentiles(took), "cold_s": cold, "mb": _memory()}


def _memory() -> float:
    """Resident memory of this process in MB; 0 where the system does not say."""
    status = Path("/proc/self/status")
    return int(status.read_text().split("VmRSS:")[1].split()[0]) / 1024 if status.exists() else 0.0


if __name__ == "__main__":
    print(json.dumps(_asking(Path(sys.argv[1]), int(sys.argv[2]), time.process_time if sys.argv[3] == "cpu" else time.perf_counter)))
