"""Whom a rule is for: collective or individual, and which roles it names."""

from __future__ import annotations

import re
from typing import Literal

from knowledge.text import unaccent

Target = Literal["collective", "individual"]

ROLES = (
    "phó hiệu trưởng", "hiệu trưởng", "phó giám đốc", "giám đốc", "cán bộ quản lý", "viên chức quản lý", "người đứng đầu",
    "cấp phó của người đứng đầu", "trưởng khoa", "phó trưởng khoa", "trưởng phòng", "trưởng đơn vị", "phó trưởng đơn vị",
    "tổ trưởng chuyên môn", "tổ trưởng", "chuyền trưởng", "quản đốc", "giáo viên chủ nhiệm", "giáo viên thỉnh giảng",
    "giảng viên thỉnh giảng", "giáo viên", "giảng viên", "nghiên cứu viên", "nhà giáo", "nhân viên y tế",
    "nhân viên văn phòng", "nhân viên hành chính", "nhân viên", "kỹ thuật viên", "người lao động", "công nhân", "nông dân",
    "doanh nhân", "trí thức", "cán bộ công đoàn", "chủ tịch công đoàn cơ sở", "cán bộ, công chức, viên chức",
    "viên chức hành chính", "công chức", "viên chức", "học sinh", "sinh viên", "học viên", "nghiên cứu sinh", "đảng viên",
    "đoàn viên", "thanh niên", "hội viên", "bí thư", "phó bí thư", "cán bộ chuyên trách", "cán bộ không chuyên trách", "cán bộ",
    "kế toán", "bảo vệ", "nhà khoa học", "vận động viên", "huấn luyện viên", "bác sĩ", "điều dưỡng", "luật sư", "phụ huynh",
)  # fmt: skip
_COLLECTIVES = (
    "tập thể", "tổ chuyên môn", "tổ, lớp", "lớp", "chi đoàn", "câu lạc bộ", "chi bộ", "đảng bộ", "tổ chức", "đơn vị", "cơ quan",
    "khoa", "phòng", "doanh nghiệp", "hợp tác xã", "tổ hợp tác", "hộ gia đình", "xã", "phường", "thôn", "công đoàn cơ sở",
    "công đoàn bộ phận", "tổ tự quản", "nhóm bạn", "tổ lao động", "tổ, chuyền", "tổ công tác", "trường", "khối", "tổ hành chính",
    "tổ bộ môn", "bộ môn", "viện", "trung tâm", "ban", "đội", "liên chi", "chi hội",
)  # fmt: skip
_ROLE = re.compile(r"\b(?:{})\b".format("|".join(sorted(map(re.escape, ROLES), key=len, reverse=True))), re.I)
_INDIVIDUAL = re.compile(
    r"\bca nhan\b|\bnguoi (?:duoc|co|dung|lao)\b|\bchien si thi dua\b|"
    r"\blao dong tien tien\b|\btung nguoi\b"
)
_ANY_COLLECTIVE = "|".join(sorted(_COLLECTIVES, key=len, reverse=True))
_COLLECTIVE = re.compile(rf"\b(?:{_ANY_COLLECTIVE}|tổ(?! (?:quốc|phó|viên)))\b(?! trưởng)", re.I)
_OFFICE_OF = re.compile(r"\bcủa\s+(?:ban\s+)?(?:chủ tịch|hiệu trưởng|giám đốc|thủ tướng|bộ trưởng|thủ trưởng)\b", re.I)
_LABEL = re.compile(r"^\W*(?P<label>[^:;.\n]{2,140}?)\s*\*?\s*:\s*\*?(?=\s|$)")


def target_of(text: str) -> Target | None:
    """The target that a heading or label names; None if it names both or none."""
    text = _OFFICE_OF.sub("", text)
    plain = unaccent(text).lower()
    if re.search(
        r"\btap the\s*(?:,|va|hoac|/|-)\s*(?:\w+\s+)?ca nhan\b|\bca nhan\s*(?:,|va|hoac|"
        r"/)\s*tap the\b",
        plain,
    ):
        return None
    if re.match(r"\W*(?:doi voi |la |tieu chi (?:doi voi )?|tieu chuan (?:doi voi )?)?tap the\b", plain):
        return "collective"
    if _COLLECTIVE.match(
        re.sub(
            r"^\W*(?:(?:tiêu chuẩn|tiêu chí|điều kiện)\s+)?(?:đối với\s+|"
            r"riêng\s+)?",
            "",
            text,
            flags=re.I,
        )
    ):
        return "collective"
    if _INDIVIDUAL.search(plain):
        return "individual"
    if re.search(r"\btap the\b", plain):
        return "collective"
    if _ROLE.search(text):
        return "individual"
    return "collective" if _COLLECTIVE.search(text) else None


def roles_in(text: str) -> tuple[str, ...]:
    """The roles that a label names, lower case, in order: "Đối với hiệu trưởng, phó hiệu trưởng" names two."""
    found: list[str] = []
    for match in _ROLE.finditer(_OFFICE_OF.sub("", text)):
        role = match.group(0).lower()
        if role not in found:
            found.append(role)
    return tuple(found)


def label_of(text: str) -> str | None:
    """The label before a colon, if it names a target: "Đối với cá nhân", "Giáo viên chủ nhiệm", "Cá nhân (học sinh)"."""
    match = _LABEL.match(text)
    if match is None:
        return None
    label = match["label"].strip(" *")
    plain = unaccent(label).lower()
    if len(label.split()) > 22:
        return None
    named = re.match(r"(?:doi voi|rieng|voi)\b", plain) or target_of(label) is not None or "tap the" in plain
    return label if named else None
