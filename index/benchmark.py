"""A BEIR-style folder searched: corpus.jsonl, queries.jsonl, qrels.tsv (`_id` or `id`; qrels with or without a header line).

A text is searched whole and piece by piece (its numbered parts), by bare words and pairs of them, by its title, and, where the marks are
typed, by accented words; the vectors add what words alone do not find, and late interaction how well words and part meet, both ways. The
weights are the same with and without marks. Triples of words were tried here and earned nothing.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from index.embed import Embedder
from index.fusion import scaled
from index.interaction import PART_NAMES, Interaction, Tokens, token_ids
from index.lexical import Postings, accented, bare, pairs
from knowledge.text import is_unaccented, unaccent

Floats = npt.NDArray[np.float32]

DEPTH = 10


class BenchmarkError(Exception):
    """The folder is not a benchmark; the message is one line with the file and what is wrong."""


@dataclass(frozen=True)
class Folder:
    texts: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]


def read(folder: Path) -> Folder:
    """The three files; raises BenchmarkError."""
    texts = {_id(row): (str(row.get("title") or ""), str(row.get("text") or "")) for row in _lines(folder / "corpus.jsonl")}
    queries = {_id(row): str(row.get("text") or "") for row in _lines(folder / "queries.jsonl")}
    relevant: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_text(folder / "qrels.tsv").splitlines(), start=1):
        parts = line.rstrip("\n").split("\t")
        if len(parts) < 3 or not parts[-1].strip().lstrip("-").isdigit():
            if number == 1 or not line.strip():
                continue
            raise BenchmarkError(f"{folder / 'qrels.tsv'} dòng {number}: cần ba cột cách nhau bằng dấu tab")
        if int(parts[-1]) > 0:
            relevant.setdefault(parts[0], {})[parts[-2]] = int(parts[-1])
    return Folder(texts, queries, relevant)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BenchmarkError(f"Không mở được “{path}”: {error.strerror}") from error


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise BenchmarkError(f"“{path}” dòng {number} không phải JSON") from error


def _id(row: Mapping[str, Any]) -> str:
    return str(row.get("_id", row.get("id")))


class Collection:
    """Texts searched as a whole and by their parts."""

    def __init__(self, texts: Mapping[str, tuple[str, str]], embedder: Embedder | None, interaction: Interaction | None = None) -> None:
        self.ids = list(texts)
        bodies = [text for _, text in texts.values()]
        heads = [f"{title} {text.split(chr(10), 1)[0]}" for title, text in texts.values()]
        self.words = Postings.build(accented(text) for text in bodies)
        self.bare = Postings.build(bare(text) for text in bodies)
        self.pairs = Postings.build(pairs(bare(text)) for text in bodies)
        self.heads = Postings.build([*(b := bare(head)), *pairs(b)] for head in heads)
        parts = [(row, part) for row, text in enumerate(bodies) for part in parts_of(text)]
        self.owner = np.array([row for row, _ in parts], dtype=np.int32)
        self.part_words = Postings.build(bare(part) for _, part in parts)
        self.part_pairs = Postings.build(pairs(bare(part)) for _, part in parts)
        self.embedder = embedder
        self.vectors = embedder.encode([part for _, part in parts]) if embedder else None
        self.interaction = interaction
        self.tokens = [token_ids(part, interaction.vocabulary) for _, part in parts] if interaction else []

    def search(self, query: str, upto: Part = "late") -> list[tuple[str, float]]:
        """The best texts with their scores."""
        scores = self.scores(query, upto)
        best = np.argsort(-scores, kind="stable")[:DEPTH]
        return [(self.ids[row], float(scores[row])) for row in best]

    def scores(self, query: str, upto: Part = "late") -> Floats:
        """One score a text; `upto` names the last part of the search that takes part, in the order of PARTS."""
        plain = bare(query)
        single, double = dict.fromkeys(plain, 1.0), dict.fromkeys(pairs(plain), 1.0)
        last = PARTS.index(upto)
        total = np.zeros(len(self.ids), dtype=np.float32)
        if not is_unaccented(query):
            total += 0.5 * scaled(self.words.scores(dict.fromkeys(accented(query), 1.0)))
        if last >= PARTS.index("bare"):
            total = scaled(total + 0.5 * scaled(self.bare.scores(single)) + scaled(self.pairs.scores(double)))
        if last >= PARTS.index("heads"):
            total = total + 0.15 * scaled(self.heads.scores({**single, **double}))
        if last >= PARTS.index("parts"):
            total = total + scaled(self._best(0.5 * self.part_words.scores(single) + self.part_pairs.scores(double)))
        if last >= PARTS.index("dense") and self.embedder is not None and self.vectors is not None:
            total = total + DENSE_WEIGHT * self._best(self.vectors @ self.embedder.encode([query])[0])
        if last >= PARTS.index("late") and self.interaction is not None:
            likely = np.isin(self.owner, np.argsort(-total, kind="stable")[:READ_AGAIN])
            tokens = Tokens.of_ids([self.tokens[row] for row in np.flatnonzero(likely)], [()] * int(likely.sum()))
            late, parts, _ = self.interaction.scores([query], tokens)
            met = np.zeros(len(self.owner), dtype=np.float32)
            met[likely] = LATE_WEIGHT * late + REVERSE_WEIGHT * parts[PART_NAMES.index("late_reverse")]
            total = total + self._best(met)
        return np.asarray(total, dtype=np.float32)

    def _best(self, scores: Floats) -> Floats:
        best = np.zeros(len(self.ids), dtype=np.float32)
        np.maximum.at(best, self.owner, scores)
        return best


DENSE_WEIGHT = 1.2
LATE_WEIGHT = 0.5
REVERSE_WEIGHT = 2.0
READ_AGAIN = 50  # texts whose parts late interaction looks at

Part = Literal["words", "bare", "heads", "parts", "dense", "late"]
PARTS: tuple[Part, ...] = ("words", "bare", "heads", "parts", "dense", "late")

_NUMBERED = re.compile(r"\d+\.\s")


def parts_of(text: str) -> list[str]:
    """The numbered parts of an article, each behind its heading; the whole where there are none."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return [text]
    parts: list[str] = []
    for line in lines[1:]:
        if not parts or _NUMBERED.match(line):
            parts.append(f"{lines[0]} {line}")
        else:
            parts[-1] += f" {line}"
    return parts


