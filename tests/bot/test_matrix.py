"""The access matrix, played in full against the running bot: who gets through does, the others are refused and change nothing."""

from __future__ import annotations

import asyncio
import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from PIL import Image

from bot import handlers, messages
from bot.access import Role
from bot.emulator.params import Upload
from bot.emulator.person import Person as Talker
from bot.handlers.admin import digest
from bot.people import People
from bot.register import Register
from bot.stage import Stage, open_rounds
from forms import flow, rounds, workflow
from forms.model import Actor, Evidence, FormSpec
from tests.bot import matrix
from tests.bot.matrix import ACTORS, BUTTONS, COMMANDS, FILES, GROUP, TEXTS, File, Row
from tests.bot.school import ABOVE, ORG, OTHER, UNIT, empty_pdf, plan_text, school

NAME = "Nguyễn Thị Mai"
OLD = {messages.OLD_BUTTON, messages.DONE_ALREADY, messages.ROUND_CLOSED_ALREADY, messages.PLAN_CHANGED}
STATE = ("nominations", "submissions", "drafts", "rounds", "compiled_lists", "counters", "evidence_files", "seals", "people", "grants",
         "invites", "settings", "answers", "inquiries", "gaps", "institutions", "institution_aliases", "plans", "replies")  # fmt: skip
LOOKED_AT = ("nominations", "rounds", "compiled_lists", "seals", "grants", "invites", "settings", "inquiries", "institutions", "plans",
             "replies")  # fmt: skip
MORE = {  # role, institution, unit of those who are not in the school's own cast
    matrix.HEAD_BESIDE: (Role.UNIT_HEAD, ORG, "Tổ Văn"),
    matrix.TEACHER_ELSEWHERE: (Role.TEACHER, OTHER, None),
    matrix.HEAD_ELSEWHERE: (Role.UNIT_HEAD, OTHER, UNIT),
    matrix.CLERK_ELSEWHERE: (Role.SECRETARIAT, OTHER, None),
    matrix.CLERK_ABOVE: (Role.SECRETARIAT, ABOVE, None),
}
CAST = {matrix.TEACHER: Role.TEACHER, matrix.HEAD: Role.UNIT_HEAD, matrix.CLERK: Role.SECRETARIAT, matrix.ADMIN: Role.ADMIN}


def test_every_handler_has_a_row() -> None:
    assert {row.name for row in COMMANDS} == {*handlers.COMMANDS, *handlers.ASKING_COMMANDS}
    assert {row.name for row in BUTTONS} == {*handlers.BUTTONS, *handlers.ASKING_BUTTONS, "step"}
    assert {row.name for row in TEXTS} == set(handlers.WAITED_FOR)


def test_no_row_says_two_things_of_somebody() -> None:
    for row in (*COMMANDS, *BUTTONS, *TEXTS, *GROUP, *FILES):
        assert row.passes <= set(ACTORS)
        assert not row.passes & row.finds_nothing, row.name


@pytest.mark.parametrize("rows", [COMMANDS, BUTTONS, TEXTS, GROUP], ids=["commands", "buttons", "texts", "group"])
def test_matrix(tmp_path: Path, rows: Sequence[Row]) -> None:
    async def whole() -> None:
        async with school(tmp_path, vote=True) as stage:
            world = await _world(stage)
            wrong = [line for row in rows for actor in ACTORS if (line := await world.play(row, actor))]
            assert wrong == [], "\n".join(wrong)
            assert [call for call in stage.emulator.calls if call.get("error")] == []

    asyncio.run(whole())


def test_files_sent(tmp_path: Path) -> None:
    """Nothing that is sent counts before it is confirmed, and what is not wanted is not kept."""

    async def whole() -> None:
        async with school(tmp_path, vote=True) as stage:
            world = await _world(stage)
            wrong = [line for file in FILES for actor in ACTORS if (line := await world.send(file, actor))]
            assert wrong == [], "\n".join(wrong)
            assert [call for call in stage.emulator.calls if call.get("error")] == []

    asyncio.run(whole())


