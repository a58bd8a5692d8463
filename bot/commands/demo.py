"""`demo`: a conversation with the real bot in the terminal, on the five institutions and their digests. No token, no network.

Lines: a text is sent; `#2` or `#Tập thể` presses a button of the newest message with buttons; `@secretariat` speaks as another
person of the same institution; `+PATH` sends a file. The end of input ends it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import messages
from bot.access import Role
from bot.console import CommandError, say, waiting, why

if TYPE_CHECKING:
    from bot.app import Services
    from knowledge.library import Institution

DEFAULT_ORG = "vinhthuan"


def register(app: typer.Typer) -> None:
    app.command("demo", help="Trò chuyện thử với bot ngay tại đây, không cần token.")(demo)


def demo(
    as_role: Annotated[Role, typer.Option("--as", help="teacher, unit_head, secretariat hoặc admin")] = Role.TEACHER,
    org: Annotated[str, typer.Option(help="Mã đơn vị")] = DEFAULT_ORG,
    web: Annotated[bool, typer.Option("--web", help="Mở trên trình duyệt, bốn người cạnh nhau")] = False,
    port: Annotated[int, typer.Option(help="Cổng của --web; 0 là tự chọn", min=0, max=65535)] = 0,
) -> None:
    """Hold the conversation until the end of input. The data is temporary; files that the bot sends are kept and named."""
    from bot import logs

    logs.configure(level="ERROR")
    if web:
        _browse(org, port)
        return
    with tempfile.TemporaryDirectory(prefix="guongsang-demo-", ignore_cleanup_errors=True) as folder:
        asyncio.run(_talk(Path(folder), as_role, org))


def _browse(org: str, port: int) -> None:
    """Serve the page until Ctrl+C."""
    from bot.webdemo.server import serve

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(org, port, load_digests, lambda chosen: say(messages.web_ready(chosen))))


async def _talk(data: Path, role: Role, org: str) -> None:
    from bot.stage import cast, open_rounds, open_stage

    with waiting("Đang đọc các kế hoạch mẫu và lập chỉ mục…"):
        load_digests(data, org)
    async with open_stage(data) as stage:
        institution = stage.services.library.known(org)
        await cast(stage, institution.slug, messages.DEMO_UNIT)
        open_rounds(stage, institution.slug, messages.DEMO_ROUND)
        terminal = Terminal(stage, role)
        say(messages.demo_head(institution.name, messages.ROLE[role.value]))
        for opening in ("/start", await _example(stage.services, institution)):
            say(f"{role.value}> {opening}")
            await terminal.line(opening)
        for line in _lines(lambda: f"{terminal.role.value}> "):
            await terminal.line(line)
        terminal.rest()


async def _example(services: Services, institution: Institution) -> str:
    """A question for the first screen that the institution's plans answer: the dossier, where they say what it holds."""
    from bot.handlers.examples import EXAMPLES, fitting
    from bot.moments import today

    texts = [EXAMPLES[number].text for number in await fitting(services, institution, today(services.clock()))]
    return messages.EXAMPLE_DOSSIER if messages.EXAMPLE_DOSSIER in texts or not texts else texts[0]


def load_digests(data: Path, org: str) -> None:
    """The digests through the library and the index, as official plans go. Raises CommandError for an unknown institution."""
    from bot.workspace import writing
    from index.embed import Embedder
    from knowledge.extract import understand
    from knowledge.plans import digests
    from knowledge.readers import read

    found = digests()
    if org not in {digest.slug for digest in found}:
        raise CommandError(f"Bản thử không có đơn vị “{org}”: hiện có {', '.join(digest.slug for digest in found)}")
    with writing(data) as space:
        with space.db.atomic():
            for digest in found:
                space.library.add_institution(digest.slug, digest.name, aliases=digest.aliases)
                plan = understand(read(digest.path), org=digest.slug, digest=True)
                space.library.add(plan, sha256=hashlib.sha256(digest.path.read_bytes()).hexdigest(), now=space.now)
        space.index.build((stored.plan for stored in space.library.live()), Embedder())


def _lines(prompt: Any) -> Iterator[str]:
    """Lines of a person or a script, to the end of input; a script's lines are echoed, so that the output reads as a chat."""
    person = sys.stdin.isatty()
    while True:
        if person:
            sys.stdout.write(prompt())
            sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            return
        line = line.strip()
        if line:
            if not person:
                say(f"{prompt()}{line}")
            yield line


