"""`advance(draft, event) -> (draft, replies)`: the guided conversation, pure. No clock, no database, no Telegram.

Rules that hold for every event: a value is replaced only by one that validates; nothing typed is dropped by going back,
pausing, cancelling or changing one's mind; every change makes the next revision, and a refusal changes nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from forms import asking, free_text
from forms.asking import offered
from forms.claims import attach, criteria_typed, done, toggle
from forms.dialogue import (
    Attach,
    Back,
    Cancel,
    Edit,
    Event,
    HandOver,
    Note,
    Pause,
    Press,
    Refuse,
    Reply,
    Resume,
    Skip,
    Start,
    Submitted,
    Text,
    Undo,
)
from forms.fields import Question, choices, label, question, questions, required
from forms.filling import fill, order, problems, put, read_value, settle_single_choices, without
from forms.model import Draft, FormSpec
from forms.moves import TRAIL, Result, forward, go, is_settled, move_to, next_open, settle
from forms.texts import FormTexts
from forms.values import Invalid, line, parse_name, shown
from knowledge.text import fold, unaccent

__all__ = ["advance", "fill", "filled", "new_draft", "next_draft", "problems"]


def new_draft(
    spec: FormSpec,
    *,
    org: str,
    unit: str,
    author: int,
    round_id: int | None = None,
    values: Mapping[str, str] | None = None,
) -> Draft:
    """A draft with everything known filled in; `store.create` gives it its id."""
    known = {"unit": unit} if unit else {}
    draft = Draft(
        spec=spec,
        org=org,
        unit=unit,
        author=author,
        round_id=round_id,
        plan_id=spec.plan_id,
        plan_version=spec.plan_version,
        values={**known, **(values or {})},
    )
    draft = settle_single_choices(draft)
    return draft.model_copy(update={"step": next_open(draft)})


def next_draft(filed: Draft) -> Draft:
    """The draft for the next nominee: plan, round, unit and kind kept."""
    kept: dict[str, str] = {field: filed.values[field] for field in ("kind", "field") if field in filed.values}
    if "unit" in filed.values and not filed.unit:
        kept["unit"] = filed.values["unit"]
    return new_draft(
        filed.spec, org=filed.org, unit=filed.unit, author=filed.author, round_id=filed.round_id, values=kept
    )


def advance(draft: Draft, event: Event) -> Result:
    """What the draft becomes and what is said. Never raises on what a person may do."""
    if isinstance(event, Press):
        return _press(draft, event)
    if draft.status == "submitted":
        return draft, (Note(text=FormTexts.SENT_ALREADY, code="sent"),)
    if isinstance(event, HandOver):
        return _hand_over(draft, event.author)
    if isinstance(event, Resume):
        return _resume(draft)
    if isinstance(event, Undo):
        return _undo(draft)
    if draft.status != "open":
        return draft, (asking.closed(draft),)
    return _while_open(draft, event)


def _while_open(draft: Draft, event: Event) -> Result:
    match event:
        case Start(text=text):
            return _start(draft, text)
        case Text(text=text):
            return _text(draft, text)
        case Attach():
            return attach(draft, event)
        case Back():
            return _back(draft)
        case Skip():
            return _skip(draft)
        case Edit(field=field):
            return _edit(draft, field)
        case Cancel():
            return _closed(draft, "cancelled")
        case Pause():
            return _closed(draft, "paused")
        case _:
            return draft, (asking.ask(draft),)


def filled(draft: Draft, values: Mapping[str, str]) -> tuple[Draft, tuple[Refuse, ...]]:
    """`fill`, then on to the first question that is still open: a draft as a table row leaves it."""
    changed, refused = fill(draft, values)
    return move_to(draft, changed.model_copy(update={"trail": ()}), next_open(changed)), refused


# --- the events ----------------------------------------------------------------------------------------------------


def _start(draft: Draft, text: str) -> Result:
    if text.strip() and (facts := free_text.parse(text)):
        return _fill_from_message(draft, facts)
    return draft, (asking.ask(draft),)


def _text(draft: Draft, text: str) -> Result:
    typed = fold(line(text))
    for button in offered(draft):
        if typed == fold(button.label) or (button.action != "cancel" and typed == unaccent(fold(button.label))):
            return _do(draft, button.action)  # "huy" is left alone: it is a name
    if draft.step == "consent" and unaccent(typed) == "dong y":
        return _do(draft, "agree")
    if typed in ("huỷ", "hủy"):
        return _closed(draft, "cancelled")
    entry = question(draft, draft.step)
    if entry is None:
        return go(draft, next_open(draft))
    if entry.id in ("kind", "field", "role", "name"):
        facts = free_text.parse(text, draft.kind if entry.id == "name" else None)
        if len(facts.keys() - {"kind"}) > 1 and ("name" in facts or entry.id == "name"):
            return _fill_from_message(draft, facts)
    if entry.id == "role" and "name" not in draft.values and (name := _name_typed_ahead(draft, text)):
        return forward(put(settle(draft, "role"), "name", name), draft)
    if entry.sort == "criteria":
        return criteria_typed(draft, text)
    if entry.sort in ("consent", "preview"):
        return draft, (Refuse(what=FormTexts.PRESS, value=text, example="", field=entry.id), asking.ask(draft))
    return _answer(draft, entry, text)


def _name_typed_ahead(draft: Draft, text: str) -> str | None:
    """The name, where somebody who is asked for the group of people has gone on to it: the group may stay open."""
    typed = fold(line(text))
    if len(typed.split()) < 2 or any(typed in fold(shown_as) or fold(shown_as) in typed for _, shown_as in choices(draft, "role")):
        return None
    try:
        return parse_name(text)
    except Invalid:
        return None


def _answer(draft: Draft, entry: Question, text: str) -> Result:
    try:
        value = read_value(draft, entry, text)
    except Invalid as error:
        refusal = Refuse(what=error.what, value=error.value, example=error.example, field=entry.id)
        return draft, (refusal, asking.ask(draft))
    return forward(put(draft, entry.id, value), draft)


def _press(draft: Draft, event: Press) -> Result:
    toggling = event.action.startswith(("on.", "off.")) and draft.step == "criteria" and draft.status == "open"
    fresh = draft.since <= event.revision <= draft.revision if toggling else event.revision == draft.revision
    if not fresh:
        return draft, (Note(text=FormTexts.STALE, code="stale"),)
    if draft.status == "submitted":
        return draft, (Note(text=FormTexts.SENT_ALREADY, code="sent"),)
    actions = {button.action for button in offered(draft)}
    if event.action not in actions and not toggling:
        return draft, (Note(text=FormTexts.UNKNOWN_BUTTON, code="unknown"),)
    return _do(draft, event.action)


def _do(draft: Draft, action: str) -> Result:
    verb, _, argument = action.partition(".")
    simple: dict[str, Callable[[Draft], Result]] = {
        "back": _back,
        "skip": _skip,
        "keep": _keep,
        "done": done,
        "agree": _agree,
        "submit": _submit,
        "undo": _undo,
        "resume": _resume,
        "cancel": lambda held: _closed(held, "cancelled"),
        "later": lambda held: _closed(held, "paused"),
        "none": lambda held: _answer(held, cast(Question, question(held, held.step)), "không có"),
    }
    if verb in simple:
        return simple[verb](draft)
    if verb == "edit":
        return _edit(draft, argument)
    if verb in ("on", "off") and argument.isdecimal():
        return toggle(draft, int(argument), verb == "on")
    if verb == "pick" and argument.isdecimal() and int(argument) < len(choices(draft, draft.step)):
        entry = cast(Question, question(draft, draft.step))
        return _answer(draft, entry, choices(draft, draft.step)[int(argument)][1])
    return draft, (Note(text=FormTexts.UNKNOWN_BUTTON, code="unknown"),)


def _back(draft: Draft) -> Result:
    """To the question before, past those that no longer apply."""
    trail = list(draft.trail)
    while trail and question(draft, trail[-1]) is None:
        trail.pop()
    if not trail:
        return draft, (Note(text=FormTexts.FIRST, code="first"), asking.ask(draft))
    changed = move_to(draft, draft.model_copy(update={"trail": tuple(trail[:-1])}), trail[-1])
    return changed, (asking.ask(changed),)


def _skip(draft: Draft) -> Result:
    entry = question(draft, draft.step)
    if entry is None or entry.sort not in ("text", "criteria") or not _may_skip(entry):
        return draft, (Note(text=FormTexts.UNKNOWN_BUTTON, code="unknown"), asking.ask(draft))
    changed, replies = forward(settle(draft, entry.id), draft)
    if required(draft, entry) and entry.id not in draft.values:
        note = Note(text=FormTexts.REQUIRED.format(label=entry.label(draft)), code="required")
        return changed, (note, *replies)
    return changed, replies


def _may_skip(entry: Question) -> bool:
    return entry.id != "name"


def _keep(draft: Draft) -> Result:
    return forward(draft.model_copy(update={"reasons": without(draft.reasons, draft.step)}), draft)


def _edit(draft: Draft, field: str) -> Result:
    entry = question(draft, field)
    if entry is None or entry.sort == "preview":
        return draft, (Note(text=FormTexts.NOT_APPLICABLE, code="unknown"), asking.ask(draft))
    if field == draft.step:
        return draft, (asking.ask(draft),)
    changed = move_to(draft, draft.model_copy(update={"trail": (*draft.trail, draft.step)[-TRAIL:]}), field)
    return changed, (asking.ask(changed),)


def _closed(draft: Draft, status: str) -> Result:
    changed = draft.model_copy(update={"status": status, "revision": draft.revision + 1})
    return changed, (asking.closed(changed),)


def _undo(draft: Draft) -> Result:
    if draft.status != "cancelled":
        return draft, (Note(text=FormTexts.UNCHANGED, code="unchanged"), asking.ask(draft))
    changed, replies = _resume(draft)
    return changed, (Note(text=FormTexts.UNDONE, code="undone"), *replies)


def _resume(draft: Draft) -> Result:
    if draft.status == "open":
        return draft, (asking.ask(draft),)
    changed = move_to(draft, draft.model_copy(update={"status": "open"}), draft.step)
    return changed, (asking.ask(changed),)


def _hand_over(draft: Draft, author: int) -> Result:
    if author == draft.author:
        return draft, (Note(text=FormTexts.UNCHANGED, code="unchanged"),)
    changed = move_to(draft, draft.model_copy(update={"author": author}), draft.step)
    return changed, (Note(text=FormTexts.HANDED_OVER, code="handed_over"),)


def _agree(draft: Draft) -> Result:
    return forward(put(draft, "consent", "yes"), draft)


def _submit(draft: Draft) -> Result:
    found = problems(draft)
    if found:
        return _ask_missing(draft, found)
    changed = draft.model_copy(update={"status": "submitted", "revision": draft.revision + 1})
    return changed, (Submitted(draft=changed),)


def _ask_missing(draft: Draft, found: tuple[Refuse, ...]) -> Result:
    """Everything that is missing or wrong, said at once and asked one after the other."""
    wanted = {refusal.field for refusal in found}
    opened = draft.model_copy(update={"skipped": tuple(field for field in draft.skipped if field not in wanted)})
    changed = move_to(draft, opened.model_copy(update={"trail": (*draft.trail, draft.step)[-TRAIL:]}), found[0].field)
    return changed, (*found, asking.ask(changed))


def _fill_from_message(draft: Draft, facts: Mapping[str, str]) -> Result:
    open_before = {entry.id for entry in questions(draft) if not is_settled(draft, entry.id)}
    changed, refused = fill(draft, facts)
    taken = [field for field in facts if changed.values.get(field) and field not in {item.field for item in refused}]
    parts = "; ".join(
        f"{label(changed, field)}: {shown(asking.readable(changed, field), 40)}" for field in sorted(taken, key=order)
    )
    notes: list[Reply] = [Note(text=FormTexts.FILLED.format(parts=parts), code="filled")] if parts else []
    if not taken and not open_before:
        return draft, (*refused, asking.ask(draft))
    moved, replies = forward(changed, draft)
    return moved, (*notes, *refused, *replies)
