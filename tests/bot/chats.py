"""Transcripts as tests: a chat written down is played to the bot, and every message that comes back must be in it.

    trưởng đơn vị: /decu
    bot: Đề cử cá nhân hay tập thể? [Cá nhân] [Tập thể] [Huỷ]
    trưởng đơn vị: [Cá nhân]

A line of a person is what they type, or `[a button]` of their newest message that has it, or `+name` for a file: `+bang.xlsx`
is the table of `bang.tsv` beside the transcript, `+moi.txt` the text of `moi.text`, `+sua.xlsx (12 năm → 13 năm)` the newest table
of the bot with a cell changed, any other a few bytes. `bot:` is what comes back to the one who spoke,
`bot → thư ký:` what comes to another; `(…)` is shown over the chat after a press; `…` stands for any text; the named buttons must
all be there. Nothing may come that is not written down. Lines beginning with `#` are remarks.
"""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from bot.access import Role
from bot.emulator.person import NoButtonError, Person
from bot.stage import Stage

SPEAKERS = {
    "giáo viên": Role.TEACHER,
    "trưởng đơn vị": Role.UNIT_HEAD,
    "thư ký": Role.SECRETARIAT,
    "quản trị": Role.ADMIN,
}
_BUTTON = re.compile(r"\s*\[([^\]]+)\]\s*$")


@dataclass(frozen=True)
class Line:
    """`to` is None for what a person says; `number` is the line in the file."""

    number: int
    speaker: Role
    text: str
    to: Role | None = None
    toast: bool = False


def parse(text: str) -> list[Line]:
    """The lines of a transcript; a line that begins with blanks goes on with the one before."""
    lines: list[Line] = []
    speaker = Role.TEACHER
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.strip() or raw.startswith("#"):
            continue
        if raw[0].isspace():
            last = lines.pop()
            lines.append(Line(last.number, last.speaker, f"{last.text} {raw.strip()}", last.to, last.toast))
            continue
        who, _, said = raw.partition(": ")
        if who in SPEAKERS:
            speaker = SPEAKERS[who]
            lines.append(Line(number, speaker, said.strip()))
        elif who == "bot" and said.strip().startswith("("):
            lines.append(Line(number, speaker, said.strip()[1:-1], speaker, toast=True))
        elif who == "bot":
            lines.append(Line(number, speaker, said.strip(), speaker))
        elif who.startswith("bot → ") and who[6:] in SPEAKERS:
            lines.append(Line(number, speaker, said.strip(), SPEAKERS[who[6:]]))
        else:
            raise ValueError(f"line {number}: nobody is called {who!r}")
    return lines


async def play(stage: Stage, path: Path) -> None:
    """Play a transcript; raises AssertionError with the line at which the bot departs from it."""
    lines = parse(path.read_text(encoding="utf-8"))
    seen = len(stage.emulator.calls)
    position = 0
    while position < len(lines):
        line = lines[position]
        assert line.to is None, f"{path.name}:{line.number}: the bot did not say: {line.text}"
        await _speak(stage, line, path.parent)
        await stage.settled()
        calls = stage.emulator.calls[seen:]
        seen = len(stage.emulator.calls)
        errors = [call for call in calls if call.get("error")]
        assert not errors, f"{path.name}:{line.number}: Telegram refused {errors}"
        position += 1
        expected = []
        while position < len(lines) and lines[position].to is not None:
            expected.append(lines[position])
            position += 1
        _compare(path, line, expected, _said(stage, calls))


async def _speak(stage: Stage, line: Line, folder: Path) -> None:
    person = stage.people[line.speaker]
    if line.text.startswith("[") and line.text.endswith("]"):
        await _press(stage, person, line.text[1:-1])
    elif line.text.startswith("+"):
        name, _, change = line.text[1:].partition(" (")
        await person.send_file(name, _changed(stage, change.rstrip(")")) if change else _file(folder / name))
    else:
        await person.say(line.text.replace("\\n", "\n"))


def _file(path: Path) -> bytes:
    """The bytes of a file that is sent: a workbook of the rows written down under its name, or a few bytes of nothing."""
    text = path.with_suffix(".text")
    if path.suffix == ".txt" and text.exists():
        return text.read_bytes()
    rows = path.with_suffix(".tsv")
    if path.suffix != ".xlsx" or not rows.exists():
        return b"a file of a few bytes"
    book = openpyxl.Workbook()
    for row in rows.read_text(encoding="utf-8").splitlines():
        book.worksheets[0].append(row.replace("\\n", "\n").split("\t"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _changed(stage: Stage, change: str) -> bytes:
    """The newest workbook that the bot has sent, with the cells that hold one text given another."""
    before, _, after = change.partition(" → ")
    sent = [file for file in stage.emulator.files.values() if file.name.endswith(".xlsx")]
    book = openpyxl.load_workbook(io.BytesIO(sent[-1].data))
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if cell.value == before:
                cell.value = after
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def _press(stage: Stage, person: Person, button: str) -> None:
    """Press a button of the newest message that has it."""
    shown = [number for (chat, number), message in stage.emulator.messages.items() if chat == person.id and "reply_markup" in message]
    for number in sorted(shown, reverse=True):
        with contextlib.suppress(NoButtonError):
            await person.press(button, number)
            return
    await person.press(button)


Said = tuple[Role, str, list[str], bool]


def _said(stage: Stage, calls: list[dict[str, Any]]) -> list[Said]:
    """What arrived, in order: to whom, the text, the labels of the buttons, whether it only flashed over the chat."""
    by_chat = {person.id: role for role, person in stage.people.items()}
    found: list[Said] = []
    for call in calls:
        params = call["params"]
        if call["method"] == "answerCallbackQuery" and params.get("text"):
            found.append((Role.TEACHER, params["text"], [], True))
        elif call["method"] in ("sendMessage", "sendDocument", "sendPhoto", "editMessageText"):
            rows = (params.get("reply_markup") or {}).get("inline_keyboard", [])
            file = params.get("document")
            name = f"+{file['name']}" if isinstance(file, dict) else ""
            text = " ".join(f"{name} {params.get('text', params.get('caption', ''))}".split())
            found.append((by_chat[params["chat_id"]], text, [button["text"] for row in rows for button in row], False))
    return found


def _compare(path: Path, line: Line, expected: list[Line], said: list[Said]) -> None:
    left = list(said)
    for wanted in expected:
        match = next((one for one in left if _fits(wanted, one)), None)
        assert match is not None, (
            f"{path.name}:{wanted.number}: wanted {wanted.text!r}\nafter line {line.number}, there came\n{_shown(left)}"
        )
        left.remove(match)
    assert not left, f"{path.name}:{line.number}: after {line.text!r} there came more than is written down\n{_shown(left)}"


def _fits(wanted: Line, said: Said) -> bool:
    role, text, buttons, toast = said
    if toast != wanted.toast or (not toast and role is not wanted.to):
        return False
    rest, labels = wanted.text, []
    while match := _BUTTON.search(rest):
        labels.append(match[1])
        rest = rest[: match.start()]
    pattern = ".*".join(re.escape(part) for part in " ".join(rest.split()).split("…"))
    return re.fullmatch(pattern, text, re.DOTALL) is not None and all(label in buttons for label in labels)


def _shown(said: list[Said]) -> str:
    return "\n".join(f"  {'toast' if toast else f'→ {role.value}'}: {text} {buttons}" for role, text, buttons, toast in said)
