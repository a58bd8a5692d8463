"""One file with everything in the data folder: a consistent copy of the database, the files, the index; and the way back.

The archive is a zip with `manifest.json` (the SHA-256 and size of every member). A backup only reads, beside a running bot; the
database is copied by SQLite's online backup, before the files: a file is on the disk before the row that names it is committed.
What is encrypted in the data folder is encrypted in the archive, and needs the same GUONGSANG_KEY when it is put back.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from bot.console import CommandError
from bot.encryption import connect, is_plain, key_in_force
from bot.moments import stored

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "guongsang.db"
FOLDERS = ("files", "index")
_CHUNK = 1024 * 1024


class BackupError(CommandError):
    """A backup that cannot be made or used. The message is for people."""


@dataclass(frozen=True)
class Report:
    """What a backup holds: the number of files besides the database, and all bytes before compression."""

    files: int
    size: int


def backup(data: Path, target: Path, now: datetime) -> Report:
    """Writes the archive; an existing one is replaced only by a whole one. Raises BackupError."""
    database = data / DATABASE
    if not database.is_file():
        raise BackupError(f"Không có dữ liệu ở “{data}”: kiểm tra --data hoặc GUONGSANG_DATA")
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".backup-")
    os.close(handle)
    try:
        report = _write(data, database, Path(name), now)
        verify(Path(name))
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)
    return report


def _write(data: Path, database: Path, target: Path, now: datetime) -> Report:
    members: dict[str, dict[str, int | str]] = {}
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        copy = Path(folder) / DATABASE
        _copy_database(database, copy)
        _add(archive, members, copy, DATABASE)
        for path in _files(data):
            _add(archive, members, path, path.relative_to(data).as_posix())
        manifest = {"format": FORMAT, "made_at": stored(now), "members": members}
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return Report(len(members) - 1, sum(int(about["size"]) for about in members.values()))


def _copy_database(source: Path, target: Path) -> None:
    key = None if is_plain(source) else key_in_force()
    with closing(connect(source, key, readonly=True)) as live, closing(connect(target, key)) as copy:
        live.backup(copy)
        _check(copy)


def _check(connection: sqlite3.Connection) -> None:
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check").fetchall()]
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if found != ["ok"] or broken:
        wrong = f"{'; '.join(found[:3])}; {len(broken)} liên kết sai"
        raise BackupError(f"Cơ sở dữ liệu bị hỏng ({wrong}): dùng một bản sao lưu khác")


def _files(data: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path


def _add(archive: zipfile.ZipFile, members: dict[str, dict[str, int | str]], path: Path, name: str) -> None:
    """A file that is taken away meanwhile (an index generation being replaced) is left out."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return
    digest, size = hashlib.sha256(), 0
    with source, archive.open(name, "w", force_zip64=True) as member:
        while chunk := source.read(_CHUNK):
            member.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    members[name] = {"sha256": digest.hexdigest(), "size": size}


# --- the way back ------------------------------------------------------------------------------------------------------


def verify(archive_path: Path) -> int:
    """Checks every member against the manifest; returns their number. Raises BackupError with the first that is wrong."""
    with _opened(archive_path) as archive:
        members = _manifest(archive, archive_path)
        for name, about in members.items():
            digest, size = _digest(archive, name)
            if (digest, size) != (about.get("sha256"), about.get("size")):
                raise BackupError(f"Bản sao lưu “{archive_path}” bị hỏng ở “{name}”: dùng một bản khác")
    return len(members)


def restore(archive_path: Path, data: Path, now: datetime) -> Path | None:
    """Puts the archive in the place of the data folder; what was there is kept beside it and its path returned.

    The caller holds the lock of the data folder. Raises BackupError, with nothing changed.
    """
    verify(archive_path)
    data.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=data.parent, prefix=f".{data.name}-restore-"))
    try:
        _extract(archive_path, fresh)
        restored = fresh / DATABASE
        with closing(connect(restored, None if is_plain(restored) else key_in_force())) as copy:
            _check(copy)
        return _swap(fresh, data, now)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _extract(archive_path: Path, folder: Path) -> None:
    with _opened(archive_path) as archive:
        for name in _manifest(archive, archive_path):
            target = folder / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with archive.open(name) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file, _CHUNK)
                file.flush()
                os.fsync(file.fileno())


def _swap(fresh: Path, data: Path, now: datetime) -> Path | None:
    """Moves member by member: the lock file stays where it is, and on Windows an open folder cannot be renamed."""
    old: Path | None = None
    names = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", *FOLDERS)
    present = [name for name in names if (data / name).exists()]
    if present:
        old = data.parent / f"{data.name}-before-{now.strftime('%Y%m%dT%H%M%SZ')}"
        old.mkdir(mode=0o700)
        for name in present:
            os.replace(data / name, old / name)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (*FOLDERS, DATABASE):
        if (fresh / name).exists():
            os.replace(fresh / name, data / name)
    return old


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError:
        raise BackupError(f"Không thấy tệp “{path}”: kiểm tra lại đường dẫn") from None
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(f"“{path}” không phải bản sao lưu đọc được ({error}): chọn tệp do lệnh backup tạo ra") from None


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, dict[str, int | str]]:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        members: dict[str, dict[str, int | str]] = manifest["members"]
        known = manifest["format"] == FORMAT and DATABASE in members and all(_is_ours(name) for name in members)
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile):
        known = False
        members = {}
    if not known:
        raise BackupError(f"“{path}” không phải bản sao lưu của Gương Sáng: chọn tệp do lệnh backup tạo ra")
    return members


def _is_ours(name: str) -> bool:
    """The database or a file below one of our folders: nothing leads out of the data folder."""
    parts = PurePosixPath(name).parts
    return name == DATABASE or (
        len(parts) > 1 and parts[0] in FOLDERS and not {"..", "."} & set(parts) and "\\" not in name and ":" not in name
    )


def _digest(archive: zipfile.ZipFile, name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(name) as member:
            while chunk := member.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except (KeyError, zipfile.BadZipFile, OSError, EOFError, zlib.error):
        return "", -1
    return digest.hexdigest(), size
