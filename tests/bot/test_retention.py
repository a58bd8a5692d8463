"""What is no longer needed goes when its time has come, and nothing before."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from bot.access import Role
from bot.files import FileStore
from bot.retention import forget_files, forget_old_people
from bot.stage import Stage
from tests.bot.local import HandClock
from tests.bot.school import ORG, school
from tests.bot.test_handlers import file_nomination, said

SECRET = "Nguyễn Thị Mai"


def tables_with(stage: Stage, text: str) -> list[str]:
    db = stage.services.db
    return [name for name in db.table_names() if any(text in str(row) for row in db.query(f'SELECT * FROM "{name}"'))]


def aged(data: Path, days: float, look: Callable[[Stage], list[str]]) -> list[str]:
    """A nomination and a question, then so many days, then retention; what `look` sees."""
    clock = HandClock()

    async def scene() -> list[str]:
        async with school(data, clock=clock) as stage:
            await file_nomination(stage, SECRET)
            await said(stage, Role.TEACHER, "Hồ sơ gồm những gì, hỏi cho Mai?")
            clock.move(days=days)
            with stage.services.db.atomic():
                forget_old_people(stage.services, clock())
            return look(stage)

    return asyncio.run(scene())


def test_nomination_is_erased_after_its_years_and_stays_what_it_was(tmp_path: Path) -> None:
    def look(stage: Stage) -> list[str]:
        states = [n.state for n in stage.services.nominations.each(org=ORG)]
        return states + [entry.action for entry in stage.services.audit.latest(1)] + tables_with(stage, SECRET)

    assert aged(tmp_path, 1826, look) == ["submitted", "data_expired", "outbox"]  # what was said goes after 90 days: test_jobs


def test_nomination_of_last_year_stays(tmp_path: Path) -> None:
    assert "nominations" in aged(tmp_path, 400, lambda stage: tables_with(stage, SECRET))


def test_question_is_cut_loose_from_its_asker_and_the_answer_stays(tmp_path: Path) -> None:
    def look(stage: Stage) -> list[str]:
        return [str((row["person"], row["question"], bool(row["text"]))) for row in stage.services.db.query("SELECT * FROM answers")]

    assert aged(tmp_path, 731, look) == ["(None, '', True)"]


def test_file_that_nothing_names_goes_and_named_ones_stay(tmp_path: Path) -> None:
    clock = HandClock()

    async def scene() -> list[bool]:
        async with school(tmp_path, clock=clock) as stage:
            await file_nomination(stage, SECRET, before="[Xong]", album=["a.pdf"])
            await stage.people[Role.SECRETARIAT].press("Tải minh chứng (zip)")
            await stage.settled()
            files: FileStore = stage.services.files
            loose = files.put(b"nobody names this")
            piece = files.path(loose).with_name(".new-x")
            piece.write_bytes(b"x")
            made = next(stage.services.db.query("SELECT document FROM outbox WHERE document IS NOT NULL"))["document"]
            kept = next(stage.services.db.query("SELECT sha256 FROM evidence_files"))["sha256"]
            found = []
            for days in (0, 2):
                clock.move(days=days)
                for path in files.folder.glob("??/*"):
                    os.utime(path, (clock().timestamp() - 100_000 * (days > 0), clock().timestamp() - 100_000 * (days > 0)))
                forget_files(stage.services, clock())
                found += [files.path(loose).exists(), Path(made).exists(), files.path(kept).exists(), piece.exists()]
            return found

    assert asyncio.run(scene()) == [True, True, True, True, False, False, True, False]
