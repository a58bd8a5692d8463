"""A plan by chat: the admin sends a file, sees what was understood, confirms; it is in force at once, and can be undone."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from telegram import Document as TelegramFile
from telegram import Update
from telegram.ext import ContextTypes

from bot import messages, unfinished
from bot.access import Action, Role, Target
from bot.files import shown_name
from bot.handlers.progress import Progress
from bot.handlers.turn import Turn, arguments, reindex, saying, settle
from bot.people import People
from bot.render import Button, Message
from knowledge.extract import NotAPlan, understand
from knowledge.library import StoredPlan, is_same_plan
from knowledge.model import Plan
from knowledge.readers import Unreadable, read
from knowledge.text import fold

if TYPE_CHECKING:
    from bot.app import Services

DOWNLOAD_LIMIT = 20 * 1024 * 1024
WARNINGS_SHOWN = 6


async def receive(update: Update, context: ContextTypes.DEFAULT_TYPE, sent: TelegramFile) -> None:
    """A file from an admin: kept by its hash; whose plan it is, is asked where there are several institutions."""
    services: Services = context.bot_data["services"]
    if (sent.file_size or 0) > DOWNLOAD_LIMIT:
        settle(services, update, saying(messages.FILE_TOO_LARGE))
        return
    file = await context.bot.get_file(sent.file_id)
    data = bytes(await file.download_as_bytearray())
    sha = services.files.put(data)
    name = shown_name(sent.file_name)
    settle(services, update, lambda turn: _whose(turn, sha, name))


def _whose(turn: Turn, sha: str, name: str) -> None:
    turn.require(Action.PLANS, Target())
    turn.wait({"for": "plan", "sha": sha, "name": name})
    institutions = turn.services.library.institutions()
    if not institutions:
        turn.say(messages.NO_INSTITUTION_YET)
        return
    first = [found for found in institutions if found.slug == turn.person.org]
    others = [found for found in institutions if found.slug != turn.person.org]
    turn.say(messages.PLAN_WHICH_INSTITUTION, [[Button(found.name, f"padd.{found.slug}")] for found in (*first, *others)[:40]])


async def choose(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The institution was chosen: the file is read and what was understood is shown."""
    services: Services = context.bot_data["services"]
    waiting = _waiting(services, update)
    org = arguments(update)[:1]
    if waiting is None or not org:
        settle(services, update, lambda turn: turn.toast(messages.OLD_BUTTON))
        return
    said: list[int] = []
    settle(services, update, lambda turn: said.extend(_reading(turn, org[0])))
    if not said:
        return
    row = said[0]
    try:
        progress = Progress(services, update, messages.plan_reading, row)
        plan = await asyncio.to_thread(_understood, services, waiting["sha"], waiting["name"], org[0], progress)
    except (Unreadable, NotAPlan) as error:
        reason = str(error)
        settle(services, update, lambda turn: _instead(turn, row, reason))
        return
    settle(services, update, lambda turn: _show(turn, row, plan, waiting))


def _reading(turn: Turn, org: str) -> list[int]:
    """The message that says so; should the bot stop meanwhile, the way to have it read again."""
    turn.require(Action.PLANS, Target())
    institution = turn.services.library.institution(org)
    if institution is None:
        turn.toast(messages.OLD_BUTTON)
        return []
    turn.toast()
    row = turn.say(messages.PLAN_READING)
    again = Message(messages.PLAN_READ_AGAIN, [[Button(institution.name, f"padd.{institution.slug}")]])
    unfinished.begin(turn.services, turn.chat_id, row, again)
    return [row]


def _instead(turn: Turn, row: int, text: str) -> None:
    turn.goes_on()
    unfinished.end(turn.services, row)
    turn.revise(row, text)


def _show(turn: Turn, row: int, plan: Plan, waiting: dict[str, Any]) -> None:
    turn.goes_on()
    unfinished.end(turn.services, row)
    turn.require(Action.PLANS, Target(plan.org))
    turn.wait({**waiting, "org": plan.org})
    before = _before(turn, plan)
    lines = [
        plan.title or plan.source,
        messages.plan_head(plan.number, plan.period.text if plan.period else None, plan.signer.name if plan.signer else None),
        messages.plan_counts(
            len(plan.clauses),
            len(plan.criteria),
            len(plan.deadlines),
            len(plan.dossier),
            len(plan.table.columns) if plan.table else 0,
        ),
    ]
    if before is not None:
        lines.append(difference(before, plan))
    warnings = [warning.message for warning in plan.warnings[:WARNINGS_SHOWN]]
    rows = [[Button(messages.PLAN_CONFIRM, "pyes"), Button(messages.PLAN_DISCARD, "pno")]]
    turn.revise(row, messages.plan_understood(waiting["name"], [line for line in lines if line], warnings), rows)


