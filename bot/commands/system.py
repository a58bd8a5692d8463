"""`doctor`: everything that a newcomer can get wrong, one line each, with what to do about it."""

from __future__ import annotations

import asyncio
import getpass
import importlib.util
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import typer

from bot import checks
from bot.checks import Finding, ok, warning, wrong
from bot.console import CommandError, data_folder, say

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 35, 0)
SLOW_S = 5.0
PACKAGES = (
    "telegram",
    "sentence_transformers",
    "faiss",
    "sqlite_utils",
    "docx",
    "openpyxl",
    "xlsxwriter",
    "pypdfium2",
    "pytesseract",
)


def register(app: typer.Typer) -> None:
    app.command("doctor", help="Kiểm tra cài đặt, dữ liệu và kết nối; mã thoát 1 nếu có điều sai.")(doctor)


def doctor(context: typer.Context) -> None:
    """Print one line a check; exit code 1 if something is wrong."""
    folder = data_folder(context)
    wanted: list[Callable[[Path], Finding]] = [
        python_version,
        sqlite_version,
        packages,
        tesseract,
        old_word,
        writable,
        checks.secrecy,
        checks.database,
        checks.files,
        checks.admins,
        checks.plans,
        checks.model,
        checks.index,
        connection,
    ]
    findings = [_checked(check, folder) for check in wanted]
    for finding in findings:
        say(finding.line)
    if any(finding.weight == "wrong" for finding in findings):
        raise typer.Exit(1)


def _checked(check: Callable[[Path], Finding], folder: Path) -> Finding:
    try:
        return check(folder)
    except CommandError as error:
        return wrong(str(error))
    except Exception as error:
        return wrong(f"{check.__name__}: {type(error).__name__}: {' '.join(str(error).split())}")


# --- this machine ------------------------------------------------------------------------------------------------------


def python_version(folder: Path) -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return wrong(f"Python {found}: cần 3.11 trở lên")
    return ok(f"Python {found}")


def sqlite_version(folder: Path) -> Finding:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return wrong(f"SQLite {sqlite3.sqlite_version}: cần 3.35 trở lên, xin cài Python mới hơn")
    return ok(f"SQLite {sqlite3.sqlite_version}")  # before 3.51.3 a WAL reset can lose a commit: see bot/database.py


def packages(folder: Path) -> Finding:
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        return wrong(f"Thiếu thư viện {', '.join(missing)}: cài lại bằng pip install guongsang")
    return ok("Đủ thư viện")


def tesseract(folder: Path) -> Finding:
    path = shutil.which("tesseract")
    if path is None:
        return warning("Chưa có tesseract: không đọc được bản quét; cài bằng: apt install tesseract-ocr tesseract-ocr-vie")
    import pytesseract

    if "vie" not in pytesseract.get_languages(config=""):
        return warning("tesseract chưa có tiếng Việt: cài bằng: apt install tesseract-ocr-vie")
    return ok("tesseract có tiếng Việt: đọc được bản quét")


def old_word(folder: Path) -> Finding:
    if shutil.which("antiword") is None:
        return warning(
            "Chưa có antiword: không đọc được tệp .doc đời cũ; cài bằng: apt install antiword, hoặc lưu lại thành .docx"
        )
    return ok("antiword: đọc được tệp .doc đời cũ")


# --- the data ----------------------------------------------------------------------------------------------------------


def writable(folder: Path) -> Finding:
    at = folder if folder.exists() else next((parent for parent in folder.parents if parent.exists()), folder)
    if not os.access(at, os.W_OK):
        return wrong(f"Không ghi được vào {at}: đổi quyền, hoặc chọn thư mục khác bằng --data")
    free = shutil.disk_usage(at).free // 2**20
    if free < 200:
        return wrong(f"Ổ đĩa của {at} chỉ còn {free} MB: cần ít nhất 200 MB")
    return ok(f"Thư mục dữ liệu {folder}, còn {free} MB")


# --- Telegram ----------------------------------------------------------------------------------------------------------


def connection(folder: Path) -> Finding:
    """Whether the token is good and Telegram can be reached. The token is never shown."""
    from bot.settings import Settings

    settings = Settings(data=folder)
    if settings.token is None:
        return wrong("Chưa có token: chạy guongsang setup, hoặc đặt biến môi trường GUONGSANG_TOKEN (xin ở @BotFather)")
    return asyncio.run(_reach(settings.token.get_secret_value(), settings.api, settings.proxy))


async def _reach(token: str, api: str, proxy: str | None) -> Finding:
    from telegram import Bot
    from telegram.error import InvalidToken, NetworkError, TelegramError
    from telegram.request import HTTPXRequest

    loop = asyncio.get_running_loop()
    began = loop.time()
    request = HTTPXRequest(proxy=proxy, connect_timeout=SLOW_S, read_timeout=2 * SLOW_S)
    bot = Bot(token, base_url=f"{api.rstrip('/')}/bot", request=request)
    how = f"qua {'proxy' if proxy else 'mạng trực tiếp'}, {api}"
    try:
        async with bot:
            me = await bot.get_me()
    except InvalidToken:
        return wrong("Token không đúng: chép lại từ @BotFather vào GUONGSANG_TOKEN")
    except NetworkError:
        return wrong(
            f"Không tới được Telegram ({how}): nếu mạng chặn Telegram, đặt GUONGSANG_PROXY, ví dụ socks5://127.0.0.1:1080"
        )
    except TelegramError as error:
        return wrong(f"Telegram trả lời: {error.message} ({how})")
    took = loop.time() - began
    if took > SLOW_S:
        return warning(f"Nối được với @{me.username}, nhưng chậm ({took:.0f} giây, {how})")
    return ok(f"Nối được với @{me.username} ({how})")


def write_service(folder: Path) -> str:
    """A systemd unit, or on Windows a script for the task scheduler, beside the data; returns what to do with it."""
    windows = os.name == "nt"
    beside = Path(sys.executable).with_name("guongsang.exe" if windows else "guongsang")
    program = str(beside) if beside.exists() else shutil.which("guongsang") or "guongsang"
    if windows:
        path = folder / "guongsang-dich-vu.ps1"
        path.write_text(_TASK.format(program=program, folder=folder), encoding="utf-8-sig")  # PowerShell 5 wants the mark
        return f"Đã ghi {path}. Bấm chuột phải vào tệp này, chọn Run with PowerShell với quyền quản trị."
    path = folder / "guongsang.service"
    path.write_text(_UNIT.format(program=program, folder=folder, user=getpass.getuser()), encoding="utf-8")
    return f"Đã ghi {path}. Cài bằng: sudo cp '{path}' /etc/systemd/system/ && sudo systemctl enable --now guongsang"


_UNIT = """[Unit]
Description=Guong Sang
After=network-online.target
Wants=network-online.target

[Service]
User={user}
UMask=0077
ExecStart="{program}" --data "{folder}" run
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
"""

_TASK = """$action = New-ScheduledTaskAction -Execute "{program}" -Argument '--data "{folder}" run'
$trigger = New-ScheduledTaskTrigger -AtStartup
$principal = New-ScheduledTaskPrincipal -UserId "SYSTEM" -LogonType ServiceAccount
$settings = New-ScheduledTaskSettingsSet -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) -ExecutionTimeLimit 0
Register-ScheduledTask -TaskName "GuongSang" -Action $action -Trigger $trigger -Principal $principal -Settings $settings -Force
Start-ScheduledTask -TaskName "GuongSang"
"""
