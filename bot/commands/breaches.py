"""`breaches`: the breach log at the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.console import data_folder, say, say_json


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Nhật ký sự cố dữ liệu cá nhân", no_args_is_help=True)
    group.command("list", help="Các sự cố đã ghi, mới nhất ở trên.")(listed)
    group.command("add", help="Ghi một sự cố; khi bot đang chạy, dùng /suco trong cuộc trò chuyện.")(add)
    app.add_typer(group, name="breaches")


def listed(context: typer.Context, json: Annotated[bool, typer.Option("--json", help="In dạng JSON")] = False) -> None:
    from bot import messages
    from bot.audit import Audit
    from bot.handlers.breaches import ACTION
    from bot.moments import read, shown
    from bot.workspace import reading

    with reading(data_folder(context)) as space:
        entries = Audit(space.db).of(ACTION)
    if json:
        say_json([{"at": entry.at, "person": entry.person, "what": entry.detail.get("what")} for entry in entries])
        return
    for entry in entries:
        say(messages.breach_line(shown(read(entry.at)), str(entry.detail.get("what", ""))))
    if not entries:
        say(messages.NO_BREACHES)


def add(context: typer.Context, what: Annotated[str, typer.Argument(help="Điều đã xảy ra, dữ liệu nào, của ai, đã làm gì")]) -> None:
    from bot import messages
    from bot.audit import Audit
    from bot.handlers.breaches import ACTION, LIMIT, TO_REPORT
    from bot.moments import shown
    from bot.workspace import writing
    from knowledge.text import one_line

    with writing(data_folder(context)) as space, space.db.atomic():
        now, told = space.now, one_line(what)[:LIMIT]
        Audit(space.db).add(ACTION, now=now, what=told, by="command line")
    say(messages.breach_logged(told, shown(now), shown(now + TO_REPORT)))
