"""The table of faults and the tests that stand for its rows agree."""

from __future__ import annotations

import ast
from pathlib import Path

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
