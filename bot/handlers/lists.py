"""Tables in and out: the blank table, the filled one in one go, the unit's own list to sign, the secretariat's compiled list."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from telegram import Document as TelegramFile
from telegram import Update
from telegram.ext import ContextTypes

from bot import messages
from bot.access import Action, Grant, RefusedError, Target
from bot.files import shown_name
from bot.handlers import cards, edited, nominate
from bot.handlers.progress import Progress
from bot.handlers.secretariat import place
from bot.handlers.turn import Turn, arguments, saying, settle
from bot.moments import today
from bot.people import People
from bot.render import Button, Message
from bot.retention import forget_file
from forms import lists as written
from forms import papers, tables
from forms.layout import Heading, ListPaper, Slot
from forms.lists import Format
from forms.model import Content, Draft, FormSpec, State
from forms.naming import fitting
from forms.tables import Reading, UnreadableTable
from forms.values import name_key
from knowledge.library import StoredPlan, holds
from knowledge.text import unaccent

if TYPE_CHECKING:
    from bot.app import Services

DOWNLOAD_LIMIT = 20 * 1024 * 1024
FORMATS: tuple[Format, ...] = ("docx", "xlsx")
COMPILED: tuple[State, ...] = ("submitted", "accepted", "approved", "forwarded")
ACCEPTED: tuple[State, ...] = ("accepted", "approved", "forwarded")
DRAFTS_SHOWN = 30
LINES_SHOWN = 10


# --- out -------------------------------------------------------------------------------------------------------------


def compile_list(turn: Turn) -> None:
    """The institution's list as Word and Excel. What is not accepted yet is listed too, and said so."""
    org = place(turn, Action.COMPILE)
    _compile(turn, org, COMPILED)


def compile_as(turn: Turn) -> None:
    """Only what was accepted, or everything again."""
    org = place(turn, Action.COMPILE)
    turn.toast()
    _compile(turn, org, ACCEPTED if turn.data == ["accepted"] else COMPILED)


def _compile(turn: Turn, org: str, states: tuple[State, ...]) -> None:
    count = Counter(nomination.state for nomination in turn.services.nominations.each(org=org, states=states))
    if not count:
        turn.say(messages.COMPILE_EMPTY)
        return
    institution = turn.services.library.known(org)
    waiting = count["submitted"]
    paper = ListPaper(
        title=messages.COMPILED_TITLE,
        heading=Heading(issuer=institution.name),
        signatures=(Slot(title=messages.COMPILED_BY), Slot(title=messages.COMPILED_HEAD)),
        code=True,
    )
    for format in FORMATS:
        found = turn.services.nominations.each(org=org, states=states)  # streamed anew for each file
        data = made(lambda out, found=found, format=format: written.write(paper, found, out, format), format)  # type: ignore[misc]
        turn.document(data, filename(messages.FILE_COMPILED, org, today(turn.now).isoformat(), format))
    turn.audit("list_made", role="secretariat", org=org, count=count.total())
    rows = [[Button(messages.ONLY_ACCEPTED, "list.accepted")]] if waiting and waiting < count.total() else []
    turn.say(messages.compiled(count.total(), institution.name, waiting), rows)


def unit_pack(turn: Turn) -> None:
    """What the unit prints and signs: its list, the drafts of the letter and of the minutes."""
    nomination = cards.named(turn)
    if nomination is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.VIEW, cards.target(nomination))
    found = [
        other
        for other in turn.services.nominations.each(org=nomination.org, unit=nomination.unit, plan_id=nomination.plan_id)
        if other.state != "withdrawn" and turn.allows(Action.VIEW, cards.target(other))
    ]
    if not found:
        turn.toast(messages.DONE_ALREADY)
        return
    turn.toast()
    institution = turn.services.library.known(nomination.org)
    heading = Heading(issuer=nomination.unit or institution.name, superior=institution.name if nomination.unit else "")
    with tempfile.TemporaryDirectory() as folder:
        for name, path in papers.pack(found, heading, institution.name, Path(folder)).items():
            turn.document(path.read_bytes(), name)
    aside = [other.code for other in found if papers.of_the_party(other)]
    if len(aside) < len(found):
        turn.say(messages.unit_list(nomination.unit, len(found) - len(aside)))
    if aside:
        turn.say(messages.left_out_of_papers(aside))


