"""The evidence of many nominees as one ZIP, a folder for each, names made safe for every system."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from forms.model import Nomination
from forms.values import line

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def safe_name(name: str, limit: int = 80) -> str:
    """A file or folder name without paths or signs that Windows refuses; the ending is kept where the name is cut."""
    bare = _UNSAFE.sub("_", line(name)).strip(" .") or "tệp"
    stem, dot, ending = bare.rpartition(".")
    if len(bare) <= limit or not dot or len(ending) > 10:
        return bare[:limit].rstrip(" .") or "tệp"
    return f"{stem[: limit - len(ending) - 1].rstrip(' .')}.{ending}"


def write_zip(nominations: Iterable[Nomination], files: Mapping[str, Path], out: Path) -> list[str]:
    """`files` maps file ids to the bytes held. Returns the names of what is not held, to be said to the person."""
    absent: list[str] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for nomination in nominations:
            folder = safe_name(f"{nomination.code} {nomination.name}")
            refs = [item.id for item in nomination.options()]
            for number, held in enumerate(nomination.evidence, 1):
                path = files.get(held.file_id)
                if path is None or not path.is_file():
                    absent.append(f"{nomination.code}: {held.name}")
                    continue
                about = f"tc{refs.index(held.criterion) + 1} " if held.criterion in refs else ""
                archive.write(path, str(PurePosixPath(folder) / f"{number:02d} {about}{safe_name(held.name)}"))
    return absent
