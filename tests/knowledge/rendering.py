"""Renders a text as the files secretariats hold: DOCX, PDF with text, a scan, and the legacy encodings."""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import docx
import numpy as np
import pypdfium2
import pytest
from docx.shared import Pt
from PIL import Image, ImageFilter
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFile
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

FONTS = (
    Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"),
    Path("/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf"),
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"),
    Path("C:/Windows/Fonts/times.ttf"),
)
SCAN_DPI = 200


def _speaks_vietnamese(font: Path) -> bool:
    return font.exists() and all(ord(letter) in TTFontFile(str(font)).charToGlyph for letter in "ạếữỵĐƯ")


FONT = next(filter(_speaks_vietnamese, FONTS), None)


def _reads(language: str) -> bool:
    if shutil.which("tesseract") is None:
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False).stdout
    return language in listed.split()


needs_tesseract = pytest.mark.skipif(not _reads("vie"), reason="no tesseract with Vietnamese (tesseract-ocr-vie)")


def plain(text: str) -> str:
    """A text without its Markdown: what stands on paper."""
    return re.sub(r"\*(?=\S)|(?<=\S)\*", "", re.sub(r"(?m)^#+\s*", "", text).replace("**", ""))


def blocks(text: str) -> list[str | list[list[str]]]:
    """The paragraphs of a text and its tables (rows of cells parted by tabs)."""
    found: list[str | list[list[str]]] = []
    for line in plain(text).splitlines():
        if "\t" in line:
            if not found or isinstance(found[-1], str):
                found.append([])
            found[-1].append(line.split("\t"))  # type: ignore[union-attr]
        elif line.strip():
            found.append(line.strip())
    return found


def to_docx(text: str, path: Path, *, font: str = "Times New Roman") -> Path:
    document = docx.Document()
    document.styles["Normal"].font.name = font
    document.styles["Normal"].font.size = Pt(13)
    for block in blocks(text):
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block), max(map(len, block)), style="Table Grid")
        for row, cells in zip(table.rows, block, strict=True):
            for cell, value in zip(row.cells, cells, strict=False):
                cell.text = value
    document.save(str(path))
    return path


def to_pdf(text: str, path: Path) -> Path:
    """Set as an office sets it: 13 points, justified, first lines indented, capitals centred, numbered from page two."""
    assert FONT is not None
    if "Plan" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Plan", FONT))
    body = ParagraphStyle("body", fontName="Plan", fontSize=13, leading=18, spaceAfter=6, firstLineIndent=10 * mm)
    body.alignment = TA_JUSTIFY
    title = ParagraphStyle("title", parent=body, alignment=TA_CENTER, firstLineIndent=0)
    cell = ParagraphStyle("cell", parent=body, firstLineIndent=0, spaceAfter=0, alignment=0, fontSize=11, leading=13)
    story = []
    for block in blocks(text):
        if isinstance(block, str):
            escaped = block.replace("&", "&amp;").replace("<", "&lt;")
            story.append(Paragraph(escaped, title if block.isupper() and not block[0].isdigit() else body))
            continue
        rows = [[Paragraph(value.replace("&", "&amp;"), cell) for value in row] for row in block]
        story.append(Table(rows, style=[("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    margins = {"leftMargin": 30 * mm, "rightMargin": 20 * mm, "topMargin": 22 * mm, "bottomMargin": 20 * mm}
    SimpleDocTemplate(str(path), pagesize=A4, **margins).build(story, onLaterPages=_number)
    return path


def _number(canvas, document) -> None:  # type: ignore[no-untyped-def]
    canvas.setFont("Plan", 12)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 12 * mm, str(document.page))


def pictures(pdf: Path, *, dpi: int = SCAN_DPI, seed: int = 1) -> list[Image.Image]:
    """The pages of a PDF as a scanner gives them: slightly turned, soft, noisy, grey paper."""
    noise = np.random.default_rng(seed)
    turn = random.Random(seed)
    found = []
    for page in pypdfium2.PdfDocument(str(pdf)):
        image = page.render(scale=dpi / 72, grayscale=True).to_pil()
        image = image.rotate(turn.uniform(-1.2, 1.2), Image.Resampling.BICUBIC, fillcolor=255)
        image = image.filter(ImageFilter.GaussianBlur(0.5))
        grey = np.asarray(image, dtype=np.float32) * 0.82 + 30 + noise.normal(0, 10, (image.height, image.width))
        found.append(Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)))
    return found


def to_scan(text: str, path: Path, *, seed: int = 1) -> Path:
    """A PDF of pictures only."""
    pages = pictures(to_pdf(text, path.with_suffix(".text.pdf")), seed=seed)
    return pictures_to_pdf(pages, path)


def pictures_to_pdf(pages: list[Image.Image], path: Path) -> Path:
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=SCAN_DPI, quality=70)
    path.write_bytes(out.getvalue())
    return path


def one_quick(slugs: Iterable[str]) -> list[object]:
    """The slugs as parameters, all but the last marked slow."""
    *others, last = slugs
    return [*(pytest.param(slug, marks=pytest.mark.slow) for slug in others), last]


def error_rate(read: str, truth: str) -> float:
    """The character error rate: edit distance over the length of the truth, white space collapsed."""
    read, truth = " ".join(read.split()), " ".join(truth.split())
    return distance(read, truth) / max(1, len(truth))


def distance(a: str, b: str) -> int:
    """Levenshtein distance, by Myers' bit vectors held in one integer."""
    if not a:
        return len(b)
    where: dict[str, int] = {}
    for index, char in enumerate(a):
        where[char] = where.get(char, 0) | 1 << index
    full, last = (1 << len(a)) - 1, 1 << (len(a) - 1)
    plus, minus, score = full, 0, len(a)
    for char in b:
        equal = where.get(char, 0)
        vertical = equal | minus
        equal |= ((equal & plus) + plus) ^ plus
        more, less = minus | ~(equal | plus) & full, plus & equal
        score += bool(more & last) - bool(less & last)
        more, less = (more << 1 | 1) & full, less << 1 & full
        plus, minus = less | ~(vertical | more) & full, more & vertical
    return score
