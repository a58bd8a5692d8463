"""Encryption at rest: nothing is readable without the key, and there is a way in and a way out that lose nothing."""

from __future__ import annotations

import asyncio
import importlib.util
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import encryption
from bot.backup import backup, restore
from bot.console import CommandError
from bot.database import is_transient, open_database, open_readonly
from bot.encryption import KeyMismatchError, decrypt, encrypt
from bot.files import FileStore
from tests.bot.local import local_bot

needs_driver = pytest.mark.skipif(
    importlib.util.find_spec("sqlcipher3") is None or importlib.util.find_spec("cryptography") is None,
    reason="the extra `encrypted` is not installed: pip install -e '.[encrypted]'",
)
KEY, OTHER = "một khoá dài 'có dấu'", "một khoá dài, nhưng khác"
SECRET = "Nguyễn Thị Hoa, 0912 345 678"
NOW = datetime(2026, 11, 20, 2, 42, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that is not encrypted, with a row and a file."""
    folder = tmp_path / "data"
    db = open_database(folder / "guongsang.db")
    with db.atomic():
        db.execute("INSERT INTO settings VALUES ('a', ?)", [f'"{SECRET}"'])
    FileStore(folder / "files").put(SECRET.encode())
    db.close()
    return folder


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def row(folder: Path) -> str:
    db = open_readonly(folder / "guongsang.db")
    found = str(db.execute("SELECT value FROM settings WHERE name = 'a'").fetchone()[0])
    db.close()
    return found


def file(folder: Path) -> bytes:
    db = open_readonly(folder / "guongsang.db")
    store = FileStore(folder / "files", encryption.cipher_of(db))
    db.close()
    return store.get(next(encryption.files(folder)).name)


@needs_driver
def test_encrypted_folder_shows_nothing_and_opens_with_its_key(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert encrypt(data, KEY) == 1
    assert SECRET.encode() not in everything(data)
    assert b"CREATE TABLE" not in everything(data)
    monkeypatch.setenv("GUONGSANG_KEY", KEY)
    assert (row(data), file(data)) == (f'"{SECRET}"', SECRET.encode())


@needs_driver
def test_decrypted_folder_is_as_it_was(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encrypt(data, KEY)
    assert decrypt(data, KEY) == 1
    assert (row(data), file(data)) == (f'"{SECRET}"', SECRET.encode())
    assert open_readonly(data / "guongsang.db").execute("SELECT count(*) FROM settings").fetchone()[0] == 1


@needs_driver
def test_fresh_folder_is_encrypted_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot at work over it: what was said and what was sent lie there in no readable form, the log beside the database included."""
    monkeypatch.setenv("GUONGSANG_KEY", KEY)

    async def scene() -> list[str]:
        async with local_bot(tmp_path) as bot:
            await bot.person(5).say(SECRET)
            await bot.settle()
            services = bot.services
            path = services.files.path(services.files.put(SECRET.encode()))
            with services.db.atomic():
                services.outbox.put(5, "sendDocument", document=path, filename="a.txt")
            await bot.settle()
            sent = bot.emulator.calls[-1]["params"]["document"]
            assert SECRET.encode() not in everything(tmp_path)
            return [*bot.person(5).texts(), bot.emulator.files[sent["file_id"]].data.decode()]

    assert SECRET in " ".join(asyncio.run(scene()))


@needs_driver
@pytest.mark.parametrize("key", [None, OTHER])
def test_wrong_or_missing_key_is_told_in_one_line(key: str | None, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encrypt(data, KEY)
    if key:
        monkeypatch.setenv("GUONGSANG_KEY", key)
    with pytest.raises(KeyMismatchError, match="GUONGSANG_KEY") as raised:
        open_database(data / "guongsang.db")
    assert "\n" not in str(raised.value)
    assert (KEY in str(raised.value), OTHER in str(raised.value)) == (False, False)


@needs_driver
def test_key_over_plain_data_is_refused_with_what_to_do(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUONGSANG_KEY", KEY)
    with pytest.raises(KeyMismatchError, match="guongsang encrypt"):
        open_database(data / "guongsang.db")


@needs_driver
@pytest.mark.parametrize("cut_off_at", [1, 2])
def test_way_in_cut_off_is_gone_on_with(cut_off_at: int, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file comes to its place by a rename; the process ends before the first or the second of them."""
    _cut_off(lambda: encrypt(data, KEY), cut_off_at, monkeypatch)
    encrypt(data, KEY)
    monkeypatch.setenv("GUONGSANG_KEY", KEY)
    assert (row(data), file(data)) == (f'"{SECRET}"', SECRET.encode())
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in encryption.files(data))


@needs_driver
@pytest.mark.parametrize("cut_off_at", [1, 2])
def test_way_out_cut_off_is_gone_on_with(cut_off_at: int, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encrypt(data, KEY)
    _cut_off(lambda: decrypt(data, KEY), cut_off_at, monkeypatch)
    with monkeypatch.context() as patched:
        patched.setenv("GUONGSANG_KEY", KEY)
        assert (row(data), file(data)) == (f'"{SECRET}"', SECRET.encode())
    decrypt(data, KEY)
    assert (row(data), file(data)) == (f'"{SECRET}"', SECRET.encode())


def _cut_off(work: object, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    renames, rename = 0, encryption.os.replace

    def mortal(source: object, target: object) -> None:
        nonlocal renames
        renames += 1
        if renames == at:
            raise KeyboardInterrupt
        rename(source, target)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr("bot.encryption.os.replace", mortal)
        with pytest.raises(KeyboardInterrupt):
            work()  # type: ignore[operator]


@needs_driver
def test_backup_of_encrypted_data_shows_nothing_and_comes_back(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encrypt(data, KEY)
    monkeypatch.setenv("GUONGSANG_KEY", KEY)
    backup(data, tmp_path / "b.zip", NOW)
    restore(tmp_path / "b.zip", tmp_path / "new", NOW)
    assert SECRET.encode() not in everything(tmp_path / "new")
    assert (row(tmp_path / "new"), file(tmp_path / "new")) == (f'"{SECRET}"', SECRET.encode())
    monkeypatch.setenv("GUONGSANG_KEY", OTHER)
    with pytest.raises(KeyMismatchError, match="GUONGSANG_KEY"):
        restore(tmp_path / "b.zip", tmp_path / "third", NOW)
    assert not (tmp_path / "third").exists()


@needs_driver
def test_file_sealed_under_another_name_does_not_open(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encrypt(data, KEY)
    monkeypatch.setenv("GUONGSANG_KEY", KEY)
    db = open_readonly(data / "guongsang.db")
    store = FileStore(data / "files", encryption.cipher_of(db))
    first, second = next(encryption.files(data)).name, store.put(b"khac")
    store.path(second).write_bytes(store.path(first).read_bytes())
    with pytest.raises(ValueError, match="damaged"):
        store.get(second)
    assert store.get(first) == SECRET.encode()


@needs_driver
def test_locked_encrypted_database_is_known_as_passing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encrypt(data, KEY)
    monkeypatch.setenv("GUONGSANG_KEY", KEY)
    monkeypatch.setattr("bot.database.BUSY_TIMEOUT_MS", 1)
    first, second = open_database(data / "guongsang.db"), open_database(data / "guongsang.db")
    with first.atomic(), pytest.raises(encryption.operational_errors()) as raised, second.atomic():
        pass
    assert is_transient(raised.value)
    assert not isinstance(raised.value, sqlite3.Error)


@pytest.mark.parametrize("key", ["", "ngắn", "dài nhưng có\0 ở giữa"])
def test_poor_key_is_refused(key: str, data: Path) -> None:
    with pytest.raises(CommandError, match="12 ký tự"):
        encrypt(data, key)


def test_key_without_the_library_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUONGSANG_KEY", KEY)
    monkeypatch.setitem(__import__("sys").modules, "sqlcipher3.dbapi2", None)
    with pytest.raises(CommandError, match=r"guongsang\[encrypted\]"):
        open_database(tmp_path / "g.db")
