"""`kill -9` at every place where something is half done: nothing is lost, nothing happens twice, nothing goes astray."""

from __future__ import annotations

import collections
import os
import sys
from pathlib import Path

import pytest

from bot.failpoints import PASSING
from tests.bot.processes import emulator
from tests.faults.killing import Mortal, counting
from tests.faults.telling import Story, plain_loop, tell, written

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")


def live_through(data: Path, kills: int, seed: int) -> tuple[Story, Mortal]:
    story = Story()
    with emulator() as api, Mortal(counting(data, api.address), PASSING, kills, seed) as mortal:
        tell(api, mortal, story, seed, patience_s=90)
    return story, mortal


def check(story: Story, data: Path) -> None:
    held = written(data / "guongsang.db")
    assert held == collections.Counter((chat, text) for text, chat in story.sent.items()), "lost, or applied twice"
    assert (story.unanswered, story.astray(), story.unmarked_repeats()) == (0, 0, 0)


def test_kill_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    story, mortal = live_through(tmp_path, kills=10, seed=7)
    assert mortal.killed == 10
    check(story, tmp_path)


@pytest.mark.parametrize("place", PASSING)
def test_kill_at_each_place(place: str, tmp_path: Path) -> None:
    story = Story()
    with emulator() as api, Mortal(counting(tmp_path, api.address), [place], 1, 1) as mortal:
        tell(api, mortal, story, 1, patience_s=60)
    assert mortal.kills == {place: 1}
    check(story, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_five_hundred_kills_beside_the_plain_loop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plain loop is shown to lose updates in the same story: otherwise the test would prove nothing."""
    kills = int(os.environ.get("GUONGSANG_KILLS", "500"))
    story, mortal = live_through(tmp_path / "ours", kills, seed=500)
    check(story, tmp_path / "ours")
    plain = plain_loop(tmp_path / "plain", min(kills, 60), seed=500)
    with capsys.disabled():
        print(f"\nours: {mortal.killed} kills {mortal.kills}, {len(story.sent)} updates, 0 lost, 0 twice, 0 astray\n{plain}")
    assert plain.lost + plain.twice > 0
