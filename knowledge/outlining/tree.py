"""Zoned blocks to sections and clauses with refs: the numbering decides, look-ahead is one block, time is linear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from knowledge.model import Clause, Section, Warned, Zone
from knowledge.outlining.blocks import Block, finished
from knowledge.outlining.formulas import is_form, kind_of, names_form
from knowledge.outlining.headings import Below, heads_a_part, is_closing, is_formula, is_heading, is_label
from knowledge.outlining.levels import HEADS, RANK, Frame, join, ranks_of
from knowledge.outlining.markers import Marker, Style, as_upper
from knowledge.outlining.pages import PageFinder
from knowledge.outlining.zones import Zoned


class Tree:
    """Builds the sections of one document, block by block."""

    def __init__(self, text: str, page_at: PageFinder) -> None:
        self._text = text
        self._page_at = page_at
        self.sections: list[Section] = []
        self.warnings: list[Warned] = []
        self._clauses: list[Clause] = []
        self._open: tuple[str, str] | None = None
        self._seen: Counter[str] = Counter()
        self._stack: list[Frame] = [Frame(None, -1, 0, (), "", True)]
        self._ranks: dict[Style, float] = {}
        self._home: str | None = None
        self._zone_counts: Counter[str] = Counter()
        self._zone_home: str | None = None
        self._zone_group: Zone = "body"
        self._breaks = 0
        self._plain_titles = False

    def build(self, blocks: Sequence[Zoned]) -> None:
        """Place every block; call once."""
        self._ranks = ranks_of([z.block for z in blocks if z.zone == "body"])
        self._plain_titles = _has_plain_titles([z.block for z in blocks if z.zone == "body" and not z.block.mark])
        parts = {z.part for z in blocks if z.zone == "body"}
        last_recipients = {z.part: index for index, z in enumerate(blocks) if z.zone == "recipients"}
        part = 0
        for index, zoned in enumerate(blocks):
            if zoned.part != part:
                part, self._stack = zoned.part, self._stack[:1]
                self._stack[0] = Frame(None, -1, 0, (), "", True)
                self._zone_home = None
            if zoned.block.mark:
                self._break(zoned)
            elif zoned.zone == "body":
                self._body(zoned.block, _next_block(blocks, index))
            else:
                self._outside(zoned, last_recipients.get(part, -1) > index)
        self._close()
        if len(parts) > 1:
            self._warn("attached", "Tệp gồm nhiều văn bản nối nhau; số mục trùng nhau được thêm dấu ~ phía sau.", None)

    # --- title, preamble, recipients, signature, appendix -----------------------------------------------------------

    def _outside(self, zoned: Zoned, recipients_follow: bool) -> None:
        zone, block = zoned.zone, zoned.block
        group: Zone = "recipients" if zone == "signature" and self._zone_group == "recipients" and recipients_follow else zone
        new_form = zone == "appendix" and is_form(block.text) and block.column == 0 and not self._titles_open_form(block)
        if self._zone_home is None or self._zone_group != group or new_form:
            self._zone_home, self._zone_group = self._unique_zone(group), group
            self._section(self._zone_home, _form_title(block) if zone in ("recipients", "appendix") else "")
        base = self._zone_home if group == zone else zone
        self._zone_counts[base] += 1
        heading = bool(kind_of(block.text)) or (zone == "recipients" and self._zone_counts[base] == 1)
        if zone == "appendix" and block.marker is None and block.capitals and names_form(block.text):
            heading = True
            if not is_form(self._open[1] if self._open else ""):
                self._open = (self._zone_home, block.text.strip(" :"))
        ref = self._unique(f"{base}.{self._zone_counts[base]}")
        printed = block.marker.printed if block.marker else ""
        self._clause(block, ref, None, printed, heading, zone)

    def _titles_open_form(self, block: Block) -> bool:
        """Whether a line in capitals only names the form that the line above began: "PHỤ LỤC / DANH MỤC BIỂU MẪU"."""
        return len(self._clauses) == 1 and block.capitals and not any(char.isdigit() for char in block.text)

    def _unique_zone(self, zone: str) -> str:
        self._zone_counts[f"section {zone}"] += 1
        count = self._zone_counts[f"section {zone}"]
        return zone if count == 1 else f"{zone}-{count}"

    def _break(self, zoned: Zoned) -> None:
        self._breaks += 1
        if self._open is None:
            self._section(zoned.zone if zoned.zone != "body" else "body", "")
            self._zone_home, self._zone_group = (zoned.zone, zoned.zone) if zoned.zone != "body" else (None, "body")
        self._clause(zoned.block, f"break.{self._breaks}", None, "", False, zoned.zone)

    # --- the body ---------------------------------------------------------------------------------------------------

    def _body(self, block: Block, below: Below) -> None:
        self._zone_home = None
        if block.row:
            self._row(block)
        elif block.marker is None:
            self._paragraph(block, below)
        elif block.marker.bullet:
            self._bullet(block, block.marker)
        else:
            self._numbered(block, block.marker, below)

    def _numbered(self, block: Block, marker: Marker, below: Below) -> None:
        marker = self._read_in_context(marker)
        rank, label = self._make_room(marker)
        parent = self._stack[-1]
        ref = self._unique(join(parent.ref, label), repeated=True)
        self._check_gap(parent, marker, ref)
        heading = is_heading(block, marker, below, parent.child_sections, parent.counts[f"clauses {marker.style}"] > 0)
        opens = heading or marker.style in HEADS or below.decimal_child(marker) or parent.child_sections
        frame = Frame(marker.style, rank, marker.value, marker.path, ref, heading or marker.style in HEADS)
        governor = parent.lead if parent.lead and not opens else parent.ref
        if opens:
            parent.child_sections = True
            parent.lead = None
            self._section(ref, _title(block) if heading else "")
        else:
            parent.counts[f"clauses {marker.style}"] += 1
            self._continue_section(parent, ref)
        if not heading and block.rest.endswith(":"):
            frame.lead = ref
        self._clause(block, ref, governor or None, marker.printed, heading)
        self._stack.append(frame)

    def _read_in_context(self, marker: Marker) -> Marker:
        """I, V and X are letters in a list of letters that has come to H, U or W."""
        if marker.style == "roman" and len(marker.label) == 1:
            for frame in reversed(self._stack):
                if frame.style == "upper" and as_upper(marker).value - frame.value in (1, 2):
                    return as_upper(marker)
        return marker

    def _make_room(self, marker: Marker) -> tuple[float, str]:
        """Close the levels that this number ends; its rank and what it adds to the ref of the level above."""
        if marker.style == "decimal":
            found = self._decimal_parent(marker)
            if found is not None:
                position, label = found
                del self._stack[position + 1 :]
                return self._stack[-1].rank + 0.1, label
        rank = self._ranks.get(marker.style, RANK[marker.style])
        self._drop_bullets()
        sibling = self._sibling(marker)
        if sibling is not None:
            rank = self._stack[sibling].rank
            del self._stack[sibling:]
            return rank, marker.label
        top = self._stack[-1]
        if marker.value == 1 and top.section and top.rank > rank and top.style not in HEADS and not self._fresh(marker, rank):
            return top.rank + 0.1, marker.label
        while self._stack[-1].rank >= rank:
            self._stack.pop()
        return rank, marker.label

    def _fresh(self, marker: Marker, rank: float) -> bool:
        """Whether number 1 of this style can stand at its usual level: no sibling there has used it yet."""
        above = next(frame for frame in reversed(self._stack) if frame.rank < rank)
        return join(above.ref, marker.label) not in self._seen

    def _sibling(self, marker: Marker) -> int | None:
        """The innermost open level of the same style whose count this number carries on."""
        for position in range(len(self._stack) - 1, 0, -1):
            frame = self._stack[position]
            if frame.style == marker.style and len(frame.path) == len(marker.path) and frame.value < marker.value:
                return position
            if frame.rank < self._ranks.get(marker.style, RANK[marker.style]):
                return None
        return None

    def _decimal_parent(self, marker: Marker) -> tuple[int, str] | None:
        """The open level that "2.1" belongs to by its first parts, and what is left of it."""
        for position in range(len(self._stack) - 1, 0, -1):
            path = self._stack[position].path
            if path and len(path) < len(marker.path) and marker.path[: len(path)] == path:
                return position, ".".join(marker.path[len(path) :])
        return None

    def _drop_bullets(self) -> None:
        while self._stack[-1].rank >= RANK["dash"]:
            self._stack.pop()

    def _check_gap(self, parent: Frame, marker: Marker, ref: str) -> None:
        key = f"last {marker.style}"
        last, parent.counts[key] = parent.counts[key], marker.value
        if marker.style in ("letter", "upper") or "." in marker.label or marker.value - last in (0, 1):
            return
        if last == 0 and parent.ref and marker.style in ("article", "section", "roman", "decimal"):
            return
        if last == 0 and marker.style == "article":
            return
        message = f"Đánh số nhảy: “{marker.printed}” đứng sau số {last}." if last else f"Đánh số bắt đầu từ “{marker.printed}”."
        self._warn("numbering_gap", f"{message} Có thể thiếu mục hoặc bản gốc đánh số sai.", ref)

    def _bullet(self, block: Block, marker: Marker) -> None:
        styles = [frame.style for frame in self._stack]
        if marker.style in styles:
            del self._stack[styles.index(marker.style) :]
        elif marker.style == "dash" and self._stack[-1].style == "plus":
            self._stack.pop()
        elif self._stack[-1].rank >= RANK["dash"] and marker.style != "plus" and not self._stack[-1].lead:
            self._drop_bullets()
        parent = self._stack[-1]
        governor = parent.lead or parent.ref
        base = parent.ref or parent.lead or ""
        parent.counts[f"bullets {base}"] += 1
        ref = self._unique(join(base, f"-{parent.counts[f'bullets {base}']}"))
        parent.label = None
        self._continue_section(parent, ref)
        self._clause(block, ref, governor or None, marker.printed, False)
        frame = Frame(marker.style, parent.rank + 0.1 if parent.rank >= RANK["dash"] else RANK[marker.style], 1, (), ref, False)
        frame.lead = ref if block.rest.endswith(":") else None
        self._stack.append(frame)

    def _row(self, block: Block) -> None:
        self._drop_bullets()
        parent = self._stack[-1]
        parent.counts["rows"] += 1
        ref = self._unique(join(parent.ref, f"r{parent.counts['rows']}"))
        self._continue_section(parent, ref)
        self._clause(block, ref, parent.ref or None, "", False)

    def _paragraph(self, block: Block, below: Below) -> None:
        after_bullets = self._stack[-1].rank >= RANK["dash"]
        self._drop_bullets()
        if self._heads_part(block, below):
            return
        if is_closing(block.text) and len(self._stack) > 2 and self._has_content(self._stack[-1]):
            del self._stack[2:]
        elif not self._stack[-1].section:
            self._leave_item(below)
        parent = self._stack[-1]
        if after_bullets:
            parent.lead = None
        parent.counts["paragraphs"] += 1
        ref = self._unique(join(parent.ref, f"p{parent.counts['paragraphs']}"))
        self._continue_section(parent, ref)
        label = is_label(block)
        governor = parent.label if parent.label and not label else parent.ref
        zone: Zone = "signature" if below.block is None and is_formula(block.text) else "body"
        self._clause(block, ref, governor or None, "", False, zone)
        parent.label = ref if label else parent.label
        parent.lead = ref if block.text.endswith(":") else None

    def _heads_part(self, block: Block, below: Below) -> bool:
        """A title without number, in a document whose parts carry none: a section of its own."""
        if len(self._stack) > 1 and self._stack[-1].style is not None:
            return False
        shown = (block.capitals or block.bold) and not finished(block.text) and len(block.text) <= 150 and below.block is not None
        if not (shown or heads_a_part(block, below, self._plain_titles)):
            return False
        del self._stack[1:]
        top = self._stack[0]
        top.counts["headings"] += 1
        ref = self._unique(f"h{top.counts['headings']}")
        self._section(ref, block.text)
        self._clause(block, ref, None, "", True)
        self._stack.append(Frame(None, 0.5, 0, (), ref, True))
        return True

    def _leave_item(self, below: Below) -> None:
        """A paragraph behind the last item of a list belongs to what holds the list, one between two items to the first."""
        item, holder = self._stack[-1], self._stack[-2]
        between = below.sibling_of(item.style, item.value)
        first = holder.counts[f"clauses {item.style}"] <= 1 and item.style != "letter"
        if between or first or holder.item_paragraphs or item.lead:
            holder.item_paragraphs = holder.item_paragraphs or between
            return
        self._stack.pop()
        holder.lead = None

    def _has_content(self, frame: Frame) -> bool:
        return not frame.section or self._clauses[-1].ref != frame.ref

    # --- sections, clauses, warnings --------------------------------------------------------------------------------

    def _section(self, ref: str, title: str) -> None:
        self._close()
        self._open = (ref, title)
        self._home = ref

    def _continue_section(self, parent: Frame, ref: str) -> None:
        """Stay in the open section if it is the parent's; else begin one without a title, for clauses keep their order."""
        home = parent.ref if parent.section else None
        if self._open is not None and self._home is not None:
            if home == self._home or (home is None and self._clauses):
                return
            if parent.counts["home " + self._home]:
                return
        self._section(ref, "")
        parent.counts["home " + ref] = 1

    def _close(self) -> None:
        if self._open is not None:
            ref, title = self._open
            self.sections.append(Section(ref=ref, title=title, clauses=tuple(self._clauses)))
        self._open, self._clauses = None, []

    def _clause(self, block: Block, ref: str, parent: str | None, marker: str, heading: bool, zone: Zone = "body") -> None:
        self._clauses.append(
            Clause(
                ref=ref, quote=self._text[block.start : block.end], start=block.start, end=block.end,
                page=self._page_at(block.start), parent=parent, marker=marker, heading=heading, zone=zone,
            )
        )  # fmt: skip

    def _unique(self, ref: str, repeated: bool = False) -> str:
        self._seen[ref] += 1
        count = self._seen[ref]
        if count == 1:
            return ref
        if repeated and count == 2:
            self._warn("numbering_repeated", f"Số mục {ref} xuất hiện nhiều lần trong văn bản.", ref)
        return f"{ref}~{count}"

    def _warn(self, code: str, message: str, ref: str | None) -> None:
        self.warnings.append(Warned(code=code, message=message, ref=ref))


def _has_plain_titles(body: Sequence[Block]) -> bool:
    """Whether a text without any numbering sets titles as short plain lines: at least three, of which one names a usual part."""
    if any(block.marker and not block.marker.bullet for block in body):
        return False
    pairs = [(block, Below(after, None)) for block, after in zip(body, body[1:], strict=False) if block.marker is None]
    return sum(heads_a_part(*pair, True) for pair in pairs) >= 3 and any(heads_a_part(*pair, False) for pair in pairs)


def _next_block(blocks: Sequence[Zoned], index: int) -> Below:
    """The next block of the body and the next numbered one, looked for a few blocks ahead."""
    block: Block | None = None
    for zoned in blocks[index + 1 : index + 13]:
        if zoned.block.mark:
            continue
        if zoned.zone != "body":
            break
        block = block or zoned.block
        if zoned.block.marker and not zoned.block.marker.bullet:
            return Below(block, zoned.block.marker)
    return Below(block, None)


def _title(block: Block) -> str:
    return block.rest.strip(" :.") if block.rest else block.text


def _form_title(block: Block) -> str:
    title = block.text.strip(" :")
    return title.split(":")[0] if len(title) > 80 else title
