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


def test_features_write_out_bare_words_pairs_and_marked_words() -> None:
    assert features("Hồ sơ x").split() == ["ho", "so", "x", "ho_so", "so_x", "hồ", "sơ"]


class _ShortSighted:
    """A model that reads three words at most, as transformers do; a vector counts the words "a" and "b" that it read."""

    max_seq_length = 3

    def tokenizer(self, text: str) -> dict[str, list[int]]:
        return {"input_ids": [0] * len(text.split())}

    def encode(self, texts: list[str], **_: object) -> np.ndarray:
        read = [text.split()[: self.max_seq_length] for text in texts]
        return np.array([[words.count("a"), words.count("b")] for words in read], dtype=np.float32)


def test_encode_text_over_the_token_limit_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Embedder("short-sighted")
    monkeypatch.setattr(model, "_model", _ShortSighted())
    vectors = model.encode(["a a a b b b", "a", "b b b b b b b"])
    assert np.allclose(vectors, [[2**-0.5, 2**-0.5], [1, 0], [0, 1]])
