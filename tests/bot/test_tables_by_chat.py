"""Tables that come by chat: progress in one message, bad rows back in the format they came in, nothing twice; drafts handed over."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document

from bot import messages
from bot.access import Role
from bot.handlers import lists, progress
from bot.stage import Stage
from tests.bot.school import ORG, UNIT
from tests.bot.test_handlers import play, pressed, said

HEADER = ["TT", "Họ và tên", "Đơn vị công tác", "Thâm niên giảng dạy", "Tóm tắt thành tích", "Số điện thoại, email"]
GOOD = ["1", "Lê Văn An", UNIT, "5 năm", "Dạy giỏi", "ĐT: 0912345678\nEmail: không có"]
BAD = ["2", "Trần Thị Bé", UNIT, "lâu", "Dạy giỏi", "ĐT: không có\nEmail: không có"]


def document(*rows: list[str]) -> bytes:
    made = Document()
    table = made.add_table(rows=0, cols=len(HEADER))
    for row in (HEADER, *rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


async def sent(stage: Stage, data: bytes, name: str = "bang.docx") -> list[str]:
    head = stage.people[Role.UNIT_HEAD]
    head.news()
    await head.send_file(name, data)
    await stage.settled()
    return head.texts()


def test_bad_rows_come_back_in_word_where_the_table_was_of_word(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        texts = await sent(stage, document(GOOD, BAD))
        assert texts[0].startswith("Đã đọc 2 dòng: 1 hợp lệ, 1 cần sửa (1 ô).\n• hàng 3, cột 4: Không rõ thâm niên “lâu”")
        marked = next(file for file in stage.emulator.files.values() if file.name == "cac-dong-can-sua.docx")
        rows = [[cell.text for cell in row.cells] for row in Document(io.BytesIO(marked.data)).tables[0].rows]
        assert [row[:6] for row in rows] == [HEADER, BAD]
        assert rows[1][6].startswith("Thâm niên giảng dạy: Không rõ thâm niên “lâu”")

    play(tmp_path, scene)


def test_table_sent_twice_makes_each_draft_once(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await sent(stage, document(GOOD))
        again = await sent(stage, document(GOOD, ["2", "Võ Thị Cúc", *GOOD[2:]]))
        assert messages.table_repeated(1) in again[0]
        assert sorted(draft.name for draft in stage.services.nominations.drafts()) == ["Lê Văn An", "Võ Thị Cúc"]

    play(tmp_path, scene)


def test_table_sent_into_a_form_without_a_name_is_a_table_and_later_it_is_evidence(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await said(stage, Role.UNIT_HEAD, "/decu")
        assert "Đã đọc 1 dòng" in (await sent(stage, document(GOOD)))[0]
        await said(stage, Role.UNIT_HEAD, "Cá nhân")
        await said(stage, Role.UNIT_HEAD, "Nguyễn Thị Mai")
        assert (await sent(stage, document(GOOD), "minh-chung.docx"))[0] == "Đã đính kèm minh-chung.docx."

    play(tmp_path, scene)


def test_long_table_is_told_in_one_message_that_ends_as_the_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "QUIET_S", 0.0)
    monkeypatch.setattr(progress, "EVERY_S", 0.0)

    async def scene(stage: Stage) -> None:
        rows = [[str(n), f"Lê Văn An {chr(65 + n % 26)}", f"Tổ {n}", *GOOD[3:]] for n in range(1, 251)]
        head = stage.people[Role.UNIT_HEAD]
        head.news()
        await head.send_file("bang.docx", document(*rows))
        await stage.settled()
        calls = [call for call in head.news() if "text" in call["params"]]
        assert [call["method"] for call in calls] == ["sendMessage", "editMessageText", "editMessageText"]
        assert [call["params"]["text"].split("\n")[0] for call in calls] == [
            messages.table_reading(100, 250),
            messages.table_reading(200, 250),
            "Đã đọc 250 dòng, tất cả hợp lệ.",
        ]
        assert messages.table_next(250, lists.DRAFTS_SHOWN) in calls[-1]["params"]["text"]
        assert len({call["result"]["message_id"] for call in calls}) == 1
        assert len(stage.services.nominations.drafts(org=ORG)) == 250

    play(tmp_path, scene)


def test_draft_is_handed_over_within_its_unit_alone(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await sent(stage, document(GOOD))
        draft = stage.services.nominations.drafts()[0]
        assert await pressed(stage, Role.UNIT_HEAD, f"hand.{draft.id}") == [messages.NOBODY_TO_HAND_TO]
        clerk = stage.services.access.holders(Role.SECRETARIAT, ORG)[0].person
        assert await pressed(stage, Role.UNIT_HEAD, f"hands.{draft.id}.{clerk}") == [messages.OLD_BUTTON]
        assert await pressed(stage, Role.TEACHER, f"hand.{draft.id}") == [messages.OLD_BUTTON]
        held = stage.services.nominations.draft(draft.id)
        assert held is not None
        assert held.author == draft.author

    play(tmp_path, scene)
