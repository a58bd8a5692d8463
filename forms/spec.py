"""What a plan makes of the form: kinds, fields, roles, criteria and columns, frozen with the plan's version.

Nothing here knows a particular plan: roles are read from the words of `Criteria.applies_to`, columns from the words of the
printed header. A column that the form has no question for becomes a question of its own.
"""

from __future__ import annotations

import re
from typing import Literal

from knowledge.model import Criteria, Frozen, Plan, Table
from knowledge.text import one_line, unaccent

Kind = Literal["individual", "collective"]
Role = Literal["teacher", "manager", "principal", "staff", "student", "party_member"]

KINDS: dict[Kind, str] = {"individual": "Cá nhân", "collective": "Tập thể"}
ROLES: dict[Role, str] = {
    "teacher": "Nhà giáo",
    "manager": "Cán bộ quản lý",
    "principal": "Hiệu trưởng, phó hiệu trưởng",
    "staff": "Nhân viên, người lao động",
    "student": "Học sinh, sinh viên",
    "party_member": "Đảng viên",
}

# Words of a role, unaccented, as whole words; the more special role stands first.
_ROLE_WORDS: tuple[tuple[Role, str], ...] = (
    ("principal", r"(pho )?hieu (truong|pho)|(pho )?giam doc|ban giam hieu|ht|pht"),
    ("manager", r"can bo quan ly|cbql|quan ly|(pho )?truong (phong|khoa|don vi|bo mon)|lanh dao"),
    ("teacher", r"nha giao|giao vien|giang vien|gv|thay co"),
    ("student", r"hoc sinh|sinh vien|hoc vien|hssv|sv|nguoi hoc"),
    ("party_member", r"dang vien"),
    ("staff", r"nguoi lao dong|nhan vien|nv|nld|hld|vien chuc|cong chuc|ccvc|cbccvc|chuyen vien|can bo(?! quan ly)"),
)


class Criterion(Frozen):
    """One option of the multi-select: an item of a group of criteria, its short text and its place (`ref`) in the plan.

    Several items may stand in one clause, so `id` tells them apart ("II.2.1", "II.2.1#2"). `kinds`, `roles` and `field`
    say whom it is for; an empty `roles` or a `field` of None means everybody.
    """

    id: str
    ref: str
    text: str
    short: str
    group: str
    kinds: tuple[Kind, ...]
    roles: tuple[Role, ...] = ()
    field: str | None = None
    vote: str | None = None
    judge: str | None = None


class FormField(Frozen):
    """A field (lĩnh vực) of nomination with the unit that chairs it."""

    name: str
    chair: str | None = None
    ref: str = ""


class Column(Frozen):
    """A column of a table: the header as printed and the values that stand in it ("number" counts the rows)."""

    label: str
    fields: tuple[str, ...] = ()


class Extra(Frozen):
    """A printed column that the form knows no question for: asked as plain text under its own label."""

    id: str
    label: str


NUMBER = Column(label="TT", fields=("number",))
CONTACTS = Column(label="Số điện thoại, email", fields=("phone", "email"))

INDIVIDUAL_COLUMNS = (
    NUMBER,
    Column(label="Họ và tên", fields=("name",)),
    Column(label="Đơn vị công tác", fields=("unit",)),
    Column(label="Thâm niên giảng dạy", fields=("seniority",)),
    Column(label="Tóm tắt thành tích", fields=("summary",)),
    CONTACTS,
)
COLLECTIVE_COLUMNS = (
    NUMBER,
    Column(label="Tên tập thể", fields=("name",)),
    Column(label="Thuộc đơn vị", fields=("unit",)),
    Column(label="Tóm tắt thành tích", fields=("summary",)),
    Column(label="Người đại diện", fields=("contact",)),
    CONTACTS,
)
CODE_COLUMN = Column(label="Mã hồ sơ", fields=("code",))
ROLE_COLUMN = Column(label="Nhóm đối tượng", fields=("role",))
FIELD_COLUMN = Column(label="Lĩnh vực", fields=("field",))

