"""What may follow what, and what each verb leaves in the audit."""

from __future__ import annotations

import pytest

from forms import council, flow, workflow
from forms.dialogue import Edit
from forms.model import Decision, Evidence, Vote
from forms.workflow import NotAllowed
from tests.forms.builders import CLERK, COLLEGE, HEAD, NOW, draft, nomination, say, told


def returned(**reasons: str):
    return workflow.give_back(nomination("ĐC-0123"), reasons, CLERK, NOW)[0]


def mended(held, text: str):
    fixed, _ = say(workflow.reopen(held, 1), text, "[Gửi]")
    return fixed


def test_return_asks_only_for_what_was_wrong():
    held = workflow.reopen(returned(summary="Cần số liệu", phone="Sai số"), author=1)
    _, replies = say(held, Edit(field="summary"))
    assert told(replies[0]).startswith("Cần bổ sung: Tóm tắt thành tích. Lý do: “Cần số liệu”.")
    held, replies = say(held, "Dạy giỏi cấp huyện 2 năm")
    assert told(replies[0]).startswith("Cần bổ sung: Số điện thoại. Lý do: “Sai số”.")
    held, _ = say(held, "[Giữ nguyên]")
    assert held.step == "preview"


def test_resubmission_keeps_the_number_and_shows_what_changed():
    before = returned(summary="Cần số liệu")
    after, changes = workflow.resubmit(before, mended(before, "Dạy giỏi cấp huyện"), HEAD, NOW)
    assert (after.code, after.state, after.version, after.reasons) == ("ĐC-0123", "submitted", 2, {})
    assert [(item.field, item.before, item.after) for item in workflow.differences(before, after)] == [
        ("summary", "Giáo viên dạy giỏi", "Dạy giỏi cấp huyện")
    ]
    assert changes[0].before == {"state": "returned", "summary": "Giáo viên dạy giỏi"}


def test_return_needs_a_reason():
    with pytest.raises(NotAllowed, match="cần lý do"):
        workflow.give_back(nomination(), {"summary": " "}, CLERK, NOW)


@pytest.mark.parametrize(
    ("yes", "members", "state"),
    [
        (6, 9, "approved"),
        (5, 9, "declined"),
        (7, 10, "approved"),
        (6, 10, "declined"),
        (2, 3, "approved"),
        (1, 2, "declined"),
    ],
)
def test_two_thirds_of_all_members_are_counted_exactly(yes, members, state):
    accepted, _ = workflow.accept(nomination(), CLERK, NOW)
    voted, changes = workflow.record_vote(accepted, Vote(members=members, yes=yes, no=members - yes), CLERK, NOW)
    assert voted.state == state
    assert changes[0].after["yes"] == str(yes)


def test_excluded_members_stay_in_the_number_and_are_recorded():
    vote = Vote(members=9, yes=5, no=2, excluded=(("Lê Mai", "là người được đề cử"), ("Lê An", "vợ người được đề cử")))
    accepted, _ = workflow.accept(nomination(), CLERK, NOW)
    voted, changes = workflow.record_vote(accepted, vote, CLERK, NOW)
    assert voted.state == "declined"  # 5 of 7 who voted, but of 9 members
    assert changes[0].after["excluded"] == "Lê Mai, Lê An"


@pytest.mark.parametrize(
    "vote", [Vote(members=5, yes=6), Vote(members=0, yes=0), Vote(members=5, yes=3, no=2, abstained=1)]
)
def test_votes_that_do_not_add_up_are_refused(vote):
    accepted, _ = workflow.accept(nomination(), CLERK, NOW)
    with pytest.raises(NotAllowed, match="Số phiếu không khớp"):
        workflow.record_vote(accepted, vote, CLERK, NOW)


def test_criterion_with_a_vote_holds_forwarding_back():
    filed = nomination(spec=COLLEGE, kind="collective").model_copy(update={"criteria": ("III.2.3.-1",)})
    accepted, _ = workflow.accept(filed, CLERK, NOW)
    with pytest.raises(NotAllowed, match="bỏ phiếu của hội đồng"):
        workflow.forward(accepted, 1, CLERK, NOW)
    voted, _ = workflow.record_vote(accepted, Vote(members=3, yes=2), CLERK, NOW)
    assert workflow.forward(voted, 1, CLERK, NOW)[0].list_number == 1


