from __future__ import annotations

import pytest

from index.values import held, numbers


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("thưởng 2.000.000 đồng", "money"),
        ("gửi về phòng trước ngày 15/8", "date"),
        ("Điển hình tiên tiến là những tập thể, cá nhân nổi bật", "definition"),
        ("Bước 1: đơn vị bình chọn", "steps"),
        ("Danh hiệu bị thu hồi khi khai man", "penalty"),
    ],
)
def test_held_kinds(text: str, kind: str) -> None:
    assert kind in held(text)


@pytest.mark.parametrize(("text", "kind"), [("Hội đồng xét", "money"), ("gương mẫu", "form"), ("là đầu mối tổng hợp", "definition")])
def test_held_leaves_words_that_only_look_like_it(text: str, kind: str) -> None:
    assert kind not in held(text)


def test_held_heading_makes_a_rule_general_unless_it_only_points_to_the_general_ones() -> None:
    assert "general" in held("Gương mẫu chấp hành pháp luật", "Tiêu chí chung")
    assert "general" not in held("Dẫn đầu trong công tác", "Ngoài các tiêu chí chung còn đạt một trong các điều kiện sau:")


def test_numbers_in_words_and_figures_are_the_same() -> None:
    assert numbers("bốn khâu") == numbers("04 khâu") == {"4"}
    assert numbers("năm học") == frozenset()
