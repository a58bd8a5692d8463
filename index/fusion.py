"""What is known of a question and each passage, as one row of readable numbers a passage: the reranker's features.

Scores that depend on the question are scaled by their largest value in the plan, so that rows of different plans compare.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.interaction import PART_NAMES
from index.kinds import KINDS
from index.passages import Passage
from index.question import Question
from index.search import Segment
from index.values import OF_DOCUMENT, VALUES, held, numbers
from index.vocabulary import bare_line, people, stop_words
from knowledge.model import Issued
from knowledge.text import fold

Floats = npt.NDArray[np.float32]

ZONES = ("title", "preamble", "body", "signature", "recipients", "appendix")
PEOPLE = ("collective", "individual", "student", "teacher", "manager", "staff", "party", "youth", "union")
SPECIAL = ("student", "teacher", "manager", "staff", "party", "youth", "union")

LONGEST_HEADING = 10  # different words, from which a line above a clause is a sentence
OUTSIDE_HEADING = 0.25  # the share of a question's words that may stand outside the heading that it names
OUTSIDE_PART = 0.6  # the same where the question calls it a part ("phần yêu cầu")
OPENING_WORDS = 9  # of a clause, in which it says whom it is for
LATE_SHARE = 1.2  # what late interaction counts for beside the cosine of the mean vectors

FACTS = ("criterion", "general", "deadline", "nomination", "dossier", "field", "duty", "basis", "table", "office", *OF_DOCUMENT)

NAMES: tuple[str, ...] = (
    "words",
    "bare",
    "pairs",
    "path",
    "terms",
    "terms_path",
    "dense",
    "dense_rank",
    "late",
    "late_rank",
    "meaning",
    "meaning_rank",
    "meaning_below_best",
    *PART_NAMES,
    "lexical",
    "lexical_rank",
    "coverage",
    "coverage_path",
    "heading_named",
    "part_named",
    "unaccented",
    "parent_lexical",
    "parent_meaning",
    "children_lexical",
    "children_meaning",
    "before_lexical",
    "after_lexical",
    "siblings_lexical",
    "siblings_meaning",
    "kind",
    "kind_top",
    *(f"asks_{kind}" for kind in KINDS),
    *(f"tells_{kind}" for kind in KINDS),
    "people_match",
    "people_path_match",
    "people_conflict",
    "people_none",
    "scope_match",
    "scope_conflict",
    "stated_once",
    "defines",
    "section_named",
    "values_match",
    "values_missing",
    "numbers_match",
    "numbers_asked",
    "unit_asked",
    "unit_asked_above",
    *(f"value_{name}" for name in VALUES),
    *(f"zone_{zone}" for zone in ZONES),
    *(f"fact_{fact}" for fact in FACTS),
    "heading",
    "governs",
    "bullet",
    "closing",
    "length",
    "depth",
    "position",
    "siblings",
)


def scaled(scores: Floats) -> Floats:
    """The scores divided by the largest of them; as they are where none is above zero."""
    largest = float(scores.max()) if len(scores) else 0.0
    return scores / largest if largest > 0 else scores


def lexical_scores(question: Question, segment: Segment) -> Floats:
    """The fused score by words alone, scaled to 1 at best: what answers while there is no model."""
    words, bare = segment.words.scores(question.accented), segment.bare.scores(question.bare)
    pairs, path = segment.pairs.scores(question.pairs), _path_scores(question, segment)
    return scaled(0.5 * scaled(words) + scaled(bare) + scaled(pairs) + 0.3 * scaled(path))


def _path_scores(question: Question, segment: Segment) -> Floats:
    return segment.path.scores({**question.bare, **question.pairs})


def _term_scores(terms: Mapping[str, float], segment: Segment) -> tuple[Floats, Floats]:
    single = {term: weight for term, weight in terms.items() if "_" not in term}
    return segment.bare.scores(single) + segment.pairs.scores(terms), segment.path.scores(terms)


# What a document states once, and what in a question is about other papers or people than the document itself.
_ANOTHER_DOCUMENT = (
    r"(?<!\w)(?:can cu|dua vao|dua theo|theo (?:chi thi|quyet dinh|nghi dinh|luat|thong tu)|luat|nghi dinh|chi thi|thong tu|nghi quyet|"
    r"thay|thay the|cap tren|uy ban|huyen|tinh|so gd|bo gd|ben dang|chi dao|cho phep|giao nv|giao nhiem vu)(?!\w)|"
)
_OTHER_PAPERS = r"bien ban|danh sach|to trinh|ho so|giay khen|bang khen|phieu|don|hop dong|dang ky|quyet dinh (?:khen|cong nhan)"
_STATED_ONCE = {
    "signer": re.compile(
        rf"(?<!\w)(?:{_OTHER_PAPERS}|bang|bao cao|thay ky|xac nhan|chung|chung cho|can ai|may nguoi|cuoi cung|cam ket|danh hieu|to ghi|"
        r"ban nhan xet)(?!\w)"
    ),
    "number": re.compile(
        _ANOTHER_DOCUMENT + r"dien thoai|sdt|phong so|mau so|bang diem|quyet dinh khen|phu luc|so hoa|nam (?:truoc|ngoai)"
    ),
    "issued": re.compile(
        _ANOTHER_DOCUMENT + rf"(?<!\w)(?:{_OTHER_PAPERS}|hoc ky|dinh ky|chu ky|nop|gui|han|trao|le|hoi nghi|cap|bang)(?!\w)"
    ),
}


def stated_once(question: Question, layout: Layout) -> npt.NDArray[np.bool_]:
    """The passages that state the one thing asked for: who signed the document, what its number is, when it was issued."""
    asked = [name for name, other in _STATED_ONCE.items() if name in question.values and not other.search(question.bare_text)]
    return np.array([any(name in facts for name in asked) for facts in layout.facts], dtype=bool)


_ASKS_MEANING = re.compile(
    r"(?:the nao|nhu the nao|sao|gi|ai|nhung ai|nguoi nao)(?: thi| moi)? "
    r"(?:la|duoc coi la|duoc xem la|duoc goi la|goi la|coi la|moi la) (?P<after>.+)|"
    r"(?P<before>.+?) (?:la gi|la sao|la cai gi|nghia la gi|nghia la sao|la nhu the nao|hieu sao|duoc hieu (?:the nao|la gi|nhu the nao))"
)
_DEFINES = re.compile(r"(?:^|[.;:!?\n“\"(]|[-–•+*] )\s*((?:\w+ ){1,6}?\w+) (?:là|được hiểu là|gọi là) (?!gì)")
_ROUND_A_TERM = frozenset(
    ("vay", "a", "ha", "nhi", "ad", "oi", "the", "thi", "theo", "ke", "hoach", "nay", "cho", "hoi", "em", "cua", "van", "ban")
)


def defines(question: Question, layout: Layout) -> npt.NDArray[np.bool_]:
    """The passages that say what the term is whose meaning is asked for ("thế nào là điển hình tiên tiến")."""
    found = _ASKS_MEANING.search(question.bare_text)
    term_words = (found["after"] or found["before"]).split() if found else []
    while term_words and term_words[-1] in _ROUND_A_TERM:
        term_words.pop()
    while term_words and term_words[0] in _ROUND_A_TERM:
        term_words.pop(0)
    term = " ".join(term_words)
    return np.array([len(term_words) > 1 and term in defined for defined in layout.defined], dtype=bool)


# Words of headings and of questions about them that tell no heading from another.
_IN_ANY_HEADING = frozenset(("dien", "hinh", "tien", "cong", "tac", "thi", "dua"))
_IN_ANY_QUESTION = frozenset(
    ("quy", "dinh", "ke", "hoach", "neu", "noi", "cu", "the", "van", "ban", "phan", "muc", "gom", "nhung", "gi", "ra", "sao", "nao", "dan")
    + ("viec", "lam", "phai", "can", "co", "trong", "ve", "day", "du", "nhu", "truong", "minh", "don", "vi")
)
_PART = re.compile(r"(?<!\w)(?:phan|muc|chuong)(?: ve| noi ve)? ((?:\w+ ){0,5}\w+)")


def section_named(question: Question, layout: Layout) -> npt.NDArray[np.bool_]:
    """The clauses straight below a heading that the question names and asks nothing else of ("phần yêu cầu có những gì")."""
    asked = frozenset(question.bare_text.split()) - stop_words()
    content = asked - _IN_ANY_QUESTION
    part = _PART.search(question.bare_text)
    after = part[1].split() if part else []
    named = set()
    for heading in set(layout.heading):
        telling = heading - stop_words() - _IN_ANY_HEADING
        outside = OUTSIDE_PART if telling and telling <= frozenset(after[: len(telling)]) else OUTSIDE_HEADING
        if telling and telling <= asked and len(content - heading - _IN_ANY_HEADING) <= outside * len(content | telling):
            named.add(heading)
    return np.array([heading in named for heading in layout.heading], dtype=bool)


class Layout:
    """What of the features depends on the plan alone; made once a segment."""

    def __init__(self, segment: Segment, tells: Floats) -> None:
        cut = segment.passages
        self.size = len(cut)
        self.tells = tells
        self.parent = np.array([-1 if p.parent is None else p.parent for p in cut], dtype=np.int32)
        self.people = [_people(p) for p in cut]
        self.people_path = [_people_above(p) for p in cut]
        self.scope = [_scope(p, own, above) for p, own, above in zip(cut, self.people, self.people_path, strict=True)]
        self.facts = _facts(segment)
        self.values = [
            held(p.searched, _nearest_heading(p)) | facts & frozenset(OF_DOCUMENT) for p, facts in zip(cut, self.facts, strict=True)
        ]
        self.numbers = [numbers(p.searched) for p in cut]
        headings = [_headings(p) for p in cut]
        self.defined = [frozenset(bare_line(term) for term in _DEFINES.findall(p.searched.lower())) for p in cut]
        self.heading = [above[-1] if above else frozenset() for above in headings]
        self.part = [above[0] if above else frozenset() for above in headings]
        self.units = _units(segment)
        self.unit_above = np.array([_names_unit_of(self.parent[row], row, self.units, cut) for row in range(self.size)], dtype=bool)
        sizes = np.bincount(self.parent[self.parent >= 0], minlength=self.size) if self.size else np.zeros(0)
        self.children = sizes.astype(np.float32)
        depth = np.zeros(self.size, dtype=np.float32)
        for row, parent in enumerate(self.parent):
            depth[row] = depth[parent] + 1 if 0 <= parent < row else 0
        siblings = np.array([self.children[p] if p >= 0 else 0 for p in self.parent], dtype=np.float32)
        columns = [
            *([p.zone == zone for p in cut] for zone in ZONES),
            *([fact in told for told in self.facts] for fact in FACTS),
            [p.heading for p in cut],
            self.children > 0,
            [p.marker[:1] in ("-", "+", "*", "•") for p in cut],
            [p.searched.lower().startswith("trên đây là") for p in cut],
            [np.log1p(len(p.quote)) for p in cut],
            depth,
            [row / max(1, self.size) for row in range(self.size)],
            np.log1p(siblings),
        ]
        self.fixed = np.array(columns, dtype=np.float32).reshape(len(columns), self.size).T


def _facts(segment: Segment) -> list[frozenset[str]]:
    """Which typed rules of the plan each passage states."""
    plan = segment.plan
    told: dict[str, set[str]] = {}

    def tell(ref: str, fact: str) -> None:
        told.setdefault(ref, set()).add(fact)

    for group in plan.criteria:
        for ref in (group.ref, *(item.ref for item in group.items)):
            tell(ref, "criterion")
            if group.general:
                tell(ref, "general")
    for deadline in plan.deadlines:
        tell(deadline.ref, "deadline")
        if deadline.kind == "nomination":
            tell(deadline.ref, "nomination")
    for part in plan.dossier:
        tell(part.ref, "dossier")
    for nomination_field in plan.fields:
        tell(nomination_field.ref, "field")
    for duty in plan.duties:
        tell(duty.ref, "duty")
        if "đầu mối" in duty.quote.lower() or "thường trực" in duty.quote.lower():
            tell(duty.ref, "office")
    for basis in plan.legal_bases:
        tell(basis.ref, "basis")
    if plan.table:
        tell(plan.table.ref, "table")
    signer = fold(plan.signer.name) if plan.signer and plan.signer.name else None
    number = "".join(plan.number.split()).lower() if plan.number else None
    facts = []
    for p in segment.passages:
        own = set(told.get(p.ref, ()))
        if signer and p.zone in ("signature", "title") and signer in fold(p.quote):
            own.add("signer")
        if number and p.zone in ("title", "preamble") and number in "".join(p.quote.split()).lower():
            own.add("number")
        if p.zone == "title" and _dated(p.quote, plan.issued):
            own.add("issued")
        facts.append(frozenset(own))
    return facts


def _dated(quote: str, issued: Issued | None) -> bool:
    """Whether a line gives the day of a document, as "ngày 04 tháng 11 năm 2021" does."""
    line = fold(quote)
    return issued is not None and "ngày" in line and "tháng" in line and {str(issued.year), str(issued.month)} <= numbers(quote)


def _units(segment: Segment) -> list[frozenset[str]]:
    """The bare words of the unit that a passage gives a duty to."""
    by_ref: dict[str, set[str]] = {}
    for duty in segment.plan.duties:
        by_ref.setdefault(duty.ref, set()).update(bare_line(duty.unit).split())
    return [frozenset(by_ref.get(p.ref, ())) for p in segment.passages]


def _names_unit_of(parent: int, row: int, units: Sequence[frozenset[str]], cut: Sequence[Passage]) -> bool:
    """Whether the unit that a passage gives a duty to is named by the clause above it alone, so that it does not say whose duty it is."""
    unit = units[row]
    if parent < 0 or not unit:
        return False
    return unit <= set(bare_line(cut[parent].quote).split()) and not unit <= set(bare_line(cut[row].quote).split())


def _unit_columns(question: Question, layout: Layout) -> tuple[Floats, Floats]:
    """How much of a duty's unit the question names: for the passage itself, and for the clause that governs it."""
    asked = set(question.bare)
    own = np.array([len(unit & asked) / len(unit) if unit else 0.0 for unit in layout.units], dtype=np.float32)
    return own, np.where(layout.parent >= 0, own[np.maximum(layout.parent, 0)], 0).astype(np.float32)


