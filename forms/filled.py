"""A filled table -> rows of values, with a problem at each cell that is wrong. Columns may be shuffled or renamed.

Every sheet of a workbook and every table of a document that has a header is read, and a table without one that goes on with
the one before it. A row of the table becomes values; a row that names nobody (a total, a signature, a heading across the
table) is passed over, and said so where it holds words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from forms import flow
from forms.contacts import split_contacts
from forms.fields import label, questions, required
from forms.grids import Grid, read_grids
from forms.header import Header, find_header
from forms.model import Draft, FormSpec, Kind
from forms.office import UnreadableTable
from forms.values import line, name_key, shown
from knowledge.model import Frozen
from knowledge.text import fold, unaccent

_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?")
_ORDINAL = re.compile(r"\(?\d{1,5}\)?[.)]?")
_SIGNED = re.compile(
    r"\b(tong (so|cong)|cong|nguoi lap( bieu| danh sach)?|thu truong|hieu truong|hieu pho|truong (phong|khoa|don vi)|giam doc"
    r"|chu tich|thu ky|ky( va|,)? ?(dong dau|ghi ro|ten)|ngay \S{0,6} ?thang|danh sach (nay )?(co|gom)|noi nhan)\b"
)
_TELLING = {"seniority", "summary", "phone", "email", "contact", "code"}
_GOES_ON = {"summary", "phone", "email", "contact"}
_SAID = 5  # rows passed over that are named one by one
Progress = Callable[[int, int], None]


class CellProblem(Frozen):
    """What is wrong at one cell: its place as people name it, the column's header, the value, the sentence."""

    row: int
    column: int
    place: str
    header: str
    field: str
    value: str
    message: str


