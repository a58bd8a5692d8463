"""One value at a time: text as typed -> text as stored, or `Invalid` saying what was wrong with which value, and an example.

What is stored is what was typed, cleaned (NFC, nothing invisible); phone numbers and e-mail addresses are checked, not
rewritten, so that the list shows what the person wrote. `phone_key` and `name_key` are for comparing.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from knowledge.text import clean, is_unaccented, one_line, unaccent

NAME_LIMIT = 200
LINE_LIMIT = 300
SUMMARY_LIMIT = 6_000
NONE = "không có"

# Form feeds and non-characters survive `clean`, but no office file may hold them.
_UNWRITABLE = re.compile("[\x0b\x0c\x1c-\x1f\ufffe\uffff]")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NONE_WORDS = {"khong", "khong co", "ko", "ko co", "k co", "kg co", "chua co", "none", "no", "-", "0"}
_YEARS = re.compile(
    r"^(?:hon |tren |gan |khoang )?(\d{1,3})(?:[.,](\d))? ?(?:nam)?(?: ?(?:va )?(\d{1,2}) ?thang)?(?: .*)?$"
)
_MONTHS = re.compile(r"^(\d{1,3}) ?thang(?: .*)?$")
_BARE_TIME = re.compile(r"\b(?:nam|thang|tu|hon)\b", re.I)
_SINCE = re.compile(r"^(?:tu|ke tu|bat dau)\b.*?\b((?:19|20)\d\d)\b")
_DAY = re.compile(r"(?:(?:0?[1-9]|[12]\d|3[01])[/.-])?(?:0?[1-9]|1[0-2])[/.-](?:19|20)\d\d")
_SALUTATION = re.compile(
    r"^(?:(?:đồng chí|đ/c|thầy giáo|cô giáo|nhà giáo|thầy|cô|ông|bà|anh|chị|em)\s+)(?=\S+\s+\S)", re.IGNORECASE
)


# Families that are always written with marks; Ly, Vang, Siu, Ksor and many more are not.
_FAMILY_WITH_MARKS = {"nguyen", "tran", "pham", "huynh", "hoang", "dang", "bui", "ngo", "duong", "le"}


class Invalid(ValueError):  # noqa: N818
    """`what` is a whole sentence that names the value; `example` is a value that would do."""

    def __init__(self, what: str, value: str, example: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.value = value
        self.example = example

    def __str__(self) -> str:
        tail = f" Ví dụ: {self.example}." if self.example else ""
        return f"{self.what}{tail}"


def writable(text: str) -> str:
    """`text` without what no XML, and so no office file, may hold; nothing else is touched."""
    return _NO_XML.sub("", text)


def line(text: str) -> str:
    """One line as it may be stored and written to an office file."""
    return one_line(_UNWRITABLE.sub(" ", text))


def paragraph(text: str) -> str:
    """Several lines as they may be stored: trailing blanks and empty lines at the ends taken away."""
    lines = [part.rstrip() for part in clean(_UNWRITABLE.sub("\n", text)).split("\n")]
    return "\n".join(lines).strip()


def shown(text: str, limit: int = 60) -> str:
    """A value within a sentence: one line, quoted, not too long."""
    bare = line(text)
    return f"“{bare}”" if len(bare) <= limit else f"“{bare[:limit].rstrip()}…”"


def _bare(text: str) -> str:
    return unaccent(line(text)).lower().strip(" .")


def is_none(text: str) -> bool:
    """Whether the text says that there is none ("không có", "ko", "-")."""
    return _bare(text) in _NONE_WORDS


def parse_name(text: str) -> str:
    """A person's or a group's name: any spelling, at most 200 characters, but no phone number or e-mail address."""
    name = line(text)
    if not name:
        raise Invalid("Họ tên còn trống.", "", "Nguyễn Thị Hoa")
    if len(name) > NAME_LIMIT:
        raise Invalid(f"Họ tên {shown(name, 30)} dài {len(name)} ký tự, tối đa {NAME_LIMIT}.", name, "Nguyễn Thị Hoa")
    if _is_email(name) or phone_key(name):
        raise Invalid(f"{shown(name)} là số điện thoại hoặc email, không phải họ tên.", name, "Nguyễn Thị Hoa")
    return _without_salutation(name)


def _without_salutation(name: str) -> str:
    """ "cô Nguyễn Thị Hoa" without "cô"; "Ông Ích Khiêm" stays, since Ông is a family name as well."""
    bare = _SALUTATION.sub("", name)
    return bare if bare != name and name[0].islower() and bare[:1].isupper() else name


def parse_group_name(text: str) -> str:
    name = line(text)
    if not name:
        raise Invalid("Tên tập thể còn trống.", "", "Tổ Toán - Tin")
    if len(name) > NAME_LIMIT:
        raise Invalid(f"Tên {shown(name, 30)} dài {len(name)} ký tự, tối đa {NAME_LIMIT}.", name, "Tổ Toán - Tin")
    return name


def odd_name(text: str) -> str | None:
    """Why a person's name looks mistyped, or None. A warning, never a refusal: names are spelt in many ways."""
    strange = sorted({char for char in text if not (char.isalpha() or char in " '’`.-()" or _is_mark(char))})
    if strange:
        return f"Họ tên {shown(text)} có ký tự lạ ({' '.join(strange[:5])}), xin xem lại."
    words = text.split()
    if any(word[0].islower() for word in words):
        return f"Họ tên {shown(text)} chưa viết hoa, xin xem lại."
    if len(words) > 1 and is_unaccented(text) and words[0].lower() in _FAMILY_WITH_MARKS:
        return f"Họ tên {shown(text)} chưa có dấu, xin xem lại."
    return None


