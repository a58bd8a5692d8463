"""Documents of six quite different makes, each with what a careful reader finds in it, from text, DOCX, PDF and a scan.

A fact is a path into `plans show --json` and its value, as in `test_facts`; the expectations are written by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from knowledge.extract import understand
from knowledge.model import Plan
from knowledge.readers import read
from tests.knowledge.rendering import FONT, one_quick, to_docx, to_pdf, to_scan
from tests.knowledge.test_formats_facts import facts, kept, places
from tests.knowledge.test_readers_ocr import needs_tesseract

FOLDER = Path(__file__).with_name("unseen")
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
COUNCIL_SENDS = "Sở Nội vụ (qua Ban Thi đua - Khen thưởng)"


@cache
def plan(name: str) -> Plan:
    return understand(read(FOLDER / f"{name}.txt"), org="x")


def due(name: str) -> dict[str, list[tuple[str, str | None, dict[str, Any] | None]]]:
    """Kind, recipient and time of the deadlines by ref."""
    found: dict[str, list[tuple[str, str | None, dict[str, Any] | None]]] = {}
    for each in plan(name).deadlines:
        when = each.when.model_dump(exclude={"type"}) if each.when else None
        found.setdefault(each.ref, []).append((each.kind, each.recipient, when))
    return found


def day(date: str) -> dict[str, str]:
    return {"date": date}


def yearly(day_: int, month: int) -> dict[str, int]:
    return {"day": day_, "month": month}


@pytest.mark.parametrize(
    ("name", "number", "issued", "period", "signer"),
    [
        ("law", "48/2031/QH17", (2031, 11, 14), None, "Trần Đức Bình"),
        ("guidance", "2417/HD-UBND", (2027, 2, 9), (2027, 2030), "Đỗ Thanh Hương"),
        ("school", None, (2028, 9, 12), (2028, 2029), "Nông Thị Bích Đào"),
        ("university", "903/ĐHSL-KHTĐ", (2029, 3, 21), (2029, 2033), "GS.TS. Hồ Sĩ Cường"),
        ("letter", "64/CĐGD", (2026, 3, 5), None, "Phan Thị Ngọc Yến"),
        ("decision", "1180/QĐ-SGDĐT", (2030, 10, 17), None, "Vũ Minh Triết"),
    ],
)
def test_letterhead_and_signature(name: str, number: str | None, issued: Any, period: Any, signer: str) -> None:
    found = plan(name)
    assert found.number == number
    assert found.issued
    assert (found.issued.year, found.issued.month, found.issued.day) == issued
    assert (found.period and (found.period.from_, found.period.to)) == period
    assert found.signer
    assert found.signer.name == signer


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        (
            "law",
            [
                ("II.2.6.1", "individual", (), "all_of", (), 3),
                ("II.2.6.2", "individual", ("người lao động", "nông dân", "học sinh", "sinh viên"), "unstated", (), 1),
                ("II.2.7.p1", "collective", (), "one_of", (), 3),
            ],
        ),
        (
            "guidance",
            [
                ("II.2.1", None, (), "unstated", (), 2),
                ("II.2.2.p1", "collective", (), "unstated", ("II.2.1",), 4),
                ("II.2.3.p1", "individual", (), "one_of", ("II.2.1",), 3),
            ],
        ),
        (
            "school",
            [
                ("h3.p1", "individual", ("giáo viên",), "unstated", (), 3),
                ("h3.p3", "individual", ("nhân viên",), "unstated", (), 3),
                ("h3.p5", "collective", (), "unstated", (), 2),
            ],
        ),
        (
            "university",
            [
                ("II.A.1.p1", "collective", (), "all_of", (), 3),
                ("II.A.2.1", "individual", ("giảng viên", "nghiên cứu viên"), "unstated", (), 3),
                ("II.A.2.2", "individual", ("viên chức hành chính", "người lao động"), "unstated", (), 1),
                ("II.A.2.3", "individual", ("sinh viên", "học viên", "nghiên cứu sinh"), "one_of", (), 3),
                ("II.A.3", "individual", ("trưởng đơn vị",), "all_of", (), 1),
            ],
        ),
        (
            "letter",
            [
                ("h2.p1", "individual", (), "all_of", (), 3),
                ("h2.p2", "individual", ("cán bộ quản lý",), "all_of", ("h2.p1",), 1),
            ],
        ),
        (
            "decision",
            [
                ("II.3.p1", "individual", ("nhà giáo",), "all_of", (), 3),
                ("II.4.1", "individual", ("giáo viên", "giảng viên"), "one_of", ("II.3.p1",), 3),
                ("II.4.2", "individual", ("hiệu trưởng", "phó hiệu trưởng"), "all_of", ("II.3.p1",), 1),
            ],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_criteria(name: str, groups: list[tuple[object, ...]]) -> None:
    found = [(g.ref, g.target, g.applies_to, g.logic, g.requires, len(g.items)) for g in plan(name).criteria]
    assert found == groups


@pytest.mark.parametrize(
    ("name", "vote"),
    [("law", "2/3"), ("school", "80%"), ("letter", "75%")],
)
def test_vote_of_a_criterion(name: str, vote: str) -> None:
    assert [item.vote for group in plan(name).criteria for item in group.items if item.vote] == [vote]


def test_deadlines_of_a_law_count_from_what_was_done() -> None:
    assert due("law") == {
        "III.11.1": [("review", "Chủ tịch Ủy ban nhân dân cấp tỉnh", None)],
        "III.11.2": [("review", None, None)],
        "III.11.3": [("nomination", "Sở Nội vụ", None)],
        "III.11.4": [("nomination", None, {})],
        "III.12.1": [("event", None, yearly(13, 10))],
        "IV.14.p1": [("report", None, yearly(15, 12))],
    }


def test_deadlines_in_the_rows_of_a_table() -> None:
    found = due("guidance")
    assert found["III.3.3.r2"] == [("nomination", COUNCIL_SENDS, yearly(30, 8))]
    assert found["III.3.3.r3"] == [("review", "Ủy ban nhân dân tỉnh", yearly(20, 9))]
    assert found["III.3.3.r4"] == [("event", None, yearly(2, 10))]
    assert found["V.5.4.2"] == [("review", None, {"year": 2028, "quarters": (2,)}), ("summary", None, {"year": 2030, "quarters": (3,)})]


def test_deadlines_of_a_plan_without_numbers() -> None:
    assert due("school") == {
        "h4.p1": [("nomination", "Ban Thi đua của trường", {"year": 2028, "month": 10})],
        "h4.p3": [("review", None, None)],
        "h4.p4": [("event", None, day("2028-11-20"))],
        "h4.p5": [("nomination", "Hiệu trưởng", {})],
        "h6.p4": [("report", "Ban Thi đua", day("2029-05-15"))],
    }


def test_deadlines_of_a_letter() -> None:
    assert due("letter") == {
        "h4.-1": [("nomination", "Văn phòng Công đoàn Giáo dục tỉnh", day("2026-04-10"))],
        "h4.-2": [("review", None, day("2026-04-16"))],
        "h4.-3": [("event", None, {"year": 2026, "month": 4})],
        "h4.-4": [("other", None, None)],
    }


def test_deadlines_of_a_standing_regulation_come_every_year() -> None:
    found = due("decision")
    assert found["III.6.1"] == [("nomination", None, yearly(20, 9))]
    assert found["III.6.3"] == [("event", None, None)]
    assert found["IV.7.3"] == [("report", "Sở (qua Văn phòng)", yearly(31, 5))]


@pytest.mark.parametrize(
    ("name", "refs"),
    [
        ("law", ["III.10.1.a", "III.10.1.b", "III.10.1.c"]),
        ("guidance", ["III.3.2.1", "III.3.2.2", "III.3.2.3"]),
        ("school", ["h4.p2"] * 3),
        ("university", ["III.B.1", "III.B.2", "III.B.3"]),
        ("letter", ["h3.-2.-1", "h3.-2.-2", "h3.-2.-3"]),
        ("decision", ["III.5.1", "III.5.2", "III.5.3"]),
    ],
)
def test_dossier(name: str, refs: list[str]) -> None:
    assert [part.ref for part in plan(name).dossier] == refs


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("law", ["Chính phủ", "Bộ Nội vụ", "Bộ Giáo dục và Đào tạo", "Ủy ban nhân dân các cấp"]),
        ("guidance", ["Sở Nội vụ", "Sở Tài chính", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức thành viên"]),
        ("school", ["Hiệu trưởng", "Phó Hiệu trưởng phụ trách chuyên môn", "Công đoàn trường", "Tổ trưởng các tổ", "Kế toán"]),
        ("university", ["Phòng Tổ chức nhân sự (đơn vị thường trực)", "Trung tâm Truyền thông và Tuyển sinh"]),
        ("letter", ["Ban Nữ công", "Ban Tuyên giáo", "Công đoàn cơ sở"]),
        ("decision", ["Chánh Văn phòng, Trưởng các phòng thuộc Sở, thủ trưởng các đơn vị, trường học", "Văn phòng Sở"]),
    ],
)
def test_duties_name_their_units(name: str, units: list[str]) -> None:
    found = {duty.unit for duty in plan(name).duties}
    assert set(units) <= found


def test_fields_have_their_chairs() -> None:
    assert [(field.name, field.chair) for field in plan("university").fields] == [
        ("Đào tạo", "Phòng Đào tạo đại học"),
        ("Khoa học và công nghệ", "Phòng Khoa học - Hợp tác quốc tế"),
        ("Phục vụ cộng đồng", "Đoàn Thanh niên"),
    ]


@pytest.mark.parametrize(
    ("name", "columns", "signature"),
    [("guidance", 6, "THỦ TRƯỞNG CƠ QUAN"), ("decision", 6, "THỦ TRƯỞNG ĐƠN VỊ")],
)
def test_table_of_the_form(name: str, columns: int, signature: str) -> None:
    table = plan(name).table
    assert table
    assert (len(table.columns), table.signature) == (columns, signature)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("guidance", "decision")])
def test_document_without_a_form_has_no_table(name: str) -> None:
    assert plan(name).table is None


def test_bases_have_number_and_date() -> None:
    found = [(basis.number, basis.date) for basis in plan("guidance").legal_bases]
    assert found == [
        (None, "2022-06-15"),
        ("98/2023/NĐ-CP", "2023-12-31"),
        ("77/KH-UBND", "2027-01-20"),
        ("112/TTr-SNV", "2027-02-02"),
    ]


@pytest.mark.skipif(FONT is None, reason="no font with Vietnamese letters")
@pytest.mark.parametrize("name", one_quick(NAMES))
@pytest.mark.parametrize(("render", "suffix"), [(to_docx, "docx"), (to_pdf, "pdf")], ids=["docx", "pdf"])
def test_other_formats_say_the_same(name: str, render: Callable[[str, Path], Path], suffix: str, tmp_path: Path) -> None:
    document = read(render((FOLDER / f"{name}.txt").read_text(encoding="utf-8"), tmp_path / f"a.{suffix}"))
    assert places(document) == places(read(FOLDER / f"{name}.txt"))
    assert kept(facts(plan(name)), facts(understand(document, org="x"))) == 1.0


@pytest.mark.slow
@needs_tesseract
@pytest.mark.skipif(FONT is None, reason="no font with Vietnamese letters")
@pytest.mark.parametrize("name", NAMES)
def test_scan_says_nearly_the_same(name: str, tmp_path: Path) -> None:
    document = read(to_scan((FOLDER / f"{name}.txt").read_text(encoding="utf-8"), tmp_path / "a.pdf"))
    assert kept(facts(plan(name)), facts(understand(document, org="x")), likeness=0.95) >= 0.9
