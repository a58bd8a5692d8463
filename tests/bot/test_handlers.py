"""What the transcripts do not show: rights at the moment of acting, old and doubled presses, odd messages, invites, files."""

from __future__ import annotations

import asyncio
import hashlib
import io
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot import handlers, messages
from bot.access import Role
from bot.emulator.params import Upload
from bot.handlers import account, plans, progress
from bot.people import People
from bot.stage import Stage, open_rounds
from forms import papers
from tests.bot.local import HandClock
from tests.bot.school import ORG, OTHER, UNIT, plan_text, school

Scene = Callable[[Stage], Awaitable[None]]


def play(data: Path, scene: Scene, clock: HandClock | None = None) -> None:
    async def whole() -> None:
        async with school(data, clock=clock) as stage:
            await scene(stage)
            errors = [call for call in stage.emulator.calls if call.get("error")]
            assert errors == []

    asyncio.run(whole())


async def said(stage: Stage, role: Role, text: str) -> list[str]:
    person = stage.people[role]
    person.news()
    await person.say(text)
    await stage.settled()
    return person.texts()


async def pressed(stage: Stage, role: Role, data: str, message_id: int | None = None) -> list[str]:
    """A press with any callback data, also one that no message shows; what came of it, what flashed over the chat included."""
    person = stage.people[role]
    person.news()
    before = len(stage.emulator.calls)
    at = message_id or max((number for chat, number in stage.emulator.messages if chat == person.id), default=1)
    await stage.emulator.push(
        {
            "callback_query": {
                "from": {"id": person.id, "is_bot": False, "first_name": person.first_name},
                "message": {"chat": {"id": person.id, "type": "private"}, "message_id": at},
                "data": data,
            }
        }
    )
    await stage.settled()
    answers = [c for c in stage.emulator.calls[before:] if c["method"] == "answerCallbackQuery"]
    assert len(answers) == 1, "a press is answered exactly once"
    return [*person.texts(), *(str(c["params"]["text"]) for c in answers if c["params"].get("text"))]


async def file_nomination(
    stage: Stage, name: str = "Nguyễn Thị Mai", *, before: str = "", album: list[str] | None = None, count: int = 1
) -> None:
    """A nomination filed by the unit head, every step by its button or its text; an album sent before one of them."""
    for line in (
        "/decu",
        "[Cá nhân]",
        name,
        "12 năm",
        "Giáo viên giỏi",
        "[Không có]",
        "[Không có]",
        "[Xong]",
        "[Đã đồng ý]",
        "[Gửi]",
    ):
        person = stage.people[Role.UNIT_HEAD]
        if album and line == before:
            await send_album(stage, album)
        if line.startswith("["):
            await person.press(line[1:-1])
        else:
            await person.say(line)
        await stage.settled()
    assert len(stage.services.nominations.nominations(org=ORG)) == count


def snapshot(stage: Stage) -> list[Any]:
    """What a press could change: nominations, rounds, roles, plans, settings."""
    db = stage.services.db
    tables = {
        "nominations": "org, code, state, revision, data",
        "rounds": "id, state, revision",
        "grants": "id, person, role, revoked_at",
        "plans": "id, version, status",
        "settings": "name, value",
        "inquiries": "id, reply",
        "institutions": "slug, name, merged_into",
    }
    return [list(db.query(f"SELECT {columns} FROM {table} ORDER BY 1, 2")) for table, columns in tables.items()]


# --- rights at the moment of acting --------------------------------------------------------------------------------------


