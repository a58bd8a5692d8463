"""The library: versions, digests, institutions renamed and merged, approved replies."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlite_utils

from bot.database import open_memory
from knowledge.library import Library, LibraryError, holds, is_same_plan
from knowledge.model import Period, Plan

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def db() -> sqlite_utils.Database:
    return open_memory()


@pytest.fixture
def library(db: sqlite_utils.Database) -> Library:
    library = Library(db)
    library.add_institution("so", "Sở Giáo dục và Đào tạo Vân Hải")
    library.add_institution("truong", "Trường THPT Lê Lợi", parent="so", aliases=["Lê Lợi"])
    return library


def plan(org: str = "truong", number: str | None = "12/KH-LL", text: str = "KẾ HOẠCH", **more: object) -> Plan:
    return Plan.model_validate({"org": org, "source": "kh.txt", "number": number, "title": "KẾ HOẠCH thi đua", "text": text, **more})


def test_add_first_plan_gets_first_id_and_version(library: Library) -> None:
    added = library.add(plan(), sha256="a", now=NOW)
    assert (added.status, added.stored.plan.id, added.stored.plan.version) == ("added", "truong-1", 1)


def test_add_same_bytes_is_unchanged(library: Library) -> None:
    library.add(plan(), sha256="a", now=NOW)
    assert library.add(plan(), sha256="a", now=NOW).status == "unchanged"
    assert len(library.live("truong")) == 1


def test_add_same_number_is_a_new_version_and_the_old_one_is_silent(library: Library) -> None:
    library.add(plan(), sha256="a", now=NOW)
    added = library.add(plan(text="mới"), sha256="b", now=NOW)
    assert (added.status, added.stored.plan.id, added.stored.plan.version) == ("replaced", "truong-1", 2)
    assert [stored.plan.text for stored in library.live("truong")] == ["mới"]
    assert [stored.status for stored in library.history("truong-1")] == ["replaced", "live"]


def test_add_another_number_is_a_plan_of_its_own(library: Library) -> None:
    library.add(plan(), sha256="a", now=NOW)
    assert library.add(plan(number="13/KH-LL"), sha256="b", now=NOW).stored.plan.id == "truong-2"
    assert len(library.live("truong")) == 2


def test_add_official_text_retires_its_digest(library: Library) -> None:
    library.add(plan(digest=True), sha256="a", now=NOW)
    added = library.add(plan(text="nguyên văn"), sha256="b", now=NOW)
    assert added.retired == ("truong-1",)
    assert [stored.plan.id for stored in library.live("truong")] == ["truong-2"]


def test_add_replaces_takes_the_place_of_a_plan_with_another_number(library: Library) -> None:
    library.add(plan(), sha256="a", now=NOW)
    added = library.add(plan(number="99/KH-LL"), sha256="b", now=NOW, replaces="truong-1")
    assert (added.status, added.stored.plan.id, added.stored.plan.version) == ("replaced", "truong-1", 2)


def test_add_amending_document_stands_beside_the_plan(library: Library) -> None:
    library.add(plan(), sha256="a", now=NOW)
    library.add(plan(number="20/QĐ-LL"), sha256="b", now=NOW, amends="truong-1")
    assert [stored.plan.number for stored in library.amendments("truong-1")] == ["20/QĐ-LL"]
    assert len(library.live("truong")) == 2


@pytest.mark.parametrize("field", ["replaces", "amends"])
def test_add_refuses_a_plan_of_another_institution(library: Library, field: str) -> None:
    library.add(plan(org="so"), sha256="a", now=NOW)
    with pytest.raises(LibraryError, match="so-1"):
        library.add(plan(), sha256="b", now=NOW, **{field: "so-1"})  # type: ignore[arg-type]


def test_add_unknown_institution_is_refused_with_what_there_is(library: Library) -> None:
    with pytest.raises(LibraryError, match="so, truong"):
        library.add(plan(org="khac"), sha256="a", now=NOW)


def test_retire_and_restore_a_version(library: Library) -> None:
    library.add(plan(text="một"), sha256="a", now=NOW)
    library.add(plan(text="hai"), sha256="b", now=NOW)
    library.retire("truong-1", NOW)
    assert library.live("truong") == []
    assert library.restore("truong-1", NOW).plan.text == "hai"
    assert library.restore("truong-1", NOW, version=1).plan.text == "một"
    assert [stored.plan.version for stored in library.live("truong")] == [1]


def test_restore_unknown_version_names_those_there_are(library: Library) -> None:
    library.add(plan(), sha256="a", now=NOW)
    with pytest.raises(LibraryError, match="các bản 1"):
        library.restore("truong-1", NOW, version=7)


def test_live_puts_the_plan_whose_period_holds_first(library: Library) -> None:
    old, new = Period.model_validate({"from": 2020, "to": 2021}), Period.model_validate({"from": 2026, "to": 2027})
    library.add(plan(number="1", period=old), sha256="a", now=NOW)
    library.add(plan(number="2", period=new), sha256="b", now=NOW)
    assert [stored.plan.number for stored in library.live("truong", date(2026, 11, 20))] == ["2", "1"]


def test_rename_keeps_the_old_name_as_an_alias(library: Library) -> None:
    renamed = library.rename("truong", "Trường THPT Lê Lợi 1")
    assert renamed.name == "Trường THPT Lê Lợi 1"
    assert "Trường THPT Lê Lợi" in renamed.aliases


def test_merge_takes_plans_and_names_over(library: Library) -> None:
    library.add_institution("cu", "Trường THPT Cũ")
    library.add(plan(org="cu"), sha256="a", now=NOW)
    merged = library.merge("cu", "truong")
    assert "Trường THPT Cũ" in merged.aliases
    assert [stored.plan.id for stored in library.live("truong")] == ["cu-1"]
    assert library.institution("cu") == merged
    assert [institution.slug for institution in library.institutions()] == ["so", "truong"]


@pytest.mark.parametrize("slug", ["", "Có Dấu", "A", "../x", "a" * 41])
def test_add_institution_refuses_a_bad_slug(library: Library, slug: str) -> None:
    with pytest.raises(LibraryError):
        library.add_institution(slug, "Tên")


def test_reply_is_used_only_once_a_second_person_agrees(library: Library) -> None:
    library.add(plan(), sha256="a", now=NOW)
    reply = library.add_reply("truong", "truong-1", "Nộp mấy bản?", "Hai bản.", "an", NOW)
    assert library.replies("truong") == []
    with pytest.raises(LibraryError):
        library.approve_reply(reply, "an", NOW)
    library.approve_reply(reply, "binh", NOW)
    assert [found.reply for found in library.replies("truong")] == ["Hai bản."]
    library.retire("truong-1", NOW)
    assert library.replies("truong") == []


def test_is_same_plan_without_numbers_needs_title_and_period() -> None:
    first = plan(number=None, period=Period.model_validate({"from": 2021, "to": 2022}))
    assert is_same_plan(first, first.model_copy(update={"text": "khác"}))
    assert not is_same_plan(first, first.model_copy(update={"period": None}))


def test_holds_school_year_to_the_end_of_its_second_year() -> None:
    school_year = plan(period=Period.model_validate({"from": 2025, "to": 2026}))
    assert holds(school_year, date(2026, 12, 31))
    assert not holds(school_year, date(2027, 1, 1))
    assert holds(plan(), date(2030, 1, 1))
