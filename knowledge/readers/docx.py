"""Word files (.docx): paragraphs with their automatic numbers, tables, text boxes, footnotes; deletions and hidden text left out.

Read from the XML parts themselves: python-docx knows neither numbering nor text boxes. Macros and links are never looked at.
Headers and footers repeat on every page, so they are told as a warning and not put into the text.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from ..model import Page
from .archive import Archive, attribute, child, local
from .encodings import charset_of_font, converted, from_font
from .events import Event, Job, Progress
from .numbering import Numbering, numbering_of
from .running import running_header
from .text import legacy_warning, tidy
from .unreadable import Unreadable, encrypted

_SKIPPED = {"del", "moveFrom", "Fallback", "instrText", "delText", "pPr", "rPr", "sectPr", "tblPr", "trPr", "tcPr"}
_OTHER_OFFICE = {"xl/": "bảng tính Excel", "ppt/": "bài trình chiếu", "content.xml": "tệp OpenDocument"}


def parse_docx(job: Job) -> Iterator[Event]:
    """One page: a Word file knows its pages only once it is laid out."""
    archive = Archive(job.path, job.name, job.limits)
    main = _main_part(archive)
    folder = posixpath.dirname(main)
    root = archive.part(main)
    body = child(root, "body")
    if body is None:
        raise _unsupported(archive)
    styles = _styles(archive.part(f"{folder}/styles.xml"))
    reader = _Reader(styles, numbering_of(archive.part(f"{folder}/numbering.xml")))
    blocks = [*reader.blocks(body), *_footnotes(archive, folder, reader)]
    text, charset = converted("\n\n".join(blocks))
    yield Page(number=1, text=tidy(text))
    yield from legacy_warning(charset or ("tcvn3" if reader.legacy else None))
    yield from _running_headers(archive, folder, styles)
    yield Progress(1, 1)


def _main_part(archive: Archive) -> str:
    names = archive.names()
    if "EncryptedPackage" in names:
        raise encrypted(archive.name)
    relations = archive.part("_rels/.rels")
    for relation in relations if relations is not None else ():
        if (attribute(relation, "Type") or "").endswith("/officeDocument"):
            target = (attribute(relation, "Target") or "").lstrip("/")
            if target in names and target.startswith("word/"):
                return target
    if "word/document.xml" in names:
        return "word/document.xml"
    raise _unsupported(archive)


def _unsupported(archive: Archive) -> Unreadable:
    found = (what for start, what in _OTHER_OFFICE.items() if any(each.startswith(start) for each in archive.names()))
    what = next(found, "tệp nén")
    return Unreadable("unsupported", f"“{archive.name}” là {what}, không phải văn bản Word: hãy gửi tệp DOCX hoặc PDF.")


# --- styles --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """What a style says of numbering, font, capitals and borders; None where it leaves that to the style below it."""

    based_on: str | None = None
    num: str | None = None
    level: int | None = None
    font: str | None = None
    caps: bool | None = None
    hidden: bool | None = None
    bordered: bool = False


def _styles(root: Element | None) -> dict[str, Style]:
    styles = {"": _style(child(root, "docDefaults", "rPrDefault"))}
    for element in root if root is not None else ():
        if local(element.tag) == "style":
            styles[attribute(element, "styleId") or "?"] = _style(element)
    return styles


def _style(element: Element | None) -> Style:
    properties = child(element, "rPr")
    paragraph = child(element, "pPr", "numPr")
    level = attribute(child(paragraph, "ilvl"), "val")
    return Style(
        based_on=attribute(child(element, "basedOn"), "val"),
        num=attribute(child(paragraph, "numId"), "val"),
        level=int(level) if level and level.isdigit() else None,
        font=_font(properties),
        caps=_switch(properties, "caps"),
        hidden=_switch(properties, "vanish"),
        bordered=_has_borders(child(element, "tblPr", "tblBorders")),
    )


def _font(properties: Element | None) -> str | None:
    fonts = child(properties, "rFonts")
    return attribute(fonts, "ascii") or attribute(fonts, "hAnsi")


def _switch(properties: Element | None, name: str) -> bool | None:
    element = child(properties, name)
    return None if element is None else attribute(element, "val") not in ("0", "false", "off")


def _has_borders(borders: Element | None) -> bool:
    return any((attribute(each, "val") or "none") not in ("none", "nil") for each in (borders if borders is not None else ()))


# --- the body ------------------------------------------------------------------------------------------------------


@dataclass
class _Run:
    font: str | None
    caps: bool
    text: str


@dataclass
class _Reader:
    styles: dict[str, Style]
    numbering: Numbering
    legacy: bool = False
    notes: list[str] = field(default_factory=list)

    def blocks(self, parent: Element) -> Iterator[str]:
        """The paragraphs and tables below an element, in document order, text boxes after the paragraph that holds them."""
        for element in parent:
            tag = local(element.tag)
            if tag == "p":
                yield from self._paragraph(element)
            elif tag == "tbl":
                yield from self._table(element)
            elif tag not in _SKIPPED:
                yield from self.blocks(element)

    def _paragraph(self, element: Element) -> Iterator[str]:
        style = attribute(child(element, "pPr", "pStyle"), "val")
        label = self._label(element, style)
        runs: list[_Run] = []
        boxes: list[Element] = []
        self._collect(element, style, runs, boxes)
        text = "".join(map(self._shown, _joined(runs))).strip()
        if text:
            yield f"{label} {text}" if label else text
        for box in boxes:
            yield from self.blocks(box)

    def _label(self, element: Element, style: str | None) -> str:
        properties = child(element, "pPr", "numPr")
        num = attribute(child(properties, "numId"), "val") or self._inherited(style, "num")
        level = attribute(child(properties, "ilvl"), "val") or self._inherited(style, "level") or 0
        # An empty paragraph keeps its place in a list in Word only if it is shown; a deleted mark is not.
        if not num or num == "0" or not _has_text(element):
            return ""
        return self.numbering.label(str(num), int(level) if str(level).isdecimal() else 0)

    def _inherited(self, style: str | None, name: str) -> str | int | bool | None:
        seen: set[str | None] = set()
        while style in self.styles and style not in seen:
            seen.add(style)
            value: str | int | bool | None = getattr(self.styles[style or ""], name)
            if value is not None:
                return value
            style = self.styles[style or ""].based_on
        default: str | int | bool | None = getattr(self.styles[""], name)
        return default

    def _collect(self, element: Element, style: str | None, runs: list[_Run], boxes: list[Element]) -> None:
        for each in element:
            tag = local(each.tag)
            if tag == "r":
                self._run(each, style, runs, boxes)
            elif tag == "txbxContent":
                boxes.append(each)
            elif tag not in _SKIPPED:
                self._collect(each, style, runs, boxes)

    def _run(self, element: Element, style: str | None, runs: list[_Run], boxes: list[Element]) -> None:
        properties = child(element, "rPr")
        own = attribute(child(properties, "rStyle"), "val") or style

        def said(direct: str | bool | None, name: str) -> str | int | bool | None:
            return direct if direct is not None else self._inherited(own, name)

        if said(_switch(properties, "vanish"), "hidden"):
            return
        font = said(_font(properties), "font")
        run = _Run(str(font) if font else None, bool(said(_switch(properties, "caps"), "caps")), "")
        runs.append(run)
        for each in element:
            run.text += self._inline(each, run.font)
            if local(each.tag) in ("drawing", "pict", "object", "AlternateContent"):
                self._collect(each, style, runs, boxes)

    def _inline(self, element: Element, font: str | None) -> str:
        match local(element.tag):
            case "t":
                return element.text or ""
            case "tab" | "ptab":
                return " "
            case "br" | "cr":
                return " " if attribute(element, "type") in ("page", "column") else "\n"
            case "noBreakHyphen":
                return "-"
            case "softHyphen":
                # Code AD of TCVN3 is the letter ư, which Word takes for an optional hyphen.
                return "\xad" if (charset_of_font(font) or "").startswith("tcvn3") else ""
            case "sym":
                return "-"
            case "footnoteReference" | "endnoteReference":
                self.notes.append(attribute(element, "id") or "")
                return ""
        return ""

    def _shown(self, run: _Run) -> str:
        charset = charset_of_font(run.font)
        # Some files name a legacy font above text that is Unicode already.
        text = run.text
        if charset and all(ord(char) < 256 or char in "“”‘’–—…•" for char in text):
            shown = from_font(text, run.font)
            self.legacy = self.legacy or shown != text
            text = shown
        return text.upper() if run.caps else text

    # --- tables ---

    def _table(self, element: Element) -> Iterator[str]:
        rows = [[[*self.blocks(cell)] for cell in _cells(row)] for row in _rows(element)]
        if _is_layout(rows, self._is_bordered(element)):
            yield from (block for row in rows for cell in row for block in cell)
            return
        lines = ("\t".join(" ".join(" ".join(cell).split()) for cell in row) for row in rows)
        table = "\n".join(line for line in lines if line.strip("\t"))
        if table:
            yield table

    def _is_bordered(self, table: Element) -> bool:
        style: str | None = attribute(child(table, "tblPr", "tblStyle"), "val")
        if child(table, "tblPr", "tblBorders") is not None:
            return _has_borders(child(table, "tblPr", "tblBorders"))
        if any(_has_borders(each) for each in table.iter() if local(each.tag) == "tcBorders"):
            return True
        seen: set[str] = set()
        while style in self.styles and style not in seen:
            seen.add(style)
            if self.styles[style].bordered:
                return True
            style = self.styles[style].based_on
        return False


def _is_layout(rows: list[list[list[str]]], bordered: bool) -> bool:
    """Whether a table only sets things side by side (the head of a letter, the signature): its cells are read in turn."""
    columns = max(map(len, rows), default=0)
    if columns <= 1:
        return True
    stacked = any(len(cell) > 1 for row in rows for cell in row)
    return columns == 2 and (not bordered or (stacked and len(rows) <= 2))


def _rows(table: Element) -> Iterator[Element]:
    for each in table:
        tag = local(each.tag)
        if tag == "tr" and child(each, "trPr", "del") is None:
            yield each
        elif tag in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _rows(each)


def _cells(row: Element) -> Iterator[Element]:
    for each in row:
        tag = local(each.tag)
        if tag == "tc":
            yield each
        elif tag in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _cells(each)


def _has_text(paragraph: Element) -> bool:
    return any(local(each.tag) == "t" and (each.text or "").strip() for each in paragraph.iter())


def _joined(runs: list[_Run]) -> Iterator[_Run]:
    """Neighbouring runs of one font as one: a VNI letter and its mark may stand in two."""
    last: _Run | None = None
    for run in runs:
        if not run.text:
            continue
        if last and (last.font, last.caps) == (run.font, run.caps):
            last.text += run.text
            continue
        if last:
            yield last
        last = _Run(run.font, run.caps, run.text)
    if last:
        yield last


# --- beside the body -----------------------------------------------------------------------------------------------


def _footnotes(archive: Archive, folder: str, reader: _Reader) -> Iterator[str]:
    if not reader.notes:
        return
    for part in ("footnotes", "endnotes"):
        root = archive.part(f"{folder}/{part}.xml")
        for note in root if root is not None else ():
            if attribute(note, "id") in reader.notes and attribute(note, "type") in (None, "normal"):
                yield from reader.blocks(note)


def _running_headers(archive: Archive, folder: str, styles: dict[str, Style]) -> Iterator[Event]:
    seen: set[str] = set()
    for name in sorted(archive.names()):
        if not re.fullmatch(rf"{re.escape(folder)}/(header|footer)\d*\.xml", name):
            continue
        root = archive.part(name)
        text = "" if root is None else " ".join(" ".join(_Reader(styles, Numbering()).blocks(root)).split())
        if any(char.isalpha() for char in text) and text not in seen:
            seen.add(text)
            yield running_header(text)
