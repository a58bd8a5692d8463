"""/dulieu: what is held on oneself: see, export, correct, withdraw the consent, delete.

What was filed belongs to the unit: whoever filed it takes the nominee's data back here, until it was forwarded; a nominee who
did not file it asks the secretariat, in their own words and with their name.
"""

from __future__ import annotations

import hashlib
import json

from bot import merging, messages
from bot.access import Action, Role
from bot.audit import Audit, Entry
from bot.handlers import cards
from bot.handlers.turn import Turn
from bot.moments import read, shown
from bot.render import Button
from forms.model import Nomination

LISTED = 20
KEPT = ("withdrawn", "forwarded")
TELLING = ("name", "summary", "phone", "email")
SHORTEST_TELLING = 5


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
    rows = [[Button(messages.DATA_EXPORT, "mydata"), Button(messages.DATA_CORRECT, "myfix")]]
    rows.append([Button(messages.DATA_WITHDRAW, "mywdr"), Button(messages.DATA_DELETE, "mygone")])
    rows.append([Button(messages.OTHER_INSTITUTION, "else")])
    turn.say(f"{text}\n{messages.data_notice(notice_version())}", rows)


def notice_version() -> str:
    """Which wording of the notice this is: another wording is another version."""
    return hashlib.sha256(messages.DATA_NOTICE.encode()).hexdigest()[:12]


# --- correct ---------------------------------------------------------------------------------------------------------


def correction_wanted(turn: Turn) -> None:
    """What is wrong? The name follows Telegram and the institution has its button; the rest goes to the secretariat."""
    turn.wait({"for": "data_request", "kind": "correct"})
    turn.toast()
    turn.say(messages.DATA_CORRECT_HOW, [[Button(messages.OTHER_INSTITUTION, "else")]])


def requested(turn: Turn) -> None:
    """A request about one's data goes to the secretariat of one's institution, with one's name; without one, to the admins."""
    kind = (turn.person.waiting or {}).get("kind", "correct")
    turn.wait(None)
    people = cards.secretariat(turn, turn.person.org) if turn.person.org else []
    admins = (turn.people.get(grant.person) for grant in turn.services.access.holders(Role.ADMIN))
    people = people or [person for person in admins if person]
    for person in people:
        turn.tell(person, messages.data_request(turn.person.name, turn.text.strip()[:1000], withdraw=kind == "withdraw"))
    turn.audit("data_requested", org=turn.person.org, kind=kind)
    turn.say(messages.DATA_REQUEST_SENT if people else messages.NO_SECRETARIAT_FOR_DATA)


# --- withdraw the consent ----------------------------------------------------------------------------------------------


def withdraw_wanted(turn: Turn) -> None:
    """What one filed, each with the consent it rests on and a way to take it back; and a word to the secretariat."""
    mine = turn.services.nominations.nominations(author=turn.person.id)
    there = [n for n in mine if n.state not in KEPT and turn.allows(Action.CHANGE, cards.target(n))][-LISTED:]
    lines = [_consent(turn, nomination) for nomination in there]
    rows = [[Button(messages.data_withdraw_of(n.code, n.name), cards.data("mywdrn", n))] for n in there]
    rows.append([Button(messages.DATA_NOMINEE, "mynom")])
    turn.toast()
    turn.say("\n".join([messages.DATA_WITHDRAW_HOW, *lines]), rows)


def _consent(turn: Turn, nomination: Nomination) -> str:
    entries: list[Entry] = Audit(turn.services.db).about(f"draft:{nomination.draft_id}")
    given = next((entry for entry in reversed(entries) if entry.action == "consent"), None)
    at, version = (shown(read(given.at)), str(given.detail.get("notice", ""))) if given else ("", "")
    return messages.consent_line(nomination.code, at, version)


def nominee_request(turn: Turn) -> None:
    """A nominee who did not file it says so in their own words."""
    turn.wait({"for": "data_request", "kind": "withdraw"})
    turn.toast()
    turn.say(messages.DATA_NOMINEE_HOW)


def withdraw_sure(turn: Turn) -> None:
    nomination = _own(turn)
    if nomination is not None:
        turn.toast()
        data = cards.data("mywdry", nomination, nomination.revision)
        turn.say(messages.data_withdraw_sure(nomination.code), [[Button(messages.DATA_WITHDRAW_SURE, data)]])


def withdraw(turn: Turn) -> None:
    """The nominee's data gone from every table and file; that the nomination was there stays, under its number."""
    nomination = _own(turn)
    if nomination is None or turn.data[2:3] != [str(nomination.revision)]:
        turn.toast(messages.DONE_ALREADY)
        return
    store = turn.services.nominations
    held = store.kept_files(nomination.org, [file.file_id for file in nomination.evidence])
    turn.services.outbox.forget(_telling(nomination))
    store.erase(nomination, turn.now)
    for kept in held.values():
        if not store.holds(kept.sha256):
            turn.services.files.delete(kept.sha256)
    merging.forget(Audit(turn.services.db), nomination)
    turn.audit("consent_withdrawn", org=nomination.org, subject=nomination.code)
    turn.toast()
    turn.say(messages.data_withdrawn(nomination.code))
    for person in cards.secretariat(turn, nomination.org):
        turn.tell(person, messages.data_withdrawn_for_secretariat(nomination.code))


def _telling(nomination: Nomination) -> list[str]:
    """The values of a nomination that point to the nominee, in whatever message they stand."""
    return [value for field, value in nomination.values.items() if field in TELLING and len(value) >= SHORTEST_TELLING]


def _own(turn: Turn) -> Nomination | None:
    """The nomination of a button, while whoever filed it may still take it back."""
    nomination = cards.named(turn)
    if nomination is None or nomination.state in KEPT:
        turn.toast(messages.DONE_ALREADY)
        return None
    turn.require(Action.CHANGE, cards.target(nomination))
    if nomination.author != turn.person.id:
        turn.toast(messages.OLD_BUTTON)
        return None
    return nomination


# --- export, delete ------------------------------------------------------------------------------------------------------


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
