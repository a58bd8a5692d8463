"""Filled tables as people really make them: each is read into the same nominees, or says what it cannot take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook

from forms import tables
from forms.filled import Reading
from tests.forms.builders import COLUMNS, SCHOOL

HOA = ("Nguyễn Thị Hoa", "Trường A", "12 năm", "Dạy giỏi", "0912 345 678", "hoa@x.edu.vn")
NIE = ("H'Hen Niê", "Trường B", "từ năm 2010", "Có 2 sáng kiến", "0987654321", "Không có")
FIELDS = ("name", "unit", "seniority", "summary", "phone", "email")
SEPARATE = ["STT", "Họ tên", "Đơn vị", "Thâm niên", "Thành tích", "Điện thoại", "Email"]
HOA_ROW, NIE_ROW = [1, *HOA], [2, *NIE]


def workbook(path: Path, *sheets: list[list[object]], merges: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> Path:
    made = Workbook()
    made.remove(made.active)
    for number, rows in enumerate(sheets):
        page = made.create_sheet(names[number] if names else f"Sheet{number + 1}")
        for row in rows:
            page.append(row)
        if number == 0:
            for merge in merges:
                page.merge_cells(merge)
    made.save(path)
    return path


def document(path: Path, *parts: list[list[object]] | str) -> Path:
    made = Document()
    for part in parts:
        if isinstance(part, str):
            made.add_paragraph(part)
            continue
        table = made.add_table(rows=0, cols=max(len(row) for row in part))
        for row in part:
            for cell, text in zip(table.add_row().cells, row, strict=False):
                cell.text = str(text)
    made.save(str(path))
    return path


def shared(row: tuple[str, ...]) -> list[object]:
    """A row of the plan's own layout: phone and e-mail in one cell."""
    return [1, *row[:4], f"ĐT: {row[4]}\nEmail: {row[5]}"]


# --- one function for each odd table; the docstring is the name of the test ------------------------------------------

Odd = Callable[[Path], Path]
CASES: list[Odd] = []


def odd(make: Odd) -> Odd:
    CASES.append(make)
    return make


@odd
def columns_in_another_order(path: Path) -> Path:
    return workbook(path, [SEPARATE[::-1], HOA_ROW[::-1], NIE_ROW[::-1]])


@odd
def columns_under_other_names(path: Path) -> Path:
    header = ["TT", "Tên giáo viên", "Nơi công tác", "Số năm dạy", "Nội dung thành tích", "SĐT di động", "Gmail/Thư điện tử"]
    return workbook(path, [header, HOA_ROW, NIE_ROW])


@odd
def header_in_capitals_without_accents(path: Path) -> Path:
    header = ["STT", "HO VA TEN", "DON VI CONG TAC", "THAM NIEN", "TOM TAT THANH TICH", "SO DIEN THOAI", "EMAIL"]
    return workbook(path, [header, HOA_ROW, NIE_ROW])


@odd
def header_in_decomposed_letters_over_lines(path: Path) -> Path:
    header = ["T\nT", "Ho\u0323 va\u0300\nte\u0302n", "Đơn vị\ncông tác", "Thâm niên\n(năm)", "Thành\ntích", "Số\nĐT", "E-mail"]
    return workbook(path, [header, HOA_ROW, NIE_ROW])


@odd
def titles_and_blank_rows_above(path: Path) -> Path:
    titles = [["SỞ GIÁO DỤC VÀ ĐÀO TẠO"], ["TRƯỜNG THPT A"], [], ["DANH SÁCH ĐỀ NGHỊ"], ["(Kèm theo Tờ trình số 12 ngày 1/1)"], []]
    return workbook(path, [*titles, SEPARATE, HOA_ROW, [], NIE_ROW])


@odd
def family_and_given_name_in_two_columns(path: Path) -> Path:
    header = ["STT", "Họ và tên đệm", "Tên", *SEPARATE[2:]]
    rows = [[1, "Nguyễn Thị", "Hoa", *HOA[1:]], [2, "H'Hen", "Niê", *NIE[1:]]]
    return workbook(path, [header, *rows])


@odd
def name_header_merged_over_two_columns(path: Path) -> Path:
    header = ["STT", "Họ và tên", None, *SEPARATE[2:]]
    rows = [[1, "Nguyễn Thị", "Hoa", *HOA[1:]], [2, "H'Hen", "Niê", *NIE[1:]]]
    return workbook(path, [header, *rows], merges=("B1:C1",))


