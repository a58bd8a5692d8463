"""The figures of a question set: how often the answer is right, how much of it was asked for, what leaks, what is not verbatim.

A question is a JSON object with `expect` (answer, abstain, clarify), `gold` ([{"doc", "quote"}]) and `must`; an answer is one of
`guongsang ask --json`. Quotations are compared folded (NFC, no stars, white space collapsed, lower case).
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.training.bank import folded, holds

RECALL_WANTED = 2 / 3
LONGEST = 1_500


@dataclass(frozen=True)
class Scored:
    """One question with its outcome; `rank` is that of the first candidate that holds a gold quotation."""

    question: Mapping[str, Any]
    kind: str
    right: bool
    rank: int | None = None
    recall: float | None = None
    precision: float | None = None
    focus: float | None = None
    must: bool | None = None
    leak: bool = False
    not_verbatim: int = 0
    ms: float | None = None


def score(question: Mapping[str, Any], answer: Mapping[str, Any], sources: Mapping[str, str]) -> Scored:
    """One answer against its question; `sources` are folded texts by file name."""
    gold = question.get("gold") or []
    expect, kind = question["expect"], str(answer.get("kind"))
    text, clauses = folded(str(answer.get("text", ""))), list(answer.get("clauses", []))
    odd = sum(folded(c["quote"]) not in sources.get(c["source"], "") for c in clauses)
    if expect == "abstain":
        return Scored(question, kind, kind == "abstain" and not clauses and not odd, not_verbatim=odd, ms=answer.get("ms"))
    if expect == "clarify":
        several = kind == "answer" and len({c["org"] for c in clauses}) >= 2
        return Scored(question, kind, (kind == "clarify" or several) and not odd, not_verbatim=odd, ms=answer.get("ms"))
    found = [_holds_any(candidate, gold) for candidate in list(answer.get("candidates", []))[:10]]
    seen = [folded(g["quote"]) in text for g in gold]
    recall = sum(seen) / len(gold) if gold else 1.0
    must = all(any(a.strip() and folded(a) in text for a in m.split("|")) for m in question.get("must", []))
    leak = bool(gold and {c["source"] for c in clauses} - {g["doc"] for g in gold})
    limit = max(LONGEST, 2 * sum(len(g["quote"]) for g in gold))
    shown = sum(len(folded(c["quote"])) for c in clauses)
    decided = sum(len(folded(g["quote"])) for g, was in zip(gold, seen, strict=True) if was)
    return Scored(
        question,
        kind,
        kind == "answer" and recall >= RECALL_WANTED and must and not leak and len(text) <= limit and not odd,
        rank=found.index(True) + 1 if True in found else None,
        recall=recall,
        precision=sum(_holds_any(c, gold) for c in clauses) / len(clauses) if clauses and gold else None,
        focus=min(1.0, decided / max(1, shown)) if clauses and gold else None,
        must=must,
        leak=leak,
        not_verbatim=odd,
        ms=answer.get("ms"),
    )


def _holds_any(clause: Mapping[str, Any], gold: Iterable[Mapping[str, str]]) -> bool:
    return any(clause["source"] == g["doc"] and holds(clause["quote"], g["quote"]) for g in gold)


def report(
    questions: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]], sources: Mapping[str, str]
) -> tuple[dict[str, Any], list[Scored]]:
    """The figures by name, and every question with its outcome."""
    texts = {name: folded(text) for name, text in sources.items()}
    by_id = {answer["id"]: answer for answer in answers}
    done = [score(q, by_id.get(q["id"], {"kind": "missing"}), texts) for q in questions]
    asked = [s for s in done if s.question["expect"] == "answer" and s.question.get("gold")]
    figures: dict[str, Any] = {"questions": len(done), "right": _mean(s.right for s in done)}
    for k in (1, 3, 10):
        figures[f"hit@{k}"] = _mean(s.rank is not None and s.rank <= k for s in asked)
    figures["mrr@10"] = _mean(1 / s.rank if s.rank else 0.0 for s in asked)
    for name in ("recall", "precision", "focus", "must"):
        figures[name] = _mean(value for s in asked if (value := getattr(s, name)) is not None)
    figures["leaks"] = sum(s.leak for s in done)
    figures["not_verbatim"] = sum(s.not_verbatim for s in done)
    for expect in ("answer", "abstain", "clarify"):
        figures[f"right:{expect}"] = _mean(s.right for s in done if s.question["expect"] == expect)
    figures["abstain_recall"] = _mean(s.kind == "abstain" for s in done if s.question["expect"] == "abstain")
    figures["abstain_precision"] = _mean(s.question["expect"] == "abstain" for s in done if s.kind == "abstain")
    for field in ("variant", "kind", "org"):
        groups: dict[str, list[bool]] = {}
        for s in done:
            groups.setdefault(str(s.question.get(field)), []).append(s.right)
        figures[f"right by {field}"] = {name: f"{_mean(values):.2f} of {len(values)}" for name, values in sorted(groups.items())}
    times = sorted(s.ms for s in done if s.ms is not None)
    if times:
        figures["ms_p50"], figures["ms_p95"] = times[len(times) // 2], times[int(len(times) * 0.95)]
    return figures, done


def failed(done: Iterable[Scored]) -> list[str]:
    """A line for each question that was not answered rightly: what was expected, what came, how it ranked."""
    return [
        f"{s.question['id']}  expected {s.question['expect']}, got {s.kind}, rank {s.rank}, recall {s.recall}, must {s.must}"
        f"  |  {s.question['question']}"
        for s in done
        if not s.right
    ]


def _mean(values: Iterable[float | bool]) -> float:
    listed = [float(value) for value in values]
    return round(statistics.fmean(listed), 4) if listed else 0.0
