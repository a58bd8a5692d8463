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
PATIENCE = ("--timeout=120", "--timeout-method=thread")
"""A test that waits for what was taken out may wait for ever, also in its end: the thread ends the whole process."""
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "dist", "build", "*.egg-info")


@dataclass(frozen=True)
class Mutation:
    """`old`, which stands once in `file`, becomes `new`; one of `tests` should then fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


NETWORK = "tests/bot/test_network.py"
INBOX, OUTBOX, DATABASE = "tests/bot/test_inbox.py", "tests/bot/test_outbox.py", "tests/bot/test_database.py"
GROUP = "tests/bot/test_group_commit.py"
KILLS, LOGS, WEBHOOK = "tests/faults/test_kills.py", "tests/bot/test_logs.py", "tests/bot/test_webhook.py"

HANDLERS, ACCESS, STORE = "tests/bot/test_handlers.py", "tests/bot/test_access.py", "tests/forms/test_store.py"
BOMBS, ENCRYPTION = "tests/faults/test_bombs.py", "tests/bot/test_encryption.py"
ON_THE_WAY = "tests/faults/test_nomination_faults.py"

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
        "new = self._inbox.store(updates, ahead=self._ahead) if updates else 0",
        "new = 0; asyncio.get_running_loop().call_later(0.3, self._inbox.store, updates)"
        '; params["offset"] = max((u["update_id"] for u in updates), default=0) + 1; params["timeout"] = 0'
        '; await call(self._bot, "getUpdates", params)',
        (f"{INBOX}::test_update_is_not_acknowledged_while_it_cannot_be_stored", f"{KILLS}::test_kill_loses_nothing_and_repeats_nothing"),
    ),
    Mutation("first updates stored before they are tried", "bot/polling.py", "self._ahead = False", "self._ahead = True", (INBOX,)),
    Mutation(
        "work on a lost update comes to nothing",
        "bot/inbox.py",
        'raise LostError("the update went',
        'log.error("the update went',
        (INBOX,),
    ),
    Mutation("old connections given up", "bot/network.py", "keepalive_timeout=KEPT_S", "keepalive_timeout=60", (NETWORK,)),
    Mutation("what never left is told apart", "bot/network.py", "from NotConnectedError(str(error))", "from error", (NETWORK,)),
    Mutation("redirects not followed", "bot/network.py", ", allow_redirects=False", "", (NETWORK,)),
    Mutation("unasked answers dropped", "bot/network.py", " or connection.protocol.should_close:", ":", (NETWORK,)),
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
        'state = "waiting" if reachable else "held"',
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
    Mutation(
        "calls wait for the disk",
        "bot/sender.py",
        "        await self._db.durable()\n        return marked",
        "        return marked",
        (GROUP,),
    ),
    Mutation(
        "answers wait for the disk",
        "bot/sender.py",
        "            await self._db.durable()\n            answer =",
        "            answer =",
        (GROUP,),
    ),
    Mutation(
        "lost groups are handled again",
        "bot/worker.py",
        "                    await asyncio.shield(held.ticket)\n",
        "                    pass\n",
        (GROUP,),
    ),
    Mutation("a group is taken back whole", "bot/group_commit.py", "            self._take_back()\n", "", (GROUP,)),
    Mutation("one by one after a lost group", "bot/group_commit.py", "return self._alone > 0", "return False", (GROUP,)),
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
        "if digest(path) != entry.sha256:",
        "if False:",
        ("tests/faults/test_index_files.py",),
    ),
    Mutation(
        "index put in force last",
        "index/search.py",
        "put(path, manifest)",
        'put(self.folder / "current", str(number).encode()); put(path, manifest)',
        ("tests/faults/test_index_files.py::test_building_cut_off_leaves_the_old_or_the_new_index",),
    ),
    Mutation(
        "index built at the start",
        "bot/running.py",
        "while services.engine is not None and services.engine.behind:",
        "while False:",
        ("tests/faults/test_index_files.py::test_start_builds_again_what_can_be_searched_by_words_alone",),
    ),
    Mutation(
        "edited messages set aside",
        "bot/handlers/__init__.py",
        "filters.UpdateType.EDITED_MESSAGE & private, handling(edited)",
        "filters.UpdateType.EDITED_MESSAGE & private, text",
        (f"{HANDLERS}::test_edited_message_changes_nothing",),
    ),
    Mutation(
        "of two devices one wins",
        "forms/store.py",
        "updated_at = ? WHERE id = ? AND revision = ?",
        "updated_at = ? WHERE id = ? AND ? >= 0",
        (f"{STORE}::test_of_two_devices_one_wins",),
    ),
    Mutation(
        "files attached once",
        "forms/claims.py",
        "if any(held.file_id == event.file_id for held in draft.evidence):",
        "if False:",
        (f"{ON_THE_WAY}::test_album_is_attached_whole_in_any_order_and_once", "tests/forms/test_flow.py"),
    ),
    Mutation(
        "other kinds of message declined",
        "bot/handlers/__init__.py",
        "    turn.say(messages.ONLY_TEXT)\n",
        "    pass\n",
        (f"{HANDLERS}::test_other_kinds_of_message_are_declined_and_the_form_stays",),
    ),
    Mutation(
        "archives bounded before they are unpacked",
        "knowledge/readers/archive.py",
        "        self._check()\n",
        "",
        (BOMBS,),
    ),
    Mutation(
        "pictures bounded before they are drawn",
        "knowledge/readers/image.py",
        "if image.width * image.height > job.limits.image_pixels:",
        "if False:",
        (BOMBS,),
    ),
    Mutation(
        "memory of parsers bounded",
        "knowledge/readers/worker.py",
        "        (resource.RLIMIT_AS, limits.memory_bytes),\n",
        "",
        ("tests/knowledge/test_readers_sandbox.py::test_memory_is_bounded",),
    ),
    Mutation(
        "entities refused in office files",
        "knowledge/readers/archive.py",
        "fromstring(data, forbid_dtd=True)",
        "fromstring(data, forbid_entities=False, forbid_external=False)",
        (BOMBS,),
    ),
    Mutation(
        "document types refused in tables",
        "forms/office.py",
        'return b"<!DOCTYPE" in head or',
        "return False and",
        ("tests/forms/test_tables.py",),
    ),
    Mutation(
        "formulas made inert in CSV",
        "forms/lists.py",
        'return f"\'{text}" if _FORMULA.match(text) and not _HARMLESS.match(text) else text',
        "return text",
        ("tests/forms/test_tables.py::test_csv_guards_formulas_and_leaves_phones",),
    ),
    Mutation(
        "formulas kept as text in sheets",
        "forms/sheets.py",
        "self.raw.write_string(self._next, position, writable(text), self._looks[look])",
        "self.raw.write_formula(self._next, position, text, self._looks[look])",
        ("tests/forms/test_papers.py::test_awkward_text_comes_out_of_both_formats_as_typed",),
    ),
    Mutation(
        "what nobody sees dropped",
        "knowledge/text.py",
        "    return nfc(text.translate(_DROP))\n",
        "    return text\n",
        ("tests/forms/test_values.py::test_name_comes_out_in_nfc_without_what_nobody_sees",),
    ),
    Mutation(
        "no markup in what is sent",
        "bot/render.py",
        'params: dict[str, Any] = {"text": self.text,',
        'params: dict[str, Any] = {"text": self.text, "parse_mode": "HTML",',
        (f"{HANDLERS}::test_markup_in_a_name_is_shown_as_typed",),
    ),
    Mutation(
        "file names stripped of folders",
        "bot/files.py",
        "return safe_name(base, LONGEST_NAME)",
        'return name or "tệp"',
        (f"{ON_THE_WAY}::test_odd_file_name_goes_nowhere_but_into_the_list",),
    ),
    Mutation(
        "downloads bounded",
        "bot/handlers/plans.py",
        "if (sent.file_size or 0) > DOWNLOAD_LIMIT:",
        "if False:",
        (f"{ON_THE_WAY}::test_file_over_the_limit_for_downloads_is_told_with_the_limit",),
    ),
    Mutation(
        "revoked roles gone at once",
        "bot/access.py",
        "WHERE person = ? AND revoked_at IS NULL ORDER BY id",
        "WHERE person = ? ORDER BY id",
        (f"{HANDLERS}::test_revoked_role_is_refused_on_an_open_keyboard",),
    ),
    Mutation(
        "invites used once",
        "bot/access.py",
        'self.db.table("invites").update(row["id"], {"used_by": person, "used_at": stored(now)})',
        "pass",
        (f"{ACCESS}::test_invite_gives_its_role_once",),
    ),
    Mutation(
        "invites end",
        "bot/access.py",
        'if row["expires_at"] <= stored(now):',
        "if False:",
        (f"{ACCESS}::test_invite_expired_is_refused",),
    ),
    Mutation(
        "tokens stored as hashes",
        "bot/access.py",
        "return hashlib.sha256(token.encode()).hexdigest()",
        "return token",
        (f"{ACCESS}::test_invite_token_has_32_characters_and_is_not_stored",),
    ),
    Mutation(
        "drafts erased with their nomination",
        "forms/store.py",
        '"DELETE FROM drafts WHERE org = ? AND (code = ?',
        '"DELETE FROM drafts WHERE 0 AND org = ? AND (code = ?',
        (f"{STORE}::test_erased_person_is_gone_from_every_table",),
    ),
    Mutation(
        "what was said of an erased person forgotten",
        "bot/handlers/account.py",
        "    turn.services.outbox.forget(_telling(nomination))\n",
        "",
        (f"{HANDLERS}::test_withdrawn_consent_takes_the_data_out_of_tables_and_files",),
    ),
    Mutation(
        "nominations erased after their years",
        "bot/retention.py",
        "store.erase(nomination, now, state=nomination.state)",
        "pass",
        ("tests/bot/test_retention.py",),
    ),
    Mutation(
        "files that nothing names removed",
        "bot/retention.py",
        "            path.unlink(missing_ok=True)\n",
        "            pass\n",
        ("tests/bot/test_retention.py",),
    ),
    Mutation(
        "long stop told",
        "bot/running.py",
        "    jobs.tell_after_long_stop(services)\n",
        "",
        ("tests/bot/test_jobs.py::test_long_stop_is_told_to_those_with_open_drafts",),
    ),
    Mutation(
        "audit append-only",
        "bot/migrations.py",
        "CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit\n",
        "CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit WHEN 0\n",
        ("tests/bot/test_audit.py", "tests/bot/test_breaches.py"),
    ),
    Mutation(
        "identity cards refused",
        "bot/handlers/files.py",
        "refused = await identity.is_card(context.bot, said)",
        "refused = False",
        ("tests/bot/test_identity.py",),
    ),
    Mutation("odd updates stored", "bot/inbox.py", '.encode("utf-8", "replace").decode()', "", ("tests/faults/test_odd_updates.py",)),
    Mutation(
        "odd numbers of buttons left out",
        "bot/handlers/turn.py",
        "part.isdecimal() and len(part) > LONGEST_ID",
        "False",
        ("tests/faults/test_odd_updates.py::test_press_with_a_number_that_no_row_has_is_an_old_button",),
    ),
    Mutation("umask", "bot/database.py", "    os.umask(0o077)\n", "", (f"{DATABASE}::test_database_is_readable_by_its_owner_only",)),
    Mutation("files sealed", "bot/files.py", "self._cipher.seal(data, digest) if self._cipher else data", "data", (ENCRYPTION,)),
    Mutation("plain databases told apart", "bot/encryption.py", "if key is not None and plain:", "if False:", (ENCRYPTION,)),
    Mutation(
        "doctor checks references",
        "bot/checks.py",
        'broken = db.execute("PRAGMA foreign_key_check").fetchall()',
        "broken = []",
        ("tests/bot/test_checks.py",),
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
            [sys.executable, "-m", "pytest", "-x", "-n0", "-vv", "-m", "not slow", "-p", "no:cacheprovider", *PATIENCE, *mutation.tests],
            cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        path.write_text(whole, encoding="utf-8")
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    if failed or re.search(r"^=+ .*\b\d+ passed", done.stdout, re.MULTILINE):
        return failed
    begun = re.findall(r"^(tests/\S+::\S+)", done.stdout, re.MULTILINE)
    return [f"{begun[-1] if begun else mutation.tests[0]} (did not come to an end)"]


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
