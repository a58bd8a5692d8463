"""Fields of nomination (lĩnh vực) and the unit that chairs each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.extraction.clauses import Outlined, plain, says
from knowledge.extraction.criteria import fosters_field
from knowledge.model import Clause, NominationField

_CHAIRED = re.compile(r"^\W*(?:đề nghị\s+|giao\s+(?:cho\s+)?)?(?P<chair>[^.;:“\"]{2,110}?)\s+(?:đứng ra\s+)?chủ trì\b", re.I)
_QUOTED = re.compile(r"[“\"](?P<name>[^”\"]{3,200})[”\"]")
_IN_FIELD = re.compile(
    r"\b(?:trong|về|thuộc)\s+(?:lĩnh vực|phong trào(?: thi đua)?|mảng)\s+(?P<name>[^.;:]{3,160})|"
    r"\blĩnh vực\s+(?P<bare>[^.;:]{3,160})",
    re.I,
)
_BEHIND_NAME = re.compile(
    r"^(?P<name>[^:]{2,120}):\s*(?:giao\s+|do\s+)?(?P<chair>[^.;:]{2,110}?)\s+(?:đứng ra\s+)?(?:chủ trì|phụ trách)\b", re.I
)
_HEADED = re.compile(
    r"^(?:Lĩnh vực|Phong trào)\s+(?P<name>[^()]{3,140}?)\s*\((?:do\s+)?(?P<chair>[^()]{3,110}?)\s+(?:chủ trì|phụ trách)\)", re.I
)
_LISTING = re.compile(r"\b(?:cac )?linh vuc\b.{0,60}\b(?:xay dung|de cu|de nghi|xet chon|dien hinh|gioi thieu)\b|^(?:cac )?linh vuc\b")


def fields_of(plan: Outlined) -> tuple[NominationField, ...]:
    """The fields in the order of the text: those given to a unit, and those only listed under "Các lĩnh vực …"."""
    chaired = [field for clause in plan.body if fosters_field(clause) for field in _chaired(clause)]
    headed = [field for clause in plan.body if clause.heading for field in _headed(clause)]
    if chaired or headed:
        return tuple(chaired or headed)
    return tuple(field for clause in plan.body if clause.heading and _LISTING.search(plain(clause)) for field in _listed(plan, clause))


def _chaired(clause: Clause) -> Iterator[NominationField]:
    text = says(clause)
    named = _BEHIND_NAME.match(text)
    if named:
        yield NominationField(name=named["name"].strip(" .,*"), chair=named["chair"].strip(), ref=clause.ref)
        return
    chair = _CHAIRED.match(text)
    behind = text[chair.end() :] if chair else text
    name = _QUOTED.search(behind) or _IN_FIELD.search(behind)
    if name is None:
        return
    printed = name["name"] if name.re is _QUOTED else name["name"] or name["bare"]
    yield NominationField(name=printed.strip(" .,*"), chair=chair["chair"].strip() if chair else None, ref=clause.ref)


def _headed(clause: Clause) -> Iterator[NominationField]:
    """ "Lĩnh vực đào tạo (Phòng Đào tạo chủ trì)"."""
    found = _HEADED.match(says(clause))
    if found:
        yield NominationField(name=found["name"].strip(" .,:“”"), chair=found["chair"].strip(), ref=clause.ref)


def _listed(plan: Outlined, heading: Clause) -> Iterator[NominationField]:
    for kid in plan.children.get(heading.ref, []):
        text = says(kid).rstrip(" .;:")
        named = _BEHIND_NAME.match(text)
        if named:
            yield NominationField(name=named["name"].strip(), chair=named["chair"].strip(), ref=kid.ref)
        elif (kid.marker or kid.heading) and len(text.split()) <= 25:
            yield NominationField(name=text.split(":")[0].strip(), chair=None, ref=kid.ref)
