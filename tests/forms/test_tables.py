"""The standard table as a file: blank, filled in every way people fill tables, marked, exported, edited and sent back."""

from __future__ import annotations

import csv
import zipfile

import pytest
import xlsxwriter
from docx import Document
from openpyxl import load_workbook

from forms import flow, tables, workflow
from forms.office import MAX_BYTES
from forms.tables import UnreadableTable
from tests.forms.builders import BARE, CLERK, COLLEGE, COLUMNS, NOW, SCHOOL, nomination

GOOD = ["1", "Nguyễn Thị Hoa", "Trường A", "12 năm", "Dạy giỏi", "ĐT: 0912 345 678\nEmail: hoa@x.edu.vn"]
LONG_AGO = "Không rõ thâm niên “lâu”: cần số năm hoặc năm bắt đầu."
VALUES = {
    "kind": "individual",
    "name": "Nguyễn Thị Hoa",
    "unit": "Trường A",
    "seniority": "12 năm",
    "summary": "Dạy giỏi",
    "phone": "0912 345 678",
    "email": "hoa@x.edu.vn",
}


def sheet(path, rows, *, merges=()):
    made = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    page = made.add_worksheet("Đề cử")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                page.write_number(number, column, value)
            else:
                page.write_string(number, column, value)
    for merge, text in merges:
        page.merge_range(merge, text)
    made.close()
    return path


def document(path, rows, *, merges=()):
    made = Document()
    made.add_paragraph("DANH SÁCH")
    table = made.add_table(rows=len(rows), cols=len(rows[0]))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            table.cell(number, column).text = str(value)
    for first, last in merges:
        table.cell(*first).merge(table.cell(*last))
    made.save(str(path))
    return path


def book(path):
    with path.open("rb") as file:
        return load_workbook(file)


def cells(path):
    """Every cell of the first sheet below its title, as (text, type)."""
    page = book(path).worksheets[0]
    return [[(cell.value or "", cell.data_type) for cell in row] for row in page.iter_rows()]


def word_cells(path, table: int = 0):
    return [[cell.text for cell in row.cells] for row in Document(str(path)).tables[table].rows]


@pytest.mark.parametrize("make", [sheet, document], ids=["xlsx", "docx"])
def test_filled_table_gives_its_values(tmp_path, make):
    reading = tables.read(make(tmp_path / "b", [list(COLUMNS), GOOD]), SCHOOL)
    assert [row.values for row in reading.rows] == [VALUES]
    assert reading.bad == ()
    assert reading.summary == "Đã đọc 1 dòng, tất cả hợp lệ."


def test_shuffled_renamed_and_split_columns_are_understood(tmp_path):
    header = ["SĐT", "Họ, tên", "Số năm công tác", "Thư điện tử", "Trường", "Thành tích nổi bật"]
    rows = [header, ["0912 345 678", "Nguyễn Thị Hoa", "12 năm", "hoa@x.edu.vn", "Trường A", "Dạy giỏi"]]
    assert [row.values for row in tables.read(sheet(tmp_path / "b", rows), SCHOOL).rows] == [VALUES]


@pytest.mark.parametrize("make", [sheet, document], ids=["xlsx", "docx"])
def test_titles_column_numbers_repeated_headers_and_totals_are_passed_over(tmp_path, make):
    blank = [""] * 6
    rows = [
        ["PHÒNG GD&ĐT", *blank[1:]],
        ["DANH SÁCH", *blank[1:]],
        blank,
        list(COLUMNS),
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
    ]
    rows += [
        GOOD,
        list(COLUMNS),
        ["2", "Lê An", *GOOD[2:]],
        ["", "", "Tổng số: 2", "", "", ""],
        ["", "", "", "", "", ""],
    ]
    reading = tables.read(make(tmp_path / "b", rows), SCHOOL)
    assert [row.values["name"] for row in reading.rows] == ["Nguyễn Thị Hoa", "Lê An"]
    assert reading.bad == ()


def test_numbers_stored_as_numbers_are_read(tmp_path):
    header = ["STT", "Họ tên", "Đơn vị", "Thâm niên", "Thành tích", "Điện thoại", "Email"]
    rows = [header, [1, "Nguyễn Hoa", "Trường A", 12, "Dạy giỏi", 912345678, "không có"]]
    row = tables.read(sheet(tmp_path / "b", rows), SCHOOL).rows[0]
    assert (row.values["seniority"], row.values["phone"], row.problems) == ("12 năm", "0912345678", ())


