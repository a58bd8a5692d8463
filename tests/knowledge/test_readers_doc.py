"""What antiword prints becomes paragraphs and tables."""

from __future__ import annotations

from knowledge.readers.doc import paragraphs


def test_rows_between_bars_become_lines_with_tabs() -> None:
    printed = "\nDanh sách\n\n|TT  |Họ và tên   |\n|1   |Nguyễn Mẫu  |\n\nHết.\n"
    assert paragraphs(printed) == "Danh sách\n\nTT\tHọ và tên\n1\tNguyễn Mẫu\n\nHết."


def test_cell_broken_for_want_of_room_is_joined() -> None:
    printed = "|TT    |Tóm tắt thành |\n|      |tích          |\n|1     |              |\n|      |Tốt           |\n"
    assert paragraphs(printed) == "TT\tTóm tắt thành tích\n1\t\n\tTốt"


def test_head_of_a_letter_is_read_column_by_column() -> None:
    printed = "|SỞ MẪU      |CỘNG HÒA XÃ HỘI |\n|Số: 1/KH    |Độc lập - Tự do |\n"
    assert paragraphs(printed) == "SỞ MẪU\n\nSố: 1/KH\n\nCỘNG HÒA XÃ HỘI\n\nĐộc lập - Tự do"
