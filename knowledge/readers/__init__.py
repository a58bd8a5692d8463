"""Readers: a file of any kind becomes pages of text. Start at `read`; one module per format, `sandbox` around them.

Plain text is read here; every other format is parsed in a child process with limits (`sandbox.py`, `worker.py`), because the
bytes come from strangers. A paragraph is one line, paragraphs are parted by an empty line, a table row is one line with its
cells parted by tabs. Readers know nothing of plans. Imports: knowledge.model and knowledge.text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Literal

from ..model import Document, Page, Warned
from .detect import HEAD, Kind, kind_of
from .limits import DEFAULT, Limits
from .sandbox import parse
from .text import read_text
from .unreadable import Unreadable, shown

__all__ = ["DEFAULT", "Limits", "Unreadable", "read"]

Format = Literal["docx", "doc", "pdf", "scan", "image"]
# Measured on pages made ever coarser: 96 means 0.2 % wrong characters, 86 about 7 %, 76 about 15 %.
LOW_CONFIDENCE = 85.0


def read(
    path: Path,
    *,
    source: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    limits: Limits = DEFAULT,
) -> Document:
    """The document in a file, its format decided by its content.

    `source` is the name people know it by (default: the path's own); its base name is kept. `progress(done, total)` counts
    pages. Raises Unreadable with a code and one Vietnamese line.
    """
    name = _base_name(source if source is not None else path.name)
    head = _head(path, name, limits)
    kind = kind_of(head)
    if kind == "text":
        return read_text(path.read_bytes(), name, limits)
    if kind == "heic":
        raise Unreadable("unsupported", f"Ảnh “{shown(name)}” có định dạng HEIC, chưa đọc được: hãy lưu thành JPG rồi gửi lại.")
    if kind in ("rtf", "other"):
        raise Unreadable("unsupported", f"Tệp “{shown(name)}” chưa đọc được: hãy lưu thành DOCX hoặc PDF rồi gửi lại.")
    return _parsed(path, kind, name, progress, limits)


def _parsed(path: Path, kind: Kind, name: str, progress: Callable[[int, int], None] | None, limits: Limits) -> Document:
    pages: list[Page] = []
    warnings: list[Warned] = []
    with closing(parse(path, kind, shown(name), limits)) as events:
        for event in events:
            if isinstance(event, Page):
                pages.append(event)
            elif isinstance(event, Warned):
                warnings.append(event)
            elif progress is not None:
                progress(event.done, event.total)
    if not any(page.text.strip() for page in pages):
        raise Unreadable("empty", f"Tệp “{shown(name)}” không có chữ nào đọc được: hãy gửi bản rõ hơn hoặc bản DOCX.")
    warnings += [_low_confidence(page) for page in pages if _is_doubtful(page)]
    return Document(source=name, format=_format(kind, pages), pages=tuple(pages), warnings=tuple(warnings))


def _format(kind: Kind, pages: list[Page]) -> Format:
    if kind == "pdf":
        by_ocr = sum(page.confidence is not None for page in pages)
        return "scan" if by_ocr * 2 > len(pages) else "pdf"
    return {"zip": "docx", "ole": "doc"}.get(kind, "image")  # type: ignore[return-value]


def _is_doubtful(page: Page) -> bool:
    return page.confidence is not None and page.confidence < LOW_CONFIDENCE


def _low_confidence(page: Page) -> Warned:
    return Warned(
        code="low_confidence",
        message=f"Trang {page.number} nhận dạng chưa chắc chắn ({page.confidence:.0f} %): hãy đối chiếu với bản gốc.",
    )


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
