"""A nomination's way: submitted ⇄ returned → accepted → approved or declined → forwarded; withdrawn before that.

A verb takes a nomination and who acts, checks that the state allows it, and gives the nomination as it is then and the
changes for the audit trail. Verbs check states, not rights: who may do it is the caller's to check when the action runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from forms.fields import questions
from forms.flow import problems
from forms.model import STATES, Actor, Decision, Draft, Evidence, Nomination, State, Vote, stamp
from forms.values import shown
from knowledge.model import Frozen

__all__ = [
    "Change",
    "Difference",
    "NotAllowed",
    "accept",
    "add_evidence",
    "amend",
    "decide",
    "differences",
    "file",
    "forward",
    "give_back",
    "merge",
    "record_vote",
    "reopen",
    "resubmit",
    "wanted_since",
    "withdraw",
]


class NotAllowed(Exception):  # noqa: N818
    """The state does not allow it: one Vietnamese sentence that says which state and what would be needed."""


class Change(Frozen):
    """One entry for the audit trail: who in what role did what to which nomination or round, before and after."""

    verb: str
    subject: str
    org: str
    unit: str
    actor: Actor
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    reason: str = ""


class Difference(Frozen):
    """A value that changed: the id of the question, the value before and after ("" for none)."""

    field: str
    before: str
    after: str


Result = tuple[Nomination, tuple[Change, ...]]


def file(draft: Draft, code: str, actor: Actor, now: datetime) -> Result:
    """The nomination that a draft becomes under the number `code`."""
    _valid(draft)
    nomination = Nomination(
        spec=draft.spec,
        values=draft.values,
        criteria=tuple(item.id for item in draft.claimed()),
        evidence=draft.evidence,
        code=code,
        org=draft.org,
        unit=draft.unit,
        author=draft.author,
        plan_id=draft.plan_id,
        plan_version=draft.plan_version,
        round_id=draft.round_id,
        draft_id=draft.id,
        submitted_at=stamp(now),
        updated_at=stamp(now),
    )
    return nomination, (_change("submit", nomination, actor, after={"state": "submitted", **nomination.values}),)


def give_back(nomination: Nomination, reasons: Mapping[str, str], actor: Actor, now: datetime) -> Result:
    """Returned for more, with a reason for each field that needs mending; more of them while it is out are added."""
    _must(nomination, "trả lại", "submitted", "accepted", "returned")
    if not reasons or not all(reason.strip() for reason in reasons.values()):
        raise NotAllowed(f"Trả lại {nomination.code} cần lý do cho ít nhất một mục.")
    update = {"reasons": {**nomination.reasons, **reasons}}
    return _step(nomination, "returned", "return", actor, now, update=update, after=dict(reasons))


def reopen(nomination: Nomination, author: int) -> Draft:
    """A draft to mend a returned nomination in: everything kept, standing at the first field with a reason."""
    _must(nomination, "sửa", "returned", "submitted")
    draft = Draft(
        spec=nomination.spec,
        values=nomination.values,
        criteria=nomination.criteria,
        evidence=nomination.evidence,
        org=nomination.org,
        unit=nomination.unit,
        author=author,
        plan_id=nomination.plan_id,
        plan_version=nomination.plan_version,
        round_id=nomination.round_id,
        step="preview",
        skipped=tuple(entry.id for entry in questions(nomination) if not nomination.values.get(entry.id)),
        code=nomination.code,
        reasons=nomination.reasons,
    )
    first = next((entry.id for entry in questions(draft) if entry.id in draft.reasons), None)
    return draft.model_copy(update={"step": first, "trail": ("preview",)}) if first else draft


def wanted_since(draft: Draft, nomination: Nomination) -> Draft:
    """A draft in which a returned nomination is being mended, with what was asked for after it was opened; else as it is."""
    more = {field: reason for field, reason in nomination.reasons.items() if field not in draft.reasons}
    more = {field: reason for field, reason in more.items() if draft.values.get(field) == nomination.values.get(field)}
    if not more:
        return draft
    first = next((entry.id for entry in questions(draft) if entry.id in more), draft.step)
    update = {"reasons": {**draft.reasons, **more}, "step": first, "trail": (*draft.trail, "preview")}
    return draft.model_copy(update={**update, "revision": draft.revision + 1, "since": draft.revision + 1})


def resubmit(
    nomination: Nomination, draft: Draft, actor: Actor, now: datetime
) -> tuple[Nomination, tuple[Change, ...]]:
    """The mended content in place of what was returned; `differences(before, after)` says what changed."""
    _must(nomination, "gửi lại", "returned", "submitted")
    _valid(draft)
    changed = nomination.model_copy(
        update={
            "values": draft.values,
            "criteria": tuple(item.id for item in draft.claimed()),
            "evidence": draft.evidence,
            "draft_id": draft.id,
            "version": nomination.version + 1,
            "reasons": {},
        }
    )
    found = differences(nomination, changed)
    return _step(
        changed,
        "submitted",
        "resubmit",
        actor,
        now,
        before={item.field: item.before for item in found},
        after={item.field: item.after for item in found},
    )


def accept(nomination: Nomination, actor: Actor, now: datetime) -> Result:
    _must(nomination, "tiếp nhận", "submitted")
    return _step(nomination, "accepted", "accept", actor, now)


def record_vote(nomination: Nomination, vote: Vote, actor: Actor, now: datetime) -> Result:
    """What the council voted: approved if at least two thirds of all its members said yes, exactly counted."""
    _must(nomination, "ghi kết quả hội đồng", "accepted", "approved", "declined")
    countable(vote)
    state: State = "approved" if vote.two_thirds else "declined"
    after = {
        "yes": str(vote.yes),
        "members": str(vote.members),
        "excluded": ", ".join(name for name, _ in vote.excluded),
    }
    return _step(nomination, state, "vote", actor, now, update={"vote": vote, "decision": None}, after=after, reason=vote.note)


def decide(nomination: Nomination, decision: Decision, actor: Actor, now: datetime) -> Result:
    """The council's conclusion where no criterion claimed asks for a vote."""
    _must(nomination, "ghi kết quả hội đồng", "accepted", "approved", "declined")
    if needs_vote(nomination):
        raise NotAllowed(f"{nomination.code} có tiêu chí cần hội đồng bỏ phiếu, xin ghi số phiếu.")
    state: State = "approved" if decision.approved else "declined"
    update = {"decision": decision, "vote": None}
    return _step(nomination, state, "decide", actor, now, update=update, reason=decision.minutes)


