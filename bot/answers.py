"""What the engine says, put into sentences: for Telegram, the demo and `guongsang ask` alike.

A quotation stands between “ ” as the source has it (line breaks within a clause made blanks), its number and place after it. A digest is
shown without quotation marks and says that it is one.
"""

from __future__ import annotations

import re

from index.answer import Abstain, Answer, Clarify, Eligibility, Run, Source

GREETING = (
    "Chào thầy/cô. Thầy/cô có thể hỏi về tiêu chí, hồ sơ, thời hạn, nơi nhận trong kế hoạch của đơn vị, "
    "ví dụ: “Hồ sơ đề nghị gồm những gì?”. Để đề cử điển hình tiên tiến, xin gõ /decu."
)
WHICH = "Thầy/cô hỏi về kế hoạch của đơn vị nào?"
WHICH_MORE = "Xin ghi thêm tên đơn vị vào câu hỏi."
DIGEST = "Theo bản tóm lược, không phải nguyên văn:"
NOT_FOUND = "Chưa tìm thấy nội dung này trong {plans} của {org}."
NOT_FOUND_ANYWHERE = "Chưa tìm thấy nội dung này trong các kế hoạch hiện có."
NO_PLAN = "Đơn vị này chưa có kế hoạch nào trong hệ thống, nên chưa thể trả lời. Xin hỏi thư ký thi đua của đơn vị."
UNKNOWN = (
    "Chưa có “{name}” trong hệ thống, nên chưa thể trả lời về đơn vị này. "
    "Xin kiểm tra lại tên, hoặc hỏi người quản trị để thêm đơn vị."
)
OFFICE = "Kế hoạch giao {unit} làm đầu mối ({place})."
AMENDED = "Nội dung này được sửa đổi, bổ sung:"
RECIPIENT = "Kế hoạch ghi hồ sơ gửi về {unit} ({place})."
PARENT = "Đơn vị chưa có kế hoạch riêng; đây là kế hoạch của {org}, cơ quan cấp trên."
OTHER = "Trả lời theo kế hoạch của {org}."
EXPIRED = (
    "⚠ Kế hoạch này dành cho {period}, nay đã qua. Hệ thống không rõ đã có văn bản thay thế hay chưa; "
    "đơn vị và căn cứ nêu trong đó có thể đã thay đổi. Xin hỏi {contact} trước khi áp dụng."
)
CONTACT = "thư ký thi đua của đơn vị"
NO_VERDICT = "Đây không phải kết luận đạt hay không đạt."

_LOGIC = {
    "one_of": "Kế hoạch yêu cầu {general}một trong {count} điều kiện ({place}).",
    "all_of": "Kế hoạch yêu cầu {general}cả {count} tiêu chí ({place}).",
    "unstated": "Kế hoạch nêu {general}{count} tiêu chí ({place}), không ghi cần đạt tất cả hay chỉ một.",
}
MENTIONED = "Điều thầy/cô nêu ứng với: {places}."
NOT_MENTIONED = "Chưa thấy nêu: {places}."
JUDGES = "Nơi xét: {judges}."
NO_JUDGE = "chưa thấy kế hoạch ghi"

_KINDS = ("kế hoạch", "hướng dẫn", "quyết định", "quy chế", "quy định", "thông tư", "nghị định", "luật", "đề án", "công văn")
_BREAK = re.compile(r"[^\S\n]*\n\s*")
_ITEM = re.compile(r"(?:[-+*•–]|\d{1,2}[.)]|\d{1,2}(?:\.\d{1,2})+\.?|[a-zđ]\)|[IVX]{1,4}\.|Điều \d+\.?|\d+\.)\s")


def shown(quote: str) -> str:
    """A quotation as people read it: broken lines joined, items of a list on lines of their own, Markdown marks left out."""
    lines = [line for line in _BREAK.split(quote.replace("*", "").strip()) if line.strip("# ")]
    told: list[str] = []
    for line in (line.lstrip("# ").rstrip() for line in lines):
        if told and not _ITEM.match(line):
            told[-1] += f" {line}"
        else:
            told.append(line)
    return "\n".join(" ".join(line.split()) for line in told)


def run_shown(run: Run) -> str:
    """A run as people read it: each clause as `shown`, on a line of its own."""
    return "\n".join(shown(quote.quote) for quote in run.quotes)


def plan_name(source: Source) -> str:
    """How a plan is called in a sentence: by its number, else by its title."""
    if source.number:
        return source.number if source.number[:2].isalpha() else f"số {source.number}"
    title = " ".join((source.title or "").split())
    return (title if len(title) <= 70 else title[:69].rsplit(" ", 1)[0] + "…") or source.source


