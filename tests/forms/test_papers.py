"""The papers, cell by cell and line by line, and every awkward text in every field of them."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
import zipfile
from datetime import date

import pytest
from docx import Document
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from forms import evidence, papers, rounds, tables
from forms.layout import by_given_name
from forms.model import Evidence
from forms.papers import Heading, Slot
from forms.values import paragraph
from tests.forms.builders import CLERK, COLLEGE, COLUMNS, NOW, SCHOOL, nomination

HEADING = Heading(superior="Phòng GD&ĐT Sao Mai", issuer="Trường THCS Bình Minh", place="Sao Mai")


def lines(path):
    """All texts of a document, those of its borderless blocks included, in order."""
    blocks = [node for node in Document(str(path)).element.body.iter() if node.tag.endswith("}p")]
    texts = ["".join(node.text or "" for node in block.iter() if node.tag.endswith("}t")) for block in blocks]
    return [text for text in texts if text.strip()]


def bordered(path):
    """The cells of the tables that are lists: those whose header repeats."""
    found = [table for table in Document(str(path)).tables if table._tbl.xpath("./w:tr/w:trPr/w:tblHeader")]
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in found]


def test_unit_list_is_laid_out_as_the_plan_prints_it(tmp_path):
    papers.unit_list([nomination(), nomination(name="Lê An", phone="Không có")], HEADING, tmp_path / "out.docx")
    assert lines(tmp_path / "out.docx")[:4] == [
        "PHÒNG GD&ĐT SAO MAI",
        "TRƯỜNG THCS BÌNH MINH",
        "DANH SÁCH",
        "(Kèm theo Tờ trình số ………/TTr-……… ngày ……… tháng ……… năm ………)",
    ]
    assert lines(tmp_path / "out.docx")[-1] == "THỦ TRƯỞNG ĐƠN VỊ"
    tail = ["Trường THCS Bình Minh", "12 năm", "Giáo viên dạy giỏi"]
    assert bordered(tmp_path / "out.docx") == [
        [
            list(COLUMNS),
            ["1", "Nguyễn Thị Hoa", *tail, "ĐT: 0912 345 678\nEmail: hoa.nt@truong.edu.vn"],
            ["2", "Lê An", *tail, "ĐT: Không có\nEmail: hoa.nt@truong.edu.vn"],
        ]
    ]


def test_unit_list_as_a_sheet_holds_the_same(tmp_path):
    papers.unit_list([nomination()], HEADING, tmp_path / "out.xlsx", "xlsx")
    page = load_workbook(tmp_path / "out.xlsx").worksheets[0]
    texts = [[cell.value for cell in row if cell.value] for row in page.iter_rows()]
    assert [row for row in texts if row] == [
        ["PHÒNG GD&ĐT SAO MAI"],
        ["TRƯỜNG THCS BÌNH MINH"],
        ["DANH SÁCH"],
        ["(Kèm theo Tờ trình số ………/TTr-……… ngày ……… tháng ……… năm ………)"],
        list(COLUMNS),
        ["1", "Nguyễn Thị Hoa", "Trường THCS Bình Minh", "12 năm", "Giáo viên dạy giỏi"]
        + ["ĐT: 0912 345 678\nEmail: hoa.nt@truong.edu.vn"],
        ["THỦ TRƯỞNG ĐƠN VỊ"],
    ]
    assert {cell.font.name for row in page.iter_rows() for cell in row if cell.value} == {"Times New Roman"}
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)


def test_layout_of_ours_is_labelled_so(tmp_path):
    papers.unit_list([nomination(spec=COLLEGE)], HEADING, tmp_path / "out.docx")
    assert "Kế hoạch không kèm mẫu; đây là mẫu của hệ thống." in lines(tmp_path / "out.docx")
    papers.unit_list([nomination(kind="collective")], HEADING, tmp_path / "out.docx")
    assert "Mẫu của kế hoạch dành cho cá nhân; đây là mẫu của hệ thống cho tập thể." in lines(tmp_path / "out.docx")


def test_page_is_a4_with_the_margins_of_the_decree(tmp_path):
    papers.pack([nomination()], HEADING, "Phòng GD&ĐT", tmp_path)
    for name, landscape in (("Danh sách.docx", True), ("Tờ trình (dự thảo).docx", False)):
        document = Document(str(tmp_path / name))
        page = document.sections[0]
        sides = {round(page.page_width / Mm(1)), round(page.page_height / Mm(1))}
        assert (sides, page.page_width > page.page_height) == ({210, 297}, landscape)
        assert 30 <= page.left_margin / Mm(1) <= 35
        assert 15 <= page.right_margin / Mm(1) <= 20
        assert 20 <= page.top_margin / Mm(1) <= 25
        assert document.styles["Normal"].font.name == "Times New Roman"
        assert page.different_first_page_header_footer


def test_letter_leaves_number_and_date_blank_and_counts_the_nominees(tmp_path):
    papers.letter([nomination(), nomination(kind="collective")], HEADING, "Phòng GD&ĐT Sao Mai", tmp_path / "out.docx")
    found = lines(tmp_path / "out.docx")
    assert found[:9] == [
        "PHÒNG GD&ĐT SAO MAI",
        "TRƯỜNG THCS BÌNH MINH",
        "Số: ……/TTr-……",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Sao Mai, ngày …… tháng …… năm 20……",
        "TỜ TRÌNH",
        "Về việc đề nghị xét, công nhận điển hình tiên tiến",
        "Kính gửi: Phòng GD&ĐT Sao Mai.",
    ]
    assert "Căn cứ Kế hoạch số 12/KH-SAO biểu dương gương sáng;" in found
    assert any("đối với 01 cá nhân và 01 tập thể có tên" in text for text in found)
    assert found[-4:] == ["Nơi nhận:", "- Như trên;", "- Lưu: VT, ……", "THỦ TRƯỞNG ĐƠN VỊ"]


def test_minutes_leave_people_opinions_and_votes_blank(tmp_path):
    papers.minutes([nomination(), nomination(name="Lê An")], HEADING, tmp_path / "out.docx")
    found = lines(tmp_path / "out.docx")
    assert "2.2. Lê An (Trường THCS Bình Minh): Giáo viên dạy giỏi" in found
    assert [row[3:] for row in bordered(tmp_path / "out.docx")[0][1:]] == [["", "", ""], ["", "", ""]]
    assert found[-2:] == ["THƯ KÝ", "CHỦ TỌA"]


def test_compiled_list_has_number_version_and_free_signatures(tmp_path):
    held = rounds.open_round(SCHOOL, "Đợt 1", date(2026, 11, 1), CLERK)[0].model_copy(update={"id": 1})
    filed = [nomination(f"ĐC-000{n}", name=name) for n, name in enumerate(["Lê Vân", "Trần An", "Võ Ân"], 1)]
    filed = [item.model_copy(update={"round_id": 1, "state": "accepted"}) for item in filed]
    closed, first, _ = rounds.close(held, filed[:2], 3, CLERK, NOW)
    second, _ = rounds.correct(first, closed, filed, CLERK, NOW)
    slots = (
        Slot(title="NGƯỜI LẬP", name="Lê Mai"),
        Slot(title="KT. TRƯỞNG PHÒNG\nPHÓ TRƯỞNG PHÒNG", name="ThS. Phạm Long"),
    )
    papers.compiled(second, closed, HEADING, slots, tmp_path / "out.docx", by_name=True)
    found = lines(tmp_path / "out.docx")
    assert "Danh sách tổng hợp số 3. Bản 2, thay bản 1." in found
    assert found[-5:] == ["NGƯỜI LẬP", "Lê Mai", "KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG", "ThS. Phạm Long"]
    assert [(row[0], row[1], row[-1]) for row in bordered(tmp_path / "out.docx")[0][1:]] == [
        ("1", "Trần An", "ĐC-0002"),
        ("2", "Võ Ân", "ĐC-0003"),
        ("3", "Lê Vân", "ĐC-0001"),
    ]


def test_no_papers_are_made_for_a_field_of_the_party(tmp_path):
    of_party = nomination(spec=COLLEGE, field="Xây dựng Đảng", role="party_member")
    assert papers.pack([of_party], HEADING, "Hội đồng", tmp_path) == {}
    papers.pack([of_party, nomination(spec=COLLEGE, name="Lê An")], HEADING, "Hội đồng", tmp_path)
    assert [row[1] for row in bordered(tmp_path / "Danh sách.docx")[0][1:]] == ["Lê An"]


def test_individuals_sort_by_given_name_before_groups():
    filed = [nomination(kind="collective", name="Tổ A"), nomination(name="Lê Đức"), nomination(name="Trần Dung")]
    assert [item.name for item in by_given_name(filed)] == ["Trần Dung", "Lê Đức", "Tổ A"]


def test_evidence_lies_by_nominee_under_safe_names(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    held = nomination("ĐC-0001").model_copy(
        update={
            "evidence": (
                Evidence(file_id="a", name="../../giấy: khen?.pdf", criterion="II.2.-2"),
                Evidence(file_id="b", name="mất.jpg"),
            )
        }
    )
    absent = evidence.write_zip([held], {"a": tmp_path / "a"}, tmp_path / "out.zip")
    assert absent == ["ĐC-0001: mất.jpg"]
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == ["ĐC-0001 Nguyễn Thị Hoa/01 tc2 _.._giấy_ khen_.pdf"]


@pytest.mark.parametrize("paper", ["list", "letter", "minutes"])
def test_signature_is_tied_to_what_stands_before_it(tmp_path, paper):
    """The last row or line goes with the signature to its page, and so do the blank lines between."""
    out = tmp_path / "out.docx"
    made = {"list": papers.unit_list, "letter": lambda n, h, o: papers.letter(n, h, "Phòng", o), "minutes": papers.minutes}
    made[paper]([nomination(), nomination()], HEADING, out)
    body = [block for block in Document(str(out)).element.body if block.tag.endswith(("}p", "}tbl"))]
    signature = max(n for n, block in enumerate(body) if block.tag.endswith("}tbl"))
    before = signature - 1
    while body[before].tag.endswith("}p") and not "".join(body[before].itertext()).strip():
        assert body[before].xpath("./w:pPr/w:keepNext")
        before -= 1
    last = body[before].xpath("./w:tr[last()]//w:p") if paper == "list" else [body[before]]
    assert last
    assert all(block.xpath("./w:pPr/w:keepNext") for block in last)


# --- awkward texts -------------------------------------------------------------------------------------------------

AWKWARD = {
    "=1+1": "=1+1",
    "+84 912 345 678": "+84 912 345 678",
    "@x": "@x",
    "-2+3": "-2+3",
    '=HYPERLINK("http://x","y")': '=HYPERLINK("http://x","y")',
    "é" * 5_000: "é" * 5_000,
    "giỏi 🎉👩‍🏫❤️‍🔥": "giỏi 🎉👩‍🏫❤️‍🔥",
    "Hoa\u200d \u202eđảo ngược\u202c\u200f": "Hoa đảo ngược",
    unicodedata.normalize("NFD", "Nguyễn Thị Hoà"): "Nguyễn Thị Hoà",
    "<b>&amp;</b> ]]>": "<b>&amp;</b> ]]>",
    "_x0041_ _x000D_": "_x0041_ _x000D_",
    "hai\ndòng\tthẻ": "hai\ndòng\tthẻ",
    "{name} %s \\n": "{name} %s \\n",
}
FIELDS = ["name", "unit", "seniority", "summary", "phone", "email"]


@pytest.mark.parametrize(("text", "seen"), AWKWARD.items(), ids=lambda text: ascii(text[:12]))
def test_awkward_text_comes_out_of_both_formats_as_typed(tmp_path, text, seen):
    """What is typed is stored less the marks that nobody sees, and written as it is stored."""
    stored = paragraph(text)
    assert stored == seen
    filed = nomination(**dict.fromkeys(FIELDS, stored))
    contact = f"ĐT: {stored}\nEmail: {stored}"
    row = ["1", stored, stored, stored, stored, contact]
    tables.export([filed], tmp_path / "out.docx", "docx")
    assert bordered(tmp_path / "out.docx")[0][1] == row
    tables.export([filed], tmp_path / "out.xlsx", "xlsx")
    cells = list(load_workbook(tmp_path / "out.xlsx").worksheets[0].iter_rows())[-1]
    assert [unescape(cell.value) for cell in cells] == row
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_text_comes_out_as_it_was_cleaned(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("any")
    stored = paragraph(text)
    filed = nomination(summary=stored)
    tables.export([filed], folder / "out.docx", "docx")
    assert bordered(folder / "out.docx")[0][1][4] == stored
    tables.export([filed], folder / "out.xlsx", "xlsx")
    assert (list(load_workbook(folder / "out.xlsx").worksheets[0].iter_rows())[-1][4].value or "") == stored


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_every_paper(tmp_path):
    papers.pack([nomination(), nomination(kind="collective")], HEADING, "Phòng GD&ĐT", tmp_path)
    tables.blank(SCHOOL, "individual", tmp_path / "blank.xlsx")
    files = sorted(path for path in tmp_path.iterdir() if path.suffix in (".docx", ".xlsx"))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    for path in files:
        subprocess.run(
            ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path / f"pdf{path.suffix}", path],
            check=True,
            capture_output=True,
            timeout=120,
        )
    made = {
        pdf.stem
        for suffix in (".docx", ".xlsx")
        for pdf in (tmp_path / f"pdf{suffix}").iterdir()
        if pdf.stat().st_size > 5_000
    }
    assert made == {path.stem for path in files}
