"""The numbering at the head of a line: which style, which value, how printed.

The styles are those of Vietnamese administrative documents (Nghị định 30/2020/NĐ-CP, phụ lục I: phần, chương, mục, tiểu mục,
điều, khoản, điểm) and those that plans use besides (A., I., 1., 1.1., a), (1), -, +, *, •). OCR's usual confusions of
1, l and I are undone here, for recognition only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.text import unaccent

Style = Literal[
    "part", "chapter", "section", "subsection", "article", "upper", "roman", "arabic", "decimal", "step", "paren",
    "letter", "lower_roman", "dash", "star", "dot", "plus",
]  # fmt: skip

KEYWORDS: tuple[Style, ...] = ("part", "chapter", "section", "subsection", "article")
BULLETS: tuple[Style, ...] = ("dash", "star", "dot", "plus")
ALPHABET = "abcdđefghijklmnopqrstuvwxyz"

_KEYWORD_STYLE: dict[str, Style] = {
    "phan": "part", "chuong": "chapter", "muc": "section", "tieu muc": "subsection", "dieu": "article", "buoc": "step",
}  # fmt: skip
_ORDINALS = {
    "nhat": 1, "mot": 1, "hai": 2, "nhi": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9, "muoi": 10,
}  # fmt: skip
_KEYWORD_INITIALS = frozenset("PpCcMmTtĐđDdBb")
_ROMAN = re.compile(r"^(X{0,4})(IX|IV|V?I{0,4})$")

# Matched on the unaccented line, which has as many characters as the accented one.
_KEYWORD = re.compile(
    r"(?P<word>tieu muc|phan|chuong|muc|dieu|buoc)\s+"
    r"(?:(?:thu\s+)?(?P<ordinal>nhat|nhi|mot|hai|ba|bon|tu|nam|sau|bay|tam|chin|muoi)(?![a-z])|(?P<number>\d{1,3}[a-zđ]?|[ivxl1]{1,7}|[a-h](?![a-z])))"
    r"\s*(?P<stop>[.:)–-]|/(?!\d)|$|(?=\s\S))",
    re.IGNORECASE,
)
_MIXED = re.compile(
    r"(?P<first>[IVXl]{1,5}|[A-ZĐ])\.(?P<rest>\d{1,2}(?:\.\d{1,2})*)\s*(?P<stop>[.):]|"
    r"(?=\s))\s*(?=\S|$)"
)
_DECIMAL = re.compile(r"(?P<number>[1-9]\d?(?:[.,][1-9]\d?){1,4})\s*(?P<stop>[.):](?!\d)|(?=\s))\s*(?=\S|$)")
_ARABIC = re.compile(r"(?P<number>\d{1,3}|l)(?:\s*(?:[.)](?!\d)|/(?=\s))|-(?=\s+[A-ZÀ-ỸĐ“\"]))\s*(?=\S|$)")
_PAREN = re.compile(r"\((?P<number>\d{1,3}|[a-zđ]|[ivx]{2,5})\)\s*(?=\S|$)")
_UPPER = re.compile(r"(?P<letter>[A-ZĐ])\s*[.)/](?=\s|$)|(?P<dashed>[A-ZĐ])\s*[-–](?=\s+[A-ZÀ-ỸĐ]{2})")
_ROMAN_HEAD = re.compile(r"(?P<number>[IVXl1]{1,7})\s*(?:[.)/:](?=\s|$|[A-ZÀ-ỸĐ])|[-–](?=\s*[A-ZÀ-ỸĐ]))")
_LETTER = re.compile(r"(?P<letter>[a-zđ]\d?)\s*(?:\)|[./](?=\s))\s*(?=\S|$)|(?P<roman>[ivx]{2,5})[.)]\s*(?=\S|$)")
_DASH = re.compile(r"[-–—−‐‑­]+\s*(?=\S)|[-–—−]+$")
_PLUS = re.compile(r"\+\s*(?=\S)")
_STAR = re.compile(r"\*\s+(?=\S)")
_DOT = re.compile(r"[•·●▪■□○◦‣►➢➤✓✔❖◆♦⁃∙\uf000-\uf0ff]\s*(?=\S)|o\s+(?=[A-ZÀ-ỸĐ])")


@dataclass(frozen=True, slots=True)
class Marker:
    """One numbering. `label` goes into refs ("II", "3", "a"), `path` are the parts of a decimal (("2", "1") for "2.1")."""

    style: Style
    label: str
    value: int
    printed: str
    path: tuple[str, ...] = ()

    @property
    def bullet(self) -> bool:
        return self.style in BULLETS


def marker_of(line: str) -> Marker | None:
    """The numbering at the head of a line free of Markdown, or None. "- 2.1." is the number 2.1, "- 2025" is none."""
    if not line:
        return None
    for recognise in (_keyword, _dotted, _heads, _letters):
        found = recognise(line)
        if found:
            return found
    return _bullet(line)


def roman_value(printed: str) -> int | None:
    """The value of a Roman numeral up to 49, with l and 1 read as I; None if it is none."""
    match = _ROMAN.match(printed.replace("l", "I").replace("1", "I").upper())
    if not match or not match.group(0):
        return None
    tens, ones = match.groups()
    units = {"": 0, "IX": 9, "IV": 4}.get(ones)
    return 10 * len(tens) + (units if units is not None else 5 * ones.count("V") + ones.count("I"))


def roman_label(value: int) -> str:
    """The Roman numeral of a value up to 49."""
    ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][value % 10]
    return "X" * (value // 10) + ones


def as_upper(marker: Marker) -> Marker:
    """The Roman I, V or X read as a letter, for a list that is at H, U or W."""
    letter = marker.label.lower()
    return replace(marker, style="upper", value=ALPHABET.index(letter) + 1)


def _keyword(line: str) -> Marker | None:
    match = _KEYWORD.match(_bare(line))
    if not match:
        return None
    style = _KEYWORD_STYLE[match["word"].lower()]
    printed, rest = line[: match.end()].strip(), line[match.end() :].strip()
    if not match["stop"] and rest and not _titled(style, rest):
        return None
    if match["ordinal"]:
        value = _ORDINALS.get(match["ordinal"].lower())
        return Marker(style, roman_label(value), value, printed, (roman_label(value),)) if value else None
    number = match["number"]
    label, value = _number(number)
    return Marker(style, label, value, printed, (label,)) if value else None


def _bare(line: str) -> str:
    """The head of a line without tone marks, character for character; empty where no keyword can stand."""
    if line[0] not in _KEYWORD_INITIALS:
        return ""
    head = unaccent(line[:60])
    return head if len(head) == len(line[:60]) else "".join(unaccent(char)[:1] or " " for char in line[:60])


def _titled(style: Style, rest: str) -> bool:
    """Whether "Chương I QUY ĐỊNH CHUNG" or "Mục 2 Hồ sơ" without a stop is a heading and no reference to one."""
    letters = [char for char in rest if char.isalpha()]
    return style != "step" and bool(letters) and all(char.isupper() for char in letters)


def _number(number: str) -> tuple[str, int]:
    if number[0].isdigit() and not (roman_value(number) and len(number) > 1 and "1" not in number):
        digits = re.match(r"\d+", number)
        assert digits
        return number.lstrip("0") or "0", int(digits.group(0))
    value = roman_value(number)
    if value:
        return roman_label(value), value
    if len(number) == 1 and number.lower() in ALPHABET:
        return number.upper(), ALPHABET.index(number.lower()) + 1
    return number, 0


def _dotted(line: str) -> Marker | None:
    match = _MIXED.match(line)
    if match:
        first = match["first"]
        value = roman_value(first)
        head = roman_label(value) if value else first
        path = (head, *match["rest"].split("."))
        return Marker("decimal", ".".join(path), int(path[-1]), match.group(0).strip(), path)
    match = _DECIMAL.match(line)
    if not match or (not match["stop"] and not _starts_sentence(line[match.end() :])):
        return None
    if "," in match["number"] and not (match["stop"] == "." and _starts_sentence(line[match.end() :])):
        return None  # "5,2." is OCR's reading of a number, "4,2/5" is none
    path = tuple(re.split(r"[.,]", match["number"]))
    return Marker("decimal", ".".join(path), int(path[-1]), match.group(0).strip(), path)


def _heads(line: str) -> Marker | None:
    match = _ARABIC.match(line)
    if match and (match["number"] != "l" or _l_is_one(line[match.end() :])):
        number = match["number"].replace("l", "1").lstrip("0")
        if not number:
            return None
        return Marker("arabic", number, int(number), match.group(0).strip(), (number,))
    match = _ROMAN_HEAD.match(line)
    if match and not match["number"].isdigit():
        value = roman_value(match["number"])
        if value:
            label = roman_label(value)
            return Marker("roman", label, value, match.group(0).strip(), (label,))
    match = _UPPER.match(line)
    if match:
        letter = match["letter"] or match["dashed"]
        return Marker("upper", letter, ALPHABET.index(letter.lower()) + 1, match.group(0).strip(), (letter,))
    return None


def _l_is_one(rest: str) -> bool:
    """Whether OCR's "l." is the number 1: before a sentence; before capitals it is the Roman I."""
    return _starts_sentence(rest) and not rest.isupper()


