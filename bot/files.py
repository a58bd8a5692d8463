"""Files by content hash: what people send and what the bot makes. Names are kept in the tables, never on the disk."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

_SHA256 = re.compile(r"[0-9a-f]{64}")


class FileStore:
    """`folder/ab/abcd…`: written once, never changed. A file is on the disk before the row that names it is committed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Stores `data` and returns its SHA-256. Raises OSError with nothing half-written."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.path(digest)
        if target.exists() and target.stat().st_size == len(data):
            return digest
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return digest

    def path(self, digest: str) -> Path:
        """Where the file of this SHA-256 lies. Raises ValueError for anything but a SHA-256."""
        if not _SHA256.fullmatch(digest):
            raise ValueError(f"not a SHA-256: {digest!r}")
        return self.folder / digest[:2] / digest

    def get(self, digest: str) -> bytes:
        """The bytes. Raises FileNotFoundError, and ValueError where the content no longer has its hash."""
        data = self.path(digest).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError(f"file {digest} is damaged: restore it from a backup")
        return data

    def delete(self, digest: str) -> None:
        self.path(digest).unlink(missing_ok=True)
