"""Scans of identity cards and passports are not taken as evidence: nobody needs them, and they are what thieves look for.

A file is one by its name or caption, or by what is printed on it: the first page of a picture or PDF is read by tesseract, quickly and
small. A title of such a card and two of its other labels make one; a letter that only mentions a card's number does not. What
cannot be read (no tesseract, too blurred, too large to fetch) is let through: this is a net, no wall.
"""

from __future__ import annotations

import asyncio
import functools
import re
import shutil
import tempfile
from pathlib import Path

import structlog
from telegram import Bot, Message
from telegram.error import TelegramError

from bot import pages
from knowledge.readers.detect import HEAD, kind_of
from knowledge.text import fold, unaccent

log = structlog.get_logger(__name__)

FETCHED_AT_MOST = 20 * 1024 * 1024
READ_SECONDS = 15
AT_ONCE = 2
"""So many pictures are read at the same time: the others wait, each in its own chat."""
LONGEST_CARD = 1500
"""Characters: what holds more text is a document that speaks of a card."""

_NAMED = re.compile(
    r"\b(?:cccd|cmnd|cmtnd|can ?cuoc|chung ?minh ?(?:nhan ?dan|thu)|ho ?chieu|passport|(?:citizen )?identity ?card|id ?card)\b"
)
_TITLES = ("can cuoc", "identity card", "chung minh nhan dan", "ho chieu", "passport", "idvnm", "p<vnm")
_LABELS = (
    *("citizen", "quoc tich", "nationality", "que quan", "place of origin", "noi thuong tru", "place of residence", "co gia tri den"),
    *("date of expiry", "nguyen quan", "noi dkhk", "dac diem nhan dang", "dau vet rieng", "ngon tro", "so dinh danh"),
    *("full name", "date of birth", "ngay sinh", "gioi tinh", "idvnm", "p<vnm"),
)


def named_as_card(*texts: str) -> bool:
    """Whether a file's name or caption says that it is a card."""
    return any(_NAMED.search(re.sub(r"[\W_]+", " ", _bare(text))) for text in texts)


def reads_as_card(text: str) -> bool:
    """Whether what is printed on a page is what such a card says."""
    bare = " ".join(_bare(text).split())
    if len(bare) > LONGEST_CARD:
        return False
    return any(title in bare for title in _TITLES) and sum(label in bare for label in _LABELS) >= 2


async def is_card(bot: Bot, said: Message) -> bool:
    """Whether a message brings such a scan. Reads the file, off the event loop."""
    name = said.document.file_name or "" if said.document else ""
    if named_as_card(name, said.caption or ""):
        return True
    sent = said.document or said.photo[-1]
    if not can_read() or (sent.file_size or 0) > FETCHED_AT_MOST:
        return False
    try:
        file = await bot.get_file(sent.file_id)
        data = bytes(await file.download_as_bytearray())
    except TelegramError as error:
        log.warning("a file could not be looked at", reason=type(error).__name__)
        return False
    if kind_of(data[:HEAD]) not in ("image", "pdf"):
        return False
    async with _turns():
        return reads_as_card(await asyncio.to_thread(printed, data))


def printed(data: bytes) -> str:
    """The words on the first page of a picture or PDF; none where it cannot be drawn or read in time. Blocks."""
    import pytesseract
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page"
        path.write_bytes(data)
        drawn = pages.picture(path, f"x.{'pdf' if kind_of(data[:HEAD]) == 'pdf' else 'jpg'}", 1)
        if drawn is None:
            return ""
        path.write_bytes(drawn)
        try:
            with Image.open(path) as image:
                return str(pytesseract.image_to_string(image, lang="vie", config="--psm 11", timeout=READ_SECONDS))
        except (RuntimeError, OSError) as error:  # tesseract's own errors and its time limit
            log.warning("a picture could not be read", reason=type(error).__name__)
            return ""


@functools.cache
def can_read() -> bool:
    return shutil.which("tesseract") is not None


def _turns() -> asyncio.Semaphore:
    """One for each event loop."""
    return _semaphores(asyncio.get_running_loop())


@functools.lru_cache(maxsize=1)
def _semaphores(loop: asyncio.AbstractEventLoop) -> asyncio.Semaphore:
    return asyncio.Semaphore(AT_ONCE)


def _bare(text: str) -> str:
    return unaccent(fold(text))
