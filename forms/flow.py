"""`advance(draft, event) -> (draft, replies)`: the guided conversation, pure. No clock, no database, no Telegram.

Rules that hold for every event: a value is replaced only by one that validates; nothing typed is dropped by going back,
pausing, cancelling or changing one's mind; every change makes the next revision, and a refusal changes nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import cast

from forms import asking, free_text
from forms.asking import offered
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
from forms.model import Draft, Evidence, FormSpec
from forms.spec import roles_named
from forms.texts import MAX_FILES, FormTexts
from forms.values import Invalid, is_none, line, shown
from knowledge.text import fold, unaccent

_TRAIL = 60  # as far back as anybody goes

Result = tuple[Draft, tuple[Reply, ...]]


def new_draft(
    spec: FormSpec, *, org: str, unit: str, author: int, round_id: int | None = None, values: Mapping[str, str] | None = None
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
    draft = _settle_single_choices(draft)
    return draft.model_copy(update={"step": _next_open(draft)})


def next_draft(filed: Draft) -> Draft:
    """The draft for the next nominee: plan, round, unit and kind kept."""
    kept: dict[str, str] = {field: filed.values[field] for field in ("kind", "field") if field in filed.values}
    if "unit" in filed.values and not filed.unit:
        kept["unit"] = filed.values["unit"]
    return new_draft(filed.spec, org=filed.org, unit=filed.unit, author=filed.author, round_id=filed.round_id, values=kept)


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
            return _attach(draft, event)
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
    for field in sorted(values, key=_order):
        entry = question(draft, field)
        if entry is None or entry.sort not in ("choice", "text"):
            continue
        try:
            draft = _put(draft, field, _read(draft, entry, values[field]))
        except Invalid as error:
            refused.append(Refuse(what=error.what, value=error.value, example=error.example, field=field))
    return draft, tuple(refused)


def filled(draft: Draft, values: Mapping[str, str]) -> tuple[Draft, tuple[Refuse, ...]]:
    """`fill`, then on to the first question that is still open: a draft as a table row leaves it."""
    changed, refused = fill(draft, values)
    return _moved(draft, changed.model_copy(update={"trail": ()}), _next_open(changed)), refused


_ASKING = re.compile(
    r"\b(bao gio|bao h|khi nao|luc nao|han nop|han chot|bao nhieu|may (?:nguoi|phieu|bo|ban)|the nao|o dau|la gi|nhung gi|gom gi"
    r"|can gi|tai sao|vi sao|lam sao|ai (?:duyet|xet|nhan|ky)|gui (?:cho )?ai|co (?:duoc|can|phai)\b.*\bkhong)\b"
)


def is_question(draft: Draft, text: str) -> bool:
    """Whether a text is better answered than taken as the value of the present step."""
    entry = question(draft, draft.step)
    typed = line(text)
    asks = typed.endswith("?") or bool(_ASKING.search(unaccent(typed).lower()))
    if not asks or entry is None or len(typed) > 300:
        return asks and entry is None
    if entry.id == "summary":
        return typed.endswith("?")
    if entry.sort in ("text", "choice"):
        try:
            _read(draft, entry, text)
        except Invalid:
            return True
        return entry.id not in ("seniority", "phone", "email")
    return True


# --- the events ----------------------------------------------------------------------------------------------------


def _start(draft: Draft, text: str) -> Result:
    if text.strip() and (facts := free_text.parse(text)):
        return _fill_from_message(draft, facts)
    return draft, (asking.ask(draft),)


def _text(draft: Draft, text: str) -> Result:
    typed = fold(line(text))
    for button in offered(draft):
        if typed == fold(button.label):
            return _do(draft, button.action)
    if typed in ("huỷ", "hủy"):
        return _closed(draft, "cancelled")
    entry = question(draft, draft.step)
    if entry is None:
        return _go(draft, _next_open(draft))
    if entry.id in ("kind", "field", "role", "name"):
        facts = free_text.parse(text)
        if len(facts) > 1 and ("name" in facts or entry.id == "name"):
            return _fill_from_message(draft, facts)
    if entry.sort == "criteria":
        return _criteria_typed(draft, text)
    if entry.sort in ("consent", "preview"):
        return draft, (asking.ask(draft),)
    return _answer(draft, entry, text)


def _answer(draft: Draft, entry: Question, text: str) -> Result:
    try:
        value = _read(draft, entry, text)
    except Invalid as error:
        refusal = Refuse(what=error.what, value=error.value, example=error.example, field=entry.id)
        return draft, (refusal, asking.ask(draft))
    return _on(_put(draft, entry.id, value), draft)


def _press(draft: Draft, event: Press) -> Result:
    toggling = event.action.startswith(("on.", "off.")) and draft.step == "criteria"
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
        "done": _done,
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
        return _toggle(draft, int(argument), verb == "on")
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
    changed = _moved(draft, draft.model_copy(update={"trail": tuple(trail[:-1])}), trail[-1])
    return changed, (asking.ask(changed),)


def _skip(draft: Draft) -> Result:
    entry = question(draft, draft.step)
    if entry is None or entry.sort not in ("text", "criteria") or not _may_skip(entry):
        return draft, (Note(text=FormTexts.UNKNOWN_BUTTON, code="unknown"), asking.ask(draft))
    changed, replies = _on(_settled(draft, entry.id), draft)
    if required(draft, entry) and entry.id not in draft.values:
        note = Note(text=FormTexts.REQUIRED.format(label=entry.label(draft)), code="required")
        return changed, (note, *replies)
    return changed, replies


def _may_skip(entry: Question) -> bool:
    return entry.id != "name"


def _keep(draft: Draft) -> Result:
    return _on(draft.model_copy(update={"reasons": _without(draft.reasons, draft.step)}), draft)


def _edit(draft: Draft, field: str) -> Result:
    entry = question(draft, field)
    if entry is None or entry.sort == "preview":
        return draft, (Note(text=FormTexts.NOT_APPLICABLE, code="unknown"), asking.ask(draft))
    if field == draft.step:
        return draft, (asking.ask(draft),)
    changed = _moved(draft, draft.model_copy(update={"trail": (*draft.trail, draft.step)[-_TRAIL:]}), field)
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
    changed = _moved(draft, draft.model_copy(update={"status": "open"}), draft.step)
    return changed, (asking.ask(changed),)


def _hand_over(draft: Draft, author: int) -> Result:
    if author == draft.author:
        return draft, (Note(text=FormTexts.UNCHANGED, code="unchanged"),)
    changed = _moved(draft, draft.model_copy(update={"author": author}), draft.step)
    return changed, (Note(text=FormTexts.HANDED_OVER, code="handed_over"),)


def _agree(draft: Draft) -> Result:
    return _on(_put(draft, "consent", "yes"), draft)


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
    changed = _moved(draft, opened.model_copy(update={"trail": (*draft.trail, draft.step)[-_TRAIL:]}), found[0].field)
    return changed, (*found, asking.ask(changed))


# --- criteria and evidence -----------------------------------------------------------------------------------------


def _toggle(draft: Draft, number: int, chosen: bool) -> Result:
    options = draft.options()
    if number >= len(options):
        return draft, (Note(text=FormTexts.UNKNOWN_BUTTON, code="unknown"),)
    ref = options[number].id
    if (ref in draft.criteria) == chosen:
        return draft, (Note(text=FormTexts.STALE, code="stale"),)
    criteria = (*draft.criteria, ref) if chosen else tuple(held for held in draft.criteria if held != ref)
    changed = draft.model_copy(update={"criteria": criteria, "revision": draft.revision + 1})
    return changed, (asking.ask(changed),)


def _criteria_typed(draft: Draft, text: str) -> Result:
    options = draft.options()
    typed = fold(line(text))
    numbers = [int(found) for found in re.findall(r"\d+", typed)]
    if typed in ("tất cả", "tat ca", "hết", "all"):
        numbers = list(range(1, len(options) + 1))
    elif is_none(text):
        return _done(draft)
    elif not numbers or re.sub(r"[\d\s,;.và&+-]|tiêu chí|tieu chi", "", typed):
        refusal = Refuse(
            what=FormTexts.CRITERIA_TYPED.format(value=shown(text)),
            value=line(text),
            example=FormTexts.CRITERIA_EXAMPLE,
            field="criteria",
        )
        return draft, (refusal, asking.ask(draft))
    wrong = next((number for number in numbers if not 1 <= number <= len(options)), None)
    if wrong is not None:
        what = FormTexts.NO_CRITERION.format(value=wrong, count=len(options))
        refusal = Refuse(what=what, value=str(wrong), example=FormTexts.CRITERIA_EXAMPLE, field="criteria")
        return draft, (refusal, asking.ask(draft))
    refs = tuple(dict.fromkeys((*draft.criteria, *(options[number - 1].id for number in numbers))))
    return _on(_settled(draft.model_copy(update={"criteria": refs}), "criteria"), draft)


def _done(draft: Draft) -> Result:
    return _on(_settled(draft, "criteria"), draft)


def _attach(draft: Draft, event: Attach) -> Result:
    name = line(event.name)[:120] or "tệp"
    if any(held.file_id == event.file_id for held in draft.evidence):
        return draft, (Note(text=FormTexts.ATTACHED_ALREADY.format(name=name), code="attached_already"),)
    if len(draft.evidence) >= MAX_FILES:
        note = Note(text=FormTexts.TOO_MANY_FILES.format(limit=MAX_FILES, name=name), code="too_many_files")
        return draft, (note,)
    number = _criterion_meant(draft, event.caption)
    ref = draft.options()[number - 1].id if number else None
    held = Evidence(file_id=event.file_id, name=name, size=event.size, criterion=ref)
    changed = draft.model_copy(update={"evidence": (*draft.evidence, held), "revision": draft.revision + 1})
    text = FormTexts.ATTACHED_TO.format(name=name, number=number) if number else FormTexts.ATTACHED.format(name=name)
    return changed, (Note(text=text, code="attached"), asking.ask(changed))


def _criterion_meant(draft: Draft, caption: str) -> int | None:
    """The number of the criterion that a file belongs to: named in its caption, else the one ticked last."""
    options = draft.options()
    found = re.search(r"\d+", caption)
    if found and 1 <= int(found[0]) <= len(options):
        return int(found[0])
    if draft.step == "criteria" and draft.criteria:
        return next((n for n, option in enumerate(options, 1) if option.id == draft.criteria[-1]), None)
    return None


# --- moving --------------------------------------------------------------------------------------------------------


def _fill_from_message(draft: Draft, facts: Mapping[str, str]) -> Result:
    open_before = {entry.id for entry in questions(draft) if not _is_settled(draft, entry.id)}
    changed, refused = fill(draft, facts)
    taken = [field for field in facts if changed.values.get(field) and field not in {item.field for item in refused}]
    parts = "; ".join(
        f"{label(changed, field)}: {shown(asking.readable(changed, field), 40)}" for field in sorted(taken, key=_order)
    )
    notes: list[Reply] = [Note(text=FormTexts.FILLED.format(parts=parts), code="filled")] if parts else []
    if not taken and not open_before:
        return draft, (*refused, asking.ask(draft))
    moved, replies = _on(changed, draft)
    return moved, (*notes, *refused, *replies)


def _on(changed: Draft, before: Draft) -> Result:
    """Forward: to the first question that is still open, the one just left put on the trail."""
    target = _next_open(changed)
    if target == before.step and before.step != "preview":
        target = _after(changed, before.step)
    trail = before.trail if target == before.step else (*before.trail, before.step)[-_TRAIL:]
    moved = _moved(before, changed.model_copy(update={"trail": trail}), target)
    return moved, (asking.ask(moved),)


def _go(draft: Draft, step: str) -> Result:
    changed = _moved(draft, draft, step)
    return changed, (asking.ask(changed),)


def _moved(before: Draft, changed: Draft, step: str) -> Draft:
    revision = before.revision + 1
    return changed.model_copy(update={"step": step, "revision": revision, "since": revision})


def _next_open(draft: Draft) -> str:
    return next((entry.id for entry in questions(draft) if not _is_settled(draft, entry.id)), "preview")


def _after(draft: Draft, step: str) -> str:
    ids = [entry.id for entry in questions(draft)]
    later = ids[ids.index(step) + 1 :] if step in ids else ids
    return next((field for field in later if not _is_settled(draft, field)), "preview")


def _is_settled(draft: Draft, field: str) -> bool:
    if field == "preview" or field in draft.reasons:
        return False
    return bool(draft.values.get(field)) or field in draft.skipped


def _settled(draft: Draft, field: str) -> Draft:
    """The question counts as asked; what the secretariat wanted of it counts as looked at."""
    skipped = draft.skipped if field in draft.skipped else (*draft.skipped, field)
    return draft.model_copy(update={"skipped": skipped, "reasons": _without(draft.reasons, field)})


def _without(mapping: Mapping[str, str], field: str) -> dict[str, str]:
    return {held: value for held, value in mapping.items() if held != field}


def _put(draft: Draft, field: str, value: str) -> Draft:
    """The value in its place; what hung on the old one (the consent of another person) is asked again."""
    values = {**draft.values, field: value}
    if field in ("name", "kind") and draft.values.get(field) not in (None, value):
        values.pop("consent", None)
    changed = draft.model_copy(update={"values": values, "reasons": _without(draft.reasons, field)})
    return _settle_single_choices(changed)


def _settle_single_choices(draft: Draft) -> Draft:
    """A choice between one is no question; a choice that is no longer offered is asked again."""
    for field in ("kind", "field", "role"):
        if question(draft, field) is None:
            continue
        offered_values = [value for value, _ in choices(draft, field)]
        held = draft.values.get(field)
        if len(offered_values) == 1 and held != offered_values[0]:
            draft = draft.model_copy(update={"values": {**draft.values, field: offered_values[0]}})
        elif held is not None and held not in offered_values:
            draft = draft.model_copy(update={"values": _without(draft.values, field)})
    return draft


def _read(draft: Draft, entry: Question, text: str) -> str:
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
        _read(draft, entry, value)
    except Invalid as error:
        return Refuse(what=error.what, value=error.value, example=error.example, field=entry.id)
    return None


def _order(field: str) -> tuple[int, str]:
    known = ("kind", "field", "role", "name", "unit", "seniority", "summary", "contact", "phone", "email")
    return (known.index(field) if field in known else len(known), field)
