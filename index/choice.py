"""How much to show: each passage beside the one ranked first, as one row of readable numbers, and the choice made from the outcome.

A list asked for comes whole and an item comes with the sentence that governs it; what does not bear on the question stays out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.fusion import NAMES, Layout
from index.kinds import KINDS
from index.passages import Passage
from index.question import Question

Floats = npt.NDArray[np.float32]

CONSIDERED = 25  # passages from the top that may be shown
LONGEST_TEXT = 900  # characters of quotations in a first answer
REST_OF_LIST = 150  # more, so that a list that is nearly whole becomes whole
LONGEST_GOVERNING = 320
ASIDE = ("appendix", "recipients", "signature")  # shown where they answer, not beside a rule that does
USUAL_LENGTH = 200  # characters of a passage
LENGTH_COUNTS = 0.3  # the power of a passage's length, in usual ones, by which it must be likelier
LEAST_LIKELY = 0.03  # the probability under which nothing is shown beside the likeliest
WHOLE_FROM = 0.6  # the share of a list from which it is shown whole

_ASKS_LIST = re.compile(
    r"nhung|cac |gom|ke |may |day du|tat ca|bao gom|nhu the nao|ra sao|the nao|can gi|gi nua|dieu kien|tieu chuan|tieu chi|giay to"
)
_FROM_FEATURES = (
    "lexical",
    "dense",
    "coverage",
    "coverage_path",
    "heading_named",
    "part_named",
    "kind",
    "heading",
    "governs",
    "bullet",
    "length",
    "depth",
    "people_match",
    "people_path_match",
    "people_conflict",
    "values_match",
    "values_missing",
    "zone_body",
    "siblings_meaning",
    "siblings_lexical",
    "late",
    "late_own",
    "late_met",
    "late_reverse",
    "late_contrast",
    "late_top",
    "meaning",
    "meaning_below_best",
    "scope_match",
    "scope_conflict",
    "stated_once",
    "defines",
    "section_named",
    "terms",
    "closing",
    "fact_criterion",
    "fact_general",
    "fact_dossier",
    "fact_duty",
    "unit_asked",
    "unit_asked_above",
)
_COLUMNS = [NAMES.index(name) for name in _FROM_FEATURES]

CONTEXT_NAMES: tuple[str, ...] = (
    "score",
    "probability",
    "rank",
    "below_first",
    "first",
    "second",
    "third",
    "sibling_of_first",
    "governs_first",
    "governed_by_first",
    "distance",
    "behind",
    "siblings",
    "siblings_mean",
    "siblings_second",
    "governed_mean",
    "governed_best",
    "governing",
    "ends_with_colon",
    "governing_ends_with_colon",
    "first_ends_with_colon",
    "first_siblings",
    "first_siblings_mean",
    "first_governs",
    "list_words",
    "question_length",
    *_FROM_FEATURES,
    *(f"asks_{kind}" for kind in KINDS),
)


def context(rows: Floats, scores: Floats, layout: Layout, cut: Sequence[Passage], question: Question, asks: Floats) -> Floats:
    """Shape (passages, len(CONTEXT_NAMES)), from the ranking's features and scores (log-odds)."""
    size, parent = len(scores), layout.parent
    probability = 1 / (1 + np.exp(-scores))
    order = np.argsort(-scores, kind="stable")
    rank = np.empty(size, dtype=np.float32)
    rank[order] = np.arange(size)
    first = int(order[0])
    best = [float(scores[order[min(i, size - 1)]]) for i in range(3)]
    has = parent >= 0
    above = np.maximum(parent, 0)
    siblings = np.where(has, layout.children[above], 0)
    sums, largest, second = np.zeros(size), np.zeros(size), np.zeros(size)
    np.add.at(sums, parent[has], probability[has])
    items = order[has[order]]  # the likeliest first
    items = items[np.argsort(parent[items], kind="stable")]
    _, begins, counts = np.unique(parent[items], return_index=True, return_counts=True)
    largest[parent[items[begins]]] = probability[items[begins]]
    several = begins[counts > 1]
    second[parent[items[several]]] = probability[items[several + 1]]
    means = sums / np.maximum(1, layout.children)
    siblings_mean = np.where(has, means[above], 0)
    colon = np.array([_ends_with_colon(p) for p in cut])
    rows_index = np.arange(size)
    columns = [
        scores,
        probability,
        rank,
        scores - scores[first],
        *(np.full(size, value) for value in best),
        (parent == parent[first]) & has,
        rows_index == parent[first],
        parent == first,
        np.abs(rows_index - first),
        rows_index - first,
        siblings,
        siblings_mean,
        np.where(has, second[above], 0),
        means,
        largest,
        np.where(has, probability[above], 0),
        colon,
        np.where(has, colon[above], False),
        np.full(size, colon[first]),
        np.full(size, siblings[first]),
        np.full(size, siblings_mean[first]),
        np.full(size, layout.children[first]),
        np.full(size, len(_ASKS_LIST.findall(question.bare_text))),
        np.full(size, len(question.bare_text.split())),
        *rows[:, _COLUMNS].T,
        *(np.full(size, p) for p in asks),
    ]
    return np.array(columns, dtype=np.float32).T