def _is_mark(char: str) -> bool:
    return 0x0300 <= ord(char) <= 0x036F or char in "ʼʻ·"


def parse_line(text: str) -> str:
    value = line(text)
    if not value:
        raise Invalid("Nội dung còn trống.", "", "Khoa Sư phạm")
    if len(value) > LINE_LIMIT:
        raise Invalid(
            f"Nội dung {shown(value, 30)} dài {len(value)} ký tự, tối đa {LINE_LIMIT}.", value, "Khoa Sư phạm"
        )
    return value


def parse_summary(text: str) -> str:
    value = paragraph(text)
    example = "Giáo viên dạy giỏi cấp huyện 2 năm liền; 1 sáng kiến được công nhận"
    if not value:
        raise Invalid("Tóm tắt thành tích còn trống.", "", example)
    if len(value) > SUMMARY_LIMIT:
        message = (
            f"Tóm tắt thành tích {shown(value, 30)} dài {_number(len(value))} ký tự, tối đa {_number(SUMMARY_LIMIT)}."
        )
        raise Invalid(message, value, example)
    return value


def parse_seniority(text: str) -> str:
    """ "12", "12 năm 6 tháng", "từ năm 2010", "không có". A bare number is years."""
    value = line(text)
    example = "12 năm 6 tháng, hoặc: từ năm 2010"
    if is_none(value):
        return "Không có"
    bare = _bare(value)
    if len(value) <= LINE_LIMIT:
        value = _accented(value)
        if _SINCE.match(bare) or _MONTHS.match(bare):
            return value
        found = _YEARS.match(bare)
        if found and int(found[1]) <= 60 and (found[3] is None or int(found[3]) < 12):
            return f"{value} năm" if re.fullmatch(r"\d+(?:[.,]\d)?", value) else value
        year = re.fullmatch(r"(?:nam )?((?:19|20)\d\d)", bare)
        if year:
            return f"từ năm {year[1]}"
        if _DAY.fullmatch(bare):
            return f"từ {value}"
    raise Invalid(f"Không rõ thâm niên {shown(value)}: cần số năm hoặc năm bắt đầu.", value, example)


