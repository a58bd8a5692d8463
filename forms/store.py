"""The only SQL of this package. A store neither opens nor commits: callers wrap what belongs together in `db.atomic()`.

A draft is written by compare-and-swap on its revision, so of two devices one wins. `submit` files a draft at most once:
asked again, it gives the nomination that is already there. Specs are stored once, by content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from forms import rounds, workflow
from forms.duplicates import Candidate, Likeness, likeness
from forms.model import Actor, Draft, FormSpec, Nomination, Round, State, Status, stamp
from forms.rounds import CompiledList
from forms.values import name_key, phone_key
from forms.workflow import Change, NotAllowed
from knowledge.model import Frozen

KEPT_SPECS = 64
OPEN: tuple[Status, ...] = ("open", "paused")


class Conflict(Exception):  # noqa: N818
    """Somebody else changed it in the meantime; read it again."""


class Filed(Frozen):
    """What submitting came to: the nomination, the changes for the audit, and whether it was filed now or before."""

    nomination: Nomination
    changes: tuple[Change, ...] = ()
    fresh: bool = True
    before: Nomination | None = None


class Seal(Frozen):
    """A signed scan that locks a unit's list in a round: its SHA-256, the nominations on it, who sent it and when."""

    org: str
    round_id: int
    unit: str
    sha256: str
    codes: tuple[str, ...]
    sealed_by: int
    sealed_at: str


class KeptFile(Frozen):
    """A piece of evidence whose bytes are held under their SHA-256."""

    file_id: str
    sha256: str
    size: int


