"""What the doctor finds in a data folder: each kind of damage is told apart, and a sound folder has nothing wrong."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import checks
from bot.files import FileStore
from index.embed import Embedder
from index.search import Index
from tests.bot.school import ORG, _prepared


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(_prepared(2026), folder)
    folder.chmod(0o700)
    digest = FileStore(folder / "files").put(b"minh chung")
    connection = sqlite3.connect(folder / "guongsang.db")
    connection.execute("INSERT INTO evidence_files VALUES (?, 'f1', ?, 10, '2026-11-20T00:00:00Z')", [ORG, digest])
    connection.commit()
    connection.close()
    return folder


def test_sound_folder_has_nothing_wrong(data: Path) -> None:
    found = [check(data) for check in (checks.secrecy, checks.database, checks.files, checks.index, checks.plans)]
    assert [finding.weight for finding in found] == ["ok"] * 5


def _page_overwritten(data: Path) -> None:
    path = data / "guongsang.db"
    content = bytearray(path.read_bytes())
    content[-4096:] = b"\xff" * 4096
    path.write_bytes(content)


def _reference_to_nothing(data: Path) -> None:
    connection = sqlite3.connect(data / "guongsang.db")
    connection.execute("INSERT INTO grants (person, role, granted_at) VALUES (4711, 'admin', 'x')")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(("damage", "told"), [(_page_overwritten, "hỏng"), (_reference_to_nothing, "liên kết sai")])
def test_damaged_database_is_told(damage: Callable[[Path], None], told: str, data: Path) -> None:
    damage(data)
    found = checks.database(data)
    assert (found.weight, told in found.text, "restore" in found.text) == ("wrong", True, True)


def _kept(data: Path) -> Path:
    return next(path for path in (data / "files").rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("damage", "told"), [(lambda data: _kept(data).write_bytes(b"khac"), "hỏng"), (lambda data: _kept(data).unlink(), "Thiếu 1")]
)
def test_damaged_or_missing_file_is_told(damage: Callable[[Path], None], told: str, data: Path) -> None:
    damage(data)
    found = checks.files(data)
    assert (found.weight, told in found.text) == ("wrong", True)


def test_index_of_another_model_is_told(data: Path) -> None:
    from bot.workspace import reading

    class Other(Embedder):
        identity = "mo-hinh-khac|1"

    with reading(data) as space:
        space.index.build([stored.plan for stored in space.library.live()], Other(), fresh=True)
    found = checks.index(data)
    assert (found.weight, "mo-hinh-khac" in found.text, "tự lập lại" in found.text) == ("warning", True, True)


def test_damaged_index_is_told(data: Path) -> None:
    path = next(Index(data / "index").segments_folder.iterdir())
    path.write_bytes(path.read_bytes()[:-1])
    assert checks.index(data).weight == "wrong"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_folder_that_others_may_read_is_told(data: Path) -> None:
    os.chmod(data, 0o755)
    assert checks.secrecy(data).weight == "warning"


def test_empty_folder_is_no_fault(tmp_path: Path) -> None:
    assert {check(tmp_path).weight for check in (checks.database, checks.files, checks.index, checks.plans)} == {"ok", "warning"}
