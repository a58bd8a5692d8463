"""Deadlines: what is due when, to whom; and the dates that are none."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.extraction.deadlines import recipient_in
from tests.knowledge.test_extract import body, plan_of


def due(*lines: str) -> list[tuple[str, dict[str, Any]]]:
    found = body("I. THỰC HIỆN", *lines).deadlines
    return [(deadline.kind, deadline.when.model_dump() if deadline.when else {}) for deadline in found]


@pytest.mark.parametrize(
    ("line", "kind", "when"),
    [
        ("Các tổ gửi hồ sơ trước ngày 20/11/2024.", "nomination", {"type": "date", "date": "2024-11-20"}),
        ("Nộp hồ sơ từ ngày 02 đến ngày 20 tháng 5 năm 2025.", "nomination", {"type": "date", "date": "2025-05-20"}),
        ("Nhận hồ sơ đến hết 17 giờ ngày 05 tháng 4 năm 2025.", "nomination", {"type": "date", "date": "2025-04-05"}),
        ("Các tổ gửi hồ sơ trước ngày 20/11.", "nomination", {"type": "date", "date": "2024-11-20"}),
        ("Các tổ gửi hồ sơ trước ngày 20/5.", "nomination", {"type": "date", "date": "2025-05-20"}),
        ("Báo cáo kết quả trước ngày 15 tháng 12 hằng năm.", "report", {"type": "yearly", "day": 15, "month": 12}),
        ("Hội nghị tuyên dương tổ chức vào tháng 11 hằng năm.", "event", {"type": "yearly", "day": None, "month": 11}),
        ("Hằng năm, trường tổ chức kiểm tra các tổ.", "review", {"type": "yearly", "day": None, "month": None}),
        ("Tổng kết phong trào vào tháng 6/2025.", "summary", {"type": "month", "year": 2025, "month": 6}),
        ("Sơ kết vào quý IV năm 2024.", "review", {"type": "quarter", "year": 2024, "quarters": (4,)}),
        ("Tổng kết, hoàn thành trong quý I, II/2025.", "summary", {"type": "quarter", "year": 2025, "quarters": (1, 2)}),
        ("Sơ kết 6 tháng cuối năm 2024.", "review", {"type": "half", "year": 2024, "half": 2}),
        ("Tổng kết vào năm 2025.", "summary", {"type": "year", "year": 2025}),
        ("Hồ sơ gửi ngay về tổ khi phát hiện gương tốt.", "nomination", {"type": "immediately"}),
        ("Cuối mỗi đợt, các lớp gửi danh sách điển hình.", "nomination", {"type": "end_of_round"}),
        ("Lễ trao thưởng ngày 19/5/2025.", "event", {"type": "date", "date": "2025-05-19"}),
    ],
)
def test_deadline_is_read(line: str, kind: str, when: dict[str, Any]) -> None:
    assert due(line) == [(kind, when)]


@pytest.mark.parametrize(
    ("line", "kind", "recipient"),
    [
        ("Trong thời hạn 15 ngày làm việc kể từ ngày nhận đủ hồ sơ, Sở Nội vụ thẩm định.", "review", None),
        ("Các tổ gửi hồ sơ về Phòng Nội vụ chậm nhất 30 ngày trước ngày tổ chức lễ.", "nomination", "Phòng Nội vụ"),
        ("Hồ sơ khen theo chuyên đề nộp trong 05 (năm) ngày làm việc sau khi kết thúc chuyên đề.", "nomination", None),
        ("Kết quả được công bố trước Ngày Nhà giáo Việt Nam 20 tháng 11 ít nhất 05 ngày.", "event", None),
        ("Hồ sơ chưa hợp lệ được trả lại trong vòng ba ngày làm việc.", "other", None),
        ("Trưởng bộ môn báo cáo Phòng Nhân sự trong 24 giờ kể từ khi biết việc.", "report", "Phòng Nhân sự"),
        ("Người không đồng ý với kết quả gửi kiến nghị trong 10 ngày kể từ ngày công bố.", "other", None),
    ],
)
def test_deadline_that_counts_from_something_else_has_no_date(line: str, kind: str, recipient: str | None) -> None:
    [found] = body("I. THỰC HIỆN", f"1. {line}", "2. Hết.").deadlines
    assert (found.kind, found.when, found.recipient, found.ref) == (kind, None, recipient, "I.1")
    assert found.quote in f"1. {line}"


def test_hour_of_a_day_is_no_count_of_hours() -> None:
    assert due("Đơn vị nộp hồ sơ chậm nhất 16 giờ ngày 12/9/2025.") == [("nomination", {"type": "date", "date": "2025-09-12"})]


def test_name_of_a_recipient_ends_with_its_cell() -> None:
    assert recipient_in("Thẩm định, trình Ủy ban nhân dân tỉnh\tSở Nội vụ\tTrước ngày 20/9") == "Ủy ban nhân dân tỉnh"


@pytest.mark.parametrize(
    ("title", "when"),
    [
        (["QUY ĐỊNH", "Xét tặng danh hiệu"], {"type": "yearly", "day": 20, "month": 9}),
        (["THÔNG BÁO", "Tuyển chọn gương tiêu biểu trong phong trào thi đua"], {"type": "date", "date": "2026-09-20"}),
    ],
)
def test_date_without_a_year_is_read_by_the_kind_of_document(title: list[str], when: dict[str, Any]) -> None:
    head = ["Lam Sơn, ngày 02 tháng 10 năm 2025", *title, "I. HỒ SƠ", "1. Hồ sơ gửi về trường trước ngày 20/9."]
    [found] = plan_of("\n".join([*head, "2. Hồ sơ nộp một bản."])).deadlines
    assert found.when
    assert found.when.model_dump() == when


@pytest.mark.parametrize(
    "line",
    [
        "Văn bản xác nhận được cấp trong vòng 60 ngày trước ngày nộp.",
        "Cá nhân công tác liên tục từ 02 tháng trở lên.",
        "Đợt thi đua chào mừng ngày 20/11 và ngày 22/12.",
        "Luật này được Quốc hội thông qua ngày 14 tháng 11 năm 2031.",
        "Thực hiện Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị về thi đua.",
        "Thi đua chào mừng kỷ niệm 42 năm ngày Nhà giáo Việt Nam (20/11/1982 - 20/11/2024).",
        "Kế hoạch có hiệu lực từ ngày 01/7/2025.",
        "Cá nhân công tác đủ 12 tháng tính đến ngày 30/4/2025 được xét.",
        "Hồ sơ đến sau ngày 20/5/2025 không được xét.",
        "Khen thưởng thường xuyên, không xét chung với tổng kết hằng năm.",
        "Tỷ lệ tốt nghiệp đạt từ 2/3 trở lên.",
        "Tháng 9 là tháng thi đua.",
    ],
)
def test_other_dates_are_no_deadlines(line: str) -> None:
    assert due(line) == []


def test_two_dates_of_one_clause_are_two_deadlines() -> None:
    assert due("Đợt 1: gửi hồ sơ trước ngày 25/12/2024. Đợt 2: trước ngày 30/4/2025.") == [
        ("nomination", {"type": "date", "date": "2024-12-25"}),
        ("nomination", {"type": "date", "date": "2025-04-30"}),
    ]


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("gửi hồ sơ về Phòng Tổ chức - Hành chính trước ngày 5/5", "Phòng Tổ chức - Hành chính"),
        (
            "báo cáo kết quả về Hội đồng thi đua, khen thưởng (qua Phòng A) trước ngày 5/5",
            "Hội đồng thi đua, khen thưởng (qua Phòng A)",
        ),
        ("báo cáo Sở Giáo dục và Đào tạo trước ngày 5/5", "Sở Giáo dục và Đào tạo"),
        ("gửi hồ sơ trước ngày 5/5", None),
    ],
)
def test_recipient_is_where_it_goes(text: str, recipient: str | None) -> None:
    assert recipient_in(text) == recipient
