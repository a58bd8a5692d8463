"""Encryption at rest, for those who set GUONGSANG_KEY: the database by SQLCipher, the files that people sent by AES-256-GCM.

The key of the files is drawn at random and lies in the database, so that it is as safe as the database. Not encrypted: the index
(the texts of the plans), the names of the files (the SHA-256 of their content), and what is read for a moment in the system's
temporary folder. The way in and the way out (`encrypt`, `decrypt`) may be cut off at any moment and begun again.
"""

from __future__ import annotations

import base64
import contextlib
import importlib
import os
import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from bot import logs
from bot.console import CommandError
from bot.files import PIECE
from bot.settings import Settings

PLAIN_HEADER = b"SQLite format 3\0"
SEALED_HEADER = b"guongsang-aes-1\n"
NONCE = 12
SHORTEST = 12
FILES_KEY = "files_key"
FILES = "files"
_DRIVER = "sqlcipher3.dbapi2"
_INSTALL = "cài bằng: pip install 'guongsang[encrypted]'"


class KeyMismatchError(CommandError, sqlite3.DatabaseError):
    """A database and a key that do not go together; one line for people."""


def key_in_force() -> str | None:
    """GUONGSANG_KEY; None where it is not set."""
    secret = Settings().key
    key = secret.get_secret_value() if secret else ""
    logs.keep_secret(key)
    return key or None


# --- the database ------------------------------------------------------------------------------------------------------


def connect(path: Path, key: str | None, *, readonly: bool = False, timeout_s: float = 5.0) -> sqlite3.Connection:
    """A connection to the database at `path`, made where absent. Raises KeyMismatchError where file and key do not go together."""
    plain = is_plain(path)
    if key is None and plain is False:
        raise KeyMismatchError(
            f"Không đọc được “{path}”: nếu dữ liệu đã mã hoá, đặt GUONGSANG_KEY; nếu tệp bị hỏng, dùng guongsang restore"
        )
    if key is not None and plain:
        raise KeyMismatchError(f"“{path}” chưa mã hoá mà GUONGSANG_KEY đã đặt: chạy guongsang encrypt, hoặc bỏ biến này")
    database = f"{path.resolve().as_uri()}?mode={'ro' if readonly else 'rwc'}"
    if key is None:
        return sqlite3.connect(database, uri=True, timeout=timeout_s, check_same_thread=False)
    connection = _driver().connect(database, uri=True, timeout=timeout_s, check_same_thread=False)
    _unlock(connection, key, path)
    return cast(sqlite3.Connection, connection)


def is_plain(path: Path) -> bool | None:
    """Whether a database can be read without a key; None for a file that is empty or not there."""
    try:
        with path.open("rb") as file:
            header = file.read(len(PLAIN_HEADER))
    except FileNotFoundError:
        return None
    return header == PLAIN_HEADER if header else None


def database_errors() -> tuple[type[Exception], ...]:
    """The errors of SQLite, whichever driver raises them."""
    driver = sys.modules.get(_DRIVER)
    return (sqlite3.DatabaseError, driver.DatabaseError) if driver else (sqlite3.DatabaseError,)


def operational_errors() -> tuple[type[Exception], ...]:
    """The errors of SQLite that are not the caller's fault, whichever driver raises them."""
    driver = sys.modules.get(_DRIVER)
    return (sqlite3.OperationalError, driver.OperationalError) if driver else (sqlite3.OperationalError,)


def _driver() -> Any:
    try:
        return importlib.import_module(_DRIVER)
    except ImportError:
        raise CommandError(f"GUONGSANG_KEY đã đặt nhưng thiếu thư viện sqlcipher3: {_INSTALL}, hoặc bỏ biến này") from None


