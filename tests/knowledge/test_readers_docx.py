"""Word files: numbers, tables, boxes, deletions, headers."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from knowledge.readers import read
from knowledge.readers.numbering import format_number
from tests.knowledge.badfiles import packed, paragraph
from tests.knowledge.rendering import error_rate, one_quick, plain, to_docx
from tests.shared import OFFICIAL, needs_shared, official

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def text_of(body: str, tmp_path: Path, **parts: str) -> str:
    members = {"word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'}
    members |= {f"word/{name}.xml": f'<w:{name} xmlns:w="{_W}">{xml}</w:{name}>' for name, xml in parts.items()}
    path = tmp_path / "a.docx"
    path.write_bytes(packed({name: xml.encode() for name, xml in members.items()}))
    return read(path).text


def numbered(text: str, level: int, num: int = 1) -> str:
    return paragraph(text, f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr></w:pPr>')


def level(number: int, kind: str, text: str, extra: str = "") -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>{extra}</w:lvl>'


LEVELS = (
    level(0, "upperRoman", "%1.")
    + level(1, "decimal", "%2.")
    + level(2, "decimal", "%2.%3.")
    + level(3, "lowerLetter", "%4)")
    + level(4, "bullet", "\uf0b7")
    + level(5, "bullet", "+")
    + level(6, "decimal", "%1.%7", "<w:isLgl/>")
)
ONE_LIST = f'<w:abstractNum w:abstractNumId="0">{LEVELS}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'


def test_automatic_numbers_stand_in_the_text(tmp_path: Path) -> None:
    plan = [("Mục đích", 0), ("Yêu cầu", 0), ("Nội dung", 1), ("Đối tượng", 2), ("Tiêu chuẩn", 2), ("Tập thể", 3), ("Cá nhân", 3)]
    plan += [("Gạch", 4), ("Cộng", 5), ("Hồ sơ", 1), ("Thời gian", 2), ("Số Ả Rập", 6), ("Tổ chức", 0), ("Việc", 1)]
    text = text_of("".join(numbered(*each) for each in plan), tmp_path, numbering=ONE_LIST)
    assert text.split("\n\n") == [
        *("I. Mục đích", "II. Yêu cầu", "1. Nội dung", "1.1. Đối tượng", "1.2. Tiêu chuẩn", "a) Tập thể", "b) Cá nhân"),
        *("- Gạch", "+ Cộng", "2. Hồ sơ", "2.1. Thời gian", "2.1 Số Ả Rập", "III. Tổ chức", "1. Việc"),
    ]


def test_lists_of_one_definition_count_on_unless_restarted(tmp_path: Path) -> None:
    lists = ONE_LIST + '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    lists += f'<w:num w:numId="3"><w:abstractNumId w:val="0"/>{restart}</w:num>'
    body = numbered("a", 0) + numbered("b", 0, 2) + numbered("c", 0, 3) + numbered("d", 0, 3)
    assert text_of(body, tmp_path, numbering=lists).split("\n\n") == ["I. a", "II. b", "I. c", "II. d"]


def test_numbers_come_from_styles_too(tmp_path: Path) -> None:
    style = '<w:style w:styleId="Muc"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    style += '<w:style w:styleId="Con"><w:basedOn w:val="Muc"/></w:style>'
    body = paragraph("Một", '<w:pPr><w:pStyle w:val="Con"/></w:pPr>')
    assert text_of(body, tmp_path, numbering=ONE_LIST, styles=style) == "I. Một"


@pytest.mark.parametrize(
    ("number", "kind", "shown"),
    [
        (4, "upperRoman", "IV"),
        (1949, "lowerRoman", "mcmxlix"),
        (28, "lowerLetter", "bb"),
        (3, "decimalZero", "03"),
        (0, "upperRoman", "0"),
    ],
)
def test_format_number(number: int, kind: str, shown: str) -> None:
    assert format_number(number, kind) == shown


def test_deleted_and_hidden_text_is_left_out_inserted_kept(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>Trước ngày </w:t></w:r><w:del><w:r><w:delText>25</w:delText><w:t>25</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>30</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t> kín</w:t></w:r>"
        "<w:moveFrom><w:r><w:t> dời</w:t></w:r></w:moveFrom></w:p>"
    )
    assert text_of(body, tmp_path) == "Trước ngày 30"


def test_text_box_comes_once_after_its_paragraph(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('Trong khung')}</w:txbxContent>"
    body = f"<w:p><w:r><w:t>Ngoài</w:t></w:r><w:r><w:AlternateContent><w:Choice><w:drawing>{box}</w:drawing></w:Choice>"
    body += f"<w:Fallback><w:pict>{box}</w:pict></w:Fallback></w:AlternateContent></w:r></w:p>"
    assert text_of(body + paragraph("Sau"), tmp_path) == "Ngoài\n\nTrong khung\n\nSau"


def test_capitals_breaks_and_special_characters_are_shown(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>Kế hoạch</w:t><w:br/><w:t>năm</w:t></w:r>"
        "<w:r><w:tab/><w:t>2021</w:t><w:noBreakHyphen/><w:t>2025\u200b</w:t></w:r></w:p>"
    )
    assert text_of(body, tmp_path) == "KẾ HOẠCH\nNĂM 2021-2025"


def test_footnotes_follow_the_text(tmp_path: Path) -> None:
    body = '<w:p><w:r><w:t>Điều</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    notes = f'<w:footnote w:id="0" w:type="separator">{paragraph("---")}</w:footnote>'
    notes += f'<w:footnote w:id="2">{paragraph("Chú")}</w:footnote>'
    assert text_of(body, tmp_path, footnotes=notes) == "Điều\n\nChú"


def saved(document: object, tmp_path: Path) -> Path:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    path = tmp_path / "a.docx"
    path.write_bytes(out.getvalue())
    return path


def test_table_rows_are_lines_with_tabs(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Trước")
    table = document.add_table(2, 3, style="Table Grid")
    for index, text in enumerate(("TT", "Họ\nvà tên", "Đơn vị", "1", "", "Tổ Toán")):
        table.cell(index // 3, index % 3).text = text
    document.add_paragraph("Sau")
    assert read(saved(document, tmp_path)).text == "Trước\n\nTT\tHọ và tên\tĐơn vị\n1\t\tTổ Toán\n\nSau"


def test_borderless_table_is_read_column_by_column(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Nơi nhận:"
    table.cell(0, 0).add_paragraph("- Các đơn vị;")
    table.cell(0, 1).text = "HIỆU TRƯỞNG"
    assert read(saved(document, tmp_path)).text == "Nơi nhận:\n\n- Các đơn vị;\n\nHIỆU TRƯỞNG"


def test_running_header_is_told_and_kept_apart(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Nội dung")
    document.sections[0].header.paragraphs[0].text = "Trường mẫu"
    document.sections[0].footer.paragraphs[0].text = "12"
    read_back = read(saved(document, tmp_path))
    assert read_back.text == "Nội dung"
    [warned] = read_back.warnings
    assert (warned.code, "Trường mẫu" in warned.message) == ("running_header", True)


def test_strict_namespaces_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    space = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    strict = f'<w:document xmlns:w="{space}"><w:body>{paragraph("Kế hoạch")}</w:body></w:document>'
    path.write_bytes(packed({"word/document.xml": strict.encode()}))
    assert read(path).text == "Kế hoạch"


@needs_shared
@pytest.mark.parametrize("slug", one_quick(OFFICIAL))
def test_official_text_from_docx_has_under_one_percent_errors(slug: str, tmp_path: Path) -> None:
    text = official(slug).read_text(encoding="utf-8")
    document = read(to_docx(text, tmp_path / "a.docx"))
    assert document.format == "docx"
    assert error_rate(document.text, plain(text)) < 0.01
