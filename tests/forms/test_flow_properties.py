"""Whatever people do in whatever order: no invalid state, no lost value, back after forward is the identity."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms import asking, flow
from forms.dialogue import (
    Attach,
    Back,
    Cancel,
    Edit,
    HandOver,
    Pause,
    Press,
    Refuse,
    Resume,
    Skip,
    Start,
    Submitted,
    Text,
    Undo,
)
from forms.fields import QUESTIONS, question, questions
from forms.model import Draft
from tests.forms.builders import BARE, COLLEGE, SCHOOL, draft

TYPED = st.one_of(
    st.sampled_from(
        [
            "Nguyễn Thị Hoa",
            "H'Hen Niê",
            "12 năm 6 tháng",
            "từ năm 2010",
            "0912 345 678",
            "0912",
            "hoa@x.edu.vn",
            "hoa@",
            "không có",
            "Cá nhân",
            "Tập thể",
            "Nhà giáo",
            "1, 2",
            "9",
            "tất cả",
            "Bỏ qua",
            "Quay lại",
            "Xong",
            "Đã đồng ý",
            "Gửi",
            "Huỷ",
            "đề cử cô Lê Thị Mai khoa Toán, 3 năm, 0987 654 321, mai@x.edu.vn, thành tích dạy giỏi",
            "=1+1",
            "",
            "x" * 7_000,
        ]
    ),
    st.text(max_size=40),
)
EVENTS = st.one_of(
    st.builds(Text, text=TYPED),
    st.integers(0, 30),  # the n-th button of the present keyboard, chosen when it is known
    st.builds(
        Press, action=st.text(max_size=12) | st.sampled_from(["submit", "on.1", "agree"]), revision=st.integers(0, 40)
    ),
    st.builds(
        Attach, file_id=st.sampled_from("abc"), name=st.text(max_size=20), caption=st.sampled_from(["", "2", "99"])
    ),
    st.builds(Edit, field=st.sampled_from(["kind", "role", "name", "email", "criteria", "consent", "preview", "x1"])),
    st.sampled_from(
        [Back(), Skip(), Cancel(), Undo(), Pause(), Resume(), HandOver(author=5), Start(), Start(text="0912 345 678")]
    ),
)
SPECS = st.sampled_from([SCHOOL, COLLEGE, BARE])
CHOSEN = {"kind", "field", "role"}


def played(held: Draft, event: object) -> object:
    if not isinstance(event, int):
        return event
    buttons = asking.offered(held)
    action = buttons[event % len(buttons)].action if buttons else "none"
    return Press(action=action, revision=held.revision)


def hold(before: Draft, after: Draft, event: object, replies: tuple[object, ...]) -> None:
    """What must be so after every event."""
    assert after == before or after.revision == before.revision + 1
    assert after.step in {entry.id for entry in questions(after)}
    assert set(after.trail) <= {entry.id for entry in QUESTIONS}
    for button in asking.offered(after):
        assert len(f"123456789:{after.revision}:{button.action}".encode()) <= 64
    for field, value in before.values.items():
        assert after.values.get(field) or field in {*CHOSEN, "consent"}, f"{field} lost: {value!r}"
    for ref in before.criteria:
        assert ref in after.criteria or (isinstance(event, Press) and event.action.startswith("off."))
    assert set(before.evidence) <= set(after.evidence)
    if any(isinstance(reply, Submitted) for reply in replies):
        assert flow.problems(after) == ()
        assert after.status == "submitted"
    if any(isinstance(reply, Refuse) for reply in replies) and isinstance(event, Text) and len(replies) == 2:
        assert after == before
    if before.status != "open" and after.status != "open":
        assert (after.values, after.criteria, after.evidence) == (before.values, before.criteria, before.evidence)
    asking.ask(after)


def run(spec, events) -> None:
    held = draft(spec)
    for event in events:
        event = played(held, event)
        after, replies = flow.advance(held, event)
        hold(held, after, event, replies)
        back_is_the_way_back(held, after, event)
        held = after


def back_is_the_way_back(before: Draft, after: Draft, event: object) -> None:
    moved = after.status == before.status == "open" and after.step != before.step
    went_back = (
        isinstance(event, Back)
        or (isinstance(event, Press) and event.action == "back")
        or len(after.trail) <= len(before.trail)
    )
    if not moved or went_back or question(after, before.step) is None:
        return
    returned, _ = flow.advance(after, Back())
    assert (returned.step, returned.trail) == (before.step, before.trail)
    assert returned.values == after.values
    assert returned.criteria == after.criteria


SEQUENCES = st.lists(EVENTS, max_size=25)


@given(SPECS, SEQUENCES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_flow_holds_under_any_events(spec, events):
    run(spec, events)


@pytest.mark.slow
@given(SPECS, SEQUENCES)
@settings(max_examples=2_500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_flow_holds_under_thousands_of_event_sequences(spec, events):
    run(spec, events)


@given(st.lists(st.one_of(st.builds(Text, text=TYPED), st.integers(0, 9)), max_size=30))
@settings(max_examples=100, deadline=None)
def test_draft_survives_being_stored_at_every_step(events):
    held = draft()
    for event in events:
        held, _ = flow.advance(held, played(held, event))
        assert Draft.model_validate_json(held.model_dump_json()) == held
