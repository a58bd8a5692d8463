"""Files by content hash: what people send and what the bot makes. Names are kept in the tables, never on the disk."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from forms.evidence import safe_name

if TYPE_CHECKING:
    from bot.encryption import FileCipher

LONGEST_NAME = 120
PIECE = ".new-"
"""How the name of a file begins that is being written."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


def shown_name(name: str | None) -> str:
    """The name under which somebody sent a file, as it is shown: without the folders of their machine, for every system to take."""
    base = re.split(r"[/\\]", (name or "").rstrip("/\\"))[-1]
    return safe_name(base, LONGEST_NAME)


class FileStore:
    """`folder/ab/abcd…`: written once, never changed. A file is on the disk before the row that names it is committed.

    With a `cipher` what is written is sealed; what was written without one is read all the same.
    """

    def __init__(self, folder: Path, cipher: FileCipher | None = None) -> None:
        self.folder = folder
        self._cipher = cipher

    def put(self, data: bytes) -> str:
        """Stores `data` and returns its SHA-256. Raises OSError with nothing half-written."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.path(digest)
        if target.exists() and target.stat().st_size == (self._cipher.length(len(data)) if self._cipher else len(data)):
            return digest
        held = self._cipher.seal(data, digest) if self._cipher else data
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=PIECE)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(held)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return digest

    def path(self, digest: str) -> Path:
        """Where the file of this SHA-256 lies, sealed or not: see `read`. Raises ValueError for anything but a SHA-256."""
        if not _SHA256.fullmatch(digest):
            raise ValueError(f"not a SHA-256: {digest!r}")
        return self.folder / digest[:2] / digest

    def get(self, digest: str) -> bytes:
        """The bytes. Raises FileNotFoundError, and ValueError where the content no longer has its hash."""
        data = self.read(self.path(digest))
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError(f"file {digest} is damaged: restore it from a backup")
        return data

    def read(self, path: Path) -> bytes:
        """The bytes of the file that `path` gave, as they were put."""
        held = path.read_bytes()
        return self._cipher.open(held, path.name) if self._cipher else held

    @contextmanager
    def plain(self, path: Path) -> Iterator[Path]:
        """A path for somebody who reads by path: the file's own, or that of an opened copy which goes away again."""
        if self._cipher is None or not path.is_file():
            yield path
            return
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            copy.write_bytes(self.read(path))
            yield copy

    def delete(self, digest: str) -> None:
        self.path(digest).unlink(missing_ok=True)