def chosen(
    show: Floats,
    scores: Floats,
    cut: Sequence[Passage],
    share: float,
    longest: int = LONGEST_TEXT,
    conflict: npt.NDArray[np.bool_] | None = None,
    unit_above: npt.NDArray[np.bool_] | None = None,
) -> list[int]:
    """The rows to show, in the order of the text: those likely enough beside the likeliest, and the sentence that governs a shown item.

    Likely enough is a `share` of the likeliest one's probability for a passage of usual length, more for a longer one.

    Their quotations come to at most `longest` characters, but for one clause that is longer alone, and the rest of a list.
    `conflict` marks rows about other people than those asked about: none stands beside a row that is about the right ones.
    `unit_above` marks duties whose unit the clause above them names: that clause stands with them.
    """
    order = np.argsort(-scores, kind="stable")[:CONSIDERED]
    ranked = sorted((int(row) for row in order), key=lambda row: -show[row])
    picked: list[int] = []
    length = 0
    wanted = share * float(show[ranked[0]]) if ranked else 0.0
    for row in ranked:
        needed = max(LEAST_LIKELY, wanted * (len(cut[row].quote) / USUAL_LENGTH) ** LENGTH_COUNTS)
        aside = bool(picked) and cut[row].zone in ASIDE and cut[row].zone != cut[picked[0]].zone
        aside = aside or (bool(picked) and conflict is not None and bool(conflict[row]) and not conflict[picked[0]])
        if picked and (aside or show[row] < needed or length + len(cut[row].quote) > longest):
            continue
        picked.append(row)
        length += len(cut[row].quote)
    for item in _announced(picked, show, cut, longest + REST_OF_LIST - length):
        picked.append(item)
        length += len(cut[item].quote)
    for item in _rest_of_lists(picked, cut):
        if length + len(cut[item].quote) <= longest + REST_OF_LIST:
            picked.append(item)
            length += len(cut[item].quote)
    for row in list(picked):
        governing = cut[row].parent
        if governing is None or governing in picked:
            continue
        names_unit = unit_above is not None and bool(unit_above[row]) and len(cut[governing].quote) <= LONGEST_GOVERNING
        if names_unit or _governs(cut[governing]):
            size = len(cut[governing].quote)
            if length + size <= longest + 2 * REST_OF_LIST:
                picked.append(governing)
                length += size
    return sorted(picked)


def _announced(picked: Sequence[int], show: Floats, cut: Sequence[Passage], room: int) -> list[int]:
    """What stands below shown sentences that only announce it ("gồm:", a heading) and would say nothing alone: the likeliest first."""
    taken = set(picked)
    found: list[int] = []
    for row in picked:
        below = [item for item, passage in enumerate(cut) if passage.parent == row]
        announces = cut[row].heading or _ends_with_colon(cut[row])
        if not below or not announces or taken & set(below):
            continue
        for item in sorted(below, key=lambda item: -show[item]):
            if len(cut[item].quote) <= room:
                found.append(item)
                room -= len(cut[item].quote)
    return found


def _rest_of_lists(picked: Sequence[int], cut: Sequence[Passage]) -> list[int]:
    """The items left out of lists of which most are shown."""
    lists: dict[int, list[int]] = {}
    for row, passage in enumerate(cut):
        if passage.parent is not None and not passage.heading:
            lists.setdefault(passage.parent, []).append(row)
    taken = set(picked)
    rest: list[int] = []
    for items in lists.values():
        inside = [row for row in items if row in taken]
        if len(inside) >= 2 and len(inside) >= WHOLE_FROM * len(items):
            rest.extend(row for row in items if row not in taken)
    return rest


def _governs(passage: Passage) -> bool:
    """Whether a clause announces its items, so that they say less or something else without it."""
    return _ends_with_colon(passage) and len(passage.quote) <= LONGEST_GOVERNING


def _ends_with_colon(passage: Passage) -> bool:
    return passage.quote.rstrip(" *\n").endswith(":")
