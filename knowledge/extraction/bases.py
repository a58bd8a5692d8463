"""The documents that a plan stands on: kind, number and date of each, from the preamble or a part called "Căn cứ"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.extraction.clauses import Outlined, plain
from knowledge.extraction.metadata import NUMBER
from knowledge.model import Clause, LegalBasis

_KINDS = (
    "Luật sửa đổi", "Bộ luật", "Luật", "Nghị quyết", "Nghị định", "Thông tư liên tịch", "Thông tư", "Thông tri", "Chỉ thị",
    "Quyết định", "Công văn", "Kế hoạch", "Hướng dẫn", "Văn bản", "Chương trình", "Tờ trình", "Thỏa thuận", "Thoả thuận",
    "Điều lệ", "Hiến pháp", "Pháp lệnh", "Kết luận", "Thông báo", "Quy chế", "Quy định", "Đề án", "Biên bản",
)  # fmt: skip
_ANY_KIND = "|".join(_KINDS)
_KIND = re.compile(rf"(?:{_ANY_KIND})\b", re.I)
_NUMBERED = re.compile(rf"(?:{_ANY_KIND})(?:\s+[^;\d]{{0,60}}?)?\s+số\s*:?\s*(?P<number>{NUMBER}|\d{{1,5}})", re.I)
_DATE = re.compile(
    r"ngày\s+(?P<day>\d{1,2})\s*(?:/|-|\.|\s+tháng\s+)\s*(?P<month>\d{1,2})\s*(?:/|-|\.|"
    r"\s+năm\s+)\s*(?P<year>(?:19|20)\d\d)",
    re.I,
)
_FOLLOWED = re.compile(
    rf"(?:{_ANY_KIND})\s+số\s*:?\s*(?P<number>{NUMBER})\s+ngày\s+\d{{1,2}}(?:\s*[/.-]\s*|"
    rf"\s+tháng\s+)\d{{1,2}}(?:\s*[/.-]\s*|\s+năm\s+)\d{{4}}"
    r"(?:\s+của\s+(?:[A-ZĐỦỞ]\S*\s*)+(?:\w+ ){0,1})?"
)
_CUT = re.compile(
    r";|\bvà (?=(?:Luật|Thông tri|Chỉ thị|Nghị)\b)|(?<=[\d\w])\.\s+(?=[A-ZĐ])"
    r"|,\s+(?=[A-ZÀ-ỸĐ][^;,]{3,80}\b(?:ban hành|xây dựng|hướng dẫn|triển khai|tổ chức|phát động|đề nghị|yêu cầu|thông báo)\b)"
)
_YEAR = re.compile(r"\bnăm\s+(?P<year>(?:19|20)\d\d)\b", re.I)
_LEAD = re.compile(
    r"^\W*(?:căn cứ(?: vào)?|thực hiện|theo đề nghị[^;]*?tại|theo|xét đề nghị[^;]*?tại|triển khai|"
    r"và)\s+(?:các\s+)?",
    re.I,
)
_ENACTS = re.compile(
    r"\b(?:ban hành|xây dựng|hướng dẫn việc|triển khai) (?:kế hoạch|hướng dẫn|quy định|quy chế|"
    r"đề án)?.{0,400}\bsau(?: đây)?\W*$",
    re.I,
)


def legal_bases_of(plan: Outlined) -> tuple[LegalBasis, ...]:
    """One basis for each document named; amending laws with their own dates count by themselves."""
    found: list[LegalBasis] = []
    cited: set[str] = set()
    for clause in _basis_clauses(plan):
        cited.add(clause.ref)
        found.extend(_bases_in(clause))
    numbers = {basis.number for basis in found}
    for clause in plan.body:
        if clause.ref not in cited:
            for basis in _followed_in(clause):
                if basis.number not in numbers:
                    numbers.add(basis.number)
                    found.append(basis)
    return tuple(found)


def _followed_in(clause: Clause) -> Iterator[LegalBasis]:
    """The directives that a rule of the body follows: "theo Chỉ thị số … ngày …"; one that is replaced is none."""
    for match in _FOLLOWED.finditer(clause.quote):
        if re.search(r"\b(?:thay thế|bãi bỏ|kèm theo)\s*$", clause.quote[: match.start()]):
            continue
        dated = _DATE.search(match.group(0))
        date = f"{dated['year']}-{int(dated['month']):02d}-{int(dated['day']):02d}" if dated else None
        quote = match.group(0).rstrip(" ,;.")
        number = re.sub(r"\s+", "", match["number"])
        yield LegalBasis(name=" ".join(quote.split()), number=number, date=date, ref=clause.ref, quote=quote)


def _basis_clauses(plan: Outlined) -> Iterator[Clause]:
    for clause in plan.clauses:
        if clause.zone == "preamble":
            yield clause
        elif clause.zone == "body" and not clause.heading:
            above = next(plan.ancestors(clause), None)
            if above is not None and above.heading and re.fullmatch(r"(?:cac )?can cu(?: phap ly)?", plain(above).strip(" .:")):
                yield clause


def _bases_in(clause: Clause) -> Iterator[LegalBasis]:
    for start, end in _pieces(clause.quote):
        quote = clause.quote[start:end].strip()
        lead = _LEAD.match(quote)
        named = quote[lead.end() :] if lead else quote
        kind = _KIND.match(named)
        if kind is None:
            kind = _KIND.search(named) if lead or _NUMBERED.search(named) or _DATE.search(named) else None
            if kind is None:
                continue
            named = named[kind.start() :]
        numbered, dated = _NUMBERED.match(named), _DATE.search(named[:400])
        year = _YEAR.search(named[:120])
        if numbered is None and dated is None and year is None and not lead:
            continue
        date = f"{dated['year']}-{int(dated['month']):02d}-{int(dated['day']):02d}" if dated else year["year"] if year else None
        number = re.sub(r"\s+", "", numbered["number"]) if numbered else None
        yield LegalBasis(
            name=" ".join(named.split()).strip(" ,;.*").removesuffix(" và"),
            number=number,
            date=date,
            ref=clause.ref,
            quote=_trimmed(quote),
        )


def _trimmed(quote: str) -> str:
    return re.sub(r"(?:\s+và)?[\s;,]*$", "", quote)


def _pieces(quote: str) -> Iterator[tuple[int, int]]:
    """A clause cut at semicolons, before "và Luật …", and before the sentence that announces the plan itself."""
    cuts = [0]
    for match in _CUT.finditer(quote):
        cuts.append(match.end() if match.group(0) != "" else match.start())
    cuts.append(len(quote))
    for start, end in zip(cuts, cuts[1:], strict=False):
        piece = quote[start:end].strip().strip(";").strip()
        if piece and not (_ENACTS.search(piece) and not _LEAD.match(piece)):
            yield start, end - (1 if quote[end - 1 : end] == ";" else 0)
