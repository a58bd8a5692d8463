"""Generations: written beside the live one, checked by checksum, refused when damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.embed import Embedder
from index.search import DamagedError, Index, Segment
from knowledge.model import Plan
from tests.index.plans import HILL, RIVER, plan


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    return [
        plan(RIVER, "songlam", "song.txt").model_copy(update={"id": "songlam-1", "version": 1}),
        plan(HILL, "doithong", "doi.txt").model_copy(update={"id": "doithong-1", "version": 1}),
    ]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def test_segment_comes_back_from_its_bytes(plans: list[Plan], embedder: Embedder) -> None:
    segment = Segment.build(plans[0], embedder)
    again = Segment.from_bytes(segment.to_bytes())
    assert again.passages == segment.passages
    assert again.vectors is not None
    assert segment.vectors is not None
    assert np.allclose(again.vectors, segment.vectors, atol=1e-3)


def test_build_takes_sound_segments_over(plans: list[Plan], embedder: Embedder, tmp_path: Path) -> None:
    index = Index(tmp_path)
    index.build(plans[:1], embedder)
    before = {path.name: path.stat().st_mtime_ns for path in index.segments_folder.iterdir()}
    generation = index.build(plans, embedder)
    assert generation.number == 2
    assert {(e.plan_id, e.version) for e in generation.entries.values()} == {("songlam-1", 1), ("doithong-1", 1)}
    assert before.items() <= {path.name: path.stat().st_mtime_ns for path in index.segments_folder.iterdir()}.items()


def test_flipped_bit_in_a_segment_is_refused_and_built_again(plans: list[Plan], embedder: Embedder, tmp_path: Path) -> None:
    index = Index(tmp_path)
    entry = next(iter(index.build(plans[:1], embedder).entries.values()))
    path = index.segments_folder / entry.file
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(DamagedError, match=entry.file):
        index.load(entry)
    assert index.verify() == [entry.file]
    rebuilt = next(iter(index.build(plans[:1], embedder).entries.values()))
    assert index.load(rebuilt).plan.id == "songlam-1"
    assert index.verify() == []


@pytest.mark.parametrize("damage", ["", "{", '{"body": {}, "sha256": "x"}'])
def test_damaged_manifest_is_refused(plans: list[Plan], embedder: Embedder, tmp_path: Path, damage: str) -> None:
    index = Index(tmp_path)
    generation = index.build(plans[:1], embedder)
    (index.generations_folder / f"{generation.number}.json").write_text(damage, encoding="utf-8")
    with pytest.raises(DamagedError):
        index.current()
    assert index.build(plans[:1], embedder).number > generation.number


def test_crash_before_the_rename_leaves_the_old_generation_serving(
    plans: list[Plan], embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index(tmp_path)
    index.build(plans[:1], embedder)
    renamed = __import__("os").replace

    def power_cut(source: object, target: object) -> None:
        if str(target).endswith("current"):
            raise OSError("power cut")
        renamed(source, target)

    monkeypatch.setattr("index.files.os.replace", power_cut)
    with pytest.raises(OSError, match="power cut"):
        index.build(plans, embedder)
    monkeypatch.undo()
    current = Index(tmp_path).current()
    assert current is not None
    assert set(current.entries) == {("songlam-1", 1)}
    assert index.verify() == []


def test_current_of_an_empty_folder_is_none(tmp_path: Path) -> None:
    assert Index(tmp_path).current() is None