def test_unit_merged_over_several_rows_belongs_to_each(tmp_path):
    rows = [list(COLUMNS), GOOD, ["2", "Lê An", "", *GOOD[3:]]]
    path = sheet(tmp_path / "b", rows, merges=[("C2:C3", "Trường A")])
    assert [row.values["unit"] for row in tables.read(path, SCHOOL).rows] == ["Trường A", "Trường A"]
    path = document(tmp_path / "c", rows, merges=[((1, 2), (2, 2))])
    assert [row.values["unit"] for row in tables.read(path, SCHOOL).rows] == ["Trường A", "Trường A"]


def test_nominee_over_two_merged_rows_is_one(tmp_path):
    rows = [list(COLUMNS), GOOD, ["", "", "", "", "Có sáng kiến", ""], ["2", "Lê An", *GOOD[2:]]]
    path = sheet(tmp_path / "b", rows, merges=[("B2:B3", "Nguyễn Thị Hoa")])
    reading = tables.read(path, SCHOOL)
    assert [(row.values["name"], row.values["summary"]) for row in reading.rows] == [
        ("Nguyễn Thị Hoa", "Dạy giỏi\nCó sáng kiến"),
        ("Lê An", "Dạy giỏi"),
    ]


def test_header_of_two_rows_is_read(tmp_path):
    rows = [
        ["TT", "Họ và tên", "Đơn vị", "Thâm niên", "Thành tích", "Liên lạc", ""],
        ["", "", "", "", "", "Điện thoại", "Email"],
    ]
    rows.append(["1", "Nguyễn Thị Hoa", "Trường A", "12 năm", "Dạy giỏi", "0912 345 678", "hoa@x.edu.vn"])
    merges = [
        ("F1:G1", "Liên lạc"),
        *((f"{letter}1:{letter}2", text) for letter, text in zip("ABCDE", rows[0][:5], strict=True)),
    ]
    assert [row.values for row in tables.read(sheet(tmp_path / "b", rows, merges=merges), SCHOOL).rows] == [VALUES]


def test_section_heading_across_the_table_is_no_nominee(tmp_path):
    rows = [list(COLUMNS), ["", "", "", "", "", ""], GOOD]
    path = sheet(tmp_path / "b", rows, merges=[("A2:F2", "I. Khối THCS")])
    reading = tables.read(path, SCHOOL)
    assert (len(reading.rows), reading.parts[0].passed_over) == (1, (2,))


def test_each_error_is_at_its_cell(tmp_path):
    rows = [
        list(COLUMNS),
        ["1", "Nguyễn Hoa", "Trường A", "lâu", "", "ĐT: 0912 Email: hoa@x"],
        ["2", "", *GOOD[2:]],
        GOOD,
    ]
    reading = tables.read(sheet(tmp_path / "b", rows), SCHOOL)
    assert [[(item.place, item.field, item.message) for item in row.problems] for row in reading.bad] == [
        [
            (
                "D2",
                "seniority",
                "Không rõ thâm niên “lâu”: cần số năm hoặc năm bắt đầu. Ví dụ: 12 năm 6 tháng, hoặc: từ năm 2010.",
            ),
            (
                "F2",
                "phone",
                "Số điện thoại “0912” có 4 chữ số, không phải số gọi được ở Việt Nam. Ví dụ: 0912 345 678, hoặc: không có.",
            ),
            (
                "F2",
                "email",
                "Email “hoa@x” thiếu phần đuôi tên miền sau “x”. Ví dụ: hoa.nt@truong.edu.vn, hoặc: không có.",
            ),
            ("E2", "summary", "Chưa có tóm tắt thành tích."),
        ],
        [("B3", "name", "Chưa có họ và tên.")],
    ]
    assert reading.summary == "Đã đọc 3 dòng: 1 hợp lệ, 2 cần sửa (5 ô)."


def test_error_in_a_document_names_row_and_column(tmp_path):
    reading = tables.read(document(tmp_path / "b", [list(COLUMNS), [*GOOD[:3], "lâu", *GOOD[4:]]]), SCHOOL)
    assert reading.bad[0].problems[0].place == "hàng 2, cột 4"


def test_good_rows_become_drafts_that_ask_only_for_the_rest(tmp_path):
    reading = tables.read(sheet(tmp_path / "b", [list(COLUMNS), GOOD, ["2", "", *GOOD[2:]]]), SCHOOL)
    made = tables.drafts(reading, SCHOOL, org="sao", unit="Trường A", author=1)
    assert [(draft.values, draft.step) for draft in made] == [(VALUES, "role")]