def blank(turn: Turn) -> None:
    """/mau: an empty table for each kind of nominee, to be filled in and sent back; as Word with a button.

    "blank.FORMAT.PLAN" as a button; where several plans take nominations it is asked for which.
    """
    format: Literal["xlsx", "docx"] = "docx" if turn.data[:1] == ["docx"] else "xlsx"
    grant = nominate.may_nominate(turn)
    plans = nominate.takers(turn, grant)
    chosen = [stored for stored in plans if turn.data[1:2] == [stored.plan.id]] or plans
    turn.toast()
    if not plans:
        turn.say(messages.NO_PLAN_YET)
        return
    if len(chosen) > 1:
        turn.say(messages.BLANK_WHICH_PLAN, _choices(chosen, f"blank.{format}"))
        return
    spec = FormSpec.from_plan(chosen[0].plan)
    for kind in spec.kinds:
        data = made(lambda out, kind=kind: tables.blank(spec, kind, out, format), format)  # type: ignore[misc]
        turn.document(data, filename(messages.FILE_BLANK[kind], "", "", format))
    label, other = (messages.BLANK_AS_WORD, "docx") if format == "xlsx" else (messages.BLANK_AS_EXCEL, "xlsx")
    turn.say(messages.BLANK_TABLE_CAPTION, [[Button(label, f"blank.{other}.{spec.plan_id}")]])


def _choices(plans: Iterable[StoredPlan], data: str) -> list[list[Button]]:
    return [[Button(nominate.plan_label(stored), f"{data}.{stored.plan.id}")] for stored in plans]


def made(write: Callable[[Path], object], format: str) -> bytes:
    """The bytes of a file that a writer puts at a path."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"out.{format}"
        write(out)
        return out.read_bytes()


def filename(what: str, whose: str, when: str, format: str) -> str:
    """A name that every system takes: "danh-sach-tong-hop_vinhthuan_2026-11-20.docx"."""
    bare = ["-".join(_words(part)) for part in (what, whose, when) if part]
    return "_".join(bare)[:90] + f".{format}"


def _words(text: str) -> Iterable[str]:
    return "".join(c if c.isalnum() else " " for c in unaccent(text).lower()).split()


# --- in --------------------------------------------------------------------------------------------------------------


class Frame(NamedTuple):
    """With which form, in whose name and for which unit a table is read."""

    spec: FormSpec
    org: str
    unit: str
    author: int


async def filled_table(update: Update, context: ContextTypes.DEFAULT_TYPE, sent: TelegramFile) -> None:
    """A filled table: every good row becomes a draft, every bad cell is named and comes back marked, in the format it came in.

    Where several plans take nominations and the table does not tell which it is for, that is asked first.
    """
    services: Services = context.bot_data["services"]
    if (sent.file_size or 0) > DOWNLOAD_LIMIT:
        settle(services, update, saying(messages.FILE_TOO_LARGE))
        return
    frames = _frames_now(services, update)
    if not frames:
        settle(services, update, _no_frame)
        return
    file = await context.bot.get_file(sent.file_id)
    data = bytes(await file.download_as_bytearray())
    await _read_and_take(services, update, data, shown_name(sent.file_name), frames)


async def table_for(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The plan was chosen for the table that was sent before."""
    services: Services = context.bot_data["services"]
    user = update.effective_user
    person = People(services.db).by_telegram(user.id) if user else None
    waiting = (person.waiting or {}) if person else {}
    frames = [frame for frame in _frames_now(services, update) if [frame.spec.plan_id] == arguments(update)]
    if waiting.get("for") != "table" or not frames:
        settle(services, update, lambda turn: turn.toast(messages.OLD_BUTTON))
        return
    try:
        data = services.files.get(waiting["sha"])
    except FileNotFoundError:
        settle(services, update, saying(messages.PLAN_GONE))
        return
    await _read_and_take(services, update, data, waiting["name"], frames)
    forget_file(services, waiting["sha"])


async def _read_and_take(services: Services, update: Update, data: bytes, name: str, frames: list[Frame]) -> None:
    """Read off the event loop, then take what was read. Until something was said about it, the update is not done with."""
    told = Progress(services, update, messages.table_reading, stopped=messages.TABLE_AGAIN)
    try:
        taken = await asyncio.to_thread(_read, data, name, frames, told)
    except UnreadableTable as error:
        reason = str(error)
        settle(services, update, lambda turn: _unreadable(turn, reason, told))
    else:
        settle(services, update, lambda turn: _take(turn, taken, told))
    told.over()


def _frames_now(services: Services, update: Update) -> list[Frame]:
    """How a table of this person can be read, one for each plan that takes nominations; nothing where they may send none."""
    with services.db.atomic(final=False):
        turn = Turn.begin(services, update)
        try:
            grant = nominate.may_nominate(turn)
        except RefusedError:
            return []
        assert grant.org is not None
        specs = [FormSpec.from_plan(stored.plan).model_copy(update={"org": grant.org}) for stored in nominate.takers(turn, grant)]
        return [Frame(spec, grant.org, grant.unit or "", turn.person.id) for spec in specs]


def _no_frame(turn: Turn) -> None:
    nominate.may_nominate(turn)
    turn.say(messages.NO_PLAN_YET)


class Taken(NamedTuple):
    """A table that was read with the first of the forms that it can be for, the drafts that its good rows make, and the marked file
    where rows are bad. `told_apart`: there were more forms."""

    data: bytes
    name: str
    frames: list[Frame]
    told_apart: bool
    reading: Reading
    drafts: list[Draft]
    marked: bytes
    format: Literal["xlsx", "docx"]


