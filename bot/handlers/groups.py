"""The secretariat's group: cards are announced there without personal data; and who cannot be reached is told to the secretariat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import Update
from telegram.ext import ContextTypes

from bot import messages
from bot.access import Action, Role, Target
from bot.handlers.turn import Turn, settle
from bot.people import People
from bot.settings import StoredSettings
from forms.model import Nomination

if TYPE_CHECKING:
    from bot.app import Services


async def here(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/nhom, typed in a group by the secretariat: cards are announced here from now on; typed again, no longer."""
    settle(context.bot_data["services"], update, _switch)


def _switch(turn: Turn) -> None:
    org = turn.person.org
    turn.require(Action.REVIEW, Target(org))
    name = group_name(org or "")
    if turn.settings.get(name) == turn.chat_id:
        turn.settings.forget(name)
        turn.say(messages.GROUP_OFF)
    else:
        turn.settings.set(name, turn.chat_id)
        turn.say(messages.GROUP_ON)
    turn.audit("group_set", role=Role.SECRETARIAT.value, org=org)


def announce(turn: Turn, nomination: Nomination) -> None:
    """A card has arrived: its number and unit, nothing of the nominee."""
    chat_id = turn.settings.get(group_name(nomination.org))
    if chat_id:
        turn.send(int(chat_id), messages.group_card(nomination.code, nomination.unit))


def group_name(org: str) -> str:
    """Under which stored setting an institution's group is kept."""
    return f"group:{org}"


def tell_unreachable(services: Services, chat_id: int, reason: str) -> None:
    """Somebody blocked the bot: the secretariat of their institution learns whom messages no longer reach."""
    people = People(services.db)
    lost = next((person for person in people.all() if person.chat_id == chat_id), None)
    if lost is None or lost.org is None or not services.access.grants(lost.id):
        return
    told = StoredSettings(services.db)
    if told.get(f"unreachable:{lost.id}"):
        return
    told.set(f"unreachable:{lost.id}", True)
    for grant in services.access.holders(Role.SECRETARIAT, lost.org):
        person = people.get(grant.person)
        if person and person.id != lost.id:
            services.outbox.put(person.chat_id, "sendMessage", {"text": messages.unreachable(lost.name)})