@pytest.mark.parametrize("format", ["xlsx", "docx"])
def test_bad_rows_come_back_marked_and_can_be_mended(tmp_path, format):
    make = sheet if format == "xlsx" else document
    reading = tables.read(
        make(tmp_path / "b", [list(COLUMNS), GOOD, ["2", "Lê An", "Trường A", "lâu", *GOOD[4:]]]), SCHOOL
    )
    tables.mark(reading, tmp_path / "marked", format)
    again = tables.read(tmp_path / "marked", SCHOOL)
    assert [row.raw[1] for row in again.rows] == ["Lê An"]
    assert again.rows[0].problems[0].field == "seniority"
    assert "Thâm niên giảng dạy: Không rõ thâm niên “lâu”" in again.rows[0].raw[6]
    if format == "xlsx":
        page = book(tmp_path / "marked").worksheets[0]
        shaded = [cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFC7CE"]
        assert [page[place].value for place in shaded] == ["lâu"]


def test_column_that_is_missing_or_unknown_is_said_once(tmp_path):
    header = ["TT", "Họ và tên", "Đơn vị", "Thành tích", "Sở thích"]
    reading = tables.read(sheet(tmp_path / "b", [header, ["1", "Lê An", "Trường A", "Dạy giỏi", "cờ"]]), SCHOOL)
    assert reading.warnings == (
        "Không nhận ra cột “Sở thích”, đã bỏ qua.",
        "Bảng không có cột “Thâm niên giảng dạy”, sẽ hỏi sau.",
        "Bảng không có cột “Số điện thoại”, sẽ hỏi sau.",
        "Bảng không có cột “Email”, sẽ hỏi sau.",
    )
    assert reading.bad == ()


def test_same_person_twice_in_a_table_is_said(tmp_path):
    rows = [list(COLUMNS), GOOD, ["2", "nguyễn thị hoa", *GOOD[2:]]]
    assert tables.read(sheet(tmp_path / "b", rows), SCHOOL).warnings == ("Dòng 3 trùng họ tên và đơn vị với dòng 2.",)


@pytest.mark.parametrize("format", ["xlsx", "docx"])
@pytest.mark.parametrize("spec", [SCHOOL, COLLEGE, BARE], ids=["own table", "fields", "bare"])
@pytest.mark.parametrize("kind", ["individual", "collective"])
def test_blank_table_can_be_read_back_empty(tmp_path, spec, kind, format):
    tables.blank(spec, kind, tmp_path / "blank", format)
    reading = tables.read(tmp_path / "blank", spec)
    assert [(part.rows, part.kind) for part in reading.parts] == [((), kind)]
    columns = [column.label for column in spec.layout(kind)]
    assert list(reading.parts[0].headers[: len(columns)]) == columns


@pytest.mark.parametrize("format", ["xlsx", "docx"])
def test_export_has_the_columns_of_the_plan_and_a_row_for_each(tmp_path, format):
    assert tables.export([nomination(), nomination(name="Lê An", email="Không có")], tmp_path / "out", format) == 2
    grid = (
        [[text for text, _ in row] for row in cells(tmp_path / "out")][1:]
        if format == "xlsx"
        else word_cells(tmp_path / "out")
    )
    assert grid == [
        list(COLUMNS),
        ["1", "Nguyễn Thị Hoa", "Trường THCS Bình Minh", "12 năm", "Giáo viên dạy giỏi"]
        + ["ĐT: 0912 345 678\nEmail: hoa.nt@truong.edu.vn"],
        ["2", "Lê An", "Trường THCS Bình Minh", "12 năm", "Giáo viên dạy giỏi", "ĐT: 0912 345 678\nEmail: Không có"],
    ]


def test_export_keeps_kinds_and_plans_in_tables_of_their_own(tmp_path):
    filed = [nomination(), nomination(kind="collective"), nomination(spec=COLLEGE), nomination()]
    tables.export(filed, tmp_path / "out", "docx")
    assert [len(table.rows) for table in Document(str(tmp_path / "out")).tables] == [3, 2, 2]
    tables.export(filed, tmp_path / "out", "xlsx")
    assert book(tmp_path / "out").sheetnames == ["Cá nhân", "Tập thể", "Cá nhân 2"]


def test_header_repeats_on_every_page(tmp_path):
    tables.export([nomination()], tmp_path / "a", "docx")
    header = Document(str(tmp_path / "a")).tables[0].rows[0]._tr
    assert header.xpath("./w:trPr/w:tblHeader")
    tables.export([nomination()], tmp_path / "b", "xlsx")
    assert book(tmp_path / "b").worksheets[0].print_title_rows == "$2:$2"


def test_csv_guards_formulas_and_leaves_phones(tmp_path):
    tables.export([nomination(name="=1+1", phone="+84 912 345 678", summary="@x")], tmp_path / "out", "csv")
    with (tmp_path / "out").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["Họ và tên / Tên tập thể"], row["Số điện thoại"], row["Tóm tắt thành tích"]) == (
        "'=1+1",
        "+84 912 345 678",
        "'@x",
    )


