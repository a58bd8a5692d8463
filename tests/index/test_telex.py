from __future__ import annotations

import pytest

from index.telex import decoded, is_syllable


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("dduowcj", "được"), ("ddieeuf", "điều"), ("kieejn", "kiện"), ("hoof", "hồ"), ("hanj", "hạn"), ("truowngf", "trường")],
)
def test_decoded_raw_keystrokes(typed: str, meant: str) -> None:
    assert decoded(typed) == meant


@pytest.mark.parametrize("word", ["khoa", "ngon", "dang", "gui", "email", "2023", "được", "x"])
def test_decoded_leaves_words_that_stand(word: str) -> None:
    assert decoded(word) == word


def test_is_syllable_knows_the_shape_of_syllables() -> None:
    assert is_syllable("nghiêng")
    assert not is_syllable("xyz")
