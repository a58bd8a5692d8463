"""`guongsang run` pointed at `guongsang emulator`: real processes, real sockets."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest

from tests.bot.processes import TOKEN, bot, emulator, start
from tests.bot.terminal import guongsang
from tests.bot.test_webhook import free_port


def command(*arguments: str, **environment: str) -> tuple[int, str, str]:
    process = start(*arguments, **environment)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    assert guongsang("orgs", "add", "binhminh", "Trường THCS Bình Minh", data=folder).returncode == 0
    return folder


def test_conversation_by_long_polling_and_a_clean_stop(data: Path) -> None:
    token = json.loads(guongsang("invite", "--role", "secretariat", "--org", "binhminh", "--json", data=data).stdout)["token"]
    with emulator() as api, bot(api, data) as process:
        api.say(5, f"/start {token}")
        assert api.wait_for("thư ký", 5)["method"] == "sendMessage"
        second, _, busy = command("--data", str(data), "run", GUONGSANG_TOKEN=TOKEN, GUONGSANG_API=api.address)
        assert (second, f"tiến trình {process.pid}" in busy) == (1, True)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=30)
        assert process.returncode == 0, log
        assert "stopping" in log
        assert TOKEN not in log


def test_what_was_written_during_a_stop_is_answered_afterwards(data: Path) -> None:
    with emulator() as api:
        with bot(api, data):
            api.say(5, "/start")
            api.wait_for("Gương Sáng", 5)
        api.say(6, "/start")
        with bot(api, data):
            api.wait_for("Gương Sáng", 6)


def test_conversation_by_webhook(data: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    with emulator() as api, bot(api, data, "--webhook", url, "--port", str(port)):
        api.say(5, "/start")
        api.wait_for("Gương Sáng", 5)


def test_missing_token_is_one_clear_line(data: Path) -> None:
    code, out, err = command("--data", str(data), "run")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "GUONGSANG_TOKEN" in err


def test_refused_token_is_one_clear_line(data: Path) -> None:
    with emulator() as api:
        api.fault(method="getMe", times=5, status=401)
        code, _, err = command("--data", str(data), "run", GUONGSANG_TOKEN=TOKEN, GUONGSANG_API=api.address)
    assert code == 1
    assert "GUONGSANG_TOKEN" in err.splitlines()[-1]
    assert TOKEN not in err


def test_api_that_is_no_address_is_one_clear_line(data: Path) -> None:
    code, _, err = command("--data", str(data), "run", GUONGSANG_TOKEN=TOKEN, GUONGSANG_API="telegram")
    assert (code, len(err.splitlines())) == (1, 1)


def test_backup_beside_the_running_bot_and_restore(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    with emulator() as api, bot(api, data):
        api.say(5, "/start")
        api.wait_for("Gương Sáng", 5)
        code, _, err = command("--data", str(data), "backup", str(file))
        assert code == 0, err
        refused = guongsang("restore", str(file), data=data)
        assert (refused.returncode, "Bot đang chạy" in refused.stderr) == (1, True)
    restored = guongsang("restore", str(file), data=tmp_path / "new")
    assert restored.returncode == 0, restored.stderr
    listed = guongsang("orgs", "list", "--json", data=tmp_path / "new").stdout
    assert [org["slug"] for org in json.loads(listed)] == ["binhminh"]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT")
def test_emulator_stops_quietly(tmp_path: Path) -> None:
    process = start("emulator")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("listening on http://127.0.0.1:")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")


def test_emulator_says_that_a_port_is_taken() -> None:
    first = start("emulator")
    assert first.stdout is not None
    port = first.stdout.readline().strip().rsplit(":", 1)[1]
    code, _, err = command("emulator", "--port", port)
    first.kill()
    first.wait()
    assert (code, port in err, len(err.splitlines())) == (1, True, 1)


def test_unknown_option_is_wrong_usage() -> None:
    process = start("run", "--nonsense")
    assert process.wait(timeout=60) == 2