def _read(data: bytes, name: str, frames: list[Frame], told: Progress) -> Taken:
    """All that takes time, away from the loop."""
    suffix = Path(name).suffix.lower()
    format: Literal["xlsx", "docx"] = "docx" if suffix == ".docx" else "xlsx"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"bang{suffix}"
        path.write_bytes(data)
        several = len(frames) > 1
        if several:
            named = {spec.plan_id for spec in fitting(path, [frame.spec for frame in frames])}
            frames = [frame for frame in frames if frame.spec.plan_id in named]
        frame = frames[0]
        reading = tables.read(path, frame.spec, unit=frame.unit, progress=told)
    drafts = tables.drafts(reading, frame.spec, org=frame.org, unit=frame.unit, author=frame.author)
    marked = made(lambda out: tables.mark(reading, out, format), format) if reading.bad else b""
    return Taken(data, name, frames, several and len(frames) == 1, reading, drafts, marked, format)


def _unreadable(turn: Turn, reason: str, told: Progress) -> None:
    _wait_no_more(turn)
    told.ends(turn, reason)


def _take(turn: Turn, taken: Taken, told: Progress) -> None:
    frame, reading = taken.frames[0], taken.reading
    grant = nominate.may_nominate(turn)
    _wait_no_more(turn)
    if edited.is_compiled(reading) and turn.allows(Action.REVIEW, Target(frame.org)):
        edited.show(turn, reading, frame.org, told)
        return
    if len(taken.frames) > 1:
        _which(turn, grant, taken, told)
        return
    stored = next((found for found in nominate.plans_of(turn, grant) if found.plan.id == frame.spec.plan_id), None)
    held = nominate.round_for(turn, frame.org, frame.spec.plan_id) if stored else None
    if stored is None or (held is None and not holds(stored.plan, today(turn.now))):
        told.ends(turn, messages.PAST_ROUND_NEEDED)
        return
    fresh = _fresh(turn, taken)
    round_id = held.id if held else None
    store = turn.services.nominations
    kept = [store.create(draft.model_copy(update={"round_id": round_id}), turn.now) for draft in fresh]
    rows = [[Button(messages.draft_label(draft.name), f"draft.{draft.id}")] for draft in kept[:DRAFTS_SHOWN]]
    under = [messages.table_under(nominate.plan_label(stored))] if taken.told_apart else []
    lines = [*under, reading.summary, *_problems(reading), *_first(reading.warnings)]
    if len(kept) < len(taken.drafts):
        lines.append(messages.table_repeated(len(taken.drafts) - len(kept)))
    if kept:
        lines.append(messages.table_next(len(kept), DRAFTS_SHOWN))
    told.ends(turn, Message("\n".join(lines), rows))
    if taken.marked:
        turn.document(taken.marked, filename(messages.FILE_MARKED, "", "", taken.format))


def _which(turn: Turn, grant: Grant, taken: Taken, told: Progress) -> None:
    """For which plan? The table is kept until that is said."""
    turn.wait({"for": "table", "sha": turn.services.files.put(taken.data), "name": taken.name})
    wanted = {frame.spec.plan_id for frame in taken.frames}
    plans = [stored for stored in nominate.takers(turn, grant) if stored.plan.id in wanted]
    told.ends(turn, Message(messages.TABLE_WHICH_PLAN, _choices(plans, "tab")))


def _wait_no_more(turn: Turn) -> None:
    """A table that waits for its plan is taken, or another has come in its place."""
    if (turn.person.waiting or {}).get("for") == "table":
        turn.wait(None)


def _fresh(turn: Turn, taken: Taken) -> list[Draft]:
    """The drafts of rows that are not there yet: a table sent again makes nothing twice."""
    store = turn.services.nominations
    there: set[tuple[str, ...]] = {_key(draft) for draft in store.drafts(author=turn.person.id, org=taken.frames[0].org)}
    filed = store.each(org=taken.frames[0].org, unit=taken.frames[0].unit or None, plan_id=taken.frames[0].spec.plan_id)
    there |= {_key(nomination) for nomination in filed if nomination.state != "withdrawn"}
    return [draft for draft in taken.drafts if _key(draft) not in there]


def _key(content: Content) -> tuple[str, ...]:
    """Name, unit and achievements: by these a row is known again."""
    return (content.kind, *(name_key(content.values.get(field, "")) for field in ("name", "unit", "summary")))


def _problems(reading: Reading) -> list[str]:
    return _first([messages.cell_problem(problem.place, problem.message) for row in reading.bad for problem in row.problems])


def _first(lines: Iterable[str]) -> list[str]:
    """The first of many lines, and how many more there are."""
    all_lines = list(lines)
    more = [messages.more_lines(len(all_lines) - LINES_SHOWN)] if len(all_lines) > LINES_SHOWN else []
    return [*all_lines[:LINES_SHOWN], *more]
