"""The stored plans of the institutions, with their versions, and the secretariats' approved replies.

A plan is never changed: a new text of it is a new version, and one version at most is live. What is retired or replaced stays in
the library, is never quoted, and can be brought back. The library neither opens nor commits its database: the caller does both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from knowledge.model import Plan
from knowledge.text import fold, one_line, unaccent

Status = Literal["live", "replaced", "retired"]

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class LibraryError(Exception):
    """What was asked cannot be done; the message is one Vietnamese line with the value and what to do."""


@dataclass(frozen=True)
class Institution:
    """`aliases` are the short names under which people look for it; `merged_into` is set once it is part of another."""

    slug: str
    name: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    merged_into: str | None = None


@dataclass(frozen=True)
class StoredPlan:
    plan: Plan
    status: Status
    sha256: str
    amends: str | None
    added_at: str

    @property
    def live(self) -> bool:
        return self.status == "live"


@dataclass(frozen=True)
class Added:
    """What adding a file did. `retired` are the ids of plans (digests, replaced ones) that are silent from now on."""

    status: Literal["added", "unchanged", "replaced"]
    stored: StoredPlan
    retired: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """A secretariat's answer to a question that the plan leaves open; usable once a second person has approved it."""

    id: int
    org: str
    plan_id: str
    question: str
    reply: str
    author: str
    approved_by: str | None
    approved_at: str | None