def test_revoked_role_is_refused_on_an_open_keyboard(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await file_nomination(stage)
        services = stage.services
        grant = services.access.holders(Role.SECRETARIAT, ORG)[0]
        with services.db.atomic():
            services.access.revoke(grant.id, services.clock())
        person = stage.people[Role.SECRETARIAT]
        person.news()
        await person.press("Tiếp nhận")
        await stage.settled()
        assert person.texts() == [messages.REFUSED]
        assert services.nominations.nominations(org=ORG)[0].state == "submitted"

    play(tmp_path, scene)


# --- old and doubled presses ---------------------------------------------------------------------------------------------


def test_unknown_callback_data_is_answered(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        for data in (
            "",
            "x",
            "acc",
            "acc.",
            "acc.truong-a",
            "acc.truong-a.x.y",
            "9:9:9",
            "draft.x",
            "sec.",
            "in.1",
            "org.khong-co",
            "crit.a",
        ):
            if data:
                answer = await pressed(stage, Role.SECRETARIAT, data)
                assert len(answer) <= 1, (data, answer)
                assert "Lỗi hệ thống" not in " ".join(answer), (data, answer)

    play(tmp_path, scene)


def test_every_button_verb_has_a_handler() -> None:
    """Each verb that the code puts into a button is one that `register` knows."""
    known = {*handlers.BUTTONS, *handlers.ASKING_BUTTONS}
    source = "\n".join(path.read_text(encoding="utf-8") for path in (Path(handlers.__file__).parent).glob("*.py"))
    import re

    used = set(re.findall(r'Button\([^\n]*?, f?"([a-z0-9]+)(?:\.|")', source)) | set(re.findall(r'cards\.data\("([a-z]+)"', source))
    assert used - known == set()


# --- what people send besides text ---------------------------------------------------------------------------------------

KINDS: dict[str, dict[str, Any]] = {
    "voice": {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
    "sticker": {
        "sticker": {
            "file_id": "s",
            "file_unique_id": "s",
            "type": "regular",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
        }
    },
    "location": {"location": {"latitude": 10.0, "longitude": 105.0}},
    "contact": {"contact": {"phone_number": "0912345678", "first_name": "Lan"}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
}


@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_of_message_are_declined_and_the_form_stays(tmp_path: Path, kind: str) -> None:
    async def scene(stage: Stage) -> None:
        await said(stage, Role.UNIT_HEAD, "/decu")
        before = stage.services.nominations.drafts()
        person = stage.people[Role.UNIT_HEAD]
        person.news()
        user = {"id": person.id, "is_bot": False, "first_name": person.first_name}
        await stage.emulator.push({"message": {"from": user, **KINDS[kind]}})
        await stage.settled()
        assert person.texts() == [messages.ONLY_TEXT]
        assert stage.services.nominations.drafts() == before

    play(tmp_path, scene)


def test_edited_message_changes_nothing(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await said(stage, Role.UNIT_HEAD, "/decu")
        await said(stage, Role.UNIT_HEAD, "Cá nhân")
        before = stage.services.nominations.drafts()
        person = stage.people[Role.UNIT_HEAD]
        person.news()
        user = {"id": person.id, "is_bot": False, "first_name": person.first_name}
        await stage.emulator.push({"edited_message": {"from": user, "text": "Tập thể", "message_id": 1, "edit_date": 1}})
        await stage.settled()
        assert person.texts() == [messages.EDITED]
        assert stage.services.nominations.drafts() == before

    play(tmp_path, scene)


@pytest.mark.parametrize("name", ["<b>Lan</b> & Co", "*Lan* _x_ [a](b)", "=cmd|' /C calc'!A0", "Lan\u202eNgọc\u200b Hà"])
def test_markup_in_a_name_is_shown_as_typed(tmp_path: Path, name: str) -> None:
    from knowledge.text import one_line

    async def scene(stage: Stage) -> None:
        await said(stage, Role.UNIT_HEAD, "/decu")
        await said(stage, Role.UNIT_HEAD, "Tập thể")
        await said(stage, Role.UNIT_HEAD, name)
        await said(stage, Role.UNIT_HEAD, "/hoso")
        shown = [button["text"] for row in stage.people[Role.UNIT_HEAD].buttons() for button in row]
        assert any(one_line(name) in label for label in shown)
        assert not any("parse_mode" in call["params"] for call in stage.emulator.calls)

    play(tmp_path, scene)


# --- invites -------------------------------------------------------------------------------------------------------------


def test_invite_link_gives_its_role_once(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        services = stage.services
        with services.db.atomic():
            token = services.access.invite(Role.SECRETARIAT, OTHER, None, services.clock()).token
        first = await said(stage, Role.TEACHER, f"/start {token}")
        assert first[0] == messages.role_given("secretariat", "Trường THPT Đồi Thông", None)
        menu = stage.emulator.commands
        assert any("hangcho" in str(commands) for commands in menu.values())
        assert (await said(stage, Role.UNIT_HEAD, f"/start {token}"))[0] == messages.INVITE_REFUSED["used"]
        assert (await said(stage, Role.UNIT_HEAD, "/start " + "x" * 32))[0] == messages.INVITE_REFUSED["unknown"]
        assert [e.action for e in services.audit.latest(40)].count("invite_refused") == 2

    play(tmp_path, scene)


# --- files ---------------------------------------------------------------------------------------------------------------


def test_plan_by_chat_is_understood_confirmed_and_undone(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        admin = stage.people[Role.ADMIN]
        text = plan_text().replace("trước ngày 15 tháng 5", "trước ngày 20 tháng 6")
        await admin.send_file("ke-hoach-moi.txt", text.encode())
        await stage.settled()
        await admin.press("Trường THPT Bến Xuân")
        await stage.settled()
        shown = admin.texts()[-1]
        assert "Đã đọc “ke-hoach-moi.txt”" in shown
        assert "1 đoạn mới, 1 đoạn không còn" in shown
        await admin.press("Đưa vào sử dụng")
        await stage.settled()
        assert "20 tháng 6" in "\n".join(await said(stage, Role.TEACHER, "Hạn gửi hồ sơ về Văn phòng là ngày nào?"))
        admin.news()
        await admin.press("Hoàn tác")
        await stage.settled()
        assert admin.texts() == [messages.PLAN_UNDONE]
        assert "15 tháng 5" in "\n".join(await said(stage, Role.TEACHER, "Hạn gửi hồ sơ về Văn phòng là ngày nào?"))

    play(tmp_path, scene)


def test_progress_of_a_plan_stands_in_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    understood = plans._understood

    def slowly(services: Any, sha: str, name: str, org: str, told: Any = None) -> Any:
        if told:
            told(1, 3)
            told(3, 3)
        return understood(services, sha, name, org)

    monkeypatch.setattr(plans, "_understood", slowly)
    monkeypatch.setattr(progress, "EVERY_S", 0.0)

    async def scene(stage: Stage) -> None:
        admin = stage.people[Role.ADMIN]
        await admin.send_file("ke-hoach-moi.txt", plan_text().replace("ngày 15 tháng 5", "ngày 20 tháng 6").encode())
        await stage.settled()
        for button, steps in (
            ("Trường THPT Bến Xuân", [messages.PLAN_READING, messages.plan_reading(1, 3), "Đã đọc"]),
            ("Đưa vào sử dụng", [messages.PLAN_INDEXING, "Đang dùng"]),
        ):
            admin.news()
            await admin.press(button)
            await stage.settled()
            calls = admin.news()
            assert [call["method"] for call in calls] == ["sendMessage", *["editMessageText"] * (len(steps) - 1)]
            assert all(call["params"]["text"].startswith(step) for call, step in zip(calls, steps, strict=True))
            assert len({call["result"]["message_id"] for call in calls}) == 1

    play(tmp_path, scene)


def test_file_that_is_no_plan_is_refused_with_one_line(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        admin = stage.people[Role.ADMIN]
        for name, data in (("tho.txt", "Con cò bay lả bay la".encode()), ("rong.txt", b""), ("la.bin", b"\x00\x01" * 50)):
            await admin.send_file(name, data or b" ")
            await stage.settled()
            await admin.press("Trường THPT Bến Xuân")
            await stage.settled()
            answer = admin.texts()[-1]
            assert "\n" not in answer, answer
            assert "Lỗi hệ thống" not in answer
        assert [s.plan.id for s in stage.services.library.all()] == ["truong-a-1"]

    play(tmp_path, scene)


def test_filled_table_becomes_drafts_and_bad_rows_come_back_marked(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        head = stage.people[Role.UNIT_HEAD]
        await said(stage, Role.UNIT_HEAD, "/mau")
        file = next(f for f in stage.emulator.files.values() if f.name == "mau-de-cu-ca-nhan.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(file.data))
        sheet = book.active
        header = next(row[0].row for row in sheet.iter_rows() if str(row[1].value).startswith("Họ và tên"))
        for offset, (name, contact) in enumerate((("Lê Văn An", "ĐT: 0912345678\nEmail: không có"), ("Trần Thị Bé", "ĐT: 12\nEmail: x@"))):
            for column, value in ((2, name), (3, UNIT), (4, "5 năm"), (5, "Dạy giỏi"), (6, contact)):
                sheet.cell(header + 1 + offset, column, value)
        out = io.BytesIO()
        book.save(out)
        head.news()
        await head.send_file("da-dien.xlsx", out.getvalue())
        await stage.settled()
        texts = head.texts()
        assert "1 hợp lệ, 1 cần sửa" in texts[0]
        assert [draft.name for draft in stage.services.nominations.drafts()] == ["Lê Văn An"]
        assert any(f.name == "cac-dong-can-sua.xlsx" for f in stage.emulator.files.values())

    play(tmp_path, scene)


def test_group_is_answered_only_when_addressed(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        from bot.emulator.person import Person

        teacher = stage.people[Role.TEACHER]
        group = Person(stage.emulator, teacher.id, teacher.first_name, chat_id=-5001)
        await group.say("Hồ sơ gồm những gì?")
        await stage.settled()
        assert group.texts() == []
        await group.say("@guongsang_bot Hồ sơ gồm những gì?")
        await stage.settled()
        assert "tờ trình" in "\n".join(group.texts())

    play(tmp_path, scene)


def test_group_of_the_secretariat_hears_of_cards_without_personal_data(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        from bot.emulator.person import Person

        secretary, head = stage.people[Role.SECRETARIAT], stage.people[Role.UNIT_HEAD]
        for who, answer in ((head, messages.REFUSED), (secretary, messages.GROUP_ON)):
            group = Person(stage.emulator, who.id, who.first_name, chat_id=-5002)
            group.news()
            await group.say("/nhom")
            await stage.settled()
            assert group.texts() == [answer]
        await file_nomination(stage)
        assert group.texts() == [messages.group_card("ĐC-0001", UNIT)]

    play(tmp_path, scene)


def test_consent_is_recorded_with_the_version_of_its_notice(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await file_nomination(stage)
        (entry,) = [e for e in stage.services.audit.latest(40) if e.action == "consent"]
        assert len(entry.detail["notice"]) == 12
        assert isinstance(entry.detail["message"], int)

    play(tmp_path, scene)


def test_person_who_blocked_the_bot_is_told_to_the_secretariat_once(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        secretary, head = stage.people[Role.SECRETARIAT], stage.people[Role.UNIT_HEAD]
        stage.emulator.block(head.id)
        secretary.news()
        for _ in range(2):
            with stage.services.db.atomic():
                stage.services.outbox.put(head.id, "sendMessage", {"text": "tin"})
            await stage.settled()
        assert secretary.texts() == [messages.unreachable(head.first_name)]
        stage.emulator.calls = [call for call in stage.emulator.calls if not call.get("error")]

    play(tmp_path, scene)


# --- albums and evidence ---------------------------------------------------------------------------------------------------


async def send_album(stage: Stage, names: list[str]) -> None:
    person = stage.people[Role.UNIT_HEAD]
    for name in names:
        file = stage.emulator.keep(Upload(name, f"bytes of {name}".encode()))
        about = {"file_id": file.file_id, "file_unique_id": file.file_id[-16:], "file_name": name, "file_size": 20}
        sender = {"id": person.id, "is_bot": False, "first_name": person.first_name}
        await stage.emulator.push({"message": {"from": sender, "document": about, "media_group_id": "album-1"}})
    await stage.settled()


def test_album_is_confirmed_in_one_message_and_the_question_comes_again_once(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await said(stage, Role.UNIT_HEAD, "/decu")
        await stage.people[Role.UNIT_HEAD].press("Cá nhân")
        await stage.settled()
        person = stage.people[Role.UNIT_HEAD]
        person.news()
        await send_album(stage, ["a.pdf", "b.pdf", "c.pdf"])
        calls = person.news()
        sent = [call["params"]["text"] for call in calls if call["method"] == "sendMessage"]
        edits = [call["params"]["text"] for call in calls if call["method"] == "editMessageText"]
        assert [text.split()[0] for text in sent] == ["Đã", "Họ"]
        assert edits[-1] == messages.album_attached(["a.pdf", "b.pdf", "c.pdf"])
        assert [file.name for file in stage.services.nominations.drafts()[0].evidence] == ["a.pdf", "b.pdf", "c.pdf"]

    play(tmp_path, scene)


def test_evidence_comes_as_a_zip_with_a_folder_for_each_nominee(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        head, clerk = stage.people[Role.UNIT_HEAD], stage.people[Role.SECRETARIAT]
        await file_nomination(stage, before="[Xong]", album=["a.pdf", "b.pdf"])
        assert clerk.texts()
        clerk.read_up_to = len(stage.emulator.calls)
        await clerk.press("Tải minh chứng (zip)")
        await stage.settled()
        file = next(call["params"]["document"] for call in clerk.news() if call["method"] == "sendDocument")
        with zipfile.ZipFile(io.BytesIO(stage.emulator.files[file["file_id"]].data)) as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
        folder = "ĐC-0001 Nguyễn Thị Mai"
        assert held == {f"{folder}/01 a.pdf": b"bytes of a.pdf", f"{folder}/02 b.pdf": b"bytes of b.pdf"}
        assert await pressed(stage, Role.TEACHER, "zip.truong-a.1") == [messages.REFUSED]
        assert await pressed(stage, Role.TEACHER, "zip") == [messages.REFUSED]
        assert head.texts()

    play(tmp_path, scene)


# --- an edited list ----------------------------------------------------------------------------------------------------------


def test_edited_list_shows_its_differences_before_they_count(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await file_nomination(stage)
        clerk = stage.people[Role.SECRETARIAT]
        await said(stage, Role.SECRETARIAT, "/tonghop")
        file = next(f for f in stage.emulator.files.values() if f.name.startswith("danh-sach-tong-hop") and f.name.endswith("xlsx"))
        book = openpyxl.load_workbook(io.BytesIO(file.data))
        cell = next(cell for row in book.active.iter_rows() for cell in row if cell.value == "12 năm")
        cell.value = "13 năm"
        out = io.BytesIO()
        book.save(out)
        clerk.news()
        await clerk.send_file("da-sua.xlsx", out.getvalue())
        await stage.settled()
        assert messages.list_change("ĐC-0001", "Thâm niên giảng dạy", "12 năm", "13 năm") in clerk.texts()[0]
        assert stage.services.nominations.nominations(org=ORG)[0].values["seniority"] == "12 năm"
        assert await pressed(stage, Role.TEACHER, "ledit") == [messages.OLD_BUTTON]
        assert await pressed(stage, Role.SECRETARIAT, "ledit") == [messages.list_taken(["ĐC-0001"])]
        assert stage.services.nominations.nominations(org=ORG)[0].values["seniority"] == "13 năm"
        assert await pressed(stage, Role.SECRETARIAT, "ledit") == [messages.OLD_BUTTON]
        assert any("Thư ký đã sửa ĐC-0001" in text for text in stage.people[Role.UNIT_HEAD].texts())

    play(tmp_path, scene)


def test_edited_list_counts_for_nothing_where_a_nomination_was_changed_since(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await file_nomination(stage)
        clerk = stage.people[Role.SECRETARIAT]
        await said(stage, Role.SECRETARIAT, "/tonghop")
        file = next(f for f in stage.emulator.files.values() if f.name.startswith("danh-sach-tong-hop") and f.name.endswith("docx"))
        await clerk.send_file("y-nguyen.docx", file.data)
        await stage.settled()
        assert messages.LIST_SAME in clerk.texts()
        person = People(stage.services.db).by_telegram(clerk.id)
        assert person is not None
        waiting = {"for": "list_changes", "org": ORG, "changes": {"ĐC-0001": {"seniority": "9 năm"}}, "revisions": {"ĐC-0001": 7}}
        with stage.services.db.atomic():
            People(stage.services.db).wait(person.id, waiting)
        assert await pressed(stage, Role.SECRETARIAT, "ledit") == [messages.list_outdated("ĐC-0001")]
        assert stage.services.nominations.nominations(org=ORG)[0].values["seniority"] == "12 năm"

    play(tmp_path, scene)


# --- the queue's filters, duplicates -------------------------------------------------------------------------------------------


def test_queue_is_filtered_by_unit_and_round(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await file_nomination(stage)
        clerk = stage.people[Role.SECRETARIAT]
        await said(stage, Role.SECRETARIAT, "/hangcho")
        for choice, question, all_of_them in (
            ("Theo đơn vị…", messages.QUEUE_WHICH_UNIT, "Mọi đơn vị"),
            ("Theo đợt…", messages.QUEUE_WHICH_ROUND, "Mọi đợt"),
        ):
            await clerk.press(choice)
            await stage.settled()
            assert clerk.texts()[-1] == question
            await clerk.press(UNIT if "đơn vị" in choice else all_of_them)
            await stage.settled()
            assert clerk.texts()[-1] == messages.queue(1, f"Chờ xử lý, {UNIT}")
        assert await pressed(stage, Role.SECRETARIAT, "queue.submitted.-.0000000000") == [messages.queue_empty("Chờ xử lý")]
        assert await pressed(stage, Role.SECRETARIAT, "queue.submitted.99") == [messages.queue_empty("Chờ xử lý")]

    play(tmp_path, scene)


def test_duplicates_are_merged_by_the_secretariat_alone_and_once(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await file_nomination(stage)
        await file_nomination(stage, "nguyễn thị  MAI", count=2)
        clerk, head = stage.people[Role.SECRETARIAT], stage.people[Role.UNIT_HEAD]
        assert any("Có thể trùng: ĐC-0002 và ĐC-0001, cùng họ tên" in text for text in clerk.texts())
        assert await pressed(stage, Role.UNIT_HEAD, "mrgs.truong-a.2.1.0") == [messages.REFUSED]
        await said(stage, Role.SECRETARIAT, "/hangcho")
        for label in ("Hồ sơ có thể trùng", "Gộp ĐC-0002 vào ĐC-0001", "Đúng, gộp"):
            clerk.news()
            await clerk.press(label)
            await stage.settled()
        assert clerk.texts() == [messages.merged("ĐC-0002", "ĐC-0001")]
        assert [n.state for n in stage.services.nominations.each(org=ORG)] == ["submitted", "withdrawn"]
        assert any("gộp ĐC-0002" in text for text in head.texts())
        assert await pressed(stage, Role.SECRETARIAT, "mrgs.truong-a.2.1.0") == [messages.DONE_ALREADY]
        assert await pressed(stage, Role.SECRETARIAT, "dups") == [messages.NO_DUPLICATES]

    play(tmp_path, scene)


# --- one's own data --------------------------------------------------------------------------------------------------------


def test_withdrawn_consent_takes_the_data_out_of_tables_and_files(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await file_nomination(stage, before="[Xong]", album=["a.pdf"])
        clerk, head = stage.people[Role.SECRETARIAT], stage.people[Role.UNIT_HEAD]
        await clerk.press("Tải minh chứng (zip)")
        await stage.settled()
        name = hashlib.sha256(b"bytes of a.pdf").hexdigest()
        assert list((tmp_path / "files").rglob(name))
        about = await said(stage, Role.UNIT_HEAD, "/dulieu")
        assert account.notice_version() in about[0]
        await head.press("Rút sự đồng ý")
        await stage.settled()
        assert "ĐC-0001: đồng ý lúc 12:00 ngày 20/11/2026, theo lời báo bản" in head.texts()[-1]
        await head.press("ĐC-0001")
        await stage.settled()
        assert await pressed(stage, Role.SECRETARIAT, "mywdry.truong-a.1.0") == [messages.REFUSED]
        head.news()
        await head.press("Đúng, rút và xóa")
        await stage.settled()
        assert head.texts() == [messages.data_withdrawn("ĐC-0001")]
        assert not list((tmp_path / "files").rglob(name))
        for table in ("nominations", "drafts", "submissions", "audit", "evidence_files", "outbox", "inbox"):
            assert not any("Nguyễn Thị Mai" in str(row) for row in stage.services.db.query(f"SELECT * FROM {table}")), table
        assert await pressed(stage, Role.UNIT_HEAD, "mywdry.truong-a.1.0") == [messages.DONE_ALREADY]

    play(tmp_path, scene)


def test_nominees_left_out_of_the_papers_are_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Party papers follow another layout, so none are made for a field that a Party committee chairs."""
    monkeypatch.setattr(papers, "of_the_party", lambda nomination: nomination.name == "Lê Văn An")

    async def scene(stage: Stage) -> None:
        await file_nomination(stage, "Lê Văn An")
        assert await pressed(stage, Role.UNIT_HEAD, "pack.truong-a.1") == [messages.left_out_of_papers(["ĐC-0001"])]
        await file_nomination(stage, count=2)
        answer = await pressed(stage, Role.UNIT_HEAD, "pack.truong-a.2")
        assert answer[-2:] == [messages.unit_list(UNIT, 1), messages.left_out_of_papers(["ĐC-0001"])]

    play(tmp_path, scene)


def test_numbered_list_is_for_its_secretariat_alone(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        open_rounds(stage, ORG, "Đợt 1")
        await file_nomination(stage)
        await pressed(stage, Role.SECRETARIAT, "acc.truong-a.1.0")
        assert messages.round_closed("Đợt 1") in await pressed(stage, Role.SECRETARIAT, "rclose.1.0")
        before = snapshot(stage)
        for data in ("lget.1", "lnew.1.1", "lfwd.1.1", "unseal.truong-a.1"):
            for role in (Role.TEACHER, Role.UNIT_HEAD, Role.ADMIN):
                assert await pressed(stage, role, data) == [messages.REFUSED], (data, role)
        assert snapshot(stage) == before
        assert await pressed(stage, Role.SECRETARIAT, "lfwd.1.1") == [messages.DONE_ALREADY]
        assert await pressed(stage, Role.SECRETARIAT, "lnew.1.9") == [messages.DONE_ALREADY]
        assert await pressed(stage, Role.SECRETARIAT, "lget.9") == [messages.OLD_BUTTON]
        assert stage.services.nominations.nominations(org=ORG)[0].list_number == 1

    play(tmp_path, scene)
