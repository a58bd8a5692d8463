"""Which of several plans a filled table is for."""

from __future__ import annotations

import openpyxl
import pytest
from docx import Document

from forms import tables
from forms.naming import fitting
from tests.forms.builders import BARE, COLLEGE, COLUMNS, SCHOOL
from tests.forms.test_tables import GOOD, sheet

OTHER = SCHOOL.model_copy(update={"plan_id": "sao-2", "number": "27/KH-SAO", "title": "Kế hoạch thi đua dạy tốt, học tốt"})
EITHER = ["sao-1", "sao-2"]
WITH_FIELD = [*COLUMNS[:3], "Lĩnh vực", *COLUMNS[3:]]


def named(path, *specs):
    return [spec.plan_id for spec in fitting(path, specs or (SCHOOL, OTHER))]


@pytest.mark.parametrize(
    ("above", "plans"),
    [
        ("", EITHER),
        ("DANH SÁCH", EITHER),
        ("(Kèm theo Kế hoạch số 27/KH-SAO ngày 05/9/2026)", ["sao-2"]),
        ("kèm theo KH số 12 / KH - SAO", ["sao-1"]),
        ("Kèm theo Kế hoạch số 127/KH-SAO", EITHER),
        ("Kèm theo Kế hoạch số 27/KH-SAOVIET", EITHER),
        ("Theo Kế hoạch số 12/KH-SAO và Kế hoạch số 27/KH-SAO", EITHER),
        ("DANH SÁCH THI ĐUA DẠY TỐT, HỌC TỐT", ["sao-2"]),
        ("Danh sach bieu duong guong sang", ["sao-1"]),
        ("Thi đua dạy tốt, học tốt, kèm theo Kế hoạch số 12/KH-SAO", ["sao-1"]),
    ],
)
def test_plan_is_known_by_what_stands_over_the_table(tmp_path, above, plans):
    assert named(sheet(tmp_path / "a", [[above], list(COLUMNS), GOOD])) == plans


def test_plan_is_known_by_the_name_of_the_sheet_and_not_by_what_a_row_says(tmp_path):
    rows = [list(COLUMNS), [*GOOD[:4], "Thực hiện tốt Kế hoạch số 27/KH-SAO", GOOD[5]]]
    assert named(sheet(tmp_path / "a", rows)) == EITHER
    made = tmp_path / "b"
    tables_of(made, "Theo KH 27 KH-SAO", rows)
    assert named(made) == ["sao-2"]


def tables_of(path, title, rows):
    book = openpyxl.Workbook()
    book.worksheets[0].title = title
    for row in rows:
        book.worksheets[0].append(row)
    with path.open("wb") as file:
        book.save(file)


def test_plan_is_known_by_what_stands_beside_the_table_of_a_document(tmp_path):
    made = Document()
    table = made.add_table(rows=0, cols=len(COLUMNS))
    for row in (COLUMNS, GOOD):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    made.add_paragraph("Danh sách này kèm theo Kế hoạch số 27/KH-SAO.")
    made.save(str(tmp_path / "a"))
    assert named(tmp_path / "a") == ["sao-2"]


@pytest.mark.parametrize(
    ("columns", "plans"),
    [
        (COLUMNS, ["sao-1", "moc-1"]),
        (WITH_FIELD, ["trang-1"]),
        ([*COLUMNS, "Ghi chú"], ["sao-1", "trang-1", "moc-1"]),
        (["Họ và tên", "Đơn vị công tác", "Tóm tắt thành tích"], ["sao-1", "trang-1", "moc-1"]),
    ],
)
def test_form_is_known_by_its_columns(tmp_path, columns, plans):
    assert named(sheet(tmp_path / "a", [list(columns), GOOD]), SCHOOL, COLLEGE, BARE) == plans


@pytest.mark.parametrize("format", ["xlsx", "docx"])
@pytest.mark.parametrize("kind", ["individual", "collective"])
@pytest.mark.parametrize("spec", [SCHOOL, OTHER], ids=["first", "second"])
def test_blank_table_names_its_plan(tmp_path, spec, kind, format):
    tables.blank(spec, kind, tmp_path / "blank", format)
    assert named(tmp_path / "blank") == [spec.plan_id]
