"""The guided conversation, step by step."""

from __future__ import annotations

import pytest

from forms import asking, flow
from forms.asking import offered
from forms.dialogue import (
    Ask,
    Attach,
    Back,
    Cancel,
    Edit,
    HandOver,
    Note,
    Pause,
    Press,
    Preview,
    Refuse,
    Resume,
    Skip,
    Start,
    Submitted,
    Text,
    Undo,
)
from forms.model import FormSpec
from forms.texts import FormTexts
from knowledge.extract import understand
from knowledge.plans import digests
from knowledge.readers import read
from tests.forms.builders import BARE, COLLEGE, PERSON, SCHOOL, draft, say, school_plan, told


def ready():
    return draft(**PERSON)


def test_conversation_of_an_individual_reads_as_a_chat():
    held, lines = draft(), []
    for turn in (
        "[Cá nhân]",
        "[Nhà giáo]",
        "Nguyễn Thị Hoa",
        "12 năm",
        "Giáo viên dạy giỏi",
        "0912 345",
        "0912 345 678",
        "[Không có]",
        "1, 3",
        "[Đã đồng ý]",
        "[Gửi]",
    ):
        held, replies = say(held, turn)
        lines += [f"trưởng đơn vị: {turn}", *(f"bot: {told(reply)}" for reply in replies)]
    assert lines == [
        "trưởng đơn vị: [Cá nhân]",
        "bot: Người được đề cử thuộc nhóm nào? [Nhà giáo] [Hiệu trưởng, phó hiệu trưởng] [Nhân viên, người lao động]"
        " [Quay lại] [Huỷ]",
        "trưởng đơn vị: [Nhà giáo]",
        "bot: Họ và tên người được đề cử? [Quay lại] [Huỷ]",
        "trưởng đơn vị: Nguyễn Thị Hoa",
        "bot: Thâm niên giảng dạy? [Không có] [Bỏ qua] [Quay lại] [Huỷ]",
        "trưởng đơn vị: 12 năm",
        "bot: Tóm tắt thành tích nổi bật? [Bỏ qua] [Quay lại] [Huỷ]",
        "trưởng đơn vị: Giáo viên dạy giỏi",
        "bot: Số điện thoại của người được đề cử? [Không có] [Bỏ qua] [Quay lại] [Huỷ]",
        "trưởng đơn vị: 0912 345",
        "bot: Số điện thoại “0912 345” có 7 chữ số, không phải số gọi được ở Việt Nam. Ví dụ: 0912 345 678, hoặc: không có.",
        "bot: Số điện thoại của người được đề cử? [Không có] [Bỏ qua] [Quay lại] [Huỷ]",
        "trưởng đơn vị: 0912 345 678",
        "bot: Email của người được đề cử? [Không có] [Bỏ qua] [Quay lại] [Huỷ]",
        "trưởng đơn vị: [Không có]",
        "bot: Thầy/cô ấy đạt những tiêu chí nào của kế hoạch? [☐ 1] [☐ 2] [☐ 3] [Xong] [Quay lại] [Huỷ]",
        "trưởng đơn vị: 1, 3",
        "bot: Họ tên, đơn vị, thâm niên, thành tích, điện thoại, email của Nguyễn Thị Hoa sẽ gửi thư ký thi đua khen thưởng để"
        " lập danh sách đề nghị; dữ liệu đi qua Telegram (nền tảng nước ngoài). Nguyễn Thị Hoa đã được báo và đồng ý chưa?"
        " [Đã đồng ý] [Chưa, lưu nháp] [Quay lại] [Huỷ]",
        "trưởng đơn vị: [Đã đồng ý]",
        "bot: Xem lại: Nguyễn Thị Hoa | Trường THCS Bình Minh | 12 năm | Giáo viên dạy giỏi | ĐT: 0912 345 678 Email: Không có",
        "trưởng đơn vị: [Gửi]",
        "bot: (gửi)",
    ]
    assert held.status == "submitted"
    assert [item.text for item in held.claimed()] == ["Có sáng kiến", "Nêu gương"]


