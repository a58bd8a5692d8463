"""The criteria ticked, by button or by number, and the files sent as evidence for them."""

from __future__ import annotations

import re

from forms import asking
from forms.dialogue import Attach, Note, Refuse
from forms.model import Draft, Evidence
from forms.moves import Result, forward, settle
from forms.texts import MAX_FILES, FormTexts
from forms.values import is_none, line, shown
from knowledge.text import fold


def toggle(draft: Draft, number: int, chosen: bool) -> Result:
    """A tick set or taken away; said twice it changes nothing, so two quick taps on one keyboard both count."""
    options = draft.options()
    if number >= len(options):
        return draft, (Note(text=FormTexts.UNKNOWN_BUTTON, code="unknown"),)
    ref = options[number].id
    if (ref in draft.criteria) == chosen:
        return draft, (Note(text=FormTexts.STALE, code="stale"),)
    criteria = (*draft.criteria, ref) if chosen else tuple(held for held in draft.criteria if held != ref)
    changed = draft.model_copy(update={"criteria": criteria, "revision": draft.revision + 1})
    return changed, (asking.ask(changed),)


def criteria_typed(draft: Draft, text: str) -> Result:
    """ "1, 3" or "tất cả": ticked besides what is ticked, and on."""
    options = draft.options()
    typed = fold(line(text))
    numbers = [int(found) for found in re.findall(r"\d+", typed)]
    if typed in ("tất cả", "tat ca", "hết", "all"):
        numbers = list(range(1, len(options) + 1))
    elif is_none(text):
        return done(draft)
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
    return forward(settle(draft.model_copy(update={"criteria": refs}), "criteria"), draft)


def done(draft: Draft) -> Result:
    """The ticks are all there are."""
    return forward(settle(draft, "criteria"), draft)


def attach(draft: Draft, event: Attach) -> Result:
    """A file at any step, once, for the criterion it names or the one ticked last."""
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
