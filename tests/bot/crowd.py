"""Many people at once: an emulator over HTTP in this process, `guongsang run` as a process of its own, and people who type, press, read."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.access import Access, Role
from bot.emulator.api import Emulator
from bot.emulator.person import SHOWN
from bot.emulator.server import serve
from bot.moments import VIETNAM
from bot.people import People
from bot.workspace import writing
from index.embed import Embedder
from knowledge.extract import understand
from knowledge.model import Document, Page
from tests.bot.processes import ROOT, TOKEN
from tests.bot.school import plan_text
from tests.faults.nominating import Nominee, reply_to

SCHOOLS = 5
FIRST, FIRST_SECRETARY = 1_000, 500
PATIENCE_S = 240.0
QUESTIONS = (
    "Hồ sơ gồm những gì?",
    "Hạn gửi hồ sơ là khi nào?",
    "Tiêu chí đối với cá nhân là gì?",
    "Tiêu chí đối với tập thể?",
    "Đơn vị nào là đầu mối tổng hợp hồ sơ?",
    "muc dich cua ke hoach la gi",
    "Cá nhân có cần sáng kiến không?",
    "Tập thể có thành viên bị kỷ luật thì có được xét không?",
    "Tiền thưởng là bao nhiêu?",
    "Các tổ gửi hồ sơ về đâu?",
    "Bản tóm tắt thành tích có bắt buộc không?",
    "Thời tiết ngày mai thế nào?",
)
LIFTED = {
    "GUONGSANG_CHAT_PER_SECOND": "1000000",
    "GUONGSANG_CHAT_BURST": "100000",
    "GUONGSANG_GROUP_PER_MINUTE": "100000",
    "GUONGSANG_OVERALL_PER_SECOND": "1000000",
}
"""Settings of the bot without any pacing: nobody is at the other end."""


@dataclass(frozen=True)
class Heard:
    """A message that reached a chat, or what was shown over it after a press (number 0). `at`: when the emulator had it, since 1970."""

    text: str
    buttons: list[dict[str, Any]]
    message_id: int
    replies_to: int | None
    at: float


@dataclass
class Talker:
    """Somebody at the telephone. `news` is what has come and is not read yet."""

    api: Emulator
    id: int
    school: int = 0
    news: asyncio.Queue[Heard] = field(default_factory=asyncio.Queue)
    spoken: int = 0

    async def say(self, text: str, **more: Any) -> float:
        """Types a text; returns when."""
        return await self._push({"message": {"from": self._user(), "text": text, **more}})

    async def press(self, heard: Heard, label: str) -> float:
        """Presses the button of a message whose label begins with `label`, or whose data is `label`."""
        data = next(b["callback_data"] for b in heard.buttons if b["text"].startswith(label) or b["callback_data"] == label)
        pressed = {"from": self._user(), "message": {"message_id": heard.message_id}, "data": data}
        return await self._push({"callback_query": {"id": f"{self.id}-{self.spoken}", **pressed}})

    async def hear(self, *parts: str, buttons: bool = False) -> Heard:
        """The next message with one of the parts in it (any message where none is given), and with buttons where they are asked for.

        Raises TimeoutError with what came instead.
        """
        met: list[str] = []
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    heard = await self.news.get()
                    if (heard.buttons or not buttons) and (not parts or any(part in heard.text for part in parts)):
                        return heard
                    met.append(heard.text)
        except TimeoutError:
            raise TimeoutError(f"{self.id} waited for {parts} in vain; what came: {met}") from None

    async def nominate(self, now: Nominee) -> AsyncIterator[tuple[float, Heard]]:
        """A nomination from /decu to the receipt. Gives, for each thing done, when, and what the bot said to it."""
        began = await self.say("/decu")
        while True:
            heard = await self.hear(buttons=True)
            step = reply_to(heard.text, heard.buttons, now)
            filed = heard.text.startswith("Đã nhận ĐC-")
            if step is None and not filed:
                continue  # something else has come in between
            yield began, heard
            if step is None:
                return
            began = await (self.say(step[1]) if step[0] == "say" else self.press(heard, step[1]))

    async def _push(self, update: dict[str, Any]) -> float:
        self.spoken += 1
        began = time.time()
        await self.api.push(update)
        return began

    def _user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": f"Người {self.id}"}


@dataclass
class Crowd:
    """The people by chat, the address of their Bot API, and the calls that it refused."""

    api: Emulator
    address: str
    people: dict[int, Talker] = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)

    def join(self, number: int, school: int = 0) -> Talker:
        return self.people.setdefault(number, Talker(self.api, number, school))

    async def listen(self) -> None:
        """Hands the bot's calls to whom they are for, until cancelled."""
        after = 0
        while True:
            calls = await self.api.calls_after(after, 5.0)
            after += len(calls)
            for call in calls:
                if call.get("error"):
                    self.refused.append(call)
                elif call["method"] in SHOWN:
                    self._tell(call["params"]["chat_id"], _heard(call))
                elif call["method"] == "answerCallbackQuery" and call["params"].get("text"):
                    presser = int(call["params"]["callback_query_id"].partition("-")[0])
                    self._tell(presser, Heard(call["params"]["text"], [], 0, None, call["at"]))

    def _tell(self, chat: int, heard: Heard) -> None:
        if (person := self.people.get(chat)) is not None:
            person.news.put_nowait(heard)


