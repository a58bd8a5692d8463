"""A picture of a page becomes text: turned upright, recognised by tesseract (`vie`), laid out into paragraphs."""

from __future__ import annotations

import csv
import io
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytesseract
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ..text import clean
from .layout import Line, Word, blocks, lines_of, segments
from .numerals import mended
from .paragraphs import text_of
from .scanned_rulings import without_grids
from .unreadable import Unreadable, missing_tool

DPI = 300
_A4_INCHES = 8.27
_INK = 160  # darker than this is ink, on a scale stretched to 0..255
_DOUBTFUL = 65.0  # a page on its side is read as rubbish, with less confidence than this
_CONTRAST = 100  # between paper and ink, at least
_SKEW = 5.0  # degrees looked for on either side
_FAINTEST_PAGE = 0.0005  # a share of ink below this is an empty page
_COLUMN, _SPARSE = 4, 11  # tesseract's page segmentation: one column of text; few words anywhere
_WINDOWS = Path(r"C:\Program Files\Tesseract-OCR\tesseract.exe")


@dataclass(frozen=True)
class Recognised:
    """The text of a page and how sure tesseract is of its words, 0 to 100, weighed by their length."""

    text: str
    confidence: float


def recognise(image: Image.Image, seconds: float) -> Recognised:
    """A page that reads badly is tried once more the way up that tesseract takes it to stand.

    Raises Unreadable: missing_tool, timeout.
    """
    page = prepared(image)
    if _ink(page).mean() < _FAINTEST_PAGE:
        return Recognised("", 100.0)
    read = _recognised(page, seconds)
    if read.confidence < _DOUBTFUL and (turn := _turn(page, seconds)):
        turned = _recognised(prepared(image.rotate(-turn, expand=True)), seconds)
        return max(read, turned, key=lambda each: each.confidence)
    return read


def _recognised(page: Image.Image, seconds: float) -> Recognised:
    page, grids = without_grids(page, _ink(page))
    words = _without_specks(_words(page, seconds, _COLUMN) or _words(page, seconds, _SPARSE))
    if not words:
        return Recognised("", 0.0)
    sure = sum((word.confidence or 0.0) * len(word.text) for word in words)
    text = text_of(blocks(mended(words, _ink(page)), grids), page.width)
    return Recognised(clean(text), sure / sum(len(word.text) for word in words))


def _without_specks(words: list[Word]) -> list[Word]:
    """Without underlines, stamps and dirt: parts of a line with hardly a letter, read with doubt."""
    parts = (part for line in lines_of(words) for part in segments(line))
    return [word for part in parts if not _is_speck(part) for word in part.words]


def _is_speck(line: Line) -> bool:
    letters = sum(char.isalnum() for word in line.words for char in word.text)
    sure = sum(word.confidence or 0.0 for word in line.words) / len(line.words)
    dirt = all(char in "`´'’‘\"|~^:;,°¬" for word in line.words for char in word.text)
    return dirt or (sure < _DOUBTFUL and letters <= 2)


def _turn(page: Image.Image, seconds: float) -> int:
    """By how many degrees clockwise a page has to be turned to stand upright: 0, 90, 180 or 270."""
    try:
        found = pytesseract.image_to_osd(page, config=f"--dpi {DPI}", timeout=seconds, output_type=pytesseract.Output.DICT)
    except (pytesseract.TesseractError, RuntimeError):
        return 0  # too few letters to tell
    return int(found["rotate"]) % 360


def prepared(image: Image.Image) -> Image.Image:
    """Grey, upright, straight, and about `DPI` dots an inch if the page is A4."""
    page = ImageOps.exif_transpose(image) or image
    if page.mode in ("RGBA", "LA", "PA", "P"):
        page = page.convert("RGBA")
        page = Image.alpha_composite(Image.new("RGBA", page.size, "white"), page)
    page = _stretched(page.convert("L"))
    dpi = min(page.size) / _A4_INCHES
    if dpi < DPI * 0.8:
        scale = min(3.0, DPI / max(dpi, 1.0))
        page = page.resize((int(page.width * scale), int(page.height * scale)), Image.Resampling.LANCZOS)
    angle = skew(page)
    if abs(angle) < 0.05:
        return page
    return page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def _stretched(page: Image.Image) -> Image.Image:
    """Paper white, ink black. The noise of an almost empty page must not be stretched into ink."""
    counts = np.cumsum(page.histogram())
    paper = float(np.searchsorted(counts, counts[-1] * 0.5))
    black = min(float(np.searchsorted(counts, counts[-1] * 0.01)), max(0.0, paper - _CONTRAST))
    white = max(black + 1, paper - 0.15 * (paper - black))
    return page.point([round(min(255.0, max(0.0, (grey - black) * 255 / (white - black)))) for grey in range(256)])


def skew(page: Image.Image) -> float:
    """By how many degrees, counterclockwise, a page has to be turned so that its lines lie level."""
    small = page.copy()
    small.thumbnail((1000, 1000))
    ink = Image.fromarray(np.where(_ink(small), 255, 0).astype(np.uint8))
    angle, step = 0.0, 1.0
    while step > 0.05:
        around = [angle + step * k for k in range(-5, 6)] if step == 1.0 else [angle - step, angle, angle + step]
        angle = max((each for each in around if abs(each) <= _SKEW), key=lambda each: _sharpness(ink, each))
        step /= 2
    return angle


def _sharpness(ink: Image.Image, angle: float) -> float:
    """How sharply ink and blank rows alternate: greatest when lines of text lie level."""
    rows = np.asarray(ink.rotate(angle, Image.Resampling.BILINEAR), dtype=np.float32).sum(axis=1)
    return float(((rows[1:] - rows[:-1]) ** 2).sum())


def _ink(page: Image.Image) -> NDArray[np.bool_]:
    return np.asarray(np.asarray(page) < _INK)


def _words(page: Image.Image, seconds: float, layout: int) -> list[Word]:
    try:
        table = pytesseract.image_to_data(page, lang="vie", config=f"--psm {layout} --dpi {DPI}", timeout=seconds)
    except pytesseract.TesseractNotFoundError as error:
        raise missing_tool("tesseract") from error
    except pytesseract.TesseractError as error:
        if "language" in str(error):
            raise missing_tool("tesseract-ocr-vie") from error
        raise
    except RuntimeError as error:
        raise Unreadable("timeout", f"Nhận dạng một trang quá {seconds:.0f} giây nên đã dừng: hãy gửi ảnh nhỏ hơn.") from error
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [_word(row) for row in rows if row["text"] and row["text"].strip() and float(row["conf"]) >= 0]


def _word(row: dict[str, str]) -> Word:
    left, top = float(row["left"]), float(row["top"])
    right, bottom = left + float(row["width"]), top + float(row["height"])
    return Word(row["text"].strip(), left, top, right, bottom, float(row["conf"]))


if os.name == "nt" and shutil.which("tesseract") is None and _WINDOWS.exists():
    pytesseract.pytesseract.tesseract_cmd = str(_WINDOWS)
