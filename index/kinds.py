"""What a question asks for and what a passage tells, as probabilities over the same kinds.

Two linear models over bare words and pairs of them, trained in `index/training/` and shipped as arrays: one reads a question, the other
a passage with its headings. A passage that tells what the question asks for gets their inner product as a feature of the ranking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.lexical import bare, pairs
from index.passages import Passage
from index.question import Question
from index.values import held

Floats = npt.NDArray[np.float32]

KINDS = (
    "criteria",
    "eligibility",
    "deadline",
    "dossier",
    "form_fields",
    "responsibility",
    "process",
    "scope",
    "contact",
    "legal_basis",
    "period",
    "signer",
    "recognition",
    "publicity",
    "inspection",
    "budget",
    "definition",
    "other",
)


@dataclass(frozen=True)
class Linear:
    """A multinomial model over named features: `weights` has shape (features, kinds), `bias` shape (kinds,)."""

    vocabulary: Mapping[str, int]
    weights: Floats
    bias: Floats

    def probabilities(self, texts: Sequence[Iterable[str]]) -> Floats:
        """Shape (texts, kinds); each row sums to one. Features are present or not, scaled to unit length."""
        scores = np.tile(self.bias, (len(texts), 1))
        for row, text in enumerate(texts):
            known = list({i for token in text if (i := self.vocabulary.get(token)) is not None})
            if known:
                scores[row] += self.weights[known].sum(axis=0) / np.sqrt(len(known))
        scores -= scores.max(axis=1, keepdims=True)
        exponentials = np.exp(scores)
        return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True), dtype=np.float32)


def question_features(question: Question) -> list[str]:
    """Words, pairs, documents' terms, groups and values of a question, and the words of the question that it follows."""
    now = question.bare_text.split()
    return [
        *now,
        *pairs(now),
        *(f"t:{term}" for term in question.terms),
        *(f"g:{group}" for group in question.groups),
        *(f"v:{value}" for value in question.values),
        *(f"h:{word}" for word in question.history_text.split()),
    ]


@lru_cache(maxsize=20_000)
def passage_features(passage: Passage) -> tuple[str, ...]:
    """Words and pairs of a passage, of the headings above it, its zone and the values that it holds."""
    here, above = bare(passage.searched), bare(passage.path)
    return (
        *here,
        *pairs(here),
        *(f"p:{word}" for word in [*above, *pairs(above)]),
        f"z:{passage.zone}",
        f"h:{passage.heading}",
        *(f"v:{value}" for value in held(passage.searched)),
    )
