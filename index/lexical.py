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
class Counts:
    """How often each token stands in each text. Token t, `tokens[t]`, is in `rows[starts[t]:starts[t + 1]]`, `frequencies` times each."""

    tokens: Sequence[str]
    starts: Ints
    rows: Ints
    frequencies: Ints
    lengths: Ints

    @staticmethod
    def of(texts: Iterable[Sequence[str]]) -> Counts:
        """Counts of token lists, one list a text."""
        counts = [Counter(tokens) for tokens in texts]
        vocabulary: dict[str, int] = {}
        token_ids: list[int] = []
        frequencies: list[int] = []
        for count in counts:
            token_ids.extend([vocabulary.setdefault(token, len(vocabulary)) for token in count])
            frequencies.extend(count.values())
        ids = np.array(token_ids, dtype=np.int32)
        rows = np.repeat(np.arange(len(counts), dtype=np.int32), [len(count) for count in counts])
        order = np.argsort(ids, kind="stable")
        held = np.bincount(ids, minlength=len(vocabulary))
        return Counts(
            tuple(vocabulary),
            np.concatenate([[0], np.cumsum(held)]).astype(np.int32),
            rows[order],
            np.array(frequencies, dtype=np.int32)[order],
            np.array([sum(count.values()) for count in counts], dtype=np.int32),
        )

    def saturation(self, mean: float, k1: float = K1, b: float = B) -> Floats:
        """The part of BM25 that depends on a token and its text, where texts have `mean` tokens on average; below k1 + 1."""
        tf, lengths = self.frequencies.astype(np.float32), self.lengths.astype(np.float32)
        if not len(tf):
            return tf
        return (tf * (k1 + 1) / (tf + k1 * (1 - b + b * lengths[self.rows] / mean))).astype(np.float32)


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
        return Postings.of(Counts.of(texts), k1, b)

    @staticmethod
    def of(counts: Counts, k1: float = K1, b: float = B) -> Postings:
        lengths = counts.lengths.astype(np.float32)
        mean = float(lengths.mean()) if len(lengths) and lengths.any() else 1.0
        idf = rarity(np.diff(counts.starts), len(lengths))
        vocabulary = {token: number for number, token in enumerate(counts.tokens)}
        return Postings(vocabulary, counts.starts, counts.rows, counts.saturation(mean, k1, b), idf, len(lengths))

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


def rarity(held: Ints, size: int) -> Floats:
    """The idf of tokens of which each is held by so many of `size` texts."""
    frequency = held.astype(np.float32)
    return np.log1p((size - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)


def accented(text: str) -> list[str]:
    """Lower-case tokens with their marks."""
    return words(text)


def bare(text: str) -> list[str]:
    """The same tokens without marks."""
    return [unaccent(word) for word in words(text)]


def pairs(tokens: Sequence[str]) -> list[str]:
    """Neighbouring tokens joined by "_": most Vietnamese words have two syllables."""
    return [f"{first}_{second}" for first, second in zip(tokens, tokens[1:], strict=False)]
