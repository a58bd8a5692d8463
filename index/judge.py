"""The trained models beside the vectors, as arrays in `index/model/judge.npz`: kinds, ranking, choice of what is shown, abstention."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from index.embed import SHIPPED
from index.kinds import Linear
from index.trees import Trees

FILE = "judge.npz"


@dataclass(frozen=True)
class Judge:
    """`show_at` and `abstain_at` are the probabilities from which a passage is shown and a question left unanswered."""

    question_kinds: Linear
    passage_kinds: Linear
    rank: Trees
    show: Trees
    abstain: Trees
    show_at: float
    abstain_at: float

    def save(self, folder: Path) -> None:
        arrays: dict[str, np.ndarray] = {}
        for name in ("question_kinds", "passage_kinds"):
            linear: Linear = getattr(self, name)
            ordered = sorted(linear.vocabulary, key=linear.vocabulary.__getitem__)
            arrays[f"{name}.vocabulary"] = np.frombuffer("\n".join(ordered).encode(), dtype=np.uint8)
            arrays[f"{name}.weights"] = linear.weights.astype(np.float16)
            arrays[f"{name}.bias"] = linear.bias
        for name in ("rank", "show", "abstain"):
            trees: Trees = getattr(self, name)
            for part in fields(Trees):
                arrays[f"{name}.{part.name}"] = np.asarray(getattr(trees, part.name))
        settings = {"show_at": self.show_at, "abstain_at": self.abstain_at}
        arrays["settings"] = np.frombuffer(json.dumps(settings).encode(), dtype=np.uint8)
        np.savez_compressed(folder / FILE, **arrays)  # type: ignore[arg-type]

    @staticmethod
    def load(folder: Path = SHIPPED) -> Judge:
        with np.load(folder / FILE, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        settings = json.loads(arrays["settings"].tobytes())
        return Judge(
            _linear("question_kinds", arrays),
            _linear("passage_kinds", arrays),
            _trees("rank", arrays),
            _trees("show", arrays),
            _trees("abstain", arrays),
            float(settings["show_at"]),
            float(settings["abstain_at"]),
        )


def _linear(name: str, arrays: Mapping[str, np.ndarray]) -> Linear:
    words = arrays[f"{name}.vocabulary"].tobytes().decode().split("\n")
    return Linear({word: i for i, word in enumerate(words)}, arrays[f"{name}.weights"].astype(np.float32), arrays[f"{name}.bias"])


def _trees(name: str, arrays: Mapping[str, np.ndarray]) -> Trees:
    part = {field.name: arrays[f"{name}.{field.name}"] for field in fields(Trees)}
    return Trees(
        part["feature"],
        part["threshold"],
        part["left"],
        part["right"],
        part["value"],
        part["roots"],
        int(part["depth"]),
        float(part["base"]),
    )
