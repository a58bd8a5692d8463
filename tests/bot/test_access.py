"""Roles, their reach, and one-time invites, on a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.access import INVITE_DAYS, RULES, Access, Action, Grant, InviteError, RefusedError, Role, Target, is_token, reaches
from bot.database import Database, open_memory
from bot.people import People

NOW = datetime(2026, 11, 20, 2, 42, tzinfo=UTC)
OWN = Target("truong-a", "Tổ Toán", owner=7)
MINE = Target("truong-a", "Tổ Văn", owner=1)
OTHER_UNIT = Target("truong-a", "Tổ Văn", owner=7)
OTHER_PLACE = Target("truong-b", "Tổ Toán", owner=7)


@pytest.fixture
def db() -> Database:
    return open_memory()


@pytest.fixture
def access(db: Database) -> Access:
    return Access(db)


@pytest.fixture
def person(db: Database) -> int:
    return People(db).meet(1001, 1001, "Nguyễn Thị Hoa", NOW).id


@pytest.fixture
def stranger(db: Database) -> int:
    return People(db).meet(1002, 1002, "Trần Văn Bình", NOW).id


def expected(role: Role, action: Action, target: Target) -> bool:
    """The policy in words, written a second time: what each role may do to which target."""
    if role is Role.ADMIN:
        return action in (
            Action.PLANS,
            Action.INSTITUTIONS,
            Action.INVITE,
            Action.REVOKE,
            Action.AUDIT,
            Action.PAUSE,
            Action.CORRECT,
        )
    if target.org != "truong-a":
        return False
    if role is Role.SECRETARIAT:
        return action in (
            Action.NOMINATE,
            Action.VIEW,
            Action.REVIEW,
            Action.COMPILE,
            Action.ROUND,
            Action.REPLY,
            Action.CONTACT,
        )
    if role is Role.UNIT_HEAD:
        return action in (Action.NOMINATE, Action.VIEW, Action.CHANGE) and target.unit == "Tổ Toán"
    return False


@pytest.mark.parametrize("target", [OWN, OTHER_UNIT, OTHER_PLACE], ids=["own", "other unit", "other institution"])
@pytest.mark.parametrize(("role", "action"), list(product(Role, Action)))
def test_matrix_role_action_target(role: Role, action: Action, target: Target) -> None:
    org, unit = (None, None) if role is Role.ADMIN else ("truong-a", "Tổ Toán")
    assert reaches(Grant(1, 1, role, org, unit), action, target) == expected(role, action, target)


def test_every_action_has_a_rule() -> None:
    assert set(RULES) == set(Action)


def test_unit_head_without_unit_opens_only_what_they_filed() -> None:
    grant = Grant(1, 1, Role.UNIT_HEAD, "truong-a", None)
    assert reaches(grant, Action.NOMINATE, OTHER_UNIT)
    assert reaches(grant, Action.VIEW, MINE)
    assert not reaches(grant, Action.VIEW, OTHER_UNIT)


def test_require_without_role_is_refused(access: Access, person: int) -> None:
    with pytest.raises(RefusedError):
        access.require(person, Action.REVIEW, OWN)


def test_invite_gives_its_role_once(access: Access, person: int, stranger: int) -> None:
    invite = access.invite(Role.UNIT_HEAD, "truong-a", "Tổ Toán", NOW)
    grant = access.accept(invite.token, person, NOW)
    assert (grant.role, grant.org, grant.unit) == (Role.UNIT_HEAD, "truong-a", "Tổ Toán")
    with pytest.raises(InviteError, match="used"):
        access.accept(invite.token, stranger, NOW)
    assert access.grants(stranger) == []


def test_invite_pressed_twice_by_the_same_person_gives_one_grant(access: Access, person: int) -> None:
    invite = access.invite(Role.SECRETARIAT, "truong-a", None, NOW)
    assert access.accept(invite.token, person, NOW) == access.accept(invite.token, person, NOW)
    assert len(access.grants(person)) == 1


def test_invite_expired_is_refused(access: Access, person: int) -> None:
    invite = access.invite(Role.ADMIN, None, None, NOW)
    with pytest.raises(InviteError, match="expired"):
        access.accept(invite.token, person, NOW + timedelta(days=INVITE_DAYS))


def test_invite_guessed_is_refused(access: Access, person: int) -> None:
    access.invite(Role.ADMIN, None, None, NOW)
    with pytest.raises(InviteError, match="unknown"):
        access.accept("x" * 32, person, NOW)


def test_invite_token_has_32_characters_and_is_not_stored(access: Access, db: Database) -> None:
    invite = access.invite(Role.ADMIN, None, None, NOW)
    assert len(invite.token) == 32
    assert is_token(invite.token)
    assert invite.token not in "\n".join(db.conn.iterdump())


def test_old_invite_does_not_bring_back_a_revoked_role(access: Access, person: int) -> None:
    invite = access.invite(Role.SECRETARIAT, "truong-a", None, NOW)
    grant = access.accept(invite.token, person, NOW)
    assert access.revoke(grant.id, NOW)
    with pytest.raises(InviteError, match="used"):
        access.accept(invite.token, person, NOW)


def test_revoked_role_is_refused_at_once(access: Access, person: int) -> None:
    grant = access.give(person, Role.SECRETARIAT, "truong-a", None, NOW)
    access.require(person, Action.REVIEW, OWN)
    access.revoke(grant.id, NOW)
    with pytest.raises(RefusedError):
        access.require(person, Action.REVIEW, OWN)


def test_last_admin_is_not_revoked(access: Access, person: int, stranger: int) -> None:
    only = access.give(person, Role.ADMIN, None, None, NOW)
    assert not access.revoke(only.id, NOW)
    access.give(stranger, Role.ADMIN, None, None, NOW)
    assert access.revoke(only.id, NOW)