def forward(nomination: Nomination, list_number: int, actor: Actor, now: datetime) -> Result:
    """On a compiled list: approved, or accepted where no criterion claimed asks for a vote of the council."""
    _must(nomination, "chuyển", "approved", "accepted")
    if nomination.state == "accepted" and needs_vote(nomination):
        raise NotAllowed(f"{nomination.code} còn chờ kết quả bỏ phiếu của hội đồng theo tiêu chí đã chọn.")
    after = {"list": str(list_number)}
    return _step(nomination, "forwarded", "forward", actor, now, update={"list_number": list_number}, after=after)


def withdraw(nomination: Nomination, reason: str, actor: Actor, now: datetime) -> Result:
    _must(nomination, "rút", "submitted", "returned", "accepted", "approved", "declined")
    return _step(nomination, "withdrawn", "withdraw", actor, now, reason=reason)


def merge(nomination: Nomination, into: Nomination, actor: Actor, now: datetime) -> Result:
    """The duplicate withdrawn in favour of `into`, whose content stays as it is."""
    if nomination.code == into.code or into.state == "withdrawn":
        raise NotAllowed(f"Không gộp được {nomination.code} vào {into.code}.")
    return withdraw(nomination, f"Gộp vào {into.code}", actor, now)


def add_evidence(nomination: Nomination, evidence: Evidence, actor: Actor, now: datetime) -> Result:
    """Evidence that comes after submitting; the same file a second time changes nothing."""
    _must(nomination, "bổ sung minh chứng", "submitted", "returned", "accepted")
    if any(held.file_id == evidence.file_id for held in nomination.evidence):
        return nomination, ()
    update = {"evidence": (*nomination.evidence, evidence)}
    return _step(nomination, nomination.state, "evidence", actor, now, update=update, after={"file": evidence.name})


