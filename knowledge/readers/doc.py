"""Old Word files (.doc), by way of antiword; their fonts are lost, so a legacy encoding is told from the spelling."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator

from ..model import Page, Warned
from ..text import unaccent
from .encodings import converted
from .events import Event, Job, Progress
from .text import legacy_warning, tidy
from .unreadable import Unreadable, damaged, encrypted, missing_tool

_SET_ASIDE = re.compile("cong hoa xa hoi|noi nhan", re.IGNORECASE)
_ENCRYPTED_OOXML = "EncryptedPackage".encode("utf-16-le")


def parse_doc(job: Job) -> Iterator[Event]:
    """One page: the paragraphs as antiword gives them. It drops automatic numbers: told as a warning."""
    if _ENCRYPTED_OOXML in job.path.read_bytes():
        raise encrypted(job.name)
    text, charset = converted(_antiword(job, "-m", "UTF-8.txt", "-w", "0", "-i", "1"))
    yield Page(number=1, text=tidy(paragraphs(text)))
    yield from legacy_warning(charset)
    if numbered := _antiword(job, "-x", "db").count("<listitem>"):
        yield Warned(
            code="lost_numbering",
            message=f"{numbered} đoạn đánh số tự động trong tệp .doc bị mất số: hãy lưu thành DOCX bằng Word rồi gửi lại.",
        )
    yield Progress(1, 1)


def _antiword(job: Job, *options: str) -> str:
    tool = shutil.which("antiword")
    if tool is None:
        raise missing_tool("antiword")
    done = subprocess.run([tool, *options, str(job.path)], capture_output=True, timeout=job.limits.seconds, check=False)
    said = done.stderr.decode("utf-8", "replace").lower()
    if "encrypted" in said or "password" in said:
        raise encrypted(job.name)
    if "not a word document" in said or "not a ms-word" in said:
        raise Unreadable("unsupported", f"“{job.name}” không phải văn bản Word: hãy gửi tệp DOCX hoặc PDF.")
    if done.returncode != 0 and not done.stdout.strip():
        raise damaged(job.name)
    return done.stdout.decode("utf-8", "replace")


def paragraphs(text: str) -> str:
    """antiword's lines as paragraphs: rows between bars become cells parted by tabs."""
    blocks: list[str] = []
    rows: list[list[str]] = []
    before: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            cells = line.rstrip().removeprefix("|").removesuffix("|").split("|")
            if _is_wrapped(before, cells):
                rows[-1] = [" ".join(f"{a} {b}".split()) for a, b in zip(rows[-1], cells, strict=True)]
            else:
                rows.append([cell.strip() for cell in cells])
            before = cells
            continue
        blocks += _table(rows)
        rows, before = [], []
        blocks += [line.strip()] if line.strip() else []
    return "\n\n".join(blocks)


def _table(rows: list[list[str]]) -> list[str]:
    """Rows with tabs; the head of a letter and its end, set in two columns, are read column by column."""
    text = "\n".join("\t".join(row) for row in rows if any(row))
    if rows and all(len(row) == 2 for row in rows) and _SET_ASIDE.search(unaccent(text)):
        return [cell for column in zip(*rows, strict=True) for cell in column if cell]
    return [text] if text else []


def _is_wrapped(before: list[str], cells: list[str]) -> bool:
    """Whether a line of a table goes on with the row above: antiword draws no rule between rows, but it breaks a cell only
    where its next word would not fit. A capital more likely begins a row."""
    filled = [(above, cell.split()[0]) for above, cell in zip(before, cells, strict=False) if cell.strip()]
    return (
        len(before) == len(cells)
        and any(word[0].islower() for _, word in filled)
        and all(above.strip() and len(above.rstrip()) + 1 + len(word) > len(above) for above, word in filled)
    )
