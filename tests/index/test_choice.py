"""What is shown of a ranking: likely enough beside the likeliest, lists whole, items with what governs them, nothing about other people."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.choice import LONGEST_TEXT, REST_OF_LIST, chosen
from index.passages import Passage

SHARE = 0.2


def passage(quote: str, parent: int | None = None, zone: str = "body", heading: bool = False) -> Passage:
    return Passage("1", quote, 0, len(quote), None, zone, heading, "", parent, "")


def shown(show: list[float], cut: list[Passage], **more: list[bool]) -> list[int]:
    scores = np.log(np.array(show, dtype=np.float32) + 1e-6)
    marks = {name: np.array(values, dtype=bool) for name, values in more.items()}
    return chosen(np.array(show, dtype=np.float32), scores, cut, SHARE, **marks)  # type: ignore[arg-type]


def test_likely_beside_the_likeliest_is_shown_and_the_rest_is_not() -> None:
    cut = [passage("a" * 200) for _ in range(4)]
    assert shown([0.9, 0.5, 0.1, 0.01], cut) == [0, 1]


def test_longer_passage_must_be_likelier() -> None:
    cut = [passage("a" * 100), passage("b" * 100), passage("c" * 600)]
    assert shown([0.5, 0.12, 0.12], cut) == [0, 1]


def test_item_comes_with_the_sentence_that_governs_it() -> None:
    cut = [passage("Cá nhân phải đạt một trong các điều kiện sau:"), passage("- có sáng kiến", 0), passage("- được tín nhiệm", 0)]
    assert shown([0.01, 0.9, 0.01], cut) == [0, 1]


def test_list_that_is_nearly_whole_becomes_whole() -> None:
    cut = [passage("Hồ sơ gồm:"), *(passage(f"- giấy {number}", 0) for number in range(4))]
    assert shown([0.9, 0.9, 0.9, 0.9, 0.01], cut) == [0, 1, 2, 3, 4]


def test_announcement_alone_brings_what_it_announces() -> None:
    cut = [passage("Hồ sơ gồm:"), passage("- tờ trình", 0), passage("- biên bản", 0), passage("Việc khác")]
    assert shown([0.9, 0.0, 0.0, 0.0], cut) == [0, 1, 2]


def test_clause_about_others_does_not_stand_beside_one_about_those_asked_about() -> None:
    cut = [passage("Tập thể dẫn đầu"), passage("Cá nhân xuất sắc")]
    assert shown([0.9, 0.8], cut, conflict=[False, True]) == [0]
    assert shown([0.9, 0.8], cut, conflict=[True, True]) == [0, 1]


def test_duty_comes_with_the_clause_that_names_its_unit() -> None:
    cut = [passage("3. Giao Phòng Tổ chức"), passage("- Đôn đốc các khoa", 0), passage("- Tổng hợp", 0)]
    assert shown([0.01, 0.9, 0.01], cut, unit_above=[False, True, True]) == [0, 1]
    assert shown([0.01, 0.9, 0.01], cut, unit_above=[False, False, False]) == [1]


def test_appendix_is_not_shown_beside_a_rule() -> None:
    cut = [passage("Tập thể dẫn đầu"), passage("Danh sách đề nghị", zone="appendix")]
    assert shown([0.9, 0.8], cut) == [0]


@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.integers(1, 1200), st.integers(-1, 5)), min_size=1, max_size=30))
def test_something_is_shown_in_order_and_within_the_length(made: list[tuple[float, int, int]]) -> None:
    cut = [passage("x" * length, parent if 0 <= parent < row else None) for row, (_, length, parent) in enumerate(made)]
    rows = shown([probability for probability, _, _ in made], cut)
    assert rows
    assert rows == sorted(set(rows))
    longest = max(len(cut[row].quote) for row in rows)
    assert sum(len(cut[row].quote) for row in rows) <= max(LONGEST_TEXT + REST_OF_LIST, longest + REST_OF_LIST)