def test_nothing_is_withdrawn_after_forwarding():
    accepted, _ = workflow.accept(nomination("ĐC-0007"), CLERK, NOW)
    forwarded, _ = workflow.forward(accepted, 3, CLERK, NOW)
    with pytest.raises(NotAllowed, match="ĐC-0007 đã chuyển theo danh sách, không rút được nữa."):
        workflow.withdraw(forwarded, "nhầm", HEAD, NOW)


def test_incomplete_draft_is_not_filed():
    with pytest.raises(NotAllowed, match="Chưa gửi được: Chưa có Họ và tên."):
        workflow.file(draft(kind="individual", role="teacher"), "ĐC-0001", HEAD, NOW)


def test_claims_of_another_role_are_not_filed():
    held = flow.new_draft(
        nomination().spec, org="sao", unit="A", author=1, values={**nomination().values, "role": "teacher"}
    ).model_copy(update={"criteria": ("II.3.-1", "II.2.-1")})
    assert workflow.file(held, "ĐC-0001", HEAD, NOW)[0].criteria == ("II.2.-1",)


def test_evidence_comes_later_and_once():
    filed = nomination()
    more, _ = workflow.add_evidence(filed, Evidence(file_id="a", name="giấy khen.jpg"), HEAD, NOW)
    same, changes = workflow.add_evidence(more, Evidence(file_id="a"), HEAD, NOW)
    assert (len(more.evidence), same, changes) == (1, more, ())


def test_merged_duplicate_is_withdrawn_with_the_number_it_went_into():
    _, changes = workflow.merge(nomination("ĐC-0002"), nomination("ĐC-0001"), CLERK, NOW)
    assert (changes[0].verb, changes[0].reason) == ("withdraw", "Gộp vào ĐC-0001")


def test_amendment_records_before_and_after():
    after, changes = workflow.amend(nomination(), {"seniority": "13 năm"}, CLERK, NOW)
    assert after.values["seniority"] == "13 năm"
    assert (changes[0].before["seniority"], changes[0].after["seniority"]) == ("12 năm", "13 năm")
    assert workflow.amend(after, {"seniority": "13 năm"}, CLERK, NOW) == (after, ())


def test_conclusion_by_minutes_is_for_those_without_a_vote():
    plain, voted = nomination(), nomination(kind="collective", spec=COLLEGE)
    voted = voted.model_copy(update={"criteria": ("III.2.3.-1",)})
    accepted, _ = workflow.accept(plain, CLERK, NOW)
    decided, changes = workflow.decide(accepted, Decision(approved=False, minutes="Biên bản số 05"), CLERK, NOW)
    assert (decided.state, decided.decision, changes[0].reason) == (
        "declined",
        Decision(approved=False, minutes="Biên bản số 05"),
        "Biên bản số 05",
    )
    assert workflow.decide(decided, Decision(approved=True), CLERK, NOW)[0].state == "approved"
    accepted, _ = workflow.accept(voted, CLERK, NOW)
    with pytest.raises(NotAllowed, match="có tiêu chí cần hội đồng bỏ phiếu"):
        workflow.decide(accepted, Decision(approved=True), CLERK, NOW)


@pytest.mark.parametrize(("members", "enough"), [(1, 1), (2, 2), (3, 2), (4, 3), (7, 5), (9, 6), (10, 7), (15, 10), (16, 11)])
def test_two_thirds_are_counted_exactly_of_all_members(members, enough):
    assert Vote(members=members, yes=enough).two_thirds
    assert not Vote(members=members, yes=enough - 1).two_thirds
    assert council.needed(members) == enough


def test_second_reason_is_added_and_reaches_the_draft_that_is_open_already():
    once = returned(summary="Cần số liệu")
    opened = workflow.reopen(once, 1)
    typed, _ = say(opened, "Dạy giỏi cấp tỉnh")
    twice, _ = workflow.give_back(once, {"phone": "Sai số"}, CLERK, NOW)
    assert twice.reasons == {"summary": "Cần số liệu", "phone": "Sai số"}
    asked = workflow.wanted_since(typed, twice)
    assert (asked.step, asked.reasons, asked.values["summary"]) == ("phone", {"phone": "Sai số"}, "Dạy giỏi cấp tỉnh")
    mended_both, _ = say(asked, "0987 654 321", "[Gửi]")
    assert workflow.resubmit(twice, mended_both, HEAD, NOW)[0].reasons == {}
    assert workflow.wanted_since(mended_both, once) == mended_both
