"""Criteria: how they combine, for whom, by whom judged, and what they require besides."""

from __future__ import annotations

import pytest

from knowledge.extraction.logic import logic_of, unsettling
from knowledge.extraction.targets import roles_in, target_of
from knowledge.extraction.votes import judge_in, vote_in
from tests.knowledge.test_extract import body, written


@pytest.mark.parametrize(
    ("lead", "logic", "unsettled"),
    [
        ("Ngoài việc đạt tiêu chí chung còn đạt một trong các điều kiện sau:", "one_of", False),
        ("Đạt ít nhất một trong các nội dung sau:", "one_of", False),
        ("Phải đạt đồng thời:", "all_of", False),
        ("Người được xét phải thỏa mãn cả bốn điều kiện:", "all_of", False),
        ("Cá nhân bảo đảm đủ các tiêu chuẩn:", "all_of", False),
        ("Cá nhân đạt các tiêu chuẩn sau đây:", "unstated", False),
        ("Đạt ít nhất 01 (một) trong 03 tiêu chí sau:", "one_of", False),
        ("Đạt 2/4 tiêu chí sau:", "unstated", True),
        ("Đạt ít nhất 02 (hai) trong 04 (bốn) tiêu chí sau:", "unstated", True),
        ("Đạt hai trong bốn điều kiện sau:", "unstated", True),
        ("Đạt đồng thời các điểm a, b và một trong hai điểm c hoặc d:", "unstated", True),
        ("Đạt một trong các điểm a, b, c và có phản hồi tốt:", "unstated", True),
    ],
)
def test_logic_is_what_the_lead_in_states(lead: str, logic: str, unsettled: bool) -> None:
    assert logic_of(lead) == (logic, unsettled)


@pytest.mark.parametrize(
    ("text", "logic"),
    [
        ("Tập thể: đoàn kết; dẫn đầu phong trào.", "unstated"),
        ("Học sinh: vượt khó; hoặc có giải; hoặc dũng cảm.", "one_of"),
        ("Tổ: có mô hình hoặc sáng kiến; đồng thời đoàn kết.", "unstated"),
    ],
)
def test_logic_of_one_clause(text: str, logic: str) -> None:
    assert logic_of(text, single=True)[0] == logic


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Đối với tập thể", "collective"),
        ("Tiêu chuẩn đối với cá nhân", "individual"),
        ("Tập thể, cá nhân", None),
        ("Giáo viên chủ nhiệm", "individual"),
        ("Chi đoàn cán bộ", "collective"),
        ("Trưởng khoa", "individual"),
        ("Đối với tổ", "collective"),
        ("Tổ trưởng", "individual"),
        ("Giấy khen của Hiệu trưởng", None),
        ("Nội dung", None),
    ],
)
def test_target_is_what_a_label_names(text: str, target: str | None) -> None:
    assert target_of(text) == target


def test_roles_are_read_longest_first() -> None:
    assert roles_in("Đối với hiệu trưởng, phó hiệu trưởng và Nhà giáo") == ("hiệu trưởng", "phó hiệu trưởng", "nhà giáo")


@pytest.mark.parametrize(
    ("text", "vote"),
    [
        ("được 2/3 thành viên bỏ phiếu", "2/3"),
        ("được hai phần ba cán bộ bình chọn", "2/3"),
        ("tín nhiệm với tỷ lệ từ 85% trở lên", "85%"),
        ("tỷ lệ chuyên cần từ 95%", None),
        ("trước ngày 2/3 hằng năm", None),
    ],
)
def test_vote_needs_a_word_of_voting(text: str, vote: str | None) -> None:
    assert vote_in(text) == vote


@pytest.mark.parametrize(
    ("text", "judge"),
    [
        ("Dẫn đầu toàn trường (Phòng Đào tạo xét chọn)", "Phòng Đào tạo"),
        ("được 3/4 thành viên Hội đồng khoa bỏ phiếu", "Hội đồng khoa"),
        ("được đồng nghiệp quý mến", None),
    ],
)
def test_judge_is_named_by_the_criterion(text: str, judge: str | None) -> None:
    assert judge_in(text) == judge


