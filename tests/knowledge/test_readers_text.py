"""Plain text: kept as it is, whatever the encoding."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.readers import DEFAULT, Unreadable, read
from knowledge.readers.text import read_text
from knowledge.text import clean
from tests.shared import OFFICIAL, needs_shared, official

PLAN = "# KẾ HOẠCH\n\nI. MỤC ĐÍCH\n\n- Điển hình tiên tiến;\n\tcột hai  \n1.1. Hết./.\n"


def written(folder: Path, data: bytes) -> Path:
    path = folder / "kế hoạch.txt"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_kept_in_unicode(encoding: str, tmp_path: Path) -> None:
    document = read(written(tmp_path, PLAN.encode(encoding)))
    assert (document.text, document.format, document.warnings) == (PLAN, "text", ())


def test_text_with_windows_line_ends_and_nfd_is_normalised(tmp_path: Path) -> None:
    data = unicodedata.normalize("NFD", PLAN).replace("\n", "\r\n").encode()
    assert read(written(tmp_path, data)).text == PLAN


def test_text_is_split_into_pages_at_form_feeds(tmp_path: Path) -> None:
    pages = read(written(tmp_path, "Trang một\fTrang hai".encode())).pages
    assert [(page.number, page.text) for page in pages] == [(1, "Trang một"), (2, "Trang hai")]


def test_text_in_windows_1258_is_converted(tmp_path: Path) -> None:
    # The code page holds ă â ê ô ơ ư đ whole and the tones as marks of their own.
    data = b"".join(_cp1258(letter) for letter in unicodedata.normalize("NFC", PLAN))
    document = read(written(tmp_path, data))
    assert document.text == PLAN
    assert [warned.code for warned in document.warnings] == ["legacy_encoding"]


def _cp1258(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        base, *marks = unicodedata.normalize("NFD", letter)
        tone = next(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
        whole = unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark != tone))
        return whole.encode("cp1258") + tone.encode("cp1258")


def test_read_decides_by_content_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "kế hoạch.docx"
    path.write_text(PLAN, encoding="utf-8")
    assert read(path).format == "text"


def test_source_is_the_base_name_of_what_was_given(tmp_path: Path) -> None:
    path = written(tmp_path, PLAN.encode())
    assert (read(path).source, read(path, source="a/b/KH 12.txt").source) == ("kế hoạch.txt", "KH 12.txt")


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_unreadable(data: bytes) -> None:
    try:
        document = read_text(data, "x", DEFAULT)
    except Unreadable:
        return
    assert document.text.strip()


@given(st.text(alphabet="aăâbcđeêghi KẾHOẠCH\n\t-.,áàảãạữ", min_size=1, max_size=200).filter(str.strip))
def test_any_vietnamese_text_in_utf8_is_kept(text: str) -> None:
    assert read_text(text.encode(), "x", DEFAULT).text == clean(text)


@needs_shared
@pytest.mark.parametrize("slug", OFFICIAL)
def test_official_text_is_kept_exactly(slug: str) -> None:
    path = official(slug)
    assert read(path).text == path.read_bytes().decode("utf-8")
