"""Old Word files (.doc), by way of antiword; their fonts are lost, so a legacy encoding is told from the spelling."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator

from ..model import Page
from .encodings import converted
from .events import Event, Job, Progress
from .text import legacy_warning, tidy
from .unreadable import Unreadable, damaged, encrypted, missing_tool

_ENCRYPTED_OOXML = "EncryptedPackage".encode("utf-16-le")
_RULE = re.compile(r"^\|?[-+|=\s]*$")


def parse_doc(job: Job) -> Iterator[Event]:
    """One page: the paragraphs as antiword gives them."""
    if _ENCRYPTED_OOXML in job.path.read_bytes():
        raise encrypted(job.name)
    text, charset = converted(_antiword(job))
    yield Page(number=1, text=tidy(paragraphs(text)))
    yield from legacy_warning(charset)
    yield Progress(1, 1)


def _antiword(job: Job) -> str:
    tool = shutil.which("antiword")
    if tool is None:
        raise missing_tool("antiword")
    done = subprocess.run(
        [tool, "-m", "UTF-8.txt", "-w", "0", "-i", "1", str(job.path)],
        capture_output=True,
        timeout=job.limits.seconds,
        check=False,
    )
    said = done.stderr.decode("utf-8", "replace").lower()
    if "encrypted" in said or "password" in said:
        raise encrypted(job.name)
    if "not a word document" in said or "not a ms-word" in said:
        raise Unreadable("unsupported", f"“{job.name}” không phải văn bản Word: hãy gửi tệp DOCX hoặc PDF.")
    if done.returncode != 0 and not done.stdout.strip():
        raise damaged(job.name)
    return done.stdout.decode("utf-8", "replace")


def paragraphs(text: str) -> str:
    """antiword's lines as paragraphs: table rows between bars become cells parted by tabs."""
    blocks: list[str] = []
    table: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            table += [] if _RULE.match(line) else ["\t".join(cells)]
            continue
        blocks += ["\n".join(table)] if table else []
        table = []
        blocks += [line.strip()] if line.strip() else []
    return "\n\n".join(blocks)
