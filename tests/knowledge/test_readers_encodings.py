"""TCVN3 and VNI by their published charts, told apart by spelling or by the font's name."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from knowledge.readers import read
from knowledge.readers.encodings import (
    charset_of_font,
    converted,
    from_font,
    from_tcvn3,
    from_vni,
    is_syllable,
    legacy_charset,
    syllable_share,
    to_tcvn3,
    to_vni,
)
from tests.shared import OFFICIAL, needs_shared, official

LETTERS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
SENTENCE = "Nhà trường tổ chức xét chọn các điển hình tiên tiến, gửi hồ sơ về bộ phận thường trực đúng thời hạn."

# Written down from documents of the time, not from our tables.
KNOWN = [
    (from_tcvn3, "Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    (from_tcvn3, "§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
    (from_tcvn3, "KÕ ho¹ch thi ®ua, khen th­ëng", "Kế hoạch thi đua, khen thưởng"),
    (from_vni, "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    (from_vni, "Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
    (from_vni, "KEÁ HOAÏCH thi ñua, khen thöôûng", "KẾ HOẠCH thi đua, khen thưởng"),
]


@pytest.mark.parametrize(("convert", "legacy", "unicode"), KNOWN)
def test_known_lines_are_converted(convert: object, legacy: str, unicode: str) -> None:
    assert convert(legacy) == unicode  # type: ignore[operator]


def test_every_small_letter_survives_both_ways() -> None:
    assert from_tcvn3(to_tcvn3(LETTERS)) == LETTERS
    assert from_vni(to_vni(LETTERS)) == LETTERS


def test_every_capital_survives_vni() -> None:
    assert from_vni(to_vni(LETTERS.upper())) == LETTERS.upper()


@pytest.mark.parametrize(("encode", "charset"), [(to_tcvn3, "tcvn3"), (to_vni, "vni")])
def test_charset_is_told_by_spelling(encode: object, charset: str) -> None:
    legacy = encode(SENTENCE)  # type: ignore[operator]
    assert legacy_charset(legacy) == charset
    assert converted(legacy) == (SENTENCE, charset)
    assert converted(legacy.replace("\xad", "-")) == (SENTENCE, charset)


@pytest.mark.parametrize("text", [SENTENCE, "Only ASCII here.", "Une école française où l'élève gère sa leçon déjà là", ""])
def test_other_texts_are_left_alone(text: str) -> None:
    assert converted(text) == (text, None)


@pytest.mark.parametrize("word", ["nghiêng", "Quyết", "điển", "ở", "ý", "thuở", "khuya", "giữa", "ủy"])
def test_syllables_are_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["®iÓn", "hoaïch", "đd", "ựngn", "thưởngg"])
def test_other_words_are_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_fonts_name_their_charset() -> None:
    fonts = [".VnTime", ".VnTimeH", "VNI-Times", "Times New Roman", None]
    assert [charset_of_font(font) for font in fonts] == ["tcvn3", "tcvn3-capitals", "vni", None, None]
    assert from_font("KÕ ho¹ch", ".VnTimeH") == "KẾ HOẠCH"


def test_docx_runs_are_converted_by_font(tmp_path: Path) -> None:
    document = docx.Document()
    line = document.add_paragraph()
    for text, font in (
        ("KÕ ho¹ch", ".VnTimeH"),
        (" thi ®ua", ".VnTime"),
        (" khen thöôûng", "VNI-Times"),
        (" điển hình", "Arial"),
    ):
        run = line.add_run(text)
        run.font.name = font
        run._element.rPr.rFonts.set(qn("w:hAnsi"), font)
    document.save(str(tmp_path / "a.docx"))
    read_back = read(tmp_path / "a.docx")
    assert read_back.text == "KẾ HOẠCH thi đua khen thưởng điển hình"
    assert [warned.code for warned in read_back.warnings] == ["legacy_encoding"]


def test_text_file_in_a_legacy_encoding_is_converted_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(to_tcvn3(SENTENCE).encode("latin-1"))
    document = read(path)
    assert document.text == SENTENCE
    assert "TCVN3" in document.warnings[0].message


@needs_shared
@pytest.mark.parametrize("slug", OFFICIAL)
def test_official_texts_survive_both_encodings(slug: str) -> None:
    text = official(slug).read_text(encoding="utf-8")
    assert (syllable_share(text) or 0) > 0.95
    assert converted(to_vni(text)) == (text, "vni")
    back, charset = converted(to_tcvn3(text))
    # TCVN3 has no capitals with tones: they live in capital fonts.
    assert (back.lower(), charset) == (text.lower(), "tcvn3")
