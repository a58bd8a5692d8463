"""Title, number, date, place, period and signer: from the letterhead, the subject and the signature."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.extraction.clauses import Outlined, says
from knowledge.model import Issued, Period, Signer, Warned
from knowledge.outlining.formulas import OPENERS, is_name, is_post, kind_of
from knowledge.text import unaccent

NUMBER = r"\d{1,5}\s*(?:/\s*\d{4}\s*)?[/-]\s*[A-ZÐĐƯƠ][\w&ĐƯƠ]*(?:\s?[-–/.]\s?[A-ZĐƯƠ][\wĐƯƠ]*)*|\d{1,5}\s*/\s*[A-ZĐ]\w*"
_NUMBER = re.compile(rf"(?:^|\b)(?:luật\s+)?số(?:\s+hiệu)?\s*:?\s*(?P<number>{NUMBER})", re.I)
_DATED = re.compile(
    r"(?P<place>[^,;()]{2,50}?)\s*,\s*ng[àa]y\s*(?P<day>[^,;]{0,14}?)\s*th[áa]ng\s*(?P<month>[^,;]{0,10}?)\s*n[ăa]m\s*(?P<year>(?:19|20)\d\d)?",
    re.I,
)
_PERIOD = re.compile(
    r"(?P<word>giai đoạn|nhiệm kỳ|các năm|năm học|các năm học|từ năm học|từ năm|năm)\s+(?P<from>(?:19|20)\d\d)"
    r"(?:\s*(?:-|–|—|đến(?:\s+(?:hết\s+)?năm(?:\s+học)?)?)\s*(?P<to>(?:19|20)?\d\d)\b)?(?!\s*/)",
    re.I,
)
_IN_DATE = re.compile(r"tháng\s+\d{1,2}\s*,?\s*$", re.I)
_PASSED = re.compile(r"thông qua ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.I)


def title_of(plan: Outlined) -> str | None:
    """Kind and subject as printed, on one line: "KẾ HOẠCH Nhân rộng gương …"."""
    lines = [says(clause) for clause in plan.sections[0].clauses] if plan.sections and plan.sections[0].ref == "title" else []
    for index, line in enumerate(lines):
        kind = kind_of(line)
        if kind:
            subject = [text for text in lines[index + 1 : index + 5] if _is_subject(text)]
            return " ".join([line.rstrip(" :"), *subject])
        if kind_of(" ".join(_leading_capitals(line))):
            return line
    about = next((line for line in lines if re.match(r"v/v\b|về việc", line, re.I)), None)
    return about


def number_of(lines: Iterable[str]) -> str | None:
    """The document's own number, white space taken out: "345/KH-PGDĐT"."""
    for line in lines:
        match = _NUMBER.search(line)
        if match and match.start() < 12:
            return re.sub(r"[ĐÐ]+", "Đ", re.sub(r"\s+", "", match["number"]))  # OCR reads Đ as the letter eth, or as both
    return None


def issued_of(plan: Outlined) -> tuple[Issued | None, str | None]:
    """Date and place of the letterhead; what cannot be read is None. A law's date is that of its passing."""
    for clause in plan.zone("title"):
        match = _DATED.search(says(clause))
        if match:
            year = int(match["year"]) if match["year"] else None
            issued = Issued(year=year, month=_ordinal(match["month"], 12), day=_ordinal(match["day"], 31))
            return (issued if issued != Issued() else None), match["place"].strip(" -–*")
    for clause in reversed(plan.clauses[-40:]):
        passed = _PASSED.search(says(clause))
        if passed:
            day, month, year = (int(group) for group in passed.groups())
            return Issued(year=year, month=month, day=day), None
    return None, None


def period_of(texts: Iterable[str | None]) -> Period | None:
    """The years a plan is for, from the first text that names them."""
    for text in texts:
        matches = [match for match in _PERIOD.finditer(text or "") if not _IN_DATE.search(match.string[: match.start()])]
        if not matches:
            continue
        match = max(matches, key=_telling)
        first = int(match["from"])
        last = match["to"]
        to = first if last is None else int(last) if len(last) == 4 else first // 100 * 100 + int(last)
        return Period.model_validate({"from": first, "to": max(first, to), "text": match.group(0).strip()})
    return None


def _telling(found: re.Match[str]) -> tuple[bool, bool, bool, int]:
    """How likely years are the plan's own: a span first; a year only looked out to ("năm 2025, định hướng đến năm 2028") last."""
    outlook = found.string[: found.start()].rstrip().lower().endswith("đến")
    return found["to"] is not None, not outlook, found["word"].lower() != "năm", found.start()


def signer_of(plan: Outlined) -> Signer | None:
    """Who signed, as printed; the title is None where only a name stands."""
    names: list[str] = []
    posts: list[str] = []
    for clause in plan.clauses:
        if clause.zone == "signature":
            text = says(clause)
            if is_post(text):
                posts.append(text)
            elif is_name(text):
                names.append(text)
        elif (names or posts) and clause.zone not in ("recipients", "signature"):
            break
    if not names and not posts:
        return None
    return Signer(name=names[0] if names else None, title=" ".join(posts) or None)


def metadata_warnings(plan: Outlined, number: str | None, issued: Issued | None, signer: Signer | None) -> list[Warned]:
    """What the letterhead and the signature leave open."""
    warned = []
    if number is None:
        warned.append(Warned(code="no_number", message="Không đọc được số của văn bản.", ref="title"))
    if issued is None:
        warned.append(Warned(code="no_date", message="Không đọc được ngày ban hành của văn bản.", ref="title"))
    elif None in (issued.day, issued.month, issued.year):
        warned.append(Warned(code="date_unreadable", message="Ngày ban hành không đọc được đầy đủ.", ref="title"))
    if signer is None or signer.name is None:
        warned.append(Warned(code="no_signer", message="Không tìm thấy người ký văn bản.", ref="signature"))
    if not any(clause.marker for clause in plan.body):
        warned.append(Warned(code="no_numbering", message="Văn bản không đánh số mục; vị trí được đếm theo đoạn.", ref=None))
    return warned


def _is_subject(text: str) -> bool:
    plain = unaccent(text).lower()
    letterhead = re.match(r"(?:so\s*:|\(|-{3,})", plain) or _DATED.search(text) or "cong hoa xa hoi" in plain
    authority = text.isupper() and re.match(
        r"(?:hieu truong|giam doc|chu tich|bo truong|uy ban nhan dan|"
        r"truong phong)\b",
        plain,
    )
    return not (letterhead or authority or OPENERS.match(text))


def _leading_capitals(line: str) -> list[str]:
    words = []
    for word in line.split():
        if not word.isupper():
            break
        words.append(word)
    return words


def _ordinal(printed: str, limit: int) -> int | None:
    printed = printed.strip()
    return int(printed) if printed.isdigit() and 1 <= int(printed) <= limit else None
