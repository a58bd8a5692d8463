"""The evidence of many nominees as ZIP files, a folder for each: fetched from Telegram once, kept by hash, sent to the secretariat."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import messages
from bot.access import Action, Target
from bot.handlers import cards
from bot.handlers.lists import DOWNLOAD_LIMIT, filename
from bot.handlers.secretariat import place
from bot.handlers.turn import Turn, settle
from bot.moments import today
from forms.evidence import write_zip
from forms.model import Evidence, Nomination
from forms.store import KeptFile

if TYPE_CHECKING:
    from bot.app import Services

UPLOAD_AT_MOST = 45 * 1024 * 1024
PHOTO = "photo:"
log = structlog.get_logger(__name__)


async def zipped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The files of one nomination, or of all that are under way, in as few ZIP files as Telegram takes."""
    services: Services = context.bot_data["services"]
    found: list[Nomination] = []
    settle(services, update, lambda turn: found.extend(_wanted(turn)))
    if not found:
        return
    await _fetch(services, context, found)
    for part in _parts(found):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "minh-chung.zip"
            with contextlib.ExitStack() as opened:
                paths = {file_id: opened.enter_context(services.files.plain(path)) for file_id, path in _paths(services, part).items()}
                absent = await asyncio.to_thread(write_zip, part, paths, out)
            data = out.read_bytes()
        settle(services, update, lambda turn, part=part, data=data, absent=absent: _send(turn, part, data, absent))  # type: ignore[misc]


def _wanted(turn: Turn) -> list[Nomination]:
    """Whose files: read and allowed now; a word that it takes a moment."""
    if turn.data:
        nomination = cards.named(turn)
        if nomination is None:
            turn.toast(messages.OLD_BUTTON)
            return []
        turn.require(Action.REVIEW, cards.target(nomination))
        found = [nomination]
    else:
        org = place(turn, Action.REVIEW)
        found = [n for n in turn.services.nominations.each(org=org) if n.state != "withdrawn"]
    found = [named(n) for n in found if n.evidence]
    turn.toast()
    turn.say(messages.EVIDENCE_COLLECTING if found else messages.NO_EVIDENCE_AT_ALL)
    return found


def _send(turn: Turn, part: Sequence[Nomination], data: bytes, absent: Sequence[str]) -> None:
    turn.goes_on()
    for nomination in part:
        turn.require(Action.REVIEW, Target(nomination.org))
    whose = part[0].code if len(part) == 1 else part[0].org
    name = filename(messages.FILE_EVIDENCE, whose, today(turn.now).isoformat(), "zip")
    if len(absent) < sum(len(nomination.evidence) for nomination in part):
        turn.document(data, name, messages.evidence_zip(len(part)))
        turn.audit("evidence_zip", role="secretariat", org=part[0].org, count=len(part))
    if absent:
        turn.say(messages.evidence_absent(list(absent)))


def named(nomination: Nomination) -> Nomination:
    """Photos come without a name: their ending is added so that they open."""
    evidence = tuple(
        held.model_copy(update={"name": f"{held.name or 'ảnh'}.jpg"}) if held.file_id.startswith(PHOTO) else held
        for held in nomination.evidence
    )
    return nomination.model_copy(update={"evidence": evidence})


async def _fetch(services: Services, context: ContextTypes.DEFAULT_TYPE, found: Sequence[Nomination]) -> None:
    """Download what is not held yet. What Telegram no longer gives is left out and said afterwards."""
    for nomination in found:
        held = services.nominations.kept_files(nomination.org, [file.file_id for file in nomination.evidence])
        for file in nomination.evidence:
            if file.file_id in held or file.size > DOWNLOAD_LIMIT:
                continue
            data = await _download(context, file)
            if data is None:
                continue
            sha = services.files.put(data)
            with services.db.atomic():
                kept = KeptFile(file_id=file.file_id, sha256=sha, size=len(data))
                services.nominations.keep_file(nomination.org, kept, services.clock())


async def _download(context: ContextTypes.DEFAULT_TYPE, file: Evidence) -> bytes | None:
    try:
        sent = await context.bot.get_file(file.file_id.removeprefix(PHOTO))
        return bytes(await sent.download_as_bytearray())
    except TelegramError as error:
        log.warning("evidence not fetched", reason=type(error).__name__)
        return None


def _paths(services: Services, part: Sequence[Nomination]) -> dict[str, Path]:
    ids = [file.file_id for nomination in part for file in nomination.evidence]
    kept = services.nominations.kept_files(part[0].org, ids)
    return {file_id: services.files.path(held.sha256) for file_id, held in kept.items()}


def _parts(found: Sequence[Nomination]) -> Iterator[list[Nomination]]:
    """As many nominees together as one message takes; a nominee with more than that is cut between files."""
    part: list[Nomination] = []
    size = 0
    for nomination in (piece for whole in found for piece in _pieces(whole)):
        more = sum(file.size for file in nomination.evidence)
        if part and size + more > UPLOAD_AT_MOST:
            yield part
            part, size = [], 0
        part.append(nomination)
        size += more
    if part:
        yield part


def _pieces(nomination: Nomination) -> Iterator[Nomination]:
    files: list[Evidence] = []
    for file in nomination.evidence:
        if files and sum(held.size for held in files) + file.size > UPLOAD_AT_MOST:
            yield nomination.model_copy(update={"evidence": tuple(files)})
            files = []
        files.append(file)
    yield nomination.model_copy(update={"evidence": tuple(files)})