@lru_cache(maxsize=20_000)
def _groups_in(line: str) -> frozenset[str]:
    return people(bare_line(line))


def _people(passage: Passage) -> frozenset[str]:
    return _groups_in(passage.searched)


def _headings(passage: Passage) -> list[frozenset[str]]:
    """The bare words of the headings above a passage, outermost first; sentences that only announce a list are none."""
    parts = [frozenset(bare_line(part).split()) for part in passage.path.split(" › ")]
    return [part for part in parts if 0 < len(part) <= LONGEST_HEADING]


def _nearest_heading(passage: Passage) -> str:
    return passage.path.rsplit(" › ", 1)[-1]


def _people_above(passage: Passage) -> frozenset[str]:
    """The groups named by the nearest heading or lead-in that names any."""
    for part in reversed(passage.path.split(" › ")):
        found = _groups_in(part)
        if found:
            return found
    return frozenset()


def _scope(passage: Passage, own: frozenset[str], above: frozenset[str]) -> frozenset[str]:
    """Whom a clause is for: those it opens with, else those of the headings above it, else any whom it names."""
    opening = people(" ".join(bare_line(passage.quote).split()[:OPENING_WORDS]))
    return opening or above or own


def features(question: Question, segment: Segment, layout: Layout, asks: Floats, dense: Floats, late: Floats, parts: Floats) -> Floats:
    """Shape (passages, len(NAMES)). `asks` has one probability a kind, `dense` and `late` one score a passage."""
    meaning = dense + LATE_SHARE * late
    words = scaled(segment.words.scores(question.accented))
    bare_raw = segment.bare.scores(question.bare)
    pairs_raw = segment.pairs.scores(question.pairs)
    bare, pairs = scaled(bare_raw), scaled(pairs_raw)
    path = scaled(_path_scores(question, segment))
    terms, terms_path = (scaled(scores) for scores in _term_scores(question.terms, segment))
    lexical = scaled(0.5 * words + bare + pairs + 0.3 * path)
    mass = max(1e-6, segment.bare.weight(question.bare, unknown=float(np.log1p(segment.bare.size))))
    coverage = bare_raw / mass
    coverage_path = (bare_raw + segment.path.scores(question.bare)) / mass
    around = [*_family(lexical, layout), *_family(meaning, layout)]
    tells = layout.tells
    match_own, match_above, conflict, nobody = people_columns(question, layout)
    match, missing, values = _value_columns(question, layout)
    columns = [
        words,
        bare,
        pairs,
        path,
        terms,
        terms_path,
        dense,
        _ranks(dense),
        late,
        _ranks(late),
        meaning,
        _ranks(meaning),
        meaning - meaning.max() if len(meaning) else meaning,
        *parts,
        lexical,
        _ranks(lexical),
        coverage,
        coverage_path,
        *_heading_columns(question, layout),
        np.full(layout.size, float(question.unaccented)),
        around[0],
        around[4],
        around[1],
        around[5],
        _shifted(lexical, 1),
        _shifted(lexical, -1),
        around[2],
        around[6],
        tells @ asks,
        tells[:, int(asks.argmax())] if len(tells) else np.zeros(0),
        *(np.full(layout.size, p) for p in asks),
        *tells.T,
        match_own,
        match_above,
        conflict,
        nobody,
        *scope_columns(question, layout),
        stated_once(question, layout),
        defines(question, layout),
        section_named(question, layout),
        match,
        missing,
        *_number_columns(question, layout),
        *_unit_columns(question, layout),
        *values,
    ]
    return np.hstack([np.array(columns, dtype=np.float32).T, layout.fixed])