@odd
def contact_header_merged_over_phone_and_email(path: Path) -> Path:
    return workbook(path, [[*SEPARATE[:5], "Số điện thoại, email", None], HOA_ROW, NIE_ROW], merges=("F1:G1",))


@odd
def header_of_two_rows(path: Path) -> Path:
    top = [*SEPARATE[:5], "Liên hệ", None]
    below = [None, None, None, None, None, "Điện thoại", "Email"]
    return workbook(path, [top, below, HOA_ROW, NIE_ROW], merges=("F1:G1", "A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:E2"))


@odd
def row_of_column_numbers(path: Path) -> Path:
    return workbook(path, [SEPARATE, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"], HOA_ROW, NIE_ROW])


@odd
def section_headings_between_the_nominees(path: Path) -> Path:
    return workbook(path, [SEPARATE, ["I", "Khối THCS"], HOA_ROW, ["II", "Khối tiểu học"], NIE_ROW])


@odd
def total_and_signature_below(path: Path) -> Path:
    below = [[], ["Tổng cộng", "2 người"], [None, None, None, None, "Bến Xuân, ngày 20 tháng 11 năm 2026"]]
    below += [[None, "NGƯỜI LẬP BIỂU", None, None, None, "HIỆU TRƯỞNG"], [None, "(Ký tên)", None, None, None, "(Ký, đóng dấu)"]]
    return workbook(path, [SEPARATE, HOA_ROW, NIE_ROW, *below])


@odd
def phones_and_years_as_numbers(path: Path) -> Path:
    rows = [[1, "Nguyễn Thị Hoa", "Trường A", 12, "Dạy giỏi", 912345678, "hoa@x.edu.vn"]]
    rows.append([2.0, "H'Hen Niê", "Trường B", 2010, "Có 2 sáng kiến", 987654321.0, "không có"])
    return workbook(path, [SEPARATE, *rows])


@odd
def numbers_kept_as_text(path: Path) -> Path:
    rows = [["01", *HOA[:2], "12", "Dạy giỏi", "0912345678", HOA[5]], ["02", *NIE[:2], "2010", *NIE[3:5], "-"]]
    return workbook(path, [SEPARATE, *rows])


@odd
def year_of_entry_as_a_date(path: Path) -> Path:
    header = [*SEPARATE[:3], "Ngày vào ngành", *SEPARATE[4:]]
    rows = [[1, *HOA[:2], date(2014, 9, 1), *HOA[3:]], [2, *NIE[:2], "09/2010", *NIE[3:]]]
    return workbook(path, [header, *rows])


@odd
def two_sheets_for_two_groups(path: Path) -> Path:
    return workbook(path, [SEPARATE, HOA_ROW], [SEPARATE[::-1], NIE_ROW[::-1]], names=("Tổ Toán", "Tổ Văn"))


@odd
def sheet_of_instructions_in_front(path: Path) -> Path:
    return workbook(path, [["Hướng dẫn"], ["Mỗi dòng một người"]], [SEPARATE, HOA_ROW, NIE_ROW])


@odd
def sheet_copied_within_the_file(path: Path) -> Path:
    rows = [SEPARATE, HOA_ROW, NIE_ROW]
    return workbook(path, rows, rows, names=("Đề cử", "Đề cử (2)"))


@odd
def hidden_sheet_of_last_year(path: Path) -> Path:
    made = Workbook()
    for row in (SEPARATE, HOA_ROW, NIE_ROW):
        made.active.append(row)
    old = made.create_sheet("Năm ngoái")
    for row in (SEPARATE, [1, "Lê Văn Cũ", *HOA[1:]]):
        old.append(row)
    old.sheet_state = "hidden"
    made.save(path)
    return path


@odd
def hidden_rows(path: Path) -> Path:
    made = Workbook()
    for row in (SEPARATE, HOA_ROW, NIE_ROW):
        made.active.append(row)
    made.active.row_dimensions[3].hidden = True
    made.save(path)
    return path


@odd
def unit_written_once_and_merged_down(path: Path) -> Path:
    header = [SEPARATE[0], SEPARATE[1], "Trường", *SEPARATE[3:]]
    return workbook(path, [header, HOA_ROW, NIE_ROW, ["", "", "", "", "", "", ""]], merges=("C3:C4",))


@odd
def achievements_going_on_in_the_next_row(path: Path) -> Path:
    rows = [[1, *HOA[:3], "Dạy", *HOA[4:]], [None, None, None, None, "giỏi"], NIE_ROW]
    return workbook(path, [SEPARATE, *rows])


@odd
def contact_in_one_cell_over_two_rows(path: Path) -> Path:
    rows = [[1, *HOA[:4], f"ĐT: {HOA[4]}"], [None, None, None, None, None, f"Email: {HOA[5]}"]]
    return workbook(path, [list(COLUMNS), *rows, shared(NIE)])


@odd
def contact_without_labels(path: Path) -> Path:
    rows = [[1, *HOA[:4], "0912 345 678; hoa@x.edu.vn"], [2, *NIE[:4], "0987654321 - không có email"]]
    return workbook(path, [list(COLUMNS), *rows])


@odd
def columns_that_nobody_asked_for(path: Path) -> Path:
    header = [*SEPARATE[:2], "Nữ", "Ngày sinh", "Chức vụ", *SEPARATE[2:], "Ghi chú"]
    rows = [[n, row[0], "x", date(1980, 5, 1), "Tổ trưởng", *row[1:], "đã họp"] for n, row in enumerate((HOA, NIE), 1)]
    return workbook(path, [header, *rows])


@odd
def blank_columns_on_the_left(path: Path) -> Path:
    return workbook(path, [[None, None, *row] for row in (SEPARATE, HOA_ROW, NIE_ROW)])


@odd
def without_a_column_of_numbers(path: Path) -> Path:
    return workbook(path, [row[1:] for row in (SEPARATE, HOA_ROW, NIE_ROW)])


@odd
def faults_of_formulas(path: Path) -> Path:
    return workbook(path, [[*SEPARATE, "Email 2"], [*HOA_ROW, "#N/A"], [*NIE_ROW, "#REF!"]])


@odd
def document_of_one_table(path: Path) -> Path:
    return document(path, "TRƯỜNG A", "DANH SÁCH", [list(COLUMNS), shared(HOA), shared(NIE)], "THỦ TRƯỞNG ĐƠN VỊ")


@odd
def document_whose_table_goes_on_without_a_header(path: Path) -> Path:
    return document(path, [list(COLUMNS), shared(HOA)], "", [shared(NIE)])


@odd
def document_whose_table_goes_on_under_its_header(path: Path) -> Path:
    return document(path, [list(COLUMNS), shared(HOA)], "Trang 2", [list(COLUMNS), shared(NIE)])


@odd
def document_with_heading_and_signature_in_tables(path: Path) -> Path:
    heading = [["SỞ GD&ĐT\nTRƯỜNG A", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]]
    signature = [["NGƯỜI LẬP", "THỦ TRƯỞNG ĐƠN VỊ"]]
    return document(path, heading, "DANH SÁCH", [list(COLUMNS), shared(HOA), shared(NIE)], signature)


@odd
def document_with_a_row_deleted_under_revision(path: Path) -> Path:
    document(path, [list(COLUMNS), shared(HOA), shared(("Lê Văn Xoá", *HOA[1:])), shared(NIE)])
    made = Document(str(path))
    marks = made.tables[0].rows[2]._tr.get_or_add_trPr()
    marks.append(OxmlElement("w:del"))
    made.save(str(path))
    return path


@odd
def document_with_cells_in_content_controls(path: Path) -> Path:
    document(path, [list(COLUMNS), shared(HOA), shared(NIE)])
    made = Document(str(path))
    cell = made.tables[0].rows[1].cells[1]._tc
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    cell.addprevious(control)
    content.append(cell)
    control.append(content)
    made.save(str(path))
    return path


@odd
def document_with_a_unit_merged_down(path: Path) -> Path:
    document(path, [list(COLUMNS), shared(HOA), shared((NIE[0], "", *NIE[2:]))])
    made = Document(str(path))
    for row, value in ((1, "restart"), (2, "continue")):
        merge = OxmlElement("w:vMerge")
        merge.set(qn("w:val"), value)
        made.tables[0].rows[row].cells[2]._tc.get_or_add_tcPr().append(merge)
    made.save(str(path))
    return path


AS_READ = {"phones_and_years_as_numbers", "numbers_kept_as_text", "year_of_entry_as_a_date", "unit_written_once_and_merged_down"}


def digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_odd_table_gives_its_two_nominees(tmp_path: Path, make: Odd) -> None:
    reading = tables.read(make(tmp_path / "bang"), SCHOOL)
    assert [problem.message for row in reading.bad for problem in row.problems] == []
    found = [tuple(row.values.get(field, "") for field in FIELDS) for row in reading.rows]
    assert [row[0] for row in found] == [HOA[0], NIE[0]]
    for row, wanted in zip(found, (HOA, NIE), strict=True):
        assert (digits(row[4]), row[5]) == (digits(wanted[4]), wanted[5])
        if make.__name__ not in AS_READ and "merged_down" not in make.__name__:
            assert row[:3] == wanted[:3]
        assert " ".join(row[3].split()) == wanted[3]


def read_of(make: Odd, tmp_path: Path) -> Reading:
    return tables.read(make(tmp_path / "bang"), SCHOOL)


@pytest.mark.parametrize(
    ("make", "seniority"),
    [
        (phones_and_years_as_numbers, ["12 năm", "từ năm 2010"]),
        (numbers_kept_as_text, ["12 năm", "từ năm 2010"]),
        (year_of_entry_as_a_date, ["từ 01/09/2014", "từ 09/2010"]),
    ],
)
def test_seniority_is_read_from_numbers_and_dates(tmp_path: Path, make: Odd, seniority: list[str]) -> None:
    assert [row.values["seniority"] for row in read_of(make, tmp_path).rows] == seniority


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (hidden_rows, ["Có dòng đang ẩn trong tệp, vẫn được đọc: 3."]),
        (sheet_copied_within_the_file, ["Trong trang “Đề cử (2)” có 2 dòng trùng hệt bảng trước, chỉ nhận một lần."]),
        (achievements_going_on_in_the_next_row, ["Dòng 3 không có họ tên, đã gộp vào dòng 2."]),
        (
            section_headings_between_the_nominees,
            [
                "Dòng 2 không phải một đề cử, đã bỏ qua: “I Khối THCS”.",
                "Dòng 4 không phải một đề cử, đã bỏ qua: “II Khối tiểu học”.",
            ],
        ),
        (two_sheets_for_two_groups, []),
        (document_whose_table_goes_on_without_a_header, []),
    ],
)
def test_what_was_passed_over_or_joined_is_said(tmp_path: Path, make: Odd, said: list[str]) -> None:
    assert list(read_of(make, tmp_path).warnings) == said


