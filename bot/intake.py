"""A file made into a plan of the library: read, understood, stored, indexed. The command line and the chat both go this way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.embed import Embedder
from index.search import Generation, Index, Live, Progress
from knowledge.extract import understand
from knowledge.library import Library, StoredPlan
from knowledge.model import Plan
from knowledge.readers import read


@dataclass(frozen=True)
class Understood:
    """A file as a plan that is not stored yet, with the SHA-256 of its bytes."""

    plan: Plan
    sha256: str


def understood(path: Path, org: str, *, source: str | None = None, progress: Callable[[int, int], None] | None = None) -> Understood:
    """Read a file as a plan of an institution. Raises Unreadable or NotAPlan, each with one line for people."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    document = read(path, source=source or path.name, progress=progress)
    return Understood(understand(document, org=org), sha256)


def reindex(index: Index, library: Library, progress: Progress | None = None, embedder: Embedder | None = None) -> Generation:
    """Put a generation of the live plans in force; only what is new is read and embedded."""

    def stored_plan(key: tuple[str, int]) -> Plan | None:
        stored = library.get(*key)
        return stored.plan if stored else None

    return index.update([Live(*row) for row in library.live_marks()], stored_plan, embedder or Embedder(), progress)


def counts(plan: Plan) -> dict[str, int]:
    """How much of each kind was understood."""
    return {
        "sections": len(plan.sections),
        "clauses": len(plan.clauses),
        "criteria": len(plan.criteria),
        "deadlines": len(plan.deadlines),
        "dossier": len(plan.dossier),
        "fields": len(plan.fields),
        "duties": len(plan.duties),
        "legal_bases": len(plan.legal_bases),
    }


def listed(stored: StoredPlan, status: str) -> dict[str, Any]:
    """A plan as `plans list --json` and `plans add --json` print it."""
    plan = stored.plan
    return {
        "id": plan.id,
        "org": plan.org,
        "source": plan.source,
        "version": plan.version,
        "status": status,
        "live": stored.live,
        "digest": plan.digest,
        "title": plan.title,
        "number": plan.number,
        "period": plan.period.model_dump(by_alias=True) if plan.period else None,
        "counts": counts(plan),
        "warnings": [warning.model_dump() for warning in plan.warnings],
    }


def refused(path: Path, org: str, message: str, code: str) -> dict[str, Any]:
    """A file that was not taken, in the same shape."""
    return {
        "id": None,
        "org": org,
        "source": path.name,
        "version": None,
        "status": "refused",
        "live": False,
        "digest": False,
        "title": None,
        "number": None,
        "period": None,
        "counts": {},
        "warnings": [{"code": code, "message": message, "ref": None}],
    }


def details(plan: Plan) -> dict[str, Any]:
    """A plan as `plans show --json` prints it: everything but the text itself, which the clauses give back."""
    shown = plan.model_dump(by_alias=True, exclude={"text", "digest", "version"})
    for section in shown["sections"]:
        section["clauses"] = [{key: clause[key] for key in ("ref", "quote", "page")} for clause in section["clauses"]]
    for group in shown["criteria"]:
        group["items"] = [{key: item[key] for key in ("quote", "judge", "vote")} for item in group["items"]]
        group.pop("quote", None)
    for basis in shown["legal_bases"]:
        basis.pop("quote", None)
    if shown["table"]:
        shown["table"].pop("quote", None)
    return shown
