"""Pages per second and character error rate per format: `python -m tests.bench.reading [PLAN.txt] [--repeat N]`.

Without a plan the longest official text is rendered; without that, an invented one. A text and a Word file have no pages: theirs
are counted as the pages of the PDF. The child process and its start are part of every figure.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from knowledge.readers import Unreadable, read
from tests.bench.section import Options, Row
from tests.knowledge.rendering import error_rate, pictures, plain, to_docx, to_pdf, to_scan
from tests.shared import SHARED, official

_INVENTED = "KẾ HOẠCH\n" + "1. Các đơn vị chọn người có việc làm hay, viết tóm tắt thành tích và gửi đúng hạn.\n" * 120


def main() -> None:
    """Prints one line per format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plan", nargs="?", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    text = _INVENTED if SHARED is None else official("bachkhoa").read_text(encoding="utf-8")
    if given.plan:
        text = given.plan.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        files = rendered(plain(text), Path(folder))
        pages = len(read(files["pdf"]).pages)
        print(f"{'format':8} {'pages':>5} {'seconds':>8} {'pages/s':>8} {'errors':>8}")
        for kind, path in files.items():
            report(kind, path, plain(text), 1 if kind == "image" else pages, given.repeat)


NAME = "reading"


def measure(options: Options) -> list[Row]:
    """Pages a second of each format."""
    text = plain(_INVENTED if SHARED is None else official("bachkhoa").read_text(encoding="utf-8"))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        files = rendered(text, Path(folder))
        pages = len(read(files["pdf"]).pages)
        for kind, path in files.items():
            if kind == "image":
                continue
            try:
                took, wrong = timed(path, text, 1 if kind == "scan" else options.repeat)
            except Unreadable as error:
                rows.append(Row(f"reading {kind}", 0.0, error.message))
                continue
            rows.append(Row(f"reading {kind}", pages / took, "pages/s", more={"wrong characters": f"{wrong:.2%}"}))
    return rows


def timed(path: Path, text: str, repeat: int) -> tuple[float, float]:
    """Median seconds, and the share of wrong characters; raises Unreadable."""
    seconds = []
    for _ in range(repeat):
        began = time.perf_counter()
        document = read(path)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), error_rate(document.text, text)


def rendered(text: str, folder: Path) -> dict[str, Path]:
    """The text in every format that needs no other program to make."""
    files = {"text": folder / "a.txt", "docx": folder / "a.docx", "pdf": folder / "a.pdf", "scan": folder / "scan.pdf"}
    files["text"].write_text(text, encoding="utf-8")
    to_docx(text, files["docx"])
    to_pdf(text, files["pdf"])
    to_scan(text, files["scan"])
    files["image"] = folder / "a.png"
    pictures(files["pdf"])[0].save(files["image"])
    return files


def report(kind: str, path: Path, text: str, pages: int, repeat: int) -> None:
    """One line: median seconds, pages a second, share of wrong characters (not for the single picture)."""
    try:
        median, wrong = timed(path, text, 1 if kind in ("scan", "image") else repeat)
    except Unreadable as error:
        print(f"{kind:8} {error.message}")
        return
    errors = "" if kind == "image" else f"{wrong:8.2%}"
    print(f"{kind:8} {pages:5} {median:8.2f} {pages / median:8.1f} {errors}")


if __name__ == "__main__":
    main()
