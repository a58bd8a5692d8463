"""How much of a file is read: beyond these bounds a file is refused before memory or patience goes."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one reading. Sizes are bytes, `image_pixels` counts one page or frame.

    `seconds` of wall clock may pass between two pages read, `total_seconds` over the whole file.
    """

    file_bytes: int = 50 * MEGABYTE
    text_bytes: int = 8 * MEGABYTE
    characters: int = 4_000_000
    pages: int = 300
    image_pixels: int = 60_000_000
    unpacked_bytes: int = 200 * MEGABYTE
    unpack_ratio: int = 200
    members: int = 5_000
    memory_bytes: int = 1536 * MEGABYTE
    seconds: float = 60.0
    total_seconds: float = 1800.0


DEFAULT = Limits()
