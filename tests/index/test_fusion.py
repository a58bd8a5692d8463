"""What a question names outright: a heading, the document's number and signer, a term that the plan explains."""

from __future__ import annotations

import numpy as np
import pytest

from index.fusion import Layout, defines, scope_columns, section_named, stated_once
from index.kinds import KINDS
from index.passages import passages
from index.question import understand
from index.search import Segment
from tests.index.plans import RIVER, plan

MEANING = "Điển hình tiên tiến là những người làm việc tốt hơn số đông và chỉ cho người khác cách làm."
TEXT = RIVER.replace("I. MỤC ĐÍCH\n", f"I. MỤC ĐÍCH\n0. Đẩy mạnh phong trào thi đua. {MEANING}\n")


@pytest.fixture(scope="module")
def segment() -> Segment:
    read = plan(TEXT, "songlam", "songlam.txt")
    return Segment(read, tuple(passages(read)), None)


@pytest.fixture(scope="module")
def layout(segment: Segment) -> Layout:
    return Layout(segment, np.zeros((len(segment.passages), len(KINDS)), dtype=np.float32))


def quotes(segment: Segment, chosen: np.ndarray) -> list[str]:
    return [p.quote for p, is_chosen in zip(segment.passages, chosen, strict=True) if is_chosen]


@pytest.mark.parametrize("question", ["thế nào là điển hình tiên tiến?", "ĐHTT là gì vậy ạ", "the nao thi duoc coi la dien hinh tien tien"])
def test_defines_finds_the_sentence_that_explains_a_term(segment: Segment, layout: Layout, question: str) -> None:
    assert len(found := quotes(segment, defines(understand(question), layout))) == 1
    assert "là những người" in found[0]


@pytest.mark.parametrize("question", ["mục đích là gì", "ai là đầu mối", "hồ sơ gồm những gì", "là gì", "thế nào là"])
def test_defines_leaves_what_asks_for_something_else(segment: Segment, layout: Layout, question: str) -> None:
    assert quotes(segment, defines(understand(question), layout)) == []


@pytest.mark.parametrize("question", ["ai ký biên bản họp?", "phòng số mấy, điện thoại số bao nhiêu?", "quyết định khen số bao nhiêu"])
def test_stated_once_leaves_other_papers_and_numbers(segment: Segment, layout: Layout, question: str) -> None:
    assert quotes(segment, stated_once(understand(question), layout)) == []


@pytest.mark.parametrize("question", ["tiêu chuẩn nào buộc phải có bằng thạc sĩ", "hiệu trưởng có tiêu chuẩn gì thêm"])
def test_section_named_leaves_questions_that_ask_for_more(segment: Segment, layout: Layout, question: str) -> None:
    assert quotes(segment, section_named(understand(question), layout)) == []


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("kế hoạch này số mấy, ký ngày nào", "Số: 77/KH-PGDĐT"),
        ("van ban ban hanh khi nao vay", "Sông Lam, ngày 05 tháng 9 năm 2026"),
        ("ai ký văn bản này", "Hồ Thị Mai"),
    ],
)
def test_stated_once_finds_number_day_and_signer(segment: Segment, layout: Layout, question: str, line: str) -> None:
    assert any(line in quote for quote in quotes(segment, stated_once(understand(question), layout)))


@pytest.mark.parametrize(
    "question", ["đăng ký lúc nào", "kế hoạch của Sở ban hành theo quyết định số mấy", "hoc ky nao", "giấy khen ban hành khi nào"]
)
def test_stated_once_leaves_other_days_and_documents(segment: Segment, layout: Layout, question: str) -> None:
    assert quotes(segment, stated_once(understand(question), layout)) == []


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("tập thể cần đạt gì", "Dẫn đầu cụm thi đua", "Được đồng nghiệp tín nhiệm"),
        ("giáo viên cần đạt gì", "Được đồng nghiệp tín nhiệm", "Dẫn đầu cụm thi đua"),
    ],
)
def test_scope_is_that_of_the_clause_above(segment: Segment, layout: Layout, question: str, right: str, wrong: str) -> None:
    _, conflict = scope_columns(understand(question), layout)
    assert any(wrong in quote for quote in quotes(segment, conflict > 0))
    assert not any(right in quote for quote in quotes(segment, conflict > 0))


def test_scope_of_nobody_asked_about_is_no_conflict(segment: Segment, layout: Layout) -> None:
    match, conflict = scope_columns(understand("gửi hồ sơ ở đâu"), layout)
    assert not match.any()
    assert not conflict.any()


def test_unit_above_marks_duties_that_do_not_name_their_unit() -> None:
    listed = RIVER.replace(
        "2. Công đoàn ngành phối hợp tuyên truyền gương điển hình.",
        "2. Giao Phòng Tổ chức cán bộ:\n- Đôn đốc các trường thực hiện kế hoạch này.\n- Tổng hợp kết quả hằng năm.",
    )
    read = plan(listed, "songlam", "songlam.txt")
    cut = tuple(passages(read))
    made = Layout(Segment(read, cut, None), np.zeros((len(cut), len(KINDS)), dtype=np.float32))
    marked = [p.quote for p, above in zip(cut, made.unit_above, strict=True) if above]
    assert [quote.lstrip("- ").split()[0] for quote in marked] == ["Đôn", "Tổng"]
