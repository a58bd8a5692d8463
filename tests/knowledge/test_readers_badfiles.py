"""Hostile and broken files: one clear error or a text, never a crash, a hang, or a parent that swells."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from knowledge.readers import Limits, Unreadable, read
from tests.knowledge.badfiles import BAD_FILES, BAD_NAMES, SENTENCE, BadFile, a_docx

LIMITS = Limits(seconds=25.0)
QUICK = {
    "zero.txt",
    "noise.txt",
    "noise.docx",
    "cut in half.docx",
    "zip bomb.docx",
    "external entity.docx",
    "password.pdf",
    "two thousand pages.pdf",
    "forty thousand dots.png",
}


def outcome(path: Path) -> str:
    try:
        document = read(path, limits=LIMITS)
    except Unreadable as error:
        return error.code if error.message and "\n" not in error.message else f"no clear line: {error.message!r}"
    assert document.text.strip()
    return "read"


def cases() -> list[object]:
    marks = {True: (), False: (pytest.mark.slow,)}
    return [pytest.param(each, id=each.name, marks=marks[each.name in QUICK]) for each in BAD_FILES]


def test_bad_files_are_at_least_sixty() -> None:
    assert len({each.name for each in BAD_FILES}) == len(BAD_FILES) >= 60


@pytest.mark.faults
@pytest.mark.parametrize("case", cases())
def test_read_survives(case: BadFile, tmp_path: Path) -> None:
    path = tmp_path / case.name
    path.write_bytes(case.make())
    assert outcome(path) in case.expected


@pytest.mark.faults
@pytest.mark.parametrize(("name", "hint"), [("photograph.heic", "JPG"), ("rich.doc", "DOCX")])
def test_unsupported_format_names_one_that_is_read(name: str, hint: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(next(each for each in BAD_FILES if each.name == name).make())
    with pytest.raises(Unreadable, match=hint):
        read(path)


@pytest.mark.faults
@pytest.mark.parametrize(("name", "source"), BAD_NAMES.items(), ids=range(len(BAD_NAMES)))
def test_read_keeps_the_base_name_only(name: str, source: str, tmp_path: Path) -> None:
    path = tmp_path / "given"
    path.write_text(SENTENCE, encoding="utf-8")
    document = read(path, source=name)
    assert document.source == source
    assert document.model_dump_json()


@pytest.mark.faults
def test_read_shows_a_bad_name_in_one_short_line(tmp_path: Path) -> None:
    path = tmp_path / "given"
    path.write_bytes(b"")
    with pytest.raises(Unreadable) as caught:
        read(path, source="dòng\n\u202e" + "a" * 300 + ".docx")
    assert "\n" not in caught.value.message
    assert "\u202e" not in caught.value.message
    assert len(caught.value.message) < 160


@pytest.mark.faults
@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir], ids=["missing", "folder"])
def test_read_names_what_cannot_be_opened(make: object, tmp_path: Path) -> None:
    path = tmp_path / "kế hoạch.docx"
    make(path)  # type: ignore[operator]
    with pytest.raises(Unreadable, match="kế hoạch.docx") as caught:
        read(path)
    assert caught.value.code == "missing_file"


@pytest.mark.faults
def test_read_refuses_a_file_over_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "lớn.docx"
    path.write_bytes(a_docx())
    with pytest.raises(Unreadable) as caught:
        read(path, limits=Limits(file_bytes=1_000))
    assert caught.value.code == "too_large"


_PARENT = """
    import json, sys
    from pathlib import Path
    from knowledge.readers import Limits, Unreadable, read

    def peak():
        # Not ru_maxrss: that one is handed down by the process which started this one.
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))

    idle = peak()
    for path in sorted(Path(sys.argv[1]).iterdir()):
        try:
            read(path, limits=Limits(seconds=25.0))
        except Unreadable:
            pass
    print(json.dumps({"idle": idle, "peak": peak()}))
"""


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is told by /proc")
def test_parent_stays_small_over_all_bad_files(tmp_path: Path) -> None:
    for case in BAD_FILES:
        (tmp_path / case.name).write_bytes(case.make())
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", textwrap.dedent(_PARENT), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)
    memory = json.loads(done.stdout)
    assert memory["idle"] < 150  # else the measure says nothing
    assert memory["peak"] - memory["idle"] < 300
