"""`ask`, `evaluate`, `benchmark` and `index`: questions answered and measured at the terminal."""

from __future__ import annotations

import json as jsons
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.answers import reply_text
from bot.console import CommandError, complain, data_folder, say, say_json, waiting, why
from bot.intake import reindex
from bot.moments import today as day_of
from bot.workspace import Workspace, reading, writing
from index.answer import Abstain, Answer, Clarify, Quote
from index.engine import Engine
from index.search import DamagedError

WORDS_ALONE = "Chỉ mục thiếu, hỏng hoặc được lập bằng mô hình khác: tạm tìm theo từ; lập lại bằng guongsang index build"
Json = Annotated[bool, typer.Option("--json", help="In JSON")]


def register(app: typer.Typer) -> None:
    app.command("ask")(ask)
    app.command("evaluate")(evaluate)
    app.command("benchmark")(benchmark)
    index = typer.Typer(help="Chỉ mục tìm kiếm", no_args_is_help=True)
    index.command("build")(build_index)
    index.command("status")(index_status)
    index.command("verify")(verify_index)
    app.add_typer(index, name="index")


def ask(
    context: typer.Context,
    question: Annotated[str | None, typer.Argument(help="Câu hỏi")] = None,
    org: Annotated[str | None, typer.Option(help="Mã đơn vị của người hỏi")] = None,
    history: Annotated[list[str] | None, typer.Option(help="Câu hỏi trước đó; dùng được nhiều lần")] = None,
    batch: Annotated[Path | None, typer.Option(help="Tệp JSONL, mỗi dòng một câu hỏi")] = None,
    json: Json = False,
) -> None:
    """Trả lời một câu hỏi, hoặc cả tệp câu hỏi."""
    if (question is None) == (batch is None):
        raise typer.BadParameter("cần một câu hỏi, hoặc --batch TỆP")
    rows: list[dict[str, Any]] = _rows(batch) if batch else [{"id": None, "org": org, "history": history or [], "question": question}]
    with reading(data_folder(context)) as space:
        if org is not None:
            space.library.known(org)
        engine = _ready(space)
        for row in rows:
            begun = time.perf_counter()
            now = day_of(space.now)
            reply = engine.ask(str(row.get("question") or ""), org=row.get("org"), history=row.get("history") or [], today=now)
            milliseconds = (time.perf_counter() - begun) * 1000
            if json:
                say_json(as_json(row.get("id"), reply, milliseconds))
            else:
                say(reply_text(reply))


def _ready(space: Workspace) -> Engine:
    """The engine with its model loaded: a large one takes its time."""
    with waiting("Đang nạp chỉ mục và mô hình…"):
        engine = space.engine()
        engine.warm()
    if engine.behind:
        complain(WORDS_ALONE)
    return engine


def as_json(id: Any, reply: Answer | Abstain | Clarify, milliseconds: float) -> dict[str, Any]:
    """A reply in the shape of `ask --json`."""
    return {
        "id": id,
        "kind": type(reply).__name__.lower(),
        "text": reply_text(reply),
        "clauses": [_quote(quote) for quote in reply.quotes] if isinstance(reply, Answer) else [],
        "candidates": [_quote(candidate.quote) | {"score": candidate.score} for candidate in reply.candidates],
        "org": reply.org,
        "notes": list(reply.notes),
        "ms": round(milliseconds, 2),
    }


def _quote(quote: Quote) -> dict[str, Any]:
    source = quote.source
    return {
        "plan": source.plan_id,
        "source": source.source,
        "org": source.org,
        "ref": quote.ref,
        "quote": quote.quote,
        "page": quote.page,
    }


