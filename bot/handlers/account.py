"""/dulieu: what is held on oneself: see, export, delete."""

from __future__ import annotations

import json

from bot import messages
from bot.access import Role
from bot.handlers.turn import Turn
from bot.render import Button


def show(turn: Turn) -> None:
    """What is held, with the ways out of it."""
    institution = turn.institution
    roles = [messages.ROLE[grant.role.value] for grant in turn.services.access.grants(turn.person.id)]
    store = turn.services.nominations
    text = messages.own_data(
        turn.person.name,
        institution.name if institution else None,
        roles,
        len(turn.register.of(turn.person.id)),
        len(store.drafts(author=turn.person.id)),
        len(store.nominations(author=turn.person.id)),
    )
    rows = [[Button(messages.DATA_EXPORT, "mydata"), Button(messages.DATA_DELETE, "mygone")]]
    rows.append([Button(messages.OTHER_INSTITUTION, "else")])
    turn.say(text, rows)


def export(turn: Turn) -> None:
    """Everything on oneself as one file."""
    store = turn.services.nominations
    held = {
        "ten": turn.person.name,
        "telegram_id": turn.person.telegram_id,
        "don_vi": turn.person.org,
        "vai_tro": [[grant.role.value, grant.org, grant.unit] for grant in turn.services.access.grants(turn.person.id)],
        "cau_hoi": [[a.at, a.question, a.text, a.number] for a in turn.register.of(turn.person.id)],
        "ban_nhap": [draft.values for draft in store.drafts(author=turn.person.id)],
        "ho_so": [{"so": n.code, "trang_thai": n.state, **n.values} for n in store.nominations(author=turn.person.id)],
    }
    turn.audit("data_exported")
    turn.toast()
    turn.document(json.dumps(held, ensure_ascii=False, indent=2).encode(), "du-lieu-cua-toi.json")


def delete_wanted(turn: Turn) -> None:
    turn.toast()
    turn.say(messages.DATA_SURE, [[Button(messages.DATA_DELETE_SURE, "mygone2")]])


def delete(turn: Turn) -> None:
    """Gone: the person, their roles, drafts and words. What they filed belongs to the unit and stays."""
    access = turn.services.access
    admins = {grant.person for grant in access.holders(Role.ADMIN)}
    if admins == {turn.person.id}:
        turn.toast()
        turn.say(messages.DATA_KEPT_LAST_ADMIN)
        return
    for draft in turn.services.nominations.drafts(author=turn.person.id):
        turn.services.nominations.delete_draft(draft.id)
    turn.register.forget(turn.person.id)
    turn.audit("data_deleted")
    turn.toast()
    turn.say(messages.DATA_DELETED)
    turn.people.forget(turn.person.id)
