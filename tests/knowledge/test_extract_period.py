"""The years a plan is for."""

from __future__ import annotations

import pytest

from knowledge.extraction.metadata import period_of


@pytest.mark.parametrize(
    ("title", "first", "last", "text"),
    [
        ("Phát động thi đua năm 2025, định hướng đến năm 2028", 2025, 2025, "năm 2025"),
        ("Xây dựng điển hình năm 2024, tầm nhìn đến năm 2030", 2024, 2024, "năm 2024"),
        ("Nhân rộng điển hình từ năm 2023 đến năm 2025", 2023, 2025, "từ năm 2023 đến năm 2025"),
        ("Tổng kết năm 2022, phát động thi đua năm học 2023-2024", 2023, 2024, "năm học 2023-2024"),
        ("Phấn đấu đến năm 2030", 2030, 2030, "năm 2030"),
    ],
)
def test_year_only_looked_out_to_is_not_the_period(title: str, first: int, last: int, text: str) -> None:
    period = period_of([title])
    assert period is not None
    assert (period.from_, period.to, period.text) == (first, last, text)


def test_year_of_a_date_is_no_period() -> None:
    assert period_of(["Thực hiện Chương trình số 12/CTr-LĐLĐ ngày 10 tháng 02 năm 2026, đề nghị các đơn vị giới thiệu gương"]) is None
