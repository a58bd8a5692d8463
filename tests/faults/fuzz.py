"""Odd updates and damaged files for as long as wanted: `python -m tests.faults.fuzz --minutes 10 [--only updates|files|texts]`.

Ends at the first finding, with the example that hypothesis has made small, and exit code 1. Not part of the tests: what it found is
kept among them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import random
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from bot import logs
from bot.emulator.api import StoredFile
from bot.emulator.params import Upload
from bot.stage import Stage
from forms import filled, free_text, tables
from forms.grids import UnreadableTable
from forms.model import FormSpec
from index.engine import Engine
from knowledge.extract import NotAPlan, understand
from knowledge.model import Document, Page
from knowledge.readers import Unreadable, read
from tests.bot.school import ORG, plan_text, school
from tests.faults import updates
from tests.knowledge import rendering
from tests.knowledge.badfiles import BAD_FILES

SETTINGS = settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False)
FIRST_UPDATE = 3_000_000_000  # behind those of the emulator


class FoundError(AssertionError):
    """Something that must not happen; the message says what."""


# --- the update handler ------------------------------------------------------------------------------------------------


class Hall:
    """A bot at work whose updates are put into its inbox directly, as whatever they are."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.number = FIRST_UPDATE
        self.calls = 0

    async def take(self, batch: list[dict[str, Any]], *, sound: bool) -> None:
        """Hands a batch over and waits.

        Raises FoundError where an update is not finished, a sound one fails, or Telegram refuses what is said.
        """
        services = self.stage.services
        first = self.number + 1
        for update in batch:
            self.number += 1
            services.inbox.store([{**update, "update_id": self.number}])
        await self.stage.settled()
        rows = services.db.execute("SELECT update_id, outcome FROM inbox WHERE update_id >= ?", [first]).fetchall()
        wrong = [row for row in rows if row[1] not in (("done",) if sound else ("done", "failed"))]
        if wrong or len(rows) != len(batch):
            raise FoundError(f"not done: {wrong}, {len(rows)} of {len(batch)} stored")
        refused = [call for call in self.stage.emulator.calls[self.calls :] if _is_fault(call)]
        self.calls = len(self.stage.emulator.calls)
        if refused:
            raise FoundError(f"Telegram refused: {refused[0]}")


def _is_fault(call: dict[str, Any]) -> bool:
    """A call that a real Telegram would refuse although the chat is there."""
    error = str(call.get("error") or "")
    known = (
        "query is too old",
        "message is not modified",
        "message to edit not found",
        "chat not found",
        "invalid file_id",
        "wrong file_id",
        "file not found",
    )
    return bool(error) and not any(text in error.lower() for text in known)


def fuzz_updates(end: float) -> int:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(many_updates(Path(folder) / "data", SETTINGS, lambda: time.monotonic() < end))


async def many_updates(data: Path, how: settings, more: Callable[[], bool]) -> int:
    """Rounds of odd updates to a bot at work until `more` says no; returns how many. Raises FoundError."""
    loop, count, number = asyncio.get_running_loop(), 0, 0
    async with school(data) as stage:
        hall = Hall(stage)
        _keep_files(stage)
        for chat in [{"id": number, "type": "private"} for number in updates.PEOPLE] + [{"id": updates.GROUP, "type": "supergroup"}]:
            stage.emulator._know(chat)

        @how
        @given(st.lists(updates.sound, min_size=1, max_size=12), st.lists(updates.odd, max_size=4))
        def round_(sound: list[dict[str, Any]], odd: list[dict[str, Any]]) -> None:
            nonlocal count
            count += len(sound) + len(odd)
            asyncio.run_coroutine_threadsafe(hall.take(odd, sound=False), loop).result(120)
            asyncio.run_coroutine_threadsafe(hall.take(sound, sound=True), loop).result(120)

        while number == 0 or more():
            await asyncio.to_thread(round_ if number == 0 else seed(random.randrange(2**32))(round_))
            number += 1
    return count


def _keep_files(stage: Stage) -> None:
    """The files that the messages name: tables, a plan, pictures, damaged ones."""
    contents = [("plan.txt", plan_text().encode()), *((bad.name, bad.make()) for bad in BAD_FILES[:7])]
    for name, (shown, content) in zip(updates.FILES, contents, strict=False):
        kept = stage.emulator.keep(Upload(shown, content))
        stage.emulator.files[name] = StoredFile(name, shown, content, kept.path)


# --- files -------------------------------------------------------------------------------------------------------------


