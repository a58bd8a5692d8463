"""What is a question in the middle of the form, and what is an answer to it."""

from __future__ import annotations

import pytest

from bot.intent import is_question


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("Hồ sơ đề cử gồm những gì?", "name"),
        ("ho so gom nhung gi", "name"),
        ("Gửi hồ sơ về đâu", "unit"),
        ("hạn nộp khi nào?", "summary"),
        ("Gửi hồ sơ về đâu", "summary"),
        ("có cần minh chứng không", "phone"),
        ("thâm niên tối thiểu là bao nhiêu năm", "seniority"),
        ("ai xét hồ sơ này vậy?", "email"),
        ("Tiêu chí cá nhân là gì?", "criteria"),
        ("Nơi nào nhận hồ sơ?", "kind"),
    ],
)
def test_question_is_heard(text: str, step: str) -> None:
    assert is_question(text, step)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("Nguyễn Thị Hoa", "name"),
        ("Tổ Toán - Tin", "unit"),
        ("không có", "email"),
        ("không", "phone"),
        ("hoa.nt@truong.edu.vn", "email"),
        ("0912 345 678", "phone"),
        ("12 năm 6 tháng", "seniority"),
        ("Chưa có", "phone"),
        ("Cá nhân", "kind"),
        ("1, 3", "criteria"),
        ("Nhiều năm liền đạt giáo viên giỏi; em hỏi thì cô luôn trả lời vì sao và như thế nào, không ngại khó.", "summary"),
        ("Đạt chiến sĩ thi đua 3 năm, có sáng kiến được công nhận", "summary"),
        ("Họ tên: Lê Văn An\nĐơn vị: Tổ Sinh\nKhi nào cũng tận tụy", "name"),
    ],
)
def test_value_is_not_taken_for_a_question(text: str, step: str) -> None:
    assert not is_question(text, step)
