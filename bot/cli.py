"""The command line: `guongsang [--data DIR] COMMAND …`. Every module of `bot/commands/` brings its own commands.

Errors are one line on standard error with exit code 1; wrong usage exits with 2.
"""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

import bot.commands
from bot import usage
from bot.console import CommandError, complain, why

DEBUG = "GUONGSANG_DEBUG"


def build() -> typer.Typer:
    """The typer app with every command registered."""
    app = typer.Typer(
        name="guongsang",
        help="Gương Sáng: hỏi đáp theo kế hoạch thi đua và nhận đề cử điển hình tiên tiến qua Telegram.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def root(
        context: typer.Context,
        data: Annotated[Path | None, typer.Option(help="Thư mục dữ liệu (mặc định: GUONGSANG_DATA)")] = None,
    ) -> None:
        context.obj = {"data": data}

    for module in sorted(pkgutil.iter_modules(bot.commands.__path__), key=lambda found: found.name):
        importlib.import_module(f"bot.commands.{module.name}").register(app)
    return app


def main() -> None:
    """The console script. Never shows a traceback unless GUONGSANG_DEBUG is set."""
    _speak_utf8()
    try:
        raise SystemExit(build()(prog_name="guongsang", standalone_mode=False) or 0)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except typer.Abort:
        raise SystemExit(1) from None
    except Exception as error:
        if usage.is_usage(error):
            _complain_of_usage(error)
        if os.environ.get(DEBUG):
            raise
        complain(explained(error))
        raise SystemExit(1) from None


def _complain_of_usage(error: Any) -> NoReturn:
    """Called without a command, the help is what was wanted; else one line."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
    else:
        complain(usage.explained(error))
    raise SystemExit(2) from None


def explained(error: Exception) -> str:
    """One line for a person about an error: its own words where it was made for people."""
    from bot.encryption import database_errors, operational_errors

    if isinstance(error, _for_people()):
        return one_line(str(error))
    if isinstance(error, ValidationError):
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
        return f"Cấu hình chưa đúng: {one_line(wrong)}"
    if isinstance(error, operational_errors()) and "locked" in str(error):
        return "Dữ liệu đang bận (bot đang chạy?): chờ một lát rồi thử lại, hoặc làm việc này trong cuộc trò chuyện với bot"
    if isinstance(error, database_errors()):
        return f"Không đọc được cơ sở dữ liệu ({one_line(str(error))}): kiểm tra bằng guongsang doctor"
    if isinstance(error, OSError) and error.filename:
        return f"Không mở được “{error.filename}”: {one_line(why(error))}"
    return f"Lỗi ngoài dự kiến: {type(error).__name__}: {one_line(str(error))} (đặt {DEBUG}=1 để xem chi tiết)"


def one_line(text: str) -> str:
    return " ".join(text.split())


def _for_people() -> tuple[type[Exception], ...]:
    """The exceptions whose text is already one line for people."""
    from bot.lock import BusyError
    from forms.workflow import NotAllowed
    from knowledge.extract import NotAPlan
    from knowledge.library import LibraryError
    from knowledge.readers import Unreadable

    return (CommandError, BusyError, LibraryError, NotAllowed, Unreadable, NotAPlan)


def _speak_utf8() -> None:
    """Vietnamese on every terminal, Windows code pages included."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    main()
