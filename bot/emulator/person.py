"""Somebody who talks to the bot: writes, presses buttons, sends files, reads what arrived. For tests and for the demo."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.emulator.api import Emulator
from bot.emulator.params import Upload

SHOWN = frozenset({"sendMessage", "sendDocument", "sendPhoto", "editMessageText", "editMessageReplyMarkup", "editMessageCaption"})
_MARKS = re.compile(r"^[^\w]+|[^\w]+$")


class NoButtonError(LookupError):
    """A button was pressed that is not there."""


@dataclass
class Person:
    """A Telegram user; `chat_id` is a group where the person does not write in private."""

    emulator: Emulator
    id: int
    first_name: str
    chat_id: int | None = None
    read_up_to: int = 0

    @property
    def where(self) -> int:
        return self.id if self.chat_id is None else self.chat_id

    async def say(self, text: str, **more: Any) -> int:
        """Sends a message; `more` are further fields of it. Returns the update's id."""
        return await self.emulator.push({"message": {**self._from(), "text": text, **more}})

    async def send_file(self, name: str, data: bytes, caption: str = "") -> int:
        file = self.emulator.keep(Upload(name, data))
        about = {"file_id": file.file_id, "file_unique_id": file.file_id[-16:], "file_name": name, "file_size": len(data)}
        with_caption = {"caption": caption} if caption else {}
        return await self.emulator.push({"message": {**self._from(), "document": about, **with_caption}})

    async def press(self, button: str, message_id: int | None = None) -> int:
        """Presses a button by its data, its label, or the beginning of its label, of the newest message that has one.

        Raises NoButtonError with what is there.
        """
        found = self._button(button, message_id)
        if found is None:
            there = [b["text"] for row in self.buttons(message_id) for b in row]
            raise NoButtonError(f"no button {button!r} for {self.first_name}; there are {there}")
        message, data = found
        pressed = {"from": self._user(), "message": {"chat": message["chat"], "message_id": message["message_id"]}, "data": data}
        return await self.emulator.push({"callback_query": pressed})

    def buttons(self, message_id: int | None = None) -> list[list[dict[str, Any]]]:
        """The rows of buttons of a message, by default of the newest message that has any."""
        message = self._with_buttons(message_id)
        return list(message["reply_markup"]["inline_keyboard"]) if message else []

    def news(self) -> list[dict[str, Any]]:
        """The calls that reached this chat since the last time this was asked."""
        calls = [
            call
            for call in self.emulator.calls[self.read_up_to :]
            if call["method"] in SHOWN and call["result"] and call["params"].get("chat_id") == self.where
        ]
        self.read_up_to = len(self.emulator.calls)
        return calls

    def texts(self) -> list[str]:
        """The texts and captions that arrived since the last time."""
        return [str(call["params"].get("text", call["params"].get("caption", ""))) for call in self.news()]

    # --- inside ------------------------------------------------------------------------------------------------------

    def _user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.first_name}

    def _from(self) -> dict[str, Any]:
        chat = {} if self.chat_id is None else {"chat": {"id": self.chat_id, "type": "group", "title": "Nhóm"}}
        return {"from": self._user(), **chat}

    def _with_buttons(self, message_id: int | None) -> dict[str, Any] | None:
        mine = [m for (chat, _), m in self.emulator.messages.items() if chat == self.where and "reply_markup" in m]
        if message_id is not None:
            mine = [message for message in mine if message["message_id"] == message_id]
        return max(mine, key=lambda message: int(message["message_id"]), default=None)

    def _button(self, wanted: str, message_id: int | None) -> tuple[dict[str, Any], str] | None:
        message = self._with_buttons(message_id)
        if message is None:
            return None
        buttons = [b for row in message["reply_markup"]["inline_keyboard"] for b in row if "callback_data" in b]
        bare = _bare(wanted)
        tests = (
            lambda b: b["callback_data"] == wanted,
            lambda b: b["text"] == wanted,
            lambda b: _bare(b["text"]) == bare,
            lambda b: bare != "" and _bare(b["text"]).startswith(bare),
        )
        for test in tests:
            for button in buttons:
                if test(button):
                    return message, str(button["callback_data"])
        return None


def _bare(label: str) -> str:
    """A label without the marks around it, so that "Cá nhân" finds "☐ Cá nhân"."""
    return _MARKS.sub("", label).casefold()
