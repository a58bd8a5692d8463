"""`nominations`: list, export the standard table, check and import a filled one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.console import CommandError, data_folder, say, say_json

Json = Annotated[bool, typer.Option("--json", help="In dạng JSON")]
Org = Annotated[str, typer.Option(help="Mã đơn vị")]


class Format(StrEnum):
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Hồ sơ đề cử: liệt kê, xuất bảng, nhập bảng đã điền.", no_args_is_help=True)
    group.command("list", help="Liệt kê hồ sơ.")(list_nominations)
    group.command("export", help="Xuất bảng theo mẫu ra Word, Excel hoặc CSV.")(export)
    group.command("import", help="Đọc một bảng đã điền; báo lỗi từng ô.")(import_table)
    app.add_typer(group, name="nominations")


def list_nominations(
    context: typer.Context, org: Annotated[str | None, typer.Option(help="Mã đơn vị")] = None, json: Json = False
) -> None:
    """One line a nomination, by institution and number."""
    from bot.messages import nomination_label
    from bot.workspace import reading
    from forms.store import NominationStore

    with reading(data_folder(context)) as space:
        slug = space.library.known(org).slug if org else None
        found = NominationStore(space.db).nominations(org=slug)
    if json:
        say_json([_row(nomination) for nomination in found])
        return
    for nomination in found:
        say(f"{nomination.org}\t{nomination_label(nomination.code, nomination.name, nomination.state)}\t{nomination.unit}")
    if not found:
        say("Chưa có hồ sơ nào.")


def _row(nomination: Any) -> dict[str, Any]:
    return {
        "code": nomination.code,
        "org": nomination.org,
        "unit": nomination.unit,
        "state": nomination.state,
        "plan": nomination.plan_id,
        "plan_version": nomination.plan_version,
        "version": nomination.version,
        "submitted_at": nomination.submitted_at,
        "updated_at": nomination.updated_at,
        "values": nomination.values,
        "criteria": list(nomination.criteria),
        "evidence": len(nomination.evidence),
    }


def export(
    context: typer.Context,
    org: Org,
    format: Annotated[Format, typer.Option(help="docx, xlsx hoặc csv")],
    out: Annotated[Path, typer.Option(help="Tệp sẽ ghi")],
) -> None:
    """The nominations, withdrawn ones left out, as the standard table. An existing file is replaced whole or not at all."""
    from bot.workspace import reading
    from forms import tables
    from forms.store import NominationStore

    if not out.parent.is_dir():
        raise CommandError(f"Không có thư mục “{out.parent}” để ghi tệp: tạo thư mục trước, hoặc chọn nơi khác")
    with reading(data_folder(context)) as space:
        slug = space.library.known(org).slug
        found = (n for n in NominationStore(space.db).each(org=slug) if n.state != "withdrawn")
        part = out.with_name(f".{out.name}.part")
        try:
            count = tables.export(found, part, format.value)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    say(f"Đã ghi {count} hồ sơ vào {out}")


def import_table(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Bảng đã điền, .xlsx hoặc .docx")],
    org: Org,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ kiểm tra, không lưu")] = False,
    unit: Annotated[str, typer.Option(help="Đơn vị gửi bảng")] = "",
    json: Json = False,
) -> None:
    """Read a filled table against the institution's plan: an error for each bad cell, exit code 1 if there is one.

    Consent is given by a person in the chat, never by a table: without --dry-run the good rows become drafts that nobody has
    agreed to yet, so that is refused here and done by sending the file to the bot.
    """
    from bot.moments import today
    from bot.workspace import reading
    from forms import tables
    from forms.model import FormSpec

    if not dry_run:
        raise CommandError(
            "Nhập thật cần người gửi xác nhận sự đồng ý: hãy gửi tệp này cho bot; ở đây chỉ kiểm tra, thêm --dry-run"
        )
    if not file.is_file():
        raise CommandError(f"Không có tệp “{file}”: kiểm tra lại đường dẫn")
    with reading(data_folder(context)) as space:
        institution = space.library.known(org)
        plans = space.library.live(institution.slug, today(space.now))
    if not plans:
        raise CommandError(
            f"Đơn vị “{institution.slug}” chưa có kế hoạch: thêm bằng guongsang plans add TỆP --org {institution.slug}"
        )
    try:
        reading_ = tables.read(file, FormSpec.from_plan(plans[0].plan), unit=unit)
    except tables.UnreadableTable as error:
        raise CommandError(str(error)) from None
    _report(reading_, json=json)
    if reading_.bad:
        raise typer.Exit(1)


def _report(found: Any, *, json: bool) -> None:
    problems = [problem for row in found.rows for problem in row.problems]
    if json:
        say_json(
            {
                "rows": [row.values for row in found.rows],
                "errors": [{"place": p.place, "header": p.header, "value": p.value, "message": p.message} for p in problems],
                "warnings": list(found.warnings),
            }
        )
        return
    say(found.summary)
    for problem in problems:
        say(f"{problem.place} ({' '.join(problem.header.split())}): {problem.message}")
    for warned in found.warnings:
        say(warned)
