"""Wrong usage of the command line, said in one Vietnamese line: what is wrong, with which value, where to look."""

from __future__ import annotations

import re
from typing import Any

_SAYINGS: tuple[tuple[str, str], ...] = (
    (r"Missing command\.?", "Thiếu lệnh"),
    (r"No such command ['“\"]?(?P<a>[^'\"]*)['\"]?\.(?: .*['\"](?P<b>[^'\"]+)['\"].*)?", "Không có lệnh “{a}”{b}"),
    (r"Missing (?:option|parameter)[: ]*['\"]?(?P<a>[^'\".]+)['\"]?\.(?: Choose from:? (?P<c>.*))?", "Thiếu {a}{c}"),
    (r"Missing argument ['\"](?P<a>[^'\"]+)['\"]\.?.*", "Thiếu {a}"),
    (r"No such option:? ['\"]?(?P<a>[^'\" ]+?)['\"]?(?:[. ].*?(?P<b>--?[\w-]+(?:, --?[\w-]+)*).*)?", "Không có tuỳ chọn {a}{b}"),
    (r"Option ['\"](?P<a>[^'\"]+)['\"] requires (?:an|\d+) arguments?\.?", "Sau {a} cần một giá trị"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((?P<a>.*)\)", "Thừa “{a}”: câu có dấu cách thì đặt trong ngoặc kép"),
    (r"Invalid value for (?P<a>.+?): .*?'(?P<v>[^']*)' is not one of (?P<c>.+?)\.?", "{a} không nhận “{v}”{c}"),
    (r"Invalid value for (?P<a>.+?): .*(?:valid integer|valid float).*", "{a} cần một số"),
    (r"Invalid value for (?P<a>.+?): .*(?:less than|greater than|in the range|≤|≥).*", "Số ở {a} ngoài khoảng cho phép"),
    (r"Invalid value for (?P<a>.+?): (?P<v>.*)", "{a}: {v}"),
    (r"Invalid value: (?P<v>.*)", "{v}"),
)


def is_usage(error: BaseException) -> bool:
    """Whether an exception of the command line's own library says that it was called wrongly. Two libraries are in use: typer's own
    and click; both mark such an error so."""
    return getattr(error, "exit_code", None) == 2 and hasattr(error, "format_message")


def explained(error: Any) -> str:
    """The line for a person; a message that is not known here stays as it is."""
    message = " ".join(str(error.format_message()).split())
    told = next((_said(saying, found) for pattern, saying in _SAYINGS if (found := re.fullmatch(pattern, message))), message)
    command = error.ctx.command_path if getattr(error, "ctx", None) else "guongsang"
    told = told[:1].upper() + told[1:]
    return f"{told}{'' if told.endswith('?') else '.'} Xem cách dùng: {command} --help"


def _said(saying: str, found: re.Match[str]) -> str:
    parts = {name: (value or "").strip().strip("'\"") for name, value in found.groupdict().items()}
    if parts.get("b"):
        parts["b"] = f", có phải {parts['b']}?"
    if parts.get("c"):
        parts["c"] = f": chọn {parts['c'].replace(chr(39), '').rstrip('.')}"
    return saying.format(**{"a": "", "b": "", "c": "", "v": "", **parts}).rstrip(".")
