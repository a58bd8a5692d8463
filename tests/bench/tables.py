"""Tables at size: a filled table of 1,000 rows read, 10,000 nominations exported. `python -m tests.bench.tables [--json]`.

Prints seconds, and the peak of memory that Python allocated meanwhile.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

from forms import tables
from forms.model import Nomination
from tests.bench.section import Options, Row
from tests.forms.builders import COLUMNS, SCHOOL, nomination
from tests.forms.test_tables import document, sheet

ROWS, EXPORTED = 1_000, 10_000


def rows() -> list[list[str]]:
    """A table in which every tenth row is wrong."""
    good = [
        [str(n), f"Nguyễn Thị Hoa {chr(65 + n % 26)}", f"Trường {n % 40}", "12 năm", "Giáo viên dạy giỏi " * 8]
        + [f"ĐT: 09{n:08d}\nEmail: hoa{n}@truong.edu.vn"]
        for n in range(10_000_000, 10_000_000 + ROWS)
    ]
    return [list(COLUMNS), *([*row[:3], "lâu", *row[4:]] if n % 10 == 0 else row for n, row in enumerate(good))]


def nominations() -> Iterator[Nomination]:
    one = nomination("ĐC-0001")
    for number in range(EXPORTED):
        yield one.model_copy(update={"code": f"ĐC-{number:05d}"})


def measured(act: Callable[[], object]) -> dict[str, float]:
    """Seconds without tracing, then the peak of memory with it."""
    started = time.perf_counter()
    act()
    seconds = time.perf_counter() - started
    tracemalloc.start()
    act()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {"seconds": round(seconds, 2), "peak_mb": round(peak / 1e6, 1)}


def figures() -> dict[str, dict[str, float]]:
    """Seconds and peak megabytes by what was done."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sheet(folder / "in.xlsx", rows())
        document(folder / "in.docx", rows()[:201])
        return {
            f"read xlsx, {ROWS} rows": measured(lambda: tables.read(folder / "in.xlsx", SCHOOL)),
            "read docx, 200 rows": measured(lambda: tables.read(folder / "in.docx", SCHOOL)),
            **{
                f"export {format}, {EXPORTED} nominations": measured(
                    lambda format=format: tables.export(nominations(), folder / "out", format)  # type: ignore[misc]
                )
                for format in ("xlsx", "docx", "csv")
            },
        }


NAME = "tables"


def measure(options: Options) -> list[Row]:
    return [Row(what, told["seconds"], "s", more={"peak_mb": told["peak_mb"]}) for what, told in figures().items()]


def main() -> None:
    found = figures()
    if "--json" in sys.argv:
        print(json.dumps(found, ensure_ascii=False))
        return
    for what, told in found.items():
        print(f"{what:36} {told['seconds']:7.2f} s {told['peak_mb']:8.1f} MB")


if __name__ == "__main__":
    main()
