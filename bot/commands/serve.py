"""`run`, `emulator`, `backup`, `restore`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.console import CommandError, data_folder, say, why


def register(app: typer.Typer) -> None:
    app.command(help="Chạy bot (cần GUONGSANG_TOKEN).")(run)
    app.command(help="Chạy Bot API giả lập trên máy này, để thử bot không cần Telegram.")(emulator)
    app.command(help="Sao lưu toàn bộ thư mục dữ liệu vào một tệp; chạy được khi bot đang hoạt động.")(backup)
    app.command(help="Khôi phục thư mục dữ liệu từ tệp sao lưu; dữ liệu cũ được giữ bên cạnh.")(restore)


def run(
    context: typer.Context,
    webhook: Annotated[str | None, typer.Option(help="Địa chỉ https mà Telegram gọi tới, thay cho hỏi định kỳ")] = None,
    listen: Annotated[str, typer.Option(help="Địa chỉ máy này lắng nghe khi dùng --webhook")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng lắng nghe khi dùng --webhook", min=1, max=65535)] = 8443,
) -> None:
    from telegram.error import InvalidToken

    from bot import lock, logs
    from bot.app import build_application, open_services
    from bot.running import run as keep_running
    from bot.settings import Settings
    from bot.webhook import Webhook

    settings = Settings(data=data_folder(context))
    if settings.token is None or not settings.token.get_secret_value().strip():
        raise CommandError("Chưa có token: đặt biến môi trường GUONGSANG_TOKEN (lấy từ @BotFather), hoặc chạy guongsang setup")
    if webhook is not None and not webhook.startswith(("https://", "http://")):
        raise CommandError(f"--webhook {webhook}: cần một địa chỉ bắt đầu bằng https://")
    logs.keep_secret(settings.token.get_secret_value())
    logs.configure(json_lines=settings.log_json, level=settings.log_level)
    with lock.hold(settings.data, "run"):
        services = open_services(settings)
        try:
            application = build_application(services)
            asyncio.run(keep_running(application, services, Webhook(webhook, listen, port) if webhook else None))
        except InvalidToken:
            raise CommandError("Telegram không nhận token này: kiểm tra lại GUONGSANG_TOKEN") from None
        finally:
            services.close()


def emulator(port: Annotated[int, typer.Option(help="Cổng; 0 là tự chọn", min=0, max=65535)] = 0) -> None:
    from bot.emulator.server import serve

    try:
        asyncio.run(serve(port, ready=lambda chosen: say(f"listening on http://127.0.0.1:{chosen}")))
    except KeyboardInterrupt:
        return
    except OSError as error:
        raise CommandError(f"Không mở được cổng {port} ({why(error)}): chọn cổng khác, hoặc 0 để tự chọn") from None


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Tệp sao lưu sẽ tạo, ví dụ guongsang.zip")],
    force: Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có")] = False,
) -> None:
    from bot.backup import backup as make
    from bot.clock import utc_now

    if file.exists() and not force:
        raise CommandError(f"Đã có tệp {file}: chọn tên khác, hoặc thêm --force để ghi đè")
    report = make(data_folder(context), file, utc_now())
    say(f"Đã sao lưu vào {file}: cơ sở dữ liệu và {report.files} tệp, {report.size:,} byte, đã kiểm tra.")


def restore(context: typer.Context, file: Annotated[Path, typer.Argument(help="Tệp do lệnh backup tạo ra")]) -> None:
    from bot import lock
    from bot.backup import restore as put_back
    from bot.clock import utc_now

    data = data_folder(context)
    with lock.hold(data, "restore"):
        old = put_back(file, data, utc_now())
    say(f"Đã khôi phục {data} từ {file}." + (f" Dữ liệu trước đó: {old}" if old else ""))
