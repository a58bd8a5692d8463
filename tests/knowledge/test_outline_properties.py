"""Clauses put together give back the text, whatever its structure."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from knowledge.extract import understand
from knowledge.model import Clause, Document, Page
from knowledge.outline import outline
from tests.shared import SHARED, needs_shared

WORDS = (
    "tập thể", "cá nhân", "Hội đồng", "thi đua,", "khen thưởng", "gương;", "điển hình.", "tiên tiến:", "sau",
    "2025", "Điều 5", "khoản 2", "“Hai tốt”", "(nếu có)", "**đậm**", "*nghiêng*", "30/8", "1.5", "của", "và",
    "MỤC ĐÍCH", "KẾ HOẠCH", "l", "|", "./.",
)  # fmt: skip
HEADS = (
    "Phần thứ nhất", "PHẦN II.", "Chương I", "Chương IlI", "Mục 2.", "Tiểu mục 1.", "Điều 7.", "Điểu 8.", "A.",
    "Đ.", "I.", "IV-", "1.", "2.", "l.", "12)", "1.1.", "2.1.3", "- 2.1.", "a)", "đ)", "(1)", "(a)", "i)", "-",
    "–", "+", "*", "•", "##", "**", "|", "Nơi nhận:", "HIỆU TRƯỞNG", "KT. GIÁM ĐỐC", "PHỤ LỤC", "Mẫu số 01", "Số:",
    "Căn cứ", "QUY CHẾ", "Trang 3", "---", "- 2025", "", "", "", "Bước 2.", "TT\tHọ và tên\tGhi chú", "| 1 | 2 |",
    "Nguyễn Văn A", "Đối với Nhà giáo:", "Trên đây là", "\ufeff", "\x0c",
)  # fmt: skip
BREAKS = ("\n", "\n", "\n\n", "\n\n\n\n", "\r\n", "\x0c", "\u2028", "      ", "\t")

lines = st.tuples(st.sampled_from(HEADS), st.lists(st.sampled_from(WORDS), max_size=8), st.sampled_from(BREAKS))
texts = st.lists(lines, max_size=40).map(lambda made: "".join(f"{head} {' '.join(words)}{stop}" for head, words, stop in made))


def clauses_of(document: Document) -> list[Clause]:
    return [clause for section in outline(document).sections for clause in section.clauses]


def assert_gives_back(document: Document) -> None:
    text, clauses = document.text, clauses_of(document)
    assert "".join("".join(clause.quote.split()) for clause in clauses) == "".join(text.split())
    assert all(clause.quote == text[clause.start : clause.end] == clause.quote.strip() for clause in clauses)
    assert all(first.end <= second.start for first, second in pairwise(clauses))
    assert len({clause.ref for clause in clauses}) == len(clauses)
    refs = {clause.ref for clause in clauses}
    assert all(clause.parent is None or clause.parent in refs for clause in clauses)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(["Phần thứ nhất |\tNơi nhận: \n"])  # a bar before a tab is no cell
@given(st.lists(texts, min_size=1, max_size=3))
def test_clauses_give_back_a_generated_plan(pages: list[str]) -> None:
    assert_gives_back(Document(source="a.pdf", format="pdf", pages=tuple(Page(number=n, text=text) for n, text in enumerate(pages, 1))))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_clauses_give_back_any_text(text: str) -> None:
    assert_gives_back(Document(source="a.txt", format="text", pages=(Page(number=1, text=text),)))


def shared_texts() -> list[Path]:
    if SHARED is None:
        return []
    return sorted([*(SHARED / "plans").glob("*.txt"), *(SHARED / "eval" / "invented").glob("*.txt")])


@needs_shared
@pytest.mark.parametrize("path", shared_texts(), ids=lambda path: path.stem)
def test_clauses_give_back_a_real_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert_gives_back(Document(source=path.name, format="text", pages=(Page(number=1, text=text),)))


def test_outline_of_two_thousand_pages_takes_seconds() -> None:
    page = "\n".join(f"{n}. Đơn vị thực hiện nhiệm vụ thứ {n}." for n in range(1, 30))
    document = Document(source="a.pdf", format="pdf", pages=tuple(Page(number=n, text=page) for n in range(1, 2001)))
    clauses = clauses_of(document)
    assert len(clauses) == 2000 * 29
    assert clauses[-1].page == 2000


HOSTILE = {
    "lower-case lines": "của và hoặc các\n" * 20_000,
    "dashes": "-" * 300_000,
    "a row of dashes": "|" + "-" * 300_000 + "x",
    "dates": "ngày 1/1 " * 20_000,
    "brackets": "(" * 100_000,
    "signatures": "KT. HIỆU TRƯỞNG\n" * 8_000,
    "attached documents": "Nơi nhận:\n- a\nQUY CHẾ\nĐiều 1. a\n" * 2_000,
    "bullets": "- a:\n+ b:\n* c:\n" * 5_000,
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_read_in_time(name: str) -> None:
    text = f"KẾ HOẠCH\nThi đua, khen thưởng điển hình tiên tiến\n\nI. MỤC ĐÍCH\n{HOSTILE[name]}"
    plan = understand(Document(source="a.txt", format="text", pages=(Page(number=1, text=text),)), org="x")
    assert "".join("".join(clause.quote.split()) for clause in plan.clauses) == "".join(text.split())