def _ranks(scores: Floats) -> Floats:
    """1 for the best, 1/2 for the second, ..."""
    order = np.argsort(-scores, kind="stable")
    ranks = np.empty(len(scores), dtype=np.float32)
    ranks[order] = 1 / np.arange(1, len(scores) + 1, dtype=np.float32)
    return ranks


def _shifted(scores: Floats, by: int) -> Floats:
    moved = np.zeros_like(scores)
    if by > 0:
        moved[by:] = scores[:-by]
    else:
        moved[:by] = scores[-by:]
    return moved


def _family(scores: Floats, layout: Layout) -> tuple[Floats, Floats, Floats, Floats]:
    """The score of the governing clause, the best of those governed, the mean and the best of the siblings."""
    parent = layout.parent
    has = parent >= 0
    above = np.where(has, scores[np.maximum(parent, 0)], 0).astype(np.float32)
    best_below = np.zeros(layout.size, dtype=np.float32)
    total = np.zeros(layout.size, dtype=np.float32)
    np.maximum.at(best_below, parent[has], scores[has])
    np.add.at(total, parent[has], scores[has])
    mean = np.where(has, total[np.maximum(parent, 0)] / np.maximum(1, layout.children[np.maximum(parent, 0)]), 0).astype(np.float32)
    best = np.where(has, best_below[np.maximum(parent, 0)], 0).astype(np.float32)
    return above, best_below, mean, best


