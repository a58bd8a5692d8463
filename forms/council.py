"""What the council decided, as the secretariat types it: members, votes, and who stood aside for which reason.

    9 thành viên, 6 đồng ý, 2 không đồng ý
    Trần Văn Bình: là người được xét

The first line may also be "6/9". All members count, those who stand aside included: `Vote.two_thirds` does the arithmetic.
"""

from __future__ import annotations

import re

from forms.model import Vote
from forms.values import Invalid, line, shown
from forms.workflow import countable
from knowledge.text import unaccent

EXAMPLE = "9 thành viên, 6 đồng ý, 2 không đồng ý"
_FEW = r"\b(\d{1,4})(?: (?:phieu|nguoi|thanh vien|uy vien))?"
_NO = re.compile(rf"{_FEW} (?:khong (?:dong y|tan thanh|nhat tri)|phan doi)\b")
_YES = re.compile(rf"{_FEW} (?:dong y|tan thanh|nhat tri)\b")
_BLANK = re.compile(rf"{_FEW} (?:phieu )?(?:trang|khong hop le)\b")
_MEMBERS = re.compile(r"\b(\d{1,4}) (?:thanh vien|uy vien)(?! (?:khong )?(?:dong y|tan thanh|nhat tri))\b")
_OF = re.compile(r"\b(\d{1,4}) ?/ ?(\d{1,4})\b")


def read_vote(text: str) -> Vote:
    """The vote as typed. Raises `Invalid` where it cannot be read and `NotAllowed` where its numbers cannot be."""
    lines = [line(part) for part in text.splitlines() if line(part)]
    first = lines[0] if lines else ""
    bare = unaccent(first).lower()
    of = _OF.search(bare)
    yes = int(of[1]) if of else _count(_YES, bare)
    members = int(of[2]) if of else _count(_MEMBERS, bare)
    if yes is None or members is None:
        raise Invalid(f"Chưa rõ số thành viên và số phiếu đồng ý trong {shown(first)}.", first, EXAMPLE)
    excluded = tuple(_excluded(entry) for entry in lines[1:])
    vote = Vote(members=members, yes=yes, no=_count(_NO, bare) or 0, abstained=_count(_BLANK, bare) or 0, excluded=excluded)
    countable(vote)
    return vote


def needed(members: int) -> int:
    """The fewest votes that are two thirds of `members`."""
    return -(-2 * members // 3)


def _count(pattern: re.Pattern[str], bare: str) -> int | None:
    found = pattern.search(bare)
    return int(found[1]) if found else None


def _excluded(entry: str) -> tuple[str, str]:
    name, mark, reason = entry.partition(":")
    if not mark or not name.strip() or not reason.strip():
        raise Invalid(f"Chưa rõ ai không tham gia và vì sao trong {shown(entry)}.", entry, "Trần Văn Bình: là người được xét")
    return name.strip()[:120], reason.strip()[:300]