class TableRow(Frozen):
    """One nominee of the table. `row` counts from 1 as in the file; `raw` are the cells as they stood."""

    row: int
    values: dict[str, str]
    raw: tuple[str, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    code: str | None = None


class Part(Frozen):
    """One table of a file: which column holds what, its rows, and the numbers of those passed over."""

    sheet: str
    kind: Kind
    headers: tuple[str, ...]
    fields: tuple[tuple[str, ...], ...]
    rows: tuple[TableRow, ...] = ()
    passed_over: tuple[int, ...] = ()

    @property
    def bad(self) -> tuple[TableRow, ...]:
        return tuple(row for row in self.rows if row.problems)


class Reading(Frozen):
    """A file as it was read: its tables, and what has to be said about it."""

    source: str
    parts: tuple[Part, ...]
    warnings: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[TableRow, ...]:
        return tuple(row for part in self.parts for row in part.rows)

    @property
    def good(self) -> tuple[TableRow, ...]:
        return tuple(row for row in self.rows if not row.problems)

    @property
    def bad(self) -> tuple[TableRow, ...]:
        return tuple(row for row in self.rows if row.problems)

    @property
    def summary(self) -> str:
        """In one sentence: how many rows, how many good, how many wrong cells."""
        wrong = sum(len(row.problems) for row in self.rows)
        if not self.rows:
            return "Bảng chưa có dòng nào được điền."
        if not self.bad:
            return f"Đã đọc {len(self.rows)} dòng, tất cả hợp lệ."
        return f"Đã đọc {len(self.rows)} dòng: {len(self.good)} hợp lệ, {len(self.bad)} cần sửa ({wrong} ô)."


def read(path: Path, spec: FormSpec, *, unit: str = "", progress: Progress | None = None) -> Reading:
    """The nominees in a filled table. `unit` fills an empty unit cell. Raises `UnreadableTable`."""
    found = _with_headers(read_grids(path), spec)
    if not found:
        wanted = ", ".join(column.label for column in spec.layout("individual")[1:4])
        raise UnreadableTable(f"Không thấy hàng tiêu đề trong {path.name[:80]}. Cần có các cột: {wanted}…")
    total = sum(len(grid.rows) - header.last - 1 for header, grid in found)
    count = _Count(total, progress)
    readers = [_Reader(grid, header, spec, unit, named=len(found) > 1) for header, grid in found]
    read_all = [(reader, reader.read(count)) for reader in readers]
    filled = [(reader, part) for reader, part in read_all if part.rows]
    if not filled:
        filled = [max(read_all, key=lambda pair: len({name for held in pair[1].fields for name in held}))]
    filled, repeated = _once(filled)
    warnings = [warned for reader, part in filled for warned in reader.warnings(part)]
    parts = tuple(part for _, part in filled)
    return Reading(source=path.name, parts=parts, warnings=tuple(dict.fromkeys([*warnings, *repeated, *_twice(filled)])))


def drafts(
    reading: Reading, spec: FormSpec, *, org: str, unit: str, author: int, round_id: int | None = None
) -> list[Draft]:
    """A draft for each good row, standing at what the table did not say."""
    made = []
    for row in reading.good:
        draft = flow.new_draft(spec, org=org, unit=unit, author=author, round_id=round_id)
        made.append(flow.filled(draft, row.values)[0])
    return made


# --- the tables of a file ------------------------------------------------------------------------------------------


def _with_headers(grids: list[Grid], spec: FormSpec) -> list[tuple[Header, Grid]]:
    """The grids that hold nominees, hidden sheets only where no other does; one without a header may go on with the last."""
    for hidden in (False, True):
        found: list[tuple[Header, Grid]] = []
        for grid in grids:
            if grid.hidden is not hidden:
                continue
            header = find_header(grid, spec)
            if header is None and found and not grid.lettered and 3 <= grid.width == len(found[-1][0].texts):
                last = found[-1][0]
                header = Header(-1, -1, last.texts, last.fields, last.joined)
            if header is not None:
                found.append((header, grid))
        if found:
            return found
    return []


def _once(read_all: list[tuple[_Reader, Part]]) -> tuple[list[tuple[_Reader, Part]], list[str]]:
    """A sheet that is a copy of another counts once: its repeated rows are left out, and said so."""
    seen: set[tuple[tuple[str, str], ...]] = set()
    kept: list[tuple[_Reader, Part]] = []
    said = []
    for reader, part in read_all:
        keys = [tuple(sorted(row.values.items())) for row in part.rows]
        rows = tuple(row for row, key in zip(part.rows, keys, strict=True) if key not in seen)
        if len(rows) < len(part.rows):
            said.append(f"Trong {part.sheet} có {len(part.rows) - len(rows)} dòng trùng hệt bảng trước, chỉ nhận một lần.")
        seen.update(keys)
        if rows or not kept:
            kept.append((reader, part.model_copy(update={"rows": rows})))
    return kept, said


def _twice(read_all: list[tuple[_Reader, Part]]) -> Iterator[str]:
    """The same name in the same unit on two rows."""
    seen: dict[tuple[str, str], str] = {}
    for reader, part in read_all:
        for row in part.rows:
            key = (name_key(row.values.get("name", "")), name_key(row.values.get("unit", "")))
            here = reader.row_named(row.row)
            if key[0] and key in seen:
                yield f"{here[:1].upper()}{here[1:]} trùng họ tên và đơn vị với {seen[key]}."
            seen.setdefault(key, here)


class _Count:
    """How many rows were read so far, over all tables."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total, self._progress, self._done = total, progress, 0

    def one(self) -> None:
        self._done += 1
        if self._progress and (self._done % 100 == 0 or self._done == self._total):
            self._progress(self._done, self._total)


# --- one table -----------------------------------------------------------------------------------------------------


class _Reader:
    def __init__(self, grid: Grid, header: Header, spec: FormSpec, unit: str, *, named: bool) -> None:
        self._grid, self._header, self._spec, self._unit, self._named = grid, header, spec, unit, named
        self._kind: Kind = "collective" if header.collective or spec.kinds == ("collective",) else "individual"
        self._known = header.known
        self._name_column = header.name_column
        self._number_column = header.column("number")
        self._passed: list[tuple[int, str]] = []
        self._joined: list[tuple[int, int]] = []
        self._last = -1  # the row that the nominee read last ends at

    def read(self, count: _Count) -> Part:
        rows: list[TableRow] = []
        for row in range(self._header.last + 1, len(self._grid.rows)):
            self._take(row, rows)
            count.one()
        return Part(
            sheet=self._grid.title,
            kind=self._kind,
            headers=self._header.texts,
            fields=self._header.fields,
            rows=tuple(rows),
            passed_over=tuple(row for row, _ in self._passed),
        )

    def row_named(self, row: int) -> str:
        """A row as people name it, with its table where the file has several."""
        return f"dòng {row} ({self._grid.title})" if self._named else f"dòng {row}"

    def _take(self, row: int, rows: list[TableRow]) -> None:
        texts = [self._grid.text(row, column) for column in range(len(self._header.texts))]
        if not any(texts):
            return
        if self._is_no_nominee(row, texts):
            self._passed.append((row + 1, self._worth_saying(row, texts)))
            return
        anchor = self._grid.anchor(row, self._name_column)
        same = anchor[0] < row and anchor[0] > self._header.last
        if rows and (same or self._goes_on(row, texts)):
            first = rows[-1].row - 1
            rows[-1] = self._check(first, _one_below_the_other(list(rows[-1].raw), texts))
            if not same:
                self._joined.append((row + 1, first + 1))
        else:
            rows.append(self._check(row, texts))
        self._last = row

    def _is_no_nominee(self, row: int, texts: list[str]) -> bool:
        """A repeated header, a row of column numbers, a heading across the table, a total, a signature."""
        filled = [text for text in texts if text]
        if all(_COLUMN_NUMBER.fullmatch(text) for text in filled) and len(filled) >= 3:
            return True
        if fold(texts[self._name_column]) == fold(self._header.texts[self._name_column]):
            return True
        spread = self._grid.anchor(row, self._name_column)
        right = self._name_column + 1
        if spread[1] != self._name_column or (
            right not in self._header.joined and self._grid.anchor(row, right) == spread and right < len(texts)
        ):
            return True
        telling = [text for text, held in zip(texts, self._header.fields, strict=True) if text and set(held) & _TELLING]
        if not texts[self._name_column] and not telling:
            return True
        return not self._numbered(texts) and self._is_no_line(filled, telling)

    def _is_no_line(self, filled: list[str], telling: list[str]) -> bool:
        """Without a number in front: a heading, a total, a place to sign."""
        if self._number_column is not None and len(filled) <= 2 and not telling:
            return True
        return len(filled) <= 3 and any(_SIGNED.search(unaccent(text).lower()) for text in filled)

    def _numbered(self, texts: list[str]) -> bool:
        return self._number_column is not None and bool(_ORDINAL.fullmatch(texts[self._number_column]))

    def _goes_on(self, row: int, texts: list[str]) -> bool:
        """More of the nominee just above: no name, number or unit, only a further line of the achievements or the contacts."""
        if row != self._last + 1:
            return False
        filled = {name for text, held in zip(texts, self._header.fields, strict=True) if text for name in held}
        return bool(filled) and filled <= _GOES_ON and not ("summary" in filled and len(filled) > 1)

    def _worth_saying(self, row: int, texts: list[str]) -> str:
        """The words of a row that was passed over; "" for headings, numbers and blanks of the printed form."""
        filled = list(dict.fromkeys(text for text in texts if any(char.isalpha() for char in text)))
        repeated = {fold(text) for text in self._header.texts}
        return line(" ".join(filled)) if filled and not {fold(text) for text in filled} <= repeated else ""

    def _check(self, row: int, texts: list[str]) -> TableRow:
        values = self._values(texts)
        code = values.pop("code", "") or None
        kind = values.setdefault("kind", "Tập thể" if self._kind == "collective" else "Cá nhân")
        draft = flow.new_draft(self._spec, org="", unit=self._unit, author=0)
        draft, refused = flow.fill(draft, {field: value for field, value in values.items() if value})
        problems = [self._problem(row, item.field, item.value, _sentence(item.what, item.example)) for item in refused]
        wrong = {item.field for item in refused}
        for entry in questions(draft):
            if entry.sort != "text" or entry.id in wrong or draft.values.get(entry.id) or entry.id not in self._known:
                continue
            if required(draft, entry):
                tail = " Không có thì ghi “không có”." if entry.none_allowed else ""
                problems.append(self._problem(row, entry.id, "", f"Chưa có {label(draft, entry.id).lower()}.{tail}"))
        taken = {field: value for field, value in draft.values.items() if value}
        if "kind" not in wrong and not taken.get("kind"):
            taken["kind"] = kind
        return TableRow(row=row + 1, values=taken, raw=tuple(texts), problems=tuple(problems), code=code)

    def _values(self, texts: list[str]) -> dict[str, str]:
        whole = list(texts)
        for column, before in self._header.joined.items():
            space = " " if "name" in self._header.fields[before] else "\n"
            if texts[column] and texts[column] != texts[before]:
                whole[before] = f"{whole[before]}{space}{texts[column]}".strip()
        values: dict[str, str] = {}
        for text, held in zip(whole, self._header.fields, strict=True):
            if {"phone", "email"} <= set(held):
                values["phone"], values["email"] = split_contacts(text)
            elif held and held[0] not in ("number", "note", "criteria"):
                values[held[0]] = text
        phone = values.get("phone", "")
        if re.fullmatch(r"[1-9]\d{8}", phone):
            values["phone"] = f"0{phone}"  # the spreadsheet held a number and dropped the zero
        return values

    def _problem(self, row: int, field: str, value: str, message: str) -> CellProblem:
        found = self._header.column(field)
        column = self._name_column if found is None else found
        place = self._grid.place(row, column)
        if self._named:
            place = f"{place} ({self._grid.title})"
        header = line(self._header.texts[column])
        return CellProblem(row=row + 1, column=column, place=place, header=header, field=field, value=value, message=message)

    def warnings(self, part: Part) -> Iterator[str]:
        """What has to be said of the table as a whole."""
        for column, (text, held) in enumerate(zip(self._header.texts, self._header.fields, strict=True)):
            if text and not held and column not in self._header.joined:
                yield f"Không nhận ra cột “{line(text)}”, đã bỏ qua."
        draft = flow.new_draft(self._spec, org="", unit=self._unit, author=0, values={"kind": self._kind})
        for entry in questions(draft):
            missing = entry.sort == "text" and required(draft, entry) and not draft.values.get(entry.id)
            if missing and entry.id not in self._known:
                yield f"Bảng không có cột “{entry.label(draft)}”, sẽ hỏi sau."
        for row, first in self._joined:
            yield f"{self._at(row)} không có họ tên, đã gộp vào dòng {first}."
        said = [(row, text) for row, text in self._passed if text]
        for row, text in said[:_SAID]:
            yield f"{self._at(row)} không phải một đề cử, đã bỏ qua: {shown(text)}."
        if len(said) > _SAID:
            yield f"Đã bỏ qua thêm {len(said) - _SAID} dòng như vậy."
        hidden = sorted(row.row for row in part.rows if row.row - 1 in self._grid.hidden_rows)
        if hidden:
            rest = "…" if len(hidden) > 10 else ""
            yield f"Có dòng đang ẩn trong tệp, vẫn được đọc: {', '.join(map(str, hidden[:10]))}{rest}."

    def _at(self, row: int) -> str:
        named = self.row_named(row)
        return f"{named[:1].upper()}{named[1:]}"


def _one_below_the_other(before: list[str], texts: list[str]) -> list[str]:
    """A nominee over several rows: what differs goes on below what stood there."""
    return [
        old if not new or new in old.split("\n") else f"{old}\n{new}".strip()
        for old, new in zip(before, texts, strict=True)
    ]


def _sentence(what: str, example: str) -> str:
    return f"{what} Ví dụ: {example}." if example else what
