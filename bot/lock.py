"""The lock of the data folder: one process writes. Held by `run` while it is up and by commands that write, while they write."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_FILE = "guongsang.lock"


class BusyError(Exception):
    """Another process writes in the data folder. The message is for people."""


@contextmanager
def hold(folder: Path, purpose: str = "run") -> Iterator[None]:
    """Holds the lock of `folder`; raises BusyError where another process has it. The system frees it when a process dies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / LOCK_FILE
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _lock(handle):
            raise BusyError(_busy(folder, _holder(path)))
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, f"{os.getpid()} {purpose}\n".encode())
        yield
    finally:
        os.close(handle)


def is_held(folder: Path) -> bool:
    """Whether some process writes in the folder now."""
    if not (folder / LOCK_FILE).exists():
        return False
    try:
        with hold(folder, "check"):
            return False
    except BusyError:
        return True


def _busy(folder: Path, holder: str) -> str:
    if holder.endswith(" run"):
        pid = holder.split()[0]
        do = "hãy làm việc này trong cuộc trò chuyện với bot, hoặc dừng bot trước"
        return f"Bot đang chạy trên dữ liệu “{folder}” (tiến trình {pid}): {do}"
    return f"Dữ liệu “{folder}” đang được một lệnh khác dùng ({holder or 'không rõ'}): chờ lệnh đó xong rồi thử lại"


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:  # Windows does not let a locked file be read
        return ""


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 20  # the locked byte lies behind the text, so that the text stays readable

    def _lock(handle: int) -> bool:
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
