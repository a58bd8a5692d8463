"""Word papers after Nghị định 30: A4, Times New Roman, heading blocks, signatures, and tables streamed row by row.

A table stands in the document as an element of our own until it is saved; then its rows are written in its place as they
come from a spool on disk. python-docx builds what is small, never the rows.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from forms.layout import Heading, Slot
from forms.spec import Column
from forms.values import writable
from forms.wordtable import FONT, StreamedTable

CENTRE, LEFT, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
_TABLE = re.compile(rb'<w:streamedTable w:val="(\d+)"/>')


class Paper:
    """A document being written."""

    def __init__(self, *, landscape: bool) -> None:
        self.document: Any = Document()
        self._tables: list[StreamedTable] = []
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
        section.top_margin = section.bottom_margin = Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(16) if landscape else Mm(18)
        section.header_distance = Mm(10)
        self.width = section.page_width - section.left_margin - section.right_margin
        _style(self.document)
        _page_number(section)

    def line(
        self, text: str = "", *, size: float = 13, bold: bool = False, italic: bool = False, align: Any = CENTRE
    ) -> Any:
        """A paragraph of one run; "\\n" becomes a line break."""
        return _line(self.document.add_paragraph(), text, size=size, bold=bold, italic=italic, align=align)

    def body(self, text: str) -> Any:
        """A paragraph of the text: justified, its first line drawn in, a little air behind it."""
        block = self.line(text, align=JUSTIFY)
        block.paragraph_format.first_line_indent = Mm(10)
        block.paragraph_format.space_after = Pt(6)
        return block

    def columns(self, *weights: int) -> list[Any]:
        """The cells of a row without borders, for blocks that stand side by side."""
        table = self.document.add_table(rows=1, cols=len(weights))
        table.autofit = False
        total = sum(weights)
        for cell, column, share in zip(table.rows[0].cells, table.columns, weights, strict=True):
            cell.width = column.width = int(self.width * share / total)
        row = table.rows[0]._tr.get_or_add_trPr()
        row.append(OxmlElement("w:cantSplit"))
        return list(table.rows[0].cells)

    def dotted(self, label: str = "") -> Any:
        """A line to be filled in by hand: dots from the label to the right margin."""
        block = self.line(f"{label} \t" if label else "\t", align=LEFT)
        block.paragraph_format.tab_stops.add_tab_stop(self.width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        block.paragraph_format.space_after = Pt(4)
        return block

    def issuer(self, cell: Any, heading: Heading, number: str = "") -> None:
        """The issuing office: the superior one plain, its own bold, a short rule below, the number left to the clerk."""
        first = _line(
            cell.paragraphs[0], heading.superior.upper() or heading.issuer.upper(), size=12, bold=not heading.superior
        )
        last = first
        if heading.superior:
            last = _line(cell.add_paragraph(), heading.issuer.upper(), size=12, bold=True)
        _rule(last, cell, 0.3)
        if number:
            _line(cell.add_paragraph(), number)

    def republic(self, cell: Any, place: str) -> None:
        """Quốc hiệu, tiêu ngữ, and the line for place and date, which stay blank."""
        _line(cell.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
        _rule(_line(cell.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", bold=True), cell, 0.55)
        dated = f"{place or '………'}, ngày …… tháng …… năm 20……"
        _line(cell.add_paragraph(), dated, italic=True)

    def signatures(self, slots: Sequence[Slot]) -> None:
        """Side by side, a single one on the right; room to sign above the name."""
        if not slots:
            return
        self.line(size=6)
        self.tie()
        cells = self.columns(*([1] * max(len(slots), 2)))[-len(slots) :]
        height = max(slot.title.count("\n") for slot in slots)
        for cell, slot in zip(cells, slots, strict=True):
            padded = slot.title + "\n" * (height - slot.title.count("\n"))
            sign(cell, slot.model_copy(update={"title": padded}))

    def tie(self) -> None:
        """What stands last stays on the page of what comes next: blank lines, and the text or the last row before them."""
        for element in reversed(self.document.element.body):
            if element.tag == qn("w:streamedTable"):
                self._tables[int(element.get(qn("w:val")))].tied = True
                return
            if element.tag != qn("w:p"):
                continue
            _keep_with_next(element)
            if "".join(element.itertext()).strip():
                return

    def table(self, columns: Sequence[Column]) -> StreamedTable:
        """A table at this place; its rows may be added until the paper is saved."""
        made = StreamedTable(columns, int(self.width / 635))
        self.place(made)
        return made

    def place(self, table: StreamedTable) -> None:
        """A table, with or without its rows yet, at this place."""
        marker = OxmlElement("w:streamedTable")
        marker.set(qn("w:val"), str(len(self._tables)))
        self._tables.append(table)
        body = self.document.element.body
        body.insert(len(body) - 1, marker)

    def save(self, out: Path) -> None:
        self.line(size=1)  # Word wants a paragraph behind the last table
        built = io.BytesIO()
        self.document.save(built)
        with zipfile.ZipFile(built) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for part in source.infolist():
                if part.filename != "word/document.xml":
                    target.writestr(part, source.read(part))
                    continue
                with target.open("word/document.xml", "w", force_zip64=True) as file:
                    for chunk in self._chunks(source.read(part)):
                        file.write(chunk)

    def _chunks(self, xml: bytes) -> Iterator[bytes]:
        passed = 0
        for match in _TABLE.finditer(xml):
            yield xml[passed : match.start()]
            yield from self._tables[int(match[1])].xml()
            passed = match.end()
        yield xml[passed:]


def sign(cell: Any, slot: Slot) -> None:
    """A signature in a cell: title, a note in italics, room, the name."""
    lines = slot.title.split("\n")
    _line(cell.paragraphs[0], lines[0], bold=True)
    for text in lines[1:]:
        _line(cell.add_paragraph(), text, bold=True)
    if slot.note:
        _line(cell.add_paragraph(), slot.note, italic=True)
    _line(cell.add_paragraph(), slot.name, bold=True).paragraph_format.space_before = Pt(54)


def _line(
    block: Any, text: str, *, size: float = 13, bold: bool = False, italic: bool = False, align: Any = CENTRE
) -> Any:
    run = block.add_run(writable(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    block.alignment = align
    return block


def _rule(block: Any, cell: Any, share: float) -> None:
    """A short rule, centred below a line: the top border of an empty paragraph, drawn in from both sides."""
    below = cell.add_paragraph()
    side = int(cell.width * (1 - share) / 2)
    below.paragraph_format.left_indent = below.paragraph_format.right_indent = side
    below.paragraph_format.line_spacing = Pt(6)
    below.paragraph_format.space_before = Pt(2)
    below.add_run().font.size = Pt(4)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    _into_properties(below._p.get_or_add_pPr(), border)


def _into_properties(properties: Any, border: Any) -> None:
    """Word wants the children of a paragraph's properties in its own order: the border stands before spacing and indents."""
    later = {qn(f"w:{name}") for name in ("spacing", "ind", "jc", "rPr")}
    position = next((n for n, child in enumerate(properties) if child.tag in later), len(properties))
    properties.insert(position, border)


def _keep_with_next(paragraph: Any) -> None:
    paragraph.get_or_add_pPr().get_or_add_keepNext().val = True


def _style(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.0
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)


def _page_number(section: Any) -> None:
    """The page number in the middle of the top margin, not on the first page."""
    section.different_first_page_header_footer = True
    block = section.header.paragraphs[0]
    block.alignment = CENTRE
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = block.add_run()
        run.font.size = Pt(13)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
