"""What goes into the flow (events) and what comes out of it (replies). No reply knows Telegram.

A button carries an `action`; pressed, it comes back as `Press(action, revision)`. As callback data it is
`draft.id:draft.revision:action`: an action has at most 24 ASCII characters, so that it stays far below 64 bytes.
"""

from __future__ import annotations

from forms.model import Draft
from knowledge.model import Frozen

# --- events --------------------------------------------------------------------------------------------------------


class Start(Frozen):
    """The draft is opened; `text` is what was typed behind the command, if anything."""

    text: str = ""


class Text(Frozen):
    text: str


class Press(Frozen):
    action: str
    revision: int


class Attach(Frozen):
    """A file; `caption` may name a criterion by its number in the list shown."""

    file_id: str
    name: str = ""
    size: int = 0
    caption: str = ""


class Back(Frozen):
    pass


class Skip(Frozen):
    pass


class Edit(Frozen):
    field: str


class Cancel(Frozen):
    pass


class Undo(Frozen):
    """Takes a cancellation back."""


class Pause(Frozen):
    pass


class Resume(Frozen):
    pass


class HandOver(Frozen):
    """The draft goes on in another person's hands; whether they may is the caller's to check."""

    author: int


Event = Start | Text | Press | Attach | Back | Skip | Edit | Cancel | Undo | Pause | Resume | HandOver

# --- replies -------------------------------------------------------------------------------------------------------


class Button(Frozen):
    label: str
    action: str


class Ask(Frozen):
    """A question to show. `value` is what is held for it now, "" if nothing; `options` are texts to list above the buttons."""

    field: str
    prompt: str
    buttons: tuple[Button, ...] = ()
    hint: str = ""
    value: str = ""
    options: tuple[str, ...] = ()


class Refuse(Frozen):
    """A value that was not taken: what was wrong, with which value, and an example. The old value stands."""

    what: str
    value: str
    example: str = ""
    field: str = ""


class Preview(Frozen):
    """The table row it will become (label and text), what is missing, what looks odd, and whether the layout is ours."""

    row: tuple[tuple[str, str], ...]
    criteria: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    own_layout: bool = False
    note: str = ""
    buttons: tuple[Button, ...] = ()


class Note(Frozen):
    """A sentence. `code` for programs: filled, stale, cancelled, undone, paused, attached, handed_over, first, unchanged …"""

    text: str
    code: str = ""
    buttons: tuple[Button, ...] = ()


class Submitted(Frozen):
    """Everything holds: the caller files the draft (`store.submit`) in the same transaction."""

    draft: Draft


Reply = Ask | Refuse | Preview | Note | Submitted
