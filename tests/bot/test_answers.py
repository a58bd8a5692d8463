"""The engine's replies put into sentences."""

from __future__ import annotations

from bot.answers import reply_text
from index.answer import Abstain, Answer, Quote, Run, Source


def source(title: str = "KẾ HOẠCH Nhân rộng gương sáng", number: str | None = None) -> Source:
    return Source("a-1", 1, "a", "Trường A", "a.txt", False, title, number, None, False)


def test_plan_without_a_number_is_called_a_plan_once() -> None:
    text = reply_text(Abstain(org="a", notes=(), candidates=(), sources=(source(),)))
    assert text == "Chưa tìm thấy nội dung này trong kế hoạch Nhân rộng gương sáng của Trường A."


def test_plan_with_a_number_is_called_by_it() -> None:
    text = reply_text(Abstain(org="a", notes=(), candidates=(), sources=(source(number="12/KH-A"),)))
    assert "trong kế hoạch số 12/KH-A của Trường A" in text


def test_clauses_of_a_run_stand_on_lines_of_their_own() -> None:
    plan = "KẾ HOẠCH Nhân rộng\ngương sáng\n\nCăn cứ Luật này;\n\nCăn cứ Chỉ thị kia;"
    pieces = ("KẾ HOẠCH Nhân rộng\ngương sáng", "Căn cứ Luật này;", "Căn cứ Chỉ thị kia;")
    quotes = tuple(Quote(source(), "title.1", "phần đầu", p, plan.index(p), plan.index(p) + len(p), None) for p in pieces)
    text = reply_text(Answer(org="a", notes=(), candidates=(), runs=(Run(quotes, plan, "phần đầu văn bản"),)))
    assert text.startswith("“KẾ HOẠCH Nhân rộng gương sáng\nCăn cứ Luật này;\nCăn cứ Chỉ thị kia;”\n")
