"""How a draft's present question looks: prompt, buttons, hint, what is held already; the preview; a closed draft."""

from __future__ import annotations

from forms.dialogue import Ask, Button, Note, Preview, Reply
from forms.fields import Question, choices, label, question, questions, required
from forms.model import KINDS, ROLES, Content, Draft
from forms.spec import Column
from forms.texts import FormTexts
from forms.values import odd_name

TICKED, UNTICKED = "☑", "☐"
_UNDO = Button(label=FormTexts.UNDO, action="undo")
_RESUME = Button(label=FormTexts.RESUME, action="resume")
_CANCEL = Button(label=FormTexts.CANCEL, action="cancel")
_BACK = Button(label=FormTexts.BACK, action="back")


def ask(draft: Draft) -> Reply:
    """The question the draft stands at, as it is shown the first time and every time again."""
    if draft.status != "open":
        return closed(draft)
    entry = question(draft, draft.step)
    if entry is None or entry.sort == "preview":
        return preview(draft)
    if entry.sort == "consent":
        return _consent(draft, entry)
    return Ask(
        field=entry.id,
        prompt=_with_reason(draft, entry, entry.prompt(draft)),
        buttons=offered(draft),
        hint=_hint(draft, entry),
        value=readable(draft, entry.id),
        options=tuple(item.text for item in draft.options()) if entry.sort == "criteria" else (),
    )


def offered(draft: Draft) -> tuple[Button, ...]:
    """The buttons of the present step: the only presses that are taken."""
    if draft.status == "cancelled":
        return (_UNDO,)
    if draft.status == "paused":
        return (_RESUME, _CANCEL)
    if draft.status == "submitted":
        return ()
    entry = question(draft, draft.step)
    if entry is None or entry.sort == "preview":
        return _preview_buttons(draft)
    own = _own_buttons(draft, entry)
    back = (_BACK,) if draft.trail else ()
    return (*own, *back, _CANCEL)


def _own_buttons(draft: Draft, entry: Question) -> tuple[Button, ...]:
    if entry.sort == "choice":
        picks = [Button(label=text, action=f"pick.{n}") for n, (_, text) in enumerate(choices(draft, entry.id))]
        return (*picks, *_keep(draft, entry))
    if entry.sort == "criteria":
        return (*_ticks(draft), Button(label=FormTexts.DONE, action="done"))
    if entry.sort == "consent":
        agreed = Button(label=FormTexts.AGREED, action="agree")
        return (agreed, Button(label=FormTexts.LATER, action="later"))
    none = (Button(label=FormTexts.NONE, action="none"),) if entry.none_allowed else ()
    skip = (Button(label=FormTexts.SKIP, action="skip"),) if entry.id != "name" else ()
    kept = _keep(draft, entry)
    return (*none, *(kept or skip))


def _keep(draft: Draft, entry: Question) -> tuple[Button, ...]:
    return (Button(label=FormTexts.KEEP, action="keep"),) if draft.values.get(entry.id) else ()


def _ticks(draft: Draft) -> list[Button]:
    buttons = []
    for number, item in enumerate(draft.options()):
        ticked = item.id in draft.criteria
        mark, verb = (TICKED, "off") if ticked else (UNTICKED, "on")
        buttons.append(Button(label=f"{mark} {number + 1}", action=f"{verb}.{number}"))
    return buttons


def _hint(draft: Draft, entry: Question) -> str:
    if entry.sort == "text" and not draft.values.get(entry.id) and entry.id != "name" and not entry.none_allowed:
        return f"{entry.hint(draft)} {FormTexts.SKIP_HINT}".strip()
    return entry.hint(draft)


def _with_reason(draft: Draft, entry: Question, prompt: str) -> str:
    reason = draft.reasons.get(entry.id)
    if not reason:
        return prompt
    return FormTexts.RETURNED.format(label=entry.label(draft), reason=reason) + "\n" + prompt


def _consent(draft: Draft, entry: Question) -> Ask:
    prompt = entry.prompt(draft).format(name=draft.name or FormTexts.NOT_GIVEN, office=office(draft))
    return Ask(field="consent", prompt=prompt, buttons=offered(draft))


def office(content: Content) -> str:
    """Who receives the nomination: the unit that chairs its field, else the secretariat."""
    field = content.spec.field(content.values.get("field", ""))
    return field.chair if field and field.chair else FormTexts.OFFICE


def closed(draft: Draft) -> Note:
    """What is said of a draft that is not open."""
    if draft.status == "cancelled":
        return Note(text=FormTexts.CANCELLED, code="cancelled", buttons=offered(draft))
    if draft.status == "paused":
        return Note(text=FormTexts.PAUSED, code="paused", buttons=offered(draft))
    return Note(text=FormTexts.SENT_ALREADY, code="sent")


# --- the preview ---------------------------------------------------------------------------------------------------


def preview(draft: Draft) -> Preview:
    """The table row the draft will become, with what is missing and what looks odd."""
    missing = tuple(
        entry.label(draft) for entry in questions(draft) if required(draft, entry) and not draft.values.get(entry.id)
    )
    odd = odd_name(draft.name) if draft.kind == "individual" and draft.name else None
    columns = [column for column in draft.spec.layout(draft.kind) if "number" not in column.fields]
    return Preview(
        row=tuple((column.label, cell(draft, column)) for column in columns),
        criteria=tuple(item.short for item in draft.claimed()),
        evidence=tuple(held.name for held in draft.evidence),
        missing=missing,
        odd=(odd,) if odd else (),
        own_layout=draft.spec.own_layout(draft.kind),
        note=layout_note(draft),
        buttons=offered(draft),
    )


def layout_note(content: Content) -> str:
    """Whose table it is, said only where it is ours."""
    if content.spec.own_layout(content.kind):
        return ""
    return FormTexts.OUR_TABLE_COLLECTIVE if content.spec.own_table else FormTexts.OUR_TABLE


def _preview_buttons(draft: Draft) -> tuple[Button, ...]:
    edits = [
        Button(label=f"{FormTexts.EDIT} {entry.label(draft).lower()}", action=f"edit.{entry.id}")
        for entry in questions(draft)
        if entry.sort in ("text", "criteria") or (entry.sort == "choice" and len(choices(draft, entry.id)) > 1)
    ]
    back = (_BACK,) if draft.trail else ()
    return (Button(label=FormTexts.SEND, action="submit"), *edits, *back, _CANCEL)


def cell(content: Content, column: Column) -> str:
    """What stands in a cell of the table: phone and e-mail labelled where they share one, as the plans print it."""
    texts = [(field, readable(content, field)) for field in column.fields if field not in ("number", "note")]
    if {"phone", "email"} <= set(column.fields):
        names = {"phone": "ĐT: ", "email": "Email: "}
        return "\n".join(names.get(field, "") + text for field, text in texts if text)
    return "\n".join(text for _, text in texts if text)


def readable(content: Content, field: str) -> str:
    """A value as people read it."""
    value = content.values.get(field, "")
    if field == "kind":
        return KINDS.get(value, "")  # type: ignore[call-overload, no-any-return]
    if field == "code":
        return str(getattr(content, "code", None) or "")
    if field == "criteria":
        return "\n".join(f"- {item.text}" for item in content.claimed())
    if field == "role":
        return ROLES.get(value, "")  # type: ignore[call-overload, no-any-return]
    return value


__all__ = ["ask", "cell", "closed", "label", "layout_note", "offered", "office", "preview", "readable"]
