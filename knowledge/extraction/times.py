"""When something is due, in the words of plans: dates, yearly dates, months, quarters, halves, "ngay", "cuối mỗi đợt".

Dates of directives, of anniversaries and of coming into force are no deadlines: they are told by the words around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from knowledge.model import EndOfRound, Immediately, InHalf, InMonth, InQuarter, InYear, OnDate, Period, When, Yearly

_BEFORE = r"(?:trước|chậm nhất(?: là)?|muộn nhất(?: là)?|hạn(?: cuối)?(?: là)?|hết|xong trước|đến(?: hết)?|vào|trong)"
_HOUR = r"(?:\d{1,2}\s*(?:giờ|h)\s*(?:\d{1,2}\s*)?(?:phút\s+)?)?"
_DATE = (
    r"(?P<day>\d{1,2})(?:\s*/\s*|\s*[.-]\s*(?=\d{1,2}\s*[.-]\s*\d{4})|\s+tháng\s+)(?P<month>\d{1,2})"
    r"(?:(?:\s*[/.-]\s*|\s*,?\s+năm\s+)(?P<year>(?:19|20)\d\d))?(?![\d/])"
)
_YEARLY_WORDS = r"(?:hằng|hàng|mỗi)\s+năm(?!\s+học\s+\d)"
_EVERY = re.compile(rf"\b{_YEARLY_WORDS}", re.I)
_RANGE = re.compile(
    r"(?:\btừ\s+)?(?:ngày\s+)?\b\d{1,2}(?:\s*[/.]\s*\d{1,2}(?:\s*[/.]\s*\d{4})?|\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?)?"
    rf"\s+đến\s+(?:hết\s+)?{_HOUR}(?:ngày\s+)?{_DATE}",
    re.I,
)
_SINGLE = re.compile(
    rf"\b(?P<how>{_BEFORE}\s+)?{_HOUR}(?P<word>ngày\s+)?\b{_DATE}(?!\s+(?:số|thành viên|phiếu|"
    rf"tổng))",
    re.I,
)
_MONTH = re.compile(
    r"(?P<how>(?:trong|vào|trước|hết|cuối|đầu|"
    r"từ)\s+)?(?:tuần\s+\S+\s+(?:của\s+)?)?tháng\s+(?P<m>\d{1,2})(?:\s*(?:/|năm)\s*(?P<y>(?:19|"
    r"20)\d\d))?(?!\s*[-–]\s*\d|\d)",
    re.I,
)
_QUARTER = re.compile(
    r"quý\s+(?P<q>(?:IV|I{1,3}|[1-4])(?:\s*(?:,|và|-|–)\s*(?:quý\s+)?(?:IV|I{1,3}|[1-4])(?!\d))*)(?:\s*(?:/|"
    r"năm)\s*(?P<y>(?:19|20)\d\d))?\b",
    re.I,
)
_HALF = re.compile(r"(?:6|06|sáu)\s+tháng\s+(?P<h>đầu|cuối)\s+năm(?:\s+(?P<y>(?:19|20)\d\d))?", re.I)
_YEAR = re.compile(r"\b(?:vào|trong|cuối|hết)\s+năm\s+(?P<y>(?:19|20)\d\d)\b(?!\s*[-–])", re.I)
_NOW = re.compile(
    r"\b(?:gửi|báo|nộp|đề nghị|báo cáo|lập hồ sơ|trình)\s+(?:[^.;,]{0,30}\s)?ngay\b|"
    r"\bngay (?:sau )?khi (?:phát hiện|có thành tích|xảy ra|lập)",
    re.I,
)
_ROUND = re.compile(r"\b(?:cuối|kết thúc|sau(?: khi kết thúc)?)\s+(?:mỗi|từng|các)?\s*đợt\b(?:\s+thi đua)?", re.I)

_NO_DEADLINE_BEFORE = re.compile(
    r"(?:\bsố\s+[\w/.\-–]+\s*(?:,\s*)?|kỷ niệm[^;.]{0,80}|thành lập[^;.]{0,40}|ngày sinh[^;.]{0,40}|"
    r"giải phóng[^;.]{0,50}|hiệu lực[^;.]{0,25}|"
    r"kể từ\s*|\btính\s*(?:đến\s*)?|hoạt động từ\s*|ban hành\s*|đạt được trước\s*|tuyển dụng[^;.]{0,30}|Luật[^;.]{0,60}|"
    r"tiếp nhận sau\s*|thông qua\s*|chào mừng (?:(?!vào |trước |tổ chức )[^:;.]){0,60}|(?<!cung )\bcấp\s*|"
    r"\bsau\s*)$",
    re.I,
)
# "trong thời hạn 15 ngày làm việc kể từ ngày …", "chậm nhất 10 ngày trước …", "trước … ít nhất 05 ngày": due, on no date of its own.
_FEW = r"(?:\d{1,3}(?:\s*\([^()]{2,20}\))?|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười(?:\s+lăm)?|hai mươi|ba mươi)"
_COUNT = rf"{_FEW}\s+(?:ngày|tuần)(?:\s+làm việc)?"
_HOURS = rf"(?:{_COUNT}|{_FEW}\s+giờ(?:\s+làm việc)?)"
_SINCE = r"(?:kể\s+từ|tính\s+từ|từ\s+(?:khi|ngày)|sau\s+(?:khi|ngày)|trước\s+(?:khi|ngày)|trước|sau)"
_RELATIVE = re.compile(
    rf"\btrong(?:\s+(?:vòng|thời\s+hạn|thời\s+gian))?\s+(?:không\s+quá\s+|tối\s+đa\s+)?{_HOURS}\s+"
    rf"(?:tiếp\s+theo|{_SINCE}\b[^,;.]{{0,120}})"
    rf"|\btrong\s+(?:vòng|thời\s+hạn)\s+(?:không\s+quá\s+|tối\s+đa\s+)?{_HOURS}"
    rf"|\b(?:chậm|muộn)\s+nhất(?:\s+là)?(?:\s+(?:trong|sau|trước))?\s+{_COUNT}(?:\s+{_SINCE}\b[^,;.]{{0,120}})?"
    rf"|\b(?:ít\s+nhất|tối\s+thiểu|sau|không\s+quá|tối\s+đa)\s+{_COUNT}\s+{_SINCE}\b[^,;.]{{0,120}}"
    rf"|\btrước\s+[^,;.]{{3,90}}?\s(?:ít\s+nhất|tối\s+thiểu)\s+{_COUNT}",
    re.I,
)
_ANNIVERSARY = re.compile(r"^\s*(?:/\d{4})?\s*[-–]\s*\d{1,2}/\d{1,2}/\d{4}|^[^;.]{0,30}\bnăm\s+\d{4}\s+của\b", re.I)

_YEAR_OF_DATE = re.compile(
    r"(?:[/.-]\s*\d{1,2}\s*[/.-]\s*|tháng\s+\d{1,2}\s*(?:năm|/)\s*|"
    r"\briêng\s+năm\s+)((?:19|20)\d\d)",
    re.I,
)


@dataclass(frozen=True)
class Moment:
    """A time in a text: its place and what it says, None where it counts from something else ("05 ngày kể từ …").

    `bound` tells a date that something is due by from a bare one.
    """

    start: int
    end: int
    when: When | None
    bound: bool = True


def moments_in(text: str, period: Period | None, yearly: bool = False, since: date | None = None) -> list[Moment]:
    """The times of one segment in order, without overlap. `yearly`: the rule that governs it speaks of every year.

    `since`: the day of a document for one occasion, whose dates without a year are the next ones.
    """
    found: list[Moment] = []
    taken = bytearray(len(text))
    year = _year_in(text)
    every = bool(_EVERY.search(text)) or (yearly and year is None)
    for match in _RELATIVE.finditer(text):
        if not _NO_DEADLINE_BEFORE.search(text[max(0, match.start() - 120) : match.start()]):
            found.append(Moment(match.start(), match.end(), EndOfRound() if _ROUND.search(match.group(0)) else None))
        taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    for pattern in (_NOW, _ROUND, _RANGE, _SINGLE, _HALF, _QUARTER, _MONTH, _YEAR, _EVERY):
        for match in pattern.finditer(text):
            if 1 in taken[match.start() : match.end()]:
                continue
            if pattern in (_RANGE, _SINGLE) and not _is_due(text, match):
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                continue
            when = _when(pattern, match, every, year, period, since)
            if when is not None:
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                found.append(Moment(match.start(), match.end(), when, _bound(pattern, match)))
    found.sort(key=lambda moment: moment.start)
    return _without_modifiers(found)


def _is_due(text: str, match: re.Match[str]) -> bool:
    if match.re is _SINGLE and not (match["how"] or match["word"] or match["year"]) and "tháng" not in match.group(0):
        return False
    if _NO_DEADLINE_BEFORE.search(text[max(0, match.start() - 120) : match.start()]):
        return False
    return not _ANNIVERSARY.match(text[match.end() : match.end() + 80])


def _bound(pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    return pattern in (_RANGE, _SINGLE, _NOW, _ROUND) or bool(match.groupdict().get("how"))


def _when(
    pattern: re.Pattern[str], match: re.Match[str], every: bool, year: int | None, period: Period | None, since: date | None
) -> When | None:
    if pattern is _NOW:
        return Immediately()
    if pattern is _ROUND:
        return EndOfRound()
    if pattern in (_RANGE, _SINGLE):
        return _on(match, every, year, period, since)
    if pattern is _HALF:
        return InHalf(year=_number(match["y"]), half=1 if match["h"].lower() == "đầu" else 2)
    if pattern is _QUARTER:
        quarters = tuple(_quarter(part) for part in re.findall(r"IV|I{1,3}|[1-4]", match["q"].upper()))
        return InQuarter(year=_number(match["y"]) or year, quarters=quarters)
    if pattern is _MONTH:
        month = int(match["m"])
        if not 1 <= month <= 12:
            return None
        if match["y"] is None and every:
            return Yearly(day=None, month=month)
        return InMonth(year=_number(match["y"]) or year, month=month)
    return InYear(year=int(match["y"])) if pattern is _YEAR else Yearly()


def _on(match: re.Match[str], every: bool, year: int | None, period: Period | None, since: date | None) -> When | None:
    day, month = int(match["day"]), int(match["month"])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    named = _number(match["year"]) or (None if every else year or _year_of(period, month))
    if named is None and since is not None and not every:
        named = since.year + ((month, day) < (since.month, since.day))
    if named is None:
        return Yearly(day=day, month=month) if every or _spans_years(period) else InMonth(month=month)
    try:
        return OnDate(date=date(named, month, day).isoformat())
    except ValueError:
        return None


def _year_in(text: str) -> int | None:
    """The one year that the dates of a text name, if they agree."""
    years = {int(year) for year in _YEAR_OF_DATE.findall(text)}
    return years.pop() if len(years) == 1 else None


def _year_of(period: Period | None, month: int) -> int | None:
    """The year of a day and month in a plan for one year or one school year (from August)."""
    if period is None or period.from_ is None or period.to is None:
        return None
    if period.from_ == period.to:
        return period.from_
    school_year = period.to == period.from_ + 1 and "năm học" in (period.text or "").lower()
    return (period.from_ if month >= 8 else period.to) if school_year else None


def _spans_years(period: Period | None) -> bool:
    return period is not None and period.from_ is not None and period.to is not None and period.to > period.from_


def _quarter(printed: str) -> int:
    return {"I": 1, "II": 2, "III": 3, "IV": 4}.get(printed) or int(printed)


def _number(printed: str | None) -> int | None:
    return int(printed) if printed else None


def _without_modifiers(found: list[Moment]) -> list[Moment]:
    """ "Hằng năm" in a segment with a yearly date belongs to the date."""
    modified = any(isinstance(moment.when, Yearly | Immediately | EndOfRound | None) and not _is_every(moment) for moment in found)
    bare = [moment for moment in found if _is_every(moment)]
    if modified:
        return [moment for moment in found if not _is_every(moment)]
    return [moment for moment in found if not _is_every(moment) or moment is bare[0]]


def _is_every(moment: Moment) -> bool:
    return isinstance(moment.when, Yearly) and moment.when.month is None
