"""Outlines of real and invented documents, compared with outlines written by hand in `outlines/`.

A line of an `.outline` file is a ref, an asterisk where the clause is a heading, and the first words of what it says.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.extraction.clauses import says
from knowledge.model import PAGE_BREAK, Document, Page
from knowledge.outline import Outline, outline
from tests.shared import OFFICIAL, needs_shared, official

WRITTEN = Path(__file__).with_name("outlines")
INVENTED = sorted(path.stem for path in WRITTEN.glob("*.txt"))


def document(text: str, name: str = "plan.txt") -> Document:
    return Document(source=name, format="text", pages=(Page(number=1, text=text),))


def lines_like(found: Outline, expected: list[str]) -> list[str]:
    """The outline as lines, each cut to the words that the expected line of its place gives."""
    clauses = [clause for section in found.sections for clause in section.clauses]
    lines = []
    for index, clause in enumerate(clauses):
        star = "* " if clause.heading else ""
        words = expected[index].removeprefix(f"{clause.ref} {star}") if index < len(expected) else ""
        lines.append(f"{clause.ref} {star}{says(clause)[: len(words)]}")
    return lines


def written(name: str) -> list[str]:
    return (WRITTEN / f"{name}.outline").read_text(encoding="utf-8").splitlines()


@needs_shared
@pytest.mark.parametrize("slug", OFFICIAL)
def test_outline_of_an_official_plan(slug: str) -> None:
    found = outline(document(official(slug).read_text(encoding="utf-8")))
    assert lines_like(found, written(slug)) == written(slug)


@pytest.mark.parametrize("name", INVENTED)
def test_outline_of_an_invented_document(name: str) -> None:
    found = outline(document((WRITTEN / f"{name}.txt").read_text(encoding="utf-8")))
    assert lines_like(found, written(name)) == written(name)


def test_outline_has_ten_invented_documents() -> None:
    assert len(INVENTED) == 10


def parents(text: str) -> dict[str, str | None]:
    found = outline(document(text))
    return {clause.ref: clause.parent for section in found.sections for clause in section.clauses}


def test_parent_of_a_bullet_is_its_lead_in() -> None:
    text = "I. TIÊU CHUẨN\nCá nhân phải đạt các điều kiện sau:\n- Một;\n- Hai.\nĐiều kiện khác do Hội đồng xét."
    assert parents(text) == {"I": None, "I.p1": "I", "I.-1": "I.p1", "I.-2": "I.p1", "I.p2": "I"}


def test_parent_of_a_paragraph_is_the_label_above_it() -> None:
    text = "I. ĐỐI TƯỢNG\nĐối với Nhà giáo:\n\nCó giải pháp mới.\n\nĐối với học sinh:\n\nHọc tốt."
    assert parents(text) == {"I": None, "I.p1": "I", "I.p2": "I.p1", "I.p3": "I", "I.p4": "I.p3"}


def test_numbers_below_a_paragraph_are_governed_by_it() -> None:
    text = "Điều 5. Tiêu chuẩn\nCá nhân bảo đảm đủ các tiêu chuẩn:\n1. Trung thực;\n2. Tận tụy."
    assert parents(text) == {"5": None, "5.p1": "5", "5.1": "5.p1", "5.2": "5.p1"}


def test_marker_is_kept_as_printed() -> None:
    found = outline(document("I. MỤC\n- 2.1. Đối với tập thể: đoàn kết.\nb) Hai."))
    assert [clause.marker for section in found.sections for clause in section.clauses] == ["I.", "- 2.1.", "b)"]


def zones(text: str) -> list[tuple[str, str]]:
    found = outline(document(text))
    return [(clause.ref, clause.zone) for section in found.sections for clause in section.clauses]


@pytest.mark.parametrize(
    ("closing", "zone"),
    [
        ("Trên đây là kế hoạch của trường, đề nghị các tổ nghiêm túc thực hiện./.", "signature"),
        ("Yêu cầu thủ trưởng các đơn vị nghiêm túc triển khai thực hiện./.", "signature"),
        ("Trên đây là kế hoạch của trường; có vướng mắc, các tổ phản ánh về Văn phòng.", "body"),
        ("Kế hoạch này thay thế Kế hoạch số 12/KH-THCS, các đơn vị thực hiện.", "body"),
    ],
)
def test_paragraph_that_only_closes_is_no_rule(closing: str, zone: str) -> None:
    assert zones(f"I. MỤC ĐÍCH\nTôn vinh.\nII. THỰC HIỆN\n1. Các tổ làm.\n{closing}\nHIỆU TRƯỞNG\nLê Thị Mẫu")[-3][1] == zone


def test_addressees_of_a_letter_are_no_rules() -> None:
    text = "V/v giới thiệu gương\nKính gửi:\n- Các trường;\n- Các phòng.\nThực hiện Kế hoạch số 1/KH-A, đề nghị như sau:\n1. Một.\n2. Hai."
    assert [zone for _, zone in zones(text)] == ["title", *["preamble"] * 4, *["body"] * 2]


def test_plain_short_lines_are_titles_where_nothing_is_numbered() -> None:
    text = "Tiêu chuẩn\n\nCô giáo thương trẻ.\n\nAi lo việc gì\n\nHiệu trưởng lo chung.\n\nGiấy tờ cần có\n\n- Một trang viết tay."
    found = outline(document(text))
    assert [section.title for section in found.sections] == ["Tiêu chuẩn", "Ai lo việc gì", "Giấy tờ cần có"]


def test_plain_short_lines_are_no_titles_between_numbers() -> None:
    text = "I. NỘI DUNG\n1. Một việc.\nTiêu chuẩn\nCô giáo thương trẻ.\n2. Hai việc."
    assert [section.ref for section in outline(document(text)).sections] == ["I"]


def test_empty_rows_of_a_form_are_no_clauses() -> None:
    text = "I. VIỆC\n1. Một.\nPHỤ LỤC\nTT\tHọ tên\tLớp\n1\t\t\n2\t\t\n\nNgười lập"
    assert [ref for ref, zone in zones(text) if zone == "appendix"] == ["appendix.1", "appendix.2", "appendix.3"]


def test_row_with_one_cell_filled_keeps_the_columns() -> None:
    text = "I. VIỆC\n1. Một.\n\nNơi nhận:\tHIỆU TRƯỞNG\n- Các tổ;\t\n- Lưu: VT.\tLê Thị Mẫu"
    assert zones(text)[2:] == [
        ("recipients.1", "recipients"),
        ("signature.1", "signature"),
        ("recipients.2", "recipients"),
        ("recipients.3", "recipients"),
        ("signature.2", "signature"),
    ]


def test_comma_in_a_number_is_read_as_its_point() -> None:
    text = "V. VIỆC\n5.1. Một\nLàm.\n5,2. Hai\nLàm.\n5,3 điểm là đủ."
    assert [section.ref for section in outline(document(text)).sections] == ["V", "V.5.1", "V.5.2"]


def test_part_is_counted_in_words_with_or_without_an_ordinal() -> None:
    text = "PHẦN MỘT\nMỤC TIÊU\nTôn vinh.\nPHẦN HAI - CÁCH XÉT\nBỏ phiếu.\nPhần thứ ba: Thực hiện\nCác tổ làm."
    assert [section.ref for section in outline(document(text)).sections] == ["I", "II", "III"]


def test_dash_inside_a_quotation_is_no_bullet() -> None:
    text = "I. VIỆC\n1. Giới thiệu gương “Giỏi việc trường\n\n- Đảm việc nhà” của ngành.\n2. Hai."
    assert [ref for ref, _ in zones(text)] == ["I", "I.1", "I.2"]


def test_forms_of_an_attached_document_are_its_appendix() -> None:
    lines = ["QUYẾT ĐỊNH", "Ban hành Quy định", "Điều 1. Ban hành Quy định.", "Nơi nhận:", "- Lưu: VT.", "GIÁM ĐỐC", "Lê Thị Mẫu"]
    lines += ["QUY ĐỊNH", "Xét danh hiệu", "Chương I", "QUY ĐỊNH CHUNG", "Điều 1. Đối tượng", "Nhà giáo.", "", "Phụ lục I", "ĐƠN ĐỀ NGHỊ"]
    lines += ["Kính gửi: Sở.", "HIỆU TRƯỞNG", "(Ký, ghi rõ họ tên)"]
    assert [ref for ref, _ in zones("\n".join(lines))][-5:] == [f"appendix.{number}" for number in range(1, 6)]


def test_missing_number_is_warned_about_at_its_place() -> None:
    found = outline(document("I. MỤC ĐÍCH\nMột.\nII. NỘI DUNG\nHai.\nIV. TỔ CHỨC\nBa."))
    assert [(warning.code, warning.ref) for warning in found.warnings] == [("numbering_gap", "IV")]


def test_clause_after_subsections_begins_a_section_without_title() -> None:
    found = outline(document("V. QUY TRÌNH\n1. Hồ sơ\n- Tờ trình.\n2. Hội đồng họp khi đủ hai phần ba thành viên."))
    assert [(section.ref, section.title) for section in found.sections] == [("V", "QUY TRÌNH"), ("V.1", "Hồ sơ"), ("V.2", "")]


def test_page_of_a_clause_is_the_page_where_it_begins() -> None:
    first = Page(number=1, text="I. MỤC ĐÍCH\nPhát hiện gương điển hình trong")
    pages = (first, Page(number=2, text="toàn ngành.\nII. YÊU CẦU\nĐúng."))
    found = outline(Document(source="plan.pdf", format="pdf", pages=pages))
    clauses = [clause for section in found.sections for clause in section.clauses]
    assert [(clause.ref, clause.page) for clause in clauses] == [("I", 1), ("I.p1", 1), ("II", 2), ("II.p1", 2)]
    assert clauses[1].quote == f"Phát hiện gương điển hình trong{PAGE_BREAK}toàn ngành."


def test_outline_of_an_empty_document_is_empty() -> None:
    assert outline(document(" \n\t\n")).sections == ()
