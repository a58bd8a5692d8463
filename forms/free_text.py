"""One message with everything in it -> the values it holds: {"name": …, "phone": …}. Only what is recognised, as typed.

"đề cử cô Nguyễn Thị Hoa khoa CNTT, 12 năm, 0912 345 678, hoa@x.edu.vn, thành tích …": lines that all carry labels are read by
them; anything else goes to `running_text`. Values are not validated here: `flow.fill` does that and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forms.bare import bare
from forms.contacts import split_contacts
from forms.running_text import facts_of, without_title
from forms.spec import Kind, header_fields
from forms.values import paragraph

__all__ = ["parse", "split_contacts"]

_LABELLED = re.compile(r"^\s*(?:[-•*+\d.)]+\s*)?([^:\n]{2,40}?)\s*:\s*(.*)$")
_ENOUGH = 2  # labelled lines that make a message a form


def parse(text: str, asked: Kind | None = None) -> dict[str, str]:
    """The facts in a message by question id; empty if there are none. `asked`: the text answers whom one nominates."""
    labelled = _labelled(text)
    return labelled if len(labelled) >= _ENOUGH else facts_of(paragraph(text), asked)


def _labelled(text: str) -> dict[str, str]:
    """A message of lines "label: value"; a line without a label goes on with the one before."""
    found: dict[str, str] = {}
    collective = False
    last = ""
    for part in paragraph(text).split("\n"):
        match = _LABELLED.match(part)
        fields = header_fields(match[1]) if match else ()
        if match and fields and not _several(part):
            last = fields[0]
            collective = collective or (last == "name" and "tap the" in bare(match[1]))
            for field, value in _contact_parts(fields, match[2]):
                found[field] = value
        elif last and part.strip():
            found[last] = f"{found.get(last, '')}\n{part}".strip("\n")
    if "name" in found:
        found["name"] = found["name"] if collective else without_title(found["name"])
    found = {field: value for field, value in found.items() if value.strip() and field not in ("number", "note")}
    if "name" in found and len(found) >= _ENOUGH:
        found.setdefault("kind", "Tập thể" if collective or "contact" in found else "Cá nhân")
    return found


def _several(part: str) -> bool:
    """Whether a line holds several labels with their values: then it is no line of a form."""
    pieces = re.split(r"[;.]\s+", part)
    return sum(bool((match := _LABELLED.match(piece)) and header_fields(match[1])) for piece in pieces) > 1


def _contact_parts(fields: tuple[str, ...], value: str) -> Iterator[tuple[str, str]]:
    if {"phone", "email"} <= set(fields):
        phone, email = split_contacts(value)
        yield from ((field, part) for field, part in (("phone", phone), ("email", email)) if part)
    else:
        yield fields[0], value.strip()
