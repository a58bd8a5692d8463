"""The demo in the terminal, driven by a script on standard input."""

from __future__ import annotations

import re
from pathlib import Path

import docx

from tests.bot.test_cli import process

NOMINATION = """/decu
#Cá nhân
Hồ sơ gồm những gì?
{role}Nguyễn Thị Mai
12 năm
Giáo viên giỏi cấp huyện ba năm liền
#Bỏ qua
#Quay lại
0912 345 678
#Không có
#1
#Xong
#Đã đồng ý
#Gửi
@secretariat
#Tiếp nhận
/tonghop
"""


def test_first_screen_shows_a_question_answered(tmp_path: Path) -> None:
    done = process("demo", data=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "teacher> Hồ sơ đề cử gồm những gì?" in done.stdout
    assert "Trả lời số TL-0001" in done.stdout
    assert done.stderr == ""


def test_unit_head_asks_in_the_middle_finishes_and_the_secretariat_exports(tmp_path: Path) -> None:
    done = process("demo", "--as", "unit_head", data=tmp_path, stdin=NOMINATION.format(role="#1\n"))
    assert done.returncode == 0, done.stderr
    out = done.stdout
    asked = out.index("unit_head> Hồ sơ gồm những gì?")
    answered = out.index("Trả lời số TL-0002", asked)
    assert out.index("Người được đề cử thuộc nhóm nào?", answered) < out.index("Họ và tên người được đề cử?", answered)
    assert "Đã nhận ĐC-0001" in out
    assert re.search(r"secretariat: Hồ sơ mới ĐC-0001.*Nguyễn Thị Mai", out, re.DOTALL)
    assert "[1] Tiếp nhận   [2] Trả lại" in out
    table = re.search(r"lưu tại (\S+\.docx)", out)
    assert table is not None
    cells = [cell.text for t in docx.Document(table[1]).tables for row in t.rows for cell in row.cells]
    assert "Nguyễn Thị Mai" in cells
    assert done.stderr == ""


def test_mistakes_of_a_script_are_answered_and_the_demo_goes_on(tmp_path: Path) -> None:
    done = process("demo", "--org", "hatinh", data=tmp_path, stdin="#nút lạ\n@ai-do\n+/khong/co/tep.txt\n#1\n")
    assert done.returncode == 0, done.stderr
    assert "Không có nút “nút lạ”" in done.stdout
    assert "Không có vai “ai-do”" in done.stdout
    assert "/khong/co/tep.txt:" in done.stdout
