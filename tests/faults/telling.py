"""Several people who write to a bot that counts (`counting_bot`), and what came back to whom; with them the plain loop is measured."""

from __future__ import annotations

import collections
import random
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.bot.processes import Api, emulator
from tests.faults.killing import Mortal, counting

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


@dataclass(frozen=True)
class Plain:
    """What python-telegram-bot's own loop made of the same story."""

    kills: int
    updates: int
    lost: int
    twice: int
    unanswered: int

    def __str__(self) -> str:
        told = f"{self.lost} lost, {self.twice} twice, {self.unanswered} unanswered"
        return f"the plain loop: {self.kills} kills, {self.updates} updates, {told}"


def plain_loop(data: Path, kills: int, seed: int) -> Plain:
    """The same story over the plain loop, killed at the same places."""
    story = Story()
    with emulator() as api, Mortal(counting(data, api.address, "plain"), PLAIN_PLACES, kills, seed) as mortal:
        tell(api, mortal, story, seed, patience_s=20)
    held = written(data / "plain.db")
    lost = sum((chat, text) not in held for text, chat in story.sent.items())
    twice = sum(count - 1 for count in held.values())
    return Plain(mortal.killed, len(story.sent), lost, twice, story.unanswered)
