"""Files are kept by their content, under names that nobody chose."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files import FileStore


def test_same_content_is_kept_once(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    assert store.put(b"a") == store.put(b"a")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [store.path(store.put(b"a"))]


@given(st.binary(max_size=200))
def test_content_comes_back(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    store = FileStore(tmp_path_factory.mktemp("f"))
    assert store.get(store.put(data)) == data


def test_damaged_content_is_refused(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = store.put(b"nguyen ven")
    store.path(digest).write_bytes(b"khac di roi")
    with pytest.raises(ValueError, match="damaged"):
        store.get(digest)


def test_half_written_content_is_written_again(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = store.put(b"nguyen ven")
    store.path(digest).write_bytes(b"nguy")
    assert store.get(store.put(b"nguyen ven")) == b"nguyen ven"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 300])
def test_name_that_is_no_hash_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        FileStore(tmp_path).path(name)


def test_failure_leaves_no_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        FileStore(tmp_path).put(b"a")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
