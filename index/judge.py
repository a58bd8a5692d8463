"""The trained models beside the vectors, as arrays in `index/model/`: kinds, late interaction, ranking, what is shown, abstention."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embed import SHIPPED
from index.interaction import Interaction
from index.kinds import Linear
from index.trees import Trees

FILE = "judge.npz"

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Line:
    """A logistic regression over readable numbers, each less its mean and divided by its spread."""

    mean: Floats
    spread: Floats
    weights: Floats
    bias: Floats

    def margins(self, rows: Floats) -> Floats:
        """Log-odds, shape (rows,)."""
        return np.asarray((rows - self.mean) / self.spread @ self.weights + self.bias, dtype=np.float32)


def silence(trees: Trees, line: Line, evidence: Floats) -> Floats:
    """The mean of what the trees and the line say, as a probability: the two err on different questions."""
    return np.asarray(1 / (1 + np.exp(-(trees.margins(evidence) + line.margins(evidence)) / 2)), dtype=np.float32)


@dataclass(frozen=True)
class Judge:
    """`show_share` is that of `choice.chosen`, `abstain_at` the probability from which a question is left unanswered."""

    question_kinds: Linear
    passage_kinds: Linear
    interaction: Interaction
    rank: Trees
    show: Trees
    abstain: Trees
    abstain_line: Line
    show_share: float
    abstain_at: float

    def silence(self, evidence: Floats) -> Floats:
        """How likely a document does not answer, shape (rows,), from rows of `index.gate.evidence`: trees and line together."""
        return silence(self.abstain, self.abstain_line, evidence)

    def save(self, folder: Path) -> None:
        arrays: dict[str, np.ndarray] = {}
        for name in ("question_kinds", "passage_kinds"):
            linear: Linear = getattr(self, name)
            ordered = sorted(linear.vocabulary, key=linear.vocabulary.__getitem__)
            arrays[f"{name}.vocabulary"] = np.frombuffer("\n".join(ordered).encode(), dtype=np.uint8)
            arrays[f"{name}.weights"] = linear.weights.astype(np.float16)
            arrays[f"{name}.bias"] = linear.bias
        for part in fields(Line):
            arrays[f"abstain_line.{part.name}"] = np.asarray(getattr(self.abstain_line, part.name))
        for name in ("rank", "show", "abstain"):
            trees: Trees = getattr(self, name)
            for part in fields(Trees):
                arrays[f"{name}.{part.name}"] = np.asarray(getattr(trees, part.name))
        settings = {"show_share": self.show_share, "abstain_at": self.abstain_at}
        arrays["settings"] = np.frombuffer(json.dumps(settings).encode(), dtype=np.uint8)
        self.interaction.save(folder)
        np.savez_compressed(folder / FILE, **arrays)  # type: ignore[arg-type]

    @staticmethod
    def load(folder: Path = SHIPPED) -> Judge:
        with np.load(folder / FILE, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        settings = json.loads(arrays["settings"].tobytes())
        return Judge(
            _linear("question_kinds", arrays),
            _linear("passage_kinds", arrays),
            Interaction.load(folder),
            _trees("rank", arrays),
            _trees("show", arrays),
            _trees("abstain", arrays),
            Line(*(arrays[f"abstain_line.{part.name}"] for part in fields(Line))),
            float(settings["show_share"]),
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
