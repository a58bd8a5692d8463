"""`kill -9` in the middle of nominations: no typed field is lost, a nomination is filed once, nobody reads another's data."""

from __future__ import annotations

import itertools
import os
import random
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from bot.database import open_readonly
from bot.failpoints import PLACES
from forms.store import NominationStore
from tests.bot.processes import TOKEN, emulator
from tests.bot.school import ORG
from tests.faults.killing import Mortal
from tests.faults.nominating import Head, Office, furnish

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
HEADS = range(5, 9)
QUICK = {
    "GUONGSANG_TOKEN": TOKEN,
    "GUONGSANG_WARM": "false",
    "GUONGSANG_CHAT_PER_SECOND": "10000",
    "GUONGSANG_CHAT_BURST": "10000",
    "GUONGSANG_OVERALL_PER_SECOND": "10000",
}


def nominate_through(data: Path, kills: int, seed: int) -> tuple[Office, Mortal]:
    furnish(data, HEADS)
    numbers = itertools.count()
    command = [sys.executable, "-m", "bot.cli", "--data", str(data), "run"]
    with emulator() as api:
        chance = random.Random(seed)
        office = Office(api, {number: Head(api, number, chance, numbers) for number in HEADS})
        with Mortal(command, PLACES, kills, seed, **QUICK, GUONGSANG_API=api.address) as mortal:
            for head in office.heads.values():
                head.begin()
            _until(lambda: mortal.done, office, mortal, 40.0 * kills + 60)
            for head in office.heads.values():
                head.stopping = True
            _until(lambda: not office.busy, office, mortal, 120)
            _until(lambda: _all_done(data), office, mortal, 30)
    return office, mortal


def _until(reached: object, office: Office, mortal: Mortal, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not reached():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"stuck: {[(h.id, h.now, h.answered) for h in office.heads.values()]}"
        office.listen(wait=0.2)
        mortal.wait(0)


def _all_done(data: Path) -> bool:
    connection = sqlite3.connect(data / "guongsang.db")
    left = connection.execute("SELECT count(*) FROM inbox WHERE done_at IS NULL").fetchone()[0]
    connection.close()
    return int(left) == 0


def check(office: Office, data: Path) -> tuple[int, int]:
    db = open_readonly(data / "guongsang.db")
    sent = sorted(number for head in office.heads.values() for number in head.sent)
    held = {int(row[0]): row[1] for row in db.execute("SELECT update_id, outcome FROM inbox").fetchall()}
    assert sorted(held) == sent, "an update was lost"
    assert set(held.values()) == {"done"}
    filed = {nomination.code: nomination for nomination in NominationStore(db).nominations(org=ORG)}
    receipts = [(code, nominee) for head in office.heads.values() for code, nominee in head.finished]
    assert sorted(filed) == sorted(code for code, _ in receipts), "filed twice, or a receipt for nothing"
    for code, nominee in receipts:
        values = " ".join(str(value) for value in filed[code].values.values())
        for typed in (nominee.name, nominee.seniority, nominee.summary, nominee.phone):
            assert typed in values, f"{code}: {typed!r} was lost"
    assert office.astray == []
    db.close()
    return len(receipts), sum(head.given_up for head in office.heads.values())


def test_nomination_survives_kills(tmp_path: Path) -> None:
    office, mortal = nominate_through(tmp_path, kills=4, seed=3)
    assert mortal.killed == 4
    assert check(office, tmp_path)[0] >= 4


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_nominations_survive_hundreds_of_kills(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kills = int(os.environ.get("GUONGSANG_KILLS", "500"))
    office, mortal = nominate_through(tmp_path, kills, seed=500)
    filed, given_up = check(office, tmp_path)
    with capsys.disabled():
        print(f"\n{mortal.killed} kills {mortal.kills}: {filed} nominations filed, {given_up} given up on purpose, none lost or twice")
    assert filed >= 0.3 * (filed + given_up)
