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


def live_through(data: Path, kills: int, seed: int, *, once_each: bool = False) -> tuple[Story, Mortal]:
    story = Story()
    with emulator() as api, Mortal(counting(data, api.address), PASSING, kills, seed, once_each=once_each) as mortal:
        tell(api, mortal, story, seed, patience_s=90)
    return story, mortal


def check(story: Story, data: Path) -> None:
    held = written(data / "guongsang.db")
    assert held == collections.Counter((chat, text) for text, chat in story.sent.items()), "lost, or applied twice"
    assert (story.unanswered, story.astray(), story.unmarked_repeats()) == (0, 0, 0)


def test_kill_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    story, mortal = live_through(tmp_path, kills=5, seed=7)
    assert mortal.killed == 5
    check(story, tmp_path)


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> tuple[Story, Mortal, Path]:
    """One life with a death at each place."""
    data = tmp_path_factory.mktemp("everywhere")
    return *live_through(data, kills=len(PASSING), seed=1, once_each=True), data


@pytest.mark.parametrize("place", PASSING)
def test_kill_at_each_place(place: str, everywhere: tuple[Story, Mortal, Path]) -> None:
    story, mortal, data = everywhere
    assert mortal.kills[place] == 1
    check(story, data)


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