@dataclass
class World:
    """The stage with everything on it that a row may name, and its state, to go back to after each of them."""

    stage: Stage
    people: dict[str, Talker]
    held: dict[str, str]
    state: dict[str, list[dict[str, Any]]]

    async def play(self, row: Row, actor: str) -> str | None:
        """Carry out a row as somebody; what is wrong about what came of it, or None."""
        person = self.people[actor]
        if row.waiting is not None:
            self._wait(actor, row.waiting)
        self._read_all()
        before, calls = self._looked_at(), len(self.stage.emulator.calls)
        await self._do(row, person)
        await self.stage.settled()
        said = self._said(calls)
        changed = self._looked_at() != before
        leaked = [name for name, other in self.people.items() if name not in matrix.VIEWERS and any(NAME in t for t in other.texts())]
        self._go_back()
        here = f"{row.name} as {actor}: {said}"
        if leaked:
            return f"{here}: {leaked} saw the nominee"
        if actor in row.passes:
            return here if messages.REFUSED in said or not said or (set(said) <= OLD and row.name not in DOUBTFUL) else None
        if changed:
            return f"{here}: something was changed"
        if actor in row.finds_nothing:
            return None if set(said) <= OLD else here
        return None if said == [messages.REFUSED] else here

    async def send(self, file: File, actor: str) -> str | None:
        """Send a file as somebody; what is wrong about what came of it, or None."""
        person = self.people[actor]
        if file.waiting is not None:
            self._wait(actor, file.waiting)
        self._read_all()
        before, calls, held = self._looked_at(), len(self.stage.emulator.calls), self._held_files()
        if file.sent == "ảnh":
            await _send_photo(person)
        else:
            await person.send_file(file.sent, SENT[file.sent]())
        await self.stage.settled()
        said = self._said(calls)
        kept, changed = self._held_files() - held, self._looked_at() != before
        leaked = [name for name, other in self.people.items() if name not in matrix.VIEWERS and any(NAME in t for t in other.texts())]
        for sha in kept:
            self.stage.services.files.delete(sha)
        self._go_back()
        here = f"{file.name} as {actor}: {said}"
        if changed or leaked:
            return f"{here}: something was changed, or seen by {leaked}"
        if bool(kept) != (actor in file.kept):
            return f"{here}: {len(kept)} files were kept"
        wanted = file.said.get(actor, messages.NOT_NOW_A_FILE)
        return None if said and said[0].startswith(wanted) else here

    def _held_files(self) -> set[str]:
        return {path.name for path in self.stage.services.files.folder.glob("??/*")}

    async def _do(self, row: Row, person: Talker) -> None:
        text = row.does
        for name, value in self.held.items():
            text = text.replace(name, value)
        if row in BUTTONS:
            user = {"id": person.id, "is_bot": False, "first_name": person.first_name}
            message = {"chat": {"id": person.id, "type": "private"}, "message_id": self._newest(person)}
            await self.stage.emulator.push({"callback_query": {"from": user, "message": message, "data": text}})
        elif row in GROUP:
            await Talker(self.stage.emulator, person.id, person.first_name, chat_id=-900).say(text)
        else:
            await person.say(text)

    def _newest(self, person: Talker) -> int:
        return max((number for chat, number in self.stage.emulator.messages if chat == person.id), default=1)

    def _said(self, calls: int) -> list[str]:
        """What was said to the one who acted; that something was shown over the chat or sent as a file counts as said."""
        found = []
        for call in self.stage.emulator.calls[calls:]:
            params = call["params"]
            if call["method"] == "answerCallbackQuery":
                found += [str(params["text"])] if params.get("text") else []
            elif call["method"] in ("sendMessage", "sendDocument", "editMessageText"):
                found.append(str(params.get("text", params.get("caption", "+"))))
        return found

    def _wait(self, actor: str, waiting: dict[str, Any]) -> None:
        people = People(self.stage.services.db)
        person = people.by_telegram(self.people[actor].id)
        assert person is not None
        filled = {name: self.held.get(value, value) if isinstance(value, str) else value for name, value in waiting.items()}
        with self.stage.services.db.atomic():
            people.wait(person.id, filled)

    def _read_all(self) -> None:
        for person in self.people.values():
            person.news()

    def _looked_at(self) -> list[Any]:
        return [_rows(self.stage, table) for table in LOOKED_AT]

    def _go_back(self) -> None:
        db, changed = self.stage.services.db, set()
        with db.atomic():
            db.execute("PRAGMA defer_foreign_keys = ON")
            for table in STATE:  # in this order: what goes with a row that is taken out is put back after it
                if _rows(self.stage, table) != self.state[table]:
                    changed.add(table)
                    db.execute(f"DELETE FROM {table}")
                    for row in self.state[table]:
                        marks = ", ".join("?" * len(row))
                        db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        if {"plans", "institutions", "institution_aliases"} & changed:
            self.stage.services.engine.refresh(self.stage.services.library)


