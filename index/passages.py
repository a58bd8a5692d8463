"""What is searched: the clauses of a plan as passages, each with its path of headings, its zone and what it speaks of.

A clause longer than `LONGEST` characters is cut at sentence ends and semicolons, so that what is shown is the sentence that decides;
each piece keeps the clause's ref and is a run of the plan's text like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.vocabulary import bare_line
from knowledge.model import Clause, Plan
from knowledge.repair import repaired

LONGEST = 650
SHORTEST = 120

_KIND = re.compile(
    r"(?:ke hoach|quyet dinh|huong dan|quy che|quy dinh|thong bao|chuong trinh|de an|luat|nghi dinh|thong tu|dieu le|nghi quyet|cong van)"
)
_CUT = re.compile(r"(?<=[.;!?])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotable run: `plan.text[start:end] == quote`. `parent` is the row, in the same list, of the clause that governs it."""

    ref: str
    quote: str
    start: int
    end: int
    page: int | None
    zone: str
    heading: bool
    marker: str
    parent: int | None
    path: str
    piece: int = 0

    @property
    def searched(self) -> str:
        """The quotation with the reading damage repaired: for matching only."""
        return _repaired(self.quote)


@lru_cache(maxsize=100_000)
def _repaired(quote: str) -> str:
    return repaired(quote)


def passages(plan: Plan) -> list[Passage]:
    """The passages of a plan in the order of its text."""
    titles = {section.ref: section.title for section in plan.sections}
    quotes = {clause.ref: clause for clause in reversed(plan.clauses)}
    wholes = _joined(plan)
    rows: dict[str, int] = {}
    found: list[Passage] = []
    for clause in wholes:
        parent = rows.get(clause.parent) if clause.parent else None
        path = _path(clause, quotes, titles)
        for piece, (start, end) in enumerate(_pieces(clause, plan.text)):
            found.append(
                Passage(
                    ref=clause.ref,
                    quote=plan.text[start:end],
                    start=start,
                    end=end,
                    page=clause.page,
                    zone=clause.zone,
                    heading=clause.heading,
                    marker=clause.marker if piece == 0 else "",
                    parent=parent,
                    path=path,
                    piece=piece,
                )
            )
            if piece == 0:
                rows.setdefault(clause.ref, len(found) - 1)
    return found


def _joined(plan: Plan) -> list[Clause]:
    """The clauses, with those lines made one that say nothing alone: the lines of a signature, "KẾ HOẠCH" and its title."""
    wholes: list[Clause] = []
    for clause in plan.clauses:
        last = wholes[-1] if wholes else None
        together = last is not None and (
            (clause.zone == last.zone == "signature") or (clause.zone == last.zone == "title" and _is_kind_of_document(last.quote))
        )
        if last is not None and together and clause.end - last.start <= LONGEST:
            quote = plan.text[last.start : clause.end]
            wholes[-1] = last.model_copy(update={"quote": quote, "end": clause.end, "heading": False})
        else:
            wholes.append(clause)
    return wholes


def _is_kind_of_document(line: str) -> bool:
    """Whether a title line only says what kind of document it is ("KẾ HOẠCH", "QUYẾT ĐỊNH")."""
    return bool(_KIND.fullmatch(bare_line(line)))


def _path(clause: Clause, quotes: dict[str, Clause], titles: dict[str, str]) -> str:
    """The headings above a clause and the sentence that governs it, outermost first."""
    above: list[str] = []
    ref = clause.parent
    while ref and ref in quotes and len(above) < 8:
        above.append(titles.get(ref) or quotes[ref].quote[:300])
        ref = quotes[ref].parent
    return _repaired(" › ".join(" ".join(text.split()) for text in reversed(above)))


def _pieces(clause: Clause, text: str) -> list[tuple[int, int]]:
    """The runs of a clause: the whole of it, or, where it is long, groups of sentences up to `LONGEST` characters."""
    if clause.end - clause.start <= LONGEST:
        return [(clause.start, clause.end)]
    cuts = [clause.start, *(clause.start + m.end() for m in _CUT.finditer(text[clause.start : clause.end])), clause.end]
    runs: list[tuple[int, int]] = []
    begin = cuts[0]
    for here, after in zip(cuts[1:], [*cuts[2:], None], strict=True):
        if after is None or (here - begin >= SHORTEST and after - begin > LONGEST // 2):
            runs.append((begin, begin + len(text[begin:here].rstrip())))
            begin = here
    return runs


def spoken(passage: Passage) -> str:
    """The text of a passage as it is embedded: its nearest heading and itself."""
    nearest = passage.path.rsplit(" › ", 1)[-1]
    return f"{nearest} {passage.searched}" if nearest else passage.searched
