"""A message written as people write: contacts are taken out first, since nothing else looks like them, then the achievements behind
their label; what is left is cut into pieces, and each piece is told by its label, a word of a unit, a length of service or a name.

Patterns run over the text without marks (`bare`); where the text carries marks at all, a word of a unit has to carry its own, since
Trương, Phong and Tố are names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from forms.bare import bare
from forms.contacts import take_contacts
from forms.spec import Kind
from forms.values import line
from knowledge.text import is_unaccented

_REST_IS_SUMMARY = 20
_LONGEST_NAME, _LONGEST_UNIT = 7, 200

_GREETING = re.compile(
    r"^(?:kinh (?:gui|thua|chao)|xin chao|chao|hi|hello|da|thua|em cam on|cam on|xin cam on|tran trong|minh la|toi la|em la)\b"
)
_PROPOSE = re.compile(r"\b(?:de cu|de nghi|gioi thieu|tien cu)\b(?: (?:xet|khen|khen thuong|cho|danh sach))*\s*:?\s*")
_TITLE = re.compile(
    r"^(?:(?:dong chi|d/c|thay giao|co giao|nha giao|giao vien|giang vien|nhan vien|chuyen vien|can bo|sinh vien|hoc sinh|hoc vien"
    r"|thay|co|ong|ba|anh|chi|em|ban|ca nhan|(?:pgs|gs|ts|ths|cn|cki|ckii|bs|thac si|tien si|bac si|cu nhan|nguoi duoc de cu)\.?)[\s.:]+)+"
)
_ALSO_A_NAME = {"ông", "bà", "cô", "ban", "bạn"}  # Ông Ích Khiêm: a title in capitals may be a name
_GROUP = re.compile(r"^(?:tap the)\s*:?\s+(?=\S)")
_HEADCOUNT = re.compile(
    r"\s*[(,]?\s*\b(?:gom|co|voi|tong so)?\s*\d{1,4} (?:nguoi|thanh vien|can bo|giao vien|vien chuc|dong chi)\b.*$"
)
_CONTACT = re.compile(r"\b(?:(?:nguoi )?dai dien(?: la)?|dau moi|lien he|lien lac|nguoi lien he)\s*:?\s+(?=\S)")
_TITLED = re.compile(r"^(?:dong chi|thay giao|co giao|thay|co|ong|ba|anh|chi|em)\s")
_SUMMARY = re.compile(
    r"(?:^|(?<=[\s,;.(\x00-]))(?:tom tat )?thanh tich(?: (?:noi bat|chinh|tieu bieu|dat duoc|cua (?:thay|co|em)))*(?: (?:la|gom))?"
    r"\s*[:\-–]?\s+"
)
_AFTER_SUMMARY = re.compile(
    r"\x00|[.;,\n]\s*(?=(?:ho (?:va )?ten|nguoi duoc de cu|don vi|tham nien|lien he|ten)\b[^,;.\n]{0,12}:|tham nien\b"
    r"|(?:em|toi|minh|xin) cam on|cam on|tran trong)"
)
_SENIORITY_LABEL = (
    r"(?:tham nien(?: giang day| cong tac| nghe)?|so nam (?:day|cong tac|giang day)|cong tac|da cong tac|day hoc|day|da day|lam viec|lam"
    r"|giang vien|giao vien|vao nganh)"
)
_SENIORITY = re.compile(
    rf"(?:\b{_SENIORITY_LABEL}\s*(?:duoc|:|-)?\s*)?\b"
    r"(?P<value>(?:(?:hon|gan|khoang|tren) )?\d{1,2}(?:[.,]\d)? ?nam\b(?! (?:lien|hoc|qua|nay lien))(?:(?: va)? ?\d{1,2} ?thang\b| ruoi\b)?"
    r"|(?:ke )?tu:? ?(?:nam |thang \d{1,2}/)?(?:19|20)\d\d\b|\d{1,2} ?thang\b)"
    r"(?: (?:giang day|cong tac|trong nghe|kinh nghiem|tham nien|day hoc|di day|trong nganh|roi|den nay|nay))*"
)
_SINCE = re.compile(r"\b(?:vao nganh|vao nghe|ra truong|bat dau day)(?: tu)?(?: nam)? ?:? ?(?P<year>(?:19|20)\d\d)\b")
_YEARS_ONLY = re.compile(r"^(?:so nam (?:day|cong tac|giang day)|tham nien(?: giang day| cong tac)?)\s*:\s*(?P<value>\d{1,2})$")
_LABELS = (
    ("name", re.compile(r"^(?:ho (?:va |& ?)?ten(?: (?:nguoi duoc de cu|giao vien))?|nguoi duoc de cu|ten(?= ?:))\s*:?\s*")),
    ("unit", re.compile(r"^(?:don vi(?: cong tac)?|noi cong tac|thuoc don vi|dv(?= ?:)|(?:truong|to|khoa|phong|lop)(?= ?:))\s*:?\s*")),
)
_BORN = re.compile(r"^(?:sinh (?:nam|ngay)|ngay sinh|nam sinh|ns)\b.*$")

_UNIT_WORDS = (
    *("khoa", "tổ", "phòng", "trường", "bộ môn", "trung tâm", "viện", "ban", "lớp", "đơn vị", "chi bộ", "chi đoàn", "liên đội"),
    *("nhóm", "đội", "học viện", "thpt", "thcs", "tiểu học", "mầm non", "ptdtbt", "ptdtnt", "công đoàn", "đoàn trường", "phân hiệu"),
    "văn phòng",
)
_UNIT_OR_NAME = {"khoa", "ban", "phong", "to", "vien", "tổ", "truong", "trường"}
_UNIT_WITHIN = re.compile(
    r"(?:^|(?<=\s))(?:(?:dang |hien )?(?:cong tac|lam viec|day|giang day|giao vien|giang vien|nhan vien|can bo|hoc)\s+)?"
    r"(?:(?:o|thuoc|cua|tai|ben)\s+)?(?P<word>" + "|".join(map(re.escape, map(bare, _UNIT_WORDS))) + r")(?=\s+\S)"
)
_NAME_ENDS = (
    "đang|hiện|công tác|dạy|giảng dạy|ở|bên|thuộc|tại|của|là|có|đã|được|đạt|với|nhé|sinh năm|do|hoàn thành|giáo viên|giảng viên"
    "|chuyên viên|nhân viên|hiệu trưởng|tổ trưởng|trưởng phòng|phó"
)
_OURS = re.compile(r"^(?:don vi|truong|to|khoa|phong|lop|ben)? ?(?:chung )?(?:em|toi|minh|ta)?(?: xin)?$")
_UNIT_ENDS = "đạt|là|được|đã|hoàn thành|xin|nhé|rồi|có|với|dạy"
_PIECES = re.compile(r"[,;\n()\x00]|(?<!\d)/(?!\d)| [-–/] (?=\d)|(?<=[^\W\d_][^\W\d_])[.!?](?=\s|$)|(?<=\d)[.](?=\s|$)| [-–] (?=\x00|$)")
_ABBREVIATED = re.compile(r"\b(?:pgs|gs|ts|ths|tp|th|tt|q|cn|bs)$")


@dataclass
class _Facts:
    """What was found so far; `accented` says whether words of a unit have to carry their marks."""

    accented: bool
    found: dict[str, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    proposed: bool = False
    asked: Kind | None = None


def facts_of(text: str, asked: Kind | None = None) -> dict[str, str]:
    """The facts of a running message; empty where nothing in it is a nomination. `asked`: an individual or a group is named in it."""
    facts = _Facts(accented=not is_unaccented(text), asked=asked)
    text, contacts = take_contacts(text)
    facts.found.update(contacts)
    text, summary = _take_summary(text)
    pieces = [piece for piece in _pieces(text) if not _GREETING.match(bare(piece)) or _PROPOSE.search(bare(piece))]
    facts.proposed = asked is not None or any(_PROPOSE.search(bare(piece)) for piece in pieces)
    if not (facts.proposed or facts.found or summary):
        return {}
    for piece in pieces:
        _take(piece, facts)
    rest = ", ".join(facts.rest)
    if not summary and len(rest) >= _REST_IS_SUMMARY:
        summary = rest
    if summary:
        facts.found["summary"] = summary
    if "name" in facts.found and ("seniority" in facts.found or "unit" in facts.found and facts.proposed):
        facts.found.setdefault("kind", "Cá nhân")
    if facts.found.get("kind") == "Cá nhân":
        facts.found.pop("contact", None)
    return facts.found


def without_title(name: str) -> str:
    """A name without "cô", "thầy giáo", "ThS." in front; "Ông Ích Khiêm" stays."""
    title = _TITLE.match(bare(name))
    if title is None or (name.split()[0].lower() in _ALSO_A_NAME and name[0].isupper() and len(name.split()) <= 3):
        return name
    return name[title.end() :].strip()


def _take_summary(text: str) -> tuple[str, str]:
    """The text without the achievements, and the achievements: from their label to a break, another label or a farewell."""
    marker = _SUMMARY.search(bare(text))
    if marker is None:
        return text, ""
    end = _AFTER_SUMMARY.search(bare(text), marker.end())
    stop = end.start() if end else len(text)
    summary = text[marker.end() : stop].strip(" ,;\n-–.")
    if text[marker.end() : stop].lstrip().startswith("- "):
        summary = f"- {summary}"
    return f"{text[: marker.start()]}\x00{text[stop:]}", summary


def _pieces(text: str) -> list[str]:
    """The text cut at commas, breaks, brackets, ends of sentences, and dashes in front of a unit or a number."""
    cuts = [(match.start(), match.end()) for match in _PIECES.finditer(text)]
    cuts = [(start, end) for start, end in cuts if text[start] != "." or not _ABBREVIATED.search(bare(text[:start]))]
    plain = bare(text)
    for match in re.finditer(r" [-–] ", text):
        if _UNIT_WITHIN.match(plain, match.end()) and not _UNIT_WITHIN.match(plain, match.start() + 1):
            cuts.append(match.span())
    found, last = [], 0
    for start, end in sorted(cuts):
        if start >= last:
            found.append(text[last:start])
            last = end
    return [piece for piece in (part.strip(" .:-–\t\n") for part in (*found, text[last:])) if piece]


def _take(piece: str, facts: _Facts) -> None:
    """One piece told: what it says goes into the facts, what nobody knows into the rest."""
    piece = _take_seniority(piece, facts)
    if not piece or _BORN.match(bare(piece)):
        return
    contact = _CONTACT.search(bare(piece))
    if contact and ("dai dien" in contact[0] or _TITLED.match(bare(piece[contact.end() :]))):
        facts.found.setdefault("contact", without_title(piece[contact.end() :].strip()))
        piece = piece[: contact.start()].strip(" ,:")
        if not piece:
            return
    proposal = _PROPOSE.search(bare(piece))
    if proposal:
        before = piece[: proposal.start()].strip()
        if not _OURS.match(bare(before)):
            _take_unit(before, facts)
        _take_named(piece[proposal.end() :].strip(), facts)
        return
    for name, pattern in _LABELS:
        label = pattern.match(bare(piece))
        if label and label.end() < len(piece):
            if name == "name":
                _take_named(piece[label.end() :], facts)
            else:
                facts.found.setdefault("unit", _capital(piece[label.end() :]))
            return
    if "name" not in facts.found and _take_named(piece, facts):
        return
    if not _take_unit(piece, facts):
        facts.rest.append(piece)


def _take_seniority(piece: str, facts: _Facts) -> str:
    """The piece without the length of service, where it says one and little stands behind it."""
    if "seniority" in facts.found:
        return piece
    plain = bare(piece)
    only = _YEARS_ONLY.match(plain)
    if only:
        facts.found["seniority"] = only["value"]
        return ""
    since = _SINCE.search(plain)
    match = since or _SENIORITY.search(plain)
    if match is None or (match.start() > 0 and len(piece) - match.end() > 8):
        return piece
    said = line(piece[match.start("value") : match.end("value")]).replace(":", "") if since is None else f"từ năm {since['year']}"
    facts.found["seniority"] = said
    before, behind = piece[: match.start()].strip(), piece[match.end() :].strip()
    if " " not in before and _TITLED.match(f"{bare(before)} "):
        before = ""  # "cô dạy 12 năm" says nothing more of her
    return f"{before} {behind}".strip()


def _take_named(head: str, facts: _Facts) -> bool:
    """A nominee at the beginning of a piece, with the unit that may follow; False where it looks like none."""
    group = _GROUP.match(bare(head))
    open_to_groups = facts.proposed and facts.asked != "individual" and "name" not in facts.found
    if group or facts.asked == "collective" or (open_to_groups and (unit := _unit_in(head, facts)) and unit[0] == 0):
        name = head[group.end() :] if group else head
        count = _HEADCOUNT.search(bare(name))
        facts.found["kind"], facts.found["name"] = "Tập thể", _capital((name[: count.start()] if count else name).strip(" ,:"))
        return True
    name = without_title(head)
    titled = name != head
    unit = _unit_in(name, facts, after=1 if titled else 2)
    stop = min(unit[0] if unit else len(name), _ends(name, _NAME_ENDS, facts))
    bare_name = name[:stop].strip(" ,:.")
    if not _looks_like_name(bare_name, titled=titled):
        return False
    if titled:
        facts.found["kind"] = "Cá nhân"
    facts.found["name"] = bare_name.title() if bare_name == bare_name.lower() else bare_name
    behind = name[stop:].strip(" ,")
    if behind and not _take_unit(behind, facts) and len(behind) >= _REST_IS_SUMMARY:
        facts.rest.append(behind)
    return True


def _looks_like_name(text: str, *, titled: bool) -> bool:
    words = text.split()
    return (1 if titled else 2) <= len(words) <= _LONGEST_NAME and len(text) <= 60 and not any(char.isdigit() for char in text)


def _take_unit(piece: str, facts: _Facts) -> bool:
    unit = _unit_in(piece, facts)
    if unit is None or "unit" in facts.found or len(piece) > _LONGEST_UNIT:
        return False
    text = piece[unit[1] :]
    end = _ends(text, _UNIT_ENDS, facts)
    facts.found["unit"] = _capital(re.sub(r"^(?:đơn vị|don vi)\s*:?\s+(?=\S+\s)", "", text[:end], flags=re.IGNORECASE).strip())
    behind = text[end:].strip()
    if len(behind) >= _REST_IS_SUMMARY:
        facts.rest.append(behind)
    return True


def _unit_in(text: str, facts: _Facts, *, after: int = 0) -> tuple[int, int] | None:
    """Where a unit is named, after so many words at least: (where its words of place begin, where it begins itself)."""
    for match in _UNIT_WITHIN.finditer(bare(text)):
        word = text[match.start("word") : match.end("word")]
        if facts.accented and word.lower() not in _UNIT_WORDS:
            continue
        if re.match(r"\s+(?:trưởng|phó)\b", text[match.end() :]):
            continue  # "tổ trưởng tổ Toán"
        before = len(text[: match.start()].split())
        like_a_name = word.istitle() and word.lower() in _UNIT_OR_NAME
        if before >= (3 if like_a_name and after else after):
            return match.start(), match.start("word")
    return None


def _ends(text: str, words: str, facts: _Facts) -> int:
    """Where a name or a unit ends: at the first of these words; with their marks, or in small letters where nothing has marks."""
    pattern = rf"\s(?:{words})(?=\s|$)"
    found = re.search(pattern, text.lower()) if facts.accented else re.search(bare(pattern), text)
    return found.start() if found else len(text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
