"""Training the readers of kinds, the reranker, the choice of what is shown, and the gate of abstention.

What one model feeds into the next is always predicted by models that did not see the document (five folds of whole documents), so that
the next learns how far to trust it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from index.choice import context
from index.embed import features as split
from index.fusion import Layout, Similar, features
from index.kinds import KINDS, Linear, passage_features, question_features
from index.passages import Passage, spoken
from index.question import Question, understand
from index.search import Segment
from index.training.bank import Entry, Read, holds
from index.trees import Trees

Floats = npt.NDArray[np.float32]


def asked(entry: Entry) -> Question:
    return understand(entry.question, entry.history)


def relevance(read: Read, entry: Entry) -> npt.NDArray[np.bool_]:
    """Which passages of a document answer a question."""
    return np.array([any(holds(p.quote, gold) for gold in entry.gold) for p in read.passages], dtype=bool)


def fit_linear(texts: Sequence[Iterable[str]], targets: Floats, smallest: int, strength: float) -> Linear:
    """A multinomial logistic regression on soft targets of shape (texts, kinds), by L-BFGS with an L2 penalty."""
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    counts: dict[str, int] = {}
    lists = [sorted(set(text)) for text in texts]
    for text in lists:
        for token in text:
            counts[token] = counts.get(token, 0) + 1
    vocabulary = {token: i for i, token in enumerate(sorted(t for t, c in counts.items() if c >= smallest))}
    rows, columns, data = [], [], []
    for row, text in enumerate(lists):
        known = [vocabulary[token] for token in text if token in vocabulary]
        rows.extend([row] * len(known))
        columns.extend(known)
        data.extend([1 / np.sqrt(max(1, len(known)))] * len(known))
    matrix = csr_matrix((data, (rows, columns)), shape=(len(lists), len(vocabulary)), dtype=np.float64)
    size = len(vocabulary) * len(KINDS)

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights, bias = flat[:size].reshape(len(vocabulary), len(KINDS)), flat[size:]
        scores = matrix @ weights + bias
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        gradient = (np.exp(logs) - targets) / len(lists)
        penalty = strength / len(lists)
        value = -(targets * logs).sum() / len(lists) + 0.5 * penalty * (weights**2).sum()
        return value, np.concatenate([(matrix.T @ gradient + penalty * weights).ravel(), gradient.sum(axis=0)])

    solved = minimize(loss, np.zeros(size + len(KINDS)), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return Linear(
        vocabulary, solved.x[:size].reshape(len(vocabulary), len(KINDS)).astype(np.float32), solved.x[size:].astype(np.float32)
    )


def fit_question_kinds(documents: Iterable[Read]) -> Linear:
    """What a question asks for, from the bank's labels."""
    questions = [(asked(entry), entry.kind) for read in documents for entry in read.entries]
    targets = np.array([[kind == name for name in KINDS] for _, kind in questions], dtype=np.float32)
    targets[targets.sum(axis=1) == 0, KINDS.index("other")] = 1
    return fit_linear([question_features(question) for question, _ in questions], targets, smallest=2, strength=0.5)


def fit_passage_kinds(documents: Iterable[Read]) -> Linear:
    """What a passage tells, from the kinds of the questions that it answers."""
    texts, targets = [], []
    for read in documents:
        counts = np.zeros((len(read.passages), len(KINDS)), dtype=np.float32)
        for entry in read.entries:
            if entry.gold and entry.kind in KINDS:
                counts[relevance(read, entry), KINDS.index(entry.kind)] += 1
        for passage, count in zip(read.passages, counts, strict=True):
            if count.sum():
                texts.append(passage_features(passage))
                targets.append(count / count.sum())
    return fit_linear(texts, np.array(targets, dtype=np.float32), smallest=2, strength=0.5)


@dataclass(frozen=True)
class Example:
    """A question with its document's rows of features (`index.fusion`), what its passages answer, and what the question asks for."""

    slug: str
    entry: Entry
    question: Question
    rows: Floats
    right: npt.NDArray[np.bool_]
    asks: Floats
    layout: Layout
    passages: tuple[Passage, ...]


    missing: Example | None = None
    gap: bool = False


GAP_EVERY = 2  # every so many questions are also asked of the document without their answer

Table = tuple[dict[str, int], Floats]


