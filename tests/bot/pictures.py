"""The pictures of the README, taken of the demo in a headless Chromium, on a desk's width and a phone's:

    python -m tests.bot.pictures
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from tests.bot.browser import Browser, browser
from tests.bot.test_cli import ROOT
from tests.bot.test_webdemo import HAS, PRESS, SAY, demo

FOLDER = ROOT / ".pictures"
COLOURS = 96
WIDE, PHONE = (1500, 900), (390, 780)


def take(page: Browser, path: Path) -> None:
    """A screenshot in few colours: letters on plain paper need no more."""
    page.picture(path)
    out = io.BytesIO()
    with Image.open(path) as image:
        image.convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    path.write_bytes(out.getvalue())


def main() -> None:
    """A question, a nomination that goes from the unit to the secretariat, the list; then the teacher's pane on a phone."""
    FOLDER.mkdir(exist_ok=True)
    with demo() as address, browser() as page:
        page.size(*WIDE)
        page.open(address)
        page.wait(HAS, "teacher", "Thầy/cô cứ gõ câu hỏi")
        page.run(SAY, "teacher", "ho so de nghi gom nhung gi vay a")
        page.wait(HAS, "teacher", "Trả lời số TL-0001")
        page.run("document.getElementById('scene-nominate').click()")
        page.wait(HAS, "secretariat", "Hồ sơ mới ĐC-0001")
        page.run(PRESS, "secretariat", "Tiếp nhận")
        page.wait(HAS, "unit_head", "ĐC-0001 (Nguyễn Thị Mai) đã được")
        page.run(SAY, "admin", "/nhatky")
        page.wait(HAS, "admin", "Việc gần đây")
        take(page, FOLDER / "demo.png")
        page.size(*PHONE)
        page.run("document.querySelectorAll('nav button')[0].click()")
        take(page, FOLDER / "phone.png")


if __name__ == "__main__":
    main()
