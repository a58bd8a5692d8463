"""What the exported files of a whole round hold, cell by cell, and a list that was edited in Excel and corrected."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import openpyxl
from docx import Document

from bot import messages
from bot.access import Role
from bot.stage import Stage
from tests.bot.chats import play
from tests.bot.school import ORG, school

WHOLE = Path(__file__).parent / "transcripts" / "whole_round_with_council.txt"
HEADER = ["TT", "Họ và tên", "Đơn vị công tác", "Thâm niên giảng dạy", "Tóm tắt thành tích", "Số điện thoại, email", "Mã hồ sơ"]
MAI = ["1", "Nguyễn Thị Mai", "Tổ Toán", "12 năm", "Dạy giỏi cấp tỉnh 2 năm liền", "ĐT: 0912 345 678\nEmail: mai@x.edu.vn", "ĐC-0001"]
ICH = ["2", "Lò Văn Ích", "Tổ Toán", "3 năm", "Dạy giỏi cấp huyện", "ĐT: 0987 654 321\nEmail: Không có", "ĐC-0003"]
NUP = ["3", "Đinh Núp", "Tổ Toán", "20 năm", "Nêu gương", "ĐT: +84 912 345 679\nEmail: nup@x.edu.vn", "ĐC-0004"]


def newest(stage: Stage, ending: str) -> bytes:
    """The list sent last, as a file of this format."""
    return next(file.data for file in reversed(stage.emulator.files.values()) if file.name.endswith(ending))


def of_word(data: bytes) -> list[list[str]]:
    table = next(table for table in Document(io.BytesIO(data)).tables if table.rows[0].cells[0].text == "TT")
    return [[cell.text for cell in row.cells] for row in table.rows]


def of_excel(data: bytes) -> list[list[str]]:
    """The rows from the header on, as long as they are numbered; every cell is text."""
    rows = [list(row) for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()]
    start = next(number for number, row in enumerate(rows) if row[0].value == "TT")
    table = [row for row in rows[start:] if row[0].value == "TT" or str(row[0].value).isdecimal()]
    assert {cell.data_type for row in table for cell in row} == {"s"}
    return [[str(cell.value) for cell in row] for row in table]


def edited(data: bytes, old: str, new: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    cell = next(cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == old)
    cell.value = new
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def press(stage: Stage, button: str) -> list[str]:
    clerk = stage.people[Role.SECRETARIAT]
    clerk.news()
    await clerk.press(button)
    await stage.settled()
    return clerk.texts()


async def scene(stage: Stage) -> None:
    await play(stage, WHOLE)
    clerk = stage.people[Role.SECRETARIAT]
    assert of_word(newest(stage, ".docx")) == of_excel(newest(stage, ".xlsx")) == [HEADER, MAI, ICH, NUP]

    clerk.news()
    await clerk.send_file("da-sua.xlsx", edited(newest(stage, ".xlsx"), "3 năm", "4 năm"))
    await stage.settled()
    assert messages.list_change("ĐC-0003", "Thâm niên giảng dạy", "3 năm", "4 năm") in clerk.texts()[0]
    assert await press(stage, messages.LIST_TAKE) == [messages.list_taken(["ĐC-0003"])]
    texts = await press(stage, messages.LIST_CORRECT)
    assert texts[-1] == messages.list_head("Đợt đề cử 1", 1, "Bản 2, thay bản 1", 3)
    corrected = [HEADER, MAI, [*ICH[:3], "4 năm", *ICH[4:]], NUP]
    assert of_word(newest(stage, ".docx")) == of_excel(newest(stage, ".xlsx")) == corrected
    store = stage.services.nominations
    assert [[row.values["seniority"] for row in fixed.nominations] for fixed in store.lists(store.rounds(ORG)[0].id)] == [
        ["12 năm", "3 năm", "20 năm"],
        ["12 năm", "4 năm", "20 năm"],
    ]


def test_files_of_a_whole_round_and_of_its_correction(tmp_path: Path) -> None:
    async def whole() -> None:
        async with school(tmp_path, vote=True) as stage:
            await scene(stage)

    asyncio.run(whole())