def _unlock(connection: Any, key: str, path: Path) -> None:
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # one line about a wrong key is enough
        connection.execute(f"PRAGMA key = {_quoted(key)}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except database_errors() as error:
        connection.close()
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise KeyMismatchError(f"GUONGSANG_KEY không mở được “{path}”: kiểm tra lại khoá") from None
        raise


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# --- the files ---------------------------------------------------------------------------------------------------------


class FileCipher:
    """Seals files with a key of 32 bytes. A sealed file opens only under the name (SHA-256) that it was sealed for."""

    def __init__(self, key: bytes) -> None:
        try:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError:
            raise CommandError(f"GUONGSANG_KEY đã đặt nhưng thiếu thư viện cryptography: {_INSTALL}") from None
        self._aes = AESGCM(key)

    @staticmethod
    def length(size: int) -> int:
        """How long `size` bytes are when they are sealed."""
        return len(SEALED_HEADER) + NONCE + size + 16

    def seal(self, data: bytes, digest: str) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return SEALED_HEADER + nonce + bytes(self._aes.encrypt(nonce, data, digest.encode()))

    def open(self, held: bytes, digest: str) -> bytes:
        """What was sealed; `held` itself where it is not sealed or was changed: its SHA-256 then tells."""
        from cryptography.exceptions import InvalidTag

        if not held.startswith(SEALED_HEADER):
            return held
        start = len(SEALED_HEADER)
        with contextlib.suppress(InvalidTag, ValueError):
            return bytes(self._aes.decrypt(held[start : start + NONCE], held[start + NONCE :], digest.encode()))
        return held


def cipher_of(connection: Any) -> FileCipher | None:
    """How the files beside a database are sealed; None where they are not."""
    row = connection.execute("SELECT value FROM settings WHERE name = ?", [FILES_KEY]).fetchone()
    return None if row is None else FileCipher(base64.b64decode(row[0].strip('"')))


def give_files_key(connection: Any) -> None:
    """Draws the key of the files, where there is none yet. In the caller's transaction."""
    drawn = base64.b64encode(secrets.token_bytes(32)).decode()
    connection.execute("INSERT OR IGNORE INTO settings (name, value) VALUES (?, ?)", [FILES_KEY, f'"{drawn}"'])


# --- the way in and out ------------------------------------------------------------------------------------------------


def encrypt(data: Path, key: str) -> int:
    """Encrypts the data folder; returns how many files were sealed. The caller holds its lock."""
    if len(key) < SHORTEST or "\0" in key:
        raise CommandError(f"GUONGSANG_KEY quá ngắn: cần ít nhất {SHORTEST} ký tự, và giữ một bản ở nơi an toàn")
    path = _present(data)
    if is_plain(path):
        _copied(path, None, key)
    with closing(connect(path, key)) as connection:
        cipher = cipher_of(connection)
    assert cipher is not None
    return sum(_rewrite(file, cipher.seal(file.read_bytes(), file.name)) for file in files(data) if not is_sealed(file))


def decrypt(data: Path, key: str) -> int:
    """The way back: the files first, since their key lies in the database. Returns how many were opened."""
    path = _present(data)
    if is_plain(path):
        raise CommandError(f"“{path}” chưa mã hoá: không có gì để giải mã")
    with closing(connect(path, key)) as connection:
        cipher = cipher_of(connection)
    opened = 0
    for file in files(data) if cipher else ():
        if is_sealed(file):
            opened += _rewrite(file, cipher.open(file.read_bytes(), file.name)) if cipher else 0
    _copied(path, key, None)
    return opened


def files(data: Path) -> Iterator[Path]:
    """The kept files of a data folder."""
    return (path for path in (data / FILES).rglob("*") if path.is_file() and not path.name.startswith("."))


def is_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(SEALED_HEADER)) == SEALED_HEADER


def _present(data: Path) -> Path:
    path = Settings(data=data).database
    if not path.is_file():
        raise CommandError(f"Không có dữ liệu ở “{data}”: kiểm tra --data hoặc GUONGSANG_DATA")
    return path


def _copied(path: Path, old: str | None, new: str | None) -> None:
    """The database written anew under another key (None: without one) and put in the place of the old one, whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    driver = _driver()
    with closing(driver.connect(str(path), isolation_level=None)) as source:
        if old is not None:
            _unlock(source, old, path)
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        source.execute(f"ATTACH DATABASE {_quoted(str(fresh))} AS fresh KEY {_quoted(new or '')}")
        source.execute("SELECT sqlcipher_export('fresh')").fetchall()
        version = source.execute("PRAGMA user_version").fetchone()[0]
        source.execute(f"PRAGMA fresh.user_version = {int(version)}")
        source.execute("DETACH DATABASE fresh")
        with closing(connect(fresh, new)) as copy:
            _same(source, copy)
            (give_files_key if new else _drop_files_key)(copy)
            copy.commit()
        source.execute("PRAGMA journal_mode = DELETE").fetchall()  # nothing of the old one may lie beside the new one
    _synced(fresh)
    os.replace(fresh, path)


def _same(source: Any, copy: Any) -> None:
    names = [row[0] for row in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    sizes = [[db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names] for db in (source, copy)]
    sound = [row[0] for row in copy.execute("PRAGMA integrity_check").fetchall()]
    if sizes[0] != sizes[1] or sound != ["ok"]:
        raise CommandError("Bản sao của cơ sở dữ liệu không khớp với bản gốc, chưa thay gì: kiểm tra bằng guongsang doctor")


def _drop_files_key(connection: Any) -> None:
    connection.execute("DELETE FROM settings WHERE name = ?", [FILES_KEY])


def _rewrite(path: Path, content: bytes) -> int:
    fresh = path.with_name(f"{PIECE}{path.name}")
    fresh.write_bytes(content)
    _synced(fresh)
    os.replace(fresh, path)
    return 1


def _synced(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
