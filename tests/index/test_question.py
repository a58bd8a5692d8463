from __future__ import annotations

import pytest

from index.question import is_follow_up, understand


def test_understand_writes_short_forms_out() -> None:
    question = understand("P.TCHC đc giao j trong KH ĐHTT v ad?")
    assert {"phòng", "tổ", "chức", "hành", "chính", "điển", "hình", "tiên", "tiến"} <= set(question.accented)


def test_understand_finds_everyday_words() -> None:
    assert {"nha", "giao", "nha_giao"} <= set(understand("thầy cô thì sao").terms)


def test_understand_names_people_and_values() -> None:
    question = understand("sinh viên được thưởng bao nhiêu tiền, nộp trước ngày nào")
    assert "student" in question.groups
    assert {"money", "date"} <= question.values


@pytest.mark.parametrize("text", ["ho so gom nhung gi", "hồ sơ gồm những gì"])
def test_understand_bare_words_do_not_depend_on_marks(text: str) -> None:
    assert {"ho", "so", "gom"} <= set(understand(text).bare)


def test_understand_follow_up_takes_the_earlier_words_at_less_weight() -> None:
    question = understand("thế nộp cho ai?", ["Hồ sơ đề nghị gồm những gì?"])
    assert question.follows
    assert question.bare["nop"] == 1.0
    assert 0 < question.bare["nghi"] < 1.0


def test_understand_follow_up_about_others_drops_the_earlier_people() -> None:
    question = understand("còn cá nhân thì sao?", ["Tiêu chuẩn của tập thể là gì?"])
    assert "individual" in question.groups
    assert "tap_the" not in question.pairs
    assert "tieu_chuan" in question.pairs


def test_understand_question_that_stands_alone_ignores_history() -> None:
    question = understand("Báo cáo hằng năm gửi về hội đồng trước ngày nào?", ["Tiêu chuẩn tập thể là gì?"])
    assert not question.follows
    assert "chuan" not in question.bare


@pytest.mark.parametrize("text", ["", "   ", "???", "👍", "\u202e"])
def test_understand_survives_text_without_words(text: str) -> None:
    assert not understand(text).bare


def test_is_follow_up_for_short_questions() -> None:
    assert is_follow_up("kem theo nhung gi nua")


def test_understand_typed_marks_tell_words_apart() -> None:
    assert "date" not in understand("cá nhân muốn được xét thì cần gì").values
    assert "qua_thoi" not in understand("cá nhân muốn được xét thì cần gì").terms
    assert "date" in understand("nộp muộn thì sao").values


def test_understand_without_marks_a_single_word_of_several_readings_says_nothing() -> None:
    assert "date" not in understand("em muon duoc xet thi can gi").values
    assert "date" in understand("em nop muon thi sao").values


def test_understand_wrong_marks_are_read_as_the_word_without_them() -> None:
    assert "nha_giao" in understand("thầy cô thì tiêu chuẩn gì").terms
    assert "nha_giao" in understand("thấy cố được xét không ạ, thâỳ cô nhà em").terms


def test_whole_text_writes_short_forms_out() -> None:
    assert "điển hình tiên tiến" in understand("ĐHTT là gì").whole_text


@pytest.mark.parametrize(
    ("question", "follows"),
    [
        ("ho so gom nhung gi", False),
        ("Hạn nộp là khi nào?", False),
        ("gồm những gì?", True),
        ("họ phải làm gì nữa", True),
        ("còn hồ sơ thì sao", True),
    ],
)
def test_understand_short_question_stands_alone_where_it_names_its_subject(question: str, follows: bool) -> None:
    assert understand(question, ["Số điện thoại Văn phòng là gì?"]).follows is follows
