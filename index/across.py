"""Search over the plans of all institutions at once: which clauses, of whose plans, are likely to answer.

    index/across/<n>.json           which blocks are in force, each with its SHA-256
    index/across/<name>.block       the postings and vectors of many plans, mapped into memory, never changed
    index/across/<name>.lists       the faiss index over a large block's vectors
    index/across/current            the number in force

All of it is made from the segments and can be made again; where it is missing or damaged, the engine does without. Blocks stand in
levels of growing size: a new plan is written together with the smallest level alone, a level that has grown too large goes into the
next. A plan that is not live any more stays in its block, unseen, until so much of the block is dead that it is written anew.

A token is known by a 64-bit hash, an impact by 8 bits. Candidates by words and by vectors are scored exactly, by the sum of both.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.dense import LISTED_FROM, Dense, Lists
from index.files import arrays_of, canonical, digest, mapped, put, put_in_place
from index.lexical import K1, Counts, rarity
from knowledge.text import unaccent

if TYPE_CHECKING:
    from index.question import Question
    from index.search import Segment

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]

LAYOUT = 1
LEVELS = (2_000, 20_000, 200_000)  # rows up to which a block belongs to a level; the last level has no limit
FLUSHED = 40_000  # rows gathered in memory before they are written
DEAD = 0.3  # the share of dead rows from which a block is written anew
CANDIDATES = 120  # rows by words, and as many by vectors, that are scored exactly
DENSE_WEIGHT = 0.5
FIELDS = {"words": 0.5, "bare": 1.0, "pairs": 1.0, "path": 0.3}
TERMS = 0.5  # the weight of the documents' words for the everyday words of a question
_STEPS = 255


@dataclass(frozen=True)
class Hit:
    """A passage found: the segment's file, its row among that plan's passages, and the score."""

    file: str
    row: int
    score: float


@dataclass(frozen=True)
class Part:
    """The rows of one segment in a block."""

    file: str
    first: int
    rows: int


@lru_cache(maxsize=2_000_000)
def _hash(field: str, token: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{field}:{token}".encode(), digest_size=8).digest(), "little")


class Block:
    """The postings and vectors of some plans, in a file. Token t, `tokens[t]`, is in `rows[starts[t]:starts[t + 1]]`."""

    def __init__(self, path: Path, lists: Path | None = None) -> None:
        header, arrays = mapped(path)
        self.path = path
        self.parts = tuple(Part(*part) for part in header["parts"])
        self.size = sum(part.rows for part in self.parts)
        self.tokens, self.starts = arrays["tokens"], arrays["starts"]
        self.rows, self.impacts, self.vectors = arrays["rows"], arrays["impacts"], arrays["vectors"]
        self._lists = lists
        self._firsts = np.array([part.first for part in self.parts], dtype=np.int64)

    @cached_property
    def dense(self) -> Dense | Lists | None:
        if not self.size or not self.vectors.shape[1]:
            return None
        return Lists(self._lists) if self._lists else Dense(self.vectors.astype(np.float32))

    def places(self, hashes: npt.NDArray[np.uint64]) -> Longs:
        """Where tokens stand in `tokens`; -1 for one that is not there."""
        at = np.searchsorted(self.tokens, hashes)
        at[at == len(self.tokens)] = 0
        return np.where(self.tokens[at] == hashes, at, -1) if len(self.tokens) else np.full(len(hashes), -1)

    def alive(self, live: Collection[str]) -> Bools | None:
        """Which rows belong to live segments; None where all do."""
        kept = [part.file in live for part in self.parts]
        return None if all(kept) else np.repeat(kept, [part.rows for part in self.parts])

    def scores(self, places: Longs, weights: Floats) -> Floats:
        """The BM25 of every row for tokens at known places."""
        there = places >= 0
        begins, ends = self.starts[places[there]], self.starts[places[there] + 1]
        runs = [slice(begin, end) for begin, end in zip(begins, ends, strict=True)]
        if not runs:
            return np.zeros(self.size, dtype=np.float32)
        rows = np.concatenate([self.rows[run] for run in runs])
        impacts = np.concatenate([self.impacts[run] for run in runs])
        return np.bincount(rows, impacts * np.repeat(weights[there], ends - begins), self.size).astype(np.float32)

    def hit(self, row: int, score: float) -> Hit:
        part = self.parts[int(np.searchsorted(self._firsts, row, side="right")) - 1]
        return Hit(part.file, row - part.first, score)


@dataclass(frozen=True)
class _Gathered:
    """Postings in memory: one triple a posting, in no order but that of the rows."""

    tokens: list[npt.NDArray[np.uint64]]
    rows: list[npt.NDArray[np.int32]]
    impacts: list[npt.NDArray[np.uint8]]
    vectors: list[npt.NDArray[np.float16]]
    parts: list[Part]

    @staticmethod
    def empty() -> _Gathered:
        return _Gathered([], [], [], [], [])

    @property
    def size(self) -> int:
        return self.parts[-1].first + self.parts[-1].rows if self.parts else 0

    def add(self, file: str, segment: Segment, means: Mapping[str, float]) -> None:
        first = self.size
        for field, counts in segment.counts.items():
            held, impacts = np.diff(counts.starts), np.ones(0, dtype=np.uint8)
            if len(counts.rows):
                share = counts.saturation(means[field]) / (K1 + 1)
                impacts = np.maximum(1, np.rint(share * _STEPS)).astype(np.uint8)
            hashes = np.array([_hash(field, token) for token in counts.tokens], dtype=np.uint64)
            kept = np.repeat(_wanted(field, counts), held)
            self.tokens.append(np.repeat(hashes, held)[kept])
            self.rows.append((counts.rows + first)[kept].astype(np.int32))
            self.impacts.append(impacts[kept])
        vectors = segment.vectors if segment.vectors is not None else np.zeros((len(segment.passages), 0), dtype=np.float32)
        self.vectors.append(vectors.astype(np.float16))
        self.parts.append(Part(file, first, len(segment.passages)))

    def write(self, path: Path) -> None:
        tokens = np.concatenate(self.tokens)
        order = np.argsort(tokens, kind="stable")
        tokens, held = np.unique(tokens[order], return_counts=True)
        shapes = _shapes(len(tokens), len(order), self.size, self.vectors[0].shape[1])
        with arrays_of(path, {"parts": [[p.file, p.first, p.rows] for p in self.parts]}, shapes) as made:
            made["tokens"][:] = tokens
            made["starts"][1:] = np.cumsum(held)
            made["rows"][:] = np.concatenate(self.rows)[order]
            made["impacts"][:] = np.concatenate(self.impacts)[order]
            made["vectors"][:] = np.concatenate(self.vectors)


def _wanted(field: str, counts: Counts) -> Bools:
    """Of the words only those with a mark are kept: without one a word is the bare word again."""
    if field != "words":
        return np.ones(len(counts.tokens), dtype=np.bool_)
    return np.array([token != unaccent(token) for token in counts.tokens], dtype=np.bool_)


def _shapes(tokens: int, postings: int, rows: int, dimension: int) -> dict[str, tuple[tuple[int, ...], str]]:
    return {
        "tokens": ((tokens,), "<u8"),
        "starts": ((tokens + 1,), "<i8"),
        "rows": ((postings,), "<i4"),
        "impacts": ((postings,), "|u1"),
        "vectors": ((rows, dimension), "<f2"),
    }


def merged(blocks: Sequence[Block], live: Collection[str], path: Path) -> None:
    """Write several blocks as one, without the rows of segments that are not live."""
    parts: list[Part] = []
    moved: list[npt.NDArray[np.int32]] = []
    held: list[Longs] = []
    size = 0
    for block in blocks:
        alive = block.alive(live)
        kept = np.ones(block.size, dtype=np.bool_) if alive is None else alive
        moved.append(np.where(kept, np.cumsum(kept) - 1 + size, -1).astype(np.int32))
        for part in block.parts:
            if part.file in live:
                parts.append(Part(part.file, size, part.rows))
                size += part.rows
        lengths = np.diff(block.starts)
        if alive is not None and len(block.rows):
            staying = np.concatenate([[0], np.cumsum(alive[block.rows], dtype=np.int64)])
            lengths = staying[block.starts[1:]] - staying[block.starts[:-1]]
        held.append(lengths)
    tokens = np.unique(np.concatenate([block.tokens[h > 0] for block, h in zip(blocks, held, strict=True)]))
    counts = np.zeros(len(tokens), dtype=np.int64)
    for block, lengths in zip(blocks, held, strict=True):
        counts[np.searchsorted(tokens, block.tokens[lengths > 0])] += lengths[lengths > 0]
    starts = np.concatenate([[0], np.cumsum(counts)])
    dimension = max((block.vectors.shape[1] for block in blocks), default=0)
    header = {"parts": [[p.file, p.first, p.rows] for p in parts]}
    with arrays_of(path, header, _shapes(len(tokens), int(starts[-1]), size, dimension)) as made:
        made["tokens"][:] = tokens
        made["starts"][:] = starts
        next_free = starts[:-1].copy()
        for block, lengths, to in zip(blocks, held, moved, strict=True):
            there = lengths > 0
            at = np.searchsorted(tokens, block.tokens[there])
            ends = np.cumsum(lengths[there])
            target = np.repeat(next_free[at] - (ends - lengths[there]), lengths[there]) + np.arange(ends[-1] if len(ends) else 0)
            rows = to[block.rows]
            made["rows"][target] = rows[rows >= 0]
            made["impacts"][target] = block.impacts[rows >= 0]
            next_free[at] += lengths[there]
            made["vectors"][to[to >= 0]] = block.vectors[to >= 0]


class Across:
    """The blocks in force, opened. `live` are the files of the segments that may be found."""

    def __init__(self, blocks: Sequence[Block], live: Collection[str]) -> None:
        self.blocks = tuple(block for block in blocks if block.size)
        self.alive = [block.alive(live) for block in self.blocks]
        self.size = sum(block.size if alive is None else int(alive.sum()) for block, alive in zip(self.blocks, self.alive, strict=True))

    def search(self, asked: Question, vector: Floats | None, k: int) -> list[Hit]:
        """The k best passages of all live plans, best first; `vector` is the question's, of unit length."""
        places, weights = self.weighted(asked)
        found: list[tuple[Block, Longs, Floats]] = []
        largest = 0.0
        for block, at, alive in zip(self.blocks, places, self.alive, strict=True):
            words = block.scores(at, weights)
            if alive is not None:
                words[~alive] = 0
            rows = _largest(words, CANDIDATES)
            largest = max(largest, float(words[rows].max(initial=0)))
            if vector is not None and block.dense is not None:
                near = block.dense.rows(vector, CANDIDATES)
                rows = np.union1d(rows, near if alive is None else near[alive[near]])
            found.append((block, rows, words[rows]))
        return ranked(found, largest, vector, k)

    def weighted(self, asked: Question) -> tuple[list[Longs], Floats]:
        """Where each token of a question stands in each block, and the tokens' weights, rarity included."""
        bag: dict[int, float] = {}
        pairs = {**{t: w * TERMS for t, w in asked.terms.items() if "_" in t}, **asked.pairs}
        single = {**{t: w * TERMS for t, w in asked.terms.items() if "_" not in t}, **asked.bare}
        for field, tokens in (("words", asked.accented), ("bare", single), ("pairs", pairs), ("path", {**single, **pairs})):
            for token, weight in tokens.items():
                bag[_hash(field, token)] = weight * FIELDS[field]
        hashes = np.array(list(bag), dtype=np.uint64)
        places = [block.places(hashes) for block in self.blocks]
        held = np.zeros(len(hashes), dtype=np.int64)
        for block, at in zip(self.blocks, places, strict=True):
            held += np.where(at >= 0, block.starts[at + 1] - block.starts[at], 0)
        weights = np.array(list(bag.values()), dtype=np.float32) * rarity(held.astype(np.int32), max(self.size, int(held.max(initial=0))))
        return places, weights * np.float32((K1 + 1) / _STEPS)