def _plan_within(source: Source) -> str:
    """A plan's name within a sentence: "kế hoạch số 12/KH-X"; a title that says its own kind says it once, "kế hoạch Nhân rộng …"."""
    name = plan_name(source)
    kind = next((word for word in _KINDS if name.lower().startswith(word)), None)
    return kind + name[len(kind) :] if kind else f"kế hoạch {name}"


def reply_text(reply: Answer | Abstain | Clarify, *, contact: str | None = None) -> str:
    """A reply as the person sees it, without markup. `contact` is the institution's present contact, where one is set."""
    if isinstance(reply, Clarify):
        return _clarify(reply)
    if isinstance(reply, Abstain):
        return _abstain(reply, contact)
    return _answer(reply, contact)


def _clarify(reply: Clarify) -> str:
    if reply.reason == "greeting":
        return GREETING
    options = "\n".join(f"• {name}" for _, name in reply.options)
    return f"{WHICH}\n{options}\n{WHICH_MORE}" if options else WHICH


def _abstain(reply: Abstain, contact: str | None) -> str:
    if reply.unknown:
        return UNKNOWN.format(name=reply.unknown)
    if "no_plan" in reply.notes:
        return NO_PLAN
    if not reply.sources:
        return NOT_FOUND_ANYWHERE
    org = reply.sources[0].org_name
    plans = _plan_within(reply.sources[0]) if len(reply.sources) == 1 else "các kế hoạch"
    lines = [*_whose(reply.notes, org), NOT_FOUND.format(plans=plans, org=org)]
    if contact:
        lines.append(f"Đầu mối hiện nay: {contact}.")
    if reply.office:
        lines.append((OFFICE if reply.office.focal else RECIPIENT).format(unit=reply.office.unit, place=reply.office.place))
    if "expired" in reply.notes:
        lines.append(_expired([reply.sources[0]], contact))
    return "\n".join(lines)


def _answer(reply: Answer, contact: str | None) -> str:
    several = len({run.source.plan_id for run in reply.runs}) > 1
    parts: list[str] = []
    orgs = list(dict.fromkeys(run.source.org for run in reply.runs))
    if len(orgs) == 1:
        parts.extend(_whose(reply.notes, reply.runs[0].source.org_name))
    digest_said = False
    for run in reply.runs:
        if len(orgs) > 1:
            parts.append(f"{run.source.org_name}:")
        if run.amends:
            parts.append(AMENDED)
        if run.source.digest and not digest_said:
            parts.append(DIGEST)
            digest_said = True
        parts.append(_run(run, several or run is reply.runs[0]))
    if reply.eligibility:
        parts.append(_eligibility(reply.eligibility))
    expired = [run.source for run in reply.runs if run.source.expired]
    if expired:
        parts.append(_expired(expired, contact))
    return "\n".join(parts)


def _whose(notes: tuple[str, ...], org: str) -> list[str]:
    if "parent" in notes:
        return [PARENT.format(org=org)]
    return [OTHER.format(org=org)] if "other_institution" in notes else []


def _run(run: Run, with_plan: bool) -> str:
    text = run_shown(run)
    quoted = text if run.source.digest else f"“{text}”"
    page = f", trang {run.quotes[0].page}" if run.quotes[0].page else ""
    where = f"{plan_name(run.source)}, {run.place}{page}" if with_plan else f"{run.place[:1].upper()}{run.place[1:]}{page}"
    return f"{quoted}\n({where})"


def _expired(sources: list[Source], contact: str | None) -> str:
    period = next((source.period for source in sources if source.period), None) or "thời gian trước"
    return EXPIRED.format(period=period, contact=contact or CONTACT)


def _eligibility(found: Eligibility) -> str:
    count = len(found.mentioned) + len(found.not_mentioned)
    general = "tiêu chí chung VÀ " if found.general else ""
    lines = [_LOGIC[found.logic].format(general=general, count=count, place=found.place)]
    if found.mentioned:
        lines.append(MENTIONED.format(places=", ".join(found.mentioned)))
    unsaid = [*found.not_mentioned, *([f"tiêu chí chung ({found.general})"] if found.general else [])]
    if unsaid:
        lines.append(NOT_MENTIONED.format(places=", ".join(unsaid)))
    lines.append(f"{NO_VERDICT} {JUDGES.format(judges='; '.join(found.judges) or NO_JUDGE)}")
    return " ".join(lines)
