"""`kill -9` at every place where something is half done: nothing is lost, nothing happens twice, nothing goes astray."""

from __future__ import annotations

import collections
import os
import random
import sqlite3
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.failpoints import PLACES
from tests.bot.processes import Api, emulator
from tests.faults.killing import Mortal, counting

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
CHATS = range(5, 9)
PLAIN_PLACES = ("inbox.started", "transaction.body", "transaction.committed", "outbox.marked", "outbox.called")


@dataclass
class Story:
    """What was sent to the bot, and what came back."""

    sent: dict[str, int] = field(default_factory=dict)
    answers: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: collections.defaultdict(list))

    def listen(self, api: Api) -> None:
        for call in api.calls():
            text = str(call["params"].get("text", ""))
            if call["method"] == "sendMessage" and call["result"] and text.startswith("đã ghi: "):
                body, _, repeat = text.removeprefix("đã ghi: ").partition("\n\n")
                self.answers[body].append((int(call["params"]["chat_id"]), repeat))

    @property
    def unanswered(self) -> int:
        return sum(text not in self.answers for text in self.sent)

    def astray(self) -> int:
        return sum(chat != self.sent.get(text) for text, got in self.answers.items() for chat, _ in got)

    def unmarked_repeats(self) -> int:
        """Answers beyond the first that do not say that they may be a repeat."""
        return sum(max(0, sum(not repeat for _, repeat in got) - 1) for got in self.answers.values())


def tell(api: Api, mortal: Mortal, story: Story, seed: int, patience_s: float) -> None:
    """Messages from several people, some at once, until the process has been killed often enough; then until all are answered."""
    chance = random.Random(seed)
    while not mortal.done:
        for _ in range(chance.randint(1, 4)):
            text = f"tin {len(story.sent)}"
            story.sent[text] = chance.choice(CHATS)
            api.say(story.sent[text], text)
        mortal.wait(chance.random() * 0.3)
        story.listen(api)
        breath = time.monotonic() + 3  # what the plain loop lost is never answered
        while story.unanswered > 40 and not mortal.done and time.monotonic() < breath:
            mortal.wait(0.1)
            story.listen(api)
    deadline = time.monotonic() + patience_s
    while story.unanswered and time.monotonic() < deadline:
        mortal.wait(0.1)
        story.listen(api)


def written(path: Path) -> collections.Counter[tuple[int, str]]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT chat_id, text FROM said").fetchall()
    connection.close()
    return collections.Counter((int(chat), str(text)) for chat, text in rows)


def live_through(data: Path, kills: int, seed: int) -> tuple[Story, Mortal]:
    story = Story()
    with emulator() as api, Mortal(counting(data, api.address), PLACES, kills, seed) as mortal:
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


@pytest.mark.parametrize("place", PLACES)
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
    plain, killed = Story(), min(kills, 60)
    with emulator() as api, Mortal(counting(tmp_path / "plain", api.address, "plain"), PLAIN_PLACES, killed, 500) as other:
        tell(api, other, plain, 500, patience_s=20)
    held = written(tmp_path / "plain" / "plain.db")
    lost = sum((chat, text) not in held for text, chat in plain.sent.items())
    twice = sum(count - 1 for count in held.values())
    with capsys.disabled():
        print(f"\nours: {mortal.killed} kills {mortal.kills}, {len(story.sent)} updates, 0 lost, 0 twice, 0 astray")
        print(f"plain loop: {other.killed} kills, {len(plain.sent)} updates, {lost} lost, {twice} twice, {plain.unanswered} unanswered")
    assert lost + twice > 0
