"""PDF files: the text layer in reading order, or OCR of the page where the layer is missing or broken."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

from ..model import Page, Warned
from .encodings import converted, legacy_charset
from .events import Event, Job, Progress
from .layout import Block, Word, blocks
from .paragraphs import text_of
from .quality import is_broken
from .rulings import grids_of
from .running import Margins, running_header, without_running
from .text import legacy_warning, tidy
from .unreadable import Unreadable, damaged, encrypted, too_many_pages

_RENDER_DPI = 300
_STAMP_CHARACTERS = 200  # a scan may carry the few words of a digital signature as its only text
_SCANNED_SHARE = 0.5  # of a page covered by pictures


@dataclass(frozen=True)
class _Read:
    """A page as read: words for the layout, or text by OCR."""

    width: float
    height: float
    blocks: tuple[Block, ...] = ()
    text: str = ""
    confidence: float | None = None


def parse_pdf(job: Job) -> Iterator[Event]:
    """Pages in order; running headers and page numbers are left out and told as warnings."""
    try:
        document = pypdfium2.PdfDocument(str(job.path))
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise encrypted(job.name) from error
        raise damaged(job.name) from error
    total = len(document)
    if total > job.limits.pages:
        raise too_many_pages(job.name, total, job.limits.pages)
    pages: list[_Read] = []
    for index in range(total):
        page = document[index]
        read, warning = _page(page, index + 1, job)
        page.close()
        pages.append(read)
        if warning is not None:
            yield warning
        yield Progress(index + 1, total)
    yield from _told(pages)


def _told(pages: Sequence[_Read]) -> Iterator[Event]:
    kept, removed = without_running([Margins(page.blocks, page.height) for page in pages])
    texts = [
        tidy(page.text if page.confidence is not None else text_of(own, page.width))
        for page, own in zip(pages, kept, strict=True)
    ]
    charset = legacy_charset("\n".join(texts))
    for number, (page, text) in enumerate(zip(pages, texts, strict=True), start=1):
        text = converted(text)[0] if charset and page.confidence is None else text
        yield Page(number=number, text=text, confidence=page.confidence)
    yield from legacy_warning(charset)
    yield from map(running_header, removed)


def _page(page: pypdfium2.PdfPage, number: int, job: Job) -> tuple[_Read, Warned | None]:
    width, height = page.get_size()
    words = _words(page, height)
    text = " ".join(word.text for word in words)
    legacy = legacy_charset(text) is not None
    if words and not _is_scan(page, text) and (legacy or not is_broken(text)):
        if not legacy:
            return _Read(width, height, tuple(blocks(words, grids_of(page, height)))), None
        return _Read(width, height, tuple(blocks(words))), None
    if not words and not any(True for _ in page.get_objects(max_depth=2)):
        return _Read(width, height), None
    try:
        return _recognised(page, width, height, job), None
    except Unreadable as error:
        if error.code != "missing_tool" or not words:
            raise
        warning = Warned(
            code="broken_text", message=f"Trang {number}: lớp chữ có lỗi và chưa nhận dạng lại được. {error.message}"
        )
        return _Read(width, height, tuple(blocks(words))), warning


def _recognised(page: pypdfium2.PdfPage, width: float, height: float, job: Job) -> _Read:
    from .ocr import recognise  # a PDF with text needs neither tesseract nor numpy

    scale = min(_RENDER_DPI / 72, math.sqrt(job.limits.image_pixels / max(1.0, width * height)))
    bitmap = page.render(scale=scale, grayscale=True)
    image = bitmap.to_pil()
    page_read = recognise(image, job.limits.seconds)
    return _Read(width, height, text=page_read.text, confidence=page_read.confidence)


def _is_scan(page: pypdfium2.PdfPage, text: str) -> bool:
    if len(text) > _STAMP_CHARACTERS:
        return False
    width, height = page.get_size()
    covered = 0.0
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    return bool(covered > _SCANNED_SHARE * width * height)


# --- words ---------------------------------------------------------------------------------------------------------


@dataclass
class _Building:
    """A word as its characters come in. `y` is the baseline, upwards as in PDF."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    y: float
    size: float


def _words(page: pypdfium2.PdfPage, height: float) -> list[Word]:
    """The words of the text layer, in points from the top left corner of the page as it is shown."""
    textpage = page.get_textpage()
    found: list[Word] = []
    building: _Building | None = None
    for index in range(textpage.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(textpage, index))
        # PDFium gives a hyphen at a line's end as U+0002.
        character = "-" if character == "\x02" else character
        if character.isspace() or character == "\x00" or 0xD800 <= ord(character) < 0xE000:
            _close(building, found, height)
            building = None
            continue
        box = _box(textpage, index, character)
        if (
            building
            and (box.y - building.y) ** 2 <= (0.3 * box.size) ** 2
            and -box.size < box.left - building.right < 0.28 * box.size
        ):
            building.text += character
            building.right = max(building.right, box.right)
            building.top, building.bottom = max(building.top, box.top), min(building.bottom, box.bottom)
        else:
            _close(building, found, height)
            building = box
    _close(building, found, height)
    textpage.close()
    return found


def _close(building: _Building | None, found: list[Word], height: float) -> None:
    if building is not None:
        found.append(Word(building.text, building.left, height - building.top, building.right, height - building.bottom))


def _box(textpage: pypdfium2.PdfTextPage, index: int, character: str) -> _Building:
    rectangle = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(textpage, index, rectangle)
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage, index, x, y)
    size = max(1.0, rectangle.top - rectangle.bottom)
    return _Building(character, rectangle.left, rectangle.right, rectangle.bottom, rectangle.top, y.value, size)
