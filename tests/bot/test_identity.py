"""Scans of identity cards are refused as evidence; papers that are none are taken, also those that speak of one."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from bot import identity, messages
from bot.access import Role
from bot.identity import named_as_card, reads_as_card
from bot.stage import Stage
from tests.bot.school import school
from tests.knowledge.rendering import FONT

CARD = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
CĂN CƯỚC CÔNG DÂN
Citizen Identity Card
Số / No.: 001099000000
Họ và tên / Full name: NGUYỄN VĂN MẪU
Ngày sinh / Date of birth: 01/01/1990
Giới tính / Sex: Nam   Quốc tịch / Nationality: Việt Nam
Quê quán / Place of origin: Xã Mẫu, Huyện Mẫu
Nơi thường trú / Place of residence: Thôn Mẫu"""
PAPER = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
GIẤY CHỨNG NHẬN
Công nhận bà Nguyễn Thị Mẫu
Sinh ngày 01/01/1990, số căn cước 001099000000
Giáo viên trường Mẫu
đã đạt danh hiệu giáo viên dạy giỏi cấp huyện
Năm học 2025 - 2026"""
needs_reader = pytest.mark.skipif(not identity.can_read() or FONT is None, reason="tesseract or a Vietnamese font is not installed")


@pytest.mark.parametrize(
    "name", ["CCCD mặt trước.jpg", "cmnd_truoc.png", "ảnh Căn cước", "chung-minh-nhan-dan.pdf", "IMG_ID_card.jpg", "Hộ chiếu.pdf"]
)
def test_name_of_a_card_is_known(name: str) -> None:
    assert named_as_card(name, "")


@pytest.mark.parametrize("name", ["Giấy khen.jpg", "minh chứng.pdf", "căn cứ đề nghị.docx", "chứng minh thành tích.pdf", "", "IMG_1.jpg"])
def test_other_name_is_none(name: str) -> None:
    assert not named_as_card(name, "")


def test_words_of_a_card_are_known_and_a_paper_that_mentions_one_is_none() -> None:
    assert reads_as_card(CARD)
    assert not reads_as_card(PAPER)
    assert not reads_as_card(CARD + " và nhiều chữ khác nữa" * 100)


def picture(text: str) -> bytes:
    image = Image.new("RGB", (1400, 900), "#e8f0e4")
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), 44)
    for number, line in enumerate(text.splitlines()):
        draw.text((60, 40 + 80 * number), line, "#202020", font)
    out = io.BytesIO()
    image.rotate(1, expand=True, fillcolor="#888888").save(out, "JPEG", quality=80)
    return out.getvalue()


async def up_to_the_evidence(stage: Stage) -> None:
    head = stage.people[Role.UNIT_HEAD]
    for line in ("/decu", "[Cá nhân]", "Nguyễn Thị Mai"):
        await (head.press(line[1:-1]) if line.startswith("[") else head.say(line))
        await stage.settled()
    head.news()


def sent(data: Path, name: str, content: bytes) -> tuple[list[str], int]:
    async def scene() -> tuple[list[str], int]:
        async with school(data) as stage:
            await up_to_the_evidence(stage)
            head = stage.people[Role.UNIT_HEAD]
            await head.send_file(name, content)
            await stage.settled()
            return head.texts(), len(stage.services.nominations.drafts()[0].evidence)

    return asyncio.run(scene())


@needs_reader
@pytest.mark.parametrize(("text", "kept"), [(CARD, 0), (PAPER, 1)], ids=["card", "paper"])
def test_picture_of_a_card_is_refused_by_what_is_printed_on_it(text: str, kept: int, tmp_path: Path) -> None:
    texts, evidence = sent(tmp_path, "IMG_0001.jpg", picture(text))
    assert (evidence, messages.NO_IDENTITY_CARDS in texts) == (kept, kept == 0)


def test_file_that_says_so_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    texts, evidence = sent(tmp_path, "CCCD.pdf", b"%PDF-1.4 gi do")
    assert (texts, evidence) == ([messages.NO_IDENTITY_CARDS], 0)
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("content", [b"\xff\xd8\xff" + b"x" * 500, b"%PDF-1.7 broken", b"", b"plain"])
def test_file_that_cannot_be_read_is_let_through(content: bytes, tmp_path: Path) -> None:
    assert sent(tmp_path, "anh.jpg", content)[1] == 1