def _letters(line: str) -> Marker | None:
    match = _PAREN.match(line)
    if match:
        printed, inner = match.group(0).strip(), match["number"]
        if inner.isdigit():
            return Marker("paren", str(int(inner)), int(inner), printed)
        return _lower(inner, printed)
    match = _LETTER.match(line)
    if not match:
        return None
    return _lower(match["letter"] or match["roman"], match.group(0).strip())


def _lower(label: str, printed: str) -> Marker | None:
    if len(label) > 1 and not label[-1].isdigit():
        value = roman_value(label)
        return Marker("lower_roman", label, value, printed) if value else None
    return Marker("letter", label, ALPHABET.index(label[0]) + 1, printed)


def _bullet(line: str) -> Marker | None:
    patterns: tuple[tuple[Style, re.Pattern[str]], ...] = (("dash", _DASH), ("plus", _PLUS), ("star", _STAR), ("dot", _DOT))
    for style, pattern in patterns:
        match = pattern.match(line)
        if match:
            return _numbered_bullet(line, match.end()) or Marker(style, style, 1, match.group(0).strip())
    return None


def _numbered_bullet(line: str, end: int) -> Marker | None:
    """The number behind a dash: "- 2.1. Đối với …", "- a) Hướng dẫn …"."""
    inner = _dotted(line[end:]) or _letters(line[end:])
    if inner is None or inner.printed[-1] not in ".):":
        return None
    return replace(inner, printed=f"{line[:end].strip()} {inner.printed}")


def _starts_sentence(rest: str) -> bool:
    first = rest.lstrip(' "“‘(*')[:1]
    return first.isupper()
