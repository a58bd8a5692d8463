"""The one error of reading, and the sentences people see. Codes are for programs, messages for people."""

from __future__ import annotations

from ..text import one_line

_TOOLS = {
    "tesseract": (
        "nhận dạng chữ trên bản quét và ảnh",
        "sudo apt install tesseract-ocr tesseract-ocr-vie",
        "winget install UB-Mannheim.TesseractOCR, chọn thêm tiếng Việt khi cài",
    ),
    "tesseract-ocr-vie": (
        "dữ liệu tiếng Việt của tesseract",
        "sudo apt install tesseract-ocr-vie",
        "chạy lại bộ cài Tesseract và chọn Vietnamese",
    ),
    "antiword": (
        "đọc tệp Word cũ (.doc)",
        "sudo apt install antiword",
        "lưu tệp thành .docx bằng Word, hoặc cài antiword rồi thêm vào PATH",
    ),
}


class Unreadable(Exception):  # noqa: N818  (a state of the file, named as people say it)
    """A file that gives no text. `code` is one of empty, unsupported, too_large, encrypted, damaged, missing_tool,
    timeout, missing_file; `message` is one Vietnamese line: what, with which value, what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str]]:
        return type(self), (self.code, self.message)


def shown(name: str) -> str:
    """A file name as it may stand in a message: one line, at most 60 characters."""
    name = one_line(name) or "không tên"
    return name if len(name) <= 60 else f"{name[:45]}…{name[-12:]}"


def missing_tool(tool: str) -> Unreadable:
    """Names the tool, what it is for, and how it is installed on Ubuntu and on Windows."""
    purpose, ubuntu, windows = _TOOLS[tool]
    return Unreadable(
        "missing_tool", f"Thiếu {tool} ({purpose}). Ubuntu: {ubuntu}. Windows: {windows}. Các định dạng khác vẫn đọc được."
    )


def damaged(name: str) -> Unreadable:
    """A file that its parser cannot make sense of."""
    return Unreadable("damaged", f"Tệp “{name}” bị hỏng hoặc không đúng định dạng: hãy mở và lưu lại, rồi gửi lại.")


def encrypted(name: str) -> Unreadable:
    """A file that opens with a password only."""
    return Unreadable("encrypted", f"Tệp “{name}” đặt mật khẩu: hãy bỏ mật khẩu rồi gửi lại.")


def too_many_pages(name: str, pages: int, most: int) -> Unreadable:
    """A document of more pages than are read."""
    return Unreadable("too_large", f"Tệp “{name}” có {pages} trang, tối đa {most}: hãy tách phần kế hoạch ra một tệp riêng.")
