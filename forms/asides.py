"""Is this text an answer to the form, or a question asked in the middle of it?"""

from __future__ import annotations

import re

from forms.fields import question
from forms.filling import read_value
from forms.model import Draft
from forms.values import Invalid, line
from knowledge.text import unaccent

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
            read_value(draft, entry, text)
        except Invalid:
            return True
        return entry.id not in ("seniority", "phone", "email")
    return True