def test_individual_needs_at_most_fifteen_taps_with_every_criterion_tapped():
    turns = ["[Cá nhân]", "[Nhà giáo]", "Nguyễn Thị Hoa", "12 năm", "Dạy giỏi", "0912 345 678", "[Không có]"]
    turns += ["[☐ 1]", "[☐ 2]", "[☐ 3]", "[Xong]", "[Đã đồng ý]", "[Gửi]"]
    _, replies = say(draft(), *turns)
    assert isinstance(replies[-1], Submitted)
    assert len(turns) + 1 <= 15  # with /decu


@pytest.mark.parametrize("digest", digests(), ids=lambda digest: digest.slug)
def test_individual_of_a_real_plan_needs_at_most_fifteen_taps_and_texts(digest):
    """Counted from /decu to [Gửi], with two criteria ticked, nothing skipped, and for the next nominee from the button on."""
    spec = FormSpec.from_plan(understand(read(digest.path, source=digest.path.name), org=digest.slug))
    counts = []
    held = flow.new_draft(spec, org=digest.slug, unit="Khoa Sư phạm", author=1)
    for _ in range(3):
        taps = 1  # /decu, then the button for the next nominee
        replies = ()
        while not any(isinstance(reply, Submitted) for reply in replies):
            held, replies, more = answered(held)
            taps += more
        counts.append(taps)
        held = flow.next_draft(held)
    assert max(counts) <= 15, counts


TYPED = {
    "name": "Nguyễn Thị Hoa",
    "seniority": "12 năm",
    "summary": "Dạy giỏi cấp tỉnh",
    "phone": "0912 345 678",
    "email": "hoa@truong.edu.vn",
    "unit": "Khoa Sư phạm",
}


def answered(held):
    """The present question answered as people do; how many taps or texts that took."""
    buttons = offered(held)
    if held.step == "criteria":
        ticks = [button for button in buttons if button.action.startswith("on.")][:2]
        for tick in ticks:
            held, _ = flow.advance(held, Press(action=tick.action, revision=held.revision))
        held, replies = say(held, "[Xong]")
        return held, replies, len(ticks) + 1
    if held.step in TYPED:
        return *say(held, TYPED[held.step]), 1
    wanted = {"consent": "[Đã đồng ý]", "preview": "[Gửi]"}.get(held.step, f"[{buttons[0].label}]")
    return *say(held, wanted), 1


def test_group_is_asked_for_its_contact_and_not_for_seniority_or_role():
    held, _ = say(draft(), "[Tập thể]")
    steps = []
    for text in ("Tổ Toán", "Dẫn đầu", "Trần Văn An", "không có", "không có", "tất cả"):
        steps.append(held.step)
        held, replies = say(held, text)
    assert steps == ["name", "summary", "contact", "phone", "email", "criteria"]
    assert "Người đại diện của Tổ Toán đã được báo" in told(replies[-1])


def test_field_decides_which_roles_are_asked_for():
    held, _ = say(draft(COLLEGE), "[Cá nhân]", "[Xây dựng Đảng]")
    assert held.step == "name"
    assert held.values["role"] == "party_member"  # a choice between one is no question
    held, replies = say(draft(COLLEGE), "[Cá nhân]", "[Đổi mới dạy học]")
    assert [button.label for button in replies[-1].buttons][:2] == ["Nhà giáo", "Học sinh, sinh viên"]


def test_student_is_not_asked_for_seniority():
    held, _ = say(draft(COLLEGE), "[Cá nhân]", "[Đổi mới dạy học]", "[Học sinh, sinh viên]", "Lò Thị Mai")
    assert held.step == "summary"


def test_plan_without_criteria_asks_none():
    held, _ = say(draft(BARE), "[Cá nhân]", "Nguyễn Hoa", "5 năm", "Tốt", "không có", "không có")
    assert held.step == "consent"


