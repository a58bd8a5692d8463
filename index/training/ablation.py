"""`python -m index.training.ablation QUESTIONS PLANS BENCHMARK`: what each part of the search earns, one part more at a time.

The questions of a set over documents that the shipped models have not seen, and a BEIR-style folder; the same table over the bank's
held-out documents is printed by `python -m index.training`. Up to the reranker the three best passages are shown; the composition shows
what it chooses and stays silent where the gate says so.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.benchmark import PARTS, Collection, Part, ndcg
from index.benchmark import read as read_folder
from index.choice import chosen, context
from index.embed import SHIPPED, Embedder
from index.fusion import LATE_SHARE, NAMES, people_columns, scaled
from index.gate import evidence
from index.interaction import Interaction
from index.judge import Judge
from index.lexical import accented, bare, pairs
from index.search import Segment
from index.training import embedding
from index.training.bank import Read, folded, of_questions
from index.training.ranking import Example, FirstLevel, examples

Floats = npt.NDArray[np.float32]

SHOWN = 3
DENSE_WEIGHT = 3.0  # beside words whose best passage has 1; the mean of vectors and late interaction together


@dataclass(frozen=True)
class Judged:
    """An example with what the models of the second level made of it."""

    example: Example
    scores: Floats
    show: Floats
    gate: float


def stages(reads: Mapping[str, Read], judged: Sequence[Judged], show_share: float, abstain_at: float) -> list[tuple[str, dict[str, float]]]:
    """Each stage's name with its figures over all examples; `reads` are their documents by slug."""
    segments = {slug: Segment(read.plan, read.passages, None) for slug, read in reads.items()}
    made = []
    for name, rank in _rankings(segments):
        made.append((name, _figures((j, rank(j), None) for j in judged)))
    whole = ((j, j.scores, composed(j.example, j.scores, j.show, show_share) if j.gate < abstain_at else []) for j in judged)
    made.append(("+ composition and abstention", _figures(whole)))
    return made


def _rankings(segments: Mapping[str, Segment]) -> list[tuple[str, Callable[[Judged], Floats]]]:
    def typed(j: Judged) -> str:
        return j.example.entry.question

    def words(j: Judged) -> Floats:
        return scaled(segments[j.example.slug].words.scores(dict.fromkeys(accented(typed(j)), 1.0)))

    def path(j: Judged) -> Floats:
        plain = bare(typed(j))
        return words(j) + 0.3 * scaled(segments[j.example.slug].path.scores(dict.fromkeys([*plain, *pairs(plain)], 1.0)))

    def unaccented(j: Judged) -> Floats:
        plain, segment = bare(typed(j)), segments[j.example.slug]
        single, double = segment.bare.scores(dict.fromkeys(plain, 1.0)), segment.pairs.scores(dict.fromkeys(pairs(plain), 1.0))
        return np.asarray(0.5 * words(j) + scaled(single) + scaled(double) + (path(j) - words(j)), dtype=np.float32)

    def understood(j: Judged) -> Floats:
        return np.asarray(_column(j, "lexical") + 0.3 * _column(j, "terms") + 0.2 * _column(j, "kind"), dtype=np.float32)

    def dense(j: Judged) -> Floats:
        return understood(j) + DENSE_WEIGHT * _column(j, "dense")

    def late(j: Judged) -> Floats:
        return dense(j) + DENSE_WEIGHT * LATE_SHARE * _column(j, "late")

    return [
        ("BM25, accented words", words),
        ("+ path of headings", path),
        ("+ words without marks, pairs", unaccented),
        ("+ question understanding", understood),
        ("+ mean vectors", dense),
        ("+ late interaction", late),
        ("+ reranker", lambda j: j.scores),
    ]


def _column(j: Judged, name: str) -> Floats:
    column: Floats = j.example.rows[:, NAMES.index(name)]
    return column


