"""Who judges a criterion and by what share of votes, where the criterion itself says so."""

from __future__ import annotations

import re

from knowledge.text import unaccent

_JUDGE = re.compile(r"\((?P<judge>[^()]{3,120}?)\s+(?:xét chọn|xét|bình chọn|bình xét|đánh giá|thẩm định|lựa chọn|chấm)\s*\)", re.I)
_VOTERS = re.compile(
    r"thành viên\s+(?P<judge>(?:Hội đồng|Ban|Tổ)\b[^,;.()]{0,80}?)\s+(?:trở lên\s+)?(?:bỏ phiếu|tán thành|"
    r"đồng ý|biểu quyết|bình chọn)",
    re.I,
)
_FRACTION = re.compile(r"\b(?P<share>[1-9]/[2-9]|\d{1,3}(?:[.,]\d+)?\s*%)")
_WORDS = {
    "hai phan ba": "2/3",
    "ba phan tu": "3/4",
    "mot phan hai": "1/2",
    "ba phan nam": "3/5",
    "bon phan nam": "4/5",
    "mot phan ba": "1/3",
}
_NUMERALS = re.compile("|".join(_WORDS))
_VOTING = re.compile(
    r"\b(?:bo phieu|phieu tin nhiem|phieu bau|so phieu|phieu|tan thanh|binh chon|tin nhiem|bieu quyet|dong y|"
    r"ky gioi thieu)\b"
)


def judge_in(text: str) -> str | None:
    """The unit that judges, as printed: "(Phòng Đào tạo xét chọn)", or the council whose members vote."""
    match = _JUDGE.search(text) or _VOTERS.search(text)
    return " ".join(match["judge"].split()) if match else None


def vote_in(text: str) -> str | None:
    """The share of votes that a criterion asks for ("2/3", "85%"); None unless a vote is spoken of near it."""
    plain = unaccent(text).lower()
    for match in _FRACTION.finditer(plain):
        if _near_a_vote(plain, match.start(), match.end()):
            return match["share"].replace(" ", "")
    words = _NUMERALS.search(plain)
    if words and _near_a_vote(plain, words.start(), words.end()):
        return _WORDS[words.group(0)]
    return None


def _near_a_vote(plain: str, start: int, end: int) -> bool:
    return bool(_VOTING.search(plain, max(0, start - 60), min(len(plain), end + 90)))
