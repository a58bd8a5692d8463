"""The ordered questions: when each applies, what it asks, how its answer is read. Adding a field means adding one entry.

A question is a choice (one of several buttons), a text, the multi-select of criteria, the consent, or the preview. A
column that only the plan's own table has becomes a text question of its own ("x1", "x2" …), before the summary.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from forms.model import KINDS, ROLES, Content
from forms.spec import Extra
from forms.texts import FormTexts
from forms.values import (
    parse_email,
    parse_group_name,
    parse_line,
    parse_name,
    parse_phone,
    parse_seniority,
    parse_summary,
)

__all__ = ["QUESTIONS", "FormTexts", "Question", "choices", "label", "question", "questions", "required"]

Sort = Literal["choice", "text", "criteria", "consent", "preview"]
Parser = Callable[[str], str]


@dataclass(frozen=True)
class Question:
    """One question. `labels`, `prompts` and `hints` are for (individual, collective)."""

    id: str
    sort: Sort
    labels: tuple[str, str]
    prompts: tuple[str, str]
    hints: tuple[str, str] = ("", "")
    parsers: tuple[Parser, Parser] | None = None
    required: bool = False
    none_allowed: bool = False

    def label(self, content: Content) -> str:
        return self.labels[_side(content)]

    def prompt(self, content: Content) -> str:
        return self.prompts[_side(content)]

    def hint(self, content: Content) -> str:
        return self.hints[_side(content)]

    def parse(self, content: Content, text: str) -> str:
        """The value of a text question; raises `values.Invalid`."""
        assert self.parsers is not None
        return self.parsers[_side(content)](text)


def _side(content: Content) -> int:
    return 1 if content.kind == "collective" else 0


def _both(text: str) -> tuple[str, str]:
    return text, text


QUESTIONS: tuple[Question, ...] = (
    Question("kind", "choice", _both("Đối tượng"), _both("Đề cử cá nhân hay tập thể?"), required=True),
    Question("field", "choice", _both("Lĩnh vực"), _both("Thuộc lĩnh vực nào của kế hoạch?"), required=True),
    Question("role", "choice", _both("Nhóm đối tượng"), _both("Người được đề cử thuộc nhóm nào?")),
    Question(
        "name",
        "text",
        ("Họ và tên", "Tên tập thể"),
        ("Họ và tên người được đề cử?", "Tên tập thể được đề cử?"),
        (
            "Có thể gửi cả trong một tin: họ tên, đơn vị, thâm niên, điện thoại, email, thành tích.",
            "Có thể gửi cả trong một tin: tên tập thể, đơn vị, thành tích, điện thoại, email.",
        ),
        (parse_name, parse_group_name),
        required=True,
    ),
    Question(
        "unit",
        "text",
        ("Đơn vị công tác", "Thuộc đơn vị"),
        ("Đơn vị công tác của thầy/cô ấy?", "Tập thể thuộc đơn vị nào?"),
        _both("Ví dụ: Khoa Sư phạm."),
        (parse_line, parse_line),
        required=True,
    ),
    Question(
        "seniority",
        "text",
        _both("Thâm niên giảng dạy"),
        _both("Thâm niên giảng dạy?"),
        _both("Ví dụ: 12 năm 6 tháng, hoặc: từ năm 2010. Không giảng dạy thì bấm [Không có]."),
        (parse_seniority, parse_seniority),
        none_allowed=True,
    ),
    Question(
        "summary",
        "text",
        _both("Tóm tắt thành tích"),
        _both("Tóm tắt thành tích nổi bật?"),
        _both("Tối đa 6.000 ký tự, nên gọn trong vài dòng."),
        (parse_summary, parse_summary),
        required=True,
    ),
    Question(
        "contact",
        "text",
        _both("Người đại diện"),
        _both("Người đại diện của tập thể để liên hệ?"),
        _both("Ví dụ: Nguyễn Thị Hoa, tổ trưởng."),
        (parse_line, parse_line),
    ),
    Question(
        "phone",
        "text",
        _both("Số điện thoại"),
        ("Số điện thoại của người được đề cử?", "Số điện thoại liên hệ?"),
        _both("Ví dụ: 0912 345 678."),
        (parse_phone, parse_phone),
        required=True,
        none_allowed=True,
    ),
    Question(
        "email",
        "text",
        _both("Email"),
        ("Email của người được đề cử?", "Email liên hệ?"),
        _both("Ví dụ: hoa.nt@truong.edu.vn."),
        (parse_email, parse_email),
        required=True,
        none_allowed=True,
    ),
    Question(
        "criteria",
        "criteria",
        _both("Tiêu chí"),
        ("Thầy/cô ấy đạt những tiêu chí nào của kế hoạch?", "Tập thể đạt những tiêu chí nào của kế hoạch?"),
        _both("Chọn các tiêu chí rồi bấm [Xong]; hoặc gõ “1, 3”. Gửi minh chứng (ảnh, tệp) ngay tại đây hoặc bổ sung sau."),
    ),
    Question("consent", "consent", _both("Sự đồng ý"), (FormTexts.CONSENT, FormTexts.CONSENT_GROUP), required=True),
    Question("preview", "preview", _both("Xem lại"), _both("Xin xem lại trước khi gửi:")),
)
_BY_ID = {entry.id: entry for entry in QUESTIONS}


def questions(content: Content) -> tuple[Question, ...]:
    """The questions that apply to what has been said so far, in order, the preview last."""
    asked: list[Question] = []
    for entry in QUESTIONS:
        if entry.id == "summary":
            asked += [_extra(extra) for extra in content.spec.extras_for(content.kind) if _worth_asking(extra)]
        if _applies(entry.id, content):
            asked.append(entry)
    return tuple(asked)


def question(content: Content, field: str) -> Question | None:
    """The question of that id, if it applies."""
    entry = _BY_ID.get(field)
    if entry is not None:
        return entry if _applies(field, content) else None
    return next((_extra(extra) for extra in content.spec.extras_for(content.kind) if extra.id == field and _worth_asking(extra)), None)


def required(content: Content, entry: Question) -> bool:
    """Whether a nomination cannot be submitted without this value."""
    if entry.id == "seniority":
        return content.spec.requires_seniority(content.kind)
    return entry.required


def label(content: Content, field: str) -> str:
    """The name of a value as people know it."""
    if field in _BY_ID:
        return _BY_ID[field].label(content)
    return next((extra.label for extra in content.spec.extras if extra.id == field), field)


def choices(content: Content, field: str) -> tuple[tuple[str, str], ...]:
    """What a choice question offers: (value stored, label shown)."""
    spec = content.spec
    if field == "kind":
        return tuple((kind, KINDS[kind]) for kind in spec.kinds)
    if field == "field":
        return tuple((entry.name, entry.name) for entry in spec.fields)
    if field == "role":
        return tuple((role, ROLES[role]) for role in spec.roles_for(content.values.get("field")))
    return ()


def _applies(field: str, content: Content) -> bool:
    spec, individual = content.spec, content.kind == "individual"
    if field == "field":
        return bool(spec.fields)
    if field == "role":
        return individual and bool(choices(content, "role"))
    if field == "seniority":
        return individual and (spec.requires_seniority("individual") or content.role != "student")
    if field == "contact":
        return not individual
    if field == "criteria":
        return bool(content.options())
    return True


def _worth_asking(extra: Extra) -> bool:
    return "ghi chú" not in extra.label.lower()


def _extra(extra: Extra) -> Question:
    return Question(extra.id, "text", _both(extra.label), _both(f"{extra.label}?"), _both(""), (parse_line, parse_line))