def _before(turn: Turn, plan: Plan) -> StoredPlan | None:
    return next((held for held in turn.services.library.live(plan.org) if is_same_plan(held.plan, plan)), None)


def difference(before: StoredPlan, plan: Plan) -> str:
    """How many clauses stay, are new, are gone."""
    old = Counter(fold(clause.quote) for clause in before.plan.clauses)
    new = Counter(fold(clause.quote) for clause in plan.clauses)
    kept = (old & new).total()
    return messages.plan_difference(new.total() - kept, old.total() - kept, kept, before.plan.version)


async def confirm(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Put it in force: stored and answered from at once by words, then indexed while the bot goes on answering."""
    services: Services = context.bot_data["services"]
    waiting = _waiting(services, update)
    if waiting is None or "org" not in waiting:
        settle(services, update, lambda turn: turn.toast(messages.OLD_BUTTON))
        return
    plan = await asyncio.to_thread(_understood, services, waiting["sha"], waiting["name"], waiting["org"])
    said: list[int] = []
    if settle(services, update, lambda turn: said.extend(_store(turn, plan, waiting["sha"]))):
        await reindex(services)
        with services.db.atomic():
            unfinished.finish(services, said[0])


def _store(turn: Turn, plan: Plan, sha: str) -> list[int]:
    """In force; while it is indexed the message, whose row of the outbox is given back, says so."""
    grant = turn.require(Action.PLANS, Target(plan.org))
    turn.wait(None)
    added = turn.services.library.add(plan, sha256=sha, now=turn.now)
    turn.toast()
    if added.status == "unchanged":
        turn.say(messages.PLAN_UNCHANGED)
        return []
    held = added.stored.plan
    turn.audit("plan_added", role=grant.role.value, org=held.org, subject=held.id, version=held.version, retired=added.retired)
    turn.library_changed()
    undo = Button(messages.PLAN_UNDO, f"pundo.{held.id}.{held.version}")
    row = turn.say(messages.PLAN_INDEXING, [[undo]])
    ready = Message(messages.plan_ready(held.title or held.source, held.version), [[undo]])
    unfinished.begin(turn.services, turn.chat_id, row, ready, (held.id, held.version))
    return [row]


def discard(turn: Turn) -> None:
    turn.require(Action.PLANS, Target())
    turn.leave("plan", messages.PLAN_DISCARDED)


def undo(turn: Turn) -> None:
    """As it was before the file was added. A second press finds nothing to undo."""
    turn.require(Action.PLANS, Target())
    library = turn.services.library
    plan_id, version = (turn.data or [""])[0], int(turn.data[1]) if len(turn.data) > 1 and turn.data[1].isdecimal() else 0
    stored = library.get(plan_id, version)
    if stored is None or not stored.live:
        turn.toast(messages.DONE_ALREADY)
        return
    earlier = [held.plan.version for held in library.history(plan_id) if held.plan.version < version]
    if earlier:  # the undone version stays in the history: its number is never given to another text
        library.restore(plan_id, turn.now, max(earlier))
    else:
        library.retire(plan_id, turn.now)
    for retired in _retired_with(turn, plan_id, version):
        library.restore(retired, turn.now)
    turn.audit("plan_undone", role=Role.ADMIN.value, org=stored.plan.org, subject=plan_id, version=version)
    turn.library_changed()
    turn.toast()
    turn.say(messages.PLAN_UNDONE)


def _retired_with(turn: Turn, plan_id: str, version: int) -> list[str]:
    """The plans that fell silent when this version was added, as the trail has it."""
    added = (entry.detail for entry in turn.services.audit.about(plan_id) if entry.action == "plan_added")
    return next((list(detail.get("retired", ())) for detail in added if detail.get("version") == version), [])


def _understood(services: Services, sha: str, name: str, org: str, progress: Progress | None = None) -> Plan:
    """Read a kept file under the name it came with: the suffix tells the format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"ke-hoach{Path(name).suffix[:10]}"
        path.write_bytes(services.files.get(sha))
        return understand(read(path, source=name, progress=progress), org=org)


def _waiting(services: Services, update: Update) -> dict[str, Any] | None:
    user = update.effective_user
    person = People(services.db).by_telegram(user.id) if user else None
    waiting = person.waiting if person else None
    return waiting if waiting and waiting.get("for") == "plan" else None
