"""Where the conversation stands: on to the first question that is still open, with a trail to go back by."""

from __future__ import annotations

from forms import asking
from forms.dialogue import Reply
from forms.fields import questions
from forms.filling import without
from forms.model import Draft

Result = tuple[Draft, tuple[Reply, ...]]
TRAIL = 60  # as far back as anybody goes


def forward(changed: Draft, before: Draft) -> Result:
    """Forward: to the first question that is still open, the one just left put on the trail."""
    target = next_open(changed)
    if target == before.step and before.step != "preview":
        target = _after(changed, before.step)
    trail = before.trail if target == before.step else (*before.trail, before.step)[-TRAIL:]
    moved = move_to(before, changed.model_copy(update={"trail": trail}), target)
    return moved, (asking.ask(moved),)


def go(draft: Draft, step: str) -> Result:
    """To a step, leaving no trail."""
    changed = move_to(draft, draft, step)
    return changed, (asking.ask(changed),)


def move_to(before: Draft, changed: Draft, step: str) -> Draft:
    """`changed` standing at a step, one revision after `before`: the buttons shown before are stale from now on."""
    revision = before.revision + 1
    return changed.model_copy(update={"step": step, "revision": revision, "since": revision})


def next_open(draft: Draft) -> str:
    """The first question that has neither a value nor been passed over; else the preview."""
    return next((entry.id for entry in questions(draft) if not is_settled(draft, entry.id)), "preview")


def _after(draft: Draft, step: str) -> str:
    ids = [entry.id for entry in questions(draft)]
    later = ids[ids.index(step) + 1 :] if step in ids else ids
    return next((field for field in later if not is_settled(draft, field)), "preview")


def is_settled(draft: Draft, field: str) -> bool:
    """Whether a question need not be asked: it has a value or was passed over, and nobody wants it mended."""
    if field == "preview" or field in draft.reasons:
        return False
    return bool(draft.values.get(field)) or field in draft.skipped


def settle(draft: Draft, field: str) -> Draft:
    """The question counts as asked; what the secretariat wanted of it counts as looked at."""
    skipped = draft.skipped if field in draft.skipped else (*draft.skipped, field)
    return draft.model_copy(update={"skipped": skipped, "reasons": without(draft.reasons, field)})