def fuzz_files(end: float) -> int:
    count = 0
    sources = _sources()
    spec = _spec()
    with tempfile.TemporaryDirectory() as folder:

        @SETTINGS
        @given(st.sampled_from(sources), st.integers(0, 2**32), st.integers(0, 12))
        def one(source: tuple[str, bytes], chance: int, changes: int) -> None:
            nonlocal count
            count += 1
            name, content = source
            path = Path(folder) / f"f{Path(name).suffix}"
            path.write_bytes(damaged(content, random.Random(chance), changes))
            with contextlib.suppress(Unreadable, NotAPlan):
                understand(read(path, source=name), org=ORG)
            if path.suffix in (".xlsx", ".docx"):
                with contextlib.suppress(UnreadableTable):
                    filled.read(path, spec)

        while time.monotonic() < end:
            seed(random.randrange(2**32))(one)()
    return count


def damaged(content: bytes, chance: random.Random, changes: int) -> bytes:
    """Bytes turned, cut, doubled; within an archive, its parts rather than its wrapping half of the time."""
    if content[:2] == b"PK" and chance.random() < 0.5:
        with contextlib.suppress(zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError, IndexError):
            return _within(content, chance, changes)
    data = bytearray(content)
    for _ in range(changes):
        if not data:
            break
        at = chance.randrange(len(data))
        action = chance.randrange(5)
        if action == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif action == 1:
            del data[at : at + chance.randrange(1, 200)]
        elif action == 2:
            data[at:at] = data[at : at + chance.randrange(1, 200)]
        elif action == 3:
            data[at:at] = chance.randbytes(chance.randrange(1, 20))
        else:
            data[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"<a>", b"</w", b"9999"])
    return bytes(data)


def _within(content: bytes, chance: random.Random, changes: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        names = archive.namelist()
        chosen = chance.choice(names)
        for name in names:
            part = archive.read(name)
            made.writestr(name, damaged(part, chance, changes) if name == chosen else part)
    return out.getvalue()


def _spec() -> FormSpec:
    page = Page(number=1, text=plan_text())
    return FormSpec.from_plan(understand(Document(source="p.txt", format="text", pages=(page,)), org=ORG))


def _sources() -> list[tuple[str, bytes]]:
    """Sound files of every kind to begin with, and the bad ones that are not large."""
    sources: list[tuple[str, bytes]] = [("ke-hoach.txt", plan_text().encode())]
    with tempfile.TemporaryDirectory() as folder:
        for format in ("xlsx", "docx"):
            out = Path(folder) / f"mau.{format}"
            tables.blank(_spec(), "individual", out, format)  # type: ignore[arg-type]
            sources.append((out.name, out.read_bytes()))
        for make, ending in ((rendering.to_docx, "docx"), (rendering.to_pdf, "pdf")):
            path = make(plan_text(), Path(folder) / f"ke-hoach.{ending}")
            sources.append((path.name, path.read_bytes()))
    return sources + [(bad.name, content) for bad in BAD_FILES if len(content := bad.make()) < 200_000]


# --- texts -------------------------------------------------------------------------------------------------------------


def fuzz_texts(end: float) -> int:
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        engine = asyncio.run(_engine(Path(folder)))

        @SETTINGS
        @given(st.lists(updates.texts | st.sampled_from(plan_text().splitlines()), max_size=30))
        def one(lines: list[str]) -> None:
            nonlocal count
            count += 1
            text = "\n".join(lines).encode("utf-8", "replace").decode()
            free_text.parse(text)
            with contextlib.suppress(NotAPlan, Unreadable):
                understand(Document(source="x.txt", format="text", pages=(Page(number=1, text=text),)), org=ORG)
            engine.ask(text[:500], org=ORG, history=lines[:2], today=date(2026, 11, 20))

        while time.monotonic() < end:
            seed(random.randrange(2**32))(one)()
    return count


async def _engine(folder: Path) -> Engine:
    async with school(folder) as stage:
        return stage.services.engine


KINDS: dict[str, Callable[[float], int]] = {"updates": fuzz_updates, "files": fuzz_files, "texts": fuzz_texts}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--only", choices=KINDS)
    logs.configure(level="CRITICAL")
    given_ = parser.parse_args(arguments)
    kinds = [given_.only] if given_.only else list(KINDS)
    for kind in kinds:
        count = KINDS[kind](time.monotonic() + given_.minutes * 60 / len(kinds))
        print(f"{kind}: {count} examples, no finding", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
