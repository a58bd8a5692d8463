"""The wall around parsers: what the child sees, how it is ended, which tool is missing."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from knowledge.readers import DEFAULT, Limits, Unreadable, read
from knowledge.readers import sandbox as sandbox_module
from tests.knowledge.badfiles import OLE, a_docx, a_pdf, picture

posix = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts stand in for the tools")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def script(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{body}\n")
    (folder / name).chmod(0o755)


def old_word(tmp_path: Path) -> Path:
    path = tmp_path / "cũ.doc"
    path.write_bytes(OLE + bytes(3_000))
    return path


def test_missing_antiword_is_named_with_the_way_to_install_it(tmp_path: Path, tools: Path) -> None:
    with pytest.raises(Unreadable, match="sudo apt install antiword") as caught:
        read(old_word(tmp_path))
    assert caught.value.code == "missing_tool"


def test_missing_tesseract_leaves_other_formats_alone(tmp_path: Path, tools: Path) -> None:
    scan, text = tmp_path / "a.png", tmp_path / "a.docx"
    scan.write_bytes(picture("PNG"))
    text.write_bytes(a_docx())
    with pytest.raises(Unreadable, match="tesseract-ocr-vie") as caught:
        read(scan)
    assert caught.value.code == "missing_tool"
    assert read(text).text


@posix
def test_overrun_is_ended_with_its_children(tmp_path: Path, tools: Path) -> None:
    script(tools, "antiword", f"echo $$ > {tmp_path}/pid; exec sleep 60")
    for seconds in (1.5, 6.0, 24.0):  # on a busy machine the tool may not have begun when the time is over
        began = time.monotonic()
        with pytest.raises(Unreadable) as caught:
            read(old_word(tmp_path), limits=Limits(seconds=seconds))
        assert caught.value.code == "timeout"
        assert time.monotonic() - began < seconds + 8.5
        if (tmp_path / "pid").exists():
            break
    time.sleep(0.2)
    pid = int((tmp_path / "pid").read_text())
    state = Path(f"/proc/{pid}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


@posix
def test_child_sees_no_secret_of_the_parent(tmp_path: Path, tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUONGSANG_TOKEN", "123:secret")
    script(tools, "antiword", "env | sed 's/^/biến /'; pwd")
    text = read(old_word(tmp_path)).text
    assert "OMP_THREAD_LIMIT=1" in text
    assert "secret" not in text
    assert str(Path.cwd()) not in text.splitlines()


@posix
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="address space is limited on Linux only")
def test_memory_is_bounded(tmp_path: Path, tools: Path) -> None:
    script(tools, "antiword", "ulimit -v; ulimit -f")
    text = read(old_word(tmp_path)).text
    assert str(DEFAULT.memory_bytes // 1024) in text


def test_reading_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(sandbox_module.tempfile, "tempdir", str(scratch))
    path = tmp_path / "a.docx"
    path.write_bytes(a_docx())
    read(path)
    assert os.listdir(scratch) == []


def test_too_much_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(a_docx())
    with pytest.raises(Unreadable, match="100 ký tự") as caught:
        read(path, limits=Limits(characters=100))
    assert caught.value.code == "too_large"


def test_progress_counts_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(a_pdf(3))
    seen: list[tuple[int, int]] = []
    read(path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