class NominationStore:
    """Drafts, nominations, rounds, compiled lists, evidence and seals in one SQLite database."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._specs: dict[str, FormSpec] = {}

    # --- drafts ----------------------------------------------------------------------------------------------------

    def create(self, draft: Draft, now: datetime) -> Draft:
        """Stores a new draft and gives it its id."""
        cursor = self._db.execute(
            "INSERT INTO drafts (revision, org, unit, author, status, code, round_id, spec, data, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [draft.revision, draft.org, draft.unit, draft.author, draft.status, draft.code, draft.round_id]
            + [self._keep_spec(draft.spec), _draft_data(draft), stamp(now), stamp(now)],
        )
        return draft.model_copy(update={"id": str(cursor.lastrowid)})

    def draft(self, draft_id: str) -> Draft | None:
        if not draft_id.isdecimal() or len(draft_id) > 18:
            return None
        return next(self._drafts("drafts.id = ?", [int(draft_id)]), None)

    def save(self, before: Draft, after: Draft, now: datetime) -> bool:
        """`after` in the place of `before`; False if the stored revision is no longer that of `before`."""
        if before == after:
            return True
        cursor = self._db.execute(
            "UPDATE drafts SET revision = ?, author = ?, status = ?, data = ?, updated_at = ? WHERE id = ? AND revision = ?",
            [
                after.revision,
                after.author,
                after.status,
                _draft_data(after),
                stamp(now),
                int(before.id),
                before.revision,
            ],
        )
        return cursor.rowcount == 1

    def drafts(
        self,
        *,
        author: int | None = None,
        org: str | None = None,
        unit: str | None = None,
        statuses: Sequence[Status] = OPEN,
    ) -> list[Draft]:
        """Drafts of a person or a unit, the one touched last first."""
        where, values = _where({"drafts.author": author, "drafts.org": org, "drafts.unit": unit})
        where += f" AND drafts.status IN ({_marks(statuses)})"
        return list(self._drafts(where, [*values, *statuses]))

    def delete_draft(self, draft_id: str) -> None:
        self._db.execute("DELETE FROM drafts WHERE id = ?", [int(draft_id)])

    def delete_drafts_before(self, moment: datetime) -> int:
        """Drafts not touched since `moment` and never filed: gone. Returns how many."""
        cursor = self._db.execute(
            "DELETE FROM drafts WHERE updated_at < ? AND status != 'submitted' AND id NOT IN (SELECT draft_id FROM submissions)",
            [stamp(moment)],
        )
        return int(cursor.rowcount)

    def _drafts(self, where: str, values: list[Any]) -> Iterator[Draft]:
        sql = (
            "SELECT drafts.id, drafts.data, drafts.spec FROM drafts"
            f" WHERE {where} ORDER BY drafts.updated_at DESC, drafts.id DESC"
        )
        for row_id, data, digest in self._db.execute(sql, values):
            yield Draft.model_validate({**json.loads(data), "id": str(row_id), "spec": self._spec(digest)})

    # --- nominations -----------------------------------------------------------------------------------------------

    def submit(self, draft: Draft, actor: Actor, now: datetime) -> Filed:
        """Files a draft, or files again a returned nomination that it mends. Raises `NotAllowed`."""
        held = self._submitted(draft.id)
        if held is not None:
            return Filed(nomination=held, fresh=False)
        self._must_be_unsealed(draft)
        filed = self._resubmit(draft, actor, now) if draft.code else self._file(draft, actor, now)
        self._remember(draft, filed.nomination, now)
        return filed

    def nomination(self, org: str, code: str) -> Nomination | None:
        return next(self.each(org=org, codes=(code,)), None)

    def nominations(self, **filters: Any) -> list[Nomination]:
        """`each` as a list."""
        return list(self.each(**filters))

    def each(
        self,
        *,
        org: str | None = None,
        unit: str | None = None,
        states: Sequence[State] | None = None,
        round_id: int | None = None,
        plan_id: str | None = None,
        author: int | None = None,
        codes: Sequence[str] | None = None,
    ) -> Iterator[Nomination]:
        """Nominations in the order of their numbers, one by one: tens of thousands need no more memory than one."""
        where, values = _where(
            {"n.org": org, "n.unit": unit, "n.round_id": round_id, "n.plan_id": plan_id, "n.author": author}
        )
        for column, wanted in (("n.state", states), ("n.code", codes)):
            if wanted is not None:
                where += f" AND {column} IN ({_marks(wanted)})"
                values += wanted
        yield from self._read(where, values)

    def update(self, before: Nomination, after: Nomination) -> None:
        """What a verb made of a nomination. Raises `Conflict` if it was changed since `before` was read."""
        if before == after:
            return
        cursor = self._db.execute(
            "UPDATE nominations SET state = ?, revision = ?, name_key = ?, unit_key = ?, phone_key = ?, data = ?,"
            " updated_at = ? WHERE org = ? AND code = ? AND revision = ?",
            [after.state, after.revision, *_keys(after), _nomination_data(after), after.updated_at]
            + [before.org, before.code, before.revision],
        )
        if cursor.rowcount != 1:
            raise Conflict(f"{before.code} vừa được người khác thay đổi, xin mở lại.")

    def history(self, org: str, code: str) -> list[Nomination]:
        """The contents submitted under this number, oldest first."""
        sql = (
            "SELECT s.data, n.spec FROM submissions s JOIN nominations n ON n.id = s.nomination_id"
            " WHERE n.org = ? AND n.code = ? ORDER BY s.version"
        )
        return [self._nomination(data, digest) for data, digest in self._db.execute(sql, [org, code])]

    def likely_duplicates(
        self, nomination: Nomination, *, unit: str | None = None
    ) -> list[tuple[Nomination, Likeness]]:
        """Nominations of the institution that may mean the same person; with `unit`, that unit's own only."""
        name, of_unit, phone = _keys(nomination)
        where = "n.org = ? AND n.code != ? AND n.state != 'withdrawn' AND (n.name_key = ? OR n.phone_key = ?)"
        values: list[Any] = [nomination.org, nomination.code, name, phone]
        if unit is not None:
            where, values = where + " AND n.unit = ?", [*values, unit]
        mine = Candidate(name=name, unit=of_unit, phone=phone)
        found = []
        for other in self._read(where, values):
            alike = likeness(mine, Candidate(*_keys(other)))
            if alike is not None:
                found.append((other, alike))
        return found

    def erase(self, nomination: Nomination, now: datetime, *, state: State = "withdrawn") -> None:
        """The personal data of a nomination gone from every table; that it existed stays, under its number, in `state`."""
        bare = nomination.model_copy(
            update={"values": {"kind": nomination.kind}, "criteria": (), "evidence": (), "reasons": {}}
            | {"state": state, "revision": nomination.revision + 1, "updated_at": stamp(now)}
        )
        self.update(nomination, bare)
        self._db.execute(
            "DELETE FROM drafts WHERE org = ? AND (code = ? OR id IN (SELECT draft_id FROM submissions WHERE nomination_id ="
            " (SELECT id FROM nominations WHERE org = ? AND code = ?)))",
            [nomination.org, nomination.code, nomination.org, nomination.code],
        )
        for held in nomination.evidence:
            self._db.execute("DELETE FROM evidence_files WHERE org = ? AND file_id = ?", [nomination.org, held.file_id])
        if nomination.round_id is not None:
            self._erase_from_lists(nomination.round_id, bare)

    def _erase_from_lists(self, round_id: int, bare: Nomination) -> None:
        for fixed in self.lists(round_id):
            rows = tuple(bare if row.code == bare.code else row for row in fixed.nominations)
            self._db.execute(
                "UPDATE compiled_lists SET data = ? WHERE round_id = ? AND version = ?",
                [fixed.model_copy(update={"nominations": rows}).model_dump_json(), round_id, fixed.version],
            )

    def _file(self, draft: Draft, actor: Actor, now: datetime) -> Filed:
        held = self.round(draft.round_id) if draft.round_id is not None else None
        if held is not None and held.state != "open":
            raise NotAllowed(f"Đợt “{held.name}” đã đóng, xin liên hệ thư ký.")
        number = self._next(draft.org, "nomination")
        nomination, changes = workflow.file(draft, f"ĐC-{number:04d}", actor, now)
        self._db.execute(
            "INSERT INTO nominations (org, code, unit, author, plan_id, round_id, state, revision, name_key, unit_key,"
            " phone_key, spec, data, submitted_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                nomination.org,
                nomination.code,
                nomination.unit,
                nomination.author,
                nomination.plan_id,
                nomination.round_id,
            ]
            + [nomination.state, nomination.revision, *_keys(nomination), self._keep_spec(nomination.spec)]
            + [_nomination_data(nomination), nomination.submitted_at, nomination.updated_at],
        )
        if held is not None:
            self.save_round(held, rounds.heard_from(held, draft.unit))
        return Filed(nomination=nomination, changes=changes)

    def _resubmit(self, draft: Draft, actor: Actor, now: datetime) -> Filed:
        before = self.nomination(draft.org, draft.code or "")
        if before is None:
            raise NotAllowed(f"Không tìm thấy {draft.code}.")
        after, changes = workflow.resubmit(before, draft, actor, now)
        self.update(before, after)
        return Filed(nomination=after, changes=changes, before=before)

    def _submitted(self, draft_id: str) -> Nomination | None:
        if not draft_id.isdecimal():
            return None
        where = "n.id = (SELECT nomination_id FROM submissions WHERE draft_id = ?)"
        return next(self._read(where, [int(draft_id)]), None)

    def _remember(self, draft: Draft, nomination: Nomination, now: datetime) -> None:
        self._db.execute(
            "INSERT INTO submissions (draft_id, nomination_id, version, data, at)"
            " SELECT ?, id, ?, ?, ? FROM nominations WHERE org = ? AND code = ?",
            [
                int(draft.id),
                nomination.version,
                _nomination_data(nomination),
                stamp(now),
                nomination.org,
                nomination.code,
            ],
        )

    def _read(self, where: str, values: Sequence[Any]) -> Iterator[Nomination]:
        for data, digest in self._db.execute(f"SELECT n.data, n.spec FROM nominations n WHERE {where} ORDER BY n.id", list(values)):
            yield self._nomination(data, digest)

    def _nomination(self, data: str, digest: str) -> Nomination:
        return Nomination.model_validate({**json.loads(data), "spec": self._spec(digest)})

    # --- rounds and lists ------------------------------------------------------------------------------------------

    def add_round(self, made: Round) -> Round:
        """Stores a new round and gives it its id."""
        cursor = self._db.execute(
            "INSERT INTO rounds (org, plan_id, state, revision, data) VALUES (?, ?, ?, ?, ?)",
            [made.org, made.plan_id, made.state, made.revision, made.model_dump_json(exclude={"id"})],
        )
        return made.model_copy(update={"id": int(cursor.lastrowid or 0)})

    def save_round(self, before: Round, after: Round) -> None:
        """Raises `Conflict` if the round was changed since `before` was read."""
        if before == after:
            return
        cursor = self._db.execute(
            "UPDATE rounds SET state = ?, revision = ?, data = ? WHERE id = ? AND revision = ?",
            [after.state, after.revision, after.model_dump_json(exclude={"id"}), before.id, before.revision],
        )
        if cursor.rowcount != 1:
            raise Conflict(f"Đợt “{before.name}” vừa được người khác thay đổi, xin mở lại.")

    def round(self, round_id: int) -> Round | None:
        rows = list(self._db.execute("SELECT id, data FROM rounds WHERE id = ?", [round_id]))
        return _round_of(*rows[0]) if rows else None

    def rounds(self, org: str | None = None, *, state: str | None = None, plan_id: str | None = None) -> list[Round]:
        """Rounds, the newest first."""
        where, values = _where({"org": org, "state": state, "plan_id": plan_id})
        sql = f"SELECT id, data FROM rounds WHERE {where} ORDER BY id DESC"
        return [_round_of(*row) for row in self._db.execute(sql, values)]

    def next_list_number(self, org: str) -> int:
        """The next number of a compiled list within the institution."""
        return self._next(org, "list")

    def add_list(self, fixed: CompiledList) -> None:
        self._db.execute(
            "INSERT INTO compiled_lists (round_id, version, org, number, data, made_at) VALUES (?, ?, ?, ?, ?, ?)",
            [fixed.round_id, fixed.version, fixed.org, fixed.number, fixed.model_dump_json(), fixed.made_at],
        )

    def lists(self, round_id: int) -> list[CompiledList]:
        """The versions of a round's list, the first first."""
        sql = "SELECT data FROM compiled_lists WHERE round_id = ? ORDER BY version"
        return [CompiledList.model_validate_json(data) for (data,) in self._db.execute(sql, [round_id])]

    # --- evidence and seals ----------------------------------------------------------------------------------------

    def keep_file(self, org: str, file: KeptFile, now: datetime) -> None:
        """The bytes of a piece of evidence are held now; said again, nothing changes."""
        self._db.execute(
            "INSERT INTO evidence_files (org, file_id, sha256, size, kept_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (org, file_id) DO NOTHING",
            [org, file.file_id, file.sha256, file.size, stamp(now)],
        )

    def kept_files(self, org: str, file_ids: Iterable[str]) -> dict[str, KeptFile]:
        """Which of these files are held, by file id."""
        wanted = list(file_ids)
        sql = f"SELECT file_id, sha256, size FROM evidence_files WHERE org = ? AND file_id IN ({_marks(wanted)})"
        rows = self._db.execute(sql, [org, *wanted])
        return {row[0]: KeptFile(file_id=row[0], sha256=row[1], size=row[2]) for row in rows}

    def holds(self, sha256: str) -> bool:
        """Whether any piece of evidence or any signed scan still stands on these bytes."""
        sql = "SELECT 1 FROM evidence_files WHERE sha256 = ? UNION ALL SELECT 1 FROM seals WHERE sha256 = ? LIMIT 1"
        return bool(list(self._db.execute(sql, [sha256, sha256])))

    def seal(
        self, org: str, round_id: int | None, unit: str, sha256: str, actor: Actor, now: datetime
    ) -> tuple[Seal, Change]:
        """The signed scan of a unit's list: from now on the unit's nominations in that round stand as signed."""
        where: dict[str, Any] = {"org": org, "unit": unit, "round_id": round_id}
        codes = tuple(item.code for item in self.each(**where) if item.state != "withdrawn")
        made = Seal(
            org=org,
            round_id=round_id or 0,
            unit=unit,
            sha256=sha256,
            codes=codes,
            sealed_by=actor.user,
            sealed_at=stamp(now),
        )
        self._db.execute(
            "INSERT OR REPLACE INTO seals (org, round_id, unit, sha256, codes, sealed_by, sealed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [made.org, made.round_id, made.unit, made.sha256, json.dumps(codes), made.sealed_by, made.sealed_at],
        )
        after = {"sha256": sha256, "codes": ", ".join(codes)}
        return made, Change(verb="seal", subject=f"round:{made.round_id}", org=org, unit=unit, actor=actor, after=after)

    def sealed(self, org: str, round_id: int | None, unit: str) -> Seal | None:
        sql = "SELECT sha256, codes, sealed_by, sealed_at FROM seals WHERE org = ? AND round_id = ? AND unit = ?"
        for sha256, codes, by, at in self._db.execute(sql, [org, round_id or 0, unit]):
            return Seal(
                org=org,
                round_id=round_id or 0,
                unit=unit,
                sha256=sha256,
                codes=tuple(json.loads(codes)),
                sealed_by=by,
                sealed_at=at,
            )
        return None

    def unseal(self, org: str, round_id: int | None, unit: str, actor: Actor) -> Change:
        """The secretariat opens a signed list again, for instance to give one nomination back."""
        self._db.execute("DELETE FROM seals WHERE org = ? AND round_id = ? AND unit = ?", [org, round_id or 0, unit])
        return Change(verb="unseal", subject=f"round:{round_id or 0}", org=org, unit=unit, actor=actor)

    def _must_be_unsealed(self, draft: Draft) -> None:
        held = self.sealed(draft.org, draft.round_id, draft.unit)
        if held is not None:
            raise NotAllowed(
                f"Danh sách của {draft.unit} đã khoá bằng bản ký, xin nhờ thư ký mở lại trước khi gửi thêm."
            )

    # --- institutions ----------------------------------------------------------------------------------------------

    def moved(self, org: str, into: str) -> list[tuple[Nomination, Nomination]]:
        """Everything of an institution that became part of another goes over to it: (before, after) of each nomination.

        A number that is taken there is exchanged for a new one; the others stay as people know them.
        """
        self._db.execute(
            "INSERT INTO counters (org, name, last) SELECT ?, name, last FROM counters WHERE org = ?"
            " ON CONFLICT (org, name) DO UPDATE SET last = max(last, excluded.last)",
            [into, org],
        )
        taken = {code for (code,) in self._db.execute("SELECT code FROM nominations WHERE org = ?", [into])}
        pairs = []
        for before in list(self.each(org=org)):
            code = f"ĐC-{self._next(into, 'nomination'):04d}" if before.code in taken else before.code
            after = before.model_copy(update={"org": into, "code": code, "spec": before.spec.model_copy(update={"org": into})})
            self._db.execute(
                "UPDATE nominations SET org = ?, code = ?, spec = ?, data = ? WHERE org = ? AND code = ?",
                [into, code, self._keep_spec(after.spec), _nomination_data(after), org, before.code],
            )
            pairs.append((before, after))
        codes = {before.code: after.code for before, after in pairs}
        self._move_drafts(org, into, codes)
        self._move_rounds(org, into, codes)
        self._move_seals(org, into, codes)
        self._db.execute("UPDATE OR IGNORE evidence_files SET org = ? WHERE org = ?", [into, org])
        self._db.execute("DELETE FROM evidence_files WHERE org = ?", [org])
        return pairs

    def _move_drafts(self, org: str, into: str, codes: dict[str, str]) -> None:
        for draft in list(self._drafts("drafts.org = ?", [org])):
            code = codes.get(draft.code, draft.code) if draft.code else None
            spec = draft.spec.model_copy(update={"org": into})
            moved = draft.model_copy(update={"org": into, "code": code, "spec": spec})
            self._db.execute(
                "UPDATE drafts SET org = ?, code = ?, spec = ?, data = ? WHERE id = ?",
                [into, code, self._keep_spec(spec), _draft_data(moved), int(draft.id)],
            )

    def _move_rounds(self, org: str, into: str, codes: dict[str, str]) -> None:
        """The rounds and their lists, whose rows keep naming the nominations that they hold."""
        for held in self.rounds(org):
            data = held.model_copy(update={"org": into}).model_dump_json(exclude={"id"})
            self._db.execute("UPDATE rounds SET org = ?, data = ? WHERE id = ?", [into, data, held.id])
            for fixed in self.lists(held.id):
                rows = tuple(row.model_copy(update={"org": into, "code": codes.get(row.code, row.code)}) for row in fixed.nominations)
                moved = fixed.model_copy(update={"org": into, "nominations": rows})
                self._db.execute(
                    "UPDATE compiled_lists SET org = ?, data = ? WHERE round_id = ? AND version = ?",
                    [into, moved.model_dump_json(), held.id, fixed.version],
                )

    def _move_seals(self, org: str, into: str, codes: dict[str, str]) -> None:
        for round_id, unit, held in list(self._db.execute("SELECT round_id, unit, codes FROM seals WHERE org = ?", [org])):
            moved = json.dumps([codes.get(code, code) for code in json.loads(held)])
            self._db.execute(
                "UPDATE OR IGNORE seals SET org = ?, codes = ? WHERE org = ? AND round_id = ? AND unit = ?",
                [into, moved, org, round_id, unit],
            )
        self._db.execute("DELETE FROM seals WHERE org = ?", [org])

    # --- within ----------------------------------------------------------------------------------------------------

    def _keep_spec(self, spec: FormSpec) -> str:
        data, digest = _spec_json(spec)
        self._db.execute("INSERT INTO form_specs (digest, data) VALUES (?, ?) ON CONFLICT DO NOTHING", [digest, data])
        return digest

    def _spec(self, digest: str) -> FormSpec:
        """The spec of that digest. It is that of its content, so what was read once holds for good."""
        known = self._specs.get(digest)
        if known is None:
            (data,) = self._db.execute("SELECT data FROM form_specs WHERE digest = ?", [digest]).fetchone()
            while len(self._specs) >= KEPT_SPECS:
                del self._specs[next(iter(self._specs))]
            known = self._specs[digest] = FormSpec.model_validate_json(data)
        return known

    def _next(self, org: str, name: str) -> int:
        self._db.execute(
            "INSERT INTO counters (org, name, last) VALUES (?, ?, 1) ON CONFLICT (org, name) DO UPDATE SET last = last + 1",
            [org, name],
        )
        rows = self._db.execute("SELECT last FROM counters WHERE org = ? AND name = ?", [org, name])
        return int(next(iter(rows))[0])


def _spec_json(spec: FormSpec) -> tuple[str, str]:
    data = spec.model_dump_json()
    return data, hashlib.sha256(data.encode()).hexdigest()[:32]


def _draft_data(draft: Draft) -> str:
    return draft.model_dump_json(exclude={"spec", "id"})


def _nomination_data(nomination: Nomination) -> str:
    return nomination.model_dump_json(exclude={"spec"})


def _round_of(round_id: int, data: str) -> Round:
    return Round.model_validate_json(data).model_copy(update={"id": round_id})


def _keys(nomination: Nomination) -> tuple[str, str, str | None]:
    values = nomination.values
    return name_key(values.get("name", "")), name_key(values.get("unit", "")), phone_key(values.get("phone", ""))


def _where(filters: dict[str, Any]) -> tuple[str, list[Any]]:
    given = {column: value for column, value in filters.items() if value is not None}
    return " AND ".join(["1 = 1", *(f"{column} = ?" for column in given)]), list(given.values())


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
