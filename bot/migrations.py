"""The tables of the bot: one function a step, never changed once it has been released."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("bot")


def _run(db: Database, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)



@migrations()
def people_roles_and_audit(db: Database) -> None:
    """Who may do what (access.py), who is talking and about what (people.py), and what was done (audit.py)."""
    db.execute("""
        CREATE TABLE people (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            telegram_id INTEGER NOT NULL UNIQUE,
            chat_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            org TEXT,
            waiting TEXT,
            reachable INTEGER NOT NULL DEFAULT 1,
            first_seen TEXT NOT NULL
        ) STRICT""")
    db.execute("""
        CREATE TABLE grants (
            id INTEGER PRIMARY KEY,
            person INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
            role TEXT NOT NULL CHECK (role IN ('teacher', 'unit_head', 'secretariat', 'admin')),
            org TEXT,
            unit TEXT,
            granted_at TEXT NOT NULL,
            revoked_at TEXT
        ) STRICT""")
    db.execute("CREATE INDEX grants_by_person ON grants (person)")
    db.execute("""
        CREATE TABLE invites (
            id INTEGER PRIMARY KEY,
            token_sha256 TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            org TEXT,
            unit TEXT,
            made_by INTEGER,
            made_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            used_by INTEGER,
            used_at TEXT
        ) STRICT""")
    db.execute("""
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            person INTEGER,
            role TEXT,
            action TEXT NOT NULL,
            org TEXT,
            subject TEXT,
            detail TEXT
        ) STRICT""")
    db.execute("CREATE INDEX audit_by_subject ON audit (subject)")
    db.execute("""
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""")
    db.execute("""
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
        WHEN NEW.detail IS NOT NULL OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.action <> OLD.action
             OR NEW.subject IS NOT OLD.subject OR NEW.org IS NOT OLD.org OR NEW.role IS NOT OLD.role
             OR NEW.person IS NOT OLD.person
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""")


@migrations()
def answers_and_inquiries(db: Database) -> None:
    """What was said to whom (register.py) and what was passed on to the secretariat."""
    db.execute("""
        CREATE TABLE answers (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            person INTEGER,
            chat_id INTEGER,
            org TEXT,
            question TEXT NOT NULL,
            asked_message INTEGER,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            cited TEXT NOT NULL,
            rating INTEGER,
            corrected_at TEXT
        ) STRICT""")
    db.execute("CREATE INDEX answers_by_person ON answers (person, at)")
    db.execute("""
        CREATE TABLE inquiries (
            id INTEGER PRIMARY KEY,
            answer INTEGER NOT NULL UNIQUE REFERENCES answers(id),
            at TEXT NOT NULL,
            person INTEGER,
            org TEXT NOT NULL,
            question TEXT NOT NULL,
            reply TEXT,
            replied_by INTEGER,
            replied_at TEXT,
            kept_reply INTEGER
        ) STRICT""")
    db.execute("""
        CREATE TABLE gaps (
            id INTEGER PRIMARY KEY,
            day TEXT NOT NULL,
            org TEXT,
            plan TEXT,
            question TEXT NOT NULL
        ) STRICT""")


@migrations()
def stored_settings(db: Database) -> None:
    """Settings changed at run time (the pause, the webhook secret, the heartbeat): JSON by name."""
    _run(db, "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")


@migrations()
def inbox(db: Database) -> None:
    """Updates as they came. `body` is emptied when the update is done; `outcome` is done, failed or unreadable."""
    _run(
        db,
        """CREATE TABLE inbox (
            update_id INTEGER PRIMARY KEY, chat_id INTEGER NOT NULL, body TEXT, received_at TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0, done_at TEXT, outcome TEXT) STRICT""",
        "CREATE INDEX inbox_waiting ON inbox (chat_id, update_id) WHERE done_at IS NULL",
        "CREATE INDEX inbox_received ON inbox (received_at)",
    )


@migrations()
def outbox(db: Database) -> None:
    """Calls to make. `state`: waiting, sending, sent, held (the chat is unreachable), failed."""
    _run(
        db,
        """CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, method TEXT NOT NULL, params TEXT NOT NULL,
            document TEXT, filename TEXT, edits INTEGER REFERENCES outbox (id) ON DELETE SET NULL,
            state TEXT NOT NULL DEFAULT 'waiting', created_at TEXT NOT NULL, sent_at TEXT, message_id INTEGER,
            attempts INTEGER NOT NULL DEFAULT 0, uncertain INTEGER NOT NULL DEFAULT 0, error TEXT) STRICT""",
        "CREATE INDEX outbox_open ON outbox (chat_id, id) WHERE state IN ('waiting', 'sending')",
        "CREATE INDEX outbox_edits ON outbox (edits) WHERE edits IS NOT NULL",
        "CREATE INDEX outbox_message ON outbox (chat_id, message_id) WHERE message_id IS NOT NULL",
        """CREATE TABLE chats (
            chat_id INTEGER PRIMARY KEY, unreachable_at TEXT, reason TEXT, migrated_to INTEGER) STRICT""",
    )


@migrations()
def jobs(db: Database) -> None:
    """When each scheduled job last ran."""
    _run(db, "CREATE TABLE jobs (name TEXT PRIMARY KEY, last_run_at TEXT NOT NULL) STRICT")
