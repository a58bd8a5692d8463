"""Late interaction: how well each token of a question is met by the nearest token of a passage or of the headings above it.

A score is the mean of those best cosines, weighted by what each token of the question was found to be worth. Table and weights are
trained in `index/training/interaction.py` to tell a clause that answers from the other clauses of its document. Where the mean of a
text's vectors blurs, single words still meet; the two err on different questions.

Source: Khattab and Zaharia, "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction" (2020), here over a
table of token vectors without context.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embed import SHIPPED, features
from index.passages import Passage

FILE = "interaction.npz"
PART_NAMES = ("late_own", "late_met", "late_strong", "late_reverse", "late_contrast", "late_top")
SUPPORT_NAMES = ("support", "support_least", "support_quarter", "unmet")
UNMET_BELOW = 0.5  # cosine from which a token is taken to be met
STRONG_FROM = 0.75  # cosine from which a token is met by its like
NEARLY_BEST = 0.02  # below the document's best cosine for a token

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Tokens:
    """The tokens of a document's passages: `distinct` ids, and for each field of each passage the places of its tokens among them.

    Passage i's own tokens are `own[own_starts[i]:own_starts[i + 1]]`; each field ends with `len(distinct)`, the token that meets nothing.
    """

    distinct: Ints
    own: Ints
    own_starts: Ints
    path: Ints
    path_starts: Ints
    size: int

    @staticmethod
    def of(passages: Sequence[Passage], vocabulary: Mapping[str, int]) -> Tokens:
        return Tokens.of_ids([token_ids(p.searched, vocabulary) for p in passages], [token_ids(p.path, vocabulary) for p in passages])

    @staticmethod
    def of_ids(own: Sequence[Sequence[int]], path: Sequence[Sequence[int]]) -> Tokens:
        """The same from the `token_ids` of each passage and of the headings above it."""
        distinct = sorted({token for field in (*own, *path) for token in field})
        places = {token: place for place, token in enumerate(distinct)}
        flat_own, own_starts = _flat(own, places)
        flat_path, path_starts = _flat(path, places)
        return Tokens(np.array(distinct, dtype=np.int32), flat_own, own_starts, flat_path, path_starts, len(own))


def _flat(fields: Sequence[Sequence[int]], places: Mapping[int, int]) -> tuple[Ints, Ints]:
    """The places of all fields' tokens one after another, each field closed by the token that meets nothing; and where each begins."""
    rows = [[*(places[token] for token in field), len(places)] for field in fields]
    starts = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int32)
    return np.array([place for row in rows for place in row], dtype=np.int32), starts


def token_ids(text: str, vocabulary: Mapping[str, int]) -> list[int]:
    """The known tokens of a text, each once, in its order."""
    return [vocabulary[token] for token in dict.fromkeys(features(text).split()) if token in vocabulary]


@dataclass(frozen=True)
class Interaction:
    """`table` has shape (tokens, dimension); `worth` is what each token of a question weighs; `path_share` what a heading counts for."""

    vocabulary: Mapping[str, int]
    table: npt.NDArray[np.float16]
    worth: Floats
    path_share: float

    def scores(self, readings: Sequence[str], tokens: Tokens) -> tuple[Floats, Floats, Floats]:
        """One score a passage, at most 1, shape (passages,), its parts and the support; each the mean over the readings of a question.

        The parts have shape (len(PART_NAMES), passages): the score by a passage's own words alone; the share of the question that is met,
        and met by its like; how much of the passage the question meets; how much better than the document's mean the passage meets each
        token; the share of the question that no passage meets better. The support has shape (len(SUPPORT_NAMES),): how well the document
        as a whole meets the question's tokens, wherever each is met. All are zero for a question of which no token is known.
        """
        read = [self._read(question, tokens) for question in readings]
        scores, parts, support = (np.mean(each, axis=0) for each in zip(*read, strict=True))
        return scores, parts, support

    def _read(self, question: str, tokens: Tokens) -> tuple[Floats, Floats, Floats]:
        asked = token_ids(question, self.vocabulary)
        if not asked or not tokens.size:
            nothing = np.zeros((len(PART_NAMES), tokens.size), dtype=np.float32)
            return np.zeros(tokens.size, dtype=np.float32), nothing, np.zeros(len(SUPPORT_NAMES), dtype=np.float32)
        met = np.zeros((len(asked), len(tokens.distinct) + 1), dtype=np.float32)
        met[:, :-1] = self._unit(asked) @ self._unit(tokens.distinct).T
        own = np.maximum.reduceat(met[:, tokens.own], tokens.own_starts[:-1], axis=1)
        path = np.maximum.reduceat(met[:, tokens.path], tokens.path_starts[:-1], axis=1) * self.path_share
        weights = self.worth[asked] / self.worth[asked].sum()
        best = np.maximum(own, path)
        anywhere = best.max(axis=1)
        matter = np.append(self.worth[tokens.distinct], np.float32(1e-6))
        said, begins = matter[tokens.own], tokens.own_starts[:-1]
        reverse = np.add.reduceat(met.max(axis=0)[tokens.own] * said, begins) / np.add.reduceat(said, begins)
        parts = [
            weights @ own,
            weights @ (best >= UNMET_BELOW),
            weights @ (best >= STRONG_FROM),
            reverse,
            weights @ (best - best.mean(axis=1, keepdims=True)),
            weights @ (best >= anywhere[:, None] - NEARLY_BEST),
        ]
        support = [weights @ anywhere, anywhere.min(), np.sort(anywhere)[len(anywhere) // 4], weights @ (anywhere < UNMET_BELOW)]
        return np.asarray(weights @ best, dtype=np.float32), np.array(parts, dtype=np.float32), np.array(support, dtype=np.float32)

    def _unit(self, tokens: Sequence[int] | Ints) -> Floats:
        rows = self.table[np.asarray(tokens)].astype(np.float32)
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), dtype=np.float32)

    def save(self, folder: Path) -> None:
        ordered = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        np.savez_compressed(
            folder / FILE,
            vocabulary=np.frombuffer("\n".join(ordered).encode(), dtype=np.uint8),
            table=self.table,
            worth=self.worth.astype(np.float16),
            path_share=np.float32(self.path_share),
        )

    @staticmethod
    def load(folder: Path = SHIPPED) -> Interaction:
        with np.load(folder / FILE, allow_pickle=False) as archive:
            words = archive["vocabulary"].tobytes().decode().split("\n")
            table, worth, share = archive["table"], archive["worth"].astype(np.float32), float(archive["path_share"])
        return Interaction({word: i for i, word in enumerate(words)}, table, worth, share)
