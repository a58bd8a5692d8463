"""Plans, drafts and nominations for the tests of forms: invented, small, everything sayable in one line."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from sqlite_utils import Database

from forms import flow, workflow
from forms.asking import offered
from forms.dialogue import Ask, Event, Note, Press, Preview, Refuse, Reply, Submitted, Text
from forms.migrations import migrations
from forms.model import Actor, Draft, FormSpec, Nomination
from forms.store import NominationStore
from knowledge.model import Criteria, CriterionItem, DossierPart, NominationField, Plan, Table

NOW = datetime(2026, 11, 20, 2, 42, tzinfo=UTC)
HEAD = Actor(user=1, role="unit_head", name="Trần Văn Bình")
CLERK = Actor(user=2, role="secretariat", name="Lê Thị Mai")
COLUMNS = ("TT", "Họ và tên", "Đơn vị công tác", "Thâm niên giảng dạy", "Tóm tắt thành tích", "Số điện thoại, email")
_numbers = count(1)


def group(ref: str, target: str | None, *items: str, roles: tuple[str, ...] = (), vote: str | None = None) -> Criteria:
    entries = tuple(CriterionItem(quote=text, ref=f"{ref}.-{n}", vote=vote) for n, text in enumerate(items, 1))
    return Criteria(ref=ref, target=target, applies_to=roles, items=entries)  # type: ignore[arg-type]


def school_plan() -> Plan:
    """A plan with a table of its own; one more criterion for principals."""
    return Plan(
        id="sao-1",
        version=2,
        org="sao",
        source="sao.txt",
        title="Kế hoạch biểu dương gương sáng",
        number="12/KH-SAO",
        criteria=(
            group("II.1", "collective", "Đoàn kết", "Đổi mới"),
            group("II.2", "individual", "Có sáng kiến", "Dạy giỏi", "Nêu gương"),
            group("II.3", "individual", "Trường đạt danh hiệu", roles=("hiệu trưởng", "phó hiệu trưởng")),
        ),
        dossier=(DossierPart(name="Tờ trình", ref="II.6"), DossierPart(name="Biên bản họp", ref="II.6")),
        table=Table(title="DANH SÁCH", columns=COLUMNS, signature="THỦ TRƯỞNG ĐƠN VỊ"),
    )


def college_plan() -> Plan:
    """A plan without a table, with two fields; the council votes on one criterion."""
    return Plan(
        id="trang-1",
        version=1,
        org="trang",
        source="trang.txt",
        title="Nhân rộng gương sáng",
        criteria=(
            group("III.1.1", "individual", "Đảng viên gương mẫu", roles=("đảng viên",)),
            group("III.2.1", "individual", "Giảng dạy tốt", roles=("nhà giáo",)),
            group("III.2.2", "individual", "Học tập tốt", roles=("sinh viên",)),
            group("III.2.3", "collective", "Nhiều sáng kiến", vote="2/3"),
        ),
        fields=(
            NominationField(name="Xây dựng Đảng", chair="Đảng ủy", ref="III.1"),
            NominationField(name="Đổi mới dạy học", chair="Phòng Đào tạo", ref="III.2"),
        ),
    )


def bare_plan() -> Plan:
    """A plan that says nothing about criteria, fields or a table."""
    return Plan(id="moc-1", version=1, org="moc", source="moc.txt", title="Tuyên truyền gương sáng")


SCHOOL, COLLEGE, BARE = map(FormSpec.from_plan, (school_plan(), college_plan(), bare_plan()))

PERSON = {
    "kind": "individual",
    "role": "teacher",
    "name": "Nguyễn Thị Hoa",
    "unit": "Trường THCS Bình Minh",
    "seniority": "12 năm",
    "summary": "Giáo viên dạy giỏi",
    "phone": "0912 345 678",
    "email": "hoa.nt@truong.edu.vn",
    "consent": "yes",
}
GROUP = {
    "kind": "collective",
    "name": "Tổ Toán - Tin",
    "unit": "Trường THCS Bình Minh",
    "summary": "Dẫn đầu phong trào",
    "contact": "Trần Văn An",
    "phone": "Không có",
    "email": "Không có",
    "consent": "yes",
}


def draft(spec: FormSpec = SCHOOL, *, unit: str = "Trường THCS Bình Minh", **values: str) -> Draft:
    return flow.new_draft(spec, org=spec.org, unit=unit, author=1, values=values)


def nomination(
    code: str | None = None, spec: FormSpec = SCHOOL, *, of_unit: str = "Trường A", **values: str
) -> Nomination:
    """A filed one, sent by `of_unit`; any value may be given, valid or not."""
    whole = {**(GROUP if values.get("kind") == "collective" else PERSON)}
    if spec.fields:
        whole["field"] = spec.fields[-1].name
    made = flow.new_draft(spec, org=spec.org, unit=of_unit, author=1, values=whole)
    filed, _ = workflow.file(made, code or f"ĐC-{next(_numbers):04d}", HEAD, NOW)
    return filed.model_copy(update={"values": {**filed.values, **values}})


def store() -> NominationStore:
    db = Database(memory=True)
    db.execute("PRAGMA foreign_keys = ON")
    migrations.apply(db)
    return NominationStore(db)


def press(held: Draft, label: str) -> Press:
    """The press of the button that is shown with this label."""
    button = next(button for button in offered(held) if button.label == label)
    return Press(action=button.action, revision=held.revision)


def say(held: Draft, *turns: str | Event) -> tuple[Draft, tuple[Reply, ...]]:
    """Texts typed, or "[label]" pressed, one after the other; the last replies."""
    replies: tuple[Reply, ...] = ()
    for turn in turns:
        event = turn
        if isinstance(turn, str):
            event = press(held, turn[1:-1]) if turn.startswith("[") else Text(text=turn)
        held, replies = flow.advance(held, event)  # type: ignore[arg-type]
    return held, replies


def told(reply: Reply) -> str:
    """A reply as a line of a transcript."""
    if isinstance(reply, Ask):
        buttons = " ".join(f"[{button.label}]" for button in reply.buttons)
        return f"{reply.prompt} {buttons}".strip()
    if isinstance(reply, Refuse):
        return f"{reply.what} Ví dụ: {reply.example}." if reply.example else reply.what
    if isinstance(reply, Preview):
        return "Xem lại: " + " | ".join(text.replace("\n", " ") for _, text in reply.row)
    if isinstance(reply, Note):
        return reply.text
    assert isinstance(reply, Submitted)
    return "(gửi)"
