"""The same plan in another format is the same plan: outline and facts from DOCX, PDF and a scan against those from the text."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from knowledge.extract import understand
from knowledge.model import Document, Plan
from knowledge.outline import outline
from knowledge.readers import read
from knowledge.text import fold
from tests.knowledge.rendering import FONT, one_quick, plain, to_docx, to_pdf, to_scan
from tests.knowledge.test_readers_ocr import needs_tesseract
from tests.shared import OFFICIAL, needs_shared, official

pytestmark = [needs_shared, pytest.mark.skipif(FONT is None, reason="no font with Vietnamese letters")]

Fact = tuple[str, ...]


def rendered(slug: str, render: Callable[[str, Path], Path], path: Path) -> Document:
    return read(render(official(slug).read_text(encoding="utf-8"), path))


def places(document: Document) -> list[str]:
    return [clause.ref for section in outline(document).sections for clause in section.clauses]


def facts(plan: Plan) -> list[Fact]:
    """Every value that `plans show --json` prints, with its place, but for the clauses themselves."""
    return [(kind, *(fold(plain(str(value))) for value in values)) for kind, *values in _facts(plan)]


def _facts(plan: Plan) -> Iterable[tuple[object, ...]]:
    yield ("number", plan.number)
    yield ("issued", plan.issued)
    yield ("place", plan.place)
    yield ("period", plan.period)
    yield ("title", plan.title)
    if plan.signer:
        yield from (("signer", plan.signer.name), ("signer's title", plan.signer.title))
    yield from (("basis", each.number, each.date) for each in plan.legal_bases)
    for group in plan.criteria:
        yield ("criteria", group.ref, group.target, group.logic, group.requires, group.general, group.applies_to)
        yield from (("criterion", group.ref, each.quote, each.judge, each.vote) for each in group.items)
    yield from (("deadline", each.ref, each.kind, each.when, each.recipient) for each in plan.deadlines)
    yield from (("dossier", each.ref, each.name) for each in plan.dossier)
    yield from (("field", each.ref, each.name, each.chair) for each in plan.fields)
    yield from (("duty", each.ref, each.unit) for each in plan.duties)
    if plan.table:
        yield from (("column", column) for column in plan.table.columns)
        yield ("table's signature", plan.table.signature)


def kept(expected: list[Fact], found: list[Fact], likeness: float = 1.0) -> float:
    """The share of the expected facts that were found again, each at most once."""
    left = list(found)
    missed = []
    for fact in expected:
        match = next((each for each in left if same(fact, each, likeness)), None)
        if match is None:
            missed.append(fact)
        else:
            left.remove(match)
    for fact in missed:
        print("missed:", fact)
    return 1 - len(missed) / len(expected)


def same(one: Fact, other: Fact, likeness: float) -> bool:
    """Whether two facts agree: kind and place exactly, words up to the few letters that OCR may miss."""
    if one == other:
        return True
    if one[0] != other[0] or len(one) != len(other) or likeness == 1.0:
        return False
    return all(difflib.SequenceMatcher(None, *pair, autojunk=False).ratio() >= likeness for pair in zip(one, other, strict=True))


@pytest.mark.parametrize("slug", one_quick(OFFICIAL))
@pytest.mark.parametrize(("render", "suffix"), [(to_docx, "docx"), (to_pdf, "pdf")], ids=["docx", "pdf"])
def test_outline_and_facts_are_the_same(slug: str, render: Callable[[str, Path], Path], suffix: str, tmp_path: Path) -> None:
    text = read(official(slug))
    document = rendered(slug, render, tmp_path / f"a.{suffix}")
    assert places(document) == places(text)
    assert kept(facts(understand(text, org="x")), facts(understand(document, org="x"))) >= 0.95


@pytest.mark.slow
@needs_tesseract
@pytest.mark.parametrize("slug", OFFICIAL)
def test_outline_and_most_facts_survive_a_scan(slug: str, tmp_path: Path) -> None:
    text = read(official(slug))
    document = rendered(slug, to_scan, tmp_path / "a.pdf")
    assert places(document) == places(text)
    assert kept(facts(understand(text, org="x")), facts(understand(document, org="x")), likeness=0.95) >= 0.85
