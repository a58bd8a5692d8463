"""Who may do what: roles per institution and unit, given by one-time invites, checked when an action runs.

`RULES` is the whole policy: for each action, how far each role reaches. A handler calls `Access.require` at the moment it
acts, on what is acted on, never on what a button said when it was drawn.

| | threat | answer |
|---|---|---|
| 1 | an invite is guessed | 32 characters, 192 random bits; a wrong one is refused and audited |
| 2 | the database or a backup is read | only the SHA-256 of a token is stored; with GUONGSANG_KEY database and files are encrypted |
| 3 | another user of the machine reads the data | the folder and its files are their owner's alone |
| 4 | an invite is used twice or forwarded after use | single use, within the transaction that gives the role |
| 5 | an invite lies around | it ends after `INVITE_DAYS` |
| 6 | an old invite is to bring a revoked role back | it gives what it gave, which is gone |
| 7 | a role is revoked while a keyboard is open | refused at the next press: grants are read anew each time |
| 8 | a unit head opens another unit's nomination by its number | reach is checked against the nomination's own unit and filer |
| 9 | a secretariat reads another institution's nominations | reach is checked against the nomination's own institution |
| 10 | an admin reads personal data | admins run the system: no rule lets them open a nomination |
| 11 | the only admin is locked out or revoked | the last admin is never revoked; `setup` asks for two; the command line invites anew |
| 12 | somebody types a command that their menu does not show | the menu is a convenience; every command requires its action |
| 13 | callback data is forged | every press is checked anew; a number that no row has is an old button |
| 14 | updates are forged at the webhook | the secret of the header is compared in constant time |
| 15 | an odd update is to stop the bot | stored, done with or said to have failed; nothing reaches the loops |
| 16 | a file is to take the machine down | parsers run in a child with limits; tables are bounded |
| 17 | a file name leads out of the data folder | files lie under their SHA-256; names are shown, never opened |
| 18 | a backup is made to write elsewhere | members outside our folders are refused before anything is written |
| 19 | the token is read in a log | redacted in records, lines and tracebacks |
| 20 | one person floods the bot | their chat waits, the others do not |
| 21 | identity cards are collected by the way | scans of them are refused as evidence |
| 22 | traces are removed | the audit trail refuses changes; a breach is logged in it |

| | shown by |
|---|---|
| 1 | test_access: test_invite_guessed_is_refused |
| 2 | test_access: test_invite_token_has_32_characters_and_is_not_stored |
| 2 | test_encryption: test_encrypted_folder_shows_nothing_and_opens_with_its_key |
| 3 | test_database: test_database_is_readable_by_its_owner_only |
| 4 | test_access: test_invite_gives_its_role_once |
| 5 | test_access: test_invite_expired_is_refused |
| 6 | test_access: test_old_invite_does_not_bring_back_a_revoked_role |
| 7 | test_handlers: test_revoked_role_is_refused_on_an_open_keyboard |
| 8 | test_matrix: test_matrix |
| 8 | test_access: test_matrix_role_action_target |
| 9 | test_matrix: test_matrix |
| 10 | test_access: test_matrix_role_action_target |
| 11 | test_access: test_last_admin_is_not_revoked |
| 12 | test_matrix: test_matrix |
| 13 | test_handlers: test_unknown_callback_data_is_answered |
| 13 | test_odd_updates: test_press_with_a_number_that_no_row_has_is_an_old_button |
| 14 | test_webhook: test_call_without_the_secret_is_refused |
| 15 | test_odd_updates: test_no_update_stops_the_bot_or_makes_it_say_what_telegram_refuses |
| 16 | test_readers_badfiles: test_read_survives |
| 16 | test_readers_sandbox: test_memory_is_bounded |
| 17 | test_nomination_faults: test_odd_file_name_goes_nowhere_but_into_the_list |
| 17 | test_files: test_name_that_is_no_hash_is_refused |
| 18 | test_backup: test_spoilt_backup_is_refused_and_nothing_changed |
| 19 | test_logs: test_token_is_redacted |
| 19 | test_logs: test_uncaught_exception_shows_no_token |
| 20 | test_inbox: test_flood_of_one_person_does_not_hold_up_another |
| 21 | test_identity: test_picture_of_a_card_is_refused_by_what_is_printed_on_it |
| 22 | test_audit: test_change_of_an_entry_is_refused |
| 22 | test_breaches: test_breach_is_logged_told_to_the_other_admins_and_kept |
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from sqlite_utils import Database

from bot.moments import stored
from knowledge.text import fold

INVITE_DAYS = 14
TOKEN_BYTES = 24  # 32 characters in URL-safe base64


class Role(StrEnum):
    TEACHER = "teacher"
    UNIT_HEAD = "unit_head"
    SECRETARIAT = "secretariat"
    ADMIN = "admin"


class Action(StrEnum):
    """What a role can be needed for. Asking the plans of one's institution needs none."""

    NOMINATE = "nominate"
    VIEW = "view"  # open a nomination with its personal data
    CHANGE = "change"  # edit, resubmit or withdraw a nomination
    REVIEW = "review"  # accept, return
    COMPILE = "compile"
    ROUND = "round"
    REPLY = "reply"  # answer a question that was passed on; see the register of gaps
    CONTACT = "contact"
    PLANS = "plans"
    INSTITUTIONS = "institutions"
    INVITE = "invite"
    REVOKE = "revoke"
    AUDIT = "audit"
    PAUSE = "pause"
    CORRECT = "correct"


