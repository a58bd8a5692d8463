"""BM25 over any kind of token: postings with their impacts computed once, scored by adding rows up.

Source of the formula: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
always-positive idf of Lucene. Arrays only, so that postings can be saved, mapped into memory and loaded without pickling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.text import unaccent, words

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

K1 = 0.9
B = 0.4


@dataclass(frozen=True)
class Postings:
    """An inverted index of `size` texts. Token t's rows are `rows[starts[t]:starts[t + 1]]`, their impacts beside them."""

    vocabulary: Mapping[str, int]
    starts: Ints
    rows: Ints
    impacts: Floats
    idf: Floats
    size: int

    @staticmethod
    def build(texts: Iterable[Sequence[str]], k1: float = K1, b: float = B) -> Postings:
        """Postings of token lists, one list a text; an empty list is a text that nothing finds."""
        counts = [Counter(tokens) for tokens in texts]
        lengths = np.array([sum(c.values()) for c in counts], dtype=np.float32)
        mean = float(lengths.mean()) if len(counts) and lengths.any() else 1.0
        vocabulary: dict[str, int] = {}
        token_ids: list[int] = []
        rows: list[int] = []
        frequencies: list[int] = []
        for row, count in enumerate(counts):
            for token, frequency in count.items():
                token_ids.append(vocabulary.setdefault(token, len(vocabulary)))
                rows.append(row)
                frequencies.append(frequency)
        ids, row_array = np.array(token_ids, dtype=np.int32), np.array(rows, dtype=np.int32)
        tf = np.array(frequencies, dtype=np.float32)
        order = np.argsort(ids, kind="stable")
        ids, row_array, tf = ids[order], row_array[order], tf[order]
        starts = np.zeros(len(vocabulary) + 1, dtype=np.int32)
        np.add.at(starts, ids + 1, 1)
        document_frequency = starts[1:].astype(np.float32)
        starts = np.cumsum(starts, dtype=np.int32)
        idf = np.log1p((len(counts) - document_frequency + 0.5) / (document_frequency + 0.5)).astype(np.float32)
        saturation = tf * (k1 + 1) / (tf + k1 * (1 - b + b * lengths[row_array] / mean)) if len(ids) else tf
        return Postings(vocabulary, starts, row_array, saturation.astype(np.float32), idf, len(counts))

    def scores(self, weights: Mapping[str, float]) -> Floats:
        """One score a text for a weighted bag of tokens; unknown tokens add nothing."""
        total = np.zeros(self.size, dtype=np.float32)
        for token, weight in weights.items():
            token_id = self.vocabulary.get(token)
            if token_id is not None:
                begin, end = self.starts[token_id], self.starts[token_id + 1]
                total[self.rows[begin:end]] += weight * self.idf[token_id] * self.impacts[begin:end]
        return total

    def weight(self, weights: Mapping[str, float], unknown: float) -> float:
        """The idf that a bag of tokens carries in all; `unknown` stands for the idf of a token never seen here."""
        return sum(w * (float(self.idf[i]) if (i := self.vocabulary.get(t)) is not None else unknown) for t, w in weights.items())


def accented(text: str) -> list[str]:
    """Lower-case tokens with their marks."""
    return words(text)


def bare(text: str) -> list[str]:
    """The same tokens without marks."""
    return [unaccent(word) for word in words(text)]


def pairs(tokens: Sequence[str]) -> list[str]:
    """Neighbouring tokens joined by "_": most Vietnamese words have two syllables."""
    return [f"{first}_{second}" for first, second in zip(tokens, tokens[1:], strict=False)]
