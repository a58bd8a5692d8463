"""What the shipped models are worth on documents not seen before: a law, a guidance, a letter, plans; 120 questions by another hand.

Bounds a little below what was measured (right 0.88, focus 0.51, hit@1 0.86, hit@3 0.97), so that a change which makes answers worse is
noticed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.commands.answers import as_json
from bot.database import open_memory
from index.evaluate import report
from knowledge.extract import understand
from knowledge.library import Library
from knowledge.readers import read
from tests.index.plans import NOW, TODAY, engine_over

DOCUMENTS = Path(__file__).parents[1] / "knowledge" / "unseen"
QUESTIONS = Path(__file__).parent / "unseen.jsonl"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    library = Library(open_memory())
    sources = {}
    for path in sorted(DOCUMENTS.glob("*.txt")):
        library.add_institution(path.stem, f"Đơn vị {path.stem}")
        library.add(understand(read(path), org=path.stem), sha256=path.stem.ljust(64, "0"), now=NOW)
        sources[path.name] = path.read_text(encoding="utf-8")
    engine = engine_over(library, tmp_path_factory.mktemp("index"))
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    answers = [as_json(row["id"], engine.ask(row["question"], org=row["org"], history=row["history"], today=TODAY), 0.0) for row in rows]
    return report(rows, answers, sources)[0]


@pytest.mark.parametrize(("figure", "least"), [("right", 0.83), ("focus", 0.46), ("hit@1", 0.8), ("hit@3", 0.93)])
def test_unseen_documents_are_answered(figures: dict[str, Any], figure: str, least: float) -> None:
    assert figures[figure] >= least


def test_unseen_documents_nothing_leaks_and_all_is_verbatim(figures: dict[str, Any]) -> None:
    assert figures["leaks"] == figures["not_verbatim"] == 0
