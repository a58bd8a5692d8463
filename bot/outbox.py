"""What the bot is going to say: calls to the Bot API, stored in the transaction that decided them.

`Outbox` is the store; `bot.sender` makes the calls. A row is one call. A long text becomes several rows, a caption
that is too long a message before its file. Order within a chat is the order of the ids.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.database import Database
from bot.moments import stored
from bot.split import split

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
RESERVED = 64
"""UTF-16 units kept free in every text for the mark of a repeated message."""

UPLOAD_FIELD = {"sendDocument": "document", "sendPhoto": "photo"}
ANSWER_CALLBACK = "answerCallbackQuery"


@dataclass(frozen=True)
class Outgoing:
    """One row: a call to make, or one that was made (`message_id` is what Telegram named the message)."""

    id: int
    chat_id: int
    method: str
    params: dict[str, Any]
    document: str | None
    filename: str | None
    edits: int | None
    state: str
    message_id: int | None
    attempts: int
    uncertain: int
    created_at: str
    error: str | None


class FileTooLargeError(ValueError):
    """A file above Telegram's limit for uploads; `size` in bytes."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(f"{name}: {size:,} bytes; Telegram takes {UPLOAD_LIMIT:,} at most: send it in parts")
        self.size = size


class Outbox:
    """The calls to make. Every method works in the caller's transaction."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self.read: Callable[[Path], bytes] = Path.read_bytes
        """How the bytes of a document are read: sealed files are opened (see `bot.files`)."""
        self.on_unreachable: list[Callable[[int, str], None]] = []
        self.on_migrated: list[Callable[[int, int], None]] = []
        self._put: list[tuple[int, int, str]] = []

    # --- deciding -------------------------------------------------------------------------------------------------

    def put(
        self,
        chat_id: int,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        document: Path | None = None,
        filename: str | None = None,
        edits: int | None = None,
    ) -> int:
        """Stores a call and returns its row id: the last row's, which carries the buttons, where a text was split.

        `params` are the Bot API's, `chat_id` left out; Telegram objects are turned into JSON. `document` is a file that stays
        (see `bot.files`), sent as `filename`. `edits` is the row whose message `method` changes: its `message_id` is filled in
        when that is known. Raises FileTooLargeError for a file over 50 MB, KeyError for an unknown `edits`.
        """
        if document is not None and (size := document.stat().st_size) > UPLOAD_LIMIT:
            raise FileTooLargeError(filename or document.name, size)
        if edits is not None and self.get(edits) is None:
            raise KeyError(f"outbox row {edits} is not there to be edited")
        last, (chat_id, reachable) = 0, self.destination(chat_id)
        for step_method, step in _steps(method, _plain(dict(params or {}))):
            is_file = step_method == method and document is not None
            is_edit = step_method == method and edits is not None
            last = self._insert(
                chat_id,
                reachable,
                step_method,
                step,
                str(document) if is_file else None,
                (filename or "file") if is_file else None,
                edits if is_edit else None,
            )
        return last

    def _insert(
        self,
        chat_id: int,
        reachable: bool,
        method: str,
        params: dict[str, Any],
        document: str | None,
        name: str | None,
        edits: int | None,
    ) -> int:
        state = "waiting" if reachable else "held"
        text = json.dumps(params, ensure_ascii=False)
        with self._db.atomic():
            cursor = self._db.execute(
                "INSERT INTO outbox (chat_id, method, params, document, filename, edits, state, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [chat_id, method, text, document, name, edits, state, stored(self._clock())],
            )
        assert cursor.lastrowid is not None
        self._put.append((cursor.lastrowid, chat_id, method))
        return cursor.lastrowid

    def taken(self) -> list[tuple[int, int, str]]:
        """What was put since this was last asked: row, chat, method. Some may be gone again with their transaction."""
        put, self._put = self._put, []
        return put

    def look_at(self, chat_id: int) -> None:
        """There may be something to send in this chat."""
        self._put.append((0, chat_id, ""))

    # --- looking ---------------------------------------------------------------------------------------------------

    def get(self, row: int) -> Outgoing | None:
        return self._first("SELECT * FROM outbox WHERE id = ?", [row])

    def by_message(self, chat_id: int, message_id: int) -> Outgoing | None:
        """The row that sent this message: which of our messages somebody answers or presses on."""
        return self._first(
            "SELECT * FROM outbox WHERE chat_id = ? AND message_id = ? AND method NOT LIKE 'edit%' ORDER BY id LIMIT 1",
            [chat_id, message_id],
        )

    def first_waiting(self, chat_id: int) -> Outgoing | None:
        """What is to be sent next in this chat, callback answers aside."""
        sql = "SELECT * FROM outbox WHERE chat_id = ? AND state = 'waiting' AND method <> ? ORDER BY id LIMIT 1"
        return self._first(sql, [chat_id, ANSWER_CALLBACK])

    def mark(self, row: Outgoing) -> Outgoing | None:
        """Marks a row as being sent and gives it as it is now; None where it does not wait any more."""
        sql = (
            "UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ? AND chat_id = ? AND state = 'waiting'"
            " RETURNING *"
        )
        return self._first(sql, [row.id, row.chat_id])

    def _first(self, sql: str, values: list[Any]) -> Outgoing | None:
        rows = list(self._db.rows(sql, values))  # read to the end: what changes a row is done only then
        return _outgoing(rows[0]) if rows else None

    def destination(self, chat_id: int) -> tuple[int, bool]:
        """Where this chat is now (a group that became a supergroup has a new id), and whether it can be written to."""
        here = self._db.execute("SELECT migrated_to, unreachable_at FROM chats WHERE chat_id = ?", [chat_id]).fetchone()
        if here is not None and here[0] is not None:
            return int(here[0]), not self.is_unreachable(int(here[0]))
        return chat_id, here is None or here[1] is None

    def is_unreachable(self, chat_id: int) -> bool:
        row = self._db.execute("SELECT unreachable_at FROM chats WHERE chat_id = ?", [chat_id]).fetchone()
        return row is not None and row[0] is not None

    def unreachable(self) -> list[tuple[int, str, str]]:
        """The chats that cannot be written to: id, since when, Telegram's reason."""
        rows = self._db.execute(
            "SELECT chat_id, unreachable_at, reason FROM chats WHERE unreachable_at IS NOT NULL ORDER BY unreachable_at"
        )
        return [(int(chat), str(since), str(reason)) for chat, since, reason in rows.fetchall()]

    def forget(self, texts: Iterable[str]) -> None:
        """What was said with one of these texts in it is not kept; what still waits is not sent."""
        for text in texts:
            quoted = json.dumps(text, ensure_ascii=False)[1:-1]
            self._db.execute(
                "UPDATE outbox SET params = '{}', document = NULL, error = 'forgotten',"
                " state = CASE state WHEN 'sent' THEN 'sent' ELSE 'failed' END"
                " WHERE state <> 'sending' AND (instr(params, ?) OR instr(coalesce(filename, ''), ?))",
                [quoted, text],
            )

    # --- what the sender learns --------------------------------------------------------------------------------------

    def reached(self, chat_id: int) -> None:
        """The chat wrote to us: what was held for it may go."""
        if not self.is_unreachable(chat_id):
            return
        with self._db.atomic():
            self._db.execute("UPDATE chats SET unreachable_at = NULL, reason = NULL WHERE chat_id = ?", [chat_id])
            self._db.execute("UPDATE outbox SET state = 'waiting' WHERE chat_id = ? AND state = 'held'", [chat_id])
            self.look_at(chat_id)

    def lost(self, chat_id: int, reason: str) -> None:
        """The chat cannot be written to: what waits for it is held; those who should know are told, in this transaction."""
        with self._db.atomic():
            self._db.execute(
                "INSERT INTO chats (chat_id, unreachable_at, reason) VALUES (?, ?, ?)"
                " ON CONFLICT (chat_id) DO UPDATE SET unreachable_at = excluded.unreachable_at, reason = excluded.reason",
                [chat_id, stored(self._clock()), reason],
            )
            self._db.execute(
                "UPDATE outbox SET state = 'held' WHERE chat_id = ? AND state IN ('waiting', 'sending')", [chat_id]
            )
            for told in self.on_unreachable:
                told(chat_id, reason)

    def migrated(self, old: int, new: int) -> None:
        """A group became a supergroup: what waits for it goes to the new id, now and later."""
        with self._db.atomic():
            self._db.execute(
                "INSERT INTO chats (chat_id, migrated_to) VALUES (?, ?)"
                " ON CONFLICT (chat_id) DO UPDATE SET migrated_to = excluded.migrated_to",
                [old, new],
            )
            self._db.execute("UPDATE chats SET migrated_to = ? WHERE migrated_to = ?", [new, old])
            self._db.execute(
                "UPDATE outbox SET chat_id = ?, state = CASE state WHEN 'sending' THEN 'waiting' ELSE state END"
                " WHERE chat_id = ? AND state IN ('waiting', 'sending', 'held')",
                [new, old],
            )
            self.look_at(new)
            for told in self.on_migrated:
                told(old, new)


