"""Where the shared texts lie, for the tests that read them: beside the checkout, or at GUONGSANG_SHARED."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[1].parent / "shared"
_NAMED = os.environ.get("GUONGSANG_SHARED")

SHARED: Path | None = next(
    (folder for folder in (Path(_NAMED) if _NAMED else None, _BESIDE) if folder and (folder / "plans").is_dir()), None
)

needs_shared = pytest.mark.skipif(SHARED is None, reason="the official texts (../shared/plans) are not here")

OFFICIAL = {
    "hatinh": "000_af0e01fd90b08a32.txt",
    "thainguyen": "001_c900b567f2581820.txt",
    "tiengiang": "002_e1a6c84701d48760.txt",
    "bachkhoa": "003_d81b051623e31d2c.txt",
    "vinhthuan": "004_ee6295a8f682f706.txt",
}


def official(slug: str) -> Path:
    """The official text of one of the five institutions."""
    assert SHARED is not None
    return SHARED / "plans" / OFFICIAL[slug]
