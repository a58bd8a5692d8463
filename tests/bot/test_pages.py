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
from tests.bot.school import ORG, plan_text
from tests.bot.test_handlers import play, pressed, said


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
