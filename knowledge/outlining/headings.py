"""What is a title and what is a rule: by length, punctuation, capitals and what stands below."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.outlining.blocks import Block, finished
from knowledge.outlining.markers import KEYWORDS, Marker, Style
from knowledge.text import unaccent

_RULING = re.compile(r"\b(?:phải|đạt|gồm|được|bảo đảm|đảm bảo|đáp ứng|sau|có|là|cụ thể|như)\b", re.I)
_CLOSING = re.compile(
    r"^(?:trên đây là|trong quá trình (?:triển khai|tổ chức|thực hiện)|quá trình (?:triển khai|thực hiện)|"
    r"đề nghị (?:các|thủ trưởng|"
    r"lãnh đạo|người đứng đầu)|yêu cầu (?:các|thủ trưởng)|căn cứ (?:kế hoạch|hướng dẫn) này|nhận được|"
    r"(?:kế hoạch|quyết định|quy định|quy chế|"
    r"hướng dẫn|luật|nghị định|thông tư) này (?:thay thế|có hiệu lực|(?:đã )?được))",
    re.I,
)
_PARTS = re.compile(
    r"(?:muc dich|y nghia|yeu cau|muc tieu|can cu|doi tuong|pham vi|nguyen tac|tieu chuan|tieu chi|dieu kien|noi dung|hinh thuc|quy trinh|"
    r"cach thuc|cac buoc|trinh tu|ho so|thoi gian|thoi han|tien do|so luong|co cau|kinh phi|to chuc thuc hien|phan cong|trach nhiem|che do|"
    r"khen thuong|giai thuong|muc thuong|dia diem|thanh phan|bien phap|giai phap|nhiem vu|linh vuc|quyen loi|lien he|hieu luc)\b"
)
_PART_WORDS = 12
_FORMULA = re.compile(
    r"(?:trên )?(?:đây|đó) là (?:toàn bộ )?(?:các )?(?:nội dung )?(?:bản )?(?:kế hoạch|hướng dẫn|đề án|quy định|"
    r"quy chế|chương trình|thông báo|phương án|tiêu chí)\b"
    r"|(?:đề nghị|yêu cầu)\s(?:các|thủ trưởng|lãnh đạo|người đứng đầu)\b.{3,140}\bthực hiện\b.{0,40}$", re.I | re.S
)
_SAYS_MORE = re.compile(
    r"vướng mắc|khó khăn|liên hệ|phản ánh|góp ý|gửi|báo cáo|trước ngày|điện thoại|hiệu lực|thay thế|hướng dẫn thực hiện|chậm nhất", re.I
)
_LABEL_WORDS = 14
_TITLE_WORDS = 45


@dataclass(frozen=True, slots=True)
class Below:
    """What follows a block in the body: the next block and the next numbered one, if near."""

    block: Block | None
    marker: Marker | None

    def decimal_child(self, marker: Marker) -> bool:
        """Whether "2.1" (or a number after a letter's heading) stands right below "2."."""
        after = self.block.marker if self.block else None
        if after is None or after.style != "decimal" or not marker.path:
            return False
        return after.path[: len(marker.path)] == marker.path and len(after.path) > len(marker.path)

    def sibling_of(self, style: Style | None, value: int) -> bool:
        return self.marker is not None and self.marker.style == style and self.marker.value == value + 1


def is_heading(block: Block, marker: Marker, below: Below, sections_before: bool, clauses_before: bool) -> bool:
    """Whether a numbered block is a title: short, no sentence, with something below it."""
    text = block.rest
    words = len(text.split())
    if not text:
        return True
    if marker.style in KEYWORDS or marker.style in ("roman", "upper"):
        return _titles_a_part(text, words)
    if below.block is None:
        return False
    deeper = _deeper(marker, below)
    content = deeper or (below.block.marker is None and not below.block.column)
    if block.capitals:
        return content
    if text.endswith(":"):
        return content and words <= 8 and not _RULING.search(text)
    if finished(text):
        return deeper and words <= 6 and text.endswith(".") and not sections_before
    if words > _TITLE_WORDS or not content:
        return False
    return deeper or block.bold or sections_before or not clauses_before


def is_label(block: Block) -> bool:
    """Whether a paragraph only names whom or what the next one is about: "Đối với Nhà giáo:"."""
    text = block.text
    return text.endswith(":") and len(text.split()) <= _LABEL_WORDS and not re.search(r"\bsau(?: đây)?:$", text)


def is_closing(text: str) -> bool:
    """Whether a paragraph closes the whole document and not the last point of it."""
    return bool(_CLOSING.match(text)) or text.endswith("./.")


def heads_a_part(block: Block, below: Below, plain_titles: bool) -> bool:
    """Whether a plain line is the title of a part: one that plans have ("Tiêu chuẩn"), or any in a text with `plain_titles`."""
    text, after = block.text, below.block
    if block.row or finished(text) or len(text.split()) > _PART_WORDS or after is None or after.row or not text[:1].isupper():
        return False
    content = (after.marker is not None and after.marker.bullet) or finished(after.text)
    return content and text[-1] not in ",;" and (plain_titles or bool(_PARTS.match(unaccent(text).lower())))


def is_formula(text: str) -> bool:
    """Whether a closing paragraph only closes: "Trên đây là kế hoạch …, đề nghị các tổ nghiêm túc thực hiện."."""
    return bool(_FORMULA.match(text)) and not _SAYS_MORE.search(text)


def _titles_a_part(text: str, words: int) -> bool:
    if (words > 6 and finished(text) and not text.endswith(":")) or words > 60:
        return False
    return not (text.endswith(":") and words > 14)


def _deeper(marker: Marker, below: Below) -> bool:
    """Whether the next block is numbered or bulleted on a lower level."""
    assert below.block is not None
    after = below.block.marker
    if after is None:
        return below.block.row
    if after.bullet or after.style == marker.style == "decimal":
        return after.bullet or len(after.path) > len(marker.path)
    return after.style != marker.style and (after.value == 1 or after.style == "decimal") and not _above(after.style)


def _above(style: Style) -> bool:
    return style in KEYWORDS or style in ("roman", "upper")
