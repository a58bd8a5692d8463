"""Which part of a document each block belongs to: letterhead and title, preamble, body, signature, recipients, appendix.

The layout is that of Nghị định 30/2020/NĐ-CP: letterhead, kind of document, subject, legal bases, body, recipients and
signature, then appendices. A document attached to a decision begins again with a title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.model import Zone
from knowledge.outlining.blocks import Block, finished
from knowledge.outlining.formulas import OPENERS, has_subject, is_form, is_name, is_post, is_recipients, is_signed, kind_of
from knowledge.outlining.markers import KEYWORDS
from knowledge.text import unaccent

ATTACHED = frozenset(
    ("quy dinh", "quy che", "ke hoach", "dieu le", "de an", "huong dan", "chuong trinh", "noi quy", "the le", "bo tieu chi",
     "quy tac", "phuong an")
)  # fmt: skip
_ADDRESSES = re.compile(r"^kính gửi\s*:?$", re.I)
_LETTERHEAD = re.compile(
    r"^(?:nuoc )?cong hoa xa hoi|^doc lap\s*[-–—]\s*tu do|^(?:so|so hieu)\s*:|"
    r"^[^.;]{2,60},\s*ngay\b.{0,30}\bthang\b|^v/v\b|^hoa toc|^du thao",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Zoned:
    """A block with its zone; `part` counts the documents in the file, 0 the main one, 1 the one attached to it."""

    block: Block
    zone: Zone
    part: int


def zoned(blocks: list[Block]) -> list[Zoned]:
    """Each block with its zone, in order."""
    result: list[Zoned] = []
    at, part = 0, 0
    while at < len(blocks):
        title, preamble = _opening(blocks, at)
        end = _body_end(blocks, preamble, part > 0)
        rest = _end_matter_end(blocks, end)
        for zone, first, last in (("title", at, title), ("preamble", title, preamble), ("body", preamble, end)):
            result.extend(Zoned(block, zone, part) for block in blocks[first:last])  # type: ignore[arg-type]
        result.extend(_signed_off(blocks[end:rest], part))
        attached = _attached(blocks, rest)
        result.extend(Zoned(block, "appendix", part) for block in blocks[rest:attached])
        at, part = attached, part + 1
    return result


def _opening(blocks: list[Block], at: int) -> tuple[int, int]:
    """Where the title ends and where the preamble ends."""
    first = _first_marked(blocks, at)
    kind = _kind_at(blocks, at, first)
    title = _subject_end(blocks, kind, first) if kind is not None else _letterhead_end(blocks, at, first)
    return title, max(title, _preamble_end(blocks, title, first))


def _first_marked(blocks: list[Block], at: int) -> int:
    """The first block that is numbered as the body is: a keyword, a capital, a Roman or an Arabic number that begins a count."""
    for index in range(at, len(blocks)):
        marker = blocks[index].marker
        if marker is None or marker.bullet or blocks[index].column:
            continue
        if marker.style in KEYWORDS or marker.value == 1:
            return index
    return len(blocks)


def _kind_at(blocks: list[Block], at: int, first: int) -> int | None:
    for index in range(at, min(first, at + 40)):
        block = blocks[index]
        head = block.lines[0]
        if block.marker is None and (kind_of(head) or has_subject(head)):
            return index
        if OPENERS.match(block.text) and finished(block.text):
            return None
    return None


def _subject_end(blocks: list[Block], kind: int, first: int) -> int:
    """The block behind the subject: capitals and up to three lines that are no sentence."""
    subjects = 1 if has_subject(blocks[kind].lines[0]) or len(blocks[kind].lines) > 1 else 0
    index = kind + 1
    while index < first:
        block = blocks[index]
        text = block.text
        if block.mark or _parenthesised(text) or (block.capitals and not finished(text)) or _LETTERHEAD.search(unaccent(text)):
            index += 1
        elif subjects < 3 and not _sentence(text) and not (OPENERS.match(text) and (subjects or text.lower().startswith("căn cứ"))):
            subjects, index = subjects + 1, index + 1
        else:
            break
    return index


def _sentence(text: str) -> bool:
    return len(text) > 450 or text.rstrip('"”) ').endswith((".", ";", ":", "./"))


def _parenthesised(text: str) -> bool:
    return text.startswith("(") and text.endswith(")") and len(text) < 250


def _letterhead_end(blocks: list[Block], at: int, first: int) -> int:
    index = at
    while index < first:
        block = blocks[index]
        letterhead = _LETTERHEAD.search(unaccent(block.text)) and len(block.text) < 200
        if not (letterhead or block.mark or (block.capitals and index - at < 8)):
            break
        index += 1
    return index if any(_LETTERHEAD.search(unaccent(block.text)) for block in blocks[at:index]) else at


def _preamble_end(blocks: list[Block], title: int, first: int) -> int:
    """Behind the last block before the numbering that cites a basis or announces what follows."""
    limit = min(first, title + 60)
    last, addressed = title, False
    for index in range(title, limit):
        text = blocks[index].text
        marker = blocks[index].marker
        addressed = addressed and marker is not None and marker.bullet
        if addressed or _ADDRESSES.match(text):
            addressed, last = True, index + 1
            continue
        if marker and blocks[index].rest and not OPENERS.match(blocks[index].rest):
            break
        basis = bool(OPENERS.match(blocks[index].rest))
        announces = text.endswith(":") and index == last
        enacts = bool(kind_of(text)) and text.endswith(":")
        if basis or announces or enacts or re.search(r"\bsau(?: đây)?\s*:?$", text):
            last = index + 1
            if announces or enacts:
                break
    return last


def _body_end(blocks: list[Block], at: int, attached: bool = False) -> int:
    """Where recipients or a signature begin; without either, where a last name or an appendix does.

    A document `attached` to a signed one has no signature of its own: one that follows its forms belongs to a form.
    """
    for index in range(at, len(blocks)):
        block = blocks[index]
        if attached and _heads_forms(block):
            return index
        if block.mark or (block.marker and not block.marker.bullet and block.marker.style != "upper"):
            continue
        if is_recipients(block.text) and len(block.lines[0]) < 120:
            return _with_post_before(blocks, index)
        if is_post(block.text) and _signs(blocks, index):
            return index
    for index in range(at, len(blocks)):
        if _heads_forms(blocks[index]):
            return index
    last = len(blocks) - 1
    while last > at and blocks[last].mark:
        last -= 1
    if last <= at or not is_name(blocks[last].text) or blocks[last].marker is not None:
        return len(blocks)
    if finished(blocks[last - 1].text):
        return last
    return last - 1 if _signs_in_lower_case(blocks[last - 1]) else len(blocks)


def _signs_in_lower_case(block: Block) -> bool:
    return block.marker is None and bool(
        re.match(
            r"(?:nguoi (?:lap|viet|bao cao)|thu truong|hieu truong|"
            r"truong)\b",
            _plain(block),
        )
    )


def _plain(block: Block) -> str:
    return unaccent(block.text).lower() if len(block.text) < 80 else ""


def _heads_forms(block: Block) -> bool:
    """Whether a line standing by itself begins the forms: "PHỤ LỤC", "Mẫu số 01"."""
    if block.marker is not None or not is_form(block.text) or finished(block.text):
        return False
    return block.capitals or block.bold or (block.gap > 0 and len(block.text.split()) <= 4)


def _with_post_before(blocks: list[Block], index: int) -> int:
    return index - 1 if index and is_post(blocks[index - 1].text) and not blocks[index - 1].marker else index


def _signs(blocks: list[Block], index: int) -> bool:
    """Whether a name, "(đã ký)", another post or the recipients stand just below a post."""
    for block in blocks[index + 1 : index + 6]:
        if is_recipients(block.text) or is_signed(block.text) or is_name(block.text):
            return True
        if not (block.mark or is_post(block.text)):
            return False
    return False


def _end_matter_end(blocks: list[Block], at: int) -> int:
    """Behind the recipients and the signature, in whichever order they stand."""
    index, listing, signed, named = at, False, False, False
    while index < len(blocks):
        block = blocks[index]
        if is_recipients(block.text):
            if listing:
                break
            listing = True
        elif is_form(block.text) or kind_of(block.text):
            break
        elif is_post(block.text) or is_signed(block.text):
            if named and not block.column and block.gap:
                break
            signed = True
        elif index == at and _signs_in_lower_case(block):
            signed = True
        elif is_name(block.rest) and not (block.marker and block.marker.style == "dash"):
            if named:
                break
            named = True
        elif not (block.mark or (listing and not named and _recipient(block, signed))):
            break
        index += 1
    return _without_marks(blocks, at, index)


def _recipient(block: Block, signed: bool) -> bool:
    if block.marker and block.marker.bullet:
        return True
    return not signed and block.marker is None and len(block.text) < 120 and not block.capitals


def _without_marks(blocks: list[Block], at: int, index: int) -> int:
    while index > at and blocks[index - 1].mark and not blocks[index - 1].row:
        index -= 1
    return index


def _signed_off(blocks: list[Block], part: int) -> list[Zoned]:
    """Recipients and signature told apart, block by block."""
    result = []
    zone: Zone = "signature"
    for block in blocks:
        if is_recipients(block.text) or (block.marker and block.marker.style == "dash"):
            zone = "recipients"
        elif is_post(block.text) or is_signed(block.text) or is_name(block.rest):
            zone = "signature"
        result.append(Zoned(block, zone, part))
    return result


def _attached(blocks: list[Block], at: int) -> int:
    """Where a document attached to the signed one begins, or the end: a kind of document with numbering below it."""
    for index in range(at, len(blocks)):
        kind = kind_of(blocks[index].lines[0]) if blocks[index].marker is None else None
        if kind not in ATTACHED:
            continue
        below = [block.marker for block in blocks[index + 1 : index + 30] if block.marker]
        if any(marker.style in KEYWORDS or marker.style == "roman" for marker in below):
            return index
    return len(blocks)
