"""One turn of a conversation: who wrote, what was said, and the single transaction in which all of it is decided.

`settle` runs a body within one transaction and says so where a right is missing or a state no longer allows it; nothing is then
changed. A fault of ours goes up to `bot.failures`, which tells the person and keeps the message for another try.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.ext import ContextTypes

from bot import messages
from bot.access import Action, Grant, RefusedError, Role, Target
from bot.people import People, Person
from bot.register import Register
from bot.render import Message, Rows
from bot.settings import StoredSettings
from forms.store import Conflict
from forms.workflow import NotAllowed
from knowledge.library import Institution, LibraryError

if TYPE_CHECKING:
    from bot.app import Services

PAUSED = "paused"
LONGEST_ID = 18  # digits
Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


@dataclass
class Turn:
    """What a handler's body has in hand. Everything it says or stores becomes true together, or not at all."""

    services: Services
    update: Update
    person: Person
    chat_id: int
    now: datetime
    changed_library: bool = field(default=False)
    _pressed: bool = field(default=False)
    _answered: bool = field(default=False)
    _waiting: dict[str, Any] | None = field(default=None)
    """What the person's next text is for, as it is stored now; `person` stays as it was when the turn began."""

    @classmethod
    def begin(cls, services: Services, update: Update) -> Turn:
        user, chat = update.effective_user, update.effective_chat
        assert user is not None
        assert chat is not None
        now = services.clock()
        people = People(services.db)
        known = people.by_telegram(user.id) if chat.type != "private" else None
        home = chat.id if known is None else known.chat_id
        person = people.meet(user.id, home, user.full_name, now)
        return cls(services, update, person, chat.id, now, _pressed=update.callback_query is not None, _waiting=person.waiting)

    # --- what came in

    @property
    def text(self) -> str:
        message = self.update.effective_message
        return (message.text or message.caption or "") if message and not self._pressed else ""

    @property
    def args(self) -> str:
        """What stands behind a command."""
        return self.text.partition(" ")[2].strip()

    @property
    def data(self) -> list[str]:
        return arguments(self.update)

    @property
    def message_id(self) -> int | None:
        message = self.update.effective_message
        return message.message_id if message else None

    @property
    def people(self) -> People:
        return People(self.services.db)

    @property
    def register(self) -> Register:
        return Register(self.services.db)

    @property
    def settings(self) -> StoredSettings:
        return StoredSettings(self.services.db)

    @property
    def institution(self) -> Institution | None:
        return self.services.library.institution(self.person.org) if self.person.org else None

    # --- what may be done

    def require(self, action: Action, target: Target) -> Grant:
        grant: Grant = self.services.access.require(self.person.id, action, target)
        return grant

    def allows(self, action: Action, target: Target) -> bool:
        return self.services.access.allows(self.person.id, action, target) is not None

    # --- what goes out

    def say(self, message: Message | str, rows: Rows = (), *, reply_to: int | None = None) -> int:
        """A message to the chat of this turn; the row of the outbox is given back."""
        return self.send(self.chat_id, message, rows, reply_to=reply_to)

    def tell(self, person: Person, message: Message | str, rows: Rows = (), *, reply_to: int | None = None) -> int:
        """A message to another person's own chat."""
        return self.send(person.chat_id, message, rows, reply_to=reply_to)

    def send(self, chat_id: int, message: Message | str, rows: Rows = (), *, reply_to: int | None = None) -> int:
        made = message if isinstance(message, Message) else Message(message, rows)
        params = made.params()
        if reply_to is not None:
            params["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
        return self.services.outbox.put(chat_id, "sendMessage", params)

    def revise(self, row: int, message: Message | str, rows: Rows = ()) -> None:
        """A message said before (its row of the outbox) changed in place; where that is gone, a new one."""
        made = message if isinstance(message, Message) else Message(message, rows)
        if self.services.outbox.get(row) is None:
            self.say(made)
            return
        self.services.outbox.put(self.chat_id, "editMessageText", made.params(), edits=row)

    def edit(self, message: Message) -> None:
        """The pressed message changed in place; where nothing was pressed, a new message."""
        if not self._pressed or self.message_id is None:
            self.say(message)
            return
        self.services.outbox.put(self.chat_id, "editMessageText", {"message_id": self.message_id, **message.params()})

    def document(self, data: bytes, filename: str, caption: str = "", chat_id: int | None = None) -> None:
        """A file that the bot made, kept by its hash so that it can be sent again."""
        path: Path = self.services.files.path(self.services.files.put(data))
        params = {"caption": caption} if caption else {}
        self.services.outbox.put(chat_id or self.chat_id, "sendDocument", params, document=path, filename=filename)

    def toast(self, text: str = "") -> None:
        """The answer to a press, given once; shown over the chat where it has a text."""
        if self._pressed and not self._answered:
            query = self.update.callback_query
            assert query is not None
            params = {"callback_query_id": query.id, **({"text": text[:200]} if text else {})}
            self.services.outbox.put(self.chat_id, "answerCallbackQuery", params)
            self._answered = True

    def goes_on(self) -> None:
        """A further transaction of the same press: it was answered in the first."""
        self._answered = True

    def commands(self, person: Person | None = None) -> None:
        """The command menu of a person's chat, by the roles they hold."""
        who = person or self.person
        roles = [Role.TEACHER, *(grant.role for grant in self.services.access.grants(who.id))]
        names = dict.fromkeys(name for role in roles for name in messages.MENU[role.value])
        listed = [{"command": name, "description": messages.COMMANDS[name]} for name in (*names, *messages.MENU_ALWAYS)]
        scope = {"type": "chat", "chat_id": who.chat_id}
        self.services.outbox.put(who.chat_id, "setMyCommands", {"commands": listed, "scope": scope})

    def audit(self, action: str, *, role: str | None = None, org: str | None = None, subject: str | None = None, **detail: Any) -> None:
        self.services.audit.add(action, now=self.now, person=self.person.id, role=role, org=org, subject=subject, **detail)

    def library_changed(self) -> None:
        """Once this is committed, questions are answered from the library as it is then: what was retired is silent at once."""
        self.changed_library = True

    def wait(self, waiting: dict[str, Any] | None) -> None:
        if waiting != self._waiting:
            self.people.wait(self.person.id, waiting)
            self._waiting = waiting

    def leave(self, wanted: str, text: str) -> None:
        """Waits no more for what is wanted and says so; the button is an old one where something else, or nothing, is waited for."""
        if (self.person.waiting or {}).get("for") != wanted:
            self.toast(messages.OLD_BUTTON)
            return
        self.wait(None)
        self.toast()
        self.say(text)


Body = Callable[[Turn], None]


def arguments(update: Update) -> list[str]:
    """The arguments of a pressed button: "keep.12.3" gives ["12", "3"]. A number that no row can have (forged) is left out."""
    query = update.callback_query
    given = (query.data or "").split(".")[1:] if query else []
    return ["" if part.isdecimal() and len(part) > LONGEST_ID else part for part in given]


def handling(body: Body) -> Callback:
    """A handler for python-telegram-bot that runs `body` within one transaction."""

    async def callback(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        services = context.bot_data["services"]
        if settle(services, update, body):
            await reindex(services)

    return callback


async def reindex(services: Services) -> None:
    """Build the index of the plans that are live now, beside the one that goes on answering, and put it in force."""
    from index.search import Live

    async with services.indexing:
        index, embedder = services.engine.index, services.engine.embedder
        live = [Live(*row) for row in services.library.live_marks()]
        missing = await asyncio.to_thread(index.missing, live, embedder.identity)
        plans = {key: stored.plan for key in missing if (stored := services.library.get(*key))}
        await asyncio.to_thread(index.update, live, plans.get, embedder)
        services.engine.refresh(services.library)


def settle(services: Services, update: Update, body: Body) -> bool:
    """Run a body in one transaction, or say in another why it may not be done. True where the library was changed."""
    try:
        return _run(services, update, _unless_paused(body))
    except RefusedError as refused:
        action = refused.action.value
        return _run(services, update, lambda turn: _refuse(turn, action))
    except (NotAllowed, Conflict, LibraryError) as error:
        reason = str(error)
        return _run(services, update, saying(reason))


def _run(services: Services, update: Update, body: Body) -> bool:
    with services.db.atomic():
        turn = Turn.begin(services, update)
        body(turn)
        turn.toast()
    if turn.changed_library:
        services.engine.refresh(services.library)
    return turn.changed_library


def _unless_paused(body: Body) -> Body:
    def checked(turn: Turn) -> None:
        if turn.settings.get(PAUSED) and not turn.services.access.holds(turn.person.id, Role.ADMIN):
            turn.say(messages.PAUSED)
            return
        body(turn)

    return checked


def _refuse(turn: Turn, action: str) -> None:
    turn.audit("refused", subject=action)
    turn.toast()
    turn.say(messages.REFUSED)


def saying(text: str) -> Body:
    """A body that says one thing."""

    def body(turn: Turn) -> None:
        turn.toast()
        turn.say(text)

    return body
