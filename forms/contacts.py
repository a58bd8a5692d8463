"""Phone numbers and e-mail addresses within a text: found by their shape, taken out with their labels, or said to be none."""

from __future__ import annotations

import re

import phonenumbers

from forms.bare import bare

NONE = "không có"
BREAK = "\n\x00\n"  # where something was taken out of a text: nothing goes on across it

_EMAIL = re.compile(r"[^\s,;:<>()/]+@[^\s,;:<>()/]+")
_LOOSE = re.compile(r"(?<!\d)\+?0?\d(?:[\s.\-]?\d){7,11}(?!\d)")
_MAIL_WORDS = r"(?:dia chi )?(?:e-?mail|gmail|mail|thu dien tu)"
_PHONE_WORDS = r"(?:so )?(?:dien thoai|dtdd|di dong|sdt|so dt|dt|tel|phone|mobile|zalo|hotline)|so"
_WHOSE = r"(?: lien he)?(?: (?:cua )?(?:thay|co|em|anh|chi|ong|ba)(?: \w+)?)?"
_LABEL = re.compile(rf"(?:lien he|lien lac)?[ :]*(?:\b(?:{_MAIL_WORDS}|{_PHONE_WORDS}){_WHOSE})?(?: la)?[ :.]*$")
_WITHOUT = re.compile(
    rf"\b(?:khong|chua|ko|k) (?:co |dung |su dung )?(?:(?P<email>{_MAIL_WORDS})|(?P<phone>(?:so )?(?:dien thoai|sdt|so dt|dt)))\b(?!\s*:)"
    rf"|\b(?:(?P<email2>{_MAIL_WORDS})|(?P<phone2>(?:so )?(?:dien thoai|sdt|so dt|dt)))\s*:?\s*(?:khong co|chua co|khong|ko co|ko|k co)"
    r"(?=\s*(?:[,;./)\n]|$))"
)
_MARK = re.compile(
    r"(?<!\w)(?:(?P<email>e-?mail|mail|thư điện tử)|(?P<phone>(?:số\s+)?(?:điện thoại|đt|sđt|tel|phone|di động)))(?:\s*[:.]|\s+)",
    re.IGNORECASE,
)
_EDGES = " ,;:–-/\n\t"


def take_contacts(text: str) -> tuple[str, dict[str, str]]:
    """`text` less every address, number and "không có email", `BREAK` in their places; and the first of each."""
    found: dict[str, str] = {}
    for match in reversed(list(_EMAIL.finditer(text))):
        value = match[0].rstrip(".,")
        found["email"] = value
        text = _cut(text, match.start(), match.start() + len(value))
    for start, end in reversed(_numbers(text)):
        found["phone"] = text[start:end].strip()
        text = _cut(text, start, end)
    for match in reversed(list(_WITHOUT.finditer(bare(text)))):
        found.setdefault("email" if match["email"] or match["email2"] else "phone", NONE)
        text = text[: match.start()] + BREAK + text[match.end() :]
    return text, found


def _numbers(text: str) -> list[tuple[int, int]]:
    sure = [(match.start, match.end) for match in phonenumbers.PhoneNumberMatcher(text, "VN")]
    return sure or [match.span() for match in _LOOSE.finditer(text)][:1]


def _cut(text: str, start: int, end: int) -> str:
    """A value taken out, with the label in front of it."""
    line = max(text.rfind("\n", 0, start), text.rfind(",", 0, start), text.rfind(";", 0, start)) + 1
    label = _LABEL.search(bare(text[line:start]))
    assert label is not None  # it also matches nothing
    return text[: line + label.start()] + BREAK + text[end:]


def split_contacts(text: str) -> tuple[str, str]:
    """The phone number and the e-mail address in a cell that holds both, labelled or not; "" for what is not there."""
    absent: dict[str, str] = {}
    for match in reversed(list(_WITHOUT.finditer(bare(text)))):
        if match["email"] or match["phone"]:
            absent["email" if match["email"] else "phone"] = NONE
            text = f"{text[: match.start()]}, {text[match.end() :]}"
    phone, email = _split(text)
    return phone or absent.get("phone", ""), email or absent.get("email", "")


def _split(text: str) -> tuple[str, str]:
    marks = list(_MARK.finditer(text))
    if not marks:
        return _unlabelled(text)
    found = {"phone": "", "email": ""}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        piece = text[mark.end() : following.start() if following else len(text)].strip(_EDGES).rstrip(".…")
        found["email" if mark["email"] else "phone"] = piece.strip()
    before = _unlabelled(text[: marks[0].start()])
    return found["phone"] or before[0], found["email"] or before[1]


def _unlabelled(text: str) -> tuple[str, str]:
    email = _EMAIL.search(text)
    rest = text.replace(email[0], "\n") if email else text
    pieces = [piece.strip(_EDGES).rstrip(".…") for piece in rest.split("\n")]
    pieces = [piece for piece in pieces if piece]
    phone = pieces[0] if pieces else ""
    return phone, email[0].rstrip(".") if email else pieces[1] if len(pieces) > 1 else ""
