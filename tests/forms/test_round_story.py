"""A whole round as it goes: two nominated by chat, five by table, one given back, one withdrawn, votes, a corrected list."""

from __future__ import annotations

from datetime import date

import pytest

from forms import flow, papers, rounds, tables, workflow
from forms.dialogue import Press, Start
from forms.model import FormSpec, Vote
from forms.papers import Heading, Slot
from forms.workflow import NotAllowed
from tests.forms.builders import CLERK, COLUMNS, HEAD, NOW, say, school_plan, store
from tests.forms.test_papers import bordered
from tests.forms.test_tables import sheet

SPEC = FormSpec.from_plan(
    school_plan().model_copy(
        update={
            "criteria": tuple(
                group.model_copy(
                    update={"items": tuple(item.model_copy(update={"vote": "2/3"}) for item in group.items)}
                    if group.ref == "II.2"
                    else {}
                )
                for group in school_plan().criteria
            )
        }
    )
)
CONTACT = "ĐT: không có Email: không có"


def by_chat(held, opened, *turns):
    draft = held.create(flow.new_draft(SPEC, org="sao", unit="Trường A", author=1, round_id=opened.id), NOW)
    for turn in turns:
        changed, _ = say(draft, turn)
        assert held.save(draft, changed, NOW)
        draft = changed
    return held.submit(draft, HEAD, NOW).nomination


def by_table(held, opened, tmp_path):
    rows = [
        list(COLUMNS),
        ["1", "Lò Văn Ích", "Trường B", "3", "Dạy giỏi", CONTACT],
        ["2", "Nông Thị Mai", "Trường B", "lâu năm", "Dạy giỏi", CONTACT],
        ["3", "H'Hen Niê", "Trường B", "từ năm 2015", "Sáng kiến", "ĐT: 0987 654 321"],
        ["4", "Đinh Núp", "Trường B", "20 năm", "Nêu gương", CONTACT],
        ["5", "Y Moan", "Trường B", "9 năm 6 tháng", "Văn nghệ", CONTACT],
    ]
    reading = tables.read(sheet(tmp_path / "bang.xlsx", rows), SPEC)
    filed = []
    for draft in tables.drafts(reading, SPEC, org="sao", unit="Trường B", author=2, round_id=opened.id):
        changed, _ = say(draft, "[Nhà giáo]", "1", "[Đã đồng ý]", "[Gửi]")
        kept = held.create(changed, NOW)
        filed.append(held.submit(kept, HEAD, NOW).nomination)
    return reading, filed


def settle(held, before, verb, *arguments):
    after, _ = verb(before, *arguments, CLERK, NOW)
    held.update(before, after)
    return after


def test_round_from_the_first_word_to_the_corrected_list(tmp_path):
    held = store()
    opened = held.add_round(
        rounds.open_round(SPEC, "Đợt 1", date(2026, 11, 1), CLERK, units=("Trường A", "Trường B", "Trường C"))[0]
    )

    hoa = by_chat(
        held,
        opened,
        Start(text="đề cử cô Nguyễn Thị Hoa, 12 năm, 0912 345 678, hoa@x.edu.vn, thành tích dạy giỏi"),
        "[Nhà giáo]",
        "1, 2",
        "[Đã đồng ý]",
        "[Gửi]",
    )
    an = by_chat(held, opened, "Cá nhân", "Nhà giáo", "Trần An", "8", "Nêu gương", "ko", "ko", "3", "Đã đồng ý", "Gửi")
    reading, (ich, nup, moan) = by_table(held, opened, tmp_path)
    assert [problem.place for row in reading.bad for problem in row.problems] == ["D3", "F4"]
    codes = [item.code for item in (hoa, an, ich, nup, moan)]
    assert codes == ["ĐC-0001", "ĐC-0002", "ĐC-0003", "ĐC-0004", "ĐC-0005"]

    returned = settle(held, hoa, workflow.give_back, {"summary": "Cần số liệu"})
    draft = held.create(workflow.reopen(returned, 1), NOW)
    mended, _ = say(draft, "dạy giỏi cấp huyện 2 năm")
    mended, _ = flow.advance(mended, Press(action="submit", revision=mended.revision))
    assert held.save(draft, mended, NOW)
    hoa = held.submit(mended, HEAD, NOW).nomination
    settle(held, moan, workflow.withdraw, "nghỉ hưu")

    hoa, an, ich, nup = (settle(held, item, workflow.accept) for item in (hoa, an, ich, nup))
    hoa = settle(held, hoa, workflow.record_vote, Vote(members=9, yes=6, no=3))
    an = settle(held, an, workflow.record_vote, Vote(members=9, yes=5, no=4))
    assert (hoa.state, an.state) == ("approved", "declined")

    known = rounds.progress(opened, held.each(round_id=opened.id))
    assert (known.filed, known.missing) == ((("Trường A", 2), ("Trường B", 2)), ("Trường C",))
    closed, fixed, _ = rounds.close(opened, held.each(round_id=opened.id), held.next_list_number("sao"), CLERK, NOW)
    held.save_round(opened, closed)
    held.add_list(fixed)
    ich = settle(held, ich, workflow.amend, {"seniority": "4 năm"})
    second, _ = rounds.correct(fixed, closed, held.each(round_id=opened.id), CLERK, NOW)
    held.add_list(second)
    assert [item.label for item in held.lists(opened.id)] == ["Bản 1", "Bản 2, thay bản 1"]

    with pytest.raises(NotAllowed, match="còn chờ kết quả bỏ phiếu"):
        workflow.forward(ich, second.number, CLERK, NOW)
    assert settle(held, hoa, workflow.forward, second.number).list_number == 1

    papers.compiled(second, closed, Heading(issuer="Phòng GD&ĐT"), (Slot(title="TRƯỞNG PHÒNG"),), tmp_path / "out.docx")
    nothing = "ĐT: Không có\nEmail: Không có"
    assert bordered(tmp_path / "out.docx") == [
        [
            [*COLUMNS, "Mã hồ sơ"],
            ["1", "Nguyễn Thị Hoa", "Trường A", "12 năm", "dạy giỏi cấp huyện 2 năm"]
            + ["ĐT: 0912 345 678\nEmail: hoa@x.edu.vn", "ĐC-0001"],
            ["2", "Lò Văn Ích", "Trường B", "4 năm", "Dạy giỏi", nothing, "ĐC-0003"],
            ["3", "Đinh Núp", "Trường B", "20 năm", "Nêu gương", nothing, "ĐC-0004"],
        ]
    ]
