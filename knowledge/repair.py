"""Repairs of reading damage, for searching and matching only: a quotation always shows the source as it is.

`REPAIRS` lists every repair with its reason. `repairs_in` says which ones touch a text and where, so that each can be undone;
`repaired` applies them. They are general confusions of OCR and of old encodings in papers of this genre; a pair of words is
listed only if the wrong reading means nothing in such papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .text import nfc


@dataclass(frozen=True)
class Repair:
    """`pattern` is a regular expression without regard to case, `replacement` may name its groups (\\1), `why` the damage.

    `exact`: capitals matter (abbreviations). `words` (in small letters) and `run` say what a text must hold for the pattern to be found:
    looking for that first is many times faster.
    """

    pattern: str
    replacement: str
    why: str
    exact: bool = False
    words: frozenset[str] = frozenset()
    run: str = ""

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, 0 if self.exact else re.IGNORECASE)


@dataclass(frozen=True)
class Applied:
    """One repair at one place: `text[start:end] == old` becomes `new`."""

    start: int
    end: int
    old: str
    new: str
    why: str


def _phrases(why: str, *pairs: str) -> tuple[Repair, ...]:
    """ "wrong > right" pairs of whole words."""
    split = (pair.split(" > ") for pair in pairs)
    return tuple(Repair(r"\b" + wrong.replace(" ", r"\s+") + r"\b", right, why, words=frozenset(wrong.split())) for wrong, right in split)


_HOOK = "dấu hỏi đọc thành dấu sắc"
_LOST = "mất dấu"
_OTHER = "chữ đọc nhầm"
_D = "Đ đọc thành D trong chữ viết tắt"
_SPLIT = "một chữ bị tách đôi"
_CUT = "mất chữ"

_VOWELS = "aăâeêioôơuưyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
_MARKED = _VOWELS.replace("aăâeêioôơuưy", "ăâêôơư")

REPAIRS: tuple[Repair, ...] = (
    *_phrases(
        _HOOK,
        *("tập thế > tập thể", "đoàn thế > đoàn thể", "cụ thế > cụ thể", "tiêu biếu > tiêu biểu", "biếu dương > biểu dương"),
        *("bố sung > bổ sung", "sửa đối > sửa đổi", "thay đối > thay đổi", "trao đối > trao đổi", "đối mới > đổi mới"),
        *("tống kết > tổng kết", "tống hợp > tổng hợp", "tố chức > tổ chức", "phố biến > phổ biến", "điến hình > điển hình"),
        *("phát triến > phát triển", "triến khai > triển khai", "chí đạo > chỉ đạo", "chí thị > chỉ thị", "cúng cố > củng cố"),
        *("biên bán > biên bản", "hiệu quá > hiệu quả", "kết quá > kết quả", "giái pháp > giải pháp", "đám bảo > đảm bảo"),
        *("khen thướng > khen thưởng", "hiệu trướng > hiệu trưởng", "thủ trướng > thủ trưởng", "lan tóa > lan tỏa"),
        *("cố vũ > cổ vũ", "kiếm tra > kiểm tra", "tìm hiếu > tìm hiểu", "tuyến chọn > tuyển chọn", "tuyến sinh > tuyển sinh"),
    ),
    *_phrases(
        _LOST,
        *("tuyên truyên > tuyên truyền", "bôi dưỡng > bồi dưỡng", "bồi dường > bồi dưỡng", "phân đấu > phấn đấu"),
        *("hội đông > hội đồng", "tổng kêt > tổng kết", "sơ kêt > sơ kết", "đê nghị > đề nghị", "đê xuất > đề xuất"),
        *("hô sơ > hồ sơ", "tờ trinh > tờ trình", "xuât sắc > xuất sắc", "xuất săc > xuất sắc", "gương mâu > gương mẫu"),
        *("kip thời > kịp thời", "nhân rông > nhân rộng", "kế hoach > kế hoạch", "lãnh đao > lãnh đạo", "sáng kiên > sáng kiến"),
        *("quyêt định > quyết định", "trach nhiệm > trách nhiệm", "nhiêm vụ > nhiệm vụ", "đào tao > đào tạo"),
        *("tiên tiên > tiên tiến", "phong trao > phong trào", "thanh tích > thành tích", "danh hiêu > danh hiệu"),
    ),
    Repair(r"\btrong\s+tâm(?!\s+(?:trí|thức|lý|dịch|hồn|can))\b", "trọng tâm", _LOST, words=frozenset({"trong", "tâm"})),
    Repair(r"\bkhen\s+thường\b(?!\s+xuyên)", "khen thưởng", _LOST, words=frozenset({"khen", "thường"})),
    *_phrases(
        _OTHER,
        *("điểm hình > điển hình", "cỗ vũ > cổ vũ", "đơn đốc > đôn đốc", "khởi thi đua > khối thi đua"),
        *("phãn đấu > phấn đấu", "binh xét > bình xét", "bỗ sung > bổ sung"),
    ),
    Repair(r"\bTRƯỞNG(?=\s*(?:\.{3,}|…))", "TRƯỜNG", "dòng tên trường để trống đọc thành chức vụ", exact=True, run="TRƯỞNG"),
    Repair(r"\b([Cc])ông (?=TTĐT\b)", r"\1ổng ", _LOST, exact=True, run="TTĐT"),
    Repair(r"(?<!\w)hương trình\b", "chương trình", _CUT, words=frozenset({"hương", "trình"})),
    Repair(r"\bgiai\s+(?=(?:19|20)\d\d)", "giai đoạn ", _CUT),
    Repair(r"(?<!tuyên )\btruyền gương\b", "tuyên truyền gương", _CUT, words=frozenset({"truyền", "gương"})),
    Repair(r"\b(B?)GDDT\b", r"\1GDĐT", _D, exact=True, run="GDDT"),
    Repair(r"\bGD&DT\b", "GD&ĐT", _D, exact=True, run="GD&DT"),
    Repair(r"\b(H[DĐ])?TDKT\b", r"\1TĐKT", _D, exact=True, run="TDKT"),
    Repair(r"\bHDT([DĐ])KT\b", r"HĐTĐKT", _D, exact=True, run="HDT"),
    Repair(r"\bDHTT\b", "ĐHTT", _D, exact=True, run="DHTT"),
    Repair(r"\b[NH]LD\b", "NLĐ", _D, exact=True, run="LD"),
    Repair(r"\bHLĐ\b", "NLĐ", _OTHER, exact=True, run="HLĐ"),
    Repair(r"\bQD(?=-[A-ZĐ])", "QĐ", _D, exact=True, run="QD"),
    Repair(r"\bND(?=-CP\b)", "NĐ", _D, exact=True, run="ND"),
    Repair(r"\bHI\b", "III", "số La Mã đọc nhầm", exact=True, run="HI"),
    Repair(r"(?<=\bquý I, )H\b|(?<=\bquý )H\b|(?<=\bPhần )H\b|(?<=\bMục )H\b", "II", "số La Mã đọc nhầm", exact=True, run="H"),
    Repair(r"\b((?:19|20)\d\d)[^\S\n]*\n\s*[-–]\s*((?:19|20)\d\d)\b", r"\1 - \2", "khoảng năm bị ngắt dòng"),
    Repair(
        rf"(?<!\d )(?<!\w)(ngh|ng|nh|gh|kh|ch|ph|th|tr|gi|qu|[bcdđghklmnpqrstvx]) ([{_MARKED}]\w{{0,4}})\b",
        r"\1\2",
        _SPLIT,
    ),
    Repair(rf"\b(\w*[{_MARKED}]) (ng|nh|ch|n|m|p|t)(?![\w.)/])", r"\1\2", _SPLIT),
)


_WORD = re.compile(r"\w+")


def repairs_in(text: str) -> Iterator[Applied]:
    """The repairs that touch a text in NFC, in the order of the table; those of one entry from left to right."""
    for repair in REPAIRS:
        for found in repair.compiled.finditer(text):
            new = _replacement(repair, found)
            if new != found.group():
                yield Applied(found.start(), found.end(), found.group(), new, repair.why)


def repaired(text: str) -> str:
    """A text in NFC with all repairs applied, each on what those before it left."""
    text = nfc(text)
    held = set(_WORD.findall(text.lower()))
    for repair in REPAIRS:
        if repair.words <= held and repair.run in text:
            before = text
            text = repair.compiled.sub(lambda found, repair=repair: _replacement(repair, found), text)  # type: ignore[misc]
            if text != before:
                held = set(_WORD.findall(text.lower()))
    return text


def _replacement(repair: Repair, found: re.Match[str]) -> str:
    new = found.expand(repair.replacement)
    old = found.group()
    if repair.exact or "\\" in repair.replacement:
        return new
    if old.isupper():
        return new.upper()
    return new[:1].upper() + new[1:] if old[:1].isupper() else new
