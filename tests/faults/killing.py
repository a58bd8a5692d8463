"""Keeps a bot process going that is killed again and again at armed failpoints."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bot.processes import ROOT

KILLED = -9
TOLD_EVERY = 50
OFTEN = {"submit": 2, "reindex": 1}
"""At which time a process ends at a place, at most; 4 at the others."""


class Mortal:
    """A process that is started again whenever it is killed, each time with a failpoint drawn at random until `kills` are reached.

    With `once_each` no place is drawn again before it has been everywhere. `armed` is the place at which the process
    that is up now will end. Any other end than by SIGKILL is an error, kept in `trouble`.
    """

    def __init__(
        self, command: Sequence[str], places: Sequence[str], kills: int, seed: int, *, once_each: bool = False, **environment: str
    ) -> None:
        self._command = list(command)
        self._once_each = once_each
        self._places = places
        self._random = random.Random(seed)
        self._wanted = kills
        self._environment = environment
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self.armed = ""
        self.kills: dict[str, int] = {}
        self.trouble: list[str] = []

    @property
    def killed(self) -> int:
        return sum(self.kills.values())

    @property
    def done(self) -> bool:
        return self.killed >= self._wanted

    def __enter__(self) -> Mortal:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        if self._process is not None:
            self._process.kill()
        self._thread.join(30)

    def _keep(self) -> None:
        while not self._stopping.is_set() and not self.trouble:
            fewest = min(self.kills.get(place, 0) for place in self._places)
            fresh = [place for place in self._places if self.kills.get(place, 0) == fewest] if self._once_each else self._places
            place = self._random.choice(fresh)
            times = self._random.randint(1, OFTEN.get(place.partition(".")[0], 4))
            self.armed = "" if self.done else place
            armed = {} if self.done else {"GUONGSANG_FAILPOINT": f"{place}:{times}"}
            code, said = self._once(armed)
            if self._stopping.is_set():
                return
            if code == KILLED and armed:
                self.kills[place] = self.kills.get(place, 0) + 1
                if self.killed % TOLD_EVERY == 0:
                    print(f"{self.killed} of {self._wanted} kills", file=sys.__stderr__, flush=True)
            else:
                self.trouble.append(f"ended with {code}: {said[-3000:]}")

    def _once(self, armed: dict[str, str]) -> tuple[int, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GUONGSANG_")}
        environment = {**clean, "PYTHONPATH": str(ROOT), **self._environment, **armed}
        self._process = subprocess.Popen(self._command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert self._process.stderr is not None
        said = self._process.stderr.read().decode("utf-8", "replace")
        return self._process.wait(), said

    def wait(self, seconds: float) -> None:
        """Waits for a moment, and raises where the process ended as it should not."""
        time.sleep(seconds)
        assert not self.trouble, self.trouble[0]


def counting(data: Path, api: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "tests.faults.counting_bot", str(data), api, *more]