def _accented(value: str) -> str:
    """The words of a length of service with their marks, for the table that is signed: "tu nam 2010" is "từ năm 2010"."""
    return _BARE_TIME.sub(lambda found: {"nam": "năm", "thang": "tháng", "tu": "từ", "hon": "hơn"}[found[0].lower()], value)


def parse_phone(text: str) -> str:
    """A Vietnamese number in any grouping, or a foreign one with its country code; "không có" is an answer."""
    value = line(text)
    if is_none(value):
        return "Không có"
    if not value:
        raise Invalid("Số điện thoại còn trống.", "", "0912 345 678, hoặc: không có")
    if phone_key(value) is None:
        digits = sum(char.isdigit() for char in value)
        reason = f"có {digits} chữ số, không phải số gọi được ở Việt Nam" if digits else "không có chữ số nào"
        raise Invalid(f"Số điện thoại {shown(value)} {reason}.", value, "0912 345 678, hoặc: không có")
    return value


def phone_key(text: str) -> str | None:
    """The number as "+84912345678", for comparing; None if it is no valid number."""
    bare = line(text)
    if len(bare) > 30 or not re.fullmatch(r"[+(]?[\d\s().\-–/]{6,}", bare):
        return None
    if re.fullmatch(r"[1-9]\d{8}", bare):
        bare = "0" + bare  # a spreadsheet took the leading zero away
    try:
        number = phonenumbers.parse(bare, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def parse_email(text: str) -> str:
    """An address that could receive mail (its domain is not looked up); "không có" is an answer."""
    value = line(text)
    if is_none(value):
        return "Không có"
    example = "hoa.nt@truong.edu.vn, hoặc: không có"
    if not value:
        raise Invalid("Email còn trống.", "", example)
    try:
        validate_email(value, allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError:
        raise Invalid(f"Email {shown(value)} {_email_fault(value)}.", value, example) from None
    return value


def _email_fault(value: str) -> str:
    if "@" not in value:
        return "thiếu ký tự @"
    local, _, domain = value.rpartition("@")
    if "@" in local:
        return "có nhiều hơn một ký tự @"
    if " " in value:
        return "có khoảng trắng"
    if not local or not domain:
        return "thiếu phần trước hoặc sau ký tự @"
    if not value.isascii():
        return "có chữ có dấu"
    if "." not in domain:
        return f"thiếu phần đuôi tên miền sau “{domain}”"
    return "không đúng dạng"


def _is_email(text: str) -> bool:
    return bool(re.fullmatch(r"\S+@\S+\.\S+", text))


def _number(count: int) -> str:
    """A count with the Vietnamese thousands separator."""
    return f"{count:,}".replace(",", ".")


def name_key(text: str) -> str:
    """A name for comparing across spellings: no salutation, no marks, lower case, letters and digits only."""
    bare = unaccent(_SALUTATION.sub("", line(text))).lower()
    return " ".join(re.findall(r"\w+", bare))


def given_name_key(text: str) -> tuple[str, ...]:
    """For sorting as Vietnamese lists are: by given name (the last word), then by the words before it."""
    parts = line(text).split()
    return tuple(collation_key(part) for part in (parts[-1:] + parts[:-1]))


_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def collation_key(word: str) -> str:
    """The order of Vietnamese dictionaries: letters first (a ă â … d đ …), then tones (ngang huyền hỏi ngã sắc nặng)."""
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFC", word.lower()):
        tone = next((mark for mark in unicodedata.normalize("NFD", char)[1:] if mark in _TONES), "")
        plain = unicodedata.normalize("NFC", unicodedata.normalize("NFD", char).replace(tone, "")) if tone else char
        position = _LETTERS.find(plain)
        letters.append(chr(0x100 + position) if position >= 0 else plain)
        tones.append(str(_TONES.get(tone, 0)))
    return "".join(letters) + "\0" + "".join(tones)
