"""Automatic numbering of Word files (numbering.xml), rendered as Word shows it: "II.", "2.1.", "a)", "-"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from .archive import attribute, child, local

_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
_ROMAN_SMALL = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_LEVELS = 9
_MAX_COUNT = 3999


@dataclass(frozen=True)
class Level:
    """One level of a list: its first number, its format and the text around it ("%1.%2.")."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    legal: bool = False


@dataclass
class Numbering:
    """The lists of a document and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # num id -> level -> definition
    lists: dict[str, str] = field(default_factory=dict)  # num id -> abstract id; lists of one abstract count on together
    restarts: dict[str, set[int]] = field(default_factory=dict)  # num id -> levels that it starts anew
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, num: str, level: int) -> str:
        """The next label of a list, "" for an unknown or unnumbered one."""
        definitions = self.levels.get(num)
        if not definitions or level not in definitions:
            return ""
        counts = self._counts.setdefault(self.lists[num], {})
        for restarted in self.restarts.pop(num, set()):
            counts.pop(restarted, None)
        counts[level] = counts.get(level, definitions[level].start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return _rendered(definitions, level, counts)


def _rendered(definitions: dict[int, Level], level: int, counts: dict[int, int]) -> str:
    own = definitions[level]
    if own.format == "none":
        return ""
    if own.format == "bullet":
        return _bullet(own.text)

    def number(found: re.Match[str]) -> str:
        which = int(found.group(1)) - 1
        definition = definitions.get(which, Level())
        return format_number(counts.get(which, definition.start), "decimal" if own.legal else definition.format)

    return re.sub(r"%([1-9])", number, own.text)


def _bullet(text: str) -> str:
    """Bullets of symbol fonts lie in the private use area: a dash is what plans print."""
    stripped = text.strip()
    return "-" if not stripped or any("\ue000" <= char <= "\uf8ff" for char in stripped) or stripped == "\xad" else stripped


def format_number(number: int, style: str) -> str:
    """A number in a format of OOXML (ST_NumberFormat); formats without a Vietnamese use count as decimal."""
    if style in ("upperRoman", "lowerRoman") and 0 < number <= _MAX_COUNT:
        roman = _roman(number)
        return roman if style == "upperRoman" else roman.lower()
    if style in ("upperLetter", "lowerLetter") and 0 < number <= _MAX_COUNT:
        letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if style == "upperLetter" else letter.lower()
    return f"{number:02d}" if style == "decimalZero" else str(number)


def _roman(number: int) -> str:
    parts = []
    for value, sign in (*_ROMAN, *_ROMAN_SMALL):
        parts.append(sign * (number // value))
        number %= value
    return "".join(parts)


def numbering_of(root: Element | None) -> Numbering:
    """The lists defined in numbering.xml (None: a document without one)."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstracts = {attribute(each, "abstractNumId") or "": _levels(each) for each in root if local(each.tag) == "abstractNum"}
    for num in root:
        if local(num.tag) != "num":
            continue
        num_id = attribute(num, "numId") or ""
        abstract = attribute(child(num, "abstractNumId"), "val") or ""
        levels = dict(abstracts.get(abstract, {}))
        restarts = _override(num, levels)
        numbering.levels[num_id], numbering.lists[num_id] = levels, abstract
        if restarts:
            numbering.restarts[num_id] = restarts
    return numbering


def _override(num: Element, levels: dict[int, Level]) -> set[int]:
    restarts = set()
    for each in num:
        if local(each.tag) != "lvlOverride":
            continue
        level = _integer(attribute(each, "ilvl"), 0)
        if (definition := child(each, "lvl")) is not None:
            levels[level] = _level(definition)
        if (start := child(each, "startOverride")) is not None:
            levels[level] = replace(levels.get(level, Level()), start=_integer(attribute(start, "val"), 1))
            restarts.add(level)
    return restarts


def _levels(abstract: Element) -> dict[int, Level]:
    found = {_integer(attribute(each, "ilvl"), 0): _level(each) for each in abstract if local(each.tag) == "lvl"}
    return {level: definition for level, definition in found.items() if 0 <= level < _LEVELS}


def _level(element: Element) -> Level:
    return Level(
        start=_integer(attribute(child(element, "start"), "val"), 1),
        format=attribute(child(element, "numFmt"), "val") or "decimal",
        text=attribute(child(element, "lvlText"), "val") or "",
        legal=child(element, "isLgl") is not None,
    )


def _integer(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default
