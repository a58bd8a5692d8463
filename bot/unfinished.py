"""Messages that say that something is under way, and what they become where the bot stops before it is done.

`begin` belongs into the turn that says so, `end` or `finish` into the turn that says what came of it. At the start of the bot `left` is
what there is to `resume`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot import messages
from bot.render import Message
from bot.settings import StoredSettings

if TYPE_CHECKING:
    from bot.app import Services

NAME = "unfinished"


def begin(services: Services, chat_id: int, row: int, instead: Message, plan: tuple[str, int] | None = None) -> None:
    """The message in this row of the outbox becomes `instead` after a stop; with `plan` (its id, its version) once that is indexed."""
    held = {"chat": chat_id, "params": instead.params(), "plan": plan}
    _write(services, {**_held(services), str(row): held})


def end(services: Services, row: int) -> None:
    """Something else was said in its place."""
    _write(services, {number: held for number, held in _held(services).items() if number != str(row)})


def finish(services: Services, row: int) -> None:
    """It is done as it was to be: the message becomes what was noted."""
    held = _held(services).get(str(row))
    if held is not None:
        _say(services, row, held)
        end(services, row)


def left(services: Services) -> list[int]:
    """What an earlier process left, at the start of this one: the rows of the outbox."""
    return [int(row) for row in _held(services)]


def resume(services: Services, rows: Sequence[int]) -> None:
    """What was left is said now, but for plans while any is not indexed yet."""
    held = _held(services)
    ready = [row for row in rows if str(row) in held and (held[str(row)]["plan"] is None or not services.engine.behind)]
    if ready:
        with services.db.atomic():
            for row in ready:
                finish(services, row)


def _say(services: Services, row: int, held: dict[str, Any]) -> None:
    params = _instead(services, held)
    known = services.outbox.get(row) is not None
    services.outbox.put(held["chat"], "editMessageText" if known else "sendMessage", params, edits=row if known else None)


def _instead(services: Services, held: dict[str, Any]) -> dict[str, Any]:
    """As it was noted; of a plan that was ended or replaced meanwhile, what holds now."""
    plan_id, version = held["plan"] or ("", 0)
    now = services.library.get(plan_id) if plan_id else None
    if now is None or (now.live and now.plan.version == version):
        params: dict[str, Any] = held["params"]
        return params
    ready = messages.plan_ready(now.plan.title or now.plan.source, now.plan.version)
    return Message(ready if now.live else messages.plan_ended(plan_id, False)).params()


def _held(services: Services) -> dict[str, dict[str, Any]]:
    held: dict[str, dict[str, Any]] = StoredSettings(services.db).get(NAME, {})
    return held


def _write(services: Services, held: dict[str, dict[str, Any]]) -> None:
    settings = StoredSettings(services.db)
    if held:
        settings.set(NAME, held)
    else:
        settings.forget(NAME)
