"""What is known of a question and each passage, as one row of readable numbers a passage: the reranker's features.

Scores that depend on the question are scaled by their largest value in the plan, so that rows of different plans compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.kinds import KINDS
from index.passages import Passage
from index.question import Question
from index.search import Segment
from index.values import PATTERNS, held
from index.vocabulary import bare_line, groups

Floats = npt.NDArray[np.float32]

ZONES = ("title", "preamble", "body", "signature", "recipients", "appendix")
PEOPLE = ("collective", "individual", "student", "teacher", "manager", "staff", "party", "youth", "union")
SPECIAL = ("student", "teacher", "manager", "staff", "party", "youth", "union")

NAMES: tuple[str, ...] = (
    "words",
    "bare",
    "pairs",
    "path",
    "terms",
    "terms_path",
    "dense",
    "dense_rank",
    "lexical",
    "lexical_rank",
    "coverage",
    "coverage_path",
    "unaccented",
    "parent_lexical",
    "parent_dense",
    "children_lexical",
    "children_dense",
    "before_lexical",
    "after_lexical",
    "siblings_lexical",
    "siblings_dense",
    "kind",
    "kind_top",
    *(f"asks_{kind}" for kind in KINDS),
    *(f"tells_{kind}" for kind in KINDS),
    "people_match",
    "people_path_match",
    "people_conflict",
    "people_none",
    "values_match",
    "values_missing",
    *(f"value_{name}" for name in PATTERNS),
    *(f"zone_{zone}" for zone in ZONES),
    "heading",
    "governs",
    "bullet",
    "length",
    "depth",
    "position",
    "siblings",
)


def _scaled(scores: Floats) -> Floats:
    largest = float(scores.max()) if len(scores) else 0.0
    return scores / largest if largest > 0 else scores


def lexical_scores(question: Question, segment: Segment) -> Floats:
    """The fused score by words alone, scaled to 1 at best: what answers while there is no model."""
    words, bare = segment.words.scores(question.accented), segment.bare.scores(question.bare)
    return _scaled(
        0.5 * _scaled(words) + _scaled(bare) + _scaled(segment.pairs.scores(question.pairs)) + 0.3 * _scaled(_path_scores(question, segment))
    )


def _path_scores(question: Question, segment: Segment) -> Floats:
    return segment.path.scores({**question.bare, **question.pairs})


def _term_scores(terms: Mapping[str, float], segment: Segment) -> tuple[Floats, Floats]:
    single = {term: weight for term, weight in terms.items() if "_" not in term}
    return segment.bare.scores(single) + segment.pairs.scores(terms), segment.path.scores(terms)


class Layout:
    """What of the features depends on the plan alone; made once a segment."""

    def __init__(self, segment: Segment, tells: Floats) -> None:
        cut = segment.passages
        self.size = len(cut)
        self.tells = tells
        self.parent = np.array([-1 if p.parent is None else p.parent for p in cut], dtype=np.int32)
        self.people = [_people(p) for p in cut]
        self.people_path = [_people_above(p) for p in cut]
        self.values = [held(p.searched) for p in cut]
        sizes = np.bincount(self.parent[self.parent >= 0], minlength=self.size) if self.size else np.zeros(0)
        self.children = sizes.astype(np.float32)
        depth = np.zeros(self.size, dtype=np.float32)
        for row, parent in enumerate(self.parent):
            depth[row] = depth[parent] + 1 if 0 <= parent < row else 0
        siblings = np.array([self.children[p] if p >= 0 else 0 for p in self.parent], dtype=np.float32)
        columns = [
            *([p.zone == zone for p in cut] for zone in ZONES),
            [p.heading for p in cut],
            self.children > 0,
            [p.marker[:1] in ("-", "+", "*", "•") for p in cut],
            [np.log1p(len(p.quote)) for p in cut],
            depth,
            [row / max(1, self.size) for row in range(self.size)],
            np.log1p(siblings),
        ]
        self.fixed = np.array(columns, dtype=np.float32).reshape(len(columns), self.size).T


@lru_cache(maxsize=20_000)
def _groups_in(line: str) -> frozenset[str]:
    return groups().found(bare_line(line))


def _people(passage: Passage) -> frozenset[str]:
    return _groups_in(passage.searched)


def _people_above(passage: Passage) -> frozenset[str]:
    """The groups named by the nearest heading or lead-in that names any."""
    for part in reversed(passage.path.split(" › ")):
        found = _groups_in(part)
        if found:
            return found
    return frozenset()


def features(question: Question, segment: Segment, layout: Layout, asks: Floats, dense: Floats) -> Floats:
    """Shape (passages, len(NAMES)). `asks` has one probability a kind, `dense` one cosine a passage."""
    words = _scaled(segment.words.scores(question.accented))
    bare_raw = segment.bare.scores(question.bare)
    pairs_raw = segment.pairs.scores(question.pairs)
    bare, pairs = _scaled(bare_raw), _scaled(pairs_raw)
    path = _scaled(_path_scores(question, segment))
    terms, terms_path = (_scaled(scores) for scores in _term_scores(question.terms, segment))
    lexical = _scaled(0.5 * words + bare + pairs + 0.3 * path)
    mass = max(1e-6, segment.bare.weight(question.bare, unknown=float(np.log1p(segment.bare.size))))
    coverage = bare_raw / mass
    coverage_path = (bare_raw + segment.path.scores(question.bare)) / mass
    around = [*_family(lexical, layout), *_family(dense, layout)]
    tells = layout.tells
    people, people_path, conflict, nobody = _people_columns(question, layout)
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
        lexical,
        _ranks(lexical),
        coverage,
        coverage_path,
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
        people,
        people_path,
        conflict,
        nobody,
        match,
        missing,
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


def _people_columns(question: Question, layout: Layout) -> tuple[Floats, Floats, Floats, Floats]:
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


def _value_columns(question: Question, layout: Layout) -> tuple[Floats, Floats, list[Floats]]:
    asked = question.values
    match = np.array([len(asked & own) for own in layout.values], dtype=np.float32)
    missing = np.array([len(asked - own) for own in layout.values], dtype=np.float32)
    each = [
        np.array([float(name in own) * (1.0 if name in asked else -0.5) for own in layout.values], dtype=np.float32) for name in PATTERNS
    ]
    return match, missing, each
