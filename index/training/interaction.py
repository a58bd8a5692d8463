"""Training the late interaction: a table of token vectors and what each token of a question is worth.

It begins from the table of the mean vectors and is trained over whole documents: the clauses that answer a question against all others of
its document.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.embed import features
from index.interaction import Interaction, Tokens, token_ids
from index.question import understand
from index.training.bank import Taught, holds
from index.training.embedding import noisy

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Settings:
    dimension: int = 128
    epochs: int = 4
    rate: float = 0.003
    worth_rate: float = 0.05
    questions_a_step: int = 60
    seed: int = 1


@dataclass(frozen=True)
class _Lesson:
    """A document with its questions: `right` has shape (questions, passages)."""

    distinct: Any
    own: Any
    path: Any
    questions: tuple[str, ...]
    right: Any


def _padded(flat: Any, starts: Any, nothing: int) -> Any:
    """Shape (passages, longest field), filled up with the token that meets nothing."""
    longest = int(np.diff(starts).max())
    made = np.full((len(starts) - 1, longest), nothing, dtype=np.int64)
    for row, (begin, end) in enumerate(zip(starts[:-1], starts[1:], strict=True)):
        made[row, : end - begin] = flat[begin:end]
    return made


def _lesson(read: Taught, vocabulary: Mapping[str, int]) -> _Lesson | None:
    import torch

    questions, right = [], []
    for entry in read.entries:
        row = [any(holds(p.quote, gold) for gold in entry.gold) for p in read.passages]
        if any(row):
            questions.append(understand(entry.question, entry.history).whole_text)
            right.append(row)
    if not questions:
        return None
    tokens = Tokens.of(read.passages, vocabulary)
    nothing = len(tokens.distinct)
    own, path = (_padded(*parts, nothing) for parts in ((tokens.own, tokens.own_starts), (tokens.path, tokens.path_starts)))
    return _Lesson(
        torch.tensor(tokens.distinct.astype(np.int64)), torch.tensor(own), torch.tensor(path), tuple(questions), torch.tensor(right)
    )


def train(documents: Sequence[Taught], vocabulary: Mapping[str, int], start: Floats, settings: Settings) -> Interaction:
    """`start` has shape (tokens, at least `settings.dimension`); its first dimensions are where the training begins."""
    import torch
    from torch.nn.functional import normalize, softplus

    torch.set_num_threads(1)
    torch.manual_seed(settings.seed)
    draw = random.Random(settings.seed)
    lessons = [lesson for read in documents if (lesson := _lesson(read, vocabulary))]
    first = start[:, : settings.dimension] / np.maximum(1e-9, np.linalg.norm(start[:, : settings.dimension], axis=1, keepdims=True))
    table = torch.nn.Parameter(torch.tensor(first, dtype=torch.float32))
    worth = torch.nn.Parameter(torch.tensor(_rarity(documents, vocabulary), dtype=torch.float32))
    path, scale = torch.nn.Parameter(torch.tensor(0.0)), torch.nn.Parameter(torch.tensor(3.0))
    optimiser = torch.optim.Adam([{"params": [table], "lr": settings.rate}, {"params": [worth, path, scale], "lr": settings.worth_rate}])
    rates = [group["lr"] for group in optimiser.param_groups]
    steps, step = settings.epochs * len(lessons), 0
    for _ in range(settings.epochs):
        draw.shuffle(lessons)
        for lesson in lessons:
            rows = draw.sample(range(len(lesson.questions)), min(settings.questions_a_step, len(lesson.questions)))
            asked = [token_ids(noisy(lesson.questions[row], draw), vocabulary) or [0] for row in rows]
            distinct = sorted({token for one in asked for token in one})
            places = {token: place for place, token in enumerate(distinct)}
            met = normalize(table[torch.tensor(distinct)], dim=1) @ normalize(table[lesson.distinct], dim=1).T
            met = torch.cat([met, torch.zeros((met.shape[0], 1))], dim=1)
            best = torch.maximum(met[:, lesson.own].amax(2), met[:, lesson.path].amax(2) * torch.sigmoid(path))
            weights = softplus(worth[torch.tensor(distinct)])
            places_of = [torch.tensor([places[token] for token in one]) for one in asked]
            scores = torch.stack([weights[at] @ best[at] / weights[at].sum() for at in places_of])
            logs = torch.log_softmax(scores * torch.exp(scale), dim=1)
            loss = -torch.logsumexp(logs.masked_fill(~lesson.right[torch.tensor(rows)], -1e9), dim=1).mean()
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * max(0.05, 1 - step / steps)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            step += 1
    return Interaction(
        vocabulary,
        table.detach().numpy().astype(np.float16),
        softplus(worth).detach().numpy().astype(np.float16).astype(np.float32),
        float(torch.sigmoid(path)),
    )


def _rarity(documents: Sequence[Taught], vocabulary: Mapping[str, int]) -> Floats:
    """Where the weights begin: the tokens' idf over the passages, between -1 and 1."""
    counts: Counter[str] = Counter()
    for read in documents:
        for passage in read.passages:
            counts.update(set(features(f"{passage.searched} . {passage.path}").split()))
    total = sum(len(read.passages) for read in documents)
    ordered = sorted(vocabulary, key=vocabulary.__getitem__)
    idf = np.log(1 + total / (1 + np.array([counts[token] for token in ordered])))
    return np.asarray(idf / idf.max() * 2 - 1, dtype=np.float32)