# Header words, unaccented; asked in this order, so that "Tên đơn vị" is no name of a person.
HEADER_WORDS: tuple[tuple[str, str], ...] = (
    ("number", r"^(tt|stt|so tt|so thu tu|no|#)$"),
    ("code", r"^ma( so)?( ho so| de cu)?$"),
    ("kind", r"^(doi tuong|loai( doi tuong)?|ca nhan ?[/,-] ?tap the)$"),
    ("role", r"^nhom( doi tuong)?$"),
    ("criteria", r"tieu chi|tieu chuan"),
    (
        "seniority",
        r"tham nien|so nam (cong tac|giang day|day)|nam (cong tac|giang day)|nam kinh nghiem|(nam|ngay|thang) vao nganh|cong tac tu$",
    ),
    ("phone", r"dien thoai|sdt|so dt|\bdt(dd)?\b|di dong|\btel\b|\bphone\b|\bmobile\b|zalo|^(thong tin )?lien (he|lac)$"),
    ("email", r"e-?mail|thu dien tu|hop thu|\b[eg]?mail\b|^(thong tin )?lien (he|lac)$"),
    ("summary", r"thanh tich|tom tat|ly do( de (cu|nghi|xuat))?$|noi dung dien hinh|ket qua noi bat|dong gop"),
    ("contact", r"dai dien|(nguoi|dau moi) lien (he|lac)"),
    ("field", r"linh vuc"),
    ("unit", r"don vi|co quan|cong tac|truong|phong ban|\bkhoa\b|thuoc|noi lam viec|to chuyen mon|bo mon|^(to|lop|dv)$"),
    (
        "name",
        r"ho( va)? ?,? ?(chu dem )?(va )?ten|ten tap the|ten (ca nhan|dien hinh|nguoi|nha giao|giao vien|can bo|nhan vien)"
        r"|ten (hoc|sinh) (sinh|vien)|^ten$|hoten|nguoi duoc de cu|^(full ?)?name$",
    ),
    ("note", r"ghi chu|loi can sua"),
)
_HEADERS = tuple((field, re.compile(pattern)) for field, pattern in HEADER_WORDS)


def header_fields(label: str) -> tuple[str, ...]:
    """Which values a printed header names; empty if it names none that the form knows."""
    bare = " ".join(unaccent(one_line(label)).lower().split())
    found = [field for field, pattern in _HEADERS if pattern.search(bare)]
    if "name" in found:
        found = [field for field in found if field not in ("unit", "summary")]
    if any(field in found for field in ("seniority", "contact", "summary", "criteria")):
        found = [field for field in found if field != "unit"]
    return tuple(dict.fromkeys(found))


def shorten(text: str, limit: int = 90) -> str:
    """`text` on one line, cut at a word border with an ellipsis."""
    line = one_line(text).strip(" ;.-+•*")
    if len(line) <= limit:
        return line
    return line[: limit + 1].rsplit(" ", 1)[0].rstrip(" ,;") + "…"


def roles_named(names: tuple[str, ...]) -> tuple[Role, ...]:
    """The roles that a plan's own words name ("Cán bộ quản lý", "HSSV"), in the order of `ROLES`."""
    bare = " | ".join(unaccent(one_line(name)).lower() for name in names)
    found = {role for role, words in _ROLE_WORDS if re.search(rf"\b(?:{words})\b", bare)}
    return tuple(role for role in ROLES if role in found)


