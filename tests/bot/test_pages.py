"""The page of the plan as a picture: drawn from what was sent, offered only where there is a page and a file."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from bot import messages, pages
from bot.access import Role
from bot.handlers.turn import reindex
from bot.stage import Stage
from knowledge.extract import understand
from knowledge.model import Document, Page
from knowledge.readers import Unreadable, read
from tests.bot.school import ORG, plan_text
from tests.bot.test_handlers import play, pressed, said
from tests.knowledge.rendering import FONT, needs_tesseract, pictures, to_pdf


def pdf(count: int = 2) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(count):
        document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_page_is_drawn_as_jpeg(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_bytes(pdf())
    drawn = pages.picture(path, "ke-hoach.PDF", 2)
    assert drawn is not None
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.format == "JPEG"
        assert max(image.size) == pytest.approx(pages.LONGEST, abs=2)


@pytest.mark.parametrize(("name", "data", "number"), [("a.pdf", pdf(), 3), ("a.pdf", b"%PDF-1.7 broken", 1), ("a.png", b"no picture", 1)])
def test_page_that_cannot_be_drawn_is_none(tmp_path: Path, name: str, data: bytes, number: int) -> None:
    path = tmp_path / "kept"
    path.write_bytes(data)
    assert pages.picture(path, name, number) is None


@pytest.mark.parametrize("ending", pages.IMAGES)
def test_picture_of_any_kind_is_drawn(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    Image.new("RGB", (40, 60), "red").save(path)
    drawn = pages.picture(path, f"Kế hoạch{ending.upper()}", 1)
    assert drawn is not None
    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("JPEG", (40, 60))
        red, green, _ = image.getpixel((20, 30))  # type: ignore[misc]
        assert red > 240
        assert green < 20


@pytest.mark.parametrize(("mode", "ending"), [("RGBA", ".png"), ("LA", ".png"), ("RGBA", ".webp"), ("P", ".gif")])
def test_what_is_see_through_is_drawn_white(tmp_path: Path, mode: str, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    clear = Image.new("RGBA", (40, 60), (0, 0, 0, 0))
    if mode == "P":
        clear.quantize().save(path, transparency=0)
    else:
        clear.convert(mode).save(path, **({"lossless": True} if ending == ".webp" else {}))
    drawn = pages.picture(path, path.name, 1)
    assert drawn is not None
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.convert("L").getextrema() == (255, 255)


@pytest.mark.parametrize("ending", [".webp", ".gif", ".bmp"])
def test_what_is_drawn_is_read_too(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"trắng{ending}"
    Image.new("L", (400, 600), 255).save(path)
    with pytest.raises(Unreadable) as refused:  # as a page without letters, not as a kind that is not read
        read(path)
    assert refused.value.code == "empty"


@pytest.mark.slow
@needs_tesseract
@pytest.mark.skipif(FONT is None, reason="no font with Vietnamese letters")
@pytest.mark.parametrize("ending", [".webp", ".gif", ".bmp"])
def test_plan_sent_as_a_picture_is_read_and_shown(tmp_path: Path, ending: str) -> None:
    image = pictures(to_pdf(plan_text().replace("12/KH", "13/KH"), tmp_path / "a.pdf"))[0]
    image.save(tmp_path / f"a{ending}")

    async def scene(stage: Stage) -> None:
        with stage.services.db.atomic():
            stage.services.library.retire(f"{ORG}-1", stage.services.clock())
        admin = stage.people[Role.ADMIN]
        await admin.send_file(f"ke-hoach{ending}", (tmp_path / f"a{ending}").read_bytes())
        await stage.settled()
        understood = await pressed(stage, Role.ADMIN, f"padd.{ORG}")
        assert understood[-1].startswith(f"Đã đọc “ke-hoach{ending}”"), understood
        assert any("13/KH-BX" in line for line in understood)
        await pressed(stage, Role.ADMIN, "pyes")
        assert messages.BUTTON_PAGE in [b["text"] for row in await rows(stage) for b in row]
        assert await pressed(stage, Role.TEACHER, "page.1") == [messages.page_caption("13/KH-BX", 1)]

    play(tmp_path / "data", scene)


def test_answer_from_a_kept_pdf_offers_its_page(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        services = stage.services
        assert "Ảnh trang gốc" not in [b["text"] for row in await rows(stage) for b in row]
        document = Document(source="ke-hoach.pdf", format="pdf", pages=(Page(number=1, text=plan_text().replace("12/KH", "13/KH")),))
        sha = services.files.put(pdf())
        with services.db.atomic():
            services.library.retire(services.library.live(ORG)[0].plan.id, services.clock())
            services.library.add(understand(document, org=ORG), sha256=sha, now=services.clock())
        await reindex(services)
        assert "Ảnh trang gốc" in [b["text"] for row in await rows(stage) for b in row]
        assert await pressed(stage, Role.TEACHER, "page.2") == [messages.page_caption("13/KH-BX", 1)]
        assert await pressed(stage, Role.ADMIN, "page.2") == [messages.OLD_BUTTON]
        assert await pressed(stage, Role.TEACHER, "page.1") == [messages.PLAN_CHANGED]

    play(tmp_path, scene)


async def rows(stage: Stage) -> list[list[dict[str, str]]]:
    await said(stage, Role.TEACHER, "Hồ sơ gồm những gì?")
    return stage.people[Role.TEACHER].buttons()
