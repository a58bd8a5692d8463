"""No secret lies in the repository, and none is handed to a process that opens other people's files."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
import structlog
from PIL import Image

from bot import logs, pages
from bot.encryption import key_in_force

ROOT = Path(__file__).resolve().parents[2]
SECRET = re.compile(
    rb"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b|-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b"
    rb"|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bhf_[A-Za-z0-9]{30,}\b"
)
LEFT_OUT = {".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}


def test_no_secret_in_the_repository() -> None:
    paths = [path for path in ROOT.rglob("*") if path.is_file() and not LEFT_OUT & set(path.relative_to(ROOT).parts)]
    assert len(paths) > 100
    assert [path for path in paths if path.stat().st_size < 5_000_000 and SECRET.search(path.read_bytes())] == []


def test_pattern_finds_a_token() -> None:
    assert SECRET.search(b"token = 123456789:AA" + b"x" * 33)


def test_process_that_draws_pages_knows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUONGSANG_TOKEN", "4200000000:local-token-of-the-tests")
    monkeypatch.setenv("GUONGSANG_KEY", "một khoá dài và bí mật")
    seen: list[dict[str, str]] = []
    run = subprocess.run

    def watched(*given: object, **more: object) -> object:
        seen.append(more.get("env"))  # type: ignore[arg-type]
        return run(*given, **more)  # type: ignore[call-overload]

    monkeypatch.setattr("bot.pages.subprocess.run", watched)
    out = io.BytesIO()
    Image.new("RGB", (90, 90)).save(out, "PNG")
    (tmp_path / "a.png").write_bytes(out.getvalue())
    assert pages.picture(tmp_path / "a.png", "a.png", 1) is not None
    assert [name for name in seen[0] if name.startswith("GUONGSANG")] == []


@pytest.mark.skipif(sys.platform == "win32", reason="the console's encoding")
def test_key_is_in_no_log_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUONGSANG_KEY", "một khoá dài và bí mật")
    stream = io.StringIO()
    logs.configure(stream=stream)
    structlog.get_logger("x").error("opened", key=key_in_force())
    assert "bí mật" not in stream.getvalue()
    assert "opened" in stream.getvalue()
