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
PAIRS_TOGETHER = 50
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
class Taught:
    """Passages with the questions asked of them."""

    slug: str
    passages: tuple[Passage, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Read(Taught):
    """A document of the bank as understood, with its passages and questions."""

    plan: Plan


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
    return Read(text.stem, tuple(passages(plan)), entries, plan)


def pairs(folder: Path = DATA) -> list[Taught]:
    """The clauses without a document (`pairs*.tsv`: a clause, then questions that it answers), by fifty of one topic."""
    found: list[Taught] = []
    for path in sorted(folder.glob("pairs*.tsv")):
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]
        for begin in range(0, len(rows), PAIRS_TOGETHER):
            together = rows[begin : begin + PAIRS_TOGETHER]
            found.append(
                Taught(
                    f"{path.stem}-{begin // PAIRS_TOGETHER}",
                    tuple(_clause(number, row[0].strip()) for number, row in enumerate(together)),
                    tuple(
                        Entry(f"{path.stem}-{begin + number}-{place}", question, (), "other", "plain", "answer", (row[0].strip(),), ())
                        for number, row in enumerate(together)
                        for place, question in enumerate(part.strip() for part in row[1:] if part.strip())
                    ),
                )
            )
    return found


def _clause(number: int, text: str) -> Passage:
    return Passage(str(number), text, 0, len(text), None, "body", False, "", None, "")


def of_questions(questions: Path, plans: Path) -> list[Read]:
    """A question set in one file over documents in a folder (`gold` names them), as `guongsang evaluate` takes it: a Read a document.

    A question without an answer belongs to the document of its institution; one that is to be asked back belongs to none.
    """
    rows = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    sources = {row["org"]: row["gold"][0]["doc"] for row in rows if row["gold"] and row["org"]}
    by_source: dict[str, list[Entry]] = {}
    for row in rows:
        source = row["gold"][0]["doc"] if row["gold"] else sources.get(row["org"])
        if source and row["expect"] != "clarify" and len({gold["doc"] for gold in row["gold"]}) <= 1:
            by_source.setdefault(source, []).append(entry(row))
    made = []
    for source, entries in by_source.items():
        plan = understand(read(plans / source), org="x")
        made.append(Read(source, tuple(passages(plan)), tuple(entries), plan))
    return made


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
