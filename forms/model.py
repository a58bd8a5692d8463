"""The types of a nomination: frozen, serialisable, without clock, database or Telegram.

`values` maps the id of a question (see `fields.QUESTIONS`; "x1", "x2" … for columns that only the plan's table has) to
the text as it was typed and cleaned; "kind" and "role" hold the codes of `spec.KINDS` and `spec.ROLES`, "field" the name.
Times are ISO texts in UTC ("2026-11-20T02:42:00.000000Z"), dates are ISO dates in Vietnam.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal, cast

from pydantic import Field

from forms.spec import KINDS, ROLES, Criterion, FormField, FormSpec, Kind, Role
from knowledge.model import Frozen

__all__ = [
    "KINDS",
    "ROLES",
    "Actor",
    "Criterion",
    "Draft",
    "Evidence",
    "FormField",
    "FormSpec",
    "Kind",
    "Nomination",
    "Role",
    "Round",
    "State",
    "Status",
    "stamp",
]

Status = Literal["open", "paused", "cancelled", "submitted"]
State = Literal["submitted", "returned", "accepted", "approved", "declined", "forwarded", "withdrawn"]

STATES: dict[State, str] = {
    "submitted": "đã gửi, chờ kiểm tra",
    "returned": "cần bổ sung",
    "accepted": "đã tiếp nhận",
    "approved": "hội đồng đồng ý",
    "declined": "hội đồng không đồng ý",
    "forwarded": "đã chuyển theo danh sách",
    "withdrawn": "đã rút",
}


def stamp(now: datetime) -> str:
    """An aware time as it is stored: UTC, microseconds, "Z"."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Actor(Frozen):
    """Who did it, in which role; `name` as shown to others."""

    user: int
    role: str
    name: str = ""


class Evidence(Frozen):
    """A file that a person sent. `file_id` names it for good: the same one is attached once. Size in bytes."""

    file_id: str
    name: str = ""
    size: int = 0
    criterion: str | None = None


class Content(Frozen):
    """What a nomination says, in a draft as in a filed one."""

    spec: FormSpec
    values: dict[str, str] = Field(default_factory=dict)
    criteria: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def kind(self) -> Kind:
        return cast(Kind, self.values.get("kind", "individual"))

    @property
    def role(self) -> Role | None:
        return cast("Role | None", self.values.get("role"))

    @property
    def name(self) -> str:
        return self.values.get("name", "")

    def options(self) -> tuple[Criterion, ...]:
        """The criteria that this nominee may claim."""
        return self.spec.options(self.kind, self.role, self.values.get("field"))

    def claimed(self) -> tuple[Criterion, ...]:
        """The criteria ticked, in the order of the plan, those of another kind, role or field left out."""
        return tuple(item for item in self.options() if item.id in self.criteria)


class Draft(Content):
    """A nomination being typed. Every change makes the next `revision`; a button of an older one is refused.

    `unit` is the unit of the person who types; the nominee's own stands in `values["unit"]`. `since` is the revision at
    which the current step was asked. `code` and `reasons` are set where a returned nomination is being mended.
    """

    id: str = ""
    revision: int = 0
    org: str = ""
    unit: str = ""
    author: int = 0
    plan_id: str = ""
    plan_version: int = 0
    round_id: int | None = None
    step: str = "kind"
    since: int = 0
    trail: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    status: Status = "open"
    code: str | None = None
    reasons: dict[str, str] = Field(default_factory=dict)


class Vote(Frozen):
    """What the council decided on one nominee: how many members it has, who had to stand aside, how many voted how.

    The plan counts all members of the council, so those excluded stay in the number; they are recorded with their reason.
    """

    members: int
    yes: int
    no: int = 0
    abstained: int = 0
    excluded: tuple[tuple[str, str], ...] = ()
    note: str = ""

    @property
    def two_thirds(self) -> bool:
        """Exactly: at least two thirds of all members said yes."""
        return 3 * self.yes >= 2 * self.members


class Decision(Frozen):
    """What a meeting of the council concluded where no vote was asked for, and the minutes in which it stands ("" if not said)."""

    approved: bool
    minutes: str = ""


class Nomination(Content):
    """A filed nomination: its number within the institution, where it stands, and what was decided on it.

    `version` counts the submissions of its content, `revision` every change of any kind.
    """

    code: str
    org: str
    unit: str
    author: int
    plan_id: str
    plan_version: int
    round_id: int | None = None
    draft_id: str = ""
    state: State = "submitted"
    version: int = 1
    revision: int = 0
    reasons: dict[str, str] = Field(default_factory=dict)
    vote: Vote | None = None
    decision: Decision | None = None
    list_number: int | None = None
    submitted_at: str = ""
    updated_at: str = ""


class Round(Frozen):
    """A round (đợt): which plan, from when to when, which units are expected, who has said that they nominate nobody.

    `own_date` tells that the closing day is the secretariat's own, since the plan sets none; `standing` that the plan wants
    nominations at once, so that nothing closes; `past_plan` that it was opened knowingly for a plan whose period is over.
    """

    id: int = 0
    org: str
    plan_id: str
    plan_version: int = 0
    name: str
    opens: date
    closes: date | None = None
    own_date: bool = False
    standing: bool = False
    past_plan: bool = False
    units: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()
    state: Literal["open", "closed"] = "open"
    revision: int = 0
