"""An index whose files are damaged, or whose building is cut off: refused by checksum, answered meanwhile, built again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.stage import open_stage
from bot.workspace import Workspace, reading
from index.answer import Answer
from index.embed import Embedder
from index.search import Index
from tests.bot.school import ORG, _prepared

QUESTION = "Hồ sơ gồm những gì?"
TODAY = date(2026, 11, 20)


@pytest.fixture
def space(tmp_path: Path) -> object:
    import shutil

    shutil.copytree(_prepared(2026), tmp_path, dirs_exist_ok=True)
    with reading(tmp_path) as opened:
        yield opened


def segment(space: Workspace) -> Path:
    return next(space.index.segments_folder.iterdir())


def _flip(space: Workspace) -> None:
    data = bytearray(segment(space).read_bytes())
    data[len(data) // 2] ^= 1
    segment(space).write_bytes(data)


def _truncate(space: Workspace) -> None:
    segment(space).write_bytes(segment(space).read_bytes()[:-100])


def _remove(space: Workspace) -> None:
    segment(space).unlink()


def _spoil_manifest(space: Workspace) -> None:
    path = next(space.index.generations_folder.iterdir())
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))


def _of_another_model(space: Workspace) -> None:
    class Other(Embedder):
        identity = "another model"

    space.index.build([stored.plan for stored in space.library.live()], Other(), fresh=True)


@pytest.mark.parametrize("damage", [_flip, _truncate, _remove, _spoil_manifest])
def test_damaged_index_is_refused_and_built_again(damage: Callable[[Workspace], None], space: Workspace) -> None:
    assert space.index.verify() == []
    damage(space)
    assert space.index.verify() != []
    space.index.build([stored.plan for stored in space.library.live()], Embedder())
    assert space.index.verify() == []
    assert isinstance(space.engine().ask(QUESTION, org=ORG, today=TODAY), Answer)


@pytest.mark.parametrize("damage", [_flip, _truncate, _remove, _spoil_manifest, _of_another_model])
def test_damaged_index_answers_meanwhile(damage: Callable[[Workspace], None], space: Workspace) -> None:
    damage(space)
    assert isinstance(space.engine().ask(QUESTION, org=ORG, today=TODAY), Answer)


@pytest.mark.parametrize("damage", [_flip, _spoil_manifest, _of_another_model])
def test_start_builds_again_what_can_be_searched_by_words_alone(
    damage: Callable[[Workspace], None], space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers come meanwhile: the building waits until one was given."""
    damage(space)
    build, asked = Index.build, threading.Event()
    monkeypatch.setattr(Index, "build", lambda *given, **more: asked.wait(30) and build(*given, **more))

    async def scene() -> tuple[bool, bool, bool]:
        async with open_stage(space.folder) as stage:
            engine = stage.services.engine
            behind = engine.behind
            meanwhile = isinstance(engine.ask(QUESTION, org=ORG, today=TODAY), Answer)
            asked.set()
            for _ in range(600):
                if not engine.behind:
                    break
                await asyncio.sleep(0.05)
            return behind, meanwhile, engine.behind

    assert asyncio.run(scene()) == (True, True, False)
    assert space.index.verify() == []


def test_index_that_cannot_be_built_is_tried_again_after_a_while(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    _spoil_manifest(space)
    tries: list[float] = []

    async def in_vain(services: object) -> None:
        tries.append(asyncio.get_running_loop().time())
        if len(tries) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.handlers.turn.reindex", in_vain)
    monkeypatch.setattr("bot.running.INDEX_AGAIN_S", 0.1)

    async def scene() -> None:
        async with open_stage(space.folder):
            await asyncio.sleep(0.55)

    asyncio.run(scene())
    assert 2 <= len(tries) <= 7


@pytest.mark.parametrize("cut_off_at", [1, 2, 3, 4])
def test_building_cut_off_leaves_the_old_or_the_new_index(cut_off_at: int, space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file comes into being by a rename; the process ends before the first, the second, … of them."""
    import os

    renames = 0
    rename = os.replace

    def mortal(source: object, target: object) -> None:
        nonlocal renames
        renames += 1
        if renames == cut_off_at:
            raise KeyboardInterrupt
        rename(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr("index.files.os.replace", mortal)
    try:
        space.index.build([stored.plan for stored in space.library.live()], Embedder(), fresh=True)
    except KeyboardInterrupt:
        assert renames == cut_off_at
    assert space.index.verify() == []
    assert isinstance(space.engine().ask(QUESTION, org=ORG, today=TODAY), Answer)
