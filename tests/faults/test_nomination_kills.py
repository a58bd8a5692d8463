"""`kill -9` in the middle of nominations: no typed field is lost, a nomination is filed once, nobody reads another's data."""

from __future__ import annotations

import itertools
import os
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.database import open_readonly
from bot.failpoints import NOMINATING, PASSING, PLACES, REINDEXING
from forms.store import NominationStore
from index.search import Index
from knowledge.library import Library
from tests.bot.processes import TOKEN, emulator
from tests.bot.school import ORG
from tests.faults.keeping import Keeper, add_keeper, is_whole
from tests.faults.killing import Mortal
from tests.faults.nominating import Head, Office, furnish
from tests.faults.telling import plain_loop

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
HEADS = range(5, 9)
QUICK = {
    "GUONGSANG_TOKEN": TOKEN,
    "GUONGSANG_WARM": "false",
    "GUONGSANG_CHAT_PER_SECOND": "10000",
    "GUONGSANG_CHAT_BURST": "10000",
    "GUONGSANG_OVERALL_PER_SECOND": "10000",
}


def nominate_through(data: Path, kills: int, seed: int, places: Sequence[str] = PLACES) -> Story:
    furnish(data, HEADS)
    numbers = itertools.count()
    command = [sys.executable, "-m", "bot.cli", "--data", str(data), "run"]
    with emulator() as api:
        chance, keeper = random.Random(seed), add_keeper(data, api.address)
        office = Office(api, {number: Head(api, number, chance, numbers) for number in HEADS})
        with Mortal(command, places, kills, seed, **QUICK, GUONGSANG_API=api.address) as mortal:
            story = Story(data, office, keeper, mortal)
            for head in office.heads.values():
                head.begin()
            story.until(lambda: mortal.done, 60.0 * kills + 60)
            for head in office.heads.values():
                head.stopping = True
            story.until(lambda: not office.busy and not keeper.waiting, 120)
            story.until(lambda: _all_done(data) and _is_indexed(data), 120)
    return story


@dataclass
class Story:
    """Heads who nominate and an admin who switches a plan, until the process has been killed often enough."""

    data: Path
    office: Office
    keeper: Keeper
    mortal: Mortal

    def until(self, reached: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not reached():
            assert time.monotonic() < deadline, f"stuck: {[(h.id, h.now, h.answered) for h in self.office.heads.values()]}"
            self.office.listen(wait=0.2)
            self.keeper.listen()
            if self.mortal.armed in REINDEXING:
                self.keeper.switch()
            self.mortal.wait(0)


def _all_done(data: Path) -> bool:
    connection = sqlite3.connect(data / "guongsang.db")
    left = connection.execute("SELECT count(*) FROM inbox WHERE done_at IS NULL").fetchone()[0]
    connection.close()
    return int(left) == 0


def _is_indexed(data: Path) -> bool:
    db = open_readonly(data / "guongsang.db")
    try:
        return is_whole(Index(data / "index"), Library(db))
    finally:
        db.close()


def check(story: Story) -> tuple[int, int]:
    """Raises AssertionError where something was lost, filed twice or went astray; returns how many were filed and given up."""
    office, keeper = story.office, story.keeper
    db = open_readonly(story.data / "guongsang.db")
    sent = sorted([*keeper.sent, *(number for head in office.heads.values() for number in head.sent)])
    held = {int(row[0]): row[1] for row in db.execute("SELECT update_id, outcome FROM inbox").fetchall()}
    assert sorted(held) == sent, "an update was lost"
    assert set(held.values()) == {"done"}
    store = NominationStore(db)
    filed = {nomination.code: nomination for nomination in store.nominations(org=ORG)}
    receipts = [(code, nominee) for head in office.heads.values() for code, nominee in head.finished]
    assert sorted(filed) == sorted(code for code, _ in receipts), "filed twice, or a receipt for nothing"
    for code, nominee in receipts:
        values = " ".join(str(value) for value in filed[code].values.values())
        for typed in (nominee.name, nominee.seniority, nominee.summary, nominee.phone):
            assert typed in values, f"{code}: {typed!r} was lost"
    given_up = sum(head.given_up for head in office.heads.values())
    drafts = store.drafts(org=ORG, statuses=("open", "cancelled", "submitted"))
    assert len({draft.name for draft in drafts}) == len(drafts) == len(receipts) + given_up, "a draft was lost, or opened twice"
    assert office.astray == []
    assert next(held for held in Library(db).all() if held.plan.id == keeper.plan).live == keeper.live
    db.close()
    return len(receipts), given_up


def test_nomination_survives_kills(tmp_path: Path) -> None:
    story = nominate_through(tmp_path, kills=3, seed=3, places=(*PASSING, *NOMINATING))
    assert story.mortal.killed == 3
    assert check(story)[0] >= 4


@pytest.mark.slow  # the quick one of this kind is in test_unfinished.py
@pytest.mark.parametrize("place", REINDEXING)
def test_reindex_survives_a_kill(place: str, tmp_path: Path) -> None:
    """The index is whole afterwards and holds what is live, and the nominations go on."""
    story = nominate_through(tmp_path, kills=1, seed=5, places=[place])
    assert story.mortal.kills == {place: 1}
    check(story)


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
def test_nominations_survive_hundreds_of_kills(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plain loop, measured in the same run, is shown to lose updates: otherwise the test would prove nothing."""
    kills = int(os.environ.get("GUONGSANG_KILLS", "500"))
    twice = (*PASSING, *NOMINATING) * 2  # a reindex loads the model, which takes long
    story = nominate_through(tmp_path / "ours", kills, seed=500, places=(*twice, *REINDEXING))
    filed, given_up = check(story)
    plain = plain_loop(tmp_path / "plain", min(kills, 60), seed=500)
    with capsys.disabled():
        counted = f"{story.mortal.killed} kills {story.mortal.kills}, {len(story.keeper.sent)} switches of a plan"
        print(f"\n{counted}: {filed} nominations filed, {given_up} given up on purpose, none lost or twice\n{plain}")
    assert filed >= 0.3 * (filed + given_up)
    assert plain.lost + plain.twice > 0
