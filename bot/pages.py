"""A page of a plan as a picture, from the file that was sent. Drawn in a child process: the files are other people's.

    python bot/pages.py FILE ENDING NUMBER OUT        writes a JPEG; exit code 1 where the page cannot be drawn
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

LONGEST = 1600  # pixels
SECONDS = 30
MEMORY = 1 << 30
IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".gif", ".bmp")
ENDINGS = (".pdf", *IMAGES)


def has_picture(source: str) -> bool:
    """Whether a file of this name has pages that look like something."""
    return Path(source).suffix.lower() in ENDINGS


def picture(path: Path, source: str, number: int) -> bytes | None:
    """Page `number` (from 1) of a kept file as JPEG; None where it cannot be drawn within the limits. Blocks."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "page.jpg"
        command = [sys.executable, "-I", __file__, str(path), Path(source).suffix.lower(), str(number), str(out)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, env=_harmless())
        except subprocess.TimeoutExpired:
            return None
        return out.read_bytes() if done.returncode == 0 and out.is_file() else None


def _harmless() -> dict[str, str]:
    """The environment without what is ours: the token and the key are no business of a process that opens other people's files."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith("GUONGSANG_")}


def draw(path: Path, ending: str, number: int, out: Path) -> None:
    """Raises whatever the drawing library raises: the caller sees an exit code."""
    from PIL import Image

    if ending == ".pdf":
        import pypdfium2

        document = pypdfium2.PdfDocument(str(path))
        page = document[number - 1]
        drawn: Image.Image = page.render(scale=min(LONGEST / max(*page.get_size(), 1), 4.0)).to_pil()
    else:
        drawn = Image.open(path)
        drawn.seek(number - 1)
        drawn = _on_white(drawn)
        drawn.thumbnail((LONGEST, LONGEST))
    drawn.convert("RGB").save(out, "JPEG", quality=80)


def _on_white(drawn: Image.Image) -> Image.Image:
    """What is see-through becomes paper: JPEG would make it black, and the letters on it with it."""
    from PIL import Image

    if not drawn.has_transparency_data:
        return drawn
    layer = drawn.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    _limit_memory()
    try:
        draw(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    except Exception:
        sys.exit(1)
