"""Each value as it is taken, and the very wording of each refusal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.values import (
    Invalid,
    given_name_key,
    name_key,
    odd_name,
    parse_email,
    parse_line,
    parse_name,
    parse_phone,
    parse_seniority,
    parse_summary,
    phone_key,
    writable,
)


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Hoa",
        "H'Hen Niê",
        "Y Bhiông K’Đăm",
        "Lò Văn Ích",
        "A",
        "Ông Ích Khiêm",
        "=1+1",
        "Ksor H'Nâng",
        "Đ. T. Mai",
    ],
)
def test_name_is_kept_as_typed(name):
    assert parse_name(name) == name


def test_name_comes_out_in_nfc_without_what_nobody_sees():
    assert parse_name(unicodedata.normalize("NFD", "  Nguyễn\u200b  Thị\u202e Hoa ")) == "Nguyễn Thị Hoa"


def test_salutation_before_a_name_is_dropped():
    assert parse_name("cô Nguyễn Thị Hoa") == "Nguyễn Thị Hoa"


@pytest.mark.parametrize(
    ("parse", "value", "what"),
    [
        (parse_name, " ", "Họ tên còn trống."),
        (parse_name, "0912 345 678", "“0912 345 678” là số điện thoại hoặc email, không phải họ tên."),
        (parse_name, "a" * 201, f"Họ tên “{'a' * 30}…” dài 201 ký tự, tối đa 200."),
        (parse_line, "b" * 301, f"Nội dung “{'b' * 30}…” dài 301 ký tự, tối đa 300."),
        (parse_summary, "c" * 6_001, f"Tóm tắt thành tích “{'c' * 30}…” dài 6.001 ký tự, tối đa 6.000."),
        (parse_seniority, "lâu rồi", "Không rõ thâm niên “lâu rồi”: cần số năm hoặc năm bắt đầu."),
        (parse_seniority, "99 năm", "Không rõ thâm niên “99 năm”: cần số năm hoặc năm bắt đầu."),
        (parse_phone, "0912 345", "Số điện thoại “0912 345” có 7 chữ số, không phải số gọi được ở Việt Nam."),
        (parse_phone, "gọi sau", "Số điện thoại “gọi sau” không có chữ số nào."),
        (parse_email, "hoa.edu.vn", "Email “hoa.edu.vn” thiếu ký tự @."),
        (parse_email, "hoa@truong", "Email “hoa@truong” thiếu phần đuôi tên miền sau “truong”."),
        (parse_email, "hoa@@x.vn", "Email “hoa@@x.vn” có nhiều hơn một ký tự @."),
        (parse_email, "hoa nt@x.vn", "Email “hoa nt@x.vn” có khoảng trắng."),
        (parse_email, "hòa@x.vn", "Email “hòa@x.vn” có chữ có dấu."),
        (parse_email, "@x.vn", "Email “@x.vn” thiếu phần trước hoặc sau ký tự @."),
        (parse_email, "hoa..nt@x.vn", "Email “hoa..nt@x.vn” không đúng dạng."),
    ],
)
def test_refusal_says_what_was_wrong_with_which_value(parse, value, what):
    with pytest.raises(Invalid) as caught:
        parse(value)
    assert caught.value.what == what
    assert caught.value.example


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12", "12 năm"),
        ("12,5", "12,5 năm"),
        ("12 năm 6 tháng", "12 năm 6 tháng"),
        ("từ năm 2010", "từ năm 2010"),
        ("Từ 9/2010", "Từ 9/2010"),
        ("2010", "từ năm 2010"),
        ("8 tháng", "8 tháng"),
        ("hon 20 nam", "hơn 20 năm"),
        ("không có", "Không có"),
        ("ko", "Không có"),
        ("12 nam 6 thang", "12 năm 6 tháng"),
        ("tu nam 2010", "từ năm 2010"),
    ],
)
def test_seniority_in_the_ways_people_write_it(typed, stored):
    assert parse_seniority(typed) == stored


@pytest.mark.parametrize("typed", ["0912345678", "0912.345.678", "+84 912 345 678", "(0296) 3852 963", "84912345678"])
def test_phone_is_kept_as_typed(typed):
    assert parse_phone(typed) == typed


@pytest.mark.parametrize("typed", ["0912345678", "0912 345 678", "+84912345678", "912345678"])
def test_one_number_in_every_grouping_has_one_key(typed):
    assert phone_key(typed) == "+84912345678"


def test_name_key_joins_spellings():
    assert name_key("cô NGUYỄN  Thị Hòa") == name_key("Nguyen thi hoa") == "nguyen thi hoa"


def test_names_sort_by_given_name_with_vietnamese_letters_and_tones():
    names = ["Lê Đức", "Trần Ân", "Lê Dung", "Phạm Ánh", "Trần An", "Lê Ăn", "Võ Đạt", "An Ánh"]
    assert sorted(names, key=given_name_key) == [
        "Trần An",
        "An Ánh",
        "Phạm Ánh",
        "Lê Ăn",
        "Trần Ân",
        "Lê Dung",
        "Võ Đạt",
        "Lê Đức",
    ]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("=1+1", "Họ tên “=1+1” có ký tự lạ (+ 1 =), xin xem lại."),
        ("nguyễn thị hoa", "Họ tên “nguyễn thị hoa” chưa viết hoa, xin xem lại."),
        ("Nguyễn thị Hoa", "Họ tên “Nguyễn thị Hoa” chưa viết hoa, xin xem lại."),
        ("Nguyen Thi Hoa", "Họ tên “Nguyen Thi Hoa” chưa có dấu, xin xem lại."),
    ],
)
def test_odd_name_is_warned_about_and_not_refused(name, hint):
    assert parse_name(name) == name
    assert odd_name(name) == hint


MANY_SPELLINGS = [
    *("Nguyễn Thị Hoa", "NGUYỄN THỊ HOA", "Phan Anh", "Y Kim Ny Ayun", "H'Hen Niê", "H’Hen Niê", "Rơ Châm H'Phik", "Ksor H'Nâng"),
    *("Điểu K'Ré", "A Lăng Thị Nhum", "Alăng Mai", "Y Bhiông K’Đăm", "K' Thị Mỹ Hạnh", "Siu Blơ", "Kpă Klơng", "Đinh Núp", "Y Moan Êñuôl"),
    *("Giàng A Páo", "Vàng Thị Sua", "Thạch Thị Sa Rây", "Kim Sóc Kha", "Châu Sóc Ươl", "Pờ Lóong Thị A", "Zơrâm Nhíp", "Bnướch Thị Lan"),
    *("Ly Mi Po", "Sùng Thị Mỷ", "Lò Văn Ích", "Cầm Bá Ly", "Hồ Văn Ngơi", "Bh'riu Liếc", "Ama Kông", "Đ. T. Mai", "Tôn Nữ Thị Ninh"),
    "Jơ Nơng Sang",
]


@pytest.mark.parametrize("name", MANY_SPELLINGS)
def test_name_of_any_people_of_vietnam_is_taken_without_a_hint(name):
    assert (parse_name(name), odd_name(name)) == (name, None)


@given(
    st.text(max_size=300),
    st.sampled_from([parse_name, parse_line, parse_summary, parse_phone, parse_email, parse_seniority]),
)
def test_parser_gives_a_stable_writable_value_or_refuses(text, parse):
    try:
        value = parse(text)
    except Invalid:
        return
    assert value
    assert parse(value) == value
    assert writable(value) == value
    assert unicodedata.is_normalized("NFC", value)
