"""One message with everything in it -> the values it holds: {"name": …, "phone": …}. Only what is recognised, as typed.

"đề cử cô Nguyễn Thị Hoa khoa CNTT, 12 năm, 0912 345 678, hoa@x.edu.vn, thành tích …": contacts are taken out first, since
nothing else looks like them; then everything behind "thành tích"; then name, unit and seniority from what stands before.
Labelled lines ("Họ tên: …") are read by their labels. Values are not validated here: `flow.fill` does that and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from forms.spec import header_fields
from forms.values import line, paragraph

_EMAIL = re.compile(r"[^\s,;:<>()]+@[^\s,;:<>()]+")
_CONTACT_LABEL = r"(?:(?:số\s+)?(?:điện thoại|đt|sđt|sdt|dt|di động|email|e-mail|mail|thư điện tử)\s*[:.]?\s*)?"
_SUMMARY = re.compile(
    r"(?:^|[\s,;.])(?:tóm tắt\s+)?(?:thành tích|tom tat|thanh tich)(?:\s+(?:là|gồm))?\s*[:\-–]?\s+", re.IGNORECASE
)
_PROPOSE = re.compile(
    r"^\s*(?:(?:tôi|em|mình|đơn vị|xin|toi|don vi)\s+)*(?:đề cử|đề nghị|giới thiệu|de cu|gioi thieu)\s+(?:cho\s+)?",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^(?:(?:đồng chí|đ/c|thầy giáo|cô giáo|nhà giáo|giáo viên|giảng viên|thầy|cô|ông|bà|anh|chị|em|cá nhân|"
    r"dong chi|thay giao|co giao|nha giao|giao vien|giang vien|thay|co|ong|ba|ca nhan|"
    r"(?:pgs|gs|ts|ths|cn|thac si|thạc sĩ|tiến sĩ)\.?)[\s.]+)+",
    re.IGNORECASE,
)
_GROUP = re.compile(r"^(?:tập thể|tap the)\s+(.+)$", re.IGNORECASE)
_UNIT_WORD = r"(?:khoa|tổ|phòng|trường|bộ môn|trung tâm|viện|ban|lớp|đơn vị|chi bộ|to|phong|truong|bo mon|trung tam|vien|lop|don vi)"
_UNIT = re.compile(
    rf"(?:^|\s)(?:(?:ở|thuộc|của|tại|đơn vị|công tác(?: tại)?)\s+)?({_UNIT_WORD}\s+\S.*)$", re.IGNORECASE
)
_UNIT_WITHIN = re.compile(rf"\s(?:(?:ở|thuộc|của|tại|công tác(?: tại)?)\s+)?({_UNIT_WORD})(?=\s+\S)", re.IGNORECASE)
_SENIORITY = re.compile(
    r"(?:thâm niên(?: giảng dạy| công tác)?\s*[:\-]?\s*)?"
    r"((?:(?:hơn|gần|khoảng|trên)\s+)?\d{1,2}(?:[.,]\d)?\s*n[ăa]m\b(?:\s*(?:và\s+)?\d{1,2}\s*th[áa]ng)?"
    r"|(?:kể )?t[ừu]\s+(?:n[ăa]m\s+)?(?:19|20)\d\d|\d{1,2}\s*th[áa]ng)"
    r"(?:\s+(?:giảng dạy|công tác|trong nghề|kinh nghiệm|thâm niên|dạy học|đi dạy))*",
    re.IGNORECASE,
)
_NO_CONTACT = re.compile(
    r"[,;]?\s*(?:không|chưa|ko|khong|chua)\s+(?:có|co)\s+"
    r"(?:(?P<email>e-?mail|mail)|(?P<phone>(?:số\s+)?(?:điện thoại|đt|sđt|sdt|dt)))\b(?!\s*:)",
    re.IGNORECASE,
)
_BESIDES = re.compile(r"\s+(?:đạt|có|là|được|với|đã|dạy|hoàn thành|dat|duoc|da|hoan thanh)\s+", re.IGNORECASE)
_LABELLED = re.compile(r"^\s*(?:[-•*+\d.)]+\s*)?([^:\n]{2,40}?)\s*:\s*(.*)$")
_CONTACT = re.compile(
    r"(?<!\w)(?:(?P<email>e-?mail|mail|thư điện tử)|(?P<phone>(?:số\s+)?(?:điện thoại|đt|sđt|tel|phone|di động)))(?:\s*[:.]|\s+)",
    re.IGNORECASE,
)
_EDGES = " ,;:–-/\n\t"
_REST_IS_SUMMARY = 20


def parse(text: str) -> dict[str, str]:
    """The facts in a message by question id; empty if there are none."""
    labelled = _labelled(text)
    return labelled if len(labelled) > 1 else _running(text)


def _labelled(text: str) -> dict[str, str]:
    """A message of lines "label: value"; a line without a label goes on with the one before."""
    found: dict[str, str] = {}
    last = ""
    for part in paragraph(text).split("\n"):
        match = _LABELLED.match(part)
        fields = header_fields(match[1]) if match else ()
        if match and fields:
            last = fields[0]
            for field, value in _contact_parts(fields, match[2]):
                found[field] = value
        elif last and part.strip():
            found[last] = f"{found.get(last, '')}\n{part}".strip("\n")
    if "name" in found:
        found["name"] = _TITLE.sub("", found["name"])
    return {field: value for field, value in found.items() if value.strip() and field not in ("number", "note")}


def _contact_parts(fields: tuple[str, ...], value: str) -> Iterator[tuple[str, str]]:
    if {"phone", "email"} <= set(fields):
        phone, email = split_contacts(value)
        yield from ((field, part) for field, part in (("phone", phone), ("email", email)) if part)
    else:
        yield fields[0], value.strip()


def split_contacts(text: str) -> tuple[str, str]:
    """The phone number and the e-mail address in a cell that holds both, labelled or not; "" for what is not there."""
    absent: dict[str, str] = {}
    phone, email = _split_contacts(_take_absences(text, absent))
    return phone or absent.get("phone", ""), email or absent.get("email", "")


def _split_contacts(text: str) -> tuple[str, str]:
    marks = list(_CONTACT.finditer(text))
    if not marks:
        return _unlabelled_contacts(text)
    found = {"phone": "", "email": ""}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        piece = text[mark.end() : following.start() if following else len(text)].strip(_EDGES).rstrip(".…")
        found["email" if mark["email"] else "phone"] = piece.strip()
    before = _unlabelled_contacts(text[: marks[0].start()])
    return found["phone"] or before[0], found["email"] or before[1]


def _unlabelled_contacts(text: str) -> tuple[str, str]:
    email = _EMAIL.search(text)
    rest = text.replace(email[0], "\n") if email else text
    pieces = [piece.strip(_EDGES).rstrip(".…") for piece in rest.split("\n")]
    pieces = [piece for piece in pieces if piece]
    phone = pieces[0] if pieces else ""
    return phone, email[0].rstrip(".") if email else pieces[1] if len(pieces) > 1 else ""


def _running(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    rest = _take_absences(_take_contacts(paragraph(text), found), found)
    before, summary = _at_summary(rest)
    segments = [part.strip(" .,;-–\n") for part in re.split(r"[,;\n]", before)]
    segments = [part for part in segments if part]
    proposed = bool(segments) and bool(_PROPOSE.match(segments[0]))
    if not (proposed or found or summary):
        return {}
    segments = _take_seniority(segments, found)
    segments = _take_name(segments, found, proposed)
    segments = _take_unit(segments, found)
    remaining = ", ".join(segments)
    if not summary and len(remaining) >= _REST_IS_SUMMARY:
        summary = remaining
    if summary:
        found["summary"] = summary
    if "seniority" in found and "name" in found:
        found.setdefault("kind", "Cá nhân")
    return found


def _take_contacts(text: str, found: dict[str, str]) -> str:
    email = _EMAIL.search(text)
    if email:
        found["email"] = email[0].rstrip(".,")
        text = _without(text, re.escape(email[0].rstrip(".,")))
    phone = next(iter(phonenumbers.PhoneNumberMatcher(text, "VN")), None)
    if phone is None:
        loose = re.search(r"(?<!\d)\+?0?\d(?:[\s.\-]?\d){7,11}(?!\d)", text)
        number = loose[0] if loose else ""
    else:
        number = phone.raw_string
    if number:
        found["phone"] = number
        text = _without(text, re.escape(number))
    return text


def _take_absences(text: str, found: dict[str, str]) -> str:
    for match in _NO_CONTACT.finditer(text):
        found.setdefault("email" if match["email"] else "phone", "không có")
    return _NO_CONTACT.sub(", ", text)


def _without(text: str, pattern: str) -> str:
    """`text` with the match and its label taken out, a comma in its place."""
    return re.sub(rf"[,;]?\s*{_CONTACT_LABEL}{pattern}\s*[,;]?", ", ", text, count=1, flags=re.IGNORECASE).strip(" ,;")


def _at_summary(text: str) -> tuple[str, str]:
    marker = _SUMMARY.search(text)
    if marker is None:
        return text, ""
    summary = re.sub(r"[\s,;]+(?:liên hệ|lien he)[\s,;:]*$", "", text[marker.end() :], flags=re.IGNORECASE)
    return text[: marker.start()], summary.strip(" ,;\n")


def _take_seniority(segments: list[str], found: dict[str, str]) -> list[str]:
    kept: list[str] = []
    for part in segments:
        match = None if "seniority" in found else _SENIORITY.search(part)
        if match is None or (match.start() > 0 and len(part) - match.end() > 8):
            kept.append(part)
            continue
        found["seniority"] = line(match[1])
        kept += [piece for piece in (part[: match.start()].strip(), part[match.end() :].strip()) if piece]
    return kept


def _take_name(segments: list[str], found: dict[str, str], proposed: bool) -> list[str]:
    if not segments:
        return segments
    head = _PROPOSE.sub("", segments[0]).strip()
    group = _GROUP.match(head)
    if group:
        found["kind"], found["name"] = "Tập thể", _capital(group[1].strip())
        return segments[1:]
    titled = bool(_TITLE.match(head))
    if titled:
        found["kind"] = "Cá nhân"
    bare = _TITLE.sub("", head)
    unit = next(
        (match for match in _UNIT_WITHIN.finditer(bare) if _begins_unit(bare[: match.start()], match[1], titled)), None
    )
    name = bare[: unit.start()].strip() if unit else bare
    if not _looks_like_name(name, titled):
        return segments
    found["name"] = name.title() if name == name.lower() else name
    return ([bare[unit.start() :].strip()] if unit else []) + segments[1:]


def _begins_unit(before: str, word: str, titled: bool) -> bool:
    """Whether a unit begins at `word`: Khoa, Ban, Phong, To and Viên are given names as well."""
    words = len(before.split())
    if word[0].isupper() and word.lower() in ("khoa", "ban", "phong", "to", "vien"):
        return words >= 3
    return words >= (1 if titled else 2)


def _looks_like_name(text: str, titled: bool) -> bool:
    words = text.split()
    return (1 if titled else 2) <= len(words) <= 7 and len(text) <= 60 and not any(char.isdigit() for char in text)


def _take_unit(segments: list[str], found: dict[str, str]) -> list[str]:
    for position, part in enumerate(segments):
        match = _UNIT.match(part)
        if match and len(part) <= 200:
            unit, *rest = _BESIDES.split(match[1].strip(), maxsplit=1)
            found["unit"] = _capital(re.sub(r"^(?:đơn vị|don vi)\s*:?\s+(?=\S+\s)", "", unit, flags=re.IGNORECASE))
            said = match[1].strip()[len(unit) :].strip() if rest else ""
            return segments[:position] + ([said] if said else []) + segments[position + 1 :]
    return segments


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
