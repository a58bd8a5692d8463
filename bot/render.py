"""From what is to be said to a message that Telegram takes: text with entities (never a parse mode) and rows of buttons.

What a person typed is shown as it was typed: no markup is read from any text. Offsets of entities are UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.split import units
from forms.dialogue import Ask, Note, Preview, Refuse, Reply
from forms.dialogue import Button as FormButton
from forms.model import Content, Draft, Nomination
from forms.texts import FormTexts
from knowledge.text import one_line

LABEL_LIMIT = 60
SHORT_LABEL = 20
BULLETS = "-+*•– "
INSTEAD = ("keep", "skip", "none", "later")
NAVIGATION = ("back", "cancel")


@dataclass(frozen=True)
class Button:
    """`data` comes back when it is pressed: `verb:args` or, for a step of the form, `draft:revision:action`."""

    label: str
    data: str


Rows = Sequence[Sequence[Button]]


@dataclass(frozen=True)
class Message:
    """A text, its formatting, and the buttons under it."""

    text: str
    rows: Rows = ()
    entities: tuple[dict[str, Any], ...] = field(default=())

    def params(self) -> dict[str, Any]:
        """For sendMessage and editMessageText."""
        params: dict[str, Any] = {"text": self.text, "link_preview_options": {"is_disabled": True}}
        if self.entities:
            params["entities"] = list(self.entities)
        if self.rows:
            params["reply_markup"] = keyboard(self.rows)
        return params


def keyboard(rows: Rows) -> dict[str, Any]:
    return {
        "inline_keyboard": [
            [{"text": shortened(button.label), "callback_data": button.data} for button in row] for row in rows if row
        ]
    }


def shortened(label: str, limit: int = LABEL_LIMIT) -> str:
    """A label on one line that fits on a phone."""
    line = one_line(label)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def in_rows(buttons: Sequence[Button]) -> list[list[Button]]:
    """Short labels share a row, long ones get their own."""
    rows: list[list[Button]] = []
    for button in buttons:
        fits = rows and len(button.label) <= SHORT_LABEL and all(len(b.label) <= SHORT_LABEL for b in rows[-1])
        if fits and len(rows[-1]) < 2:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


class Composer:
    """Collects pieces of text and remembers how they are set."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._entities: list[dict[str, Any]] = []
        self._units = 0

    def add(self, text: str, style: str | None = None) -> Composer:
        """`style`: bold, italic, blockquote, or None."""
        if style and text:
            self._entities.append({"type": style, "offset": self._units, "length": units(text)})
        self._parts.append(text)
        self._units += units(text)
        return self

    def line(self, text: str, style: str | None = None) -> Composer:
        if self._parts:
            self.add("\n")
        return self.add(text, style)

    def message(self, rows: Rows = ()) -> Message:
        return Message("".join(self._parts), rows, tuple(self._entities))


def quoting(text: str, quotes: Iterable[str]) -> tuple[dict[str, Any], ...]:
    """Entities that set each quotation, found in the text in order, as a block quote, its marks included."""
    entities = []
    position = 0
    for quote in quotes:
        found = text.find(quote, position) if quote else -1
        if found < 0:
            continue
        end = found + len(quote)
        if text[found - 1 : found] == "“" and text[end : end + 1] == "”":
            found, end = found - 1, end + 1
        entities.append({"type": "blockquote", "offset": units(text[:found]), "length": units(text[found:end])})
        position = end
    return tuple(entities)


# --- the form ----------------------------------------------------------------------------------------------------------


def form_reply(reply: Reply, draft: Draft) -> Message:
    """One reply of the form's flow as a message. `Submitted` is the caller's to act on."""
    match reply:
        case Ask():
            return _ask(reply, draft)
        case Refuse():
            return Message(reply.what + (f" Ví dụ: {reply.example}." if reply.example else ""))
        case Preview():
            return _preview(reply, draft)
        case Note():
            return Message(reply.text, form_rows(reply.buttons, draft))
    raise TypeError(f"no message for {type(reply).__name__}: the handler files it")


def form_rows(buttons: Sequence[FormButton], draft: Draft) -> list[list[Button]]:
    """The form's buttons: ticks five a row, what leads on first, back and cancel last."""
    made = [(button.action, Button(button.label, f"{draft.id}:{draft.revision}:{button.action}")) for button in buttons]
    ticks = [button for action, button in made if action.startswith(("on.", "off."))]
    instead = [button for action, button in made if action in INSTEAD]
    ways = [button for action, button in made if action in NAVIGATION]
    send = [button for action, button in made if action == "submit"]
    own = [button for _, button in made if button not in (*ticks, *instead, *ways, *send)]
    rows = [list(ticks[start : start + 5]) for start in range(0, len(ticks), 5)]
    return [*rows, *([send] if send else []), *in_rows(own), *([instead] if instead else []), *([ways] if ways else [])]


def _ask(ask: Ask, draft: Draft) -> Message:
    composer = Composer().add(ask.prompt, "bold" if len(ask.prompt) < 120 else None)
    for number, option in enumerate(ask.options, 1):
        composer.line(f"{number}. {option.lstrip(BULLETS)}")
    if ask.value and ask.field not in ("criteria", "consent"):
        composer.line(FormTexts.HELD.format(value=ask.value))
    if ask.hint:
        composer.line(ask.hint, "italic")
    return composer.message(form_rows(ask.buttons, draft))


def _preview(preview: Preview, draft: Draft) -> Message:
    composer = Composer().add("Xin xem lại trước khi gửi:", "bold")
    for label, text in preview.row:
        composer.line(f"{label}: ", "bold").add(text or FormTexts.NOT_GIVEN)
    _listed(composer, "Tiêu chí", preview.criteria)
    _listed(composer, "Minh chứng", preview.evidence)
    for missing in preview.missing:
        composer.line(f"⚠ Còn thiếu: {missing}")
    for odd in preview.odd:
        composer.line(f"⚠ {odd}")
    if preview.note:
        composer.line(preview.note, "italic")
    return composer.message(form_rows(preview.buttons, draft))


def _listed(composer: Composer, label: str, items: Sequence[str]) -> None:
    if items:
        composer.line(f"{label}:", "bold")
        for item in items:
            composer.line(f"• {item}")


# --- a nomination ------------------------------------------------------------------------------------------------------


def nomination(head: str, filed: Nomination, rows: Rows = ()) -> Message:
    """A filed nomination with everything in it: for those who may open it."""
    composer = Composer().add(head, "bold")
    for label, text in content_rows(filed):
        composer.line(f"{label}: ", "bold").add(text or FormTexts.NOT_GIVEN)
    _listed(composer, "Tiêu chí", [item.short for item in filed.claimed()])
    if filed.evidence:
        composer.line("Minh chứng: ", "bold").add(f"{len(filed.evidence)} tệp")
    return composer.message(rows)


def content_rows(content: Content) -> list[tuple[str, str]]:
    """The table row of a nomination as (column, text), the running number left out."""
    from forms.asking import cell

    kind = [("Đối tượng", "Cá nhân" if content.kind == "individual" else "Tập thể")]
    columns = content.spec.layout(content.kind)
    return kind + [(column.label, cell(content, column)) for column in columns if "number" not in column.fields]
