"""Untrusted office files, before any parser sees them: is it what it says, and does it stay small when it is unpacked?"""

from __future__ import annotations

import zipfile
from pathlib import Path

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 120 * 1024 * 1024
MAX_PARTS = 2_000
MAX_RATIO = 200
_SMALL = 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class UnreadableTable(Exception):  # noqa: N818
    """A file that is no table of ours: one Vietnamese sentence, what is wrong and what to do."""


def kind_of(path: Path) -> str:
    """ "xlsx" or "docx" by content, whatever the name says. Raises `UnreadableTable` with the reason."""
    name = path.name[:80]
    size = path.stat().st_size
    if size == 0:
        raise UnreadableTable(f"Tệp {name} rỗng, xin gửi lại.")
    if size > MAX_BYTES:
        raise UnreadableTable(f"Tệp {name} nặng {size / 1048576:.0f} MB, tối đa {MAX_BYTES // 1048576} MB.")
    with path.open("rb") as file:
        if file.read(8) == _OLE:
            raise UnreadableTable(
                f"Tệp {name} có mật khẩu hoặc theo định dạng cũ (.xls, .doc), xin lưu lại thành .xlsx hoặc .docx."
            )
    try:
        with zipfile.ZipFile(path) as archive:
            return _kind_of(archive, name)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise UnreadableTable(f"Tệp {name} không phải .xlsx hay .docx hoặc đã hỏng, xin gửi lại tệp gốc.") from error


def _kind_of(archive: zipfile.ZipFile, name: str) -> str:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    swollen = any(part.file_size > _SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1) for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or swollen:
        raise UnreadableTable(f"Tệp {name} phình quá lớn khi mở, không nhận. Xin gửi bảng gọn hơn.")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableTable(f"Tệp {name} có mật khẩu, xin bỏ mật khẩu rồi gửi lại.")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and _declares_a_type(archive, part):
            raise UnreadableTable(f"Tệp {name} chứa khai báo lạ, không nhận. Xin lưu lại bằng Word hoặc Excel.")
    names = {part.filename for part in parts}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "word/document.xml" in names:
        return "docx"
    raise UnreadableTable(f"Tệp {name} không phải .xlsx hay .docx, xin gửi đúng mẫu.")


def _declares_a_type(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """No office program writes a document type; entities are declared there."""
    with archive.open(part) as file:
        head = file.read(2048)
    return b"<!DOCTYPE" in head or b"<\x00!\x00D\x00O" in head
