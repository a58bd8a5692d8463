"""What a nomination is made of: the parts listed under "Hồ sơ", and what a sentence says comes with it ("kèm theo …")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.extraction.clauses import Outlined, plain, says
from knowledge.model import Clause, DossierPart
from knowledge.text import unaccent

_HEAD = re.compile(r"\bho so\b|\bthanh phan ho so\b")
_NOT_HEAD = re.compile(
    r"\b(?:tiep nhan ho so|tham dinh ho so|xu ly ho so|luu tru ho so|quy trinh|thoi han nop|"
    r"nguyen tac)\b"
)
_LEAD_IN = re.compile(r"\bho so\b.{0,160}\b(?:gom|bao gom)\b.{0,80}:\s*$|\bho so\b.{0,60}:\s*$")
_NO_PART = re.compile(
    r"^(?:ho so|truong (?:hop )?khong|bao cao nop duoi|doi voi viec|thoi gian|noi nop|khong nhan|don vi gui|gui|"
    r"nop|truong hop)\b|"
    r"\b(?:duoc lap bang|gui truc tuyen|nop tai|gui ve|chi can)\b"
)
_WITH = re.compile(r"\bkèm(?:\s+theo)?\s+(?P<list>[^.;()]{4,160}?)(?=\s+(?:về|để|gửi|đến|cho|trước|tới|của đơn vị)\b|[.;()]|$)", re.I)
_PAPER = re.compile(
    r"\b(?:thanh tich|minh chung|san pham|bien ban|bao cao|danh sach|to trinh|xac nhan|anh|"
    r"phieu|ban sao|y kien)\b"
)
_SENDS = re.compile(r"\b(?:gui|nop|de nghi|de cu|gioi thieu|dang ky|trinh|ho so)\b")


def dossier_of(plan: Outlined) -> tuple[DossierPart, ...]:
    """The parts in the order of the text, each named once at its place."""
    found: list[DossierPart] = []
    listed: set[str] = set()
    for clause in plan.body:
        if _lists_parts(clause):
            kids = plan.children.get(clause.ref, [])
            if clause.heading and any(_LEAD_IN.search(plain(kid)) and plan.children.get(kid.ref) for kid in kids):
                continue  # "Hồ sơ gồm:" below "Số lượng và hồ sơ" lists them itself
            for kid in kids:
                if kid.heading or kid.ref in listed or kid.ref.rpartition(".")[2].startswith("r"):
                    continue
                listed.add(kid.ref)
                found.extend(_part(plan, kid))
    for clause in plan.body:
        if clause.ref not in listed and not clause.heading:
            found.extend(_enclosed(clause))
    order = {clause.ref: index for index, clause in enumerate(plan.clauses)}
    return tuple(sorted(found, key=lambda part: order[part.ref]))


def _lists_parts(clause: Clause) -> bool:
    text = plain(clause)
    if clause.heading:
        return bool(_HEAD.search(text)) and not _NOT_HEAD.search(text)
    return bool(_LEAD_IN.search(text))


def _part(plan: Outlined, clause: Clause) -> Iterator[DossierPart]:
    text = says(clause)
    if _NO_PART.search(plain(clause)) or _LEAD_IN.search(plain(clause)) or plan.children.get(clause.ref):
        return
    yield DossierPart(name=text.rstrip(" .;,"), ref=clause.ref)


def _enclosed(clause: Clause) -> Iterator[DossierPart]:
    """The papers that one sentence sends along: "gửi … kèm theo tóm tắt thành tích, sản phẩm, minh chứng về …"."""
    text = says(clause)
    if not _SENDS.search(plain(clause)):
        return
    for match in _WITH.finditer(text):
        if not _PAPER.search(unaccent(match["list"]).lower()):
            continue
        for part in re.split(r",\s*|\s+và\s+", match["list"]):
            name = part.strip(" .;,()")
            if name and _PAPER.search(unaccent(name).lower()):
                yield DossierPart(name=name, ref=clause.ref)
