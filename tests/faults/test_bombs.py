"""Bombs are refused by what their headers say, before anything is unpacked or drawn: the limits behind that are a second wall."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.readers import Unreadable, read
from tests.knowledge.badfiles import BAD_FILES


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("zip bomb.docx", "giải nén ra|tỉ lệ nén"),
        ("zip bomb of pictures.docx", "giải nén ra|tỉ lệ nén"),
        ("six thousand members.docx", "tệp con"),
        ("forty thousand dots.png", "40000 × 40000 điểm"),
    ],
)
def test_bomb_is_refused_by_its_header(name: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(next(bad for bad in BAD_FILES if bad.name == name).make())
    with pytest.raises(Unreadable, match=said) as raised:
        read(path)
    assert raised.value.code == "too_large"


def test_external_entity_is_refused_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(next(bad for bad in BAD_FILES if bad.name == "external entity.docx").make())
    with pytest.raises(Unreadable, match="DTD hoặc thực thể XML"):
        read(path)
