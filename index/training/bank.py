"""The question bank: invented documents, read and understood like any plan, with their questions and the passages that answer them."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from index.passages import Passage, passages
from knowledge.extract import understand
from knowledge.model import Plan
from knowledge.readers import read

DATA = Path(__file__).parent / "data"
COUNTED = 700  # characters of a passage in which a gold quotation must begin and end


@dataclass(frozen=True)
class Entry:
    """A question as typed with what answers it: `gold` are verbatim runs, empty where the document says nothing."""

    id: str
    question: str
    history: tuple[str, ...]
    kind: str
    variant: str
    expect: str
    gold: tuple[str, ...]
    must: tuple[str, ...]


@dataclass(frozen=True)
class Read:
    """A document of the bank as understood, with its passages and questions."""

    slug: str
    plan: Plan
    passages: tuple[Passage, ...]
    entries: tuple[Entry, ...]


def folded(text: str) -> str:
    """NFC, Markdown stars removed, white space collapsed, lower case."""
    return " ".join(unicodedata.normalize("NFC", text).replace("*", "").split()).lower()


def holds(passage: str, gold: str) -> bool:
    """Whether a passage holds a gold quotation, or is itself at least 20 characters of it."""
    shown, wanted = folded(passage)[:COUNTED], folded(gold)
    return wanted in shown or (len(shown) >= 20 and shown in wanted)


def documents(folder: Path = DATA) -> list[Read]:
    """Every document of a folder that has questions, by slug."""
    return [document(path.with_suffix(".txt"), path) for path in sorted(folder.glob("*.jsonl"))]


def document(text: Path, questions: Path) -> Read:
    """One document with its questions."""
    plan = understand(read(text), org=text.stem)
    rows = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    entries = tuple(entry(row) for row in rows if row["expect"] != "clarify")
    return Read(text.stem, plan, tuple(passages(plan)), entries)


def entry(row: dict[str, object]) -> Entry:
    """A question of a JSON line as `guongsang evaluate` reads it."""
    gold = row.get("gold") or []
    assert isinstance(gold, list)
    return Entry(
        id=str(row["id"]),
        question=str(row["question"]),
        history=tuple(map(str, row.get("history") or [])),  # type: ignore[call-overload]
        kind=str(row.get("kind", "other")),
        variant=str(row.get("variant", "plain")),
        expect=str(row["expect"]),
        gold=tuple(str(g["quote"]) for g in gold),
        must=tuple(map(str, row.get("must") or [])),  # type: ignore[call-overload]
    )
