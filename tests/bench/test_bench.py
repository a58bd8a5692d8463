"""The bench itself: its generator, its one command, the table that goes into the README."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.bench import __main__ as command
from tests.bench import generator
from tests.bench.section import Row, percentiles


def test_same_seed_makes_the_same_plans_and_another_seed_others() -> None:
    assert generator.text_of(7, 40) == generator.text_of(7, 40)
    assert len({generator.text_of(number, 40) for number in range(50)}) == 50
    assert generator.text_of(7, 40, seed=1) != generator.text_of(7, 40, seed=2)


@pytest.mark.parametrize("clauses", [40, 100, 150])
def test_plans_have_about_the_clauses_asked_for(clauses: int) -> None:
    sizes = [len(generator.plan(number, clauses).clauses) for number in range(6)]
    assert 0.8 * clauses <= sum(sizes) / len(sizes) <= 1.3 * clauses


def test_questions_are_made_of_clauses_that_the_plans_hold() -> None:
    for one in generator.questions(30, of=5, clauses=40):
        assert one.quote in generator.text_of(one.plan, 40)


def test_one_command_measures_a_small_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures, drawn = tmp_path / "figures.json", tmp_path / "growth.svg"
    given = ["--only", "library", "--plans", "10", "--clauses", "12", "--questions", "6", "--json", str(figures), "--picture", str(drawn)]
    command.main(given)
    told = {row["what"]: row for row in json.loads(figures.read_text(encoding="utf-8"))["sections"]["library"]}
    assert any(what.startswith("adding one plan") and row["ratio"] > 0 for what, row in told.items())
    assert next(row for what, row in told.items() if what.startswith("recall@10"))["value"] == 1.0
    assert "recall@10" in capsys.readouterr().out
    assert ElementTree.parse(drawn).getroot().tag.endswith("svg")


def test_readme_takes_the_table_between_its_marks() -> None:
    rows = {"library": [Row("search", 2.0, "ms", "other", 0.5, at_most=1.0), Row("adding", 3.0, "s", "all", 3.0, at_most=1.0)]}
    readme = f"before\n{command.BEGIN}\nold\n{command.END}\nafter\n"
    made = command.placed(readme, rows, "wall")
    assert made.startswith("before\n")
    assert made.endswith("\nafter\n")
    assert "old" not in made
    assert "| search | 2 ms | other | 0.5 | ≤ 1 |" in made
    assert "≤ 1 (missed) |" in made
    with pytest.raises(ValueError, match="bench:begin"):
        command.placed("no marks", rows, "wall")


def test_percentiles_are_of_the_nearest_rank() -> None:
    assert percentiles(list(range(1, 101))) == {"p50": 50, "p95": 95, "p99": 99}
    assert percentiles([5.0]) == {"p50": 5.0, "p95": 5.0, "p99": 5.0}
