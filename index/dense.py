"""Vectors in faiss: exact inner products over one plan; over a library, lists of near vectors in 8 bits a value."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Longs = npt.NDArray[np.int64]

LISTED_FROM = 20_000  # vectors from which looking at all of them costs more than lists do
TRAINED_ON = 40  # vectors a list that the lists' centres are found from
PROBED = 24  # lists that a search looks into
_BATCH = 50_000


class Dense:
    """An exact index over unit vectors; row i of the vectors is passage i."""

    def __init__(self, vectors: Floats) -> None:
        import faiss

        self.vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self._index: Any = faiss.IndexFlatIP(self.vectors.shape[1])
        self._index.add(self.vectors)

    def scores(self, query: Floats) -> Floats:
        """The cosine of a unit query, shape (dimension,), with every passage, in passage order."""
        size = self.vectors.shape[0]
        if size == 0:
            return np.zeros(0, dtype=np.float32)
        similarities, rows = self._index.search(query.reshape(1, -1), size)
        found = np.zeros(size, dtype=np.float32)
        found[rows[0]] = similarities[0]
        return found

    def nearest(self, query: Floats, k: int) -> list[tuple[int, float]]:
        """The k rows nearest to a unit query, best first, with their cosines."""
        similarities, rows = self._index.search(query.reshape(1, -1), min(k, self.vectors.shape[0]))
        return [(int(row), float(value)) for row, value in zip(rows[0], similarities[0], strict=True) if row >= 0]

    def rows(self, query: Floats, k: int) -> Longs:
        """The rows of `nearest` alone."""
        return np.array([row for row, _ in self.nearest(query, k)], dtype=np.int64)


class Lists:
    """An approximate index over many unit vectors: an inverted file with 8 bits a value, made once and mapped into memory."""

    def __init__(self, path: Path) -> None:
        import faiss

        self._index = cast(Any, faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY))
        self._index.nprobe = PROBED
        # Its threads that read lists ahead cost more than the lists do.
        cast(Any, faiss.downcast_InvertedLists(self._index.invlists)).prefetch_nthread = 0

    @staticmethod
    def make(vectors: npt.NDArray[np.float16], path: Path, seed: int = 20) -> None:
        """Write the index of unit vectors, shape (size, dimension), to a file; row i of the vectors is id i."""
        import faiss

        size, dimension = vectors.shape
        lists = max(16, int(2 * math.sqrt(size)))
        centres = faiss.IndexFlatIP(dimension)
        index: Any = faiss.IndexIVFScalarQuantizer(centres, dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
        index.cp.niter, index.cp.seed, index.cp.spherical = 8, seed, True
        sample = np.random.default_rng(seed).choice(size, min(size, lists * TRAINED_ON), replace=False)
        index.train(vectors[np.sort(sample)].astype(np.float32))
        for begin in range(0, size, _BATCH):
            index.add(vectors[begin : begin + _BATCH].astype(np.float32))
        faiss.write_index(index, str(path))

    def rows(self, query: Floats, k: int) -> Longs:
        """The k rows that are about the nearest to a unit query."""
        _, rows = self._index.search(query.reshape(1, -1), k)
        found: Longs = rows[0][rows[0] >= 0]
        return found
