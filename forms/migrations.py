"""The tables of nominations. Applied with the other packages' sets when the database is opened."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("forms")


@migrations()
def create_nominations(db: Database) -> None:
    for statement in _FIRST.split(";\n"):
        if statement.strip():
            db.execute(statement)


_FIRST = """
CREATE TABLE form_specs (
    digest TEXT PRIMARY KEY,
    data TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    revision INTEGER NOT NULL,
    org TEXT NOT NULL,
    unit TEXT NOT NULL,
    author INTEGER NOT NULL,
    status TEXT NOT NULL,
    code TEXT,
    round_id INTEGER REFERENCES rounds(id),
    spec TEXT NOT NULL REFERENCES form_specs(digest),
    data TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX drafts_by_author ON drafts(author, status);
CREATE INDEX drafts_by_unit ON drafts(org, unit, status);
CREATE TABLE nominations (
    id INTEGER PRIMARY KEY,
    org TEXT NOT NULL,
    code TEXT NOT NULL,
    unit TEXT NOT NULL,
    author INTEGER NOT NULL,
    plan_id TEXT NOT NULL,
    round_id INTEGER REFERENCES rounds(id),
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    name_key TEXT NOT NULL,
    unit_key TEXT NOT NULL,
    phone_key TEXT,
    spec TEXT NOT NULL REFERENCES form_specs(digest),
    data TEXT NOT NULL,
    submitted_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (org, code)
);
CREATE INDEX nominations_by_unit ON nominations(org, unit, state);
CREATE INDEX nominations_by_round ON nominations(round_id, state);
CREATE INDEX nominations_by_name ON nominations(org, name_key);
CREATE INDEX nominations_by_phone ON nominations(org, phone_key);
CREATE TABLE submissions (
    draft_id INTEGER PRIMARY KEY REFERENCES drafts(id) ON DELETE CASCADE,
    nomination_id INTEGER NOT NULL REFERENCES nominations(id),
    version INTEGER NOT NULL,
    data TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE TABLE counters (
    org TEXT NOT NULL,
    name TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (org, name)
) WITHOUT ROWID;
CREATE TABLE rounds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    org TEXT NOT NULL,
    plan_id TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX rounds_by_org ON rounds(org, state);
CREATE TABLE compiled_lists (
    round_id INTEGER NOT NULL REFERENCES rounds(id),
    version INTEGER NOT NULL,
    org TEXT NOT NULL,
    number INTEGER NOT NULL,
    data TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (round_id, version)
);
CREATE TABLE evidence_files (
    org TEXT NOT NULL,
    file_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    kept_at TEXT NOT NULL,
    PRIMARY KEY (org, file_id)
) WITHOUT ROWID;
CREATE TABLE seals (
    org TEXT NOT NULL,
    round_id INTEGER NOT NULL,
    unit TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    codes TEXT NOT NULL,
    sealed_by INTEGER NOT NULL,
    sealed_at TEXT NOT NULL,
    PRIMARY KEY (org, round_id, unit)
);
"""
