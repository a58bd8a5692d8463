"""Text and Markdown: kept as it is but for line ends and NFC; a form feed begins a new page."""

from __future__ import annotations

import codecs
import re

from ..model import Document, Page, Warned
from ..text import clean
from .encodings import converted, syllable_share
from .limits import Limits
from .unreadable import Unreadable, shown

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CHARSETS = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI", "cp1258": "Windows-1258"}


def read_text(data: bytes, source: str, limits: Limits) -> Document:
    """The text of a file that no other reader claims.

    Raises Unreadable: empty, too_large, unsupported (bytes that are no text in any encoding we know).
    """
    if len(data) > limits.text_bytes:
        raise Unreadable(
            "too_large",
            f"Tệp văn bản “{shown(source)}” dài {len(data) / 1e6:.1f} MB, tối đa {limits.text_bytes / 1e6:.0f} MB: "
            "hãy tách phần kế hoạch ra một tệp riêng.",
        )
    text, charset = _decoded(data, source)
    if not text.strip():
        raise Unreadable("empty", f"Tệp “{shown(source)}” không có chữ nào: hãy gửi lại tệp có nội dung.")
    pages = tuple(Page(number=n, text=part) for n, part in enumerate(text.split("\f"), start=1))
    return Document(source=source, format="text", pages=pages, warnings=legacy_warning(charset))


def legacy_warning(charset: str | None) -> tuple[Warned, ...]:
    """What is said when a text was converted from an old encoding."""
    if charset is None:
        return ()
    name = _CHARSETS[charset]
    return (Warned(code="legacy_encoding", message=f"Văn bản dùng bảng mã cũ {name}, đã chuyển sang Unicode: hãy xem lại."),)


def tidy(text: str) -> str:
    """Without invisible characters, with ordinary blanks, no blank at a line's end."""
    text = clean(text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x0b", "\n").replace("\f", "\n"))
    text = re.sub(r"[^\S\n\t]+", " ", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" ?\n ?", "\n", text)).strip(" \n")


def _decoded(data: bytes, source: str) -> tuple[str, str | None]:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _strict(data, name, source), None
    if wide := _wide(data):
        return _strict(data, wide, source), None
    if len(_CONTROL.findall(data[:65536])) > len(data[:65536]) * 0.01:
        raise _binary(source)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data, source)
    text, charset = converted(text)
    return clean(text), charset


def _strict(data: bytes, encoding: str, source: str) -> str:
    try:
        return clean(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise Unreadable(
            "damaged", f"Tệp “{shown(source)}” hỏng ở byte {error.start} (mã {encoding}): hãy gửi lại tệp gốc."
        ) from error


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: Vietnamese text has a zero in nearly every second byte."""
    sample = data[:4096]
    if len(sample) < 8:
        return None
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half, other = sample[start::2], sample[1 - start :: 2]
        if half.count(0) > len(half) * 0.5 and other.count(0) < len(other) * 0.05:
            return name
    return None


def _legacy(data: bytes, source: str) -> tuple[str, str | None]:
    text, charset = converted(data.decode("cp1252", "replace"))
    if charset:
        return clean(text), charset
    vietnamese = clean(data.decode("cp1258", "replace"))
    if (syllable_share(vietnamese) or 0) > 0.8:
        return vietnamese, "cp1258"
    damaged = data.decode("utf-8", "replace")
    if damaged.count("\ufffd") <= len(damaged) * 0.01:
        return clean(damaged), None
    raise _binary(source)


def _binary(source: str) -> Unreadable:
    return Unreadable(
        "unsupported",
        f"Tệp “{shown(source)}” không phải văn bản đọc được: hãy gửi tệp DOCX, DOC, PDF, ảnh PNG/JPG/TIFF hoặc tệp chữ UTF-8.",
    )
