"""Duties and fields: which unit, as printed, does what; which field has which chair."""

from __future__ import annotations

import pytest

from tests.knowledge.test_extract import body


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("Ban Thi đua xem xét trong vòng 07 ngày kể từ ngày nhận được giới thiệu.", "Ban Thi đua"),
        ("Phó Hiệu trưởng phụ trách chuyên môn giúp các tổ lựa chọn.", "Phó Hiệu trưởng phụ trách chuyên môn"),
        ("Ủy ban nhân dân các cấp trong phạm vi nhiệm vụ của mình thực hiện quản lý.", "Ủy ban nhân dân các cấp"),
        ("Phòng Tiểu học, Phòng Mầm non tham gia thẩm định.", "Phòng Tiểu học, Phòng Mầm non"),
        ("Đề nghị Mặt trận Tổ quốc và các tổ chức thành viên: tuyên truyền.", "Mặt trận Tổ quốc và các tổ chức thành viên"),
        ("Chánh Văn phòng, Trưởng các phòng chịu trách nhiệm thi hành.", "Chánh Văn phòng, Trưởng các phòng"),
        ("Sở lập tổ thẩm định.", "Sở"),
        ("Tổ thẩm định lập biên bản.", "Tổ thẩm định"),
        ("Hội đồng biên tập gồm 09 người, họp hằng tháng.", "Hội đồng biên tập"),
        ("Trưởng khoa có tập thể được xét thì không bỏ phiếu.", None),
        ("Đoàn kết, giúp nhau tiến bộ.", None),
    ],
)
def test_unit_is_named_without_what_it_does(line: str, unit: str | None) -> None:
    duties = body("I. TỔ CHỨC THỰC HIỆN", f"1. {line}", "2. Hết.").duties
    assert [duty.unit for duty in duties] == ([unit] if unit else [])


@pytest.mark.parametrize(
    "lines",
    [
        ("I. LĨNH VỰC VÀ ĐƠN VỊ CHỦ TRÌ", "1. Đào tạo: Phòng Đào tạo chủ trì.", "2. Hậu cần: Phòng Quản trị phụ trách."),
        (
            "I. LĨNH VỰC, TIÊU CHUẨN",
            *("I.1. Lĩnh vực Đào tạo (Phòng Đào tạo chủ trì)", "Cá nhân: giỏi."),
            *("I.2. Lĩnh vực Hậu cần (do Phòng Quản trị chủ trì)", "Cá nhân: chu đáo."),
        ),
    ],
    ids=["behind a colon", "in brackets"],
)
def test_field_has_its_chair(lines: tuple[str, ...]) -> None:
    plan = body(*lines)
    assert [(field.name, field.chair) for field in plan.fields] == [("Đào tạo", "Phòng Đào tạo"), ("Hậu cần", "Phòng Quản trị")]
