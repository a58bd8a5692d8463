"""Files that are there whole or not at all, and arrays that are mapped into memory instead of read."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_ALIGNED = 64


def canonical(body: object) -> bytes:
    """A JSON value as the bytes that its checksum is taken of."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True).encode()


def put(path: Path, data: bytes, lasting: bool = True) -> None:
    """Write a file so that it is there whole or not at all, even after a power cut; `lasting` is left out where `make_lasting` follows."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        if lasting:
            os.fsync(file.fileno())
    os.replace(temporary, path)


def put_in_place(temporary: Path, path: Path) -> None:
    """The same for a file that is already written under another name."""
    make_lasting(temporary)
    os.replace(temporary, path)


def make_lasting(path: Path) -> None:
    """Wait until a file has reached the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def digest(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def arrays_of(path: Path, header: object, shapes: Mapping[str, tuple[tuple[int, ...], str]]) -> Iterator[dict[str, Array]]:
    """Make a file of arrays of the given shapes and types, to be filled within the block; what is not filled is zero.

    The file is a line of JSON (padded with blanks) followed by the arrays, each on a 64-byte boundary.
    """
    described: dict[str, Any] = {}
    place = 0
    for name, (shape, dtype) in shapes.items():
        described[name] = [list(shape), dtype, place]
        size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
        place += -(-size // _ALIGNED) * _ALIGNED
    head = json.dumps({"header": header, "arrays": described}, ensure_ascii=False).encode()
    head += b" " * (-(len(head) + 1) % _ALIGNED) + b"\n"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + max(place, 1))
    made = _views(np.memmap(path, dtype=np.uint8, mode="r+"), described, len(head))
    yield made
    for array in made.values():
        base = array.base
        while base is not None and not isinstance(base, np.memmap):
            base = base.base
        if base is not None:
            base.flush()
            break
    made.clear()


def mapped(path: Path) -> tuple[Any, dict[str, Array]]:
    """The header and the arrays of such a file, mapped and not read. Raises OSError and ValueError."""
    with path.open("rb") as file:
        head = file.readline()
    told = json.loads(head)
    data = np.asarray(np.memmap(path, dtype=np.uint8, mode="r"))  # plain: a slice of a memmap costs many times as much
    return told["header"], _views(data, told["arrays"], len(head))


def _views(data: Array, described: Mapping[str, Any], begin: int) -> dict[str, Array]:
    views: dict[str, Array] = {}
    for name, (shape, dtype, place) in described.items():
        size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
        views[name] = data[begin + place : begin + place + size].view(dtype).reshape(shape)
    return views
