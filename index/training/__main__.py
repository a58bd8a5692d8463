"""`python -m index.training [--folds-only]`: train everything that ships in `index/model/` from `data/`, and print what it is worth.

The figures are those of five folds of whole documents: no model has seen the document that it is asked about.
"""

from __future__ import annotations

import argparse
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.choice import context
from index.embed import SHIPPED
from index.gate import evidence
from index.judge import Judge, silence
from index.training import bank, embedding, interaction, ranking
from index.training.ablation import Judged, as_table, composed, stages, worth
from index.training.bank import Read, Taught
from index.training.ranking import Example, FirstLevel, Table

Floats = npt.NDArray[np.float32]

FOLDS = 5
SHOW_SHARE = 0.12
ABSTAIN_AT = 0.40


def folds(documents: Sequence[Read], count: int = FOLDS, seed: int = 3) -> dict[str, int]:
    """Which fold each document is in."""
    order = [read.slug for read in documents]
    random.Random(seed).shuffle(order)
    return {slug: number % count for number, slug in enumerate(order)}


def first_level(documents: Sequence[Read]) -> FirstLevel:
    """The vectors, the late interaction and the readers of kinds, trained on some documents."""
    taught: list[Taught] = [*documents, *bank.pairs()]
    table: Table = embedding.train(taught, embedding.Settings())
    late = interaction.train(taught, *table, interaction.Settings())
    return FirstLevel(table, late, ranking.fit_question_kinds(documents), ranking.fit_passage_kinds(documents))


def held_out(documents: Sequence[Read], fold: dict[str, int]) -> list[Example]:
    """Every question as an example whose features come from models that did not see its document."""
    made: list[Example] = []
    for number in range(FOLDS):
        begun = time.monotonic()
        first = first_level([d for d in documents if fold[d.slug] != number])
        for read in documents:
            if fold[read.slug] == number:
                made.extend(ranking.examples(read, first))
        print(f"fold {number + 1} of {FOLDS}: first level in {time.monotonic() - begun:.0f} s", flush=True)
    return made


@dataclass(frozen=True)
class Outcome:
    """What the ranking models of the other folds make of an example; `row` is its evidence for the gate."""

    scores: Floats
    show: Floats
    row: Floats
    gate: float = 0.0


def second_level(examples: Sequence[Example], fold: dict[str, int]) -> list[Outcome]:
    """The outcome of every example."""
    scores: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(examples)
    shows, rows, gates = list(scores), list(scores), [0.0] * len(examples)

    def split(number: int) -> tuple[list[int], list[int]]:
        here = [i for i, e in enumerate(examples) if fold[e.slug] == number]
        return [i for i in range(len(examples)) if i not in set(here)], here

    for number in range(FOLDS):
        others, here = split(number)
        trees = ranking.fit_rank([examples[i] for i in others])
        for i in here:
            scores[i] = trees.margins(examples[i].rows)
    for number in range(FOLDS):
        others, here = split(number)
        trees = ranking.fit_show([examples[i] for i in others], [scores[i] for i in others])
        for i in here:
            e = examples[i]
            shows[i] = trees.probabilities(context(e.rows, scores[i], e.layout, e.passages, e.question, e.asks))
            rows[i] = evidence(e.rows, scores[i], shows[i], e.support, e.layout, e.question, e.asks)
    for number in range(FOLDS):
        others, here = split(number)
        table = gate_table([examples[i] for i in others], [rows[i] for i in others])
        trees, line = ranking.fit_abstain(*table), ranking.fit_abstain_line(*table)
        for i in here:
            gates[i] = float(silence(trees, line, rows[i][None, :])[0])
    return [Outcome(*parts) for parts in zip(scores, shows, rows, gates, strict=True)]


