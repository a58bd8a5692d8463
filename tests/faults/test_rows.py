"""The table of faults and the tests that stand for its rows agree."""

from __future__ import annotations

import ast
from pathlib import Path

from bot import access
from tests.faults.mutate import MUTATIONS
from tests.faults.rows import NAMED, ROWS
from tests.shared import SHARED, needs_shared

ROOT = Path(__file__).resolve().parents[2]


@needs_shared
def test_every_row_of_the_table_has_a_test() -> None:
    assert SHARED is not None
    lines = [line for line in (SHARED / "FAULTS.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    rows = [line.strip("| ").split(" | ")[0] for line in lines]
    assert [row for row in rows if row not in ("fault", "---")] == list(ROWS)


def test_every_named_test_exists() -> None:
    missing = [name for name in sorted(NAMED) if name.split("::")[1] not in _functions(ROOT / name.split("::")[0])]
    assert missing == []


def _functions(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    return {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_every_threat_has_tests_and_they_exist() -> None:
    """The docstring of `bot.access`: threats by number, and for each number its tests, as "file: test"."""
    lines = [line.strip("|").split(" | ") for line in (access.__doc__ or "").splitlines() if line.startswith("| ")]
    numbered = [[cell.strip() for cell in line] for line in lines if line[0].strip().isdecimal()]
    threats = {line[0] for line in numbered if len(line) == 3}
    named = [(line[0], *line[1].split(": ")) for line in numbered if len(line) == 2]
    assert len(threats) >= 20
    assert {number for number, _, _ in named} == threats
    assert [name for _, file, name in named if name not in _of_file(file)] == []


def _of_file(name: str) -> set[str]:
    return {test for path in (ROOT / "tests").glob(f"*/{name}.py") for test in _functions(path)}


def test_every_row_has_a_protection_that_can_be_taken_out() -> None:
    tried = {test.split("::")[0] if "::" not in test else test for mutation in MUTATIONS for test in mutation.tests}
    bare = [row for row, tests in ROWS.items() if not any(test in tried or test.split("::")[0] in tried for test in tests)]
    assert bare == []


def test_every_protection_stands_once_where_it_is_taken_out() -> None:
    places = [(m.name, (ROOT / m.file).read_text(encoding="utf-8").count(m.old)) for m in MUTATIONS]
    assert [(name, count) for name, count in places if count != 1] == []