@pytest.mark.parametrize("format", ["xlsx", "docx"])
def test_edited_list_shows_its_differences_before_they_count(tmp_path, format):
    filed = [nomination("ĐC-0001"), nomination("ĐC-0002", name="Lê An"), nomination("ĐC-0003", name="Võ Bình")]
    tables.export(filed, tmp_path / "out", format, code=True)
    assert tables.compare(tables.read(tmp_path / "out", SCHOOL), filed).same
    edited = [
        filed[0].model_copy(update={"values": {**filed[0].values, "seniority": "13 năm", "email": "moi@x.vn"}}),
        filed[1],
    ]
    tables.export([*edited, nomination("ĐC-0009", name="Lạ")], tmp_path / "out", format, code=True)
    found = tables.compare(tables.read(tmp_path / "out", SCHOOL), filed)
    assert {
        code: [(item.field, item.before, item.after) for item in items] for code, items in found.changes.items()
    } == {"ĐC-0001": [("email", "hoa.nt@truong.edu.vn", "moi@x.vn"), ("seniority", "12 năm", "13 năm")]}
    assert ([row.code for row in found.unknown], found.missing) == (["ĐC-0009"], ("ĐC-0003",))
    amended, _ = workflow.amend(filed[0], {item.field: item.after for item in found.changes["ĐC-0001"]}, CLERK, NOW)
    assert flow.problems(workflow.reopen(amended, 1)) == ()


@pytest.mark.parametrize("format", ["xlsx", "docx"])
def test_edited_list_of_both_kinds_is_compared_in_both(tmp_path, format):
    filed = [nomination("ĐC-0001"), nomination("ĐC-0002", kind="collective"), nomination("ĐC-0003", kind="collective")]
    assert tables.export(filed, tmp_path / "out", format, code=True) == 3
    assert tables.compare(tables.read(tmp_path / "out", SCHOOL), filed).same
    edited = [
        filed[0].model_copy(update={"values": {**filed[0].values, "seniority": "13 năm"}}),
        filed[1].model_copy(update={"values": {**filed[1].values, "contact": "Võ Thị Bình"}}),
    ]
    tables.export(edited, tmp_path / "out", format, code=True)
    found = tables.compare(tables.read(tmp_path / "out", SCHOOL), filed)
    assert {code: [(item.field, item.after) for item in items] for code, items in found.changes.items()} == {
        "ĐC-0001": [("seniority", "13 năm")],
        "ĐC-0002": [("contact", "Võ Thị Bình")],
    }
    assert (found.unknown, found.missing) == ((), ("ĐC-0003",))


def test_list_without_numbers_is_compared_by_name(tmp_path):
    filed = [nomination("ĐC-0001"), nomination("ĐC-0002", name="Lê An")]
    tables.export(
        [filed[0].model_copy(update={"values": {**filed[0].values, "summary": "Khác"}}), filed[1]],
        tmp_path / "o",
        "docx",
    )
    assert list(tables.compare(tables.read(tmp_path / "o", SCHOOL), filed).changes) == ["ĐC-0001"]


# --- bad files -----------------------------------------------------------------------------------------------------


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)


def entities(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "word/document.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
        )


def huge(path):
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_bytes(b""), "rỗng"),
        (lambda path: path.write_bytes(b"%PDF-1.4 ..."), "không phải .xlsx hay .docx"),
        (
            lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
            "có mật khẩu hoặc theo định dạng cũ",
        ),
        (lambda path: zipfile.ZipFile(path, "w").close(), "không phải .xlsx hay .docx"),
        (lambda path: sheet(path, [["a", "b"], ["c", "d"]]), "Không thấy hàng tiêu đề"),
        (bomb, "phình quá lớn"),
        (entities, "khai báo lạ"),
        (huge, "tối đa 20 MB"),
    ],
    ids=["empty", "pdf", "ole", "empty zip", "no header", "bomb", "entities", "huge"],
)
def test_file_that_is_no_table_is_refused_in_one_line(tmp_path, make, says):
    path = tmp_path / "tệp lạ.xlsx"
    make(path)
    with pytest.raises(UnreadableTable) as caught:
        tables.read(path, SCHOOL)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("make", [sheet, document], ids=["xlsx", "docx"])
@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.99])
def test_truncated_file_is_refused(tmp_path, make, cut):
    path = make(tmp_path / "b", [list(COLUMNS), GOOD])
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * cut)])
    with pytest.raises(UnreadableTable):
        tables.read(path, SCHOOL)


def test_empty_part_is_refused(tmp_path):
    path = sheet(tmp_path / "b", [list(COLUMNS), GOOD])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, b"" if name.startswith("xl/worksheets") else data)
    with pytest.raises(UnreadableTable):
        tables.read(path, SCHOOL)