Reach = Literal["unit", "org", "all"]

_ADMIN_ACTIONS = (
    Action.PLANS,
    Action.INSTITUTIONS,
    Action.INVITE,
    Action.REVOKE,
    Action.AUDIT,
    Action.PAUSE,
    Action.CORRECT,
)
_SECRETARIAT_ACTIONS = (Action.REVIEW, Action.COMPILE, Action.ROUND, Action.REPLY, Action.CONTACT)

RULES: dict[Action, dict[Role, Reach]] = {
    Action.NOMINATE: {Role.UNIT_HEAD: "unit", Role.SECRETARIAT: "org"},
    Action.VIEW: {Role.UNIT_HEAD: "unit", Role.SECRETARIAT: "org"},
    Action.CHANGE: {Role.UNIT_HEAD: "unit"},
    **{action: {Role.SECRETARIAT: "org"} for action in _SECRETARIAT_ACTIONS},
    **{action: {Role.ADMIN: "all"} for action in _ADMIN_ACTIONS},
}


@dataclass(frozen=True)
class Grant:
    """A role held now. `org` None: everywhere (admins). `unit` None for a unit head: the unit they name in each nomination."""

    id: int
    person: int
    role: Role
    org: str | None
    unit: str | None


@dataclass(frozen=True)
class Target:
    """What is acted on: whose institution, which unit's, filed by whom. None: not bound to one."""

    org: str | None = None
    unit: str | None = None
    owner: int | None = None


@dataclass(frozen=True)
class Invite:
    """A fresh invite; the token is shown this once."""

    token: str
    role: Role
    org: str | None
    unit: str | None
    expires_at: datetime


class RefusedError(Exception):
    """The person may not do this; nothing was changed."""

    def __init__(self, action: Action) -> None:
        super().__init__(action.value)
        self.action = action


class InviteError(Exception):
    """An invite that opens nothing. `reason` is unknown, used or expired."""

    def __init__(self, reason: Literal["unknown", "used", "expired"]) -> None:
        super().__init__(reason)
        self.reason = reason


def reaches(grant: Grant, action: Action, target: Target) -> bool:
    """Whether one grant allows an action on a target. Pure: the access matrix is generated from it."""
    reach = RULES[action].get(grant.role)
    if reach is None:
        return False
    if reach == "all":
        return grant.org is None or grant.org == target.org
    if grant.org != target.org:
        return False
    return reach == "org" or _own_unit(grant, action, target)


def _own_unit(grant: Grant, action: Action, target: Target) -> bool:
    """A unit head's reach: the unit of the grant; with none named, whatever they file, and only that to look at."""
    if grant.unit is None:
        return action is Action.NOMINATE or target.owner == grant.person
    return target.unit is not None and fold(target.unit) == fold(grant.unit)