def vectors(tables: Sequence[Table], texts: Sequence[str]) -> list[Floats]:
    """Unit vectors of texts, one array a table; the same sum that the saved model makes."""
    found = []
    for vocabulary, table in tables:
        made = np.zeros((len(texts), table.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            ids = [vocabulary[token] for token in split(text).split() if token in vocabulary]
            if ids:
                made[row] = table[ids].mean(axis=0)
        found.append(made / np.maximum(1e-9, np.linalg.norm(made, axis=1, keepdims=True)))
    return found


def word_cosines(table: Table) -> Similar:
    """The saved model's cosines of single bare words."""
    known, rows = table
    unit = rows / np.maximum(1e-9, np.linalg.norm(rows, axis=1, keepdims=True))
    unit[0] = 0.0

    def similar(first: Sequence[str], second: Sequence[str]) -> Floats:
        here, there = ([known.get(word, 0) for word in side] for side in (first, second))
        return np.asarray(unit[here] @ unit[there].T, dtype=np.float32)

    return similar


def without(read: Read, gone: npt.NDArray[np.bool_]) -> Read:
    """A document from which some passages were taken: what it answered with them, it answers no longer."""
    kept = [row for row in range(len(read.passages)) if not gone[row]]
    places = {row: place for place, row in enumerate(kept)}

    def above(row: int | None) -> int | None:
        while row is not None and row not in places:
            row = read.passages[row].parent
        return None if row is None else places[row]

    return replace(read, passages=tuple(replace(read.passages[row], parent=above(read.passages[row].parent)) for row in kept))


def examples(read: Read, tables: Sequence[Table], questions: Linear, tells: Linear, gaps: bool = True) -> list[Example]:
    """The questions of a document as examples, by models that may or may not have seen it.

    With `gaps`, each answered question comes with itself asked of the document without the answer.
    """
    segment = Segment(read.plan, read.passages, None)
    layout = Layout(segment, tells.probabilities([passage_features(p) for p in read.passages]))
    embedded = vectors(tables, [spoken(p) for p in read.passages])
    similar = word_cosines(tables[0])
    made: list[Example] = []
    for entry in read.entries:
        question = asked(entry)
        asks = questions.probabilities([question_features(question)])[0]
        query = vectors(tables, [question.whole_text])
        dense = np.mean([passages @ q[0] for passages, q in zip(embedded, query, strict=True)], axis=0).astype(np.float32)
        rows = features(question, segment, layout, asks, dense, similar)
        right = relevance(read, entry)
        gap = None
        if gaps and right.any() and not right.all() and len(made) % GAP_EVERY == 0:
            silent = replace(without(read, right), entries=(replace(entry, expect="abstain", gold=(), must=()),))
            gap = replace(examples(silent, tables, questions, tells, gaps=False)[0], gap=True)
        made.append(Example(read.slug, entry, question, rows, right, asks, layout, read.passages, gap))
    return made


def fit_trees(rows: Floats, targets: npt.NDArray[np.bool_], rounds: int, leaves: int, smallest: int, seed: int = 11) -> Trees:
    """Boosted trees on a yes-or-no target, by LightGBM, taken over into arrays."""
    import lightgbm

    parameters = {
        "objective": "binary",
        "learning_rate": 0.05,
        "num_leaves": leaves,
        "min_data_in_leaf": smallest,
        "feature_fraction": 0.4,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "seed": seed,
        "deterministic": True,
        "num_threads": 2,
        "verbose": -1,
    }
    booster = lightgbm.train(parameters, lightgbm.Dataset(rows, targets.astype(int)), rounds)
    return as_arrays(booster.dump_model())


def as_arrays(dump: dict[str, Any]) -> Trees:
    """A LightGBM dump as arrays. Its rules are all "<=", its missing values never occur."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    value: list[float] = []
    roots: list[int] = []
    deepest = 1

    def place(node: dict[str, Any], depth: int) -> int:
        nonlocal deepest
        deepest = max(deepest, depth)
        here = len(feature)
        feature.append(int(node.get("split_feature", 0)))
        threshold.append(float(node.get("threshold", np.inf)))
        left.append(here)
        right.append(here)
        value.append(float(node.get("leaf_value", 0.0)))
        if "left_child" in node:
            value[here] = 0.0
            left[here] = place(node["left_child"], depth + 1)
            right[here] = place(node["right_child"], depth + 1)
        return here

    for tree in dump["tree_info"]:
        roots.append(place(tree["tree_structure"], 1))
    return Trees(
        feature=np.array(feature, dtype=np.int32),
        threshold=np.nextafter(np.array(threshold, dtype=np.float64).astype(np.float32), np.float32(np.inf)),
        left=np.array(left, dtype=np.int32),
        right=np.array(right, dtype=np.int32),
        value=np.array(value, dtype=np.float32),
        roots=np.array(roots, dtype=np.int32),
        depth=deepest,
        base=0.0,
    )


def fit_rank(chosen: Sequence[Example]) -> Trees:
    """How likely a passage answers a question."""
    answered = [example for example in chosen if example.right.any()]
    return fit_trees(np.vstack([e.rows for e in answered]), np.concatenate([e.right for e in answered]), 260, 15, 40)


def fit_show(chosen: Sequence[Example], scores: Sequence[Floats]) -> Trees:
    """How likely a passage belongs to the whole answer, given the ranking."""
    answered = [(e, s) for e, s in zip(chosen, scores, strict=True) if e.right.any()]
    rows = np.vstack([context(e.rows, s, e.layout, e.passages, e.question, e.asks) for e, s in answered])
    return fit_trees(rows, np.concatenate([e.right for e, _ in answered]), 200, 15, 30)


def fit_abstain(rows: Floats, silent: npt.NDArray[np.bool_]) -> Trees:
    """How likely a document does not answer a question, from rows of `index.gate.evidence`."""
    return fit_trees(rows, silent, 200, 15, 40)
