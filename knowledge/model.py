"""The types in which a plan is understood: frozen, serialisable, importing nothing of ours.

Offsets are code points into `Plan.text`, the whole text of the document as it was read. A quotation is always
`plan.text[start:end]`; every type that quotes carries its offsets, so that a quotation can be checked against its source.
Dates are plain calendar dates in Vietnam. Unknown is `None`, never a guess.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """A value: compared by content, never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- what a reader gives -------------------------------------------------------------------------------------------


class Warned(Frozen):
    """Something the reading is unsure about: a code for programs, a Vietnamese sentence for people, a place or None."""

    code: str
    message: str
    ref: str | None = None


class Page(Frozen):
    """One page as read. `number` counts from 1; `confidence` is 0 to 100 for OCR and None where the text was given."""

    number: int
    text: str
    confidence: float | None = None


class Document(Frozen):
    """A file as pages of text. `source` is the base name under which the file was given."""

    source: str
    format: Literal["text", "docx", "doc", "pdf", "scan", "image"]
    pages: tuple[Page, ...]
    warnings: tuple[Warned, ...] = ()

    @property
    def text(self) -> str:
        """The pages joined by an empty line: the one text that every offset counts in."""
        return PAGE_BREAK.join(page.text for page in self.pages)

    def page_at(self, offset: int) -> int | None:
        """The number of the page that holds the character at `offset`; None for a format that has no pages."""
        if self.format in ("text", "docx", "doc"):
            return None
        passed = 0
        for page in self.pages:
            passed += len(page.text) + len(PAGE_BREAK)
            if offset < passed:
                return page.number
        return self.pages[-1].number if self.pages else None


PAGE_BREAK = "\n\n"


# --- the outline ---------------------------------------------------------------------------------------------------

Zone = Literal["title", "preamble", "body", "signature", "recipients", "appendix"]


class Span(Frozen):
    """A run of the plan's text with its place. `quote == plan.text[start:end]`."""

    ref: str
    quote: str
    start: int
    end: int
    page: int | None = None


class Clause(Span):
    """The smallest piece that is quoted whole: a heading, a numbered clause, a bullet, a paragraph.

    `parent` is the ref of the clause that governs it ("II.3.1" for "II.3.1.-2"), None at the top. `marker` is the numbering
    as printed ("a)", "-", "Điều 5."), empty for a paragraph. `heading` tells a title from a rule. Clauses follow one another
    without gap or overlap (but for white space): joined, they give back the text.
    """

    parent: str | None = None
    marker: str = ""
    heading: bool = False
    zone: Zone = "body"


class Section(Frozen):
    """A heading with the clauses directly below it, the heading's own clause first where it has one."""

    ref: str
    title: str
    clauses: tuple[Clause, ...] = ()


# --- the typed rules -----------------------------------------------------------------------------------------------


class Issued(Frozen):
    year: int | None = None
    month: int | None = None
    day: int | None = None


class Period(Frozen):
    """Years from and to, both counted in; `text` as the plan says it ("năm học 2021-2022")."""

    from_: int | None = Field(default=None, alias="from")
    to: int | None = None
    text: str | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Signer(Frozen):
    name: str | None = None
    title: str | None = None


class LegalBasis(Frozen):
    """A document that the plan stands on: `date` is ISO (2021-10-26), or a year or month where no more is said."""

    name: str
    number: str | None = None
    date: str | None = None
    ref: str = "preamble"
    quote: str = ""


class CriterionItem(Frozen):
    quote: str
    judge: str | None = None
    vote: str | None = None
    ref: str = ""


class Criteria(Frozen):
    """One group of criteria: for whom, how its items combine, and which groups must hold besides (`requires`, refs)."""

    ref: str
    target: Literal["collective", "individual"] | None
    applies_to: tuple[str, ...] = ()
    general: bool = False
    logic: Literal["all_of", "one_of", "unstated"] = "unstated"
    requires: tuple[str, ...] = ()
    items: tuple[CriterionItem, ...] = ()
    quote: str = ""


class OnDate(Frozen):
    type: Literal["date"] = "date"
    date: str


class Yearly(Frozen):
    type: Literal["yearly"] = "yearly"
    day: int | None = None
    month: int | None = None


class InMonth(Frozen):
    type: Literal["month"] = "month"
    year: int | None = None
    month: int


class InQuarter(Frozen):
    type: Literal["quarter"] = "quarter"
    year: int | None = None
    quarters: tuple[int, ...]


class InHalf(Frozen):
    type: Literal["half"] = "half"
    year: int | None = None
    half: int


class InYear(Frozen):
    type: Literal["year"] = "year"
    year: int


class Immediately(Frozen):
    type: Literal["immediately"] = "immediately"


class EndOfRound(Frozen):
    type: Literal["end_of_round"] = "end_of_round"


When = Annotated[OnDate | Yearly | InMonth | InQuarter | InHalf | InYear | Immediately | EndOfRound, Field(discriminator="type")]


class Deadline(Frozen):
    kind: Literal["nomination", "report", "review", "summary", "event", "other"]
    when: When | None
    recipient: str | None = None
    ref: str
    quote: str


class DossierPart(Frozen):
    name: str
    ref: str


class NominationField(Frozen):
    """A field (lĩnh vực) of nomination and the unit that chairs it."""

    name: str
    chair: str | None
    ref: str


class Duty(Frozen):
    unit: str
    ref: str
    quote: str


class Table(Frozen):
    """The standard table that the plan prints; `columns` as printed, the running number (TT) included."""

    title: str | None
    columns: tuple[str, ...]
    signature: str | None = None
    ref: str = "appendix"
    quote: str = ""


class Plan(Frozen):
    """A document as it was understood. `id` and `version` are given by the library ("" and 0 before that)."""

    id: str = ""
    version: int = 0
    org: str
    source: str
    digest: bool = False
    title: str | None = None
    number: str | None = None
    issued: Issued | None = None
    place: str | None = None
    period: Period | None = None
    signer: Signer | None = None
    legal_bases: tuple[LegalBasis, ...] = ()
    sections: tuple[Section, ...] = ()
    criteria: tuple[Criteria, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    dossier: tuple[DossierPart, ...] = ()
    fields: tuple[NominationField, ...] = ()
    duties: tuple[Duty, ...] = ()
    table: Table | None = None
    warnings: tuple[Warned, ...] = ()
    text: str = Field(default="", repr=False)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """All clauses in the order of the text."""
        return tuple(clause for section in self.sections for clause in section.clauses)


class Citation(Frozen):
    """Where a quotation stands: enough to find it again and to check it."""

    plan_id: str
    version: int
    ref: str
    start: int
    end: int
    page: int | None = None