def _heard(call: dict[str, Any]) -> Heard:
    params = call["params"]
    text = str(params.get("text", params.get("caption", "")))
    markup = params.get("reply_markup") or {}
    buttons = [button for row in markup.get("inline_keyboard", []) for button in row]
    replies_to = (params.get("reply_parameters") or {}).get("message_id")
    return Heard(text, buttons, call["result"]["message_id"], replies_to, call["at"])


@contextlib.asynccontextmanager
async def crowd() -> AsyncIterator[Crowd]:
    """An emulator on a port of its own, and nobody there yet."""
    api, port = Emulator(), asyncio.get_running_loop().create_future()
    server = asyncio.create_task(serve(0, api, ready=port.set_result))
    gathered = Crowd(api, f"http://127.0.0.1:{await port}")
    listener = asyncio.create_task(gathered.listen())
    try:
        yield gathered
    finally:
        for task in (listener, server):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@dataclass(frozen=True)
class Process:
    """A bot at work beside us."""

    popen: subprocess.Popen[bytes]
    log: Path

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.popen.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def peak_memory(self) -> float:
        """The most resident memory so far, in MB."""
        status = Path(f"/proc/{self.popen.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def seconds(self) -> float:
        """Processor seconds used so far, user and system."""
        fields = Path(f"/proc/{self.popen.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def warm(self, limit_s: float = 120.0) -> None:
        """Waits until it has loaded what it loads at the start: it then uses no processor."""
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            before = self.seconds()
            await asyncio.sleep(1.0)
            if self.seconds() - before < 0.05:
                return

    def stop(self) -> int:
        """Asks it to end, and waits; the exit code."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(60)


@contextlib.contextmanager
def process(log: Path, *command: str, **environment: str) -> Iterator[Process]:
    """`python -m …` with nothing of the project's settings inherited; what it says on stderr goes to `log`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GUONGSANG_")}
    with log.open("wb") as stderr:
        started = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**inherited, "PYTHONPATH": str(ROOT), **environment},
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )
        try:
            yield Process(started, log)
        finally:
            started.kill()
            started.wait()


def run_bot(gathered: Crowd, data: Path, **environment: str) -> contextlib.AbstractContextManager[Process]:
    """`guongsang run` over a data folder; its log is `data`.log."""
    addresses = {"GUONGSANG_TOKEN": TOKEN, "GUONGSANG_API": gathered.address}
    return process(data.with_suffix(".log"), "bot.cli", "--data", str(data), "run", **addresses, **environment)


def furnish(data: Path, people: int) -> None:
    """Schools with a plan and a secretary each, and so many unit heads among them: person `FIRST + n` is of school `n % SCHOOLS`."""
    today = datetime.now(VIETNAM)
    first = today.year if today.month >= 9 else today.year - 1
    with writing(data) as space:
        with space.db.atomic():
            for school in range(SCHOOLS):
                space.library.add_institution(org(school), f"Trường THPT Bến Xuân {school + 1}")
                text = plan_text(first).replace("Số: 12/KH-BX", f"Số: {plan_number(school)}")
                document = Document(source=f"ke-hoach-{school}.txt", format="text", pages=(Page(number=1, text=text),))
                space.library.add(understand(document, org=org(school)), sha256=f"{school:064d}", now=space.now)
            met, access = People(space.db), Access(space.db)
            for number, role, school in _roles(people):
                person = met.meet(number, number, f"Người {number}", space.now)
                met.belongs(person.id, org(school))
                access.give(person.id, role, org(school), f"Tổ {number}" if role is Role.UNIT_HEAD else None, space.now)
        space.index.build((stored.plan for stored in space.library.live()), Embedder())


def _roles(people: int) -> Iterator[tuple[int, Role, int]]:
    for school in range(SCHOOLS):
        yield FIRST_SECRETARY + school, Role.SECRETARIAT, school
    for number in range(people):
        yield FIRST + number, Role.UNIT_HEAD, number % SCHOOLS


def org(school: int) -> str:
    return f"truong-{school + 1}"


def plan_number(school: int) -> str:
    return f"{31 + school}/KH-BX"