def ranked(found: Iterable[tuple[Block, Longs, Floats]], largest: float, vector: Floats | None, k: int) -> list[Hit]:
    """The k best of some rows, by the sum of their words, divided by the largest anywhere, and the cosine."""
    best: list[tuple[float, Block, int]] = []
    for block, rows, words in found:
        scores = words / largest if largest > 0 else words
        if vector is not None and block.vectors.shape[1]:
            scores = scores + DENSE_WEIGHT * (block.vectors[rows].astype(np.float32) @ vector)
        best.extend((float(scores[place]), block, int(rows[place])) for place in _largest(scores, k))
    best.sort(key=lambda one: -one[0])
    return [block.hit(row, score) for score, block, row in best[:k]]


def _largest(scores: Floats, k: int) -> Longs:
    """The places of the k largest scores, in no order; places of nothing may be left out."""
    if len(scores) <= k:
        return np.arange(len(scores))
    top = float(scores.max())
    for share in (0.5, 0.3, 0.15, 0.0):  # most rows are far below the best: they need not be put in order
        high = np.flatnonzero(scores > share * top)
        if len(high) >= k:
            return high[np.argpartition(scores[high], len(high) - k)[len(high) - k :]]
    return high


class Store:
    """The blocks of a folder: kept in step with the segments in force by `update`, opened by `open`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened: dict[str, Block] = {}

    def open(self, live: Collection[str], model: str) -> Across | None:
        """The blocks in force, their checksums verified once; None where there are none of this model, or one is damaged."""
        try:
            body = self._current()[1]
            if body["model"] != model:
                return None
            opened = {entry["file"]: self._sound(entry) for entry in body["blocks"]}
        except (OSError, ValueError, KeyError, TypeError):
            return None
        self._opened = opened
        return Across(list(opened.values()), live)

    def update(self, live: Collection[str], model: str, read: Callable[[str], Segment]) -> None:
        """Put blocks in force that hold the live segments; those that no block holds yet are read."""
        self.folder.mkdir(parents=True, exist_ok=True)
        number, entries, means = 0, [], {}
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            number, body = self._current()
            if body["model"] == model:
                entries, means = body["blocks"], body["means"]
        blocks: list[tuple[dict[str, Any], Block]] = []
        for entry in entries:
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                blocks.append((entry, self._sound(entry)))
        known = {part.file for _, block in blocks for part in block.parts}
        new = [file for file in live if file not in known]
        stale = [block for _, block in blocks if _dead(block, live) > DEAD * block.size]
        if not new and not stale and len(blocks) == len(entries) and entries:
            return
        segments = ((file, read(file)) for file in new)
        added, means = self._gather(segments, means)
        keep = [block for _, block in blocks if block not in stale]
        into = [*added, *stale]
        size = sum(block.size - _dead(block, live) for block in into)
        while absorbed := [block for block in keep if _level(block.size) <= _level(size)]:
            keep = [block for block in keep if block not in absorbed]
            into = [*absorbed, *into]
            size = sum(block.size - _dead(block, live) for block in into)
        kept = [entry for entry, block in blocks if block in keep]
        if into and size:
            kept.append(self._write(into, live))
        self._put_in_force(number + 1, {"layout": LAYOUT, "model": model, "means": means, "blocks": kept})
        for block in added:
            block.path.unlink(missing_ok=True)

    def drop(self) -> None:
        """Take the blocks out of force."""
        (self.folder / "current").unlink(missing_ok=True)

    def _gather(self, segments: Iterator[tuple[str, Segment]], means: dict[str, float]) -> tuple[list[Block], dict[str, float]]:
        gathered = _Gathered.empty()
        made: list[Block] = []

        def flush() -> None:
            path = self.folder / f"gathered-{len(made)}.tmp"
            gathered.write(path)
            made.append(Block(path))

        for file, segment in segments:
            if not segment.passages:
                continue
            means = means or {field: max(1.0, float(counts.lengths.mean())) for field, counts in segment.counts.items()}
            gathered.add(file, segment, means)
            if gathered.size >= FLUSHED:
                flush()
                gathered = _Gathered.empty()
        if gathered.parts:
            flush()
        return made, means

    def _write(self, blocks: Sequence[Block], live: Collection[str]) -> dict[str, Any]:
        temporary = self.folder / "merged.tmp"
        merged(blocks, live, temporary)
        sha256 = digest(temporary)
        entry: dict[str, Any] = {"file": f"{sha256[:24]}.block", "sha256": sha256, "lists": None, "lists_sha256": None}
        put_in_place(temporary, self.folder / entry["file"])
        vectors = Block(self.folder / entry["file"]).vectors
        if len(vectors) >= LISTED_FROM and vectors.shape[1]:
            lists = self.folder / "lists.tmp"
            Lists.make(vectors, lists)
            entry["lists"], entry["lists_sha256"] = f"{sha256[:24]}.lists", digest(lists)
            put_in_place(lists, self.folder / entry["lists"])
        return entry

    def _put_in_force(self, number: int, body: dict[str, Any]) -> None:
        manifest = {"body": body, "sha256": hashlib.sha256(canonical(body)).hexdigest()}
        put(self.folder / f"{number}.json", json.dumps(manifest, ensure_ascii=False).encode())
        put(self.folder / "current", str(number).encode())
        used = {f"{number}.json", "current"} | {entry[part] for entry in body["blocks"] for part in ("file", "lists") if entry[part]}
        for path in self.folder.iterdir():
            if path.name not in used:
                with contextlib.suppress(OSError):  # Windows keeps a file that is mapped: it goes another time
                    path.unlink()

    def _current(self) -> tuple[int, dict[str, Any]]:
        number = int((self.folder / "current").read_text(encoding="ascii"))
        manifest = json.loads((self.folder / f"{number}.json").read_text(encoding="utf-8"))
        body = manifest["body"]
        if hashlib.sha256(canonical(body)).hexdigest() != manifest["sha256"] or body["layout"] != LAYOUT:
            raise ValueError(f"across/{number}.json")
        return number, body

    def _sound(self, entry: Mapping[str, Any]) -> Block:
        """A block in force, its checksum verified once; raises OSError or ValueError."""
        if entry["file"] in self._opened:
            return self._opened[entry["file"]]
        for name, sha256 in ((entry["file"], entry["sha256"]), (entry["lists"], entry["lists_sha256"])):
            if name and digest(self.folder / name) != sha256:
                raise ValueError(name)
        block = Block(self.folder / entry["file"], self.folder / entry["lists"] if entry["lists"] else None)
        self._opened = {**self._opened, entry["file"]: block}
        return block


def _dead(block: Block, live: Collection[str]) -> int:
    return sum(part.rows for part in block.parts if part.file not in live)


def _level(rows: int) -> int:
    return sum(rows > limit for limit in LEVELS)