def run(folder: Path, *, unaccented: bool = False, embedder: Embedder | None = None) -> dict[str, float]:
    """The figures of a folder: quality over the questions that have an answer, time a question in milliseconds, memory in MB."""
    data = read(folder)
    asked = {id: text for id, text in data.queries.items() if id in data.relevant}
    if not asked:
        raise BenchmarkError(f"“{folder}”: không câu hỏi nào có lời giải trong qrels.tsv")
    begun = time.perf_counter()
    collection = Collection(data.texts, embedder or Embedder(), Interaction.load())
    built = time.perf_counter() - begun
    gains, first, ten, ranks, times = [], [], [], [], []
    for id, text in asked.items():
        begun = time.perf_counter()
        found = [name for name, _ in collection.search(unaccent(text) if unaccented else text)]
        times.append((time.perf_counter() - begun) * 1000)
        wanted = data.relevant[id]
        gains.append(ndcg(found, wanted))
        first.append(len(set(found[:1]) & set(wanted)) / len(wanted))
        ten.append(len(set(found) & set(wanted)) / len(wanted))
        ranks.append(next((1 / (place + 1) for place, name in enumerate(found) if name in wanted), 0.0))
    times.sort()
    return {
        "ndcg@10": round(float(np.mean(gains)), 4),
        "recall@1": round(float(np.mean(first)), 4),
        "recall@10": round(float(np.mean(ten)), 4),
        "mrr@10": round(float(np.mean(ranks)), 4),
        "index_s": round(built, 2),
        "query_ms_p50": round(times[len(times) // 2], 2),
        "query_ms_p95": round(times[int(len(times) * 0.95)], 2),
        "peak_mb": round(_peak_mb(), 1),
    }


def ndcg(found: Sequence[str], wanted: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain of the texts found, best first, against their grades."""
    gain = sum((2 ** wanted.get(name, 0) - 1) / np.log2(place + 2) for place, name in enumerate(found))
    best = sum((2**grade - 1) / np.log2(place + 2) for place, grade in enumerate(sorted(wanted.values(), reverse=True)[:DEPTH]))
    return float(gain / best) if best else 0.0


def _peak_mb() -> float:
    """The largest memory of this process so far; 0 on systems that do not tell (Windows)."""
    if sys.platform == "win32":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