def test_consent_names_the_unit_that_chairs_the_field():
    held = draft(COLLEGE, **{**PERSON, "field": "Đổi mới dạy học"}).model_copy(update={"step": "consent"})
    assert "sẽ gửi Phòng Đào tạo để lập" in told(asking.ask(held))


def test_unit_is_asked_only_where_it_is_not_known():
    held, _ = say(draft(unit=""), "[Cá nhân]", "[Nhà giáo]", "Nguyễn Hoa")
    assert held.step == "unit"


def test_refused_value_leaves_the_old_one():
    held, _ = say(ready(), Edit(field="email"))
    changed, replies = say(held, "hoa@truong")
    assert changed == held
    assert isinstance(replies[0], Refuse)
    assert isinstance(replies[1], Ask)
    assert replies[1].value == "hoa.nt@truong.edu.vn"


def test_edit_from_the_preview_returns_to_it():
    held = ready().model_copy(update={"step": "preview", "skipped": ("criteria",)})
    held, _ = say(held, "[Sửa email]", "hoa@moi.edu.vn")
    assert (held.step, held.values["email"]) == ("preview", "hoa@moi.edu.vn")


def test_keep_goes_on_without_typing_again():
    held = ready().model_copy(update={"step": "preview", "skipped": ("criteria",)})
    held, _ = say(held, "[Sửa email]", "[Giữ nguyên]")
    assert (held.step, held.values["email"]) == ("preview", "hoa.nt@truong.edu.vn")


def test_changed_name_asks_for_consent_again():
    held = ready().model_copy(update={"step": "preview", "skipped": ("criteria",)})
    held, _ = say(held, Edit(field="name"), "Trần Thị Mai")
    assert held.step == "consent"


def test_submit_says_all_that_is_missing_and_asks_for_it_in_turn():
    held = draft(kind="individual", role="teacher", name="Nguyễn Hoa", email="không có", consent="yes")
    held = held.model_copy(update={"skipped": ("seniority", "summary", "phone", "criteria"), "step": "preview"})
    held, replies = say(held, "[Gửi]")
    assert [told(reply) for reply in replies[:3]] == [
        "Chưa có Thâm niên giảng dạy.",
        "Chưa có Tóm tắt thành tích.",
        "Chưa có Số điện thoại.",
    ]
    held, _ = say(held, "12", "Dạy giỏi")
    assert held.step == "phone"
    held, replies = say(held, "không có", "[Gửi]")
    assert isinstance(replies[-1], Submitted)
    assert held.values["seniority"] == "12 năm"


def test_preview_without_consent_is_not_submitted():
    held = draft(**{**PERSON, "consent": ""}).model_copy(update={"step": "preview", "skipped": ("criteria",)})
    held, replies = say(held, "[Gửi]")
    assert told(replies[0]) == FormTexts.CONSENT_NEEDED
    assert held.step == "consent"


def test_skipped_required_field_is_said_to_be_required():
    held, replies = say(draft(), "[Cá nhân]", "[Nhà giáo]", "Nguyễn Hoa", "[Bỏ qua]")
    assert told(replies[0]).startswith("Tạm để trống “Thâm niên giảng dạy”. Mục này bắt buộc theo mẫu")
    assert held.step == "summary"


def test_seniority_is_required_only_where_the_plan_has_a_table_with_it():
    held = draft(BARE, **{**PERSON, "seniority": ""})
    assert flow.problems(held) == ()
    held = draft(SCHOOL, **{**PERSON, "seniority": ""})
    assert [item.field for item in flow.problems(held)] == ["seniority"]


def test_stale_press_changes_nothing():
    held, _ = say(draft(), "[Cá nhân]")
    old = Press(action="pick.1", revision=held.revision - 1)
    assert flow.advance(held, old) == (held, (Note(text=FormTexts.STALE, code="stale"),))


