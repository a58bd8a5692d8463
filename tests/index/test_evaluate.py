from __future__ import annotations

from typing import Any

import pytest

from index.evaluate import report, score

SOURCES = {"a.txt": "1. hồ sơ gồm tờ trình. 2. gửi trước ngày 15/5."}
ASKED: dict[str, Any] = {
    "id": "1",
    "expect": "answer",
    "gold": [{"doc": "a.txt", "quote": "Hồ sơ gồm tờ trình"}],
    "must": ["tờ trình|giấy"],
    "variant": "plain",
    "kind": "dossier",
    "org": "a",
}


def told(quote: str, source: str = "a.txt", **more: Any) -> dict[str, Any]:
    clause = {"source": source, "org": "a", "ref": "1", "quote": quote}
    return {"id": "1", "kind": "answer", "text": f"“{quote}”", "clauses": [clause], "candidates": [clause], "ms": 2.0, **more}


def test_score_the_clause_that_decides_is_right() -> None:
    scored = score(ASKED, told("1. Hồ sơ gồm tờ trình."), SOURCES)
    assert (scored.right, scored.rank, scored.recall, scored.leak, scored.not_verbatim) == (True, 1, 1.0, False, 0)
    assert scored.focus == pytest.approx(18 / 22)


@pytest.mark.parametrize(
    "answer",
    [
        told("2. Gửi trước ngày 15/5."),
        told("1. Hồ sơ gồm tờ trình.", source="b.txt"),
        told("1. Hồ sơ gồm tờ trình và đơn."),
        told("1. Hồ sơ gồm tờ trình.", text="“1. Hồ sơ gồm tờ trình.”" + "x" * 1600),
        {"id": "1", "kind": "abstain", "text": "", "clauses": [], "candidates": []},
    ],
    ids=["another clause", "another source", "not verbatim", "too long", "silent"],
)
def test_score_anything_else_is_wrong(answer: dict[str, Any]) -> None:
    assert not score(ASKED, answer, SOURCES).right


def test_score_abstention_shows_no_clause() -> None:
    asked = ASKED | {"expect": "abstain", "gold": [], "must": []}
    assert score(asked, {"id": "1", "kind": "abstain", "text": "", "clauses": []}, SOURCES).right
    assert not score(asked, told("1. Hồ sơ gồm tờ trình."), SOURCES).right


def test_report_counts_by_kind_and_variant() -> None:
    figures, scored = report([ASKED], [told("1. Hồ sơ gồm tờ trình.")], SOURCES)
    assert figures["right"] == 1.0
    assert figures["right by variant"] == {"plain": "1.00 of 1"}
    assert [s.right for s in scored] == [True]