def composed(e: Example, scores: Floats, show: Floats, show_share: float) -> list[int]:
    """The rows of an example that its answer would show."""
    others = people_columns(e.question, e.layout)[2] > 0
    return chosen(show, scores, e.passages, show_share, conflict=others, unit_above=e.layout.unit_above)


def worth(e: Example, rows: Sequence[int]) -> tuple[bool, float]:
    """Whether rows shown answer an answerable question rightly, and their focus, as the scorer of the question sets counts them."""
    quotes = [folded(e.passages[row].quote) for row in rows]
    text = " ".join(quotes)
    seen = [folded(gold) in text for gold in e.entry.gold]
    must = all(any(folded(a) in text for a in m.split("|") if a.strip()) for m in e.entry.must)
    gold = sum(len(folded(g)) for g, s in zip(e.entry.gold, seen, strict=True) if s)
    return bool(np.mean(seen) >= 2 / 3 and must), min(1.0, gold / max(1, sum(map(len, quotes))))


def _figures(told: Iterable[tuple[Judged, Floats, list[int] | None]]) -> dict[str, float]:
    """`told` holds what is ranked and the rows shown: None for the best few, an empty list for silence."""
    ranks, right, focus = [], [], []
    for j, scores, shown in told:
        e = j.example
        rows = [int(row) for row in np.argsort(-scores, kind="stable")[:SHOWN]] if shown is None else shown
        if e.right.any():
            ranks.append(1 + int((scores[None, :] > scores[e.right][:, None]).sum(axis=1).min()))
        if e.entry.expect == "abstain":
            right.append(not rows)
            continue
        told_right, told_focus = worth(e, rows)
        right.append(bool(rows) and told_right)
        if rows:
            focus.append(told_focus)
    best = np.array(ranks)
    figures = {"hit@1": best <= 1, "hit@3": best <= 3, "right": np.array(right), "focus": np.array(focus)}
    return {name: float(values.mean()) for name, values in figures.items()}


def laws(folder: Path, embedder: Embedder) -> list[tuple[Part, float]]:
    """nDCG@10 over a BEIR-style folder, with one part more at a time."""
    data = read_folder(folder)
    collection = Collection(data.texts, embedder, Interaction.load())
    asked = {id: text for id, text in data.queries.items() if id in data.relevant}
    made = []
    for name in PARTS:
        found = {id: collection.search(text, upto=name) for id, text in asked.items()}
        made.append((name, float(np.mean([ndcg([id for id, _ in found[one]], data.relevant[one]) for one in asked]))))
    return made


def shipped(reads: Sequence[Read]) -> list[Judged]:
    """The questions of documents that the shipped models have not seen."""
    judge = Judge.load()
    first = FirstLevel(embedding.load(SHIPPED), judge.interaction, judge.question_kinds, judge.passage_kinds)
    made = []
    for e in (e for read in reads for e in examples(read, first)):
        scores = judge.rank.margins(e.rows)
        show = judge.show.probabilities(context(e.rows, scores, e.layout, e.passages, e.question, e.asks))
        gate = float(judge.silence(evidence(e.rows, scores, show, e.support, e.layout, e.question, e.asks)[None, :])[0])
        made.append(Judged(e, scores, show, gate))
    return made


def as_table(found: Sequence[tuple[str, Mapping[str, float]]]) -> str:
    """The stages as a Markdown table."""
    names = list(found[0][1])
    rows = [f"| {stage} | " + " | ".join(f"{figures[name]:.3f}" for name in names) + " |" for stage, figures in found]
    return "\n".join([f"| | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|", *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("plans", type=Path)
    parser.add_argument("benchmark", type=Path)
    arguments = parser.parse_args()
    reads = of_questions(arguments.questions, arguments.plans)
    judge = Judge.load()
    print(as_table(stages({read.slug: read for read in reads}, shipped(reads), judge.show_share, judge.abstain_at)), flush=True)
    for name, gain in laws(arguments.benchmark, Embedder()):
        print(f"{name}: nDCG@10 {gain:.4f}", flush=True)


if __name__ == "__main__":
    main()
