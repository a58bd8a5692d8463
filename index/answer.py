"""What the engine says: an answer with its quotations, that nothing was found, or a question back.

These are values, without wording: `bot.answers` puts them into sentences. Every quotation is a run of its plan's text, checked when made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.passages import Passage
from knowledge.model import Clause, Plan


@dataclass(frozen=True)
class Source:
    """The plan that a quotation is from, as far as people are told."""

    plan_id: str
    version: int
    org: str
    org_name: str
    source: str
    digest: bool
    title: str | None
    number: str | None
    period: str | None
    expired: bool

    @staticmethod
    def of(plan: Plan, expired: bool, org_name: str) -> Source:
        period = plan.period.text if plan.period else None
        return Source(plan.id, plan.version, plan.org, org_name, plan.source, plan.digest, plan.title, plan.number, period, expired)


@dataclass(frozen=True)
class Quote:
    """One clause as shown: `quote` is `plan.text[start:end]`."""

    source: Source
    ref: str
    place: str
    quote: str
    start: int
    end: int
    page: int | None


@dataclass(frozen=True)
class Run:
    """Neighbouring clauses as one run of the source, with one place; `amends` where it changes what is quoted before it."""

    quotes: tuple[Quote, ...]
    text: str
    place: str
    amends: bool = False

    @property
    def source(self) -> Source:
        return self.quotes[0].source


@dataclass(frozen=True)
class Candidate:
    quote: Quote
    score: float


@dataclass(frozen=True)
class Office:
    """The unit that a plan names as its focal point (`focal`), or else the one that it has nominations sent to, with the place."""

    unit: str
    place: str
    source: Source
    focal: bool


@dataclass(frozen=True)
class Eligibility:
    """What the plan asks of a person, beside what the question mentioned: no verdict.

    `mentioned` and `not_mentioned` are places of the group's items; `general` is the place of the criteria that must hold besides.
    """

    logic: Literal["all_of", "one_of", "unstated"]
    place: str
    mentioned: tuple[str, ...]
    not_mentioned: tuple[str, ...]
    general: str | None
    judges: tuple[str, ...]


@dataclass(frozen=True)
class Reply:
    """`org` is the institution that was asked about; `candidates` are the ten best passages, shown or not."""

    org: str | None
    notes: tuple[str, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Answer(Reply):
    runs: tuple[Run, ...]
    eligibility: Eligibility | None = None

    @property
    def quotes(self) -> tuple[Quote, ...]:
        return tuple(quote for run in self.runs for quote in run.quotes)


@dataclass(frozen=True)
class Abstain(Reply):
    """Nothing in the plans decides the question. `sources` are the plans looked at, `unknown` an institution that is not here."""

    sources: tuple[Source, ...] = ()
    office: Office | None = None
    unknown: str | None = None


@dataclass(frozen=True)
class Clarify(Reply):
    """A question back: which institution (`options` are slugs and names), or what a greeting can be answered with."""

    reason: Literal["institution", "greeting"] = "institution"
    options: tuple[tuple[str, str], ...] = ()


SPECIAL_PLACES = {
    "title": "phần đầu văn bản",
    "preamble": "phần căn cứ",
    "signature": "phần ký",
    "recipients": "nơi nhận",
    "appendix": "phần kèm theo",
}


def place_of(clause: Clause, by_ref: dict[str, Clause]) -> str:
    """Where a clause stands, as people say it: "mục II.2.b", "điểm a khoản 2 Điều 5", "gạch đầu dòng 3 mục II.3.1"."""
    if clause.zone != "body":
        return SPECIAL_PLACES[clause.zone]
    chain: list[Clause] = []
    ref: str | None = clause.ref
    while ref is not None and ref in by_ref and len(chain) < 12:
        chain.append(by_ref[ref])
        ref = by_ref[ref].parent
    article = next((c for c in chain if c.marker.strip("*# ").lower().startswith("điều")), None)
    if article is not None:
        parts = [_bullet(clause.ref)] if "-" in clause.ref.rsplit(".", 1)[-1] else []
        for above in chain:
            if above is article:
                break
            tail = _numbered(above.ref)
            if tail and above.marker.strip("-+*•# "):
                parts.append(f"điểm {tail}" if tail.isalpha() else f"khoản {tail}")
        return " ".join([*[p for p in parts if p], f"Điều {_numbered(article.ref)}"])
    numbered = [part for part in clause.ref.split("~")[0].split(".") if part[:1] not in ("-", "p", "r", "h") or part.isalpha()]
    bullets = _bullet(clause.ref)
    base = ".".join(numbered)
    where = f"mục {base}" if base else "thân văn bản"
    return f"{bullets} {where}" if bullets else where


def places_above(ref: str, by_ref: dict[str, Clause]) -> tuple[str, ...]:
    """The places by which a document may speak of a clause: its own and that of the clause above, each from its number on."""
    clause = by_ref.get(ref)
    chain = [clause, by_ref.get(clause.parent or "")] if clause else []
    return tuple(re.sub(r"^(?:gạch đầu dòng|đoạn) \d+ ", "", place_of(c, by_ref)) for c in chain if c is not None and c.zone == "body")


def _numbered(ref: str) -> str:
    return ref.split("~")[0].rsplit(".", 1)[-1]


def _bullet(ref: str) -> str:
    tail = ref.split("~")[0].rsplit(".", 1)[-1]
    if tail.startswith("-") and tail[1:].isdigit():
        return f"gạch đầu dòng {tail[1:]}"
    if tail.startswith("p") and tail[1:].isdigit():
        return f"đoạn {tail[1:]}"
    return ""


def runs(plan: Plan, source: Source, chosen: Sequence[Passage]) -> tuple[Run, ...]:
    """Chosen passages, in the order of the text, with neighbours joined into one run. Raises ValueError for a quotation that is not one."""
    by_ref = {clause.ref: clause for clause in reversed(plan.clauses)}
    groups: list[list[Quote]] = []
    for passage in sorted(chosen, key=lambda p: p.start):
        if plan.text[passage.start : passage.end] != passage.quote:
            raise ValueError(f"not verbatim: {plan.id} {passage.ref}")
        clause = by_ref.get(passage.ref)
        place = place_of(clause, by_ref) if clause else passage.ref
        quote = Quote(source, passage.ref, place, passage.quote, passage.start, passage.end, passage.page)
        if groups and not plan.text[groups[-1][-1].end : passage.start].strip():
            groups[-1].append(quote)
        else:
            groups.append([quote])
    return tuple(Run(tuple(group), plan.text[group[0].start : group[-1].end], _place(group, by_ref)) for group in groups)


def _place(group: Sequence[Quote], by_ref: dict[str, Clause]) -> str:
    """One place for a run: the clause's own, or that of the clause above them all."""
    places = list(dict.fromkeys(quote.place for quote in group))
    if len(places) == 1:
        return places[0]
    first = by_ref.get(group[0].ref)
    governed = [by_ref[q.ref].parent for q in group[1:] if q.ref in by_ref]
    if first is not None and all(parent == first.ref for parent in governed):
        return places[0]
    parents = {by_ref[q.ref].parent for q in group if q.ref in by_ref}
    if len(parents) == 1 and (parent := parents.pop()) and parent in by_ref:
        return place_of(by_ref[parent], by_ref)
    return f"{places[0]} đến {places[-1]}"
