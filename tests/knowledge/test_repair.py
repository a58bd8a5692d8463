"""The table of reading repairs: each entry does what it says, sound text is left alone."""

from __future__ import annotations

import re

import pytest

from knowledge.repair import REPAIRS, repaired, repairs_in
from tests.shared import OFFICIAL, needs_shared, official

DAMAGED = {
    "Điểm hình tiên tiến": "Điển hình tiên tiến",
    "CÁC ĐIỂM HÌNH": "CÁC ĐIỂN HÌNH",
    "cỗ vũ, động viên": "cổ vũ, động viên",
    "Công văn số 9/BGDDT-TĐKT": "Công văn số 9/BGDĐT-TĐKT",
    "Hội đồng TDKT": "Hội đồng TĐKT",
    "đơn đốc các đơn vị": "đôn đốc các đơn vị",
    "nhiệm vụ trong tâm": "nhiệm vụ trọng tâm",
    "giai 2023": "giai đoạn 2023",
    "CBVC, NLD": "CBVC, NLĐ",
    "xây d ựng đơn vị": "xây dựng đơn vị",
    "điể n hình": "điển hình",
    "th ực hiện": "thực hiện",
    "giai đoạn 2020 \n- 2025": "giai đoạn 2020 - 2025",
    "Tập thế tiêu biếu": "Tập thể tiêu biểu",
    "TRƯỞNG.....": "TRƯỜNG.....",
    "các hương trình": "các chương trình",
}
SOUND = [
    "khen thường xuyên",
    "trong tâm trí mọi người",
    "Hiệu trưởng; TRƯỞNG PHÒNG",
    "chương trình tuyên truyền gương tốt",
    "a) Tập thể b) Cá nhân",
    "đi 10 km ở ngoài",
    "điểm c khoản 2",
    "thế hệ trẻ, đối với tập thể",
]


@pytest.mark.parametrize(("damaged", "sound"), DAMAGED.items())
def test_repaired_restores_damage(damaged: str, sound: str) -> None:
    assert repaired(damaged) == sound


@pytest.mark.parametrize("text", SOUND)
def test_repaired_leaves_sound_text(text: str) -> None:
    assert repaired(text) == text


def test_repaired_twice_changes_nothing_more() -> None:
    for damaged in DAMAGED:
        assert repaired(repaired(damaged)) == repaired(damaged)


def test_repairs_in_names_place_and_reason() -> None:
    text = "Đây là Điểm hình"
    [applied] = repairs_in(text)
    assert text[applied.start : applied.end] == applied.old == "Điểm hình"
    assert text[: applied.start] + applied.new + text[applied.end :] == repaired(text)
    assert applied.why


def test_every_repair_has_a_reason_and_compiles() -> None:
    assert all(repair.why and re.compile(repair.pattern) for repair in REPAIRS)
    assert len({repair.pattern for repair in REPAIRS}) == len(REPAIRS)


@needs_shared
@pytest.mark.parametrize("slug", OFFICIAL)
def test_repaired_changes_little_of_an_official_text(slug: str) -> None:
    text = official(slug).read_text(encoding="utf-8")
    assert len([*repairs_in(text)]) <= 12
