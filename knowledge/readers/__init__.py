"""Readers: a file of any kind becomes pages of text. Start at `read`; one module per format, `sandbox` around them.

Plain text is read here; every other format is parsed in a child process with limits (`sandbox.py`, `worker.py`), because the
bytes come from strangers. Readers know nothing of plans. Imports: knowledge.model and knowledge.text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ..model import Document
from .detect import HEAD, kind_of
from .limits import DEFAULT, Limits
from .text import read_text
from .unreadable import Unreadable, shown

__all__ = ["DEFAULT", "Limits", "Unreadable", "read"]

Progress = Callable[[int, int], None]


def read(path: Path, *, source: str | None = None, progress: Progress | None = None, limits: Limits = DEFAULT) -> Document:
    """The document in a file, its format decided by its content.

    `source` is the name people know it by (default: the path's own); its base name is kept. `progress(done, total)` counts
    pages. Raises Unreadable with a code and one Vietnamese line.
    """
    name = _base_name(source if source is not None else path.name)
    head = _head(path, name, limits)
    kind = kind_of(head)
    if kind == "text":
        return read_text(path.read_bytes(), name, limits)
    raise Unreadable("unsupported", f"Tệp “{shown(name)}” chưa đọc được: hãy lưu thành DOCX hoặc PDF.")


def _base_name(name: str) -> str:
    # A name may come from Windows or hold bytes that are no UTF-8; it is only ever shown, never opened.
    base = re.split(r"[/\\]", name)[-1]
    return base.encode("utf-8", "replace").decode("utf-8")


def _head(path: Path, name: str, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise Unreadable("missing_file", f"Không mở được tệp “{shown(name)}” ({error.strerror}): hãy gửi lại.") from error
    if size == 0:
        raise Unreadable("empty", f"Tệp “{shown(name)}” trống (0 byte): hãy gửi lại tệp có nội dung.")
    if size > limits.file_bytes:
        raise Unreadable(
            "too_large",
            f"Tệp “{shown(name)}” nặng {size / 1e6:.1f} MB, tối đa {limits.file_bytes / 1e6:.0f} MB: hãy tách hoặc nén ảnh.",
        )
    return head
