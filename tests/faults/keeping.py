"""An admin who ends and restores a plan again and again, so that the index is built while the bot is being killed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.access import Access, Role
from bot.people import People
from bot.workspace import writing
from index.embed import Embedder
from index.search import DamagedError, Index
from knowledge.extract import understand
from knowledge.library import Library
from knowledge.model import Document, Page
from tests.bot.processes import Api
from tests.bot.school import ORG, OTHER, plan_text

ADMIN = 91


@dataclass
class Keeper:
    """Presses the next time only after the answer to the time before."""

    api: Api
    plan: str
    live: bool = True
    waiting: bool = False
    sent: list[int] = field(default_factory=list)

    def switch(self) -> None:
        if not self.waiting:
            self.live, self.waiting = not self.live, True
            self.sent.append(self.api.press(ADMIN, 1, f"plan{'on' if self.live else 'off'}.{self.plan}"))

    def listen(self) -> None:
        said = f"{self.plan}: {'đang dùng lại' if self.live else 'đã ngừng dùng'}"
        for call in self.api.calls():
            if call["params"].get("chat_id") == ADMIN and str(call["params"].get("text", "")).startswith(said):
                self.waiting = False


def add_keeper(data: Path, address: str) -> Keeper:
    """The admin, at the emulator of that address, and a plan of another school that nobody nominates under."""
    text = plan_text().replace("BẾN XUÂN", "ĐỒI THÔNG").replace("12/KH-BX", "7/KH-ĐT")
    document = Document(source="doi-thong.txt", format="text", pages=(Page(number=1, text=text),))
    with writing(data) as space:
        with space.db.atomic():
            person = People(space.db).meet(ADMIN, ADMIN, "Người quản trị", space.now)
            People(space.db).belongs(person.id, ORG)
            Access(space.db).give(person.id, Role.ADMIN, None, None, space.now)
            added = space.library.add(understand(document, org=OTHER), sha256="1" * 64, now=space.now)
        space.index.build((stored.plan for stored in space.library.live()), Embedder())
        return Keeper(Api(address), added.stored.plan.id)


def is_whole(index: Index, library: Library) -> bool:
    """Whether the index in force is sound and holds every live plan; what was retired stays until the next build, and is silent."""
    try:
        generation = index.current()
    except DamagedError:
        return False
    live = {(plan_id, version) for _, plan_id, version in library.live_keys()}
    return generation is not None and live <= set(generation.entries) and index.verify() == []
