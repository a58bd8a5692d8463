"""Whether the plan answers at all: one row of readable numbers a question, for the model that decides on abstention.

What a person asks for by its kind (an amount, a date, a telephone number, a share of votes) must be held by a passage that bears on the
question; words that stand nowhere in the plan, weak scores and an even field speak against an answer.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.fusion import NAMES, Layout
from index.interaction import SUPPORT_NAMES
from index.kinds import KINDS
from index.question import Question
from index.values import VALUES

Floats = npt.NDArray[np.float32]

_NOWHERE = -9.0

_COLUMN = {name: place for place, name in enumerate(NAMES)}
_OF_FIRST = (
    "coverage",
    "coverage_path",
    "dense",
    "late",
    "meaning",
    "lexical",
    "dense_rank",
    "late_rank",
    "kind",
    "terms",
    "path",
    "closing",
    "heading",
    "late_own",
    "late_met",
    "late_strong",
    "late_reverse",
    "late_contrast",
    "late_top",
    "values_match",
    "values_missing",
    "people_conflict",
    "scope_match",
    "scope_conflict",
    "numbers_match",
    "unit_asked",
    "length",
)
_LARGEST = (
    "coverage",
    "coverage_path",
    "dense",
    "late",
    "meaning",
    "kind",
    "late_met",
    "late_strong",
    "late_contrast",
    "late_top",
    "stated_once",
    "defines",
    "section_named",
)

EVIDENCE_NAMES: tuple[str, ...] = (
    "first",
    "second",
    "third",
    "mean_of_five",
    "show_first",
    "show_second",
    *(f"first_{name}" for name in _OF_FIRST),
    *(f"largest_{name}" for name in _LARGEST),
    "second_meaning",
    *SUPPORT_NAMES,
    "first_late_of_support",
    "words",
    "length",
    "follows",
    "values_asked",
    "values_held_by_first",
    "values_best",
    "values_body",
    *(f"{kind}_{what}" for what in ("asked", "best", "first") for kind in VALUES),
    *(f"asks_{kind}" for kind in KINDS),
    *(f"first_tells_{kind}" for kind in KINDS),
)


def evidence(rows: Floats, scores: Floats, show: Floats, support: Floats, layout: Layout, question: Question, asks: Floats) -> Floats:
    """Shape (len(EVIDENCE_NAMES),). `support` is that of the late interaction."""
    order = np.argsort(-scores, kind="stable")
    first = int(order[0])
    top = [float(scores[order[min(i, len(order) - 1)]]) for i in range(3)]
    shown = np.sort(show)[::-1]
    asked = [kind for kind in VALUES if kind in question.values]
    best = {kind: _best(kind, scores, layout) for kind in VALUES}
    meaning = np.sort(rows[:, _COLUMN["meaning"]])[::-1]
    values = [
        *top,
        float(scores[order[:5]].mean()),
        float(shown[0]),
        float(shown[min(1, len(shown) - 1)]),
        *(float(rows[first, _COLUMN[name]]) for name in _OF_FIRST),
        *(float(rows[:, _COLUMN[name]].max()) for name in _LARGEST),
        float(meaning[min(1, len(meaning) - 1)]),
        *map(float, support),
        float(rows[first, _COLUMN["late"]] / max(1e-6, float(support[0]))),
        float(len(question.bare)),
        float(len(question.bare_text.split())),
        float(question.follows),
        float(len(asked)),
        float(sum(kind in layout.values[first] for kind in asked)),
        min((best[kind] for kind in asked), default=0.0),
        float(sum(any(kind in held for held in layout.values) for kind in asked)),
        *(float(kind in asked) for kind in VALUES),
        *(best[kind] if kind in asked else 0.0 for kind in VALUES),
        *(float(kind in layout.values[first]) - 0.5 if kind in asked else 0.0 for kind in VALUES),
        *(float(p) for p in asks),
        *(float(p) for p in layout.tells[first]),
    ]
    return np.array(values, dtype=np.float32)


def _best(kind: str, scores: Floats, layout: Layout) -> float:
    """The best score of a passage that holds a kind of value."""
    return max((float(score) for score, held in zip(scores, layout.values, strict=True) if kind in held), default=_NOWHERE)