def people_columns(question: Question, layout: Layout) -> tuple[Floats, Floats, Floats, Floats]:
    """Of each passage: how many of the groups asked about it and its headings name; is it about others; is none asked about."""
    asked = question.groups
    special = asked & frozenset(SPECIAL)
    wanted = special or asked
    match = np.array([len(wanted & held_) for held_ in layout.people], dtype=np.float32)
    above = np.array([len(wanted & held_) for held_ in layout.people_path], dtype=np.float32)
    conflict = np.array(
        [
            bool(wanted) and not (wanted & (own | over)) and bool((own | over) & frozenset(PEOPLE))
            for own, over in zip(layout.people, layout.people_path, strict=True)
        ],
        dtype=np.float32,
    )
    return match, above, conflict, np.full(layout.size, float(not wanted), dtype=np.float32)


def scope_columns(question: Question, layout: Layout) -> tuple[Floats, Floats]:
    """Of each passage: whether it is for the people asked about, and whether it is for others."""
    special = question.groups & frozenset(SPECIAL)
    wanted = special or question.groups
    match = [float(bool(wanted & scope)) for scope in layout.scope]
    conflict = [float(_for_others(wanted, scope)) for scope in layout.scope]
    return np.array(match, dtype=np.float32), np.array(conflict, dtype=np.float32)