def _outgoing(row: dict[str, Any]) -> Outgoing:
    fields = {name: row[name] for name in Outgoing.__dataclass_fields__}
    return Outgoing(**{**fields, "params": json.loads(row["params"])})


def _plain(value: Any) -> Any:
    """JSON values only: Telegram objects know their own form."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _steps(method: str, params: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The calls that say what one call cannot: Telegram limits texts and captions."""
    if "text" in params and method in ("sendMessage", "editMessageText"):
        return _text_steps(method, params)
    caption = params.get("caption", "")
    if len(caption.encode("utf-16-le")) // 2 > CAPTION_LIMIT - RESERVED:
        bare = {name: value for name, value in params.items() if name not in ("caption", "caption_entities")}
        before = {"text": caption, "entities": params.get("caption_entities", [])}
        return [*_text_steps("sendMessage", before), (method, bare)]
    return [(method, params)]


def _text_steps(method: str, params: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    parts = split(params["text"], params.get("entities", []), TEXT_LIMIT - RESERVED)
    rest = {name: value for name, value in params.items() if name not in ("text", "entities", "reply_markup")}
    steps = []
    for number, (text, entities) in enumerate(parts):
        step = {"text": text, **({"entities": entities} if entities else {})}
        step |= rest if number == 0 else {}
        if number == len(parts) - 1 and "reply_markup" in params:
            step["reply_markup"] = params["reply_markup"]
        steps.append((method if number == 0 else "sendMessage", step))
    return steps
