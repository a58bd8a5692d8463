"""Training the readers of kinds, the reranker, the choice of what is shown, and the gate of abstention.

What one model feeds into the next is always predicted by models that did not see the document (five folds of whole documents), so that
the next learns how far to trust it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.choice import CONSIDERED, context
from index.embed import features as split
from index.fusion import NAMES, Layout, features
from index.interaction import Interaction, Tokens
from index.judge import Line
from index.kinds import KINDS, Linear, passage_features, question_features
from index.passages import Passage, spoken
from index.question import Question, understand
from index.search import Segment
from index.training.bank import Entry, Read, holds
from index.trees import Trees

Floats = npt.NDArray[np.float32]

ORDER_SHARE = 0.35  # what the trees on the order of a question's passages count for beside those on each passage alone


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
    return Linear(vocabulary, solved.x[:size].reshape(len(vocabulary), len(KINDS)).astype(np.float32), solved.x[size:].astype(np.float32))


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
    support: Floats
    layout: Layout
    passages: tuple[Passage, ...]


Table = tuple[dict[str, int], Floats]


def vectors(table: Table, texts: Sequence[str]) -> Floats:
    """Unit vectors of texts; the same mean that the saved model makes."""
    vocabulary, rows = table
    made = np.zeros((len(texts), rows.shape[1]), dtype=np.float32)
    for row, text in enumerate(texts):
        ids = [vocabulary[token] for token in split(text).split() if token in vocabulary]
        if ids:
            made[row] = rows[ids].mean(axis=0)
    return np.asarray(made / np.maximum(1e-9, np.linalg.norm(made, axis=1, keepdims=True)), dtype=np.float32)


@dataclass(frozen=True)
class FirstLevel:
    """What is trained on words alone: the vectors, the late interaction, the readers of kinds."""

    table: Table
    interaction: Interaction
    questions: Linear
    passages: Linear


def examples(read: Read, first: FirstLevel) -> list[Example]:
    """The questions of a document as examples, by models that may or may not have seen it."""
    segment = Segment(read.plan, read.passages, None)
    layout = Layout(segment, first.passages.probabilities([passage_features(p) for p in read.passages]))
    embedded = vectors(first.table, [spoken(p) for p in read.passages])
    tokens = Tokens.of(read.passages, first.interaction.vocabulary)
    made: list[Example] = []
    for entry in read.entries:
        question = asked(entry)
        asks = first.questions.probabilities([question_features(question)])[0]
        dense = embedded @ vectors(first.table, question.spoken).mean(axis=0)
        late, parts, support = first.interaction.scores(question.spoken, tokens)
        rows = features(question, segment, layout, asks, dense, late, parts)
        right = relevance(read, entry)
        made.append(Example(read.slug, entry, question, rows, right, asks, support, layout, read.passages))
    return made


def fit_trees(
    rows: Floats,
    targets: npt.NDArray[np.bool_],
    rounds: int,
    leaves: int,
    smallest: int,
    seed: int = 11,
    groups: Sequence[int] | None = None,
) -> Trees:
    """Boosted trees on a yes-or-no target, by LightGBM, taken over into arrays.

    With `groups`, the numbers of rows that stand one after another for one question, what counts is their order (LambdaMART) and
    the margins have no scale.
    """
    import lightgbm

    parameters = {
        "objective": "binary" if groups is None else "lambdarank",
        "lambdarank_truncation_level": 10,
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
    booster = lightgbm.train(parameters, lightgbm.Dataset(rows, targets.astype(int), group=groups), rounds)
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


def telling(example: Example, best: int, share: float, seed: int = 5) -> npt.NDArray[np.bool_]:
    """The rows worth learning from: what answers, the `best` by words or by meaning, and a share of the rest."""
    ranks = [example.rows[:, NAMES.index(name)] >= 1 / best for name in ("meaning_rank", "lexical_rank")]
    drawn = np.random.default_rng(seed).random(len(example.right)) < share
    return np.asarray(example.right | ranks[0] | ranks[1] | drawn, dtype=bool)


def fit_rank(chosen: Sequence[Example]) -> Trees:
    """How likely a passage answers a question: trees on each row's answer, and trees on the order of a question's rows at their scale."""
    answered = [(e, telling(e, best=20, share=0.15)) for e in chosen if e.right.any()]
    rows, targets = np.vstack([e.rows[kept] for e, kept in answered]), np.concatenate([e.right[kept] for e, kept in answered])
    likely = fit_trees(rows, targets, 260, 15, 40)
    ordered = fit_trees(rows, targets, 260, 15, 40, groups=[int(kept.sum()) for _, kept in answered])
    one, other = likely.margins(rows), ordered.margins(rows)
    scale = float(one.std() / other.std())
    return together(likely, ordered, ORDER_SHARE, scale, float(one.mean() - scale * other.mean()))


def together(one: Trees, other: Trees, share: float, scale: float, shift: float) -> Trees:
    """The mean of two models' margins, the second's times `scale` and plus `shift`, and counted for `share` of the whole."""
    size = len(one.feature)
    return Trees(
        feature=np.concatenate([one.feature, other.feature]),
        threshold=np.concatenate([one.threshold, other.threshold]),
        left=np.concatenate([one.left, other.left + size]),
        right=np.concatenate([one.right, other.right + size]),
        value=np.concatenate([one.value * (1 - share), other.value * share * scale]).astype(np.float32),
        roots=np.concatenate([one.roots, other.roots + size]),
        depth=max(one.depth, other.depth),
        base=(1 - share) * one.base + share * (scale * other.base + shift),
    )


def fit_show(chosen: Sequence[Example], scores: Sequence[Floats]) -> Trees:
    """How likely a passage belongs to the whole answer, given the ranking."""
    rows, right = [], []
    for e, s in zip(chosen, scores, strict=True):
        if e.right.any():
            kept = e.right | (s >= np.sort(s)[-min(CONSIDERED, len(s))])
            rows.append(context(e.rows, s, e.layout, e.passages, e.question, e.asks)[kept])
            right.append(e.right[kept])
    return fit_trees(np.vstack(rows), np.concatenate(right), 200, 15, 30)


def fit_abstain(rows: Floats, silent: npt.NDArray[np.bool_]) -> Trees:
    """How likely a document does not answer a question, from rows of `index.gate.evidence`."""
    return fit_trees(rows, silent, 200, 15, 40)


def fit_abstain_line(rows: Floats, silent: npt.NDArray[np.bool_], strength: float = 10.0) -> Line:
    """The same by a logistic regression with an L2 penalty, by L-BFGS."""
    from scipy.optimize import minimize

    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = np.column_stack([(rows - mean) / spread, np.ones(len(rows))]).astype(np.float64)
    sign = np.where(silent, 1.0, -1.0)

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        margins = scaled @ flat * sign
        gradient = -scaled.T @ (sign / (1 + np.exp(np.clip(margins, -30, 30))))
        gradient[:-1] += 2 * strength * flat[:-1]
        return float(np.logaddexp(0, -margins).sum() + strength * (flat[:-1] ** 2).sum()), gradient

    solved = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x.astype(np.float32)
    return Line(mean.astype(np.float32), spread.astype(np.float32), solved[:-1], solved[-1])