def gate_table(seen: Sequence[Example], rows: Sequence[Floats]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Rows and targets for the gate."""
    return np.array(rows), np.array([example.entry.expect == "abstain" for example in seen])


def figures(examples: Sequence[Example], outcome: Sequence[Outcome], show_share: float, abstain_at: float) -> dict[str, float]:
    """right, focus, hit@1, hit@3, recall and precision of abstention, as the scorer of the question sets counts them."""
    right, focus, ranks, recalled, precise = [], [], [], [], []
    for e, made in zip(examples, outcome, strict=True):
        scores = made.scores
        abstains = made.gate >= abstain_at
        if abstains:
            precise.append(e.entry.expect == "abstain")
        if e.entry.expect == "abstain":
            recalled.append(abstains)
            right.append(abstains)
            continue
        if e.right.any():
            ranks.append(int((scores[None, :] > scores[e.right][:, None]).sum(axis=1).min()) + 1)
        if abstains:
            right.append(False)
            continue
        told_right, told_focus = worth(e, composed(e, scores, made.show, show_share))
        right.append(told_right)
        focus.append(told_focus)
    rank = np.array(ranks)
    return {
        "questions": len(examples),
        "right": float(np.mean(right)),
        "focus": float(np.mean(focus)),
        "hit@1": float((rank <= 1).mean()),
        "hit@3": float((rank <= 3).mean()),
        "hit@10": float((rank <= 10).mean()),
        "abstain_recall": float(np.mean(recalled)) if recalled else 0.0,
        "abstain_precision": float(np.mean(precise)) if precise else 0.0,
    }


def card(documents: int, clauses: int, held: dict[str, float]) -> str:
    """What ships, from what it was made, how, and what it is worth on documents that it has not seen."""
    rows = "\n".join(f"| {name} | {value:g} |" if name == "questions" else f"| {name} | {value:.3f} |" for name, value in held.items())
    return CARD.format(documents=documents, clauses=f"{clauses:,}", rows=rows, folds=FOLDS)


CARD = """---
license: mit
language: vi
pipeline_tag: sentence-similarity
library_name: sentence-transformers
---

# The shipped model

`model.safetensors` and `tokenizer.json` are a sentence-transformers StaticEmbedding: a table of token vectors in half precision,
averaged over a text. It reads a text as blank-separated features (bare words, pairs of them, words with their marks), which
`index.embed.features` writes and `features.json` asks for. `judge.npz` holds the readers of kinds, the reranker, the choice of
what is shown and the gate of abstention, as arrays (`index/judge.py`).

`interaction.npz` is the late interaction: a second table of token vectors, and what each token of a question is worth.

Made by `python -m index.training` (extra `train`) from `index/training/data/` ({documents} invented documents with their questions, and
{clauses} clauses with theirs, written for this project) and `index/words/everyday.tsv`, on a CPU, in about an hour; nothing else went in.
MIT licence.

Over {folds} folds of whole documents, no model having seen the document that it was asked about:

| figure | value |
|---|---|
{rows}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds-only", action="store_true", help="print the figures, ship nothing")
    arguments = parser.parse_args()
    documents = bank.documents()
    fold = folds(documents)
    examples = held_out(documents, fold)
    outcome = second_level(examples, fold)
    tried = [(show_share, ABSTAIN_AT) for show_share in (0.04, 0.08, 0.12, 0.16, 0.2, 0.25)]
    for show_share, abstain_at in [*tried, *((SHOW_SHARE, abstain_at) for abstain_at in (0.2, 0.3, 0.35, 0.45, 0.5, 0.6, 0.7))]:
        line = figures(examples, outcome, show_share, abstain_at)
        told = "  ".join(f"{name} {value:.3f}" for name, value in line.items())
        print(f"shown from a share of {show_share:.2f}, silent from {abstain_at:.2f}: {told}", flush=True)
    judged = [Judged(e, o.scores, o.show, o.gate) for e, o in zip(examples, outcome, strict=True)]
    print(as_table(stages({read.slug: read for read in documents}, judged, SHOW_SHARE, ABSTAIN_AT)), flush=True)
    if arguments.folds_only:
        return
    begun = time.monotonic()
    first = first_level(documents)
    print(f"first level over all documents in {time.monotonic() - begun:.0f} s", flush=True)
    shutil.rmtree(SHIPPED, ignore_errors=True)
    SHIPPED.mkdir(parents=True)
    embedding.save(*first.table, SHIPPED)
    scores = [o.scores for o in outcome]
    gate = gate_table(examples, [o.row for o in outcome])
    Judge(
        first.questions,
        first.passages,
        first.interaction,
        ranking.fit_rank(examples),
        ranking.fit_show(examples, scores),
        ranking.fit_abstain(*gate),
        ranking.fit_abstain_line(*gate),
        SHOW_SHARE,
        ABSTAIN_AT,
    ).save(SHIPPED)
    shipped = figures(examples, outcome, SHOW_SHARE, ABSTAIN_AT)
    clauses = sum(len(taught.passages) for taught in bank.pairs())
    (SHIPPED / "README.md").write_text(card(len(documents), clauses, shipped), encoding="utf-8")
    print(f"written to {SHIPPED}: {sum(f.stat().st_size for f in SHIPPED.rglob('*') if f.is_file()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
