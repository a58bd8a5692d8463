"""Is this text, typed while a form waits for an answer, a question to the plan instead?

A question interrupts the form, is answered, and the form goes on; a value mistaken for a question costs the person a retyping, a
question mistaken for a value spoils the nomination. So short fields listen closely, and the summary of achievements, where people
tell stories, only to what plainly asks.
"""

from __future__ import annotations

import re

from forms.values import is_none
from knowledge.text import one_line, unaccent

_ASKING = re.compile(
    r"\b(la gi|la ai|nhung gi|gom gi|cai gi|viec gi|gi (khong|vay|the)|the nao|ra sao|lam sao|bao nhieu|bao gio|bao lau"
    r"|khi nao|luc nao|ngay nao|thang nao|o dau|ve dau|tai dau|den dau|dau vay|cho ai|ai (duyet|xet|ky|lam|chiu|phu trach|quyet)"
    r"|nao (can|phai|duoc|chiu|phu trach|lam)|don vi nao|phong nao|bo phan nao|muc nao|tieu chi nao|dieu kien nao"
    r"|may (nguoi|phieu|tieu chi|ban|phan|ngay)|vi sao|tai sao|co phai|phai khong|duoc khong|dung khong|hay khong)\b"
)
_YES_NO = re.compile(r"\b(co|phai|duoc|can|da|con)\b.*\b(khong|chua|ko|k|hong)$")
_OPENING = re.compile(r"^(cho (toi|em|minh|hoi)|xin hoi|hoi|the|vay|bao gio|khi nao|ai|tai sao|vi sao|tieu chi nao|han)\b")
_ENDING = re.compile(_ASKING.pattern + "$")
_STORY = 160


def is_question(text: str, step: str) -> bool:
    """Whether `text`, typed at a step of the form (the id of a question in `forms.fields`), asks something."""
    line = one_line(text)
    bare = unaccent(line).lower().rstrip(" .!")
    if not bare or is_none(line) or "@" in line:
        return False
    if "\n" in text.strip() and step in ("name", "summary"):
        return False
    marked = bare.endswith("?")
    bare = bare.rstrip(" ?")
    if step == "summary":
        asks = (_OPENING.match(bare) and _ASKING.search(bare)) or _ENDING.search(bare)
        return len(line) <= _STORY and (marked or bool(asks))
    if marked:
        return len(bare.split()) > 1 or bool(_ASKING.search(bare))
    return len(bare.split()) >= 3 and bool(_ASKING.search(bare) or _YES_NO.search(bare))