def test_unit_merged_down_belongs_to_each(tmp_path: Path) -> None:
    reading = read_of(document_with_a_unit_merged_down, tmp_path)
    assert [row.values["unit"] for row in reading.rows] == ["Trường A", "Trường A"]


def test_error_in_one_of_several_sheets_names_the_sheet(tmp_path: Path) -> None:
    wrong = [2, *NIE[:4], "12", NIE[5]]
    reading = tables.read(workbook(tmp_path / "b", [SEPARATE, HOA_ROW], [SEPARATE, wrong], names=("Tổ Toán", "Tổ Văn")), SCHOOL)
    assert [problem.place for row in reading.bad for problem in row.problems] == ["F2 (trang “Tổ Văn”)"]
    tables.mark(reading, tmp_path / "marked", "xlsx")
    assert [row.values["name"] for row in tables.read(tmp_path / "marked", SCHOOL).rows] == [NIE[0]]


def test_sheets_of_individuals_and_of_collectives_keep_their_kinds(tmp_path: Path) -> None:
    groups = ["TT", "Tên tập thể", "Thuộc đơn vị", "Tóm tắt thành tích", "Người đại diện", "Số điện thoại, email"]
    group = [1, "Tổ Toán - Tin", "Trường A", "Dẫn đầu phong trào", "Trần Văn An", "không có"]
    path = workbook(tmp_path / "b", [SEPARATE, HOA_ROW], [groups, group], names=("Cá nhân", "Tập thể"))
    reading = tables.read(path, SCHOOL)
    assert [(part.kind, [row.values["name"] for row in part.rows]) for part in reading.parts] == [
        ("individual", ["Nguyễn Thị Hoa"]),
        ("collective", ["Tổ Toán - Tin"]),
    ]


def test_name_alone_behind_a_number_is_a_nominee_with_everything_missing(tmp_path: Path) -> None:
    reading = tables.read(workbook(tmp_path / "b", [SEPARATE, HOA_ROW, [2, "Lê An"]]), SCHOOL)
    assert [problem.field for problem in reading.bad[0].problems] == ["unit", "seniority", "summary", "phone", "email"]


def test_marked_file_that_is_still_wrong_has_one_column_of_reasons(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b", [SEPARATE, [1, *HOA[:4], "12", HOA[5]]])
    for number in range(2):
        reading = tables.read(path, SCHOOL)
        path = tmp_path / f"marked{number}"
        tables.mark(reading, path, "xlsx")
    assert tables.read(path, SCHOOL).parts[0].headers == (*SEPARATE, "Lỗi cần sửa")
