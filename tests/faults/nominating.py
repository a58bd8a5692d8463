"""Unit heads who nominate, each in their own way, and remember what they typed: the other side of a bot that is being killed."""

from __future__ import annotations

import random
import re
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from bot.access import Access, Role
from bot.emulator.person import SHOWN
from bot.moments import VIETNAM
from bot.people import People
from bot.workspace import writing
from tests.bot.processes import Api
from tests.bot.school import ORG, _prepared

SECRETARY = 90
_REPEAT = re.compile(r"\n*\(gửi lại #\d+:[^)]*\)$")
_RECEIPT = re.compile(r"Đã nhận (ĐC-\d+)")
_FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ"]
_MIDDLE = ["Thị", "Văn", "Minh", "Thu", "Ngọc", "Đức", "Thanh", "Quốc", "Hải", "Bích"]
_GIVEN = [
    *("An", "Bình", "Chi", "Dung", "Giang", "Hà", "Khánh", "Lan", "Mai", "Nga"),
    *("Oanh", "Phúc", "Quân", "Sơn", "Tâm", "Uyên", "Vinh", "Xuân", "Yến", "Hùng"),
]


@dataclass(frozen=True)
class Nominee:
    name: str
    seniority: str
    summary: str
    phone: str


def nominee(number: int) -> Nominee:
    """The `number`-th of 2,000 people with different names."""
    names = (_FAMILY[number % 10], _MIDDLE[number // 10 % 10], _GIVEN[number // 100 % 20])
    return Nominee(" ".join(names), f"{5 + number % 30} năm", f"Sáng kiến số {number} được công nhận", f"0912 {number:06d}")


def reply_to(text: str, buttons: list[dict[str, Any]], now: Nominee) -> tuple[Literal["say", "press"], str] | None:
    """What a head does when the form asks: types a text, or presses the button with this callback data; None for what is no question."""
    typed = {
        "Họ và tên người được đề cử?": now.name,
        "Thâm niên giảng dạy?": now.seniority,
        "Tóm tắt thành tích nổi bật": now.summary,
        "Số điện thoại": now.phone,
    }
    pressed = {
        "Đề cử cá nhân hay tập thể?": "Cá nhân",
        "Email của người được đề cử": "Không có",
        "tiêu chí nào của kế hoạch?": "Xong" if any("☑" in b["text"] for b in buttons) else "☐",
        "đồng ý chưa?": "Đã đồng ý",
        "Xin xem lại trước khi gửi": "Gửi",
    }
    for question, label in pressed.items():
        if question in text:
            data = next((b["callback_data"] for b in buttons if b["text"].startswith(label)), None)
            return None if data is None else ("press", data)
    return next((("say", answer) for question, answer in typed.items() if question in text), None)


@dataclass
class Head:
    """One unit head at the telephone. Acts on each new question once; a repeat that says so is not a new question."""

    api: Api
    id: int
    chance: random.Random
    numbers: Any
    finished: list[tuple[str, Nominee]] = field(default_factory=list)
    given_up: int = 0
    sent: list[int] = field(default_factory=list)
    answered: str = ""
    now: Nominee | None = None
    stopping: bool = False

    def begin(self) -> None:
        self.now = None if self.stopping else nominee(next(self.numbers))
        if self.now is not None:
            self.say("/decu")

    def say(self, text: str) -> None:
        self.sent.append(self.api.say(self.id, text))

    def hears(self, call: dict[str, Any]) -> None:
        said = str(call["params"].get("text", ""))
        text = _REPEAT.sub("", said)
        repeated = text != said
        buttons = [b for row in call["params"].get("reply_markup", {}).get("inline_keyboard", []) for b in row]
        sign = text + "|".join(b.get("callback_data", "") for b in buttons)
        if repeated and sign == self.answered:
            return
        if self.act(text, buttons, int(call["result"]["message_id"])):
            self.answered = sign

    def act(self, text: str, buttons: list[dict[str, Any]], message_id: int) -> bool:
        if (receipt := _RECEIPT.match(text)) is not None:
            if self.now is not None and self.now.name in text:
                self.finished.append((receipt[1], self.now))
                self.begin()
            return True
        if self.now is None:
            return False
        if "Tóm tắt thành tích nổi bật" in text and self.chance.random() < 0.15:
            self.given_up += 1
            self.say("/huy")
            self.begin()
            return True
        step = reply_to(text, buttons, self.now)
        if step is None:
            return False
        kind, content = step
        if kind == "say":
            self.say(content)
        else:
            self.sent.append(self.api.press(self.id, message_id, content))
        return True


@dataclass
class Office:
    """All heads, and what came to whom."""

    api: Api
    heads: dict[int, Head]
    astray: list[dict[str, Any]] = field(default_factory=list)

    def listen(self, wait: float) -> None:
        for call in self.api.calls(wait):
            chat = call["params"].get("chat_id")
            if call["method"] not in SHOWN or not call["result"]:
                continue
            self._look_for_strays(chat, call)
            if chat in self.heads:
                self.heads[chat].hears(call)

    def _look_for_strays(self, chat: Any, call: dict[str, Any]) -> None:
        text = str(call["params"].get("text", ""))
        for head in self.heads.values():
            known = [nominee for _, nominee in head.finished] + ([head.now] if head.now else [])
            if chat not in (head.id, SECRETARY) and any(each.phone in text or each.summary in text for each in known):
                self.astray.append(call)

    @property
    def busy(self) -> int:
        return sum(head.now is not None for head in self.heads.values())


def furnish(data: Path, heads: range) -> None:
    """The school with its plan, a secretary, and a unit for each head."""
    today = datetime.now(VIETNAM)
    shutil.copytree(_prepared(today.year if today.month >= 9 else today.year - 1), data, dirs_exist_ok=True)
    with writing(data) as space, space.db.atomic():
        people, access = People(space.db), Access(space.db)
        for number in (*heads, SECRETARY):
            person = people.meet(number, number, f"Người {number}", space.now)
            people.belongs(person.id, ORG)
            if number == SECRETARY:
                access.give(person.id, Role.SECRETARIAT, ORG, None, space.now)
            else:
                access.give(person.id, Role.UNIT_HEAD, ORG, f"Tổ {number}", space.now)
