"""Likely duplicates: the same name in the same unit, or the same phone, across spellings. A hint, never a decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from forms.model import Nomination
from forms.values import name_key, phone_key
from knowledge.model import Frozen


class Candidate(NamedTuple):
    """What two nominations are compared by: keys without accents, case and grouping."""

    name: str
    unit: str
    phone: str | None


class Likeness(Frozen):
    """In what two nominations agree. `phone` is None where one of them has none."""

    name: bool
    unit: bool
    phone: bool | None

    @property
    def text(self) -> str:
        """In words: "cùng họ tên, cùng đơn vị, khác số điện thoại"."""
        parts = (("họ tên", self.name), ("đơn vị", self.unit), ("số điện thoại", self.phone))
        same = [f"cùng {part}" for part, agrees in parts if agrees]
        return ", ".join([*same, *(f"khác {part}" for part, agrees in parts if agrees is False)])


def candidate(nomination: Nomination) -> Candidate:
    values = nomination.values
    return Candidate(
        name_key(values.get("name", "")), name_key(values.get("unit", "")), phone_key(values.get("phone", ""))
    )


def likeness(one: Candidate, other: Candidate) -> Likeness | None:
    """How two are alike; None if they agree neither in name and unit nor in phone."""
    name = bool(one.name) and one.name == other.name
    unit = bool(one.unit) and one.unit == other.unit
    phone = one.phone == other.phone if one.phone and other.phone else None
    return Likeness(name=name, unit=unit, phone=phone) if (name and unit) or phone else None


def pairs(nominations: Iterable[Nomination]) -> list[tuple[Nomination, Nomination, Likeness]]:
    """All likely pairs among these, each once, in the order given."""
    found: list[tuple[Nomination, Nomination, Likeness]] = []
    seen: dict[str, list[Nomination]] = {}
    for nomination in nominations:
        mine = candidate(nomination)
        keys = [f"name:{mine.name}:{mine.unit}"] + ([f"phone:{mine.phone}"] if mine.phone else [])
        others = {other.code: other for key in keys for other in seen.get(key, [])}
        for other in others.values():
            alike = likeness(candidate(other), mine)
            if alike is not None:
                found.append((other, nomination, alike))
        for key in keys:
            seen.setdefault(key, []).append(nomination)
    return found
