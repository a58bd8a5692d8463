"""`python -m tests.bench`: everything measured in one run, as a table, as JSON, as a picture of how cost grows, and into the README.

    python -m tests.bench --plans 10 1000 --json figures.json --picture tests/bench/growth.svg --readme
    python -m tests.bench --only library --plans 10 10000 --keep /var/tmp/bench     # a million clauses; kept for the next run

Needs `pip install '.[test,bench]'`. With OMP_NUM_THREADS=1 every figure is of one thread.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from tests.bench.section import Options, Row, Section

SECTIONS = ("library", "peers", "bot_load", "start", "reading", "tables")
README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; exit code 1 where a figure is not as the project asks."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__, formatter_class=shape)
    parser.add_argument("--only", type=_names, default=SECTIONS, help=f"{', '.join(SECTIONS)}; '' prints what --json holds")
    parser.add_argument("--plans", type=int, nargs="+", default=[10, 1_000], help="sizes of libraries, in plans")
    parser.add_argument("--clauses", type=int, default=100, help="clauses a plan")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--cpu", action="store_true", help="the processor's time instead of the clock's, for a machine that is busy")
    parser.add_argument("--keep", type=Path, help="a folder in which the libraries stay for the next run")
    parser.add_argument("--json", type=Path, help="a file for the figures; those of sections not run now stay in it")
    parser.add_argument("--picture", type=Path, help="an SVG file: how cost grows with the number of clauses")
    parser.add_argument("--readme", action="store_true", help="put the table (of all the figures in --json) into README.md")
    given = parser.parse_args(arguments)
    wrong = [name for name in given.only if name not in SECTIONS]
    if wrong:
        parser.error(f"no section {', '.join(wrong)}: there are {', '.join(SECTIONS)}")
    with tempfile.TemporaryDirectory() as scratch:
        options = Options(
            given.keep or Path(scratch),
            tuple(given.plans),
            given.clauses,
            given.questions,
            given.repeat,
            given.seed,
            clock="cpu" if given.cpu else "wall",
        )
        options.folder.mkdir(parents=True, exist_ok=True)
        figures = measured(given.only, options, given.json)
    sys.stdout.write(table(figures))
    if given.picture:
        given.picture.write_text(picture(figures), encoding="utf-8")
    if given.readme:
        README.write_text(placed(README.read_text(encoding="utf-8"), figures, options.clock), encoding="utf-8")
    return int(any(row.holds is False for rows in figures.values() for row in rows))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


def measured(only: Iterable[str], options: Options, file: Path | None) -> dict[str, list[Row]]:
    """The rows of each section, written to the file as soon as they are there."""
    figures: dict[str, list[Row]] = {}
    if file and file.exists():
        figures = {name: [Row(**row) for row in rows] for name, rows in json.loads(file.read_text(encoding="utf-8"))["sections"].items()}
    for name in only:
        section: Section = importlib.import_module(f"tests.bench.{name}")  # type: ignore[assignment]
        print(f"{section.NAME} …", file=sys.stderr, flush=True)
        rows = section.measure(options)
        new = {row.what for row in rows}
        figures[name] = [*(row for row in figures.get(name, []) if row.what not in new), *rows] if file else rows
        if file:
            told = {"machine": machine(), "clock": options.clock, "sections": {n: [asdict(r) for r in rs] for n, rs in figures.items()}}
            file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return figures


def machine() -> str:
    """Processor, cores in use, memory, Python: what the figures are of."""
    model = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        names = [line.split(":", 1)[1].strip() for line in cpus.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
        model = names[0] if names else model
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = Path("/proc/meminfo")
    size = f", {int(memory.read_text().split()[1]) / 2**20:.0f} GB" if memory.exists() else ""
    return f"{model}, {cores} cores{size}, Python {platform.python_version()}"


def table(figures: dict[str, list[Row]]) -> str:
    """The rows as a table for people."""
    lines = [machine(), ""]
    for name, rows in figures.items():
        lines.append(name)
        for row in rows:
            mark = {True: "ok", False: "NO", None: ""}[row.holds]
            beside = f"{row.ratio:.3g} × {row.beside}" if row.ratio is not None else row.beside
            more = " ".join(f"{key}={value}" for key, value in row.more.items())
            lines.append(f"  {row.what:62} {number(row.value):>10} {row.unit:10} {beside:32} {asked(row):10} {mark:3} {more}".rstrip())
    return "\n".join([*lines, ""])


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def asked(row: Row) -> str:
    if row.at_most is not None:
        return f"≤ {row.at_most:.3g}"
    return f"≥ {row.at_least:.3g}" if row.at_least is not None else ""


def markdown(figures: dict[str, list[Row]], clock: str) -> str:
    """What is asked for, as a table of ratios."""
    rows = [row for part in figures.values() for row in part if row.holds is not None]
    times = "the processor's time of one thread, the machine being busy with other work" if clock == "cpu" else "the clock's time"
    lines = [
        f"Made by `python -m tests.bench --readme` on {machine()}, {date.today().isoformat()}; times are {times}.",
        "",
        "| figure | measured | ratio to | ratio | asked |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2g}"
        missed = "" if row.holds else " (missed)"
        lines.append(f"| {row.what} | {number(row.value)} {row.unit} | {row.beside} | {ratio} | {asked(row)}{missed} |")
    return "\n".join(lines)


def placed(readme: str, figures: dict[str, list[Row]], clock: str) -> str:
    """The README with the table between its marks; raises ValueError where they are missing."""
    before, _, rest = readme.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"README.md has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{markdown(figures, clock)}\n{END}{after}"


SERIES = (
    ("question to one institution", "one institution"),
    ("search over ", "all institutions"),
    ("adding one plan", "adding one plan"),
    ("indexing ", "indexing all"),
)


def picture(figures: dict[str, list[Row]]) -> str:
    """An SVG with logarithmic axes: seconds against clauses, one line a kind of work."""
    series: list[tuple[str, list[tuple[float, float]]]] = []
    for prefix, label in SERIES:
        found = {row.size: seconds(row) for row in figures.get("library", []) if row.what.startswith(prefix) and row.size and row.value > 0}
        if found:
            series.append((label, sorted(found.items())))
    points = [point for _, line in series for point in line]
    if not points:
        return '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>\n'
    low_x, high_x = (f(math.log10(x) for x, _ in points) for f in (min, max))
    low_y, high_y = math.floor(min(math.log10(y) for _, y in points)), math.ceil(max(math.log10(y) for _, y in points))
    width, height, left, bottom = 640, 360, 70, 40

    def at(x: float, y: float) -> str:
        across = (math.log10(x) - low_x) / max(0.1, high_x - low_x) * (width - left - 170)
        up = (math.log10(y) - low_y) / max(1, high_y - low_y) * (height - bottom - 20)
        return f"{left + across:.0f},{height - bottom - up:.0f}"

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">']
    out.append(f'<rect width="{width}" height="{height}" fill="white"/>')
    for power in range(low_y, high_y + 1):
        x, y = at(10**low_x, 10**power).split(",")
        out.append(f'<line x1="{x}" y1="{y}" x2="{width - 100}" y2="{y}" stroke="#ddd"/>')
        out.append(f'<text x="8" y="{int(y) + 4}">{10.0**power:g} s</text>')
    for x_value in sorted({x for x, _ in points}):
        x = at(x_value, 10**low_y).split(",")[0]
        out.append(f'<text x="{x}" y="{height - 15}" text-anchor="middle">{x_value:,.0f} clauses</text>')
    for (label, line), colour in zip(series, ("#0a6", "#06c", "#c60", "#888"), strict=False):
        out.append(f'<polyline points="{" ".join(at(x, y) for x, y in line)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out.extend('<circle cx="{}" cy="{}" r="3" fill="{}"/>'.format(*at(x, y).split(","), colour) for x, y in line)
        x, y = at(*line[-1]).split(",")
        out.append(f'<text x="{int(x) + 8}" y="{int(y) - 6}" fill="{colour}">{label}</text>')
    return "\n".join([*out, "</svg>", ""])


def seconds(row: Row) -> float:
    """The cost that a row tells, in seconds."""
    if row.unit == "clauses/s":
        return float(row.more["seconds"])
    return row.value / 1000 if row.unit == "ms" else row.value


if __name__ == "__main__":
    raise SystemExit(main())
