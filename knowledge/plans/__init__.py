"""Digests of five real plans, so that a conversation has something to stand on before an official text is added.

A digest restates the facts of its plan in words of our own under the plan's own section numbers. It is not the plan: what
comes from it is shown as a digest, without quotation marks, and the official file takes its place once it is added.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path


@dataclass(frozen=True)
class Digest:
    """The digest of one institution's plan. `aliases` are the short names that people type; `path` is a UTF-8 text."""

    slug: str
    name: str
    aliases: tuple[str, ...]
    path: Path


def digests() -> tuple[Digest, ...]:
    """All digests in the order of `institutions.toml`. Raises FileNotFoundError where the installation lacks that file."""
    folder = Path(str(resources.files(__name__)))
    listed = tomllib.loads((folder / "institutions.toml").read_text(encoding="utf-8"))
    return tuple(
        Digest(slug=slug, name=entry["name"], aliases=tuple(entry["aliases"]), path=folder / entry["file"])
        for slug, entry in listed.items()
    )
