"""A backup is whole or is refused, and brings everything back."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.backup import BackupError, backup, restore, verify
from bot.database import open_database
from bot.files import FileStore

NOW = datetime(2026, 11, 20, 2, 42, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    db = open_database(folder / "guongsang.db")
    with db.atomic():
        db.execute("INSERT INTO settings VALUES ('a', '1')")
    FileStore(folder / "files").put(b"minh chung")
    (folder / "index").mkdir()
    (folder / "index" / "manifest.json").write_text("{}")
    db.close()
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    kept = ("files", "index")
    return {p.relative_to(folder).as_posix(): p.read_bytes() for name in kept for p in (folder / name).rglob("*") if p.is_file()}


def value(folder: Path) -> str:
    connection = sqlite3.connect(folder / "guongsang.db")
    found = str(connection.execute("SELECT value FROM settings WHERE name = 'a'").fetchone()[0])
    connection.close()
    return found


def test_restored_folder_is_as_it_was(data: Path, tmp_path: Path) -> None:
    backup(data, tmp_path / "b.zip", NOW)
    assert restore(tmp_path / "b.zip", tmp_path / "new", NOW) is None
    assert contents(tmp_path / "new") == contents(data)
    assert value(tmp_path / "new") == "1"


def test_backup_beside_a_writing_bot_holds_what_is_committed(data: Path, tmp_path: Path) -> None:
    db = open_database(data / "guongsang.db")
    with db.atomic():
        db.execute("UPDATE settings SET value = '2' WHERE name = 'a'")
    with db.atomic():
        db.execute("UPDATE settings SET value = '3' WHERE name = 'a'")
        backup(data, tmp_path / "b.zip", NOW)
    restore(tmp_path / "b.zip", tmp_path / "new", NOW)
    assert value(tmp_path / "new") == "2"


def test_restore_keeps_what_was_there(data: Path, tmp_path: Path) -> None:
    backup(data, tmp_path / "b.zip", NOW)
    db = open_database(data / "guongsang.db")
    with db.atomic():
        db.execute("UPDATE settings SET value = 'later' WHERE name = 'a'")
    db.close()
    old = restore(tmp_path / "b.zip", data, NOW)
    assert old is not None
    assert (value(data), value(old)) == ("1", "later")


def _flipped(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name in members if name.startswith("files/"))
    members[name] = b"X" + members[name][1:]
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _rotten(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    path.write_bytes(whole)


def _foreign(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps({"format": 99}))


def _escaping(path: Path) -> None:
    about = {"sha256": "0", "size": 1}
    with zipfile.ZipFile(path, "w") as archive:
        members = {"guongsang.db": about, "files/../../out": about}
        archive.writestr("manifest.json", json.dumps({"format": 1, "members": members}))


def _text(path: Path) -> None:
    path.write_text("không phải tệp nén")


@pytest.mark.parametrize("spoil", [_flipped, _truncated, _rotten, _foreign, _escaping, _text])
def test_spoilt_backup_is_refused_and_nothing_changed(spoil: Callable[[Path], None], data: Path, tmp_path: Path) -> None:
    backup(data, tmp_path / "b.zip", NOW)
    spoil(tmp_path / "b.zip")
    before = contents(data)
    with pytest.raises(BackupError, match="b.zip"):
        restore(tmp_path / "b.zip", data, NOW)
    assert (contents(data), value(data)) == (before, "1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "data"]


def test_backup_that_fails_leaves_the_earlier_one(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup(data, tmp_path / "b.zip", NOW)
    before = (tmp_path / "b.zip").read_bytes()

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.backup._add", full)
    with pytest.raises(OSError, match="No space"):
        backup(data, tmp_path / "b.zip", NOW)
    assert (tmp_path / "b.zip").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "data"]


def test_folder_without_data_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="GUONGSANG_DATA"):
        backup(tmp_path / "nowhere", tmp_path / "b.zip", NOW)


def test_verify_counts_the_members(data: Path, tmp_path: Path) -> None:
    assert backup(data, tmp_path / "b.zip", NOW).files == 2
    assert verify(tmp_path / "b.zip") == 3