def test_quick_ticks_on_the_same_keyboard_both_count():
    held = draft(**{**PERSON, "consent": ""}).model_copy(update={"step": "criteria"})
    asked = held.revision
    held, _ = flow.advance(held, Press(action="on.0", revision=asked))
    held, _ = flow.advance(held, Press(action="on.2", revision=asked))
    again, replies = flow.advance(held, Press(action="on.2", revision=asked))
    assert [item.text for item in held.claimed()] == ["Có sáng kiến", "Nêu gương"]
    assert again == held
    assert told(replies[0]) == FormTexts.STALE


def test_tick_from_before_the_question_was_asked_again_is_stale():
    held, _ = say(draft(**{**PERSON, "consent": ""}), Edit(field="email"), Edit(field="criteria"))
    _, replies = flow.advance(held, Press(action="on.0", revision=held.since - 1))
    assert told(replies[0]) == FormTexts.STALE


@pytest.mark.parametrize("action", ["pick.9", "submit", "on.x", "edit.nothing", "", "done", "a" * 60])
def test_press_that_is_not_offered_is_refused(action):
    held = draft()
    assert flow.advance(held, Press(action=action, revision=held.revision))[0] == held


def test_tick_on_a_paused_draft_is_not_taken():
    held = draft(**{**PERSON, "consent": ""}).model_copy(update={"step": "criteria", "status": "paused"})
    assert flow.advance(held, Press(action="on.0", revision=held.revision))[0] == held


def test_criteria_out_of_range_are_refused_by_number():
    held = draft(**{**PERSON, "consent": ""}).model_copy(update={"step": "criteria"})
    same, replies = say(held, "1, 7")
    assert same == held
    assert told(replies[0]) == "Không có tiêu chí số 7, danh sách có 3 tiêu chí. Ví dụ: 1, 3 hoặc: tất cả."


def test_principal_sees_one_criterion_more():
    held = draft(**{**PERSON, "role": "principal"})
    assert [item.text for item in held.options()] == ["Có sáng kiến", "Dạy giỏi", "Nêu gương", "Trường đạt danh hiệu"]


def test_file_belongs_to_the_criterion_ticked_last_or_named():
    held = draft(**{**PERSON, "consent": ""}).model_copy(update={"step": "criteria"})
    held, _ = say(
        held, "[☐ 2]", Attach(file_id="a", name="giay khen.jpg"), Attach(file_id="b", name="x.pdf", caption="tc 1")
    )
    assert [(item.file_id, item.criterion) for item in held.evidence] == [("a", "II.2.-2"), ("b", "II.2.-1")]


def test_same_file_is_attached_once():
    held, _ = say(draft(), Attach(file_id="a", name="x.jpg"), Attach(file_id="a", name="x.jpg"))
    assert len(held.evidence) == 1
    assert held.step == "kind"


def test_cancel_and_undo_keep_everything():
    held, _ = say(draft(), "[Cá nhân]", "[Nhà giáo]", "Nguyễn Hoa", Cancel())
    assert held.status == "cancelled"
    back, replies = say(held, Undo())
    assert (back.status, back.values, back.step) == ("open", held.values, "seniority")
    assert told(replies[0]) == FormTexts.UNDONE


def test_text_to_a_closed_draft_is_not_taken():
    held, _ = say(draft(), Pause())
    same, replies = say(held, "Nguyễn Hoa")
    assert same == held
    assert [button.label for button in replies[0].buttons] == ["Tiếp tục", "Huỷ"]
    assert say(held, Resume())[0].status == "open"


def test_draft_handed_over_goes_on_with_another_author():
    held, _ = say(draft(), "[Cá nhân]", HandOver(author=7))
    assert (held.author, held.step) == (7, "role")


def test_back_at_the_first_question_says_so():
    held, replies = say(draft(), Back())
    assert told(replies[0]) == FormTexts.FIRST
    assert held == draft()


def test_name_cannot_be_skipped():
    held, _ = say(draft(), "[Cá nhân]", "[Nhà giáo]", Skip())
    assert held.step == "name"


