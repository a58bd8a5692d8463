"""What a file is, by its first bytes; its name says nothing."""

from __future__ import annotations

from typing import Literal

Kind = Literal["text", "zip", "ole", "pdf", "image", "heic", "rtf", "other"]

_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"BM", "image"),
    (b"GIF8", "image"),
    (b"{\\rtf", "rtf"),
    (b"\x7fELF", "other"),
    (b"MZ", "other"),
    (b"Rar!", "other"),
    (b"7z\xbc\xaf", "other"),
    (b"\x1f\x8b", "other"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif")
HEAD = 1024


def kind_of(head: bytes) -> Kind:
    """The kind of a file from its first `HEAD` bytes. "text" means that no other reader claims it."""
    if b"%PDF-" in head:
        return "pdf"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "heic"
    for start, kind in _STARTS:
        # Two printable letters begin a plain text as well: those signatures need a control byte near them.
        if head.startswith(start) and (len(start) > 2 or _is_binary(head)):
            return kind
    return "text"


def _is_binary(head: bytes) -> bool:
    return any(byte < 9 for byte in head)
