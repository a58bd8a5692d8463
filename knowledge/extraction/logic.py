"""How criteria combine by the words of their lead-in: all of them, one of them, or unstated; and what they come on top of."""

from __future__ import annotations

import re
from typing import Literal

from knowledge.extraction.targets import Target
from knowledge.model import Criteria
from knowledge.text import unaccent

Logic = Literal["all_of", "one_of", "unstated"]

_ONE_OF = re.compile(r"\b(?:mot|0?1(?:\s*\(mot\))?) trong\b")
_N_OF = re.compile(
    r"\b(?:it nhat |toi thieu )?(?:hai|ba|bon|nam|(?!0?1\b)\d+)(?:\s*\(\w+\))?\s+trong\s+(?:so\s+|tong so\s+)?"
    r"(?:ba|bon|nam|sau|bay|cac|\d+)\b|\b(?:it nhat|toi thieu) (?:hai|ba|(?!0?1\b)\d+)(?:\s*\(\w+\))? (?:dieu kien|tieu ch|noi dung)"
    r"|\b\d+\s*/\s*\d+\s+(?:tieu ch|dieu kien|noi dung)"
)
_ALL_OF = re.compile(
    r"\bdong thoi\b|\b(?:du|day du|tat ca|toan bo)\s+(?:cac|nhung)\b|\bca\s+(?:hai|ba|bon|nam|sau|"
    r"\d+)\s+(?:dieu kien|tieu ch|noi dung|yeu cau)"
)
_JOINED = re.compile(r"\bva\b[^:]{0,90}\bmot trong\b|\bmot trong\b[^:]{0,90}\bva\s+(?:co|dat|phai|duoc)\b")
BESIDES = re.compile(
    r"\bngoai\b(?! (?:ra|nuoc|truong|tinh|to|cong lap|gio|xa|don vi))|\bdat (?:cac )?(?:tieu chuan|tieu chi|"
    r"dieu kien) chung\b"
)
GENERAL = re.compile(r"\b(?:tieu chi|tieu chuan|dieu kien)\s+chung\b|\bdieu kien can\b(?! bo)")
_ABOVE = re.compile(r"\b(?:quy dinh|neu|o) (?:o )?tren\b|\bnhu tren\b|\b(?:tieu chuan|tieu chi|dieu kien) (?:chung )?tren\b")
_REFERENCE = re.compile(r"\b(?:khoan|muc|dieu|diem|phan)\s+(\d+(?:\.\d+)*|[a-zđ](?![a-z])|[ivx]+)\b")


def unsettling(lead: str) -> str:
    """The words of a lead-in that neither "all" nor "one" holds, for a warning: "ít nhất 02 trong 04 tiêu chí sau"."""
    text = " ".join(lead.split())
    plain = unaccent(text).lower()
    found = _N_OF.search(plain) or _ONE_OF.search(plain) or _ALL_OF.search(plain) or re.search(r"\bhoac\b", plain)
    if found is None or len(plain) != len(text):
        return text[:100]
    before = "" if found.re is _N_OF else re.split(r"[;:.]\s", text[: found.start()])[-1][-70:]
    before = before if len(before) < 70 else before.partition(" ")[2]
    behind = re.split(r"[;:.]", text[found.end() :])[0]
    return (before + text[found.start() : found.end()] + _whole_words(behind, 60)).strip(" ,")


def _whole_words(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[:limit].rpartition(" ")[0]


def logic_of(lead: str, single: bool = False) -> tuple[Logic, bool]:
    """How items combine by the words of their lead-in, and whether words say something that neither value holds.

    `single`: lead-in and items stand in one clause, so that only words before the first item count as plain.
    """
    text = unaccent(lead).lower()
    if _N_OF.search(text):
        return "unstated", True
    one, every = _ONE_OF.search(text), _ALL_OF.search(text)
    if one and (every or _JOINED.search(_without_besides(text))):
        return "unstated", True
    if one:
        opening = re.sub(r"^(?:(?!\b(?:mot|0?1) trong\b)[^:]){0,80}:\s*", "", _without_besides(text)) if single else text
        if single and not re.match(r"\W*(?:phai )?(?:dat |co |dap ung |thuoc )?(?:it nhat )?(?:mot|0?1(?:\s*\(mot\))?) trong\b", opening):
            return "unstated", True
        return "one_of", False
    if single and _alternatives(text):
        return "one_of", False
    if every:
        return ("unstated", True) if single and re.search(r"\bhoac\b", text) else ("all_of", False)
    if BESIDES.search(text) and single and ";" not in text:
        return "all_of", False
    return "unstated", False


def _alternatives(text: str) -> bool:
    """Whether every item but the first begins with "hoặc"."""
    parts = [part.strip() for part in text.split(";")]
    return len(parts) > 1 and all(part.startswith("hoac") for part in parts[1:])


def _without_besides(text: str) -> str:
    """The lead-in behind "ngoài …": what comes on top."""
    text = re.sub(r"\bngoai (?:viec )?.{3,90}?(?:,|\bcon\b|\bthi\b)\s*", "", text, count=1)
    return re.sub(r"\bdat (?:cac )?(?:tieu chuan|tieu chi|dieu kien) chung va (?:dong thoi )?", "", text, count=1)


_EITHER = re.compile(r"\s+hoac\s+(?:(?:khoan|muc|dieu|diem|phan)\s+)?(?:\d|[a-z](?![a-z]))")


class Known:
    """The groups by ref, and the last ones passed by target: what "ngoài …" can mean."""

    def __init__(self, by_ref: dict[str, Criteria]) -> None:
        self._by_ref = by_ref
        self._general: dict[Target | None, str] = {}
        self._last: dict[Target | None, str] = {}
        self._by_point: dict[str, str] = {}
        for ref in by_ref:
            self._by_point.setdefault(".".join(re.sub(r"\.(?:p\d+|-\d+)$", "", ref).split(".")[1:2]), ref)

    def pass_by(self, group: Criteria) -> None:
        if group.general:
            self._general[group.target] = group.ref
        self._last[group.target] = group.ref

    def required(self, own: Criteria, text: str) -> tuple[str, ...]:
        if GENERAL.search(text):
            general = self._general.get(own.target) or self._general.get(None)
            general = general or (next(iter(self._general.values()), None) if own.target is None else None)
            return (general,) if general and general != own.ref else ()
        if _ABOVE.search(text):
            above = self._last.get(own.target)
            return (above,) if above and above != own.ref else ()
        besides = re.split(r"[,;:]\s*(?!(?:khoan|muc|dieu|diem|phan)\b)", text[text.find("ngoai") : text.find("ngoai") + 90])[0]
        match = _REFERENCE.search(besides)
        if match is None or _EITHER.match(besides, match.end()):  # where either would do, neither is required
            return ()
        return self._referred(own, match[1])

    def _referred(self, own: Criteria, label: str) -> tuple[str, ...]:
        """The group at "khoản 1" beside this one, or at "Mục 5" anywhere."""
        holder = own.ref.rpartition(".")[0]
        beside = f"{holder}.{label}" if holder else label
        found = beside if beside in self._by_ref else self._by_point.get(label)
        return (found,) if found and found != own.ref else ()
