"""A bordered Word table written as text, row by row, into a spool: ten thousand rows need no more memory than ten."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from xml.sax.saxutils import escape

from forms.layout import weight
from forms.spec import Column
from forms.values import writable

FONT = "Times New Roman"
LANDSCAPE = 14_230  # the width between the margins of an A4 page on its side, in twentieths of a point
_SPOOL = 4 * 1024 * 1024
_MARGINS = '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
_BAD = '<w:shd w:val="clear" w:color="auto" w:fill="FFC7CE"/>'


class StreamedTable:
    """A bordered table whose header repeats on every page. Widths in twentieths of a point.

    `tied` keeps its last row on the page of what follows: a signature never stands alone.
    """

    def __init__(self, columns: Sequence[Column], width: int = LANDSCAPE) -> None:
        total = sum(weight(column) for column in columns)
        self._widths = [int(width * weight(column) / total) for column in columns]
        self._centred = ["number" in column.fields for column in columns]
        self._rows = SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115
        self._last = b""
        self.tied = False
        self.count = 0
        self._add([column.label for column in columns], header=True)

    def add(self, texts: Sequence[str], bad: Collection[int] = ()) -> None:
        """A row of texts; the cells whose numbers are in `bad` are shaded."""
        self._add(texts, header=False, bad=bad)
        self.count += 1

    def _add(self, texts: Sequence[str], *, header: bool, bad: Collection[int] = ()) -> None:
        cells = "".join(
            _cell(text, width, bold=header, centred=header or centred, bad=number in bad)
            for number, (text, width, centred) in enumerate(zip(texts, self._widths, self._centred, strict=True))
        )
        marks = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>"
        self._rows.write(self._last)
        self._last = f"<w:tr>{marks}{cells}</w:tr>".encode()

    def xml(self) -> Iterator[bytes]:
        edges = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in self._widths)
        head = (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(self._widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/>{_MARGINS}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        )
        yield head.encode()
        self._rows.seek(0)
        while chunk := self._rows.read(1 << 16):
            yield chunk
        yield self._last.replace(b"<w:pPr>", b"<w:pPr><w:keepNext/>") if self.tied else self._last
        yield b"</w:tbl>"
        self._rows.seek(0, io.SEEK_END)


def _cell(text: str, width: int, *, bold: bool, centred: bool, bad: bool = False) -> str:
    look = f'<w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/>{"<w:b/>" if bold else ""}<w:sz w:val="24"/></w:rPr>'
    align = '<w:jc w:val="center"/>' if centred else ""
    vertical = '<w:vAlign w:val="center"/>' if bold else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_BAD if bad else ""}{vertical}</w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>{align}</w:pPr>'
        f"<w:r>{look}{_run(text)}</w:r></w:p></w:tc>"
    )


def _run(text: str) -> str:
    pieces = re.split(r"([\n\t])", writable(text))
    marks = {"\n": "<w:br/>", "\t": "<w:tab/>"}
    return "".join(marks.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in pieces if piece)
