from __future__ import annotations

import numpy as np
import pytest

from index.embed import Embedder, features


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def test_encode_gives_unit_vectors(embedder: Embedder) -> None:
    vectors = embedder.encode(["hồ sơ đề nghị", "báo cáo hằng năm"])
    assert vectors.shape == (2, embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


@pytest.mark.parametrize("text", ["", "???", "zzqxw", "👍"])
def test_encode_text_without_a_known_word_is_zero_and_never_nan(embedder: Embedder, text: str) -> None:
    assert not embedder.encode([text]).any()


def test_encode_of_nothing_has_no_rows(embedder: Embedder) -> None:
    assert embedder.encode([]).shape == (0, embedder.dimension)


def test_encode_lays_everyday_words_near_the_terms_of_documents(embedder: Embedder) -> None:
    asked, right, wrong = embedder.encode(["giấy tờ phải nộp", "hồ sơ gồm tờ trình và biên bản", "tuyên truyền trên trang thông tin"])
    assert asked @ right > asked @ wrong


def test_similar_compares_single_words(embedder: Embedder) -> None:
    cosines = embedder.similar(["ho", "zzqxw"], ["ho", "so"])
    assert cosines.shape == (2, 2)
    assert cosines[0, 0] == pytest.approx(1, abs=1e-3)
    assert not cosines[1].any()


def test_features_write_out_bare_words_pairs_and_marked_words() -> None:
    assert features("Hồ sơ x").split() == ["ho", "so", "x", "ho_so", "so_x", "hồ", "sơ"]
