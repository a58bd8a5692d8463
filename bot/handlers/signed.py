"""The signed scan of a unit's list: sent back by the unit, it locks the list until the secretariat opens it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import Update
from telegram.ext import ContextTypes

from bot import messages
from bot.access import Action
from bot.audit import Audit
from bot.handlers import cards
from bot.handlers.lists import DOWNLOAD_LIMIT, filename
from bot.handlers.nominate import actor, visible
from bot.handlers.secretariat import open_again
from bot.handlers.turn import Turn, saying, settle
from bot.moments import today
from bot.pages import IMAGES
from bot.render import Button
from bot.retention import forget_file
from forms.model import Nomination

if TYPE_CHECKING:
    from bot.app import Services

ENDINGS = ("pdf", *(ending[1:] for ending in IMAGES), "heic")


def latest(turn: Turn) -> Nomination | None:
    """The newest nomination that the person's unit has under way: its unit and round are what is signed."""
    return next((n for n in reversed(visible(turn)) if n.state not in ("withdrawn", "forwarded")), None)


async def receive(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A scan from a unit head: kept by its hash; whether it is the signed list is asked before anything is locked."""
    services: Services = context.bot_data["services"]
    said = update.effective_message
    assert said is not None
    sent = said.document or said.photo[-1]
    if (sent.file_size or 0) > DOWNLOAD_LIMIT:
        settle(services, update, saying(messages.FILE_TOO_LARGE))
        return
    wanted: list[Nomination] = []
    settle(services, update, lambda turn: wanted.extend(_to_sign(turn)))
    if not wanted:
        return
    ending = (said.document.file_name or "").rpartition(".")[2].lower() if said.document else "jpg"
    file = await context.bot.get_file(sent.file_id)
    sha = services.files.put(bytes(await file.download_as_bytearray()))
    settle(services, update, lambda turn: _ask(turn, sha, ending if ending in ENDINGS else "pdf"))


def _to_sign(turn: Turn) -> list[Nomination]:
    """What a scan could be of; where the unit has filed nothing, no file is fetched or kept."""
    nomination = latest(turn)
    if nomination is None:
        turn.say(messages.NOT_NOW_A_FILE)
        return []
    return [nomination]


def _ask(turn: Turn, sha: str, ending: str) -> None:
    nomination = latest(turn)
    if nomination is None:
        turn.say(messages.NOT_NOW_A_FILE)
        return
    turn.require(Action.CHANGE, cards.target(nomination))
    turn.wait({"for": "scan", "org": nomination.org, "code": nomination.code, "sha": sha, "ending": ending})
    count = len(_listed(turn, nomination))
    rows = [[Button(messages.SCAN_LOCK, "seal"), Button(messages.SCAN_OTHER, "noseal")]]
    turn.say(messages.scan_question(nomination.unit, count), rows)


def lock(turn: Turn) -> None:
    """It is the signed list: from now on it stands as signed, and the secretariat gets the scan."""
    waiting = turn.person.waiting or {}
    if waiting.get("for") != "scan":
        turn.toast(messages.OLD_BUTTON)
        return
    nomination = turn.services.nominations.nomination(waiting["org"], waiting["code"])
    if nomination is None:
        turn.toast(messages.OLD_BUTTON)
        return
    grant = turn.require(Action.CHANGE, cards.target(nomination))
    seal, change = turn.services.nominations.seal(
        nomination.org, nomination.round_id, nomination.unit, waiting["sha"], actor(turn, grant), turn.now
    )
    Audit(turn.services.db).changes([change], turn.now)
    turn.wait(None)
    turn.toast()
    turn.say(messages.sealed(nomination.unit, len(seal.codes)))
    data = turn.services.files.get(seal.sha256)
    name = filename(messages.FILE_SIGNED, nomination.unit, today(turn.now).isoformat(), waiting["ending"])
    for person in cards.secretariat(turn, nomination.org):
        turn.document(data, name, chat_id=person.chat_id)
        turn.tell(
            person,
            messages.sealed_for_secretariat(nomination.unit, turn.person.name, list(seal.codes)),
            [[Button(messages.UNSEAL, cards.data("unseal", nomination))]],
        )


def not_signed(turn: Turn) -> None:
    """Some other file: nothing is locked, and the file is not kept."""
    waiting = turn.person.waiting or {}
    if waiting.get("for") != "scan":
        turn.toast(messages.OLD_BUTTON)
        return
    turn.wait(None)
    forget_file(turn.services, waiting["sha"])
    turn.toast()
    turn.say(messages.NOT_NOW_A_FILE)


def unlock(turn: Turn) -> None:
    """The secretariat opens a signed list again."""
    nomination = cards.named(turn)
    if nomination is None:
        turn.toast(messages.OLD_BUTTON)
        return
    turn.require(Action.REVIEW, cards.target(nomination))
    if not open_again(turn, nomination):
        turn.toast(messages.DONE_ALREADY)
        return
    turn.toast()
    turn.say(messages.unsealed(nomination.unit))


def _listed(turn: Turn, nomination: Nomination) -> list[Nomination]:
    found = turn.services.nominations.each(org=nomination.org, unit=nomination.unit, round_id=nomination.round_id)
    return [n for n in found if n.state != "withdrawn"]
