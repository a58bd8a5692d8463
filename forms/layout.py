"""What a list looks like, whatever it is written as: heading, title, sections with their columns, signatures.

After Nghị định 30/2020/NĐ-CP where it is certain; numbers and dates are the clerk's and stay blank. Widths are weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from forms.asking import cell, layout_note
from forms.model import KINDS, Content, Nomination
from forms.spec import CODE_COLUMN, Column, Kind
from forms.values import given_name_key
from knowledge.model import Frozen

DOTS = "………"
ATTACHED = f"(Kèm theo Tờ trình số {DOTS}/TTr-{DOTS} ngày {DOTS} tháng {DOTS} năm {DOTS})"
WIDTHS = {"number": 6, "name": 22, "unit": 22, "seniority": 13, "summary": 46, "contact": 20, "phone": 15, "email": 24}
WIDTHS |= {"field": 20, "role": 18, "code": 12, "criteria": 40}


class Heading(Frozen):
    """Who issues the paper: the superior office (may be ""), the issuing one, and the place for the date line."""

    issuer: str
    superior: str = ""
    place: str = ""


class Slot(Frozen):
    """A signature: any title the office wants, several lines allowed, and the name to print under it, if any."""

    title: str
    name: str = ""
    note: str = ""


class ListPaper(Frozen):
    """A list as a paper. Without a heading it is the bare table with its title."""

    title: str = "DANH SÁCH"
    subtitle: str = ""
    attached: str = ""
    heading: Heading | None = None
    notes: tuple[str, ...] = ()
    signatures: tuple[Slot, ...] = ()
    code: bool = False


class Section(Frozen):
    """The nominations that share a table: their kind, its columns, and whose layout it is ("" for the plan's own)."""

    kind: Kind
    columns: tuple[Column, ...]
    note: str = ""

    @property
    def title(self) -> str:
        return KINDS[self.kind]


def section_of(content: Content, *, code: bool = False) -> Section:
    """The table in which this nominee stands; `code` adds a last column with the number of the nomination."""
    columns = content.spec.layout(content.kind)
    return Section(kind=content.kind, columns=(*columns, CODE_COLUMN) if code else columns, note=layout_note(content))


def row_of(content: Content, columns: Sequence[Column], number: int) -> list[str]:
    """The texts of a row, the running number where the table has a column for it."""
    return [str(number) if "number" in column.fields else cell(content, column) for column in columns]


def weight(column: Column) -> int:
    """How wide a column is beside the others."""
    if {"phone", "email"} <= set(column.fields):
        return 26
    return max((WIDTHS.get(field, 18) for field in column.fields), default=18)


def by_given_name(nominations: Iterable[Nomination]) -> list[Nomination]:
    """Individuals by given name as Vietnamese lists are, groups by their name; individuals first."""
    return sorted(nominations, key=lambda item: (item.kind == "collective", given_name_key(item.name)))