def test_submitted_draft_takes_nothing_more():
    held, _ = say(ready().model_copy(update={"step": "preview"}), "[Gửi]")
    for event in (Text(text="x"), Back(), Cancel(), Undo(), Resume(), Edit(field="name"), HandOver(author=9)):
        assert flow.advance(held, event)[0] == held


def test_next_nominee_keeps_plan_kind_field_and_unit():
    filed = draft(COLLEGE, **{**PERSON, "field": "Đổi mới dạy học"})
    held = flow.next_draft(filed)
    assert held.values == {"unit": "Trường THCS Bình Minh", "kind": "individual", "field": "Đổi mới dạy học"}
    assert held.step == "role"


def test_one_message_fills_all_and_asks_for_the_rest():
    message = "đề cử cô Nguyễn Thị Hoa khoa CNTT, 12 năm, 0912 345 678, hoa@x.edu.vn, thành tích dạy giỏi cấp tỉnh"
    held, replies = say(draft(), Start(text=message))
    assert told(replies[0]).startswith("Đã điền từ tin nhắn: ")
    assert held.step == "role"
    held, _ = say(held, "[Nhà giáo]", "2", "[Đã đồng ý]", "[Gửi]")
    assert held.status == "submitted"
    assert held.values["unit"] == "Khoa CNTT"


def test_wrong_value_in_one_message_is_refused_alone():
    held, replies = say(draft(), "đề cử cô Nguyễn Thị Hoa, 12 năm, hoa@x, thành tích dạy giỏi")
    refused = [reply for reply in replies if isinstance(reply, Refuse)]
    assert [item.field for item in refused] == ["email"]
    assert held.values["seniority"] == "12 năm"


def test_plan_with_a_table_of_other_columns_asks_for_them():
    plan = school_plan()
    assert plan.table is not None
    table = plan.table.model_copy(update={"columns": ("STT", "Họ tên", "Chức vụ", "Đơn vị", "Thành tích", "Ghi chú")})
    spec = FormSpec.from_plan(plan.model_copy(update={"table": table}))
    held, replies = say(draft(spec), "[Cá nhân]", "[Nhà giáo]", "Nguyễn Hoa", "[Bỏ qua]")
    assert told(replies[-1]).startswith("Chức vụ? ")
    held, _ = say(held, "Tổ trưởng", "Dạy giỏi", "không có", "không có", "1", "[Đã đồng ý]")
    reply = asking.ask(held)
    assert isinstance(reply, Preview)
    assert reply.row == (
        ("Họ tên", "Nguyễn Hoa"),
        ("Chức vụ", "Tổ trưởng"),
        ("Đơn vị", "Trường THCS Bình Minh"),
        ("Thành tích", "Dạy giỏi"),
        ("Ghi chú", ""),
    )


def test_our_own_layout_says_that_it_is_ours():
    assert asking.preview(draft(BARE, **PERSON)).note == FormTexts.OUR_TABLE
    assert asking.preview(draft(SCHOOL, kind="collective")).note == FormTexts.OUR_TABLE_COLLECTIVE
    assert asking.preview(draft(SCHOOL, **PERSON)).note == ""


def test_labels_may_be_typed_without_marks_but_huy_is_a_name():
    held, _ = say(draft(BARE), "ca nhan")
    assert held.values["kind"] == "individual"
    named, _ = say(held, "Huy")
    assert (named.status, named.values.get("name")) == ("open", "Huy")


def test_what_is_typed_instead_of_a_press_is_answered():
    waiting = draft(**PERSON).model_copy(update={"step": "consent", "values": {k: v for k, v in PERSON.items() if k != "consent"}})
    same, replies = say(waiting, "vâng ạ")
    assert same == waiting
    assert told(replies[0]) == "Ở bước này xin bấm một nút dưới đây."
    assert say(waiting, "dong y")[0].values["consent"]