class FormSpec(Frozen):
    """The form of one plan in one version. Made by `from_plan`, then frozen into every draft and nomination."""

    org: str
    plan_id: str
    plan_version: int
    title: str = ""
    number: str | None = None
    period: str | None = None
    kinds: tuple[Kind, ...] = ("individual", "collective")
    fields: tuple[FormField, ...] = ()
    roles: tuple[Role, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    columns: tuple[Column, ...] = ()
    table_kinds: tuple[Kind, ...] = ()
    table_title: str | None = None
    signature: str | None = None
    extras: tuple[Extra, ...] = ()
    dossier: tuple[str, ...] = ()

    @classmethod
    def from_plan(cls, plan: Plan) -> FormSpec:
        """The form that `plan` asks for; what the plan leaves unsaid is ours (`own_table` False)."""
        fields = tuple(FormField(name=field.name, chair=field.chair, ref=field.ref) for field in plan.fields)
        criteria = _numbered([option for group in plan.criteria for option in _options(group, fields)])
        columns, extras = _columns(plan.table)
        return cls(
            org=plan.org,
            plan_id=plan.id,
            plan_version=plan.version,
            title=one_line(plan.title or plan.source),
            number=plan.number,
            period=plan.period.text if plan.period else None,
            kinds=_kinds(criteria),
            fields=fields,
            roles=_roles(criteria),
            criteria=criteria,
            columns=columns,
            table_kinds=_table_kinds(columns),
            table_title=one_line(plan.table.title) if plan.table and plan.table.title else None,
            signature=one_line(plan.table.signature) if plan.table and plan.table.signature else None,
            extras=extras,
            dossier=tuple(one_line(part.name) for part in plan.dossier),
        )

    @property
    def own_table(self) -> bool:
        """Whether the plan prints a table of its own."""
        return bool(self.columns)

    def own_layout(self, kind: Kind) -> bool:
        """Whether the table for `kind` is the plan's; if not it is ours, and says so."""
        return kind in self.table_kinds

    def layout(self, kind: Kind) -> tuple[Column, ...]:
        """The columns of the table for `kind`: the plan's where it fits, else ours."""
        if self.own_layout(kind):
            return self.columns
        ours = INDIVIDUAL_COLUMNS if kind == "individual" else COLLECTIVE_COLUMNS
        return (*ours[:3], FIELD_COLUMN, *ours[3:]) if self.fields else ours

    def requires_seniority(self, kind: Kind) -> bool:
        return self.own_layout(kind) and any("seniority" in column.fields for column in self.columns)

    def extras_for(self, kind: Kind) -> tuple[Extra, ...]:
        return self.extras if self.own_layout(kind) else ()

    def options(self, kind: Kind, role: Role | None = None, field: str | None = None) -> tuple[Criterion, ...]:
        """The criteria that may be claimed by a nominee of this kind, role and field, in the order of the plan."""
        return tuple(
            item
            for item in self.criteria
            if kind in item.kinds
            and (not item.roles or kind == "collective" or role is None or role in item.roles)
            and (item.field is None or field is None or item.field == field)
        )

    def roles_for(self, field: str | None = None) -> tuple[Role, ...]:
        """The roles to choose from: none where the criteria do not differ by role."""
        items = self.options("individual", None, field)
        return _roles(items)

    def field(self, name: str) -> FormField | None:
        return next((field for field in self.fields if field.name == name), None)


def _options(group: Criteria, fields: tuple[FormField, ...]) -> list[Criterion]:
    kinds: tuple[Kind, ...] = (group.target,) if group.target else ("individual", "collective")
    field = next((f.name for f in fields if f.ref and (group.ref == f.ref or group.ref.startswith(f.ref + "."))), None)
    roles = roles_named(group.applies_to)
    texts = [(item.ref or group.ref, item.quote, item.vote, item.judge) for item in group.items]
    if not texts and group.quote:
        texts = [(group.ref, group.quote, None, None)]
    return [
        Criterion(
            id=ref,
            ref=ref,
            text=one_line(quote),
            short=shorten(quote),
            group=group.ref,
            kinds=kinds,
            roles=roles,
            field=field,
            vote=vote,
            judge=judge,
        )
        for ref, quote, vote, judge in texts
    ]


def _numbered(options: list[Criterion]) -> tuple[Criterion, ...]:
    seen: dict[str, int] = {}
    numbered = []
    for option in options:
        seen[option.ref] = seen.get(option.ref, 0) + 1
        count = seen[option.ref]
        numbered.append(option if count == 1 else option.model_copy(update={"id": f"{option.ref}#{count}"}))
    return tuple(numbered)


def _kinds(criteria: tuple[Criterion, ...]) -> tuple[Kind, ...]:
    named = {kind for item in criteria for kind in item.kinds}
    return tuple(kind for kind in KINDS if kind in named) or tuple(KINDS)


def _roles(criteria: tuple[Criterion, ...]) -> tuple[Role, ...]:
    """Roles between which the criteria tell; where some hold for everybody, teachers and staff stand beside them."""
    individual = [item for item in criteria if "individual" in item.kinds]
    named = {role for item in individual for role in item.roles}
    if not named:
        return ()
    if any(not item.roles for item in individual):
        named |= {"teacher", "staff"}
    return tuple(role for role in ROLES if role in named)


def _columns(table: Table | None) -> tuple[tuple[Column, ...], tuple[Extra, ...]]:
    if table is None or not table.columns:
        return (), ()
    columns: list[Column] = []
    extras: list[Extra] = []
    taken: set[str] = set()
    for label in map(one_line, table.columns):
        known = tuple(field for field in header_fields(label) if field not in taken)
        if not known:
            extras.append(Extra(id=f"x{len(extras) + 1}", label=label))
            known = (extras[-1].id,)
        taken.update(known)
        columns.append(Column(label=label, fields=known))
    if not any("name" in column.fields for column in columns):
        return (), ()  # a table without a name is not the list of nominees
    return tuple(columns), tuple(extras)


def _table_kinds(columns: tuple[Column, ...]) -> tuple[Kind, ...]:
    label = next((column.label for column in columns if "name" in column.fields), "")
    if not label:
        return ()
    bare = unaccent(label).lower()
    collective = "tap the" in bare
    individual = not collective or bool(re.search(r"\bho\b|ca nhan", bare))
    return tuple(kind for kind, fits in (("individual", individual), ("collective", collective)) if fits)  # type: ignore[misc]
