"""Files that people send: evidence for the open form, a filled or edited table, a plan from an admin, a signed
list; anything else is declined."""

from __future__ import annotations

from telegram import Update
from telegram.ext import ContextTypes

from bot import identity, messages
from bot.access import Access, Action, Role, Target
from bot.files import shown_name
from bot.handlers import lists, nominate, plans, signed
from bot.handlers.turn import Turn, saying, settle
from bot.people import People, Person
from forms.dialogue import Attach

TABLES = (".xlsx", ".docx")


async def received(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A document or a photo: what it is for depends on what the person is doing and who they are."""
    services = context.bot_data["services"]
    user, said = update.effective_user, update.effective_message
    assert user is not None
    assert said is not None
    person = People(services.db).by_telegram(user.id)
    name = (said.document.file_name or "").lower() if said.document else ""
    draft_id = (person.waiting or {}).get("draft") if person and (person.waiting or {}).get("for") == "draft" else None
    draft = services.nominations.draft(draft_id) if draft_id else None
    drafting = draft is not None and (bool(draft.name) or not name.endswith(TABLES))  # a table before a name is no evidence
    if said.document and name.endswith(TABLES) and person and _nominates(services.access, person) and not drafting:
        await lists.filled_table(update, context, said.document)
    elif drafting:
        refused = await identity.is_card(context.bot, said)
        settle(services, update, saying(messages.NO_IDENTITY_CARDS) if refused else evidence)
    elif said.document and person and services.access.allows(person.id, Action.PLANS, Target()):
        await plans.receive(update, context, said.document)
    elif person and services.access.holds(person.id, Role.UNIT_HEAD):
        await signed.receive(update, context)
    else:
        settle(services, update, saying(messages.NOT_NOW_A_FILE))


def _nominates(access: Access, person: Person) -> bool:
    return any(access.holds(person.id, role) for role in (Role.UNIT_HEAD, Role.SECRETARIAT))


def evidence(turn: Turn) -> None:
    """A file becomes evidence of the nomination that is being typed."""
    draft = nominate.active(turn)
    said = turn.update.effective_message
    if draft is None or said is None:
        turn.say(messages.NOT_NOW_A_FILE)
        return
    if said.document:
        sent = said.document
        event = Attach(file_id=sent.file_id, name=shown_name(sent.file_name), size=sent.file_size or 0, caption=turn.text)
    else:
        photo = said.photo[-1]
        event = Attach(file_id=f"photo:{photo.file_id}", name="ảnh", size=photo.file_size or 0, caption=turn.text)
    nominate.attach(turn, draft, event, album=said.media_group_id)