class Terminal:
    """Who speaks, what they see. Other people's messages are announced in one line and shown in full once they speak."""

    def __init__(self, stage: Any, role: Role) -> None:
        self.stage = stage
        self.role = role
        self.first = role
        self.unseen: dict[Role, list[dict[str, Any]]] = {one: [] for one in Role}
        self.seen_calls = len(stage.emulator.calls)
        self.texts: dict[tuple[int, int], str] = {}
        self.files = Path(tempfile.mkdtemp(prefix="guongsang-tep-"))

    @property
    def person(self) -> Any:
        return self.stage.people[self.role]

    async def line(self, line: str) -> None:
        """One line of input, carried out, and what came of it printed."""
        if line.startswith("@"):
            name, _, rest = line[1:].partition(" ")
            self._become(name)
            line = rest.strip()
            if not line:
                return
        if line.startswith("#"):
            await self._press(line[1:].strip())
        elif line.startswith("+"):
            await self._send_file(Path(line[1:].strip()).expanduser())
        else:
            await self.person.say(line)
        await self.stage.settled()
        self._collect()

    def _become(self, name: str) -> None:
        if name not in {role.value for role in Role}:
            say(messages.demo_no_person(name, [role.value for role in Role]))
            return
        self.role = Role(name)
        self._show(self.role)

    async def _press(self, wanted: str) -> None:
        from bot.emulator.person import NoButtonError

        labels = [button["text"] for row in self.person.buttons() for button in row]
        data = [button["callback_data"] for row in self.person.buttons() for button in row]
        number = int(wanted) - 1 if wanted.isdecimal() else -1
        try:
            await self.person.press(data[number] if 0 <= number < len(data) else wanted)
        except NoButtonError:
            say(messages.demo_no_button(wanted, labels))

    async def _send_file(self, path: Path) -> None:
        try:
            data = path.read_bytes()
        except OSError as error:
            say(f"{path}: {why(error)}")
            return
        await self.person.send_file(path.name, data)

    # --- what is seen

    def _collect(self) -> None:
        """Sort what the bot has sent by the person it went to; show the present one's, announce the others'."""
        calls = self.stage.emulator.calls[self.seen_calls :]
        self.seen_calls = len(self.stage.emulator.calls)
        for role, person in self.stage.people.items():
            self.unseen[role] += [call for call in calls if _is_for(call, person.id)]
        for call in calls:
            if call["method"] == "answerCallbackQuery" and call["params"].get("text"):
                say(f"({call['params']['text']})")
        self._show(self.role)
        for role, unseen in self.unseen.items():
            if any(call in calls for call in unseen):
                say(messages.demo_news(role.value, len(unseen), _first_line(unseen[-1])))

    def _show(self, role: Role) -> None:
        name = "" if role is self.first else f"{role.value}: "
        for call in self.unseen[role]:
            say()
            say(self._shown(call, name))
        if self.unseen[role]:
            say()
        self.unseen[role] = []

    def rest(self) -> None:
        """What others got and nobody looked at."""
        for role in Role:
            self._show(role)

    def _shown(self, call: dict[str, Any], name: str) -> str:
        params = call["params"]
        text = params.get("text", params.get("caption", ""))
        file = params.get("document") or params.get("photo")
        if isinstance(file, dict):
            text = "\n".join(part for part in (self._kept(file), text) if part)
        elif file:
            held = self.stage.emulator.files.get(file)
            text = "\n".join(part for part in (self._kept(held.shown()) if held else "", text) if part)
        if call["method"].startswith("edit"):
            text = self._edited(params["chat_id"], params["message_id"], text)
        else:
            self.texts[params["chat_id"], call["result"]["message_id"]] = text
        return "\n".join([f"{name}{text}", *_rows(params.get("reply_markup"))])

    def _edited(self, chat_id: int, message_id: int, text: str) -> str:
        """What to show of a changed message: its text only where that changed too."""
        before = self.texts.get((chat_id, message_id))
        self.texts[chat_id, message_id] = text
        return messages.DEMO_BUTTONS if text == before else f"{messages.DEMO_EDITED}{text}"

    def _kept(self, file: dict[str, Any]) -> str:
        """A file that the bot sent, put where it can be opened."""
        path = self.files / Path(str(file["name"])).name
        path.write_bytes(self.stage.emulator.files[file["file_id"]].data)
        return messages.demo_file(str(file["name"]), int(file["size"]), str(path))


SHOWN = ("sendMessage", "sendDocument", "sendPhoto", "editMessageText")


def _is_for(call: dict[str, Any], chat_id: int) -> bool:
    return call["method"] in SHOWN and bool(call["result"]) and call["params"].get("chat_id") == chat_id


def _first_line(call: dict[str, Any]) -> str:
    text = str(call["params"].get("text", call["params"].get("caption", "")))
    return text.split("\n")[0][:80]


def _rows(markup: Any) -> list[str]:
    """Buttons as `[1] Cá nhân   [2] Tập thể`, numbered through all rows."""
    lines = []
    number = 0
    for row in (markup or {}).get("inline_keyboard", []):
        shown = []
        for button in row:
            number += 1
            shown.append(f"[{number}] {button['text']}")
        lines.append("   ".join(shown))
    return lines