def amend(nomination: Nomination, values: Mapping[str, str], actor: Actor, now: datetime) -> Result:
    """The secretariat's own correction, from an edited list whose differences were shown first."""
    _must(nomination, "sửa", "submitted", "accepted", "approved", "declined", "forwarded")
    changed = nomination.model_copy(
        update={"values": {**nomination.values, **values}, "version": nomination.version + 1}
    )
    found = differences(nomination, changed)
    if not found:
        return nomination, ()
    before = {item.field: item.before for item in found}
    return _step(
        changed, nomination.state, "amend", actor, now, before=before, after={item.field: item.after for item in found}
    )


def needs_vote(nomination: Nomination) -> bool:
    """Whether a criterion claimed asks for a vote."""
    return any(item.vote for item in nomination.claimed())


def differences(before: Nomination, after: Nomination) -> tuple[Difference, ...]:
    """What differs in content, values in the order in which they were asked, criteria and evidence last."""
    fields = dict.fromkeys((*before.values, *after.values))
    pairs = [(field, before.values.get(field, ""), after.values.get(field, "")) for field in fields]
    pairs.append(("criteria", _claims(before), _claims(after)))
    pairs.append(("evidence", _files(before), _files(after)))
    return tuple(Difference(field=field, before=old, after=new) for field, old, new in pairs if old != new)


def _claims(nomination: Nomination) -> str:
    return "\n".join(item.short for item in nomination.claimed())


def _files(nomination: Nomination) -> str:
    return "\n".join(held.name for held in nomination.evidence)


def _must(nomination: Nomination, doing: str, *states: State) -> None:
    if nomination.state not in states:
        raise NotAllowed(f"{nomination.code} {STATES[nomination.state]}, không {doing} được nữa.")


def _valid(draft: Draft) -> None:
    found = problems(draft)
    if found:
        raise NotAllowed(f"Chưa gửi được: {found[0].what}")


def countable(vote: Vote) -> None:
    """Raises `NotAllowed` where the numbers of a vote cannot be, or somebody stood aside without name or reason."""
    counted = vote.yes + vote.no + vote.abstained + len(vote.excluded)
    if vote.members < 1 or min(vote.yes, vote.no, vote.abstained) < 0 or counted > vote.members:
        raise NotAllowed(
            f"Số phiếu không khớp: {counted} phiếu và người không tham gia, hội đồng có {vote.members} thành viên."
        )
    if any(not name.strip() or not reason.strip() for name, reason in vote.excluded):
        raise NotAllowed(f"Người không tham gia bỏ phiếu cần ghi họ tên và lý do, hiện có {shown(str(vote.excluded))}.")


def _step(
    nomination: Nomination,
    state: State,
    verb: str,
    actor: Actor,
    now: datetime,
    *,
    update: Mapping[str, Any] | None = None,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
    reason: str = "",
) -> Result:
    moved = {"state": state, "revision": nomination.revision + 1, "updated_at": stamp(now)}
    changed = nomination.model_copy(update={**(update or {}), **moved})
    states = ({"state": nomination.state}, {"state": state})
    entry = _change(
        verb,
        changed,
        actor,
        before={**states[0], **(before or {})},
        after={**states[1], **(after or {})},
        reason=reason,
    )
    return changed, (entry,)


def _change(
    verb: str,
    nomination: Nomination,
    actor: Actor,
    *,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
    reason: str = "",
) -> Change:
    return Change(
        verb=verb,
        subject=nomination.code,
        org=nomination.org,
        unit=nomination.unit,
        actor=actor,
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason,
    )
