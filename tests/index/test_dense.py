from __future__ import annotations

import numpy as np

from index.dense import Dense

VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)


def test_scores_stand_in_passage_order() -> None:
    assert np.allclose(Dense(VECTORS).scores(np.array([0, 1], dtype=np.float32)), [0, 1, 0.8])


def test_nearest_come_best_first() -> None:
    assert [row for row, _ in Dense(VECTORS).nearest(np.array([0, 1], dtype=np.float32), 2)] == [1, 2]


def test_nearest_asks_for_no_more_than_there_are() -> None:
    assert len(Dense(VECTORS).nearest(np.array([1, 0], dtype=np.float32), 9)) == 3
