"""Drafts by compare-and-swap, submissions exactly once, numbers by institution."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlite_utils import Database

from forms import flow, rounds, workflow
from forms.dialogue import Press
from forms.duplicates import pairs
from forms.migrations import migrations
from forms.store import Conflict, KeptFile, NominationStore
from forms.workflow import NotAllowed
from tests.forms.builders import CLERK, COLLEGE, GROUP, HEAD, NOW, PERSON, SCHOOL, draft, say, store


@pytest.fixture
def held():
    return store()


def complete(store, spec=SCHOOL, *, unit: str = "Trường A", round_id: int | None = None, **values: str):
    whole = {**(GROUP if values.get("kind") == "collective" else PERSON), **values}
    if spec.fields:
        whole.setdefault("field", spec.fields[-1].name)
    made = flow.new_draft(spec, org=spec.org, unit=unit, author=1, round_id=round_id, values=whole)
    return store.create(made, NOW)


def file(store, **values):
    return store.submit(complete(store, **values), HEAD, NOW).nomination


def test_draft_comes_back_as_it_was_stored(held):
    made = held.create(draft(), NOW)
    changed, _ = say(made, "[Cá nhân]")
    assert held.save(made, changed, NOW)
    assert held.draft(made.id) == changed


def test_of_two_devices_one_wins(held):
    made = held.create(draft(), NOW)
    assert held.save(made, say(made, "[Cá nhân]")[0], NOW)
    assert not held.save(made, say(made, "[Tập thể]")[0], NOW)
    assert held.draft(made.id).values["kind"] == "individual"


@pytest.mark.parametrize("draft_id", ["", "x", "-1", "9" * 30, "١"])
def test_unknown_draft_is_none(held, draft_id):
    assert held.draft(draft_id) is None


def test_drafts_of_a_unit_are_seen_whoever_types(held):
    mine, other = held.create(draft(), NOW), held.create(draft(unit="Khác"), NOW)
    assert [item.id for item in held.drafts(org="sao", unit=mine.unit)] == [mine.id]
    assert {item.id for item in held.drafts(author=1)} == {mine.id, other.id}


def test_submitting_twice_files_once(held):
    made = complete(held)
    first, second = held.submit(made, HEAD, NOW), held.submit(made, HEAD, NOW)
    assert (first.nomination.code, first.fresh) == ("ĐC-0001", True)
    assert (second.nomination, second.fresh, second.changes) == (first.nomination, False, ())
    assert len(held.nominations(org="sao")) == 1


def test_numbers_count_within_an_institution(held):
    codes = [file(held, spec=spec, name=f"Nguyễn Văn {n}").code for n, spec in enumerate([SCHOOL, COLLEGE, SCHOOL])]
    assert codes == ["ĐC-0001", "ĐC-0001", "ĐC-0002"]


def test_number_of_a_rolled_back_submission_is_used_again():
    db = Database(memory=True)
    migrations.apply(db)
    held = NominationStore(db)

    def fail() -> None:
        with db.atomic():
            file(held)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert file(held).code == "ĐC-0001"


def test_change_by_two_clerks_conflicts(held):
    filed = file(held)
    accepted, _ = workflow.accept(filed, CLERK, NOW)
    held.update(filed, accepted)
    with pytest.raises(Conflict, match="ĐC-0001 vừa được người khác thay đổi"):
        held.update(filed, workflow.withdraw(filed, "nhầm", HEAD, NOW)[0])


def test_resubmission_keeps_the_history(held):
    filed = file(held)
    back, _ = workflow.give_back(filed, {"summary": "Cần số liệu"}, CLERK, NOW)
    held.update(filed, back)
    reopened = held.create(workflow.reopen(back, 1), NOW)
    fixed, _ = say(reopened, "Dạy giỏi 2 năm")
    fixed, _ = flow.advance(fixed, Press(action="submit", revision=fixed.revision))
    assert held.save(reopened, fixed, NOW)
    again = held.submit(fixed, HEAD, NOW)
    assert again.before == back
    assert [item.values["summary"] for item in held.history("sao", "ĐC-0001")] == [
        "Giáo viên dạy giỏi",
        "Dạy giỏi 2 năm",
    ]
    assert len(held.nominations(org="sao")) == 1


def test_duplicates_are_found_across_spellings(held):
    file(held)
    file(held, name="Nguyễn Văn Khác", phone="0987 654 321")
    twin = file(held, name="NGUYEN THI HOA", phone="0987 111 222")
    phone = file(held, name="Hoa Nguyễn", phone="+84 912.345.678")
    found = {
        item.code: [(other.code, alike.text) for other, alike in held.likely_duplicates(item)] for item in (twin, phone)
    }
    assert found == {
        "ĐC-0003": [("ĐC-0001", "cùng họ tên, cùng đơn vị, khác số điện thoại")],
        "ĐC-0004": [("ĐC-0001", "cùng đơn vị, cùng số điện thoại, khác họ tên")],
    }


def test_pairs_of_duplicates_come_once_each(held):
    for name in ("Nguyễn Thị Hoa", "nguyễn thị hoa", "Lê An"):
        file(held, name=name, phone="không có")
    assert [(one.code, other.code) for one, other, _ in pairs(held.each(org="sao"))] == [("ĐC-0001", "ĐC-0002")]


def test_unit_is_warned_about_its_own_duplicates_only(held):
    file(held, unit="Trường A")
    mine = file(held, unit="Trường B")
    assert len(held.likely_duplicates(mine)) == 1
    assert held.likely_duplicates(mine, unit="Trường B") == []


def test_closed_round_takes_no_new_nomination_but_a_mended_one(held):
    opened = held.add_round(rounds.open_round(SCHOOL, "Đợt 1", date(2026, 11, 1), CLERK)[0])
    filed = file(held, round_id=opened.id)
    late = complete(held, round_id=opened.id)
    closed, fixed, _ = rounds.close(opened, held.each(org="sao"), held.next_list_number("sao"), CLERK, NOW)
    held.save_round(opened, closed)
    held.add_list(fixed)
    with pytest.raises(NotAllowed, match="Đợt “Đợt 1” đã đóng"):
        held.submit(late, HEAD, NOW)
    assert held.lists(opened.id) == [fixed]
    assert filed.round_id == opened.id


def test_unit_that_files_after_saying_nobody_is_heard(held):
    opened = held.add_round(rounds.open_round(SCHOOL, "Đợt 1", date(2026, 11, 1), CLERK, units=("Trường A",))[0])
    said, _ = rounds.nominate_nobody(opened, "Trường A", HEAD)
    held.save_round(opened, said)
    file(held, round_id=opened.id)
    assert held.round(opened.id).nobody == ()


def test_signed_list_is_locked_until_the_secretariat_opens_it(held):
    file(held)
    seal, change = held.seal("sao", None, "Trường A", "ab" * 32, HEAD, NOW)
    assert (seal.codes, change.verb) == (("ĐC-0001",), "seal")
    with pytest.raises(NotAllowed, match="đã khoá bằng bản ký"):
        file(held, name="Lê An")
    held.unseal("sao", None, "Trường A", CLERK)
    assert file(held, name="Lê An").code == "ĐC-0002"


def test_erased_person_is_gone_from_every_table(held):
    opened = held.add_round(rounds.open_round(SCHOOL, "Đợt 1", date(2026, 11, 1), CLERK)[0])
    filed = file(held, round_id=opened.id)
    accepted, _ = workflow.accept(filed, CLERK, NOW)
    held.update(filed, accepted)
    closed, fixed, _ = rounds.close(opened, held.each(org="sao"), 1, CLERK, NOW)
    held.save_round(opened, closed)
    held.add_list(fixed)
    held.erase(accepted, NOW)
    left = "\n".join(held._db.conn.iterdump())
    for trace in ("Nguyễn Thị Hoa", "nguyen thi hoa", "912", "hoa.nt@truong.edu.vn", "Giáo viên dạy giỏi"):
        assert trace not in left
    assert held.nomination("sao", "ĐC-0001").state == "withdrawn"


def test_old_unfiled_drafts_are_deleted_and_others_kept(held):
    held.create(draft(), NOW - timedelta(days=90))
    filed = complete(held)
    held.submit(filed, HEAD, NOW)
    assert held.delete_drafts_before(NOW - timedelta(days=30)) == 1
    assert held.draft(filed.id) is not None


def test_evidence_bytes_are_known_by_file(held):
    held.keep_file("sao", KeptFile(file_id="a", sha256="ff", size=3), NOW)
    held.keep_file("sao", KeptFile(file_id="a", sha256="00", size=9), NOW)
    assert held.kept_files("sao", ["a", "b"]) == {"a": KeptFile(file_id="a", sha256="ff", size=3)}
    assert held.kept_files("trang", ["a"]) == {}


# --- institutions


def test_nominations_go_over_to_another_institution_under_their_numbers_unless_taken(held):
    elsewhere = SCHOOL.model_copy(update={"org": "bien"})
    first, second = file(held), file(held, name="Lê Văn An")
    there = file(held, spec=elsewhere)
    assert (first.code, second.code, there.code) == ("ĐC-0001", "ĐC-0002", "ĐC-0001")
    pairs_moved = held.moved("sao", "bien")
    assert [(before.code, after.code) for before, after in pairs_moved] == [("ĐC-0001", "ĐC-0003"), ("ĐC-0002", "ĐC-0002")]
    assert held.nominations(org="sao") == []
    assert {n.code: n.name for n in held.each(org="bien")} == {"ĐC-0001": there.name, "ĐC-0002": "Lê Văn An", "ĐC-0003": first.name}
    assert all(n.org == n.spec.org == "bien" for n in held.each(org="bien"))
    assert file(held, spec=elsewhere).code == "ĐC-0004"


def test_rounds_lists_seals_and_drafts_go_over_with_their_nominations(held):
    opened, _ = rounds.open_round(SCHOOL, "Đợt 1", NOW.date(), CLERK)
    opened = held.add_round(opened)
    filed = file(held, round_id=opened.id)
    file(held, spec=SCHOOL.model_copy(update={"org": "bien"}))
    held.seal("sao", opened.id, "Trường A", "a" * 64, HEAD, NOW)
    held.keep_file("sao", KeptFile(file_id="tep", sha256="b" * 64, size=1), NOW)
    closed, fixed, _ = rounds.close(held.round(opened.id), [filed], 1, CLERK, NOW)
    held.save_round(held.round(opened.id), closed)
    held.add_list(fixed.model_copy(update={"nominations": (filed,)}))
    waiting = held.create(draft().model_copy(update={"code": "ĐC-0001"}), NOW)
    held.moved("sao", "bien")
    assert [found.id for found in held.rounds("bien")] == [opened.id]
    assert [row.code for row in held.lists(opened.id)[0].nominations] == ["ĐC-0002"]
    assert held.sealed("bien", opened.id, "Trường A").codes == ("ĐC-0002",)
    assert "tep" in held.kept_files("bien", ["tep"])
    assert (held.draft(waiting.id).org, held.draft(waiting.id).code) == ("bien", "ĐC-0002")
    assert held.drafts(org="sao") == []
