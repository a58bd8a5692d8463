"""Vectors in faiss: exact inner products over the passages of one plan or of a library."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


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
