"""Rounds (đợt): opened, watched, closed into a fixed list, corrected by a later version of it. Pure verbs, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from forms.model import Actor, FormSpec, Nomination, Round, stamp
from forms.workflow import Change, NotAllowed
from knowledge.model import Frozen

LISTED = ("accepted", "approved", "forwarded")


class Progress(Frozen):
    """Who has filed (unit and how many), who has said that they nominate nobody, who has said nothing."""

    filed: tuple[tuple[str, int], ...]
    nobody: tuple[str, ...]
    missing: tuple[str, ...]


class CompiledList(Frozen):
    """A list as it was fixed: its number within the institution, its version within the round, the nominations in it.

    `nominations` are the rows as they stood then; a later change makes the next version, it never alters this one.
    """

    org: str
    round_id: int
    number: int
    version: int = 1
    replaces: int | None = None
    nominations: tuple[Nomination, ...] = ()
    made_at: str = ""

    @property
    def label(self) -> str:
        """ "Bản 1", or "Bản 2, thay bản 1"."""
        return f"Bản {self.version}" if self.replaces is None else f"Bản {self.version}, thay bản {self.replaces}"

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(nomination.code for nomination in self.nominations)


RoundResult = tuple[Round, tuple[Change, ...]]


def open_round(
    spec: FormSpec,
    name: str,
    opens: date,
    actor: Actor,
    *,
    closes: date | None = None,
    own_date: bool = False,
    standing: bool = False,
    past_plan: bool = False,
    units: Sequence[str] = (),
) -> RoundResult:
    """A new round of the plan behind `spec`; `past_plan` says that its period is over and that this is known."""
    if not name.strip():
        raise NotAllowed("Đợt đề cử cần có tên.")
    if closes is not None and closes < opens:
        raise NotAllowed(f"Ngày đóng {closes:%d/%m/%Y} trước ngày mở {opens:%d/%m/%Y}.")
    made = Round(
        org=spec.org,
        plan_id=spec.plan_id,
        plan_version=spec.plan_version,
        name=name.strip(),
        opens=opens,
        closes=closes,
        own_date=own_date,
        standing=standing,
        past_plan=past_plan,
        units=tuple(dict.fromkeys(units)),
    )
    return made, (_change("open_round", made, actor, after=made.name),)


def takes(held: Round, today: date) -> bool:
    """Whether a nomination may be filed in it today; the closing day itself still counts."""
    return held.state == "open" and held.opens <= today and (held.closes is None or today <= held.closes)


def nominate_nobody(held: Round, unit: str, actor: Actor) -> RoundResult:
    """The unit says that it nominates nobody; filing later takes that back (`heard_from`)."""
    _must_be_open(held)
    if unit in held.nobody:
        return held, ()
    changed = held.model_copy(update={"nobody": (*held.nobody, unit), "revision": held.revision + 1})
    return changed, (_change("nominate_nobody", changed, actor, unit=unit, after=unit),)


def heard_from(held: Round, unit: str) -> Round:
    """The round once a unit has filed: its "nobody" no longer holds."""
    if unit not in held.nobody:
        return held
    nobody = tuple(name for name in held.nobody if name != unit)
    return held.model_copy(update={"nobody": nobody, "revision": held.revision + 1})


def postpone(held: Round, closes: date | None, actor: Actor) -> RoundResult:
    """Another closing day, the secretariat's own."""
    _must_be_open(held)
    if closes is not None and closes < held.opens:
        raise NotAllowed(f"Ngày đóng {closes:%d/%m/%Y} trước ngày mở {held.opens:%d/%m/%Y}.")
    changed = held.model_copy(update={"closes": closes, "own_date": True, "revision": held.revision + 1})
    return changed, (_change("postpone", changed, actor, before=str(held.closes or ""), after=str(closes or "")),)


def progress(held: Round, nominations: Iterable[Nomination]) -> Progress:
    """How the round stands; units that filed without being expected count as filed."""
    counts: dict[str, int] = dict.fromkeys(held.units, 0)
    for nomination in nominations:
        if nomination.round_id == held.id and nomination.state != "withdrawn":
            counts[nomination.unit] = counts.get(nomination.unit, 0) + 1
    filed = tuple((unit, count) for unit, count in counts.items() if count)
    nobody = tuple(unit for unit in held.nobody if not counts.get(unit))
    missing = tuple(unit for unit, count in counts.items() if not count and unit not in nobody)
    return Progress(filed=filed, nobody=nobody, missing=missing)


def close(
    held: Round, nominations: Iterable[Nomination], number: int, actor: Actor, now: datetime
) -> tuple[Round, CompiledList, tuple[Change, ...]]:
    """Closed: the accepted nominations become the fixed list, version 1, under the institution's next list number."""
    _must_be_open(held)
    closed = held.model_copy(update={"state": "closed", "revision": held.revision + 1})
    fixed = CompiledList(
        org=held.org, round_id=held.id, number=number, nominations=_listed(held, nominations), made_at=stamp(now)
    )
    return closed, fixed, (_change("close_round", closed, actor, before="open", after="closed"),)


def correct(
    last: CompiledList, held: Round, nominations: Iterable[Nomination], actor: Actor, now: datetime
) -> tuple[CompiledList, tuple[Change, ...]]:
    """The next version of a closed round's list, which replaces the last one under the same number."""
    if held.state != "closed":
        raise NotAllowed(f"Đợt “{held.name}” chưa đóng, chưa cần bản thay thế.")
    fixed = last.model_copy(
        update={
            "version": last.version + 1,
            "replaces": last.version,
            "nominations": _listed(held, nominations),
            "made_at": stamp(now),
        }
    )
    if fixed.nominations == last.nominations:
        raise NotAllowed(f"Danh sách không khác {last.label.lower()}, không cần bản thay thế.")
    return fixed, (_change("correct_list", held, actor, before=last.label, after=fixed.label),)


def _listed(held: Round, nominations: Iterable[Nomination]) -> tuple[Nomination, ...]:
    return tuple(item for item in nominations if item.round_id == held.id and item.state in LISTED)


def about(held: Round, changes: Iterable[Change]) -> tuple[Change, ...]:
    """What opening a round reported, once the store has given it its number."""
    return tuple(change.model_copy(update={"subject": f"round:{held.id}"}) for change in changes)


def _must_be_open(held: Round) -> None:
    if held.state != "open":
        raise NotAllowed(f"Đợt “{held.name}” đã đóng.")


def _change(verb: str, held: Round, actor: Actor, *, unit: str = "", before: str = "", after: str = "") -> Change:
    return Change(
        verb=verb,
        subject=f"round:{held.id}",
        org=held.org,
        unit=unit,
        actor=actor,
        before={"round": before} if before else {},
        after={"round": after} if after else {},
    )