def test_group_requires_the_general_group_of_its_target() -> None:
    groups = {group.ref: group for group in written("guidance").criteria}
    assert [(ref, group.target, group.general) for ref, group in groups.items()] == [
        ("B.I.1", "collective", True),
        ("B.I.2", "individual", True),
        ("B.II.1", "individual", False),
    ]
    assert groups["B.I.1"].logic == "all_of"
    assert groups["B.II.1"].logic == "one_of"
    assert groups["B.II.1"].requires == ("B.I.2",)
    assert groups["B.II.1"].applies_to == ("giáo viên",)


def test_group_requires_the_number_beside_it() -> None:
    lines = [
        "Điều 6. Tiêu chuẩn công nhân",
        "1. Vượt định mức.",
        "2. Tổ trưởng: ngoài khoản 3, có sáng kiến.",
        "3. Kỹ thuật viên: giỏi.",
    ]
    groups = {group.ref: group.requires for group in body(*lines).criteria}
    assert groups["6.2"] == ("6.3",)


def test_two_of_three_is_unstated_and_warned_about() -> None:
    plan = written("decision")
    [group] = plan.criteria
    assert (group.ref, group.logic, len(group.items)) == ("II.3.1", "unstated", 3)
    assert ("logic_unsettled", "II.3.1") in {(warning.code, warning.ref) for warning in plan.warnings}


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        ("Ngoài tiêu chuẩn chung, tập thể phải đạt ít nhất 02 trong 04 tiêu chí sau:", "ít nhất 02 trong 04 tiêu chí sau"),
        ("Tổ: đạt điểm a và một trong hai điểm b, c; đoàn kết", "đạt điểm a và một trong hai điểm b, c"),
    ],
)
def test_warning_quotes_the_words_that_are_neither_all_nor_one(lead: str, words: str) -> None:
    assert unsettling(lead) == words


def test_cases_not_considered_are_no_items_of_a_list() -> None:
    plan = body(
        "I. TIÊU CHUẨN",
        "1. Cá nhân phải đạt các tiêu chuẩn sau:",
        "a) Tận tụy;",
        "b) Chưa được tặng danh hiệu này;",
        "c) Người nghỉ không lương trên 40 ngày thì không xét;",
        "2. Không đề nghị khen thưởng tập thể mất đoàn kết.",
    )
    assert [(group.ref, [item.ref for item in group.items]) for group in plan.criteria] == [("I.1", ["I.1.a", "I.1.b"])]


def test_items_behind_a_lead_in_of_the_same_clause_leave_it_out() -> None:
    plan = body("I. TIÊU CHÍ", "1. Sinh viên", "Đạt một trong các thành tích sau: giải quốc gia; đề tài xuất sắc.", "2. Giáo viên", "Giỏi.")
    [group] = [group for group in plan.criteria if "sinh viên" in group.applies_to]
    assert (group.logic, [item.quote for item in group.items]) == ("one_of", ["giải quốc gia", "đề tài xuất sắc."])


def test_either_of_two_numbers_is_no_requirement() -> None:
    plan = body("I. TIÊU CHÍ", "1. Giảng viên: giỏi.", "2. Nhân viên: giỏi.", "3. Trưởng đơn vị: ngoài điểm 1 hoặc 2, đơn vị xuất sắc.")
    assert {group.ref: group.requires for group in plan.criteria}["I.3"] == ()


def test_law_gives_its_standards_as_criteria() -> None:
    groups = {group.ref: (group.target, group.logic) for group in written("law").criteria}
    assert groups["II.1.3.1"] == ("individual", "unstated")
    assert groups["II.2.5.p1"] == ("collective", "all_of")


def test_cases_not_considered_are_no_criteria() -> None:
    plan = body("I. TIÊU CHUẨN", "1. Không xét", "- Người bị kỷ luật.", "2. Tiêu chuẩn chung", "- Đoàn kết.")
    assert [group.ref for group in plan.criteria] == ["I.2"]
