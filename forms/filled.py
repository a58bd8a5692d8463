"""A filled table -> rows of values, with a problem at each cell that is wrong. Columns may be shuffled or renamed.

The header is found, not assumed: the row that names a name and most other columns, above it title rows, below it perhaps a
second header row and a row of column numbers. A row of the table becomes values; a row without a name that holds nothing
else (a total, a signature, a heading across the table) is passed over and said so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from forms import flow
from forms.fields import label, questions, required
from forms.free_text import split_contacts
from forms.grids import Grid, read_grids
from forms.model import Draft, FormSpec, Kind
from forms.office import UnreadableTable
from forms.spec import header_fields
from forms.values import line, name_key
from knowledge.model import Frozen
from knowledge.text import fold

_HEADER_DEPTH = 40
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?")
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


class Reading(Frozen):
    """A table as it was read: which column holds what, the rows, and what was passed over."""

    source: str
    sheet: str
    kind: Kind
    headers: tuple[str, ...]
    fields: tuple[tuple[str, ...], ...]
    rows: tuple[TableRow, ...] = ()
    passed_over: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()

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
        if not self.bad:
            return f"Đã đọc {len(self.rows)} dòng, tất cả hợp lệ."
        return f"Đã đọc {len(self.rows)} dòng: {len(self.good)} hợp lệ, {len(self.bad)} cần sửa ({wrong} ô)."


def read(path: Path, spec: FormSpec, *, unit: str = "", progress: Progress | None = None) -> Reading:
    """The nominees in a filled table. `unit` fills an empty unit cell. Raises `UnreadableTable`."""
    grids = read_grids(path)
    found = [(header, grid) for grid in grids if (header := _find_header(grid, spec)) is not None]
    if not found:
        wanted = ", ".join(column.label for column in spec.layout("individual")[1:4])
        raise UnreadableTable(f"Không thấy hàng tiêu đề trong {path.name[:80]}. Cần có các cột: {wanted}…")
    header, grid = max(found, key=lambda pair: (pair[0].score, len(pair[1].rows)))
    return _Reader(grid, header, spec, unit, path.name).read(progress)


def drafts(
    reading: Reading, spec: FormSpec, *, org: str, unit: str, author: int, round_id: int | None = None
) -> list[Draft]:
    """A draft for each good row, standing at what the table did not say."""
    made = []
    for row in reading.good:
        draft = flow.new_draft(spec, org=org, unit=unit, author=author, round_id=round_id)
        made.append(flow.filled(draft, row.values)[0])
    return made


class _Header:
    """Where the header stands, what each column holds, and how sure that is."""

    def __init__(self, first: int, last: int, headers: list[str], fields: list[tuple[str, ...]]) -> None:
        self.first, self.last, self.headers, self.fields = first, last, headers, fields
        self.score = len({field for held in fields for field in held})
        self.collective = any(
            "name" in held and "tập thể" in fold(text) for held, text in zip(fields, headers, strict=True)
        )


def _find_header(grid: Grid, spec: FormSpec) -> _Header | None:
    best: _Header | None = None
    for row in range(min(len(grid.rows), _HEADER_DEPTH)):
        for last in (row, row + 1):
            candidate = _header_at(grid, spec, row, last)
            if candidate and (best is None or candidate.score > best.score):
                best = candidate
    return best


def _header_at(grid: Grid, spec: FormSpec, first: int, last: int) -> _Header | None:
    if last >= len(grid.rows) or (last > first and not _goes_on(grid, first, last)):
        return None
    headers = [_header_text(grid, first, last, column) for column in range(grid.width)]
    while headers and not headers[-1]:
        headers.pop()
    known = {fold(column.label): column.fields for kind in spec.kinds for column in spec.layout(kind)}
    fields: list[tuple[str, ...]] = []
    taken: set[str] = set()
    for text in headers:
        mine = known.get(fold(line(text))) or header_fields(text) if len(text) <= 120 else ()
        mine = tuple(field for field in mine if field not in taken)
        taken.update(mine)
        fields.append(mine)
    if "name" not in taken or len(taken - {"number"}) < 2:
        return None
    return _Header(first, last, headers, fields)


def _goes_on(grid: Grid, first: int, last: int) -> bool:
    """Whether a second header row stands below: cells merged down into it, or names of columns under one merged over them."""
    merged = any(column_anchor[0] == first for (row, _), column_anchor in grid.merged.items() if row in (first, last))
    return merged and any(header_fields(grid.text(last, column)) for column in range(grid.width))


def _header_text(grid: Grid, first: int, last: int, column: int) -> str:
    top, bottom = grid.text(first, column), grid.text(last, column)
    if first == last or not bottom or bottom == top:
        return top
    return bottom if header_fields(bottom) else f"{top} {bottom}".strip()


class _Reader:
    def __init__(self, grid: Grid, header: _Header, spec: FormSpec, unit: str, source: str) -> None:
        self._grid, self._header, self._spec, self._unit, self._source = grid, header, spec, unit, source
        self._kind: Kind = "collective" if header.collective or spec.kinds == ("collective",) else "individual"
        self._known = {field for held in header.fields for field in held}
        self._name_column = next(n for n, held in enumerate(header.fields) if "name" in held)

    def read(self, progress: Progress | None) -> Reading:
        rows: list[TableRow] = []
        passed: list[int] = []
        total = len(self._grid.rows) - self._header.last - 1
        for done, row in enumerate(range(self._header.last + 1, len(self._grid.rows)), 1):
            self._take(row, rows, passed)
            if progress and (done % 100 == 0 or done == total):
                progress(done, total)
        return Reading(
            source=self._source,
            sheet=self._grid.name,
            kind=self._kind,
            headers=tuple(self._header.headers),
            fields=tuple(self._header.fields),
            rows=tuple(rows),
            passed_over=tuple(passed),
            warnings=tuple(self._warnings(rows)),
        )

    def _take(self, row: int, rows: list[TableRow], passed: list[int]) -> None:
        texts = [self._grid.text(row, column) for column in range(len(self._header.headers))]
        if not any(texts):
            return
        if self._is_no_nominee(row, texts):
            passed.append(row + 1)
            return
        anchor = self._grid.anchor(row, self._name_column)
        if anchor[0] < row and anchor[0] > self._header.last and rows:
            rows[-1] = self._check(rows[-1].row - 1, self._joined(list(rows[-1].raw), texts))
            return
        rows.append(self._check(row, texts))

    def _is_no_nominee(self, row: int, texts: list[str]) -> bool:
        """A repeated header, a row of column numbers, a heading across the table, a total, a signature."""
        filled = [text for text in texts if text]
        if all(_COLUMN_NUMBER.fullmatch(text) for text in filled) and len(filled) >= 3:
            return True
        if fold(texts[self._name_column]) == fold(self._header.headers[self._name_column]):
            return True
        spread = self._grid.anchor(row, self._name_column)
        if spread[1] != self._name_column or self._grid.anchor(row, self._name_column + 1) == spread:
            return True
        named = texts[self._name_column]
        others = [text for text, held in zip(texts, self._header.fields, strict=True) if text and set(held) & _TELLING]
        return not named and not others

    def _joined(self, before: list[str], texts: list[str]) -> list[str]:
        """A nominee over several rows: what differs goes on below what stood there."""
        return [
            old if not new or new in old.split("\n") else f"{old}\n{new}".strip()
            for old, new in zip(before, texts, strict=True)
        ]

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
        values: dict[str, str] = {}
        for text, held in zip(texts, self._header.fields, strict=True):
            if {"phone", "email"} <= set(held):
                values["phone"], values["email"] = split_contacts(text)
            elif held and held[0] not in ("number", "note", "criteria"):
                values[held[0]] = text
        phone = values.get("phone", "")
        if re.fullmatch(r"[1-9]\d{8}", phone):
            values["phone"] = f"0{phone}"  # the spreadsheet held a number and dropped the zero
        return values

    def _problem(self, row: int, field: str, value: str, message: str) -> CellProblem:
        column = next((n for n, held in enumerate(self._header.fields) if field in held), self._name_column)
        header = line(self._header.headers[column])
        place = self._grid.place(row, column)
        return CellProblem(
            row=row + 1, column=column, place=place, header=header, field=field, value=value, message=message
        )

    def _warnings(self, rows: list[TableRow]) -> list[str]:
        found = [
            f"Không nhận ra cột “{line(text)}”, đã bỏ qua."
            for text, held in zip(self._header.headers, self._header.fields, strict=True)
            if text and not held
        ]
        draft = flow.new_draft(self._spec, org="", unit=self._unit, author=0, values={"kind": self._kind})
        found += [
            f"Bảng không có cột “{entry.label(draft)}”, sẽ hỏi sau."
            for entry in questions(draft)
            if entry.sort == "text"
            and required(draft, entry)
            and entry.id not in self._known
            and not draft.values.get(entry.id)
        ]
        seen: dict[tuple[str, str], int] = {}
        for row in rows:
            key = (name_key(row.values.get("name", "")), name_key(row.values.get("unit", "")))
            if key[0] and key in seen:
                found.append(f"Dòng {row.row} trùng họ tên và đơn vị với dòng {seen[key]}.")
            seen.setdefault(key, row.row)
        return found


_TELLING = {"seniority", "summary", "phone", "email", "contact", "code"}


def _sentence(what: str, example: str) -> str:
    return f"{what} Ví dụ: {example}." if example else what


def by_code(rows: tuple[TableRow, ...]) -> Mapping[str, TableRow]:
    return {row.code: row for row in rows if row.code}
