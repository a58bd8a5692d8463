"""One message with all the facts in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.free_text import parse, split_contacts

HOA = {
    "kind": "Cá nhân",
    "name": "Nguyễn Thị Hoa",
    "unit": "Khoa CNTT",
    "seniority": "12 năm",
    "phone": "0912 345 678",
    "email": "hoa@x.edu.vn",
    "summary": "dạy giỏi 3 năm liền, có 2 sáng kiến",
}


@pytest.mark.parametrize(
    "message",
    [
        "đề cử cô Nguyễn Thị Hoa khoa CNTT, 12 năm, 0912 345 678, hoa@x.edu.vn, thành tích dạy giỏi 3 năm liền, có 2 sáng kiến",
        "Đề cử cô Nguyễn Thị Hoa, Khoa CNTT; thâm niên 12 năm; ĐT: 0912 345 678; email: hoa@x.edu.vn; "
        "tóm tắt thành tích: dạy giỏi 3 năm liền, có 2 sáng kiến",
        "đề cử cô nguyễn thị hoa khoa CNTT 12 năm 0912 345 678 hoa@x.edu.vn thành tích dạy giỏi 3 năm liền, có 2 sáng kiến",
    ],
)
def test_running_message_gives_every_fact(message):
    assert parse(message) == HOA


def test_labelled_lines_are_read_by_their_labels():
    message = (
        "Họ tên: cô Nguyễn Thị Hoa\nĐơn vị: Khoa CNTT\nThâm niên: 12 năm\nSĐT: 0912 345 678\nEmail: hoa@x.edu.vn\n"
    )
    message += "Thành tích: dạy giỏi\n2 sáng kiến"
    assert parse(message) == {**{key: HOA[key] for key in HOA if key != "kind"}, "summary": "dạy giỏi\n2 sáng kiến"}


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        ("Nguyễn Thị Hoa", {}),
        ("Phòng Tổ chức", {}),
        ("đề cử tập thể tổ Toán - Tin", {"kind": "Tập thể", "name": "Tổ Toán - Tin"}),
        ("đề cử cô Nguyễn Thị Ban Mai", {"kind": "Cá nhân", "name": "Nguyễn Thị Ban Mai"}),
        ("đề cử thầy Trần Khoa Nam, tổ Toán", {"kind": "Cá nhân", "name": "Trần Khoa Nam", "unit": "Tổ Toán"}),
        ("Y Bion Niê, 0912345678, không có email", {"name": "Y Bion Niê", "phone": "0912345678", "email": "không có"}),
    ],
)
def test_only_what_is_there_is_taken(message, facts):
    assert parse(message) == facts


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("ĐT: 0912 345 678\nEmail: hoa@x.edu.vn", ("0912 345 678", "hoa@x.edu.vn")),
        ("hoa@x.edu.vn, 0912345678", ("0912345678", "hoa@x.edu.vn")),
        ("ĐT: Không có\nEmail: Không có", ("Không có", "Không có")),
        ("ĐT: Không có\nEmail: hoa@x.edu.vn", ("Không có", "hoa@x.edu.vn")),
        ("ĐT: 0912 345 678\nEmail: Không có", ("0912 345 678", "Không có")),
        ("ĐT: Email: ...", ("", "")),
        ("", ("", "")),
    ],
)
def test_shared_cell_is_split_into_phone_and_email(cell, parts):
    assert split_contacts(cell) == parts


@given(st.text(max_size=200))
def test_parse_never_fails(text):
    assert all(isinstance(value, str) and value for value in parse(text).values())
