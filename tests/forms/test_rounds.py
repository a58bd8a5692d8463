"""Rounds: opened, watched, closed into a fixed list, corrected."""

from __future__ import annotations

from datetime import date

import pytest

from forms import rounds, workflow
from forms.workflow import NotAllowed
from tests.forms.builders import CLERK, HEAD, NOW, SCHOOL, nomination

DAY = date(2026, 11, 1)


def opened(**more):
    return rounds.open_round(SCHOOL, "Đợt 1", DAY, CLERK, **more)[0].model_copy(update={"id": 1})


def filed(code, unit="A", state="accepted"):
    return nomination(code, of_unit=unit).model_copy(update={"round_id": 1, "state": state})


def test_progress_tells_filed_nobody_and_missing():
    held, _ = rounds.nominate_nobody(opened(units=("A", "B", "C")), "B", HEAD)
    found = rounds.progress(
        held, [filed("ĐC-0001"), filed("ĐC-0002"), filed("ĐC-0003", "D"), filed("ĐC-0004", "C", "withdrawn")]
    )
    assert (found.filed, found.nobody, found.missing) == ((("A", 2), ("D", 1)), ("B",), ("C",))


@pytest.mark.parametrize(
    ("today", "takes"),
    [(date(2026, 10, 31), False), (DAY, True), (date(2026, 11, 20), True), (date(2026, 11, 21), False)],
)
def test_closing_day_itself_still_counts(today, takes):
    assert rounds.takes(opened(closes=date(2026, 11, 20)), today) is takes


def test_standing_round_never_closes_by_itself():
    assert rounds.takes(opened(standing=True), date(2031, 1, 1))


def test_round_that_closes_before_it_opens_is_refused():
    with pytest.raises(NotAllowed, match="Ngày đóng 31/10/2026 trước ngày mở 01/11/2026"):
        opened(closes=date(2026, 10, 31))


def test_closing_fixes_the_accepted_and_a_correction_replaces_the_list():
    held = opened(units=("A",))
    first = [filed("ĐC-0001"), filed("ĐC-0002"), filed("ĐC-0003", state="submitted")]
    closed, fixed, _ = rounds.close(held, first, 7, CLERK, NOW)
    assert (closed.state, fixed.codes, fixed.label) == ("closed", ("ĐC-0001", "ĐC-0002"), "Bản 1")
    with pytest.raises(NotAllowed, match="không khác bản 1"):
        rounds.correct(fixed, closed, first, CLERK, NOW)
    amended, _ = workflow.amend(first[0], {"seniority": "13 năm"}, CLERK, NOW)
    second, changes = rounds.correct(fixed, closed, [amended, *first[1:]], CLERK, NOW)
    assert (second.label, second.number) == ("Bản 2, thay bản 1", 7)
    assert fixed.nominations[0].values["seniority"] == "12 năm"
    assert changes[0].after == {"round": "Bản 2, thay bản 1"}


def test_closed_round_takes_no_answer_and_no_new_day():
    closed, _, _ = rounds.close(opened(), [], 1, CLERK, NOW)
    for act in (lambda: rounds.nominate_nobody(closed, "A", HEAD), lambda: rounds.postpone(closed, None, CLERK)):
        with pytest.raises(NotAllowed, match="đã đóng"):
            act()
    assert not rounds.takes(closed, DAY)


def test_open_round_needs_no_correction():
    _, fixed, _ = rounds.close(opened(), [], 1, CLERK, NOW)
    with pytest.raises(NotAllowed, match="chưa đóng"):
        rounds.correct(fixed, opened(), [], CLERK, NOW)
