"""What a plan makes of the form."""

from __future__ import annotations

import pytest

from forms.spec import FormSpec, header_fields, roles_named, shorten
from knowledge.model import Plan, Table
from tests.forms.builders import BARE, COLLEGE, COLUMNS, SCHOOL, group
from tests.shared import needs_shared, official


def test_spec_of_a_plan_with_a_table_has_its_columns_as_printed():
    assert SCHOOL.own_table
    assert tuple(column.label for column in SCHOOL.layout("individual")) == COLUMNS
    assert SCHOOL.requires_seniority("individual")
    assert not SCHOOL.own_layout("collective")


def test_spec_without_a_table_is_ours_and_requires_no_seniority():
    assert not BARE.own_table
    assert not BARE.requires_seniority("individual")
    assert [column.label for column in COLLEGE.layout("collective")] == [
        "TT",
        "Tên tập thể",
        "Thuộc đơn vị",
        "Lĩnh vực",
        "Tóm tắt thành tích",
        "Người đại diện",
        "Số điện thoại, email",
    ]


def test_spec_carries_plan_and_version():
    assert (SCHOOL.plan_id, SCHOOL.plan_version, SCHOOL.org) == ("sao-1", 2, "sao")


def test_kinds_are_those_the_criteria_speak_of():
    plan = Plan(org="o", source="s", criteria=(group("I", "individual", "a"),))
    assert FormSpec.from_plan(plan).kinds == ("individual",)
    assert BARE.kinds == ("individual", "collective")


def test_roles_are_asked_only_where_criteria_differ():
    assert SCHOOL.roles == ("teacher", "principal", "staff")
    assert BARE.roles == ()
    assert COLLEGE.roles_for("Xây dựng Đảng") == ("party_member",)
    assert COLLEGE.roles_for("Đổi mới dạy học") == ("teacher", "student")


def test_items_of_one_clause_are_told_apart():
    criteria = group("II.1", "individual", "a", "b")
    same = criteria.model_copy(
        update={"items": tuple(item.model_copy(update={"ref": "II.1"}) for item in criteria.items)}
    )
    spec = FormSpec.from_plan(Plan(org="o", source="s", criteria=(same,)))
    assert [(item.id, item.ref) for item in spec.criteria] == [("II.1", "II.1"), ("II.1#2", "II.1")]


def test_table_without_a_name_is_not_the_list_of_nominees():
    plan = Plan(org="o", source="s", table=Table(title="Kinh phí", columns=("TT", "Nội dung", "Số tiền")))
    assert not FormSpec.from_plan(plan).own_table


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("TT", ("number",)),
        ("STT", ("number",)),
        ("Họ, tên", ("name",)),
        ("HỌ VÀ TÊN", ("name",)),
        ("Tên tập thể", ("name",)),
        ("Đơn vị công tác", ("unit",)),
        ("Trường", ("unit",)),
        ("Thâm niên giảng dạy", ("seniority",)),
        ("Số năm công tác", ("seniority",)),
        ("Tóm tắt thành tích", ("summary",)),
        ("Số điện thoại, email", ("phone", "email")),
        ("SĐT", ("phone",)),
        ("E-mail", ("email",)),
        ("Ghi chú", ("note",)),
        ("Mã hồ sơ", ("code",)),
        ("Chức vụ", ()),
    ],
)
def test_header_is_known_by_its_words(header, fields):
    assert header_fields(header) == fields


@pytest.mark.parametrize(
    ("words", "roles"),
    [
        (("hiệu trưởng", "phó hiệu trưởng"), ("principal",)),
        (("cán bộ quản lý", "giáo viên", "nhân viên"), ("teacher", "manager", "staff")),
        (("HSSV",), ("student",)),
        (("NLĐ",), ("staff",)),
        (("đảng viên",), ("party_member",)),
        (("toàn thể",), ()),
    ],
)
def test_roles_are_read_from_the_words_of_a_plan(words, roles):
    assert roles_named(words) == roles


def test_short_text_is_cut_at_a_word():
    assert shorten("- Có nhiều sáng kiến hay;", 12) == "Có nhiều…"


@needs_shared
@pytest.mark.parametrize(
    ("slug", "fields", "roles", "own_table"),
    [
        ("hatinh", 0, set(), False),
        ("thainguyen", 0, {"teacher", "manager", "staff", "student"}, False),
        ("tiengiang", 4, {"teacher", "manager", "staff", "student"}, False),
        ("bachkhoa", 0, set(), False),
        ("vinhthuan", 0, {"teacher", "principal", "staff"}, True),
    ],
)
def test_form_of_an_official_plan(slug, fields, roles, own_table):
    from knowledge.extract import understand
    from knowledge.readers import read

    spec = FormSpec.from_plan(understand(read(official(slug)), org=slug))
    assert (len(spec.fields), spec.own_table) == (fields, own_table)
    assert roles <= set(spec.roles)
    assert bool(spec.options("individual")) is (slug != "bachkhoa")
