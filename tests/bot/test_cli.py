"""The command line's frame and the commands of people and nominations: exit codes, one clear line, what is printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings, write_down
from tests.bot.school import plan_text
from tests.bot.terminal import guongsang

ROOT = Path(__file__).resolve().parents[2]


def process(*arguments: str, data: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GUONGSANG_")}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "bot.cli", "--data", str(data), *arguments]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, encoding="utf-8", env=env, timeout=240, check=False
    )


def one_line(text: str) -> str:
    assert text.count("\n") == 1, text
    return text


def test_wrong_usage_exits_with_2(tmp_path: Path) -> None:
    assert process("no-such-command", data=tmp_path).returncode == 2
    assert guongsang("invite", "--role", "boss", data=tmp_path).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("no-such",), "Không có lệnh “no-such”. Xem cách dùng: guongsang --help"),
        (("plans", "addd"), "Không có lệnh “addd”, có phải add? Xem cách dùng: guongsang plans --help"),
        (("invite",), "Thiếu --role: chọn teacher, unit_head, secretariat, admin. Xem cách dùng: guongsang invite --help"),
        (
            ("invite", "--role", "boss"),
            "--role không nhận “boss”: chọn teacher, unit_head, secretariat, admin. Xem cách dùng: guongsang invite --help",
        ),
        (("backup",), "Thiếu file. Xem cách dùng: guongsang backup --help"),
        (("emulator", "--port", "x"), "--port cần một số. Xem cách dùng: guongsang emulator --help"),
        (("demo", "--as"), "Sau --as cần một giá trị. Xem cách dùng: guongsang --help"),
        (
            ("orgs", "add", "a", "Trường", "A"),
            "Thừa “A”: câu có dấu cách thì đặt trong ngoặc kép. Xem cách dùng: guongsang orgs add --help",
        ),
    ],
)
def test_wrong_usage_is_one_vietnamese_line(tmp_path: Path, arguments: tuple[str, ...], line: str) -> None:
    done = guongsang(*arguments, data=tmp_path)
    assert done.returncode == 2
    assert one_line(done.stderr).strip() == line


def test_backup_does_not_overwrite_a_file_unless_told(tmp_path: Path) -> None:
    guongsang("orgs", "add", "truong-a", "Trường A", data=tmp_path / "data")
    file = tmp_path / "ban-sao.zip"
    file.write_bytes(b"kept")
    done = guongsang("backup", str(file), data=tmp_path / "data")
    assert (done.returncode, file.read_bytes()) == (1, b"kept")
    assert "--force" in one_line(done.stderr)
    assert guongsang("backup", str(file), "--force", data=tmp_path / "data").returncode == 0
    assert file.read_bytes() != b"kept"


def test_invite_prints_a_token_that_is_not_stored(tmp_path: Path) -> None:
    guongsang("orgs", "add", "truong-a", "Trường A", data=tmp_path)
    done = guongsang("invite", "--role", "unit_head", "--org", "truong-a", "--unit", "Tổ Toán", "--json", data=tmp_path)
    made = json.loads(done.stdout)
    assert (made["role"], made["org"], made["unit"], len(made["token"])) == ("unit_head", "truong-a", "Tổ Toán", 32)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("guongsang.db*"))
    assert made["token"].encode() not in stored


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("invite", "--role", "secretariat"), "secretariat"),
        (("invite", "--role", "secretariat", "--org", "khong-co"), "khong-co"),
        (("nominations", "export", "--org", "khong-co", "--format", "docx", "--out", "x.docx"), "khong-co"),
        (("nominations", "import", "khong-co.xlsx", "--org", "truong-a", "--dry-run"), "khong-co.xlsx"),
        (("demo", "--org", "khong-co"), "khong-co"),
    ],
    ids=["no institution", "unknown institution", "export", "import", "demo"],
)
def test_mistake_is_one_line_that_names_the_value(tmp_path: Path, arguments: tuple[str, ...], named: str) -> None:
    done = (process if "demo" in arguments else guongsang)(*arguments, data=tmp_path)
    assert done.returncode == 1
    assert named in one_line(done.stderr)


def test_missing_token_is_one_line(tmp_path: Path) -> None:
    done = process("run", data=tmp_path)
    assert done.returncode == 1
    assert "GUONGSANG_TOKEN" in one_line(done.stderr)


def test_nominations_of_an_empty_folder(tmp_path: Path) -> None:
    done = guongsang("nominations", "list", "--json", data=tmp_path)
    assert (done.returncode, json.loads(done.stdout)) == (0, [])


def test_doctor_without_a_token_says_what_to_do_and_exits_with_1(tmp_path: Path) -> None:
    done = guongsang("doctor", data=tmp_path)
    assert done.returncode == 1
    assert any(line.startswith("✗") and "GUONGSANG_TOKEN" in line for line in done.stdout.splitlines())


def test_setup_from_a_script_makes_the_institution(tmp_path: Path) -> None:
    done = process("setup", data=tmp_path, stdin="\nTrường A\ntruong-a\n\nc\nk\nk\n")
    assert done.returncode == 0, done.stderr
    assert "/start " in done.stdout
    listed = json.loads(guongsang("orgs", "list", "--json", data=tmp_path).stdout)
    assert [org["slug"] for org in listed] == ["truong-a"]


def test_setup_leaves_all_that_run_needs(tmp_path: Path) -> None:
    (tmp_path / "ke-hoach.txt").write_text(plan_text(), encoding="utf-8")
    plan = str(tmp_path / "ke-hoach.txt")
    data = tmp_path / "data"
    script = "\n".join(["123:bi-mat", "", "Trường A", "truong-a", plan, "k", "k", "c", ""])
    done = guongsang("setup", data=data, stdin=script)
    assert done.returncode == 0, done.stderr
    assert "bi-mat" not in done.stdout + done.stderr
    assert "truong-a-1" in done.stdout
    settings = Settings(data=data)
    assert settings.token is not None
    assert settings.token.get_secret_value() == "123:bi-mat"
    unit = next(data.glob("guongsang*.service" if os.name != "nt" else "*.ps1")).read_text(encoding="utf-8-sig")
    assert f'--data "{data}" run' in unit
    assert "bi-mat" not in unit


def test_environment_wins_over_what_setup_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_down(tmp_path, "proxy", "socks5://127.0.0.1:1080")
    write_down(tmp_path, "token", "123:abc")
    assert Settings(data=tmp_path).proxy == "socks5://127.0.0.1:1080"
    monkeypatch.setenv("GUONGSANG_PROXY", "http://10.0.0.1:3128")
    assert Settings(data=tmp_path).proxy == "http://10.0.0.1:3128"


def test_proxy_of_the_usual_kind_can_be_used(tmp_path: Path) -> None:
    write_down(tmp_path, "proxy", "socks5://127.0.0.1:9")
    write_down(tmp_path, "token", "123:abc")
    done = guongsang("doctor", data=tmp_path)
    assert done.stdout.splitlines()[-1].startswith("✗ Không tới được Telegram (qua proxy")