def _for_others(wanted: frozenset[str], scope: frozenset[str]) -> bool:
    if not wanted or not scope or wanted & scope:
        return False
    if wanted == {"individual"}:
        return "collective" in scope
    return "collective" in wanted or scope != {"individual"}


def _heading_columns(question: Question, layout: Layout) -> tuple[Floats, Floats]:
    """How much of the heading above each passage the question names, and of the heading of its part."""
    asked = set(question.bare_text.split())
    own, part = ([len(words & asked) / len(words) if words else 0.0 for words in above] for above in (layout.heading, layout.part))
    return np.array(own, dtype=np.float32), np.array(part, dtype=np.float32)


def _number_columns(question: Question, layout: Layout) -> tuple[Floats, Floats]:
    """Of the numbers that a question names, the share that each passage holds; and how many there are."""
    asked = numbers(question.text)
    share = [len(asked & own) / len(asked) if asked else 0.0 for own in layout.numbers]
    return np.array(share, dtype=np.float32), np.full(layout.size, float(len(asked)), dtype=np.float32)


def _value_columns(question: Question, layout: Layout) -> tuple[Floats, Floats, list[Floats]]:
    asked = question.values
    match = np.array([len(asked & own) for own in layout.values], dtype=np.float32)
    missing = np.array([len(asked - own) for own in layout.values], dtype=np.float32)
    each = [np.array([float(name in own) * (1.0 if name in asked else -0.5) for own in layout.values], dtype=np.float32) for name in VALUES]
    return match, missing, each
