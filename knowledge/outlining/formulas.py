"""The standing formulas of administrative documents, line by line: kinds of document, posts, names, recipients, forms."""

from __future__ import annotations

import re

from knowledge.outlining.blocks import shouted
from knowledge.text import unaccent

KINDS = (
    "ke hoach", "quyet dinh", "huong dan", "thong tu", "thong tu lien tich", "luat", "bo luat", "phap lenh", "nghi dinh",
    "nghi quyet", "chi thi", "quy che", "quy dinh", "dieu le", "de an", "chuong trinh", "thong bao", "cong van", "to trinh",
    "ke hoach lien tich", "huong dan lien tich", "phuong an", "noi quy", "the le", "bo tieu chi", "ban tom luoc", "tom luoc",
    "thong tri", "ket luan", "quy tac", "bao cao", "phat dong", "loi phat dong",
)  # fmt: skip
OPENERS = re.compile(
    r"^(?:căn cứ|thực hiện|theo (?:đề nghị|tinh thần|chỉ đạo|kế hoạch|hướng dẫn|công văn)|xét (?:đề nghị|"
    r"tờ trình)|trên cơ sở|"
    r"kính gửi|trong những năm|quốc hội|ủy ban thường vụ|được sự|sau khi|hưởng ứng)\b",
    re.I,
)
_ANY_KIND = "|".join(sorted(KINDS, key=len, reverse=True))
_KIND = re.compile(rf"^(?:{_ANY_KIND})\s*:?$")
_KIND_AND_SUBJECT = re.compile(rf"^(?:{_ANY_KIND})\s+\S")
_POST = re.compile(
    r"^(?:(?:tm|kt|tl|tuq|t/m|k/t|t/l|q)\b\.?.*|(?:pho |quyen |q\. ?)?(?:hieu truong|giam doc|tong giam doc|"
    r"chu tich|chu nhiem|"
    r"truong phong|truong ban|truong khoa|bi thu|bo truong|thu truong|thu tuong|vien truong|vu truong|"
    r"cuc truong|chanh van phong|"
    r"tong cuc truong|tong bi thu|chanh an|vien truong|truong tieu ban|truong dai dien|thu truong don vi)\b.{0,60})$",
    re.I,
)
_SIGNED = re.compile(
    r"^\(?\s*(?:da ky|ky|da ky,? dong dau|ky,? (?:ghi ro )?ho ten.*|ky ten.*|"
    r"chu ky.*)\s*[).]?\s*$",
    re.I,
)
_RECIPIENTS = re.compile(r"^n[oơ]i\s+nh[aậ]n\b", re.I)
_DEGREES = re.compile(r"^(?:(?:GS|PGS|TS|TSKH|ThS|Th\.S|ThS|BS|BSCK\w*|KS|CN|NGƯT|NGND|NSƯT|Ts|Ths|Dr|Đại tá|Thượng tá|Trung tá)[.\s,]*)+")
_FORM = re.compile(
    r"^(?:phu luc\b|mau\s+(?:so\b|[a-z]{0,4}[-\s]?\d)|bieu\s+(?:mau\b|so\b|\d)|danh muc bieu|"
    r"cac bieu mau)",
    re.I,
)
_FORM_TITLE = re.compile(r"^(?:danh sach|phieu|bao cao|don|bien ban|to trinh|bang|ban |mau |so )", re.I)


def kind_of(text: str) -> str | None:
    """The kind of document that a line in capitals names, unaccented: "KẾ HOẠCH" -> "ke hoach"."""
    plain = unaccent(text).strip().lower()
    return plain.rstrip(" :") if shouted(text) and _KIND.match(plain) else None


def has_subject(text: str) -> bool:
    """ "KẾ HOẠCH Nhân rộng …" in one line: the kind in capitals, the subject behind it."""
    plain = unaccent(text)
    match = _KIND_AND_SUBJECT.match(plain.lower())
    words = plain.split()
    return bool(match) and words[0].isupper() and (len(words) < 2 or words[1].isupper()) and len(text) < 400


def is_post(text: str) -> bool:
    """Whether a line in capitals names the post of one who signs: "KT. HIỆU TRƯỞNG", "CHỦ TỊCH QUỐC HỘI"."""
    return len(text) <= 90 and shouted(text) and bool(_POST.match(unaccent(text).strip()))


def is_name(text: str) -> bool:
    """Whether a line is a person's name, with or without a degree: "PGS.TS. Nguyễn Văn A"."""
    name = _DEGREES.sub("", text.strip(" *")).strip(" .")
    words = name.split()
    if not 2 <= len(words) <= 6 or len(name) > 40:
        return False
    return all(word[0].isupper() and word.replace("'", "").replace("-", "").isalpha() for word in words)


def is_form(text: str) -> bool:
    """Whether a line names an appendix or a form: "PHỤ LỤC 1", "Mẫu số 02", "Biểu 01. …"."""
    return bool(_FORM.match(unaccent(text)))


def names_form(text: str) -> bool:
    """Whether a line in capitals is the title of a form: "DANH SÁCH …", "PHIẾU …", "BÁO CÁO …"."""
    return is_form(text) or bool(_FORM_TITLE.match(unaccent(text)))


def is_signed(text: str) -> bool:
    """Whether a line stands for the signature itself: "(đã ký)", "(Ký, ghi rõ họ tên)"."""
    return bool(_SIGNED.match(unaccent(text)))


def is_recipients(text: str) -> bool:
    """Whether a line begins the recipients: "Nơi nhận:"."""
    return bool(_RECIPIENTS.match(text))
