"""The demo in the browser: a nomination filed in one pane is accepted in another; on a phone's width too."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.browser import CHROMIUM, DRIVER, browser
from tests.bot.test_cli import ROOT

TEXT = "return document.querySelector('#' + arguments[0] + ' .chat').innerText"
HAS = "return document.querySelector('#' + arguments[0] + ' .chat').innerText.includes(arguments[1])"
PRESS = """const found = [...document.querySelectorAll('#' + arguments[0] + ' .row button')].filter(b => b.textContent === arguments[1]);
if (found.length) found.at(-1).click(); return found.length"""
SAY = """const form = document.querySelector('#' + arguments[0] + ' form');
form.querySelector('input[type=text]').value = arguments[1]; form.requestSubmit(); return true"""


@contextlib.contextmanager
def demo() -> Iterator[str]:
    """The address of a demo that runs while this is entered."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-u", "-m", "bot.cli", "demo", "--web"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True, encoding="utf-8")
    try:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.slow
@pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium and chromedriver are not here (Debian: chromium chromium-driver)")
def test_nomination_filed_in_one_pane_is_accepted_in_another(tmp_path: Path) -> None:
    pictures = Path(os.environ.get("GUONGSANG_PICTURES", tmp_path))
    with demo() as address, browser() as page:
        page.size(1400, 860)
        page.open(address)
        page.wait(HAS, "teacher", "Thầy/cô cứ gõ câu hỏi")
        page.run("document.getElementById('scene-nominate').click()")
        page.wait(HAS, "unit_head", "Đã nhận ĐC-0001")
        page.wait(HAS, "secretariat", "Hồ sơ mới ĐC-0001")
        assert page.run(PRESS, "secretariat", "Tiếp nhận") == 1
        page.wait(HAS, "unit_head", "ĐC-0001 (Nguyễn Thị Mai) đã được")
        page.run(SAY, "secretariat", "/tonghop")
        page.wait(HAS, "secretariat", "danh-sach-tong-hop")
        page.run(SAY, "teacher", "<b>Hồ sơ</b> gồm những gì?")
        page.wait(HAS, "teacher", "Trả lời số")
        assert "<b>Hồ sơ</b>" in page.run(TEXT, "teacher"), "markup is shown as typed"
        page.picture(pictures / "demo-wide.png")
        page.size(390, 800)
        page.run("document.querySelectorAll('nav button')[2].click()")
        assert page.run("return document.documentElement.scrollWidth") <= 390
        assert page.run("return [...document.querySelectorAll('section')].filter(s => s.offsetParent).map(s => s.id)") == ["secretariat"]
        page.picture(pictures / "demo-phone.png")
        outside = "return performance.getEntriesByType('resource').map(r => r.name).filter(n => !n.startsWith(arguments[0]))"
        assert page.run(outside, address) == []


def test_page_of_another_site_is_refused() -> None:
    with demo() as address:
        for headers in ({"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=20)
        form = urllib.request.Request(f"{address}/say", b'{"role": "admin", "text": "/tamdung"}', {"Content-Type": "text/plain"})
        with pytest.raises(urllib.error.HTTPError, match="415"):
            urllib.request.urlopen(form, timeout=20)
