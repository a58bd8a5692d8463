"""Takes each protection out in turn, in a copy, and prints which tests then failed: `python -m tests.faults.mutate [NAME]…`.

Exit code 1 where a protection can be taken out without a test noticing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "dist", "build", "*.egg-info")


@dataclass(frozen=True)
class Mutation:
    """`old`, which stands once in `file`, becomes `new`; one of `tests` should then fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


INBOX, OUTBOX, DATABASE = "tests/bot/test_inbox.py", "tests/bot/test_outbox.py", "tests/bot/test_database.py"
KILLS, LOGS, WEBHOOK = "tests/faults/test_kills.py", "tests/bot/test_logs.py", "tests/bot/test_webhook.py"

MUTATIONS = (
    Mutation("durable commits", "bot/database.py", "synchronous=FULL", "synchronous=OFF", (DATABASE,)),
    Mutation("foreign keys checked", "bot/database.py", '"foreign_keys=ON", ', "", (DATABASE,)),
    Mutation("write lock taken at once", "bot/database.py", '"BEGIN IMMEDIATE"', '"BEGIN"', (DATABASE,)),
    Mutation("rollback", "bot/database.py", 'self.conn.execute("ROLLBACK")', 'self.conn.execute("COMMIT")', (DATABASE,)),
    Mutation("no await inside a transaction", "bot/database.py", "self._owner != _here()", "False", (DATABASE,)),
    Mutation("duplicates ignored", "bot/inbox.py", "INSERT OR IGNORE INTO inbox", "INSERT OR REPLACE INTO inbox", (INBOX,)),
    Mutation(
        "done mark in the handler's transaction",
        "bot/inbox.py",
        "if held is None or held.done:",
        "if True:",
        (INBOX, f"{KILLS}::test_kill_at_each_place"),
    ),
    Mutation(
        "stored before the offset moves",
        "bot/polling.py",
        "new = self._inbox.store(updates) if updates else 0",
        "new = 0; asyncio.get_running_loop().call_later(0.3, self._inbox.store, updates)"
        '; params["offset"] = max((u["update_id"] for u in updates), default=0) + 1; params["timeout"] = 0'
        '; await call(self._bot, "getUpdates", params)',
        (f"{INBOX}::test_update_is_not_acknowledged_while_it_cannot_be_stored", f"{KILLS}::test_kill_loses_nothing_and_repeats_nothing"),
    ),
    Mutation("order and turns of chats", "bot/worker.py", "if chat_id not in self._chats:", "if not self._chats:", (INBOX,)),
    Mutation("floods slowed", "bot/worker.py", "await asyncio.sleep(_pause(failures, handled))", "pass", (INBOX,)),
    Mutation("poison put aside", "bot/worker.py", "if attempts >= self._attempts:", "if False:", (INBOX,)),
    Mutation(
        "done updates forgotten", "bot/inbox.py", "body = CASE WHEN ? THEN body END", "body = CASE WHEN ? THEN body ELSE body END", (INBOX,)
    ),
    Mutation("failure told", "bot/app.py", "    application.add_error_handler(failures.tell)\n", "", (INBOX,)),
    Mutation("RetryAfter waited for", "bot/sender.py", "            return retry_after_s(error)\n", "            return 0.0\n", (OUTBOX,)),
    Mutation(
        "blocked chats left alone",
        "bot/outbox.py",
        'state = "held" if self.is_unreachable(chat_id) else "waiting"',
        'state = "waiting"',
        (OUTBOX,),
    ),
    Mutation("moved groups followed", "bot/sender.py", "isinstance(error, ChatMigrated)", "False", (OUTBOX,)),
    Mutation("repeats marked", "bot/sender.py", 'params["text"] += "\\n\\n" + messages.sent_again(row.id)', "pass", (OUTBOX,)),
    Mutation("interrupted sends sent again", "bot/sender.py", "WHERE state = 'sending'\"", "WHERE state = 'never'\"", (OUTBOX,)),
    Mutation(
        "server errors tried again",
        "bot/sender.py",
        "elif isinstance(error, BadRequest) or not isinstance(error, NetworkError):",
        "else:",
        (OUTBOX,),
    ),
    Mutation("pace", "bot/pace.py", "await asyncio.sleep(self._chat(chat_id).take(self._monotonic()))", "pass", (OUTBOX,)),
    Mutation("overall pace", "bot/pace.py", "await asyncio.sleep(self._overall.take(self._monotonic()))", "pass", (OUTBOX,)),
    Mutation(
        "answers exempt from the pace",
        "bot/sender.py",
        "            await self._call(answer)\n",
        "            await self._pace.turn(answer.chat_id)\n            await self._call(answer)\n",
        (OUTBOX,),
    ),
    Mutation("long texts split", "bot/outbox.py", "TEXT_LIMIT - RESERVED)", "10**6)", (OUTBOX,)),
    Mutation("large files refused", "bot/outbox.py", "> UPLOAD_LIMIT:", "> 10**12:", (OUTBOX,)),
    Mutation(
        "second poller survived",
        "bot/polling.py",
        "                await self._sleep(_wait(error, failures))",
        "                return",
        (INBOX,),
    ),
    Mutation(
        "webhook secret", "bot/webhook.py", "if not hmac.compare_digest(given.encode(), self._secret.encode()):", "if False:", (WEBHOOK,)
    ),
    Mutation(
        "webhook stores first", "bot/webhook.py", "            self.send_error(503)\n            return\n", "            pass\n", (WEBHOOK,)
    ),
    Mutation("full disk waited out", "bot/database.py", "sqlite3.SQLITE_FULL, ", "", (DATABASE, "tests/faults/test_disk.py")),
    Mutation("locks waited out", "bot/database.py", "sqlite3.SQLITE_BUSY, ", "", (DATABASE, INBOX)),
    Mutation("lines redacted", "bot/logs.py", "return redacted(super().format(record))", "return super().format(record)", (LOGS,)),
    Mutation("records redacted", "bot/logs.py", "    logging.setLogRecordFactory(_redacted_record)\n", "", (LOGS,)),
    Mutation("file hashes checked", "bot/files.py", "hashlib.sha256(data).hexdigest() != digest", "False", ("tests/bot/test_files.py",)),
    Mutation(
        "backups verified", "bot/backup.py", "    verify(archive_path)\n    data.parent", "    data.parent", ("tests/bot/test_backup.py",)
    ),
    Mutation("one writer", "bot/lock.py", "if not _lock(handle):", "if False:", ("tests/bot/test_lock.py",)),
    Mutation("one run a day", "bot/jobs.py", "last < latest_time(job, now)", "True", ("tests/bot/test_jobs.py",)),
    Mutation(
        "damaged index refused",
        "index/search.py",
        "return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == entry.sha256",
        "return path.is_file()",
        ("tests/faults/test_index_files.py",),
    ),
)


def without(mutation: Mutation, copy: Path) -> list[str]:
    """The tests that failed with the protection taken out. Raises ValueError where it is not found once."""
    path = copy / mutation.file
    whole = path.read_text(encoding="utf-8")
    if whole.count(mutation.old) != 1:
        raise ValueError(f"{mutation.name}: stands {whole.count(mutation.old)} times in {mutation.file}; mend MUTATIONS")
    path.write_text(whole.replace(mutation.old, mutation.new), encoding="utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not slow", "-p", "no:cacheprovider", "--timeout=60", *mutation.tests],
            cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        path.write_text(whole, encoding="utf-8")
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return failed or (["the tests did not come to an end"] if done.returncode not in (0, 1) else [])


def main(names: list[str]) -> int:
    unnoticed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        for mutation in MUTATIONS:
            if names and mutation.name not in names:
                continue
            failed = without(mutation, copy)
            unnoticed += not failed
            print(f"{mutation.name:40} {failed[0] if failed else 'NOT NOTICED'}", flush=True)
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