class Access:
    """Grants and invites; writes within the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self.db = db

    # --- what somebody may do now

    def grants(self, person: int) -> list[Grant]:
        rows = self.db.query("SELECT * FROM grants WHERE person = ? AND revoked_at IS NULL ORDER BY id", [person])
        return [_grant(row) for row in rows]

    def grant(self, grant_id: int) -> Grant | None:
        """A grant by its number, a revoked one too."""
        row = next(self.db.query("SELECT * FROM grants WHERE id = ?", [grant_id]), None)
        return _grant(row) if row else None

    def allows(self, person: int, action: Action, target: Target) -> Grant | None:
        """The first grant of a person that allows the action, None where none does."""
        return next((grant for grant in self.grants(person) if reaches(grant, action, target)), None)

    def require(self, person: int, action: Action, target: Target) -> Grant:
        """Like `allows`, but raises RefusedError."""
        grant = self.allows(person, action, target)
        if grant is None:
            raise RefusedError(action)
        return grant

    def holds(self, person: int, role: Role, org: str | None = None) -> Grant | None:
        """The grant of a role (in one institution) that a person holds."""
        return next((g for g in self.grants(person) if g.role is role and (org is None or g.org in (org, None))), None)

    def holders(self, role: Role, org: str | None = None) -> list[Grant]:
        """Everyone who holds a role (in one institution)."""
        rows = self.db.query("SELECT * FROM grants WHERE role = ? AND revoked_at IS NULL ORDER BY id", [role.value])
        return [grant for grant in map(_grant, rows) if org is None or grant.org in (org, None)]

    # --- giving and taking

    def give(self, person: int, role: Role, org: str | None, unit: str | None, now: datetime) -> Grant:
        """Grant a role; one that is held already is left as it is."""
        held = next((g for g in self.grants(person) if (g.role, g.org, g.unit) == (role, org, unit)), None)
        if held:
            return held
        self.db.table("grants").insert(
            {"person": person, "role": role.value, "org": org, "unit": unit, "granted_at": stored(now)}
        )
        return _grant(next(self.db.query("SELECT * FROM grants WHERE id = last_insert_rowid()")))

    def revoke(self, grant_id: int, now: datetime) -> bool:
        """Take a role away; False where it is gone already or is the last admin's."""
        row = next(self.db.query("SELECT * FROM grants WHERE id = ? AND revoked_at IS NULL", [grant_id]), None)
        if row is None or self._is_last_admin(_grant(row)):
            return False
        self.db.table("grants").update(grant_id, {"revoked_at": stored(now)})
        return True

    def _is_last_admin(self, grant: Grant) -> bool:
        admins = {holder.person for holder in self.holders(Role.ADMIN) if holder.org is None}
        return grant.role is Role.ADMIN and grant.org is None and admins == {grant.person}

    # --- invites

    def invite(self, role: Role, org: str | None, unit: str | None, now: datetime, made_by: int | None = None) -> Invite:
        """Make a one-time invite. Only its hash is kept: a lost one is made anew."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        expires = now + timedelta(days=INVITE_DAYS)
        self.db.table("invites").insert(
            {
                "token_sha256": _sha256(token),
                "role": role.value,
                "org": org,
                "unit": unit,
                "made_by": made_by,
                "made_at": stored(now),
                "expires_at": stored(expires),
            }
        )
        return Invite(token, role, org, unit, expires)

    def accept(self, token: str, person: int, now: datetime) -> Grant:
        """Use an invite; raises InviteError. The same person's second press gives the same grant back."""
        row = next(self.db.query("SELECT * FROM invites WHERE token_sha256 = ?", [_sha256(token)]), None)
        if row is None:
            raise InviteError("unknown")
        if row["used_by"] is not None and row["used_by"] != person:
            raise InviteError("used")
        held = self._held_by_invite(row, person)
        if row["used_by"] is not None:
            if held is None:  # revoked since: an old invite does not bring a role back
                raise InviteError("used")
            return held
        if row["expires_at"] <= stored(now):
            raise InviteError("expired")
        self.db.table("invites").update(row["id"], {"used_by": person, "used_at": stored(now)})
        return held or self.give(person, Role(row["role"]), row["org"], row["unit"], now)

    def invited_to(self, token: str) -> str | None:
        """The institution that an invite is for, whether or not it can still be used."""
        row = self.db.execute("SELECT org FROM invites WHERE token_sha256 = ?", [_sha256(token)]).fetchone()
        return row[0] if row else None

    def _held_by_invite(self, row: dict[str, Any], person: int) -> Grant | None:
        wanted = (Role(row["role"]), row["org"], row["unit"])
        return next((g for g in self.grants(person) if (g.role, g.org, g.unit) == wanted), None)


def is_token(text: str) -> bool:
    """Whether a /start payload can be an invite at all."""
    return len(text) == 32 and text.replace("-", "a").replace("_", "a").isalnum() and text.isascii()


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _grant(row: dict[str, Any]) -> Grant:
    return Grant(row["id"], row["person"], Role(row["role"]), row["org"], row["unit"])
