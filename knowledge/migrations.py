"""The tables of the library."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("knowledge")


@migrations()
def institutions_and_plans(db: Database) -> None:
    db.execute("""
        CREATE TABLE institutions (
            slug TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            parent TEXT REFERENCES institutions(slug),
            merged_into TEXT REFERENCES institutions(slug)
        ) STRICT""")
    db.execute("""
        CREATE TABLE institution_aliases (
            slug TEXT NOT NULL REFERENCES institutions(slug),
            alias TEXT NOT NULL,
            PRIMARY KEY (slug, alias)
        ) STRICT""")
    db.execute("""
        CREATE TABLE plans (
            id TEXT NOT NULL,
            version INTEGER NOT NULL,
            org TEXT NOT NULL REFERENCES institutions(slug),
            status TEXT NOT NULL CHECK (status IN ('live', 'replaced', 'retired')),
            digest INTEGER NOT NULL,
            number TEXT,
            source TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            amends TEXT,
            added_at TEXT NOT NULL,
            ended_at TEXT,
            body TEXT NOT NULL,
            PRIMARY KEY (id, version)
        ) STRICT""")
    db.execute("CREATE UNIQUE INDEX plans_one_live_version ON plans (id) WHERE status = 'live'")
    db.execute("CREATE INDEX plans_by_org ON plans (org, status)")


@migrations()
def approved_replies(db: Database) -> None:
    db.execute("""
        CREATE TABLE replies (
            id INTEGER PRIMARY KEY,
            org TEXT NOT NULL REFERENCES institutions(slug),
            plan_id TEXT NOT NULL,
            question TEXT NOT NULL,
            reply TEXT NOT NULL,
            author TEXT NOT NULL,
            written_at TEXT NOT NULL,
            approved_by TEXT,
            approved_at TEXT,
            CHECK (approved_by IS NULL OR approved_by <> author)
        ) STRICT""")
    db.execute("CREATE INDEX replies_by_org ON replies (org)")
