"""`encrypt`, `decrypt`: the way into encryption at rest and out of it."""

from __future__ import annotations

import typer

from bot.console import CommandError, data_folder, say


def register(app: typer.Typer) -> None:
    app.command(help="Mã hoá dữ liệu bằng khoá trong GUONGSANG_KEY; bot phải đang dừng.")(encrypt)
    app.command(help="Giải mã dữ liệu; cần GUONGSANG_KEY, sau đó bỏ biến này.")(decrypt)


def encrypt(context: typer.Context) -> None:
    from bot import encryption, lock

    data = data_folder(context)
    with lock.hold(data, "encrypt"):
        sealed = encryption.encrypt(data, _key())
    say(f"Đã mã hoá cơ sở dữ liệu và {sealed} tệp. Giữ GUONGSANG_KEY ở nơi an toàn: mất khoá là mất dữ liệu.")
    say("Bản sao lưu cũ và phần đĩa đã xoá vẫn chưa mã hoá: tạo bản sao lưu mới, huỷ bản cũ.")


def decrypt(context: typer.Context) -> None:
    from bot import encryption, lock

    data = data_folder(context)
    with lock.hold(data, "decrypt"):
        opened = encryption.decrypt(data, _key())
    say(f"Đã giải mã cơ sở dữ liệu và {opened} tệp. Nay bỏ biến GUONGSANG_KEY.")


def _key() -> str:
    from bot.encryption import key_in_force

    key = key_in_force()
    if key is None:
        raise CommandError("Chưa có khoá: đặt biến môi trường GUONGSANG_KEY (ít nhất 12 ký tự, giữ một bản ở nơi an toàn)")
    return key
