"""`plans add` and what follows it: the copy of the file that a page's picture is drawn from, versions, progress."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import pages
from bot.cli import build
from bot.commands import library
from bot.files import FileStore
from bot.workspace import reading
from tests.knowledge.rendering import FONT, to_docx, to_pdf

TEXT = """KẾ HOẠCH
Nhân rộng gương điển hình tiên tiến năm học 2025-2026
I. TIÊU CHUẨN
1. Tập thể: đoàn kết, dẫn đầu phong trào thi đua của trường.
2. Cá nhân: tận tụy, được đồng nghiệp tín nhiệm.
II. TỔ CHỨC THỰC HIỆN
1. Các tổ gửi danh sách về Văn phòng trước ngày 15/5/2026.
HIỆU TRƯỞNG
Lê Thị Mẫu
"""


def guongsang(data: Path, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(build(), ["--data", str(data), *arguments])
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.fixture
def data(tmp_path: Path) -> Path:
    guongsang(tmp_path / "data", "orgs", "add", "mau", "Trường Mẫu")
    return tmp_path / "data"


def added(data: Path, path: Path) -> dict[str, Any]:
    [row] = json.loads(guongsang(data, "plans", "add", str(path), "--org", "mau", "--json"))
    return row  # type: ignore[no-any-return]


def kept(data: Path, plan_id: str, version: int) -> bytes:
    with reading(data) as space:
        stored = space.library.get(plan_id, version)
    assert stored is not None
    return FileStore(data / "files").get(stored.sha256)


@pytest.mark.skipif(FONT is None, reason="no font with Vietnamese letters")
def test_added_files_are_kept_in_every_version(data: Path, tmp_path: Path) -> None:
    first = to_docx(TEXT, tmp_path / "ke-hoach.docx")
    second = to_pdf(TEXT.replace("15/5", "20/5"), tmp_path / "ke-hoach.pdf")
    assert added(data, first)["status"] == "added"
    assert added(data, second)["status"] == "replaced"
    assert kept(data, "mau-1", 1) == first.read_bytes()
    assert kept(data, "mau-1", 2) == second.read_bytes()
    guongsang(data, "plans", "restore", "mau-1", "--version", "1")
    guongsang(data, "plans", "retire", "mau-1")
    guongsang(data, "plans", "restore", "mau-1", "--version", "2")
    with reading(data) as space:
        [live] = space.library.live("mau")
    file = FileStore(data / "files").path(live.sha256)
    assert pages.picture(file, live.plan.source, 1) is not None


def test_adding_the_same_file_again_brings_back_its_copy(data: Path, tmp_path: Path) -> None:
    path = to_docx(TEXT, tmp_path / "ke-hoach.docx")
    added(data, path)
    with reading(data) as space:
        [live] = space.library.live("mau")
    FileStore(data / "files").delete(live.sha256)
    assert added(data, path)["status"] == "unchanged"
    assert kept(data, "mau-1", 1) == path.read_bytes()


def test_refused_file_is_not_kept(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "tho.txt"
    path.write_text("Trời xanh mây trắng.", encoding="utf-8")
    guongsang(data, "plans", "add", str(path), "--org", "mau", code=1)
    assert [file for file in (data / "files").rglob("*") if file.is_file()] == []


@pytest.mark.faults
def test_plan_is_not_stored_where_its_file_cannot_be_kept(data: Path, tmp_path: Path) -> None:
    (data / "files").write_text("in the way", encoding="utf-8")
    guongsang(data, "plans", "add", str(to_docx(TEXT, tmp_path / "ke-hoach.docx")), "--org", "mau", code=1)
    with reading(data) as space:
        assert space.library.all() == []


def test_progress_goes_to_stderr_line_by_line_off_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([0.0, 1.0, 2.5, 2.5, 3.0])
    monkeypatch.setattr(library.time, "monotonic", lambda: next(seconds))
    show = library._progress("quét.pdf")
    for done in (1, 2, 3):
        show(done, 3)
    assert capsys.readouterr().err == "quét.pdf: 2/3\n"