def _rows(path: Path) -> list[dict[str, Any]]:
    """The questions of a JSONL file; raises CommandError with the line that is not one."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CommandError(f"Không mở được “{path}”: {why(error)}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"“{path}” không phải tệp chữ UTF-8: xin lưu lại với mã UTF-8") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = jsons.loads(line)
        except ValueError as error:
            raise CommandError(f"“{path}” dòng {number} không phải JSON: {line[:60]}") from error
        if not isinstance(row, dict) or not isinstance(row.get("question"), str):
            raise CommandError(f"“{path}” dòng {number} thiếu trường question")
        rows.append(row)
    return rows


def evaluate(
    context: typer.Context,
    questions: Annotated[Path, typer.Argument(help="Tệp JSONL có lời giải")],
    json: Json = False,
    failures: Annotated[int, typer.Option(help="In bấy nhiêu câu chưa đạt")] = 20,
) -> None:
    """Chấm một bộ câu hỏi: tỷ lệ đúng, độ gọn, thứ hạng, từ chối; và các câu chưa đạt."""
    from index.evaluate import failed, report

    rows = _rows(questions)
    with reading(data_folder(context)) as space:
        engine = _ready(space)
        sources = {stored.plan.source: stored.plan.text for stored in space.library.live()}
        answers = []
        for row in rows:
            begun = time.perf_counter()
            reply = engine.ask(row["question"], org=row.get("org"), history=row.get("history") or [], today=day_of(space.now))
            answers.append(as_json(row.get("id"), reply, (time.perf_counter() - begun) * 1000))
    figures, scored = report(rows, answers, sources)
    if json:
        say_json(figures)
        return
    for name, value in figures.items():
        say(f"{name:20} {value}")
    for line in failed(scored)[:failures]:
        say(line)


def benchmark(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Thư mục kiểu BEIR")],
    unaccented: Annotated[bool, typer.Option("--unaccented", help="Bỏ dấu các câu hỏi")] = False,
    json: Json = False,
) -> None:
    """Đo tìm kiếm trên một bộ dữ liệu kiểu BEIR (corpus.jsonl, queries.jsonl, qrels.tsv)."""
    from index.benchmark import BenchmarkError, run

    try:
        figures = run(folder, unaccented=unaccented)
    except BenchmarkError as error:
        raise CommandError(str(error)) from error
    if json:
        say_json(figures)
        return
    for name, value in figures.items():
        say(f"{name:14} {value}")


def build_index(context: typer.Context, fresh: Annotated[bool, typer.Option("--fresh", help="Làm lại từ đầu")] = False) -> None:
    """Lập chỉ mục cho các kế hoạch đang dùng."""
    from index.embed import Embedder

    with writing(data_folder(context)) as space:
        if fresh:
            generation = space.index.build((stored.plan for stored in space.library.live()), Embedder(), fresh=True)
        else:
            generation = reindex(space.index, space.library)
    say(f"Chỉ mục số {generation.number}: {len(generation.entries)} kế hoạch, {sum(e.passages for e in generation.entries.values())} đoạn")


def index_status(context: typer.Context, json: Json = False) -> None:
    """Chỉ mục đang dùng."""
    with reading(data_folder(context)) as space:
        live = {(plan_id, version) for _, plan_id, version in space.library.live_keys()}
        try:
            generation = space.index.current()
        except DamagedError as error:
            raise CommandError(f"Chỉ mục hỏng ({error}): lập lại bằng guongsang index build") from error
    indexed = set(generation.entries) if generation else set()
    status = {
        "generation": generation.number if generation else None,
        "model": generation.model if generation else None,
        "plans": len(indexed & live),
        "passages": sum(e.passages for k, e in generation.entries.items() if k in live) if generation else 0,
        "missing": sorted(f"{plan_id}@{version}" for plan_id, version in live - indexed),
    }
    if json:
        say_json(status)
        return
    say(f"Chỉ mục số {status['generation'] or 'chưa có'}: {status['plans']} kế hoạch, {status['passages']} đoạn")
    if status["missing"]:
        say(f"Chưa có trong chỉ mục: {', '.join(status['missing'])}; lập lại bằng guongsang index build")  # type: ignore[arg-type]


def verify_index(context: typer.Context) -> None:
    """Kiểm tra chỉ mục theo mã băm."""
    with reading(data_folder(context)) as space:
        wrong = space.index.verify() if space.library.live_keys() else []
    if wrong:
        raise CommandError(f"Chỉ mục hỏng: {', '.join(wrong)}; lập lại bằng guongsang index build")
    say("Chỉ mục nguyên vẹn.")


