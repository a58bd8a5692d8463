"""What goes wrong on the way of a nomination: albums, replays, odd files."""

from __future__ import annotations

import asyncio
import random
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access import Role
from bot.emulator.params import Upload
from bot.files import shown_name
from bot.stage import Stage
from tests.bot.school import school


async def up_to_the_criteria(stage: Stage) -> Any:
    head = stage.people[Role.UNIT_HEAD]
    await head.say("/decu")
    await stage.settled()
    await head.press("Cá nhân")
    await stage.settled()
    for typed in ("Nguyễn Thị Mai", "12 năm", "Giáo viên giỏi", "0912 345 678"):
        await head.say(typed)
        await stage.settled()
    await head.press("Không có")
    await stage.settled()
    return head


def draft(stage: Stage) -> Any:
    return stage.services.nominations.drafts()[0]


def document(stage: Stage, head: Any, name: str | None, group: str | None = None) -> dict[str, Any]:
    file = stage.emulator.keep(Upload(name or "x", name.encode() if name else b"x"))
    about = {"file_id": file.file_id, "file_unique_id": file.file_id[-16:], "file_size": 1}
    message: dict[str, Any] = {"from": {"id": head.id, "first_name": "B"}, "document": about | ({"file_name": name} if name else {})}
    return {"message": message | ({"media_group_id": group} if group else {})}


@pytest.mark.parametrize("seed", range(3))
def test_album_is_attached_whole_in_any_order_and_once(seed: int, tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with school(tmp_path) as stage:
            head = await up_to_the_criteria(stage)
            updates = [document(stage, head, f"minh chứng {n}.pdf", "album-1") for n in range(5)]
            numbered = [{"update_id": 200_000_000 + n, **update} for n, update in enumerate(updates)]
            twice = numbered + numbered[:2]
            random.Random(seed).shuffle(twice)
            for update in twice:
                await stage.emulator.push(update)
            await stage.settled()
            return sorted(file.name for file in draft(stage).evidence)

    assert asyncio.run(scene()) == [f"minh chứng {n}.pdf" for n in range(5)]


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
ODD_NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "a" * 300 + ".pdf": "a" * 116 + ".pdf",
    None: "tệp",
    "C:\\x\\y.pdf": "y.pdf",
    "\u202efdp.exe": "fdp.exe",
    "<b>x</b>.pdf": "b_.pdf",
    "..": "tệp",
}


@given(st.text(max_size=300))
def test_shown_name_is_one_safe_name(name: str) -> None:
    shown = shown_name(name)
    assert shown == shown_name(shown)
    assert 0 < len(shown) <= 120
    assert not set(shown) & set('/\\:*?"<>|')
    assert not any(unicodedata.category(c) in ("Cc", "Cs") or unicodedata.bidirectional(c) in BIDI for c in shown)
    assert shown not in (".", "..")


@pytest.mark.parametrize(("name", "shown"), ODD_NAMES.items())
def test_odd_file_name_goes_nowhere_but_into_the_list(name: str | None, shown: str, tmp_path: Path) -> None:
    async def scene() -> tuple[list[str], list[str]]:
        async with school(tmp_path / "data") as stage:
            head = await up_to_the_criteria(stage)
            await stage.emulator.push(document(stage, head, name))
            await stage.settled()
            files = [path.name for path in (tmp_path / "data" / "files").rglob("*") if path.is_file()]
            return [file.name for file in draft(stage).evidence], files

    names, files = asyncio.run(scene())
    assert names == [shown]
    assert all(len(file) == 64 for file in files)


def test_every_update_of_a_nomination_again_changes_nothing(tmp_path: Path) -> None:
    async def scene() -> tuple[int, list[str], list[str]]:
        async with school(tmp_path) as stage:
            pushed: list[dict[str, Any]] = []
            push = stage.emulator.push

            async def remembering(update: dict[str, Any]) -> int:
                number = await push(update)
                pushed.append({**update, "update_id": number})
                return number

            stage.emulator.push = remembering  # type: ignore[method-assign]
            head = await up_to_the_criteria(stage)
            for label in ("☐ 1", "Xong", "Đã đồng ý", "Gửi"):
                await head.press(label)
                await stage.settled()
            before = [n.model_dump_json() for n in stage.services.nominations.nominations()]
            random.Random(1).shuffle(pushed)
            for update in pushed:
                await push(update)
            await stage.settled()
            after = [n.model_dump_json() for n in stage.services.nominations.nominations()]
            return len(before), before, after

    count, before, after = asyncio.run(scene())
    assert count == 1
    assert after == before


@pytest.mark.parametrize("role", [Role.ADMIN, Role.UNIT_HEAD])
def test_file_over_the_limit_for_downloads_is_told_with_the_limit(role: Role, tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with school(tmp_path) as stage:
            someone = stage.people[role]
            name = "kế hoạch.pdf" if role is Role.ADMIN else "danh sách.xlsx"
            update = document(stage, someone, name)
            update["message"]["document"]["file_size"] = 21 * 1024 * 1024
            await stage.emulator.push(update)
            await stage.settled()
            return someone.texts()

    assert ["20 MB" in text for text in asyncio.run(scene())] == [True]
