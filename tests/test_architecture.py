"""The four packages and their arrows, read from the imports."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = {"knowledge": set(), "index": {"knowledge"}, "forms": {"knowledge"}, "bot": {"index", "forms", "knowledge"}}
FORMS_MAY_IMPORT = {"knowledge.model", "knowledge.text"}
HEAVY = {"torch": {"index/embed.py"}, "sentence_transformers": {"index/embed.py"}, "faiss": {"index/dense.py"}}


def imports(path: Path, everywhere: bool = True) -> set[str]:
    """The modules that a file imports; only those at its top level where `everywhere` is false."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree) if everywhere else tree.body:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_package_imports_only_along_the_arrows(package: str) -> None:
    others = set(ALLOWED) - {package} - ALLOWED[package]
    wrong = {
        str(path.relative_to(ROOT)): sorted(name for name in imports(path) if name.split(".")[0] in others) for path in sources(package)
    }
    assert {path: names for path, names in wrong.items() if names} == {}


def test_forms_imports_only_types_and_text_rules_of_knowledge() -> None:
    names = {name for path in sources("forms") for name in imports(path) if name.startswith("knowledge")}
    assert names <= FORMS_MAY_IMPORT


def test_telegram_is_imported_only_in_bot() -> None:
    names = {name for package in ("knowledge", "index", "forms") for path in sources(package) for name in imports(path)}
    assert not {name for name in names if name.split(".")[0] == "telegram"}


@pytest.mark.parametrize("library", sorted(HEAVY))
def test_heavy_libraries_are_imported_lazily_and_in_one_place(library: str) -> None:
    at_the_top = [p for package in ALLOWED for p in sources(package) if library in {n.split(".")[0] for n in imports(p, everywhere=False)}]
    anywhere = {
        str(p.relative_to(ROOT)).replace("\\", "/")
        for package in ALLOWED
        for p in sources(package)
        if library in {n.split(".")[0] for n in imports(p)} and "training" not in p.parts
    }
    assert at_the_top == []
    assert anywhere <= HEAVY[library]


def test_top_level_shows_what_the_design_says_and_nothing_else() -> None:
    allowed = {"pyproject.toml", "bot", "index", "knowledge", "forms", "tests", "README.md", "LICENSE"}
    shown = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.name != "__pycache__"}
    assert shown == allowed