class Library:
    """Institutions, plans and replies over one SQLite database."""

    def __init__(self, db: Database) -> None:
        self.db = db

    # --- institutions

    def add_institution(self, slug: str, name: str, parent: str | None = None, aliases: Iterable[str] = ()) -> Institution:
        """Store an institution; raises LibraryError for a bad or taken slug and for an unknown parent."""
        if not _SLUG.fullmatch(slug):
            raise LibraryError(
                f"Mã đơn vị “{one_line(slug)[:60]}” không dùng được: chỉ gồm chữ thường không dấu, số, gạch nối; ví dụ: vinhthuan"
            )
        if not one_line(name):
            raise LibraryError(f"Đơn vị “{slug}” chưa có tên: xin ghi tên đầy đủ, ví dụ: Trường THPT Nguyễn Trãi")
        if self._row(slug):
            raise LibraryError(f"Đã có đơn vị mang mã “{slug}”: xin chọn mã khác, hoặc đổi tên đơn vị đó")
        if parent is not None:
            self.known(parent)
        self.db.table("institutions").insert({"slug": slug, "name": one_line(name), "parent": parent})
        self.add_aliases(slug, aliases)
        return self.known(slug)

    def add_aliases(self, slug: str, aliases: Iterable[str]) -> None:
        for alias in aliases:
            if one_line(alias):
                self.db.table("institution_aliases").insert({"slug": slug, "alias": one_line(alias)}, ignore=True)

    def rename(self, slug: str, name: str) -> Institution:
        """Give an institution a new name; the old one stays as an alias."""
        before = self.known(slug)
        if not one_line(name):
            raise LibraryError(f"Tên mới của đơn vị “{slug}” còn trống")
        self.add_aliases(slug, [before.name])
        self.db.table("institutions").update(slug, {"name": one_line(name)})
        return self.known(slug)

    def merge(self, slug: str, into: str) -> Institution:
        """Make one institution part of another: its plans go over, its names become aliases."""
        gone, stays = self.known(slug), self.known(into)
        if gone.slug == stays.slug:
            raise LibraryError(f"Không thể nhập đơn vị “{slug}” vào chính nó")
        self.add_aliases(stays.slug, [gone.name, *gone.aliases])
        self.db.execute("UPDATE plans SET org = ? WHERE org = ?", [stays.slug, gone.slug])
        self.db.execute("UPDATE replies SET org = ? WHERE org = ?", [stays.slug, gone.slug])
        self.db.execute("UPDATE institutions SET parent = ? WHERE parent = ?", [stays.slug, gone.slug])
        if stays.parent == gone.slug:
            self.db.table("institutions").update(stays.slug, {"parent": gone.parent})
        self.db.table("institutions").update(gone.slug, {"merged_into": stays.slug})
        return self.known(stays.slug)

    def institution(self, slug: str) -> Institution | None:
        """The institution of that slug, or the one that it was merged into; None where there is none."""
        row = self._row(slug)
        while row and row["merged_into"]:
            row = self._row(row["merged_into"])
        return self._institution(row) if row else None

    def known(self, slug: str) -> Institution:
        """Like `institution`, but raises LibraryError with what to do for an unknown slug."""
        found = self.institution(slug)
        if found is None:
            slugs = ", ".join(institution.slug for institution in self.institutions()[:8])
            raise LibraryError(
                f"Chưa có đơn vị “{one_line(slug)[:60]}”. "
                + (f"Hiện có: {slugs}" if slugs else "Thêm bằng: guongsang orgs add MÃ TÊN")
            )
        return found

    def institutions(self) -> list[Institution]:
        """All institutions that stand on their own, by slug."""
        aliases: dict[str, list[str]] = {}
        for row in self.db.query("SELECT slug, alias FROM institution_aliases ORDER BY rowid"):
            aliases.setdefault(row["slug"], []).append(row["alias"])
        rows = self.db.query("SELECT * FROM institutions WHERE merged_into IS NULL ORDER BY slug")
        return [Institution(row["slug"], row["name"], row["parent"], tuple(aliases.get(row["slug"], ())), None) for row in rows]

    def _row(self, slug: str) -> dict[str, Any] | None:
        return next(self.db.query("SELECT * FROM institutions WHERE slug = ?", [slug]), None)

    def _institution(self, row: dict[str, Any]) -> Institution:
        aliases = self.db.query("SELECT alias FROM institution_aliases WHERE slug = ? ORDER BY rowid", [row["slug"]])
        return Institution(row["slug"], row["name"], row["parent"], tuple(a["alias"] for a in aliases), row["merged_into"])

    # --- plans

    def add(self, plan: Plan, *, sha256: str, now: datetime, replaces: str | None = None, amends: str | None = None) -> Added:
        """Store a plan as read. It is a new version of the stored plan that it is the same as, or a plan of its own.

        The same bytes are `unchanged`. A text that takes a digest's place retires the digest. Raises LibraryError for an
        unknown institution and for `replaces` or `amends` that name no plan of it.
        """
        org = self.known(plan.org).slug
        plan = plan.model_copy(update={"org": org})
        same_bytes = self._newest("org = ? AND sha256 = ? AND status = 'live'", [org, sha256])
        if same_bytes:
            return Added("unchanged", same_bytes)
        for other in (replaces, amends):
            if other is not None:
                self._of(org, other)
        before = self._of(org, replaces) if replaces else self._same_plan(plan) if amends is None else None
        if before is None:
            return Added("added", self._store(plan, self._next_id(org), 1, sha256, now, amends))
        if before.plan.digest and not plan.digest:
            self._end(before.plan.id, "replaced", now)
            return Added("added", self._store(plan, self._next_id(org), 1, sha256, now, amends), (before.plan.id,))
        self._end(before.plan.id, "replaced", now)
        version = self.history(before.plan.id)[-1].plan.version + 1
        return Added("replaced", self._store(plan, before.plan.id, version, sha256, now, amends or before.amends))

    def get(self, plan_id: str, version: int | None = None) -> StoredPlan | None:
        """A plan in the given version, by default the live one, or the newest where none is live."""
        if version is not None:
            return self._newest("id = ? AND version = ?", [plan_id, version])
        return self._newest("id = ? AND status = 'live'", [plan_id]) or self._newest("id = ?", [plan_id])

    def live(self, org: str | None = None, today: date | None = None) -> list[StoredPlan]:
        """The plans in force in the library (of one institution); with `today`, those whose period holds that day first."""
        where, values = ("status = 'live' AND org = ?", [org]) if org else ("status = 'live'", [])
        found = [_stored(row) for row in self.db.query(f"SELECT * FROM plans WHERE {where} ORDER BY org, id", values)]
        return sorted(found, key=lambda stored: not holds(stored.plan, today)) if today else found

    def live_keys(self) -> list[tuple[str, str, int]]:
        """(institution, id, version) of the live plans, without reading their texts."""
        rows = self.db.query("SELECT org, id, version FROM plans WHERE status = 'live' ORDER BY org, id")
        return [(row["org"], row["id"], row["version"]) for row in rows]

    def live_marks(self) -> list[tuple[str, str, int, str]]:
        """(institution, id, version, mark) of the live plans; two plans that were stored apart never have the same id, version and mark."""
        rows = self.db.query("SELECT org, id, version, sha256, added_at FROM plans WHERE status = 'live' ORDER BY org, id")
        return [(row["org"], row["id"], row["version"], f"{row['sha256'][:16]}@{row['added_at']}") for row in rows]

    def amended(self) -> list[tuple[str, str, int]]:
        """(plan amended, id, version) of every live document that amends a plan."""
        rows = self.db.query("SELECT amends, id, version FROM plans WHERE status = 'live' AND amends IS NOT NULL ORDER BY id")
        return [(row["amends"], row["id"], row["version"]) for row in rows]

    def all(self) -> list[StoredPlan]:
        """The newest or live version of every plan, retired ones included, by institution and id."""
        ids = [row["id"] for row in self.db.query("SELECT DISTINCT id, org FROM plans ORDER BY org, id")]
        return [stored for stored in map(self.get, ids) if stored]

    def history(self, plan_id: str) -> list[StoredPlan]:
        """Every version of a plan, oldest first."""
        return [_stored(row) for row in self.db.query("SELECT * FROM plans WHERE id = ? ORDER BY version", [plan_id])]

    def amendments(self, plan_id: str) -> list[StoredPlan]:
        """The live documents that amend a plan."""
        return [
            _stored(row)
            for row in self.db.query("SELECT * FROM plans WHERE amends = ? AND status = 'live' ORDER BY id", [plan_id])
        ]

    def retire(self, plan_id: str, now: datetime) -> StoredPlan:
        """Make a plan silent. Raises LibraryError where there is no such plan."""
        self._known_plan(plan_id)
        self._end(plan_id, "retired", now)
        return self._known_plan(plan_id)

    def restore(self, plan_id: str, now: datetime, version: int | None = None) -> StoredPlan:
        """Bring a plan back into force, in its newest version or in the one named (roll back)."""
        versions = {stored.plan.version: stored for stored in self.history(self._known_plan(plan_id).plan.id)}
        wanted = version if version is not None else max(versions)
        if wanted not in versions:
            raise LibraryError(f"Kế hoạch {plan_id} không có bản {wanted}: hiện có các bản {', '.join(map(str, versions))}")
        self._end(plan_id, "replaced", now)
        self.db.execute("UPDATE plans SET status = 'live', ended_at = NULL WHERE id = ? AND version = ?", [plan_id, wanted])
        return self._known_plan(plan_id)

    def forget(self, plan_id: str, version: int) -> None:
        """Remove a version that was stored a moment ago and must not count (undo of an upload)."""
        self.db.execute("DELETE FROM plans WHERE id = ? AND version = ?", [plan_id, version])

    def _known_plan(self, plan_id: str) -> StoredPlan:
        found = self.get(plan_id)
        if found is None:
            raise LibraryError(f"Không có kế hoạch mang mã “{one_line(plan_id)[:60]}”: xem danh sách bằng guongsang plans list")
        return found

    def _of(self, org: str, plan_id: str) -> StoredPlan:
        found = self._known_plan(plan_id)
        if found.plan.org != org:
            raise LibraryError(f"Kế hoạch {plan_id} là của đơn vị “{found.plan.org}”, không phải của “{org}”")
        return found

    def _same_plan(self, plan: Plan) -> StoredPlan | None:
        """The stored plan that this is another text of: same number, or, where neither has one, same title and period."""
        ranked = sorted(
            (
                s
                for s in (self.get(row["id"]) for row in self.db.query("SELECT DISTINCT id FROM plans WHERE org = ?", [plan.org]))
                if s
            ),
            key=lambda stored: (not stored.live, stored.plan.digest),
        )
        return next((stored for stored in ranked if stored.status != "retired" and is_same_plan(stored.plan, plan)), None)

    def _next_id(self, org: str) -> str:
        taken = [row["id"] for row in self.db.query("SELECT DISTINCT id FROM plans WHERE id LIKE ?", [f"{org}-%"])]
        numbers = [int(tail) for tail in (plan_id.removeprefix(f"{org}-") for plan_id in taken) if tail.isdigit()]
        return f"{org}-{max(numbers, default=0) + 1}"

    def _store(self, plan: Plan, plan_id: str, version: int, sha256: str, now: datetime, amends: str | None) -> StoredPlan:
        plan = plan.model_copy(update={"id": plan_id, "version": version})
        self.db.table("plans").insert(
            {
                "id": plan_id,
                "version": version,
                "org": plan.org,
                "status": "live",
                "digest": int(plan.digest),
                "number": plan.number,
                "source": plan.source,
                "sha256": sha256,
                "amends": amends,
                "added_at": now.isoformat(),
                "body": plan.model_dump_json(by_alias=True),
            }
        )
        return self._known_plan(plan_id)

    def _end(self, plan_id: str, status: Status, now: datetime) -> None:
        self.db.execute(
            "UPDATE plans SET status = ?, ended_at = ? WHERE id = ? AND status = 'live'",
            [status, now.isoformat(), plan_id],
        )

    def _newest(self, where: str, values: Sequence[Any]) -> StoredPlan | None:
        row = next(self.db.query(f"SELECT * FROM plans WHERE {where} ORDER BY version DESC LIMIT 1", values), None)
        return _stored(row) if row else None

    # --- approved replies

    def add_reply(self, org: str, plan_id: str, question: str, reply: str, author: str, now: datetime) -> int:
        """Keep a secretariat's answer for reuse; it is not used before somebody else approves it."""
        self.db.table("replies").insert(
            {
                "org": org,
                "plan_id": plan_id,
                "question": question,
                "reply": reply,
                "author": author,
                "written_at": now.isoformat(),
            }
        )
        return int(next(self.db.query("SELECT last_insert_rowid() AS id"))["id"])

    def approve_reply(self, reply_id: int, by: str, now: datetime) -> Reply:
        """Approve a reply; raises LibraryError for an unknown one and for its own author."""
        row = next(self.db.query("SELECT * FROM replies WHERE id = ?", [reply_id]), None)
        if row is None:
            raise LibraryError(f"Không có câu trả lời số {reply_id}")
        if row["author"] == by:
            raise LibraryError("Câu trả lời cần một người khác đồng ý, không phải người viết")
        self.db.table("replies").update(reply_id, {"approved_by": by, "approved_at": now.isoformat()})
        return _reply(row | {"approved_by": by, "approved_at": now.isoformat()})

    def drop_reply(self, reply_id: int) -> bool:
        """Use a reply no longer; False where it is gone already."""
        return bool(self.db.execute("DELETE FROM replies WHERE id = ?", [reply_id]).rowcount == 1)

    def unapproved_replies(self, org: str) -> list[Reply]:
        """The replies of an institution that wait for a second person."""
        rows = self.db.query("SELECT * FROM replies WHERE org = ? AND approved_by IS NULL ORDER BY id", [org])
        return [_reply(row) for row in rows]

    def replies(self, org: str) -> list[Reply]:
        """The approved replies of an institution whose plan is still live."""
        rows = self.db.query(
            "SELECT r.* FROM replies r JOIN plans p ON p.id = r.plan_id AND p.status = 'live'"
            " WHERE r.org = ? AND r.approved_by IS NOT NULL ORDER BY r.id",
            [org],
        )
        return [_reply(row) for row in rows]


