"""Deadlines: what is due when, and to whom it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge.extraction.clauses import Outlined, says
from knowledge.extraction.sentences import segments
from knowledge.extraction.times import Moment, moments_in
from knowledge.model import Clause, Deadline, EndOfRound, Immediately, InHalf, InMonth, InQuarter, InYear, Issued, Period, Yearly
from knowledge.text import unaccent

Kind = Literal["nomination", "report", "review", "summary", "event", "other"]

# Accents kept: without them "nhân rộng điển hình" would read as "nhận …".
_NOMINATION = re.compile(
    r"(?:\b(?:gửi|nộp|tiếp nhận|đề nghị|đề cử|xác nhận)|(?<!công )(?<!ghi )(?<!xác )(?<!đón )\bnhận)\b.{0,90}"
    r"\b(?:hồ sơ|điển hình|gương|danh sách|đề nghị|sáng kiến|tờ trình)\b"
    r"|\bgiới thiệu\b.{0,60}\b(?:về|lên|đến)\b|\bhồ sơ\b.{0,90}\b(?:gửi|nộp|nhận|đề nghị)\b|\bđăng ký\b"
    r"|\bnộp (?:chậm|bản|báo cáo (?:sáng kiến|giải pháp|hoàn thiện))|\bhoàn thiện nộp\b|^\W*gửi ngay|"
    r"\bđược đề nghị ngay\b|\b(?:gương|điển hình)\b.{0,60}\bbáo ngay\b",
    re.I,
)
_REPORT = re.compile(r"\bbao cao\b(?! (?:thanh tich|giai phap|sang kien|hoan thien|dien hinh|kinh nghiem|vien))")
_SUMMARY = re.compile(r"\btong ket\b")
_REVIEW = re.compile(
    r"\b(?:so ket|binh xet|xet chon|xet|tham dinh|tham tra|cham|"
    r"(?<!tong )(?<!phu )(?<!phoi )(?<!truong )(?<!ket )hop(?! (?:le|tac|dong))|danh gia|kiem tra|bo phieu|phuc khao|xac minh|"
    r"doi chieu|binh chon)\b"
)
_EVENT = re.compile(
    r"\b(?:hoi nghi|hoi thao|(?<!ty )(?<!hop )(?<!dieu )(?<!the )le (?!phi)|bieu duong|ton vinh|tuyen duong|trao|giao luu|toa dam|gap mat|"
    r"cong bo|phat dong|ngay mo cua|ngay hoi|"
    r"trinh dien|dai hoi|sinh hoat|chuyen de|tham quan)"
)
_RECIPIENT = re.compile(
    r"\b(?:[Gg]ửi|[Nn]ộp|[Bb]áo cáo|[Tt]rình|[Bb]áo|[Cc]huyển|[Cc]ung cấp|[Đđ]ăng ký|[Gg]iới thiệu|[Tt]ại)\b[^;.\t|]{0,160}?\b"
    r"(?:về|cho|đến|tới)\s+(?P<to>(?:các\s+|cho\s+)?{unit})"
    r"|\b(?:[Gg]ửi|[Nn]ộp|[Bb]áo cáo|[Tt]rình|[Bb]áo)\s+(?:ngay\s+)?(?:về\s+|cho\s+)?(?P<direct>{unit})".replace(
        "{unit}",
        r"(?:bộ phận|Bộ phận|[Pp]hòng|[Hh]ội đồng|[Bb]an|[Vv]ăn phòng|[Ss]ở|[Bb]ộ|[Tt]ổ|[Tt]hường trực|Ủy ban|"
        r"UBND|[Cc]ông đoàn|Đoàn|[Tt]rung tâm|"
        r"[Tt]hư ký|Phó Hiệu trưởng|Hiệu trưởng|Giám đốc|Chủ tịch|Nhà trường|Trường|Liên đoàn|Tỉnh đoàn|Đảng ủy|"
        r"đơn vị|khoa|Khoa|Cơ quan|cơ quan)\b[^;:.()\t|]{0,110}"
        r"(?:\((?:qua|thông qua)[^()]{3,60}\))?",
    )
)
_RECIPIENT_ENDS = re.compile(
    r"\s(?:để|khi|trước|trong|từ|chậm|muộn|theo|qua biểu|qua địa|qua thư|xét|đúng|nhằm|vào|kèm|và báo|và đề|"
    r"bằng|hằng|hàng|ngay|phê duyệt|là|về việc|gồm|có|được|"
    r"thẩm định|tổng hợp|lựa chọn|tối thiểu|ít nhất|đến|tình hình|kết quả|danh sách|việc|hai lần|một lần|mỗi|"
    r"\d+)\b|,(?! khen thưởng)|\s[-–]\s(?=để)"
)
_YEARLY_DUTY = re.compile(
    r"\b(?:hoi nghi|so ket|tong ket|bao cao|kiem tra|ton vinh|bieu duong|tuyen duong|giao luu|(?<!ty )le |"
    r"lap du toan|hoi thao|to chuc cho)"
)
# A sentence with more times than this is a broken table or a hostile file; each is weighed against the whole sentence.
_MOST_MOMENTS = 24
_PATH = re.compile(r"\b(?:thoi han|thoi gian de nghi|ho so|lich xet|moc thoi gian|cac dot xet|thoi gian)\b")
_NO_DEADLINE_PATH = re.compile(r"\b(?:can cu|giai thich|cach hieu|muc dich|hieu luc thi hanh|chuyen tiep)\b")
_CRITERIA_PATH = re.compile(r"\b(?:tieu chi|tieu chuan|dieu kien|doi tuong)\b")
_STANDING = re.compile(r"\b(?:luat|quy dinh|quy che|dieu le|nghi dinh|thong tu|huong dan|the le|noi quy)\b")
_OBJECTION = re.compile(r"\b(?:khieu nai|kien nghi|to cao|phan anh|khong dong (?:y|tinh))\b")
_ACTION = re.compile(
    r"\b(?:gui|nop|bao cao|dang ky|hoan thanh|hoan tat|xet|hop|cham|cong bo|so ket|tong ket|to chuc|le|hoi nghi|"
    r"hoi thao|phat dong|tuyen duong|bieu duong|"
    r"ton vinh|cong khai|tham dinh|nhan|ban hanh|xay dung|trinh|kiem tra|cung cap|quyet toan|lap du toan|"
    r"quyet dinh|ky|pho bien|bo sung|xac minh|"
    r"lay y kien|bo phieu|niem yet|trao|phat so|khao sat|dot \d|trinh dien|de nghi|giao luu|mo chuyen|phat hanh|"
    r"gap mat|thay doi|dang|danh gia|khen thuong|day|bao ngay|xac nhan|tra lai|giai quyet|xem xet|"
    r"cham nhat|xong)\b"
)


@dataclass(frozen=True)
class Calendar:
    """How dates without a year are read: by the period, else by the day of issue, or as those of every year in a standing rule."""

    period: Period | None
    since: date | None = None
    standing: bool = False


def calendar_of(title: str | None, period: Period | None, issued: Issued | None) -> Calendar:
    """A regulation, a law or a guidance without a period stands for every year; any other document is for one occasion."""
    named = unaccent(title or "").lower()
    if period is not None or not named:
        return Calendar(period)
    if _STANDING.search(named) and "ke hoach" not in named:
        return Calendar(None, standing=True)
    try:
        since = date(issued.year or 0, issued.month or 0, issued.day or 0) if issued else None
    except ValueError:
        since = None
    return Calendar(None, since)


def deadlines_of(plan: Outlined, calendar: Calendar) -> tuple[Deadline, ...]:
    """Every dated duty of the body, in the order of the text; one clause may hold several."""
    found: list[Deadline] = []
    for clause in plan.body:
        if clause.heading or _NO_DEADLINE_PATH.search(plan.path(clause)):
            continue
        found.extend(_in_clause(plan, clause, calendar))
    return tuple(found)


def _in_clause(plan: Outlined, clause: Clause, calendar: Calendar) -> Iterator[Deadline]:
    runs = segments(clause.quote)
    whole = " ".join(clause.quote.split())
    yearly = calendar.standing or bool(re.search(r"\b(?:hằng|hàng|mỗi) năm\b|\bcủa năm xét\b", whole, re.I))
    before: Kind | None = None
    seen: set[tuple[str, str]] = set()
    for start, end in runs:
        segment = clause.quote[start:end]
        flat = re.sub(r"[^\S\t]", " ", segment)  # a tab stays: no name runs on from one cell into the next
        moments = moments_in(flat, calendar.period, yearly, calendar.since)[:_MOST_MOMENTS]
        for kind, moment in _dated(plan, clause, flat, moments, before):
            before = kind
            due = moment.when.model_dump_json() if moment.when else flat[moment.start : moment.end]
            if (kind, due) in seen:
                continue
            seen.add((kind, due))
            sent = recipient_in(flat) or (recipient_in(whole) if kind in ("nomination", "report") and len(runs) > 1 else None)
            quote = clause.quote if len(runs) == 1 else segment
            yield Deadline(kind=kind, when=moment.when, recipient=sent, ref=clause.ref, quote=quote)


def _dated(plan: Outlined, clause: Clause, segment: str, moments: list[Moment], before: Kind | None) -> Iterator[tuple[Kind, Moment]]:
    """The times of a segment that something is due at, each with what is due; the words before a time tell it."""
    passed = 0
    first: Kind | None = None
    for moment in moments:
        window = segment[passed : moment.end if moment.when else moment.start]
        passed = moment.end
        if not (_dated_duty(segment, moment, plan, clause) or before):
            continue
        kind = _kind(window) or first or _kind(segment if moment.when else segment[moment.end :])
        if first == "report" and kind in ("summary", "review"):
            kind = "report"
        if kind is None and not _acts(segment):
            kind = before or _first_kind(says(clause))
        if moment.when is None and _OBJECTION.search(unaccent(segment).lower()):
            kind = "other"
        kind = kind or _kind_of_path(plan, clause) or "other"
        first = first or kind
        yield kind, moment


def _acts(segment: str) -> bool:
    """Whether a segment says by itself what is done, beyond "hoàn thành", "đợt 2" and the time."""
    found = {match.group(0) for match in _ACTION.finditer(unaccent(segment).lower())}
    return any(word not in ("hoan thanh", "hoan tat", "cham nhat", "xong", "nhan") and word[:4] != "dot " for word in found)


def _first_kind(text: str) -> Kind | None:
    """The kind of what a clause speaks of first."""
    plain_text = unaccent(text).lower()
    found: list[tuple[int, Kind]] = []
    patterns: tuple[tuple[Kind, re.Pattern[str], str], ...] = (
        ("nomination", _NOMINATION, text), ("report", _REPORT, plain_text), ("summary", _SUMMARY, plain_text),
        ("event", _EVENT, plain_text), ("review", re.compile(r"\bso ket\b|\bxet\b|\btham dinh\b"), plain_text),
    )  # fmt: skip
    for kind, pattern, where in patterns:
        match = pattern.search(where)
        if match:
            found.append((match.start(), kind))
    return min(found)[1] if found else None


def _dated_duty(segment: str, moment: Moment, plan: Outlined, clause: Clause) -> bool:
    text = unaccent(segment).lower()
    when = moment.when
    if when is None:
        return bool(_ACTION.search(text) or "ho so" in text) and not _CRITERIA_PATH.search(plan.path(clause))
    if isinstance(when, Immediately | EndOfRound | InHalf):
        return bool(_ACTION.search(text))
    if isinstance(when, InYear):
        before = unaccent(segment[max(0, moment.start - 120) : moment.start]).lower()
        return bool(re.search(r"\b(?:so ket|tong ket|hoi nghi|hoan thanh|to chuc|le)\b[^,;]{0,60}$", before))
    if isinstance(when, Yearly) and when.month is None:
        near = unaccent(segment[max(0, moment.start - 90) : moment.end + 60]).lower()
        leads = moment.start < 20 or bool(re.match(r"\s*\d+ lan\b", unaccent(segment[moment.end : moment.end + 20])))
        denied = re.search(r"\bkhong\b[^,;.]{0,70}$", unaccent(segment[max(0, moment.start - 120) : moment.start]).lower())
        return bool(_YEARLY_DUTY.search(text if leads else near)) and not denied
    if isinstance(when, InMonth | InQuarter) and not moment.bound:
        return bool(_ACTION.search(text)) and bool(
            _EVENT.search(text) or _SUMMARY.search(text) or _REVIEW.search(text) or "hoan thanh" in text
        )
    return bool(_ACTION.search(text)) or bool(_PATH.search(plan.path(clause)))


def _kind(text: str) -> Kind | None:
    plain_text = unaccent(text).lower()
    if _NOMINATION.search(text):
        return "nomination"
    if _REPORT.search(plain_text):
        return "report"
    if _SUMMARY.search(plain_text) and not re.search(r"\bso ket\b", plain_text):
        return "summary"
    if re.search(r"\bso ket\b", plain_text):
        return "review"
    event, review = _EVENT.search(plain_text), _REVIEW.search(plain_text)
    if event and (not review or event.start() <= review.start()):
        return "event"
    return "review" if review else None


def _kind_of_path(plan: Outlined, clause: Clause) -> Kind | None:
    path = plan.path(clause)
    if re.search(r"\bthoi (?:han|gian)\b.{0,30}\b(?:de nghi|nop|ho so)\b|\bho so\b", path):
        return "nomination"
    return _kind(path) if path else None


def recipient_in(text: str) -> str | None:
    """To whom a segment sends something: "bộ phận thi đua khen thưởng Phòng GDĐT", "Hội đồng … (qua Phòng TCCB)"."""
    for match in _RECIPIENT.finditer(text):
        printed = match["to"] or match["direct"]
        unit = _cut(printed)
        if unit and len(unit.split()) <= 16 and not re.fullmatch(r"(?:các )?(?:đơn vị|cơ quan|khoa|phòng|tổ|ban|trường)", unit, re.I):
            return unit
    return None


def _cut(printed: str) -> str:
    head, bracket, tail = printed.partition("(")
    ended = _RECIPIENT_ENDS.search(head)
    if ended:
        return head[: ended.start()].strip(" ,-–")
    return f"{head.strip()} ({tail.strip()}" if bracket else head.strip(" ,-–")
