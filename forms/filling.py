"""Values going into a draft: read, put in their place, checked. Nothing here moves the conversation."""

from __future__ import annotations

from collections.abc import Mapping

from forms.dialogue import Refuse
from forms.fields import Question, choices, question, questions, required
from forms.model import Draft
from forms.spec import roles_named
from forms.texts import FormTexts
from forms.values import Invalid, line, shown
from knowledge.text import fold


def problems(draft: Draft) -> tuple[Refuse, ...]:
    """Everything that keeps the draft from being submitted, in the order of the questions."""
    found: list[Refuse] = []
    for entry in questions(draft):
        problem = _problem(draft, entry)
        if problem:
            found.append(problem)
    return tuple(found)


def fill(draft: Draft, values: Mapping[str, str]) -> tuple[Draft, tuple[Refuse, ...]]:
    """The draft with every value that validates put in (a table row, a parsed message), and a refusal for each other."""
    refused: list[Refuse] = []
    for field in sorted(values, key=order):
        entry = question(draft, field)
        if entry is None or entry.sort not in ("choice", "text"):
            continue
        try:
            draft = put(draft, field, read_value(draft, entry, values[field]))
        except Invalid as error:
            refused.append(Refuse(what=error.what, value=error.value, example=error.example, field=field))
    return draft, tuple(refused)


def put(draft: Draft, field: str, value: str) -> Draft:
    """The value in its place; what hung on the old one (the consent of another person) is asked again."""
    values = {**draft.values, field: value}
    if field in ("name", "kind") and draft.values.get(field) not in (None, value):
        values.pop("consent", None)
    changed = draft.model_copy(update={"values": values, "reasons": without(draft.reasons, field)})
    return settle_single_choices(changed)


def settle_single_choices(draft: Draft) -> Draft:
    """A choice between one is no question; a choice that is no longer offered is asked again."""
    for field in ("kind", "field", "role"):
        if question(draft, field) is None:
            continue
        offered_values = [value for value, _ in choices(draft, field)]
        held = draft.values.get(field)
        if len(offered_values) == 1 and held != offered_values[0]:
            draft = draft.model_copy(update={"values": {**draft.values, field: offered_values[0]}})
        elif held is not None and held not in offered_values:
            draft = draft.model_copy(update={"values": without(draft.values, field)})
    return draft


def read_value(draft: Draft, entry: Question, text: str) -> str:
    """What a text answers to a question: a value, or the code of a choice. Raises `Invalid`."""
    if entry.sort == "text":
        return entry.parse(draft, text)
    options = choices(draft, entry.id)
    typed = fold(line(text))
    for value, shown_label in options:
        if typed in (fold(shown_label), fold(value)):
            return value
    if entry.id == "role":
        named = [role for role in roles_named((text,)) if role in {value for value, _ in options}]
        if len(named) == 1:
            return named[0]
    example = FormTexts.PICK_EXAMPLE.format(label=options[0][1]) if options else ""
    raise Invalid(FormTexts.PICK_FROM_LIST.format(value=shown(text)), line(text), example)


def _problem(draft: Draft, entry: Question) -> Refuse | None:
    value = draft.values.get(entry.id, "")
    if not value:
        if not required(draft, entry):
            return None
        what = FormTexts.CONSENT_NEEDED if entry.id == "consent" else FormTexts.MISSING.format(label=entry.label(draft))
        return Refuse(what=what, value="", field=entry.id)
    if entry.sort not in ("text", "choice"):
        return None
    try:
        read_value(draft, entry, value)
    except Invalid as error:
        return Refuse(what=error.what, value=error.value, example=error.example, field=entry.id)
    return None


def order(field: str) -> tuple[int, str]:
    """Sorts fields as they are asked, so that a choice stands before what hangs on it."""
    known = ("kind", "field", "role", "name", "unit", "seniority", "summary", "contact", "phone", "email")
    return (known.index(field) if field in known else len(known), field)


def without(mapping: Mapping[str, str], field: str) -> dict[str, str]:
    """The mapping less one entry."""
    return {held: value for held, value in mapping.items() if held != field}