DOUBTFUL = {"page", "lfwd"}
"""A plan without pictures of its pages, a list that was forwarded already: who passes is told so."""


async def _send_photo(person: Talker) -> None:
    kept = person.emulator.keep(Upload("photo.jpg", _picture("JPEG")))
    size = {"file_id": kept.file_id, "file_unique_id": "u", "width": 90, "height": 90, "file_size": 3}
    user = {"id": person.id, "is_bot": False, "first_name": person.first_name}
    await person.emulator.push({"message": {"from": user, "photo": [size]}})


def _picture(format: str) -> bytes:
    out = io.BytesIO()
    Image.new("L", (90, 120), 255).save(out, format)
    return out.getvalue()


HEADER = ["TT", "Họ và tên", "Đơn vị công tác", "Thâm niên giảng dạy", "Tóm tắt thành tích", "Số điện thoại, email"]
FILLED = ["1", "Võ Thị Cúc", "Tổ Lý", "5 năm", "Dạy giỏi", "ĐT: không có\nEmail: không có"]


def _workbook(*rows: list[str]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _word(*rows: list[str]) -> bytes:
    made = Document()
    table = made.add_table(rows=0, cols=len(HEADER))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", "{}")
        archive.writestr("guongsang.db", b"")
    return out.getvalue()


SENT = {
    "ke-hoach.txt": lambda: plan_text(2028).encode(),
    "ke-hoach.webp": lambda: _picture("WEBP"),
    "ban-ky.pdf": empty_pdf,
    "giay-khen.pdf": empty_pdf,
    "sao-luu.zip": _zip,
    "bang.xlsx": lambda: _workbook(HEADER, FILLED),
    "bang.docx": lambda: _word(HEADER, FILLED),
    "danh-sach.xlsx": lambda: _workbook(
        [*HEADER, "Mã hồ sơ"], ["1", NAME, UNIT, "12 năm", "Rất giỏi", FILLED[5], f"ĐC-000{matrix.SUBMITTED}"]
    ),
}


def _rows(stage: Stage, table: str) -> list[dict[str, Any]]:
    return list(stage.services.db.query(f"SELECT * FROM {table} ORDER BY 1, 2"))


async def _world(stage: Stage) -> World:
    services = stage.services
    people = {name: stage.people[role] for name, role in CAST.items()}
    now = services.clock()
    with services.db.atomic():
        services.library.add_institution(ABOVE, "Sở Giáo dục Bến Xuân")
        services.db.execute("UPDATE institutions SET parent = ? WHERE slug = ?", [ABOVE, ORG])
        for number, (name, (role, org, unit)) in enumerate(MORE.items()):
            person = People(services.db).meet(710_000 + number, 710_000 + number, name, now)
            People(services.db).belongs(person.id, org)
            services.access.give(person.id, role, org, unit, now)
            people[name] = Talker(stage.emulator, person.telegram_id, name)
        heir = People(services.db).meet(720_000, 720_000, "Người kế", now)
        services.access.give(heir.id, Role.UNIT_HEAD, ORG, UNIT, now)
    for one in (*people.values(), Talker(stage.emulator, heir.telegram_id, heir.name)):
        await one.say("/huy")
    await people[matrix.TEACHER].say("Hồ sơ gồm những gì?")
    await stage.settled()
    held = _nominations(stage) | {"HEIR": str(heir.id), "DIGEST": digest("Đính chính")}
    held["SCAN"] = services.files.put(b"scan")
    held["PLAN"] = services.files.put(plan_text(2027).encode())
    held["TABLE"] = services.files.put(_workbook(HEADER, FILLED))
    _questions(stage)
    assert hashlib.sha256(b"scan").hexdigest() == held["SCAN"]
    services.engine.refresh(services.library)
    return World(stage, people, held, {table: _rows(stage, table) for table in STATE})


def _nominations(stage: Stage) -> dict[str, str]:
    """ĐC-0001 on the list of the closed round 1, forwarded to the office above; in round 2 the others, as `matrix` counts them."""
    services = stage.services
    store, now = services.nominations, services.clock()
    spec = FormSpec.from_plan(services.library.live(ORG)[0].plan)
    head, clerk = (_actor(stage, role) for role in (Role.UNIT_HEAD, Role.SECRETARIAT))
    open_rounds(stage, ORG, "Đợt 1")
    with services.db.atomic():
        _file(stage, spec, head, 1, name="Trần Thị Sáu")
        accepted = store.nomination(ORG, "ĐC-0001")
        assert accepted is not None
        store.update(accepted, workflow.accept(accepted, clerk, now)[0])
    _close(stage, clerk)
    open_rounds(stage, ORG, "Đợt 2")
    numbers = range(matrix.SUBMITTED, matrix.DECIDED + 1)
    with services.db.atomic():
        filed = [_file(stage, spec, head, 2, name=NAME, evidence=number == matrix.SUBMITTED) for number in numbers]
        for number, voted in ((matrix.VOTED, True), (matrix.DECIDED, False)):
            found = store.nomination(ORG, f"ĐC-000{number}")
            assert found is not None
            ids = (found.options()[1].id,) if voted else (found.options()[0].id,)
            changed, _ = workflow.accept(found.model_copy(update={"criteria": ids}), clerk, now)
            store.update(found, changed)
        open_draft = store.create(flow.new_draft(spec, org=ORG, unit=UNIT, author=head.user, round_id=2), now)
    held = store.round(2)
    assert held is not None
    return {"DRAFT": open_draft.id, "FILED": filed[0], "REVISION": str(held.revision)}


def _actor(stage: Stage, role: Role) -> Actor:
    return Actor(user=stage.services.access.holders(role, ORG)[0].person, role=role.value, name=role.value)


def _file(stage: Stage, spec: FormSpec, head: Actor, round_id: int, *, name: str, evidence: bool = False) -> str:
    store, now = stage.services.nominations, stage.services.clock()
    values = {"kind": "individual", "name": name, "unit": UNIT, "seniority": "12 năm", "summary": "Giỏi", "phone": "Không có",
              "email": "Không có", "consent": "yes"}  # fmt: skip
    draft = flow.new_draft(spec, org=ORG, unit=UNIT, author=head.user, round_id=round_id, values=values)
    if evidence:
        kept = stage.emulator.keep(Upload("a.pdf", b"pdf"))
        draft = draft.model_copy(update={"evidence": (Evidence(file_id=kept.file_id, name="a.pdf", size=3),)})
    made = store.create(draft, now)
    store.submit(made, head, now)
    return made.id


def _close(stage: Stage, clerk: Actor) -> None:
    services = stage.services
    store, now = services.nominations, services.clock()
    with services.db.atomic():
        held, found = store.round(1), store.nomination(ORG, "ĐC-0001")
        assert held is not None
        assert found is not None
        number = store.next_list_number(ORG)
        forwarded, _ = workflow.forward(found, number, clerk, now)
        store.update(found, forwarded)
        closed, fixed, _ = rounds.close(held, [forwarded], number, clerk, now)
        store.save_round(held, closed)
        store.add_list(fixed)
        store.seal(ORG, 1, UNIT, hashlib.sha256(b"scan").hexdigest(), clerk, now)
        services.db.execute("INSERT INTO settings VALUES ('sent_up:1', '1')")


def _questions(stage: Stage) -> None:
    """CH-0001 waits, CH-0002 has a reply, the reply to CH-0003 was proposed for reuse by somebody else."""
    services = stage.services
    now = services.clock()
    register = Register(services.db)
    clerk = _actor(stage, Role.SECRETARIAT).user
    with services.db.atomic():
        first = register.answer(1)
        assert first is not None
        for _ in range(3):
            again = register.answered(
                person=first.person or 0,
                chat_id=first.chat_id or 0,
                org=ORG,
                question="Hỏi",
                asked_message=None,
                kind="abstain",
                text="Chưa tìm thấy",
                cited=[],
                now=now,
            )
            register.pass_on(again, ORG, now)
        register.reply(2, "Trả lời", clerk, now)
        register.reply(3, "Trả lời", clerk, now)
        register.keep(3, services.library.add_reply(ORG, f"{ORG}-1", "Hỏi", "Trả lời", "0", now))
