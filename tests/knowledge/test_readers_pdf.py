"""PDF files with a text layer: reading order, columns, tables, running lines, encodings, and when OCR takes over."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from knowledge.readers import read
from knowledge.readers.encodings import to_tcvn3, to_vni
from knowledge.readers.layout import Line, Word, blocks
from knowledge.readers.paragraphs import text_of
from knowledge.readers.quality import is_broken
from tests.knowledge.rendering import FONT, error_rate, one_quick, plain, to_pdf
from tests.shared import OFFICIAL, needs_shared, official

needs_font = pytest.mark.skipif(FONT is None, reason="no font with Vietnamese letters (fonts-liberation2, fonts-dejavu)")
SENTENCE = "Nhà trường tổ chức xét chọn các điển hình tiên tiến, gửi hồ sơ về bộ phận thường trực đúng thời hạn."
PLACES = [(72, 760), (72, 740), (72, 720)]


def drawn(path: Path, *pages: list[tuple[float, float, str]], lines: list[tuple[float, ...]] = (), font: str = "Plan") -> Path:  # type: ignore[assignment]
    """A PDF with texts at places (points from the lower left corner) and lines between points."""
    if font == "Plan" and "Plan" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Plan", FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for page in pages:
        canvas.setFont(font, 12)
        for x, y, text in page:
            canvas.drawString(x, y, text)
        for line in lines:
            canvas.line(*line)
        canvas.showPage()
    canvas.save()
    path.write_bytes(out.getvalue())
    return path


@needs_font
def test_text_drawn_out_of_order_is_read_from_top_to_bottom(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.pdf", [(72, 700, "Ba là cuối."), (72, 760, "Một là đầu."), (72, 730, "Hai là giữa.")])
    document = read(path)
    assert (document.text, document.format) == ("Một là đầu.\n\nHai là giữa.\n\nBa là cuối.", "pdf")


@needs_font
def test_head_of_a_letter_is_read_column_by_column(tmp_path: Path) -> None:
    head = [(72, 780, "SỞ MẪU"), (320, 780, "CỘNG HÒA XÃ HỘI"), (72, 760, "TRƯỜNG MẪU"), (320, 760, "Độc lập - Tự do")]
    document = read(drawn(tmp_path / "a.pdf", [*head, (200, 720, "KẾ HOẠCH PHÁT ĐỘNG THI ĐUA NĂM")]))
    assert document.text.split("\n\n") == [
        *("SỞ MẪU", "TRƯỜNG MẪU", "CỘNG HÒA XÃ HỘI", "Độc lập - Tự do", "KẾ HOẠCH PHÁT ĐỘNG THI ĐUA NĂM")
    ]


@needs_font
def test_ruled_table_is_read_row_by_row(tmp_path: Path) -> None:
    cells = [(75, 705, "TT"), (105, 712, "Họ và"), (105, 700, "tên"), (205, 705, "Đơn vị"), (75, 680, "1"), (205, 680, "Tổ Toán")]
    lines = [(70, y, 300, y) for y in (725, 695, 675)] + [(x, 675, x, 725) for x in (70, 100, 200, 300)]
    document = read(drawn(tmp_path / "a.pdf", [(72, 760, "Danh sách:"), *cells], lines=lines))
    assert document.text == "Danh sách:\n\nTT\tHọ và tên\tĐơn vị\n1\t\tTổ Toán"


@needs_font
def test_page_numbers_and_running_heads_are_told_and_left_out(tmp_path: Path) -> None:
    pages = [[(280, 810, str(n)), (72, 30, "Trường mẫu"), (72, 600, f"Nội dung của phần {n}.")] for n in range(1, 5)]
    document = read(drawn(tmp_path / "a.pdf", *pages))
    assert [page.text for page in document.pages] == [f"Nội dung của phần {n}." for n in range(1, 5)]
    assert [warned.code for warned in document.warnings] == ["running_header", "running_header"]
    assert "Trường mẫu" in document.warnings[1].message


@needs_font
def test_numbers_in_the_body_are_kept(tmp_path: Path) -> None:
    document = read(drawn(tmp_path / "a.pdf", [(72, 500, "2021")], [(72, 500, "2")]))
    assert document.text == "2021\n\n2"


@needs_font
def test_clause_keeps_its_page(tmp_path: Path) -> None:
    document = read(drawn(tmp_path / "a.pdf", [(72, 500, "Trang đầu.")], [(72, 500, "Trang sau.")]))
    assert document.page_at(document.text.index("sau")) == 2


@pytest.mark.parametrize(("encode", "name"), [(to_tcvn3, "TCVN3"), (to_vni, "VNI")])
def test_legacy_text_layer_is_converted(encode: object, name: str, tmp_path: Path) -> None:
    text = encode(SENTENCE).replace("\xad", "-")  # type: ignore[operator]  # PDFs hand over a soft hyphen as a hyphen
    cut = text.index(" ", 60)
    document = read(drawn(tmp_path / "a.pdf", [(40, 700, text[:cut]), (40, 680, text[cut + 1 :])], font="Helvetica"))
    assert " ".join(document.text.split()) == SENTENCE
    assert name in document.warnings[0].message


@pytest.mark.parametrize(
    "text",
    [
        "(cid:12)(cid:40)(cid:7) ke hoach",
        "Kế ho\ufffdch thi \ufffdua kh\ufffdn th\ufffdởng",
        "xây d ựng đơn vị v ững mạnh, th ực hiện t ốt các nhi ệm vụ được giao, ph ấn đấu hoàn thành ch ỉ tiêu",
        "Lullt Thi đũ, kíl hollch phát hiIn, b[li dillng, tlng kllt điln hình tiêu tin các đừn vụị",
        "",
    ],
)
def test_broken_text_is_recognised(text: str) -> None:
    assert is_broken(text)


@pytest.mark.parametrize("text", [SENTENCE, "Plan of the year 2021 in plain English, nothing else.", "a) b) c) I. II. 1.1."])
def test_sound_text_is_recognised(text: str) -> None:
    assert not is_broken(text)


def line(text: str, left: float, top: float, width: float) -> list[Word]:
    """The words of a line set side by side over a width."""
    words = text.split()
    step = width / len(words)
    return [Word(word, left + n * step, top, left + (n + 0.9) * step, top + 10) for n, word in enumerate(words)]


def joined(*words: list[Word]) -> str:
    return text_of(blocks([word for group in words for word in group]), 500)


def test_full_line_goes_on_and_short_line_ends_a_paragraph() -> None:
    full = "một hai ba bốn năm sáu bảy tám chín mười"
    lines = [line(full, 60, 0, 390), line("mười một hết", 50, 15, 120), line(full, 60, 30, 390), line("thêm", 50, 45, 40)]
    assert joined(*lines) == f"{full} mười một hết\n\n{full} thêm"


def test_range_of_years_cut_by_a_line_is_no_bullet() -> None:
    full = line("xây dựng kế hoạch cho cả giai đoạn 2020", 50, 0, 400)
    assert joined(full, line("- 2025", 50, 15, 80)) == "xây dựng kế hoạch cho cả giai đoạn 2020 - 2025"


def test_bullet_after_a_full_line_is_a_paragraph() -> None:
    full = "- xây dựng kế hoạch cho cả giai đoạn tới;"
    assert joined(line(full, 60, 0, 390), line("- hai", 60, 15, 80)) == f"{full}\n\n- hai"


def test_words_of_one_line_are_found_whatever_their_height() -> None:
    [[found]] = blocks([Word("Kế", 0, 0, 10, 10), Word("-", 12, 5, 14, 6), Word("hoạch", 16, 2, 30, 12)])
    assert isinstance(found, Line)
    assert found.text == "Kế - hoạch"


@needs_font
@needs_shared
@pytest.mark.parametrize("slug", one_quick(OFFICIAL))
def test_official_text_from_pdf_has_under_one_percent_errors(slug: str, tmp_path: Path) -> None:
    text = official(slug).read_text(encoding="utf-8")
    document = read(to_pdf(text, tmp_path / "a.pdf"))
    assert document.format == "pdf"
    assert error_rate(document.text, plain(text)) < 0.01


def test_signature_beside_the_recipients_is_read_after_them() -> None:
    left = [line("Nơi nhận:", 50, 101, 60), line("- Các đơn vị;", 50, 116, 80), line("- Lưu: VT.", 50, 131, 60)]
    right = [line("KT. TRƯỞNG PHÒNG", 320, 100, 120), line("PHÓ TRƯỞNG PHÒNG", 318, 115, 124), line("Nguyễn Mẫu", 340, 175, 80)]
    body = [line("Trên đây là kế hoạch của phòng, đề nghị các đơn vị thực hiện", 60, 70, 390), line("nghiêm túc./.", 50, 85, 80)]
    assert joined(*body, *left, *right).split("\n\n")[1:] == [
        *("Nơi nhận:", "- Các đơn vị;", "- Lưu: VT.", "KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG", "Nguyễn Mẫu")
    ]
