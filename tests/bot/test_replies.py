"""Replies kept for reuse: which question they answer, and until when."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot import replies
from bot.database import Database, open_memory
from knowledge.extract import understand
from knowledge.library import Library
from knowledge.model import Document, Page
from tests.bot.school import plan_text

IN_TIME = datetime(2026, 11, 20, 5, tzinfo=UTC)
AFTER = datetime(2030, 1, 10, 5, tzinfo=UTC)
QUESTION = "Số điện thoại Văn phòng là gì?"


@pytest.fixture
def db() -> Database:
    return open_memory()


@pytest.fixture
def library(db: Database) -> Library:
    library = Library(db)
    library.add_institution("truong-a", "Trường A")
    library.add_institution("truong-b", "Trường B")
    document = Document(source="a.txt", format="text", pages=(Page(number=1, text=plan_text()),))
    library.add(understand(document, org="truong-a"), sha256="0" * 64, now=IN_TIME)
    return library


def kept(library: Library, approved: datetime) -> int:
    number = library.add_reply("truong-a", "truong-a-1", QUESTION, "Số nội bộ 105.", "1", approved)
    library.approve_reply(number, "2", approved)
    return number


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("so dien thoai van phong", True),
        ("Cho hỏi số điện thoại văn phòng ạ", True),
        ("Số điện thoại của Hiệu trưởng là gì?", False),
        ("Số điện thoại văn phòng khoa Toán là gì?", False),
        ("Hồ sơ gồm những gì?", False),
        ("?", False),
    ],
)
def test_reply_answers_questions_of_the_same_words(library: Library, asked: str, answered: bool) -> None:
    kept(library, IN_TIME)
    assert (replies.fitting(library, "truong-a", asked, date(2026, 11, 21)) is not None) == answered


def test_reply_is_never_used_in_another_institution(library: Library) -> None:
    kept(library, IN_TIME)
    assert replies.fitting(library, "truong-b", QUESTION, date(2026, 11, 21)) is None


def test_reply_is_silent_once_the_period_of_its_plan_is_over(library: Library) -> None:
    kept(library, IN_TIME)
    assert replies.fitting(library, "truong-a", QUESTION, date(2028, 1, 2)) is None


def test_reply_given_after_the_period_is_silent_once_the_plan_is_retired(library: Library) -> None:
    kept(library, AFTER)
    assert replies.fitting(library, "truong-a", QUESTION, date(2030, 2, 1)) is not None
    library.retire("truong-a-1", AFTER)
    assert replies.fitting(library, "truong-a", QUESTION, date(2030, 2, 1)) is None


def test_dropped_reply_is_gone(library: Library) -> None:
    number = kept(library, IN_TIME)
    assert library.drop_reply(number)
    assert not library.drop_reply(number)
    assert replies.fitting(library, "truong-a", QUESTION, date(2026, 11, 21)) is None
