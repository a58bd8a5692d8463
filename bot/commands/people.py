"""`invite`: a one-time token for a role. `setup`: everything that a new installation needs, asked for step by step."""

from __future__ import annotations

import contextlib
import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.access import Role
from bot.console import CommandError, data_folder, say, say_json


def register(app: typer.Typer) -> None:
    app.command("invite", help="Tạo mã mời dùng một lần cho một vai trò.")(invite)
    app.command("setup", help="Cài đặt lần đầu: token, đơn vị, quản trị viên, kế hoạch, dịch vụ.")(setup)


def invite(
    context: typer.Context,
    role: Annotated[Role, typer.Option(help="teacher, unit_head, secretariat hoặc admin")],
    org: Annotated[str | None, typer.Option(help="Mã đơn vị; quản trị viên không cần")] = None,
    unit: Annotated[str | None, typer.Option(help="Tên đơn vị của trưởng đơn vị")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In dạng JSON")] = False,
) -> None:
    """A one-time token; shown this once, stored as a hash. Raises CommandError where the role needs an institution."""
    if role is not Role.ADMIN and org is None:
        raise CommandError(f"Vai trò {role.value} cần đơn vị: thêm --org MÃ, xem các mã bằng: guongsang orgs list")
    made = make_invite(data_folder(context), role, org, unit)
    if as_json:
        say_json(made)
        return
    from bot import messages

    say(messages.invite_made(role.value, made["place"], unit, str(made["token"]), made["link"], str(made["until"])))


def make_invite(folder: Path, role: Role, org: str | None, unit: str | None) -> dict[str, str | None]:
    """The invite as stored, with its link where the bot's name is known. While the bot runs, /moi in the chat does this."""
    from bot.access import Access
    from bot.audit import Audit
    from bot.moments import shown, stored
    from bot.running import BOT_NAME
    from bot.settings import StoredSettings
    from bot.workspace import writing

    with writing(folder) as space, space.db.atomic():
        db, now = space.db, space.now
        institution = space.library.known(org) if org else None
        slug = institution.slug if institution else None
        made = Access(db).invite(role, slug, unit, now)
        Audit(db).add("invite_made", now=now, org=slug, for_role=role.value, unit=unit, by="command line")
        name = StoredSettings(db).get(BOT_NAME)
    return {
        "token": made.token,
        "role": role.value,
        "org": slug,
        "place": institution.name if institution else None,
        "unit": unit,
        "link": f"https://t.me/{name}?start={made.token}" if name else None,
        "expires": stored(made.expires_at),
        "until": shown(made.expires_at),
    }


# --- setup -----------------------------------------------------------------------------------------------------------


def setup(context: typer.Context) -> None:
    """Ask for what is missing, step by step; what is there already is left alone. Answers may come from a script."""
    from bot.commands.system import write_service

    folder = data_folder(context)
    say(f"Thư mục dữ liệu: {folder}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _token(folder)
    _connection(folder)
    slug = _institution(folder)
    _first_plan(context, slug)
    _admins(folder)
    if _yes("Tạo dịch vụ tự chạy khi bật máy?"):
        say(write_service(folder))
    say("Xong. Kiểm tra lại bằng: guongsang doctor. Chạy bot bằng: guongsang run")


def _token(folder: Path) -> None:
    """The token goes into a file that only this account may read; it is shown nowhere."""
    from bot.settings import Settings, write_down

    if Settings(data=folder).token is not None:
        say("Đã có token.")
        return
    said = _asked("Token của bot (do @BotFather cấp, Enter để bỏ qua)", secret=True)
    if said:
        say(f"Đã ghi vào {write_down(folder, 'token', said)}, chỉ tài khoản này đọc được.")


def _connection(folder: Path) -> None:
    """Try Telegram; where it cannot be reached, ask for a proxy and try once more."""
    from bot.checks import Finding, wrong
    from bot.commands.system import connection
    from bot.settings import Settings, write_down

    def tried() -> Finding:
        try:
            return connection(folder)
        except Exception as error:
            return wrong(f"Chưa thử được kết nối: {' '.join(str(error).split())}")

    if Settings(data=folder).token is None:
        return
    found = tried()
    say(found.line)
    if found.weight == "wrong" and Settings(data=folder).proxy is None:
        proxy = _asked("Proxy để tới Telegram, ví dụ socks5://127.0.0.1:1080 (Enter để bỏ qua)")
        if proxy:
            write_down(folder, "proxy", proxy)
            say(tried().line)


def _institution(folder: Path) -> str | None:
    from bot.workspace import writing

    with writing(folder) as space:
        held = space.library.institutions()
        if held:
            say("Đơn vị đã có: " + ", ".join(found.slug for found in held))
            return held[0].slug
        name = _asked("Tên đầy đủ của đơn vị (Enter để bỏ qua)")
        if not name:
            return None
        slug = _asked("Mã ngắn, chữ thường không dấu, ví dụ: vinhthuan")
        with space.db.atomic():
            return space.library.add_institution(slug, name).slug


def _admins(folder: Path) -> None:
    """Two admins, so that one who leaves or loses a phone locks nobody out."""
    for number in (1, 2):
        if _yes(f"Tạo mã mời cho quản trị viên thứ {number}?"):
            made = make_invite(folder, Role.ADMIN, None, None)
            say(f"Người đó gõ với bot: /start {made['token']}   (dùng một lần, đến {made['until']})")


def _first_plan(context: typer.Context, slug: str | None) -> None:
    """The first plan, read and stored here; a file that cannot be read ends nothing."""
    from bot.commands.library import add_plans

    path = _asked("Tệp kế hoạch đầu tiên (đường dẫn, Enter để bỏ qua)").strip("\"'") if slug else ""
    if path and slug:
        with contextlib.suppress(typer.Exit):  # what was wrong with the file has been said
            add_plans(context, [Path(path).expanduser()], slug)


def _asked(question: str, *, secret: bool = False) -> str:
    """What is typed in reply; a secret is not shown while it is typed."""
    if secret and sys.stdin.isatty():
        return getpass.getpass(f"{question}: ").strip()
    sys.stdout.write(f"{question}: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip()


def _yes(question: str) -> bool:
    return _asked(f"{question} [c/k]").lower() in ("c", "có", "co", "y", "yes")
