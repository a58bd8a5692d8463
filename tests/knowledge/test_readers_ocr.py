"""Scans and pictures by OCR."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from knowledge.readers import read
from tests.knowledge.rendering import (
    FONT,
    error_rate,
    needs_tesseract,
    one_quick,
    pictures,
    pictures_to_pdf,
    plain,
    to_docx,
    to_pdf,
    to_scan,
)
from tests.shared import OFFICIAL, needs_shared, official

PLAN = (
    "KẾ HOẠCH\nNhân rộng gương điển hình trong phong trào thi đua của nhà trường\nI. MỤC ĐÍCH\n"
    "1. Biểu dương những tập thể và cá nhân có việc làm hay, kết quả rõ, được đồng nghiệp học theo trong cả năm học.\n"
    "- Hồ sơ gửi trước ngày 15/5 về bộ phận thường trực.\nTT\tHọ và tên\tĐơn vị\n1\tNguyễn Văn Mẫu\tTổ Toán\nHIỆU TRƯỞNG"
)

needs_antiword = pytest.mark.skipif(shutil.which("antiword") is None, reason="no antiword")
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice to make a .doc with")
pytestmark = pytest.mark.skipif(FONT is None, reason="no font with Vietnamese letters (fonts-liberation2, fonts-dejavu)")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Image.Image:
    """One scanned page of a plan with a table."""
    return pictures(to_pdf(PLAN, tmp_path_factory.mktemp("plan") / "a.pdf"))[0]


@needs_tesseract
def test_picture_is_read_with_its_table(page: Image.Image, tmp_path: Path) -> None:
    page.save(tmp_path / "a.jpg", quality=80)
    document = read(tmp_path / "a.jpg")
    assert document.format == "image"
    assert error_rate(document.text, PLAN) < 0.03
    assert "TT\tHọ và tên\tĐơn vị" in document.text
    assert (document.pages[0].confidence or 0) > 80


@pytest.mark.slow
@needs_tesseract
def test_tiff_is_read_page_by_page_with_progress(page: Image.Image, tmp_path: Path) -> None:
    page.save(tmp_path / "a.tiff", save_all=True, append_images=[page])
    seen: list[tuple[int, int]] = []
    document = read(tmp_path / "a.tiff", progress=lambda done, total: seen.append((done, total)))
    assert [one.number for one in document.pages] == [1, 2]
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.slow
@needs_tesseract
@pytest.mark.parametrize("angle", [-4, 3.3])
def test_turned_page_is_made_level(angle: float, page: Image.Image, tmp_path: Path) -> None:
    page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=235).save(tmp_path / "a.png")
    assert error_rate(read(tmp_path / "a.png").text, PLAN) < 0.05


@pytest.mark.slow
@needs_tesseract
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_page_on_its_side_is_turned(angle: int, page: Image.Image, tmp_path: Path) -> None:
    page.rotate(angle, expand=True, fillcolor=235).save(tmp_path / "a.png")
    assert error_rate(read(tmp_path / "a.png").text, PLAN) < 0.05


@pytest.mark.slow
@needs_tesseract
def test_unreadable_page_is_warned_about(page: Image.Image, tmp_path: Path) -> None:
    small = page.resize((page.width // 6, page.height // 6))
    pictures_to_pdf([page, small.resize(page.size)], tmp_path / "a.pdf")
    document = read(tmp_path / "a.pdf")
    assert document.format == "scan"
    [warned] = [each for each in document.warnings if each.code == "low_confidence"]
    assert "Trang 2" in warned.message


@pytest.mark.slow
@needs_tesseract
@needs_shared
@pytest.mark.parametrize("slug", OFFICIAL)
def test_official_text_from_a_scan_has_few_errors(slug: str, tmp_path: Path) -> None:
    text = official(slug).read_text(encoding="utf-8")
    document = read(to_scan(text, tmp_path / "a.pdf"))
    assert document.format == "scan"
    assert error_rate(document.text, plain(text)) < 0.01


@pytest.mark.slow
@needs_antiword
@needs_office
@needs_shared
@pytest.mark.parametrize("slug", one_quick(OFFICIAL))
def test_official_text_from_old_word_has_few_errors(slug: str, tmp_path: Path) -> None:
    text = official(slug).read_text(encoding="utf-8")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(to_docx(text, tmp_path / "a.docx"))], capture_output=True, check=True, timeout=120)
    document = read(tmp_path / "a.doc")
    assert document.format == "doc"
    assert error_rate(document.text, plain(text)) < 0.01
