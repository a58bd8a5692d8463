"""Criteria: which groups there are, for whom, how their items combine, who judges, and what they require besides.

A group is found below a heading that speaks of criteria, standards or conditions, below a lead-in sentence that does, or
below a field of nomination. Its logic is stated only by words ("một trong", "đồng thời", "cả ba điều kiện"); anything that
these do not settle ("hai trong bốn", "a, b và một trong c, d") is `unstated`, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.extraction.clauses import Outlined, plain, says
from knowledge.extraction.logic import BESIDES, GENERAL, Known, logic_of, unsettling
from knowledge.extraction.sentences import items as item_runs
from knowledge.extraction.targets import Target, label_of, roles_in, target_of
from knowledge.extraction.votes import judge_in, vote_in
from knowledge.model import Clause, Criteria, CriterionItem, Warned
from knowledge.text import unaccent

_NAMES = re.compile(r"\b(?:tieu chi|tieu chuan|dieu kien)\b")
_HEADS = re.compile(
    r"\b(?:tieu chi|tieu chuan)\b(?! cham)|\bdieu kien\b(?! (?:thuc hien|lam viec|tiep nhan|hoat dong|thuan loi|"
    r"dam bao))"
    r"|\bdoi tuong\b.{0,12}\bnoi dung thi dua\b"
)
_NOT_CRITERIA = re.compile(
    r"\b(?:thang diem|diem cong|diem tru|tieu chi cham|uu tien|khong xet|khong duoc|chua xem xet|"
    r"truong hop khong|giai thich|cach hieu|"
    r"quy trinh|trinh tu|ho so|nguyen tac|thu hoi|so luong|thoi han|tuoc|thanh lap|to chuc hoi dong|giay khen|"
    r"hinh thuc|phan thuong|"
    r"kinh phi|muc thuong|to chuc thuc hien|khong tiep nhan|khong thuoc)\b|^doi tuong\b(?!.*(?:noi dung thi dua|"
    r"tieu ch))"
)
_NOT_TAKEN = (
    r"(?:duoc )?(?:xet\b|xem xet|de nghi|de cu|gioi thieu|cong nhan|ton vinh|tuyen duong|bieu duong|binh (?:xet|chon)|khen thuong|"
    r"ap dung|tiep nhan|dua vao danh sach)"
)
_EXCLUDES = re.compile(
    rf"\W*(?:(?:cac )?truong hop (?:khong|chua)\b|(?:khong|chua) {_NOT_TAKEN}|"
    rf"(?:ca nhan|tap the|nguoi|nhung nguoi|don vi)\b[^,;:]{{0,60}} khong {_NOT_TAKEN})"
)
_LISTS_FIELDS = re.compile(r"(?:cac )?linh vuc(?:,| va)? (?:don vi|co quan|phong|bo phan)\b.{0,20}\b(?:chu tri|phu trach)\b")
_ASIDE = re.compile(r"\W*(?:doi tuong|ty le dat danh hieu|truong hop)\b")
_LEADS = re.compile(
    r"\W*(?:(?:phải|cần)\s+)?(?:(?:đạt|có|đáp ứng|bảo đảm|đảm bảo|thuộc)\s+)?(?:được\s+)?(?:ít nhất\s+)?"
    r"(?:một trong|đồng thời|đủ|đầy đủ|tất cả|cả \w+)\b[^;:]{0,80}:\s*(?=\S)",
    re.I,
)
_LEAD_IN = re.compile(
    r"\b(?:tieu chi|tieu chuan|dieu kien)\b[^:]{0,60}:\s*\W*$|\b(?:dat|dap ung|bao dam|dam bao|thoa man|"
    r"du)\b[^:]{0,60}\b(?:dieu kien|tieu"
    r" chuan|tieu chi|noi dung|yeu cau|thanh tich)\b[^:]{0,60}:\s*\W*$|\bdat dong thoi\W*$"
)


@dataclass(frozen=True)
class Context:
    """What the headings above say of a group."""

    target: Target | None = None
    general: bool = False
    roles: tuple[str, ...] = ()

    def below(self, heading: str) -> Context:
        """The context below a heading; one that names criteria says whether they are the general ones."""
        plain_head = unaccent(heading).lower()
        general = bool(GENERAL.search(plain_head)) if _NAMES.search(plain_head) else self.general
        return self._for(heading, general)

    def behind(self, label: str) -> Context:
        """The context behind a label or at the head of a sentence."""
        named = re.match(r"\W*(?:tieu chi|tieu chuan|dieu kien)\s+chung\b", unaccent(label).lower())
        return self._for(label, self.general or bool(named))

    def _for(self, head: str, general: bool) -> Context:
        target = target_of(head) or self.target
        roles = roles_in(head) or (self.roles if target == self.target else ())
        return Context(target, general, roles if target == "individual" else ())


@dataclass(frozen=True)
class Found:
    """A group with the text that its `requires` is read from."""

    criteria: Criteria
    lead: str


def criteria_of(plan: Outlined) -> tuple[tuple[Criteria, ...], tuple[Warned, ...]]:
    """All groups in the order of the text, and what could not be settled."""
    collector = _Collector(plan)
    collector.collect()
    found = sorted(collector.found, key=lambda group: plan.by_ref[group.criteria.ref].start)
    return _with_requirements(found), tuple(collector.warnings)


class _Collector:
    def __init__(self, plan: Outlined) -> None:
        self.plan = plan
        self.found: list[Found] = []
        self.warnings: list[Warned] = []
        self._done: set[str] = set()

    def collect(self) -> None:
        for clause in self.plan.body:
            if clause.ref in self._done:
                continue
            if clause.heading and self._heads_criteria(clause):
                self._heading(clause, Context())
            elif not clause.heading and self._kids(clause) and _LEAD_IN.search(plain(clause)) and not self._barred(clause):
                self._lead_in(clause, self._context(clause))
            elif fosters_field(clause):
                self._field(clause)

    def _heads_criteria(self, clause: Clause) -> bool:
        """By its own name, or because a point below it is labelled "Tiêu chí chung: …"."""
        if _NOT_CRITERIA.search(plain(clause)):
            return False
        if _HEADS.search(plain(clause)):
            return self._has_rules(clause)
        return any(_NAMES.match(plain(kid)) and ":" in says(kid)[:60] for kid in self._kids(clause) if not kid.heading)

    def _has_rules(self, clause: Clause) -> bool:
        """A heading over a whole part counts only through those below it that are criteria by name or by target."""
        kids = self._kids(clause)
        named = [kid for kid in kids if kid.heading and _NAMES.search(plain(kid))]
        return bool(kids) and not (named and len(named) < len(kids) and not _own_kind(clause)) or bool(named)

    def _kids(self, clause: Clause) -> list[Clause]:
        return self.plan.children.get(clause.ref, [])

    def _barred(self, clause: Clause) -> bool:
        lines = [plain(clause), *(plain(above) for above in self.plan.ancestors(clause))]
        return any(_NOT_CRITERIA.search(line[:120]) for line in lines)

    def _context(self, clause: Clause) -> Context:
        context = Context()
        for above in reversed(list(self.plan.ancestors(clause))):
            if above.heading:
                context = context.below(says(above))
        return context

    # --- headings ---------------------------------------------------------------------------------------------------

    def _heading(self, heading: Clause, context: Context) -> None:
        self._done.add(heading.ref)
        if _NOT_CRITERIA.search(plain(heading)):
            return
        context = context.below(says(heading))
        kids = self._kids(heading)
        named = any(kid.heading and _NAMES.search(plain(kid)) for kid in kids)
        labelled = not _HEADS.search(plain(heading)) and context.target is None
        loose: list[Clause] = []
        for kid in kids:
            if kid.heading:
                if not _LISTS_FIELDS.match(plain(kid)):
                    self._heading(kid, context)
            elif excludes(kid):
                self._done.add(kid.ref)
            elif named or _ASIDE.match(plain(kid)):
                continue
            elif self._kids(kid):
                self._lead_in(kid, context)
            elif _labelled(kid):
                self._single(kid, context)
            elif not labelled or self._within_criteria(heading):
                loose.append(kid)
        self._group_of(heading, loose, context)

    def _within_criteria(self, heading: Clause) -> bool:
        return any(_HEADS.search(plain(above)) for above in self.plan.ancestors(heading))

    def _group_of(self, heading: Clause, loose: list[Clause], context: Context) -> None:
        if not loose:
            return
        if len(loose) == 1:
            self._single(loose[0], context, ref=heading.ref if len(self._kids(heading)) == 1 else None)
            return
        self._done.update(kid.ref for kid in loose)
        self._add(heading.ref, says(heading), [self._item(kid) for kid in loose], context, self._run(heading, loose))

    # --- lead-ins and single clauses --------------------------------------------------------------------------------

    def _lead_in(self, lead: Clause, context: Context) -> None:
        self._done.add(lead.ref)
        text = says(lead)
        context = context.behind(label_of(text) or _subject(text))
        kids = [kid for kid in self._kids(lead) if not kid.heading and not excludes(kid)]
        if len(kids) == 1 and text.endswith(":") and len(text.split()) < 15:
            self._done.add(kids[0].ref)
            pieces = self._pieces(kids[0], 0)
            self._add(lead.ref, f"{text} {says(kids[0])}", pieces, context, self._run(lead, kids), single=True)
            return
        self._done.update(kid.ref for kid in kids)
        self._add(lead.ref, text, [self._item(kid) for kid in kids], context, self._run(lead, kids))

    def _single(self, clause: Clause, context: Context, ref: str | None = None) -> None:
        self._done.add(clause.ref)
        text = says(clause)
        label = label_of(text) or _criteria_label(text)
        context = context.behind(label or ("" if context.target else _subject(text)))
        self._add(ref or clause.ref, text, self._pieces(clause, _after_label(clause, label)), context, clause.quote, single=True)

    def _field(self, clause: Clause) -> None:
        """Below a field: a bullet or paragraph on collectives, one on individuals, or both in one paragraph."""
        for kid in self._kids(clause):
            for start, end in _by_target(kid.quote):
                piece = kid.quote[start:end]
                text = says(kid) if start == 0 and end == len(kid.quote) else " ".join(piece.split())
                head = _subject(text)
                context = Context().behind(head)
                pieces = tuple(self._part(kid, a, b) for a, b in item_runs(kid.quote[:end], start))
                self._done.add(kid.ref)
                self._add(kid.ref, text, pieces, context, piece, single=True)

    # --- items ------------------------------------------------------------------------------------------------------

    def _item(self, clause: Clause) -> CriterionItem:
        return CriterionItem(quote=clause.quote, judge=judge_in(says(clause)), vote=vote_in(says(clause)), ref=clause.ref)

    def _pieces(self, clause: Clause, start: int) -> tuple[CriterionItem, ...]:
        return tuple(self._part(clause, first, last) for first, last in item_runs(clause.quote, start))

    def _part(self, clause: Clause, start: int, end: int) -> CriterionItem:
        quote = clause.quote[start:end]
        return CriterionItem(quote=quote, judge=judge_in(quote), vote=vote_in(quote), ref=clause.ref)

    def _run(self, first: Clause, rest: Sequence[Clause]) -> str:
        return self.plan.text[first.start : rest[-1].end] if rest else first.quote

    def _add(self, ref: str, lead: str, parts: Iterable[CriterionItem], context: Context, quote: str, single: bool = False) -> None:
        found = tuple(parts)
        if not found:
            return
        logic, unsettled = logic_of(lead, single)
        if unsettled:
            message = f"“{unsettling(lead)}”: cách kết hợp này không quy về “tất cả” hay “một trong”; hãy đọc nguyên văn."
            self.warnings.append(Warned(code="logic_unsettled", message=message, ref=ref))
        group = Criteria(
            ref=ref, target=context.target, applies_to=context.roles, general=context.general, logic=logic, items=found,
            quote=quote,
        )  # fmt: skip
        self.found.append(Found(group, lead))


def fosters_field(clause: Clause) -> bool:
    """Whether a clause gives a field of nomination to the unit that chairs it."""
    return bool(re.search(r"\bchu tri\b.{0,60}\bdien hinh\b", plain(clause))) and not clause.heading and says(clause)[-1:] != ":"


def excludes(clause: Clause) -> bool:
    """Whether a clause says who is not considered: "Không xét đối với …", "Cá nhân bị kỷ luật không được đề nghị …"."""
    return _EXCLUDES.match(plain(clause)) is not None


def _criteria_label(text: str) -> str | None:
    match = re.match(r"\W*((?:Tiêu chí|Tiêu chuẩn|Điều kiện)\b[^:]{0,50}):", text, re.I)
    return match[1] if match else None


def _labelled(clause: Clause) -> bool:
    """Whether a clause is a group by itself: "Giáo viên chủ nhiệm: …", "Tiêu chí chung: …"."""
    text = says(clause)
    if text.endswith(":"):
        return False
    return label_of(text) is not None or bool(
        re.match(
            r"(?:tieu chi|tieu chuan|"
            r"dieu kien)\b[^:]{0,50}:",
            plain(clause),
        )
    )


def _own_kind(clause: Clause) -> bool:
    return bool(re.match(r"(?:cac )?(?:tieu chi|tieu chuan|dieu kien)\b", plain(clause)))


def _subject(text: str) -> str:
    """The head of a sentence, as far as it can name whom it is for."""
    if re.match(r"(?:Tập thể, cá nhân|Cá nhân, tập thể)\b", text):
        return "Tập thể, cá nhân"
    if text.startswith("Cá nhân ("):
        return text[:90].split(")")[0]
    named = re.match(r"(?:Cá nhân|Tập thể)(?: điển hình)? là [^,;]{2,40}?(?=\s(?:luôn|có|phải|thường|được)\b|[,;])", text)
    if named:
        return named.group(0)
    aimed = re.match(r"\W*(?:Đối với|Riêng(?: đối với)?)\s+[^;:.]{3,140}?(?=\s*(?::|,?\s+(?:thì|phải|ngoài|đạt|có|được)\b|;))", text, re.I)
    if aimed:
        return aimed.group(0)
    return re.split(r"[,;:(]|\b(?:là|có|phải|được|đạt|ngoài|thường xuyên)\b", text, maxsplit=1)[0][:80]


def _after_label(clause: Clause, label: str | None) -> int:
    """Where the items begin in a clause's quote: behind its label, else behind its number."""
    if label is not None:
        colon = clause.quote.find(":", max(0, clause.quote.find(label[-12:])))
        if colon >= 0:
            after = colon + 1
            while after < len(clause.quote) and clause.quote[after] in "* \n":
                after += 1
            return _after_lead(clause.quote, after)
    return _after_lead(clause.quote, 0)


def _after_lead(quote: str, start: int) -> int:
    """Behind "đạt một trong các thành tích sau:" where the items stand in the same clause; else `start`."""
    lead = _LEADS.match(quote[start:])
    return start + lead.end() if lead and ";" in quote[start + lead.end() :] else start


def _by_target(quote: str) -> Iterator[tuple[int, int]]:
    """A paragraph cut where a sentence on individuals follows one on collectives."""
    cut = re.search(r"(?<=[.;])\s+(?=Cá nhân\b)", quote)
    if cut and re.match(r"\W*Tập thể\b(?!, cá nhân)", quote):
        yield 0, cut.start()
        yield cut.end(), len(quote)
    else:
        yield 0, len(quote)


def _with_requirements(found: list[Found]) -> tuple[Criteria, ...]:
    """The groups with what they require, resolved by the groups before them and beside them."""
    known = Known({group.criteria.ref: group.criteria for group in found})
    result = []
    for group in found:
        text = unaccent(group.lead).lower()
        requires = known.required(group.criteria, text) if BESIDES.search(text) else ()
        result.append(group.criteria.model_copy(update={"requires": requires}))
        known.pass_by(group.criteria)
    return tuple(result)
