"""`orgs` and `plans`: the institutions and their plans."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import merging
from bot.console import CommandError, complain, data_folder, say, say_json, why
from bot.encryption import cipher_of
from bot.files import FileStore
from bot.intake import counts, details, listed, refused, reindex, understood
from bot.workspace import Workspace, reading, writing
from knowledge.extract import NotAPlan
from knowledge.library import LibraryError, StoredPlan
from knowledge.readers import Unreadable

PROGRESS_EVERY_S = 2.0

Json = Annotated[bool, typer.Option("--json", help="In JSON")]


def register(app: typer.Typer) -> None:
    orgs = typer.Typer(help="Các đơn vị", no_args_is_help=True)
    orgs.command("add")(add_org)
    orgs.command("rename")(rename_org)
    orgs.command("merge")(merge_org)
    orgs.command("list")(list_orgs)
    app.add_typer(orgs, name="orgs")
    plans = typer.Typer(help="Các kế hoạch", no_args_is_help=True)
    for name, command in (
        ("add", add_plans),
        ("list", list_plans),
        ("show", show_plan),
        ("retire", retire_plan),
        ("restore", restore_plan),
        ("history", plan_history),
    ):
        plans.command(name)(command)
    app.add_typer(plans, name="plans")


# --- institutions


def add_org(
    context: typer.Context,
    slug: str,
    name: str,
    parent: Annotated[str | None, typer.Option(help="Mã đơn vị cấp trên")] = None,
    alias: Annotated[list[str] | None, typer.Option(help="Tên gọi khác; dùng được nhiều lần")] = None,
) -> None:
    """Thêm một đơn vị."""
    with writing(data_folder(context)) as space, space.db.atomic():
        added = space.library.add_institution(slug, name, parent, alias or ())
    say(f"Đã thêm đơn vị {added.slug}: {added.name}")


def rename_org(context: typer.Context, slug: str, name: str) -> None:
    """Đổi tên một đơn vị; tên cũ vẫn tìm được."""
    with writing(data_folder(context)) as space, space.db.atomic():
        renamed = space.library.rename(slug, name)
    say(f"Đơn vị {renamed.slug} nay là: {renamed.name}")


def merge_org(context: typer.Context, slug: str, into: str) -> None:
    """Nhập một đơn vị vào đơn vị khác: kế hoạch, người dùng, hồ sơ."""
    with writing(data_folder(context)) as space:
        with space.db.atomic():
            merged = merging.merge(space.db, slug, into, space.now)
        _reindex(space)
    say(f"Đã nhập {slug} vào {merged.stays.slug}: {merged.stays.name}")
    for before, after in merged.renumbered:
        say(f"{before.code} nay mang số {after.code}")


def list_orgs(context: typer.Context, json: Json = False) -> None:
    """Liệt kê các đơn vị."""
    with reading(data_folder(context)) as space:
        found = space.library.institutions()
    if json:
        say_json([{"slug": o.slug, "name": o.name, "parent": o.parent, "aliases": list(o.aliases)} for o in found])
        return
    for org in found:
        say(f"{org.slug}\t{org.name}" + (f"\t(thuộc {org.parent})" if org.parent else ""))
    if not found:
        say("Chưa có đơn vị nào. Thêm bằng: guongsang orgs add MÃ TÊN")


# --- plans


def add_plans(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Các tệp kế hoạch")],
    org: Annotated[str, typer.Option(help="Mã đơn vị")],
    replaces: Annotated[str | None, typer.Option(help="Mã kế hoạch được thay")] = None,
    amends: Annotated[str | None, typer.Option(help="Mã kế hoạch được sửa đổi, bổ sung")] = None,
    json: Json = False,
) -> None:
    """Đọc, hiểu và lưu các kế hoạch của một đơn vị; in ra những gì hiểu được và mọi cảnh báo."""
    rows: list[dict[str, Any]] = []
    changed = False
    with writing(data_folder(context)) as space:
        for other in (replaces, amends):
            if other and space.library.get(other) is None:
                raise LibraryError(f"Không có kế hoạch mang mã “{other}”: xem danh sách bằng guongsang plans list")
        space.library.known(org)
        for path in files:
            row = _add(space, path, org, replaces, amends)
            changed = changed or row["status"] in ("added", "replaced")
            rows.append(row)
            if not json:
                _tell_added(space, row)
        if changed:
            _reindex(space, quiet=json)
    if json:
        say_json(rows)
    if any(row["status"] == "refused" for row in rows):
        if json:
            for row in (r for r in rows if r["status"] == "refused"):
                complain(f"{row['source']}: {row['warnings'][0]['message']}")
        raise typer.Exit(1)


def _add(space: Workspace, path: Path, org: str, replaces: str | None, amends: str | None) -> dict[str, Any]:
    try:
        if path.is_dir():
            raise Unreadable("missing", f"“{path}” là thư mục: hãy ghi tên từng tệp")
        if not path.is_file():
            raise Unreadable("missing", f"Không có tệp “{path}”: kiểm tra lại đường dẫn")
        found = understood(path, org, progress=_progress(path.name))
        with space.db.atomic():
            added = space.library.add(found.plan, sha256=found.sha256, now=space.now, replaces=replaces, amends=amends)
            _keep(space, path, found.sha256)
    except (Unreadable, NotAPlan, LibraryError) as error:
        return refused(path, org, " ".join(str(error).split()), getattr(error, "code", "not_a_plan"))
    except OSError as error:
        return refused(path, org, f"Không mở được “{error.filename or path}”: {why(error)}", "unreadable")
    return listed(added.stored, added.status) | {"retired": list(added.retired)}


def _keep(space: Workspace, path: Path, sha256: str) -> None:
    """A copy of the file, for the picture of a page; on the disk before the row that names it is committed."""
    if FileStore(space.folder / "files", cipher_of(space.db)).put(path.read_bytes()) != sha256:
        raise Unreadable("changed", f"Tệp “{path}” vừa bị sửa trong lúc đọc: hãy thêm lại")


def _tell_added(space: Workspace, row: dict[str, Any]) -> None:
    if row["status"] == "refused":
        complain(f"{row['source']}: {row['warnings'][0]['message']}")
        return
    told = {"added": "đã thêm", "replaced": f"đã thay bằng bản {row['version']}", "unchanged": "không có gì mới"}[row["status"]]
    say(f"{row['source']}: {told}, mã {row['id']}")
    stored = space.library.get(row["id"])
    if stored:
        _tell(stored)
    for gone in row["retired"]:
        say(f"  Bản {gone} thôi dùng từ nay.")


def _tell(stored: StoredPlan) -> None:
    """What was understood, a line each."""
    plan = stored.plan
    period = plan.period.text if plan.period else None
    say(f"  Tên: {' '.join((plan.title or 'chưa rõ').split())}")
    say(f"  Số: {plan.number or 'chưa rõ'}; giai đoạn: {period or 'chưa rõ'}; người ký: {(plan.signer and plan.signer.name) or 'chưa rõ'}")
    n = counts(plan)
    say(
        f"  Hiểu được: {n['sections']} mục, {n['clauses']} đoạn, {n['criteria']} nhóm tiêu chí, {n['deadlines']} thời hạn, "
        f"{n['dossier']} loại giấy tờ, {n['fields']} lĩnh vực, {n['duties']} phân công, {n['legal_bases']} căn cứ"
    )
    for warning in plan.warnings:
        say(f"  ⚠ {warning.message}" + (f" ({warning.ref})" if warning.ref else ""))


def _progress(name: str) -> Callable[[int, int], None]:
    """How far it is: a line that is written over on a terminal, elsewhere a new line every `PROGRESS_EVERY_S` seconds."""
    last = time.monotonic()

    def show(done: int, total: int) -> None:
        nonlocal last
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{name}: {done}/{total} " + ("\n" if done == total else ""))
            sys.stderr.flush()
        elif time.monotonic() - last >= PROGRESS_EVERY_S:
            last = time.monotonic()
            complain(f"{name}: {done}/{total}")

    return show


def _reindex(space: Workspace, quiet: bool = True) -> None:
    reindex(space.index, space.library, None if quiet else _progress("Lập chỉ mục"))


def list_plans(context: typer.Context, json: Json = False) -> None:
    """Liệt kê các kế hoạch."""
    with reading(data_folder(context)) as space:
        found = space.library.all()
    if json:
        say_json([listed(stored, "unchanged") for stored in found])
        return
    for stored in found:
        plan = stored.plan
        state = {"live": "đang dùng", "retired": "đã thôi dùng", "replaced": "đã được thay"}[stored.status]
        say(f"{plan.id}\t{state}\t{plan.number or '(không số)'}\t{' '.join((plan.title or plan.source).split())}")
    if not found:
        say("Chưa có kế hoạch nào. Thêm bằng: guongsang plans add TỆP --org MÃ")


def show_plan(context: typer.Context, id: str, json: Json = False) -> None:
    """Xem một kế hoạch như hệ thống hiểu."""
    with reading(data_folder(context)) as space:
        stored = space.library.get(id)
    if stored is None:
        raise CommandError(f"Không có kế hoạch mang mã “{id}”: xem danh sách bằng guongsang plans list")
    if json:
        say_json(details(stored.plan))
        return
    say(f"{stored.plan.id}, bản {stored.plan.version}, tệp {stored.plan.source}")
    _tell(stored)
    for section in stored.plan.sections:
        say(f"\n{section.ref} {' '.join(section.title.split())}".rstrip())
        for clause in section.clauses:
            if not clause.heading:
                say(f"  [{clause.ref}] {' '.join(clause.quote.split())}")


def retire_plan(context: typer.Context, id: str) -> None:
    """Thôi dùng một kế hoạch; không trích từ đó nữa."""
    with writing(data_folder(context)) as space:
        with space.db.atomic():
            stored = space.library.retire(id, space.now)
        _reindex(space)
    say(f"Kế hoạch {stored.plan.id} đã thôi dùng.")


def restore_plan(
    context: typer.Context, id: str, version: Annotated[int | None, typer.Option(help="Bản cần quay lại")] = None
) -> None:
    """Dùng lại một kế hoạch, hoặc quay về một bản cũ của nó."""
    with writing(data_folder(context)) as space:
        with space.db.atomic():
            stored = space.library.restore(id, space.now, version)
        _reindex(space)
    say(f"Kế hoạch {stored.plan.id} đang dùng, bản {stored.plan.version}.")


def plan_history(context: typer.Context, id: str, json: Json = False) -> None:
    """Các bản của một kế hoạch."""
    with reading(data_folder(context)) as space:
        versions = space.library.history(id)
    if not versions:
        raise CommandError(f"Không có kế hoạch mang mã “{id}”: xem danh sách bằng guongsang plans list")
    if json:
        say_json([listed(stored, "unchanged") | {"added_at": stored.added_at, "state": stored.status} for stored in versions])
        return
    for stored in versions:
        state = {"live": "đang dùng", "retired": "đã thôi dùng", "replaced": "đã được thay"}[stored.status]
        say(f"bản {stored.plan.version}\t{state}\t{stored.added_at[:10]}\t{stored.plan.source}")
