"""The engine over two institutions: verbatim, scoped, silent where the plans are silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.answer import Abstain, Answer, Clarify
from index.engine import Engine
from knowledge.library import Library
from tests.index.plans import NOW, TODAY, engine_over, plan, stocked_library


@pytest.fixture(scope="module")
def library() -> Library:
    return stocked_library()


@pytest.fixture(scope="module")
def engine(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_over(library, tmp_path_factory.mktemp("index"))


def refs(reply: Answer | Abstain | Clarify) -> list[str]:
    assert isinstance(reply, Answer)
    return [quote.ref for quote in reply.quotes]


@pytest.mark.parametrize("question", ["Hồ sơ gồm những giấy tờ gì?", "ho so gom nhung giay to gi", "hs gồm nhg giấy tờ j v ạ"])
def test_ask_for_a_list_gets_it_whole_with_its_governing_sentence(engine: Engine, question: str) -> None:
    assert {"III.1", "III.1.a", "III.1.b", "III.1.c"} <= set(refs(engine.ask(question, org="songlam", today=TODAY)))


def test_ask_neighbouring_clauses_are_one_run_of_the_source(engine: Engine, library: Library) -> None:
    reply = engine.ask("Hồ sơ gồm những giấy tờ gì?", org="songlam", today=TODAY)
    assert isinstance(reply, Answer)
    text = library.live("songlam")[0].plan.text
    assert any("Tờ trình" in run.text and "Biên bản" in run.text for run in reply.runs)
    assert all(run.text in text for run in reply.runs)


@pytest.mark.parametrize("question", ["Phần tổ chức thực hiện nêu những gì?", "phan to chuc thuc hien co nhung diem gi can nho"])
def test_ask_for_a_part_by_its_heading_shows_what_stands_below_it(engine: Engine, question: str) -> None:
    assert {"IV.1", "IV.2"} <= set(refs(engine.ask(question, org="songlam", today=TODAY)))


@pytest.mark.parametrize("question", ["Ai ký kế hoạch này?", "ke hoach nay ong nao ky vay"])
def test_ask_who_signed_shows_the_signature_first(engine: Engine, question: str) -> None:
    reply = engine.ask(question, org="songlam", today=TODAY)
    assert "Hồ Thị Mai" in reply.candidates[0].quote.quote


def test_ask_for_the_number_shows_the_document_s_own_first(engine: Engine) -> None:
    reply = engine.ask("kế hoạch này mang số bao nhiêu?", org="songlam", today=TODAY)
    assert "77/KH-PGDĐT" in reply.candidates[0].quote.quote


@pytest.mark.parametrize("line", ["Chào bot, có ai ở nhà hông?", "ok cảm ơn ad nhìu nha", "dạ em cảm ơn thầy cô ạ"])
def test_ask_small_talk_is_greeted(engine: Engine, line: str) -> None:
    reply = engine.ask(line, org="songlam", today=TODAY)
    assert isinstance(reply, Clarify)
    assert reply.reason == "greeting"


def test_ask_when_finds_the_deadline(engine: Engine) -> None:
    assert "III.2" in refs(engine.ask("nộp trước ngày nào?", org="songlam", today=TODAY))


def test_ask_follow_up_is_about_the_other_group(engine: Engine) -> None:
    found = refs(engine.ask("thế còn cá nhân thì sao?", org="songlam", history=["Tiêu chuẩn của tập thể là gì?"], today=TODAY))
    assert any(ref.startswith("II.2") for ref in found)


def test_ask_stays_within_the_own_institution(engine: Engine) -> None:
    for question in ("Sinh viên cần đạt gì?", "Được thưởng bao nhiêu tiền?", "Ai làm đầu mối?"):
        reply = engine.ask(question, org="songlam", today=TODAY)
        shown = [*(reply.quotes if isinstance(reply, Answer) else ()), *(c.quote for c in reply.candidates)]
        assert {quote.source.org for quote in shown} <= {"songlam"}


def test_ask_naming_another_institution_is_answered_from_its_plan(engine: Engine) -> None:
    reply = engine.ask("Bên Đồi Thông thì nhà giáo cần gì?", org="songlam", today=TODAY)
    assert isinstance(reply, Answer)
    assert {quote.source.org for quote in reply.quotes} == {"doithong"}
    assert "other_institution" in reply.notes


def test_ask_without_institution_asks_which(engine: Engine) -> None:
    reply = engine.ask("Hồ sơ gồm những gì?", org=None, today=TODAY)
    assert isinstance(reply, Clarify)
    assert {slug for slug, _ in reply.options} == {"songlam", "doithong"}


def test_ask_school_without_a_plan_is_answered_from_its_parent_and_told_so(engine: Engine) -> None:
    reply = engine.ask("Hồ sơ gồm những giấy tờ gì?", org="truong", today=TODAY)
    assert isinstance(reply, Answer)
    assert "parent" in reply.notes


def test_ask_institution_without_any_plan_is_told_so(engine: Engine) -> None:
    reply = engine.ask("Hồ sơ gồm những gì?", org="trong", today=TODAY)
    assert isinstance(reply, Abstain)
    assert reply.notes == ("no_plan",)


def test_ask_about_an_institution_that_is_not_here_is_never_answered_from_another(engine: Engine) -> None:
    reply = engine.ask("Trường THPT Nguyễn Trãi cần hồ sơ gì?", org="songlam", today=TODAY)
    assert isinstance(reply, Abstain)
    assert reply.unknown == "Trường THPT Nguyễn Trãi"


@pytest.mark.parametrize("greeting", ["chào bạn", "Cảm ơn nhé", "hello", "", "👍"])
def test_ask_greeting_gets_what_the_bot_can_do(engine: Engine, greeting: str) -> None:
    reply = engine.ask(greeting, org="songlam", today=TODAY)
    assert isinstance(reply, Clarify)
    assert reply.reason == "greeting"


def test_ask_expired_plan_is_dated(engine: Engine) -> None:
    reply = engine.ask("nhà giáo cần gì?", org="doithong", today=TODAY)
    assert "expired" in reply.notes


def test_refresh_retired_plan_is_silent_at_once(tmp_path: Path) -> None:
    library = stocked_library()
    engine = engine_over(library, tmp_path)
    library.retire("songlam-1", NOW)
    engine.refresh(library)
    assert isinstance(engine.ask("Hồ sơ gồm những gì?", org="songlam", today=TODAY), Abstain)


def test_refresh_without_an_index_answers_by_words_alone(tmp_path: Path) -> None:
    library = stocked_library()
    engine = engine_over(library, tmp_path / "built")
    engine.index.folder = tmp_path / "nowhere"
    engine.refresh(library)
    assert "III.1.a" in refs(engine.ask("Hồ sơ gồm những giấy tờ gì?", org="songlam", today=TODAY))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_ask_any_text_gets_a_reply_that_quotes_nothing_but_the_plan(engine: Engine, library: Library, text: str) -> None:
    reply = engine.ask(text, org="songlam", today=TODAY)
    if isinstance(reply, Answer):
        source = library.live("songlam")[0].plan.text
        assert all(source[quote.start : quote.end] == quote.quote for quote in reply.quotes)


def test_refresh_damaged_segment_is_answered_by_words_until_it_is_built_again(tmp_path: Path) -> None:
    library = stocked_library()
    engine = engine_over(library, tmp_path)
    for path in engine.index.segments_folder.iterdir():
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(bytes(data))
    fresh = Engine(engine.index, engine.embedder, engine.judge)
    fresh.refresh(library)
    assert "III.1.a" in refs(fresh.ask("Hồ sơ gồm những giấy tờ gì?", org="songlam", today=TODAY))


AMENDING = """PHÒNG GIÁO DỤC VÀ ĐÀO TẠO SÔNG LAM
Số: 90/KH-PGDĐT

Sông Lam, ngày 02 tháng 11 năm 2026

KẾ HOẠCH
Sửa đổi, bổ sung Kế hoạch số 77/KH-PGDĐT

1. Sửa đổi mục III.2 như sau: các trường gửi hồ sơ trước ngày 30/4 hằng năm.
2. Bãi bỏ mục I.1.

Nơi nhận:
- Các trường.

TRƯỞNG PHÒNG

Hồ Thị Mai
"""


def test_ask_clause_that_was_amended_comes_with_what_changes_it(tmp_path: Path) -> None:
    library = stocked_library()
    library.add(plan(AMENDING, "songlam", "sua.txt"), sha256="3", now=NOW, amends="songlam-1")
    reply = engine_over(library, tmp_path).ask("Các trường gửi hồ sơ về Phòng trước ngày nào?", org="songlam", today=TODAY)
    assert isinstance(reply, Answer)
    if reply.runs[0].source.plan_id == "songlam-1":
        after = [run for run in reply.runs if run.amends]
        assert [(run.source.plan_id, run.quotes[0].ref) for run in after] == [("songlam-2", "1")]
        assert "30/4" in after[0].text
    else:
        assert "30/4" in reply.runs[0].text
