"""What is read out of a plan once and kept in its segment, so that the first question to an institution does not wait for it.

It is as good as the code, the word lists and the model that made it: `identity` tells whether they are still the same, and where they
are not, the plan is read again when it is opened.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from index import fusion, interaction
from index.embed import SHIPPED
from index.fusion import Layout
from index.interaction import Tokens
from index.judge import FILE, Judge
from index.kinds import passage_features
from index.search import Segment
from index.vocabulary import FOLDER, bare_line

_READ_BY = ("fusion.py", "interaction.py", "kinds.py", "passages.py", "values.py", "vocabulary.py", "kept.py")

_TOKENS = "tokens."  # before the names of what `Tokens` holds


@cache
def identity() -> str:
    """Changes with whatever the reading of a passage depends on."""
    here = Path(fusion.__file__).parent
    made = hashlib.sha256()
    for path in (*(here / name for name in _READ_BY), *sorted(FOLDER.iterdir()), SHIPPED / FILE, SHIPPED / interaction.FILE):
        made.update(path.read_bytes())
    return made.hexdigest()[:16]


@cache
def _judge() -> Judge:
    return Judge.load()


def read(segment: Segment, judge: Judge) -> tuple[Layout, Tokens, str]:
    """The layout of a plan, the tokens of its passages, and its text in bare words between blanks."""
    tells = judge.passage_kinds.probabilities([passage_features(p) for p in segment.passages])
    tokens = Tokens.of(segment.passages, judge.interaction.vocabulary)
    return Layout(segment, tells), tokens, f" {bare_line(segment.plan.text)} "


def packed(segment: Segment) -> bytes:
    """The reading of a plan by the shipped models, as bytes: a line of JSON and the arrays after it."""
    layout, tokens, bare_text = read(segment, _judge())
    head: dict[str, Any] = {"identity": identity(), "bare_text": bare_text, "plain": {}, "sets": {}, "arrays": {}}
    data = b""
    for name, value in {**vars(layout), **{f"{_TOKENS}{name}": value for name, value in vars(tokens).items()}}.items():
        if isinstance(value, np.ndarray):
            head["arrays"][name] = [value.dtype.str, list(value.shape), len(data)]
            data += np.ascontiguousarray(value).tobytes()
        elif isinstance(value, list):
            different = list(dict.fromkeys(value))
            head["sets"][name] = [[sorted(one) for one in different], [different.index(one) for one in value]]
        else:
            head["plain"][name] = value
    return json.dumps(head, ensure_ascii=False).encode() + b"\n" + data


def unpacked(data: bytes) -> tuple[Layout, Tokens, str] | None:
    """What `packed` kept; None where it was made by other code or another model."""
    line, _, rest = data.partition(b"\n")
    head = json.loads(line)
    if head["identity"] != identity():
        return None
    layout = Layout.__new__(Layout)
    values: dict[str, Any] = dict(head["plain"])
    for name, (different, rows) in head["sets"].items():
        sets = [frozenset(one) for one in different]
        values[name] = [sets[row] for row in rows]
    for name, (dtype, shape, place) in head["arrays"].items():
        count = int(np.prod(shape, dtype=np.int64))
        values[name] = np.frombuffer(rest, dtype=dtype, count=count, offset=place).reshape(shape)
    vars(layout).update((name, value) for name, value in values.items() if not name.startswith(_TOKENS))
    tokens = Tokens(**{name.removeprefix(_TOKENS): value for name, value in values.items() if name.startswith(_TOKENS)})
    return layout, tokens, head["bare_text"]
