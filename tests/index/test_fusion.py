"""What a question names outright: a heading, the document's number and signer, a term that the plan explains."""

from __future__ import annotations

import numpy as np
import pytest

from index.fusion import Layout, defines, section_named, stated_once
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
