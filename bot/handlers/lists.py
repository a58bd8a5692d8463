"""Tables in and out: the blank table, the filled one in one go, the unit's own list to sign, the secretariat's compiled list."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from telegram import Document as TelegramFile
from telegram import Update
from telegram.ext import ContextTypes

from bot import messages
from bot.access import Action, Target
from bot.handlers import cards, edited, nominate
from bot.handlers.secretariat import place
from bot.handlers.turn import Turn, saying, settle
from bot.moments import today
from bot.render import Button
from forms import lists as written
from forms import papers, tables
from forms.layout import Heading, ListPaper, Slot
from forms.lists import Format
from forms.model import FormSpec, State
from forms.tables import Reading, UnreadableTable
from knowledge.library import holds
from knowledge.text import unaccent

if TYPE_CHECKING:
    from bot.app import Services

DOWNLOAD_LIMIT = 20 * 1024 * 1024
FORMATS: tuple[Format, ...] = ("docx", "xlsx")
COMPILED: tuple[State, ...] = ("submitted", "accepted", "approved", "forwarded")
ACCEPTED: tuple[State, ...] = ("accepted", "approved", "forwarded")


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
    found = turn.services.nominations.nominations(org=org, states=states)
    if not found:
        turn.say(messages.COMPILE_EMPTY)
        return
    institution = turn.services.library.known(org)
    waiting = sum(1 for nomination in found if nomination.state == "submitted")
    paper = ListPaper(
        title=messages.COMPILED_TITLE,
        heading=Heading(issuer=institution.name),
        signatures=(Slot(title=messages.COMPILED_BY), Slot(title=messages.COMPILED_HEAD)),
        code=True,
    )
    for format in FORMATS:
        data = made(lambda out, format=format: written.write(paper, found, out, format), format)  # type: ignore[misc]
        turn.document(data, filename(messages.FILE_COMPILED, org, today(turn.now).isoformat(), format))
    turn.audit("list_made", role="secretariat", org=org, count=len(found))
    rows = [[Button(messages.ONLY_ACCEPTED, "list.accepted")]] if waiting and waiting < len(found) else []
    turn.say(messages.compiled(len(found), institution.name, waiting), rows)


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
    """/mau: an empty table for each kind of nominee, to be filled in and sent back."""
    grant = nominate.may_nominate(turn)
    plans = nominate.plans_of(turn, grant)
    if not plans:
        turn.say(messages.NO_PLAN_YET)
        return
    spec = FormSpec.from_plan(plans[0].plan)
    for kind in spec.kinds:
        data = made(lambda out, kind=kind: tables.blank(spec, kind, out, "xlsx"), "xlsx")  # type: ignore[misc]
        turn.document(data, filename(messages.FILE_BLANK[kind], "", "", "xlsx"))
    turn.say(messages.BLANK_TABLE_CAPTION)


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


async def filled_table(update: Update, context: ContextTypes.DEFAULT_TYPE, sent: TelegramFile) -> None:
    """A filled table: every good row becomes a draft, every bad cell is named and comes back marked."""
    services: Services = context.bot_data["services"]
    if (sent.file_size or 0) > DOWNLOAD_LIMIT:
        settle(services, update, saying(messages.FILE_TOO_LARGE))
        return
    frames: list[tuple[FormSpec, str]] = []
    settle(services, update, lambda turn: frames.extend(_frame(turn)))
    if not frames:
        return
    file = await context.bot.get_file(sent.file_id)
    data = bytes(await file.download_as_bytearray())
    suffix = Path(sent.file_name or "").suffix.lower()
    try:
        reading = await asyncio.to_thread(_read, data, suffix, *frames[0])
    except UnreadableTable as error:
        settle(services, update, saying(str(error)))
        return
    settle(services, update, lambda turn: _take(turn, reading))


def _frame(turn: Turn) -> list[tuple[FormSpec, str]]:
    """With which form, and for which unit, a table of this person is read; nothing where they have no plan."""
    grant = nominate.may_nominate(turn)
    plans = nominate.plans_of(turn, grant)
    if not plans:
        turn.say(messages.NO_PLAN_YET)
        return []
    return [(FormSpec.from_plan(plans[0].plan).model_copy(update={"org": grant.org}), grant.unit or "")]


def _take(turn: Turn, reading: Reading) -> None:
    grant = nominate.may_nominate(turn)
    assert grant.org is not None
    plans = nominate.plans_of(turn, grant)
    if edited.is_compiled(reading) and turn.allows(Action.REVIEW, Target(grant.org)):
        edited.show(turn, reading, grant.org)
        return
    if not plans:
        turn.say(messages.NO_PLAN_YET)
        return
    stored = plans[0]
    held = nominate.round_for(turn, grant.org, stored.plan.id)
    if held is None and not holds(stored.plan, today(turn.now)):
        turn.say(messages.PAST_ROUND_NEEDED)
        return
    spec = FormSpec.from_plan(stored.plan).model_copy(update={"org": grant.org})
    round_id = held.id if held else None
    store = turn.services.nominations
    made_drafts = [
        store.create(draft, turn.now)
        for draft in tables.drafts(reading, spec, org=grant.org, unit=grant.unit or "", author=turn.person.id, round_id=round_id)
    ]
    rows = [[Button(messages.draft_label(draft.name), f"draft.{draft.id}")] for draft in made_drafts[:30]]
    turn.say("\n".join([reading.summary, *_problems(reading), *reading.warnings, *([messages.TABLE_NEXT] if rows else [])]), rows)
    if reading.bad:
        marked = made(lambda out: tables.mark(reading, out, "xlsx"), "xlsx")
        turn.document(marked, filename(messages.FILE_MARKED, "", "", "xlsx"))


def _problems(reading: Reading) -> list[str]:
    found = [messages.cell_problem(problem.place, problem.message) for row in reading.bad for problem in row.problems]
    return found[:10]


def _read(data: bytes, suffix: str, spec: FormSpec, unit: str) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"bang{suffix}"
        path.write_bytes(data)
        return tables.read(path, spec, unit=unit)
