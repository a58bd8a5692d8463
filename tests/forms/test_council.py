"""The council's vote as it is typed, and the exact two thirds of all members."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.council import needed, read_vote
from forms.model import Vote
from forms.values import Invalid
from forms.workflow import NotAllowed


@pytest.mark.parametrize(
    ("text", "vote"),
    [
        ("6/9", Vote(members=9, yes=6)),
        ("9 thành viên, 6 đồng ý, 2 không đồng ý, 1 phiếu trắng", Vote(members=9, yes=6, no=2, abstained=1)),
        ("hoi dong 7 thanh vien; 5 phieu dong y; 2 phieu khong dong y", Vote(members=7, yes=5, no=2)),
        ("6 thành viên đồng ý trên tổng số 9 thành viên", Vote(members=9, yes=6)),
        ("6/9\nTrần Văn Bình: là người được xét", Vote(members=9, yes=6, excluded=(("Trần Văn Bình", "là người được xét"),))),
    ],
)
def test_vote_is_read_as_typed(text: str, vote: Vote) -> None:
    assert read_vote(text) == vote


@pytest.mark.parametrize("text", ["", "đa số đồng ý", "6 đồng ý", "9 thành viên", "6/9\nông Bình vắng"])
def test_vote_that_is_not_clear_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_vote(text)
    assert refused.value.example


@pytest.mark.parametrize("text", ["10/9", "0/0", "6 đồng ý, 4 không đồng ý, 9 thành viên", "8/9\nA: x\nB: y"])
def test_vote_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(NotAllowed):
        read_vote(text)


@given(st.integers(1, 3000))
def test_two_thirds_is_exact(members: int) -> None:
    least = needed(members)
    assert Vote(members=members, yes=least).two_thirds
    assert not Vote(members=members, yes=least - 1).two_thirds