def holds(plan: Plan, today: date | None) -> bool:
    """Whether the plan's period holds on a day; a plan that states none always holds.

    A school year "2021-2022" runs to the end of the second year here: an answer is called expired too late rather than too early.
    """
    if today is None or plan.period is None:
        return True
    first, last = plan.period.from_, plan.period.to
    return (first is None or first <= today.year) and (last is None or today.year <= last)


def is_over(plan: Plan, today: date) -> bool:
    """Whether the plan's period has ended before a day; never for a plan that states none."""
    return plan.period is not None and plan.period.to is not None and plan.period.to < today.year


def is_same_plan(stored: Plan, new: Plan) -> bool:
    """Whether two texts of one institution are the same plan: by number, or by title and period where one has no number."""
    if stored.number and new.number:
        return _bare(stored.number) == _bare(new.number)
    if not (stored.title and new.title):
        return False
    years = (stored.period and (stored.period.from_, stored.period.to)) == (new.period and (new.period.from_, new.period.to))
    return years and (_bare(stored.title) == _bare(new.title) or (stored.digest and _alike(stored.title, new.title)))


def _alike(one: str, other: str) -> bool:
    """A digest words its title anew: half of the longer title's words in common are enough."""
    first, second = set(_bare(one).split()), set(_bare(other).split())
    return len(first & second) * 2 >= max(len(first), len(second))


def _bare(text: str) -> str:
    return unaccent(fold(text))


def _stored(row: dict[str, Any]) -> StoredPlan:
    return StoredPlan(
        Plan.model_validate_json(row["body"]).model_copy(update={"org": row["org"]}),
        row["status"],
        row["sha256"],
        row["amends"],
        row["added_at"],
    )


def _reply(row: dict[str, Any]) -> Reply:
    columns = ("id", "org", "plan_id", "question", "reply", "author", "approved_by", "approved_at")
    return Reply(*(row[column] for column in columns))
