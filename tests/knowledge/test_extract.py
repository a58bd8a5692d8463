"""Reading a document into a plan: what is refused, the letterhead, the signature, the bases, the dossier, the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.extract import NotAPlan, understand
from knowledge.model import Document, Issued, Page, Plan, Signer

WRITTEN = Path(__file__).with_name("outlines")


def plan_of(text: str) -> Plan:
    return understand(Document(source="kh.txt", format="text", pages=(Page(number=1, text=text),)), org="x")


def written(name: str) -> Plan:
    return plan_of((WRITTEN / f"{name}.txt").read_text(encoding="utf-8"))


def body(*lines: str) -> Plan:
    head = "KẾ HOẠCH\nNêu gương điển hình tiên tiến năm học 2024 - 2025\n\nCăn cứ Luật Thi đua, khen thưởng năm 2022;\n\n"
    return plan_of(head + "\n".join(lines))


def test_dossier_is_what_the_lead_in_lists() -> None:
    plan = body("I. SỐ LƯỢNG VÀ HỒ SƠ", "- Mỗi tổ giới thiệu 02 người.", "- Hồ sơ gồm:", "+ Danh sách;", "+ Biên bản họp.")
    assert [part.name for part in plan.dossier] == ["Danh sách", "Biên bản họp"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Đi chợ\n- 2 kg gạo\n- rau muống\n- cá lóc",
        "def f(x):\n    return x\n\nclass A:\n    pass\n",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit.\n\nSed do eiusmod.",
        "Ngày xưa có một ông lão ra biển thực hiện chuyến đi cuối.\n\nÔng nói: đi thôi.",
    ],
    ids=["empty", "shopping list", "code", "lorem ipsum", "story"],
)
def test_text_that_is_no_plan_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(NotAPlan) as refused:
        plan_of(text)
    assert "kh.txt" in refused.value.message
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("name", ["law", "guidance", "decision", "letter", "unnumbered", "paragraphs", "wrapped"])
def test_document_of_another_kind_is_accepted(name: str) -> None:
    assert written(name).sections


def test_number_of_a_law_is_read() -> None:
    assert written("law").number == "99/2031/QH18"


def test_date_with_a_blank_day_is_known_to_month_and_year() -> None:
    plan = written("letter")
    assert plan.issued == Issued(year=2024, month=3, day=None)
    assert plan.place == "Hòa An"
    assert [warning.code for warning in plan.warnings] == ["date_unreadable"]


def test_letterhead_in_two_columns_is_read() -> None:
    plan = written("wrapped")
    assert (plan.number, plan.place) == ("12/KH-THHM", "An Lạc")
    assert plan.issued == Issued(year=2024, month=9, day=5)
    assert plan.signer == Signer(name="Trần Thị Minh Hạnh", title="HIỆU TRƯỞNG")


def test_signature_of_the_decision_is_read_and_not_that_of_its_annex() -> None:
    assert written("decision").signer == Signer(name="ThS. Hồ Văn Lộc", title="HIỆU TRƯỞNG")


def test_bases_are_parted_and_dated() -> None:
    plan = body("I. MỤC ĐÍCH", "Theo Chỉ thị số 9-CT/TU ngày 3/2/2020 của Tỉnh ủy, các đơn vị nêu gương.")
    assert [(basis.number, basis.date, basis.ref) for basis in plan.legal_bases] == [
        (None, "2022", "preamble.1"),
        ("9-CT/TU", "2020-02-03", "I.p1"),
    ]


def test_plan_that_is_replaced_is_no_basis() -> None:
    plan = body("I. HIỆU LỰC", "Kế hoạch này thay thế Kế hoạch số 5/KH-THPT ngày 3/2/2020.")
    assert [basis.number for basis in plan.legal_bases] == [None]


def test_dossier_is_what_stands_under_ho_so() -> None:
    plan = body("I. HỒ SƠ", "1. Tờ trình của đơn vị;", "2. Biên bản họp.", "Hồ sơ gửi qua bưu điện.")
    assert [(part.name, part.ref) for part in plan.dossier] == [("Tờ trình của đơn vị", "I.1"), ("Biên bản họp", "I.2")]


def test_dossier_is_read_from_a_sentence_that_sends_it() -> None:
    plan = body("I. THỜI GIAN", "Các tổ gửi danh sách kèm theo tóm tắt thành tích và biên bản họp về Ban Thi đua.")
    assert [part.name for part in plan.dossier] == ["tóm tắt thành tích", "biên bản họp"]


def test_field_with_its_chair() -> None:
    line = "1. Tổ Toán chủ trì lựa chọn điển hình tiên tiến trong phong trào “Dạy tốt”."
    [field] = body("I. LĨNH VỰC", line, "- Tập thể đoàn kết.").fields
    assert (field.name, field.chair, field.ref) == ("Dạy tốt", "Tổ Toán", "I.1")


@pytest.mark.parametrize(
    ("lines", "units"),
    [
        (["1. Phòng Đào tạo: tổng hợp danh sách."], ["Phòng Đào tạo"]),
        (["1. Giao Phòng Đào tạo làm đầu mối."], ["Phòng Đào tạo"]),
        (["1. Đề nghị Công đoàn trường phối hợp."], ["Công đoàn trường"]),
        (["1. Phòng Đào tạo", "- Theo dõi các lớp.", "- Lập danh sách."], ["Phòng Đào tạo", "Phòng Đào tạo"]),
        (["Các khoa có trách nhiệm thực hiện."], ["Các khoa"]),
        (["Kinh phí lấy từ quỹ khen thưởng."], []),
    ],
    ids=["label", "assigned", "asked", "heading", "subject", "no unit"],
)
def test_duty_names_its_unit(lines: list[str], units: list[str]) -> None:
    assert [duty.unit for duty in body("V. TỔ CHỨC THỰC HIỆN", *lines).duties] == units


def test_table_of_names_is_found_and_table_of_marks_is_not() -> None:
    table = written("guidance").table
    assert table is not None
    assert table.columns == ("STT", "Họ và tên", "Chức vụ", "Thành tích")
    assert table.title == "DANH SÁCH ĐỀ NGHỊ"
    assert written("bullets").table is None
