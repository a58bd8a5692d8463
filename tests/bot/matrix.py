"""Who may do what: every command, every button and every text that the bot waits for, with who gets through and what the others get.

`test_matrix.py` plays the whole table against the running bot and fails where a handler has no row. The table for people:

    python -m tests.bot.matrix
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot import messages
from tests.bot.school import ABOVE, ORG, OTHER

TEACHER, HEAD, CLERK, ADMIN = "giáo viên", "trưởng đơn vị", "thư ký", "quản trị"
HEAD_BESIDE = "trưởng đơn vị khác"
TEACHER_ELSEWHERE, HEAD_ELSEWHERE, CLERK_ELSEWHERE = "giáo viên trường khác", "trưởng đơn vị trường khác", "thư ký trường khác"
CLERK_ABOVE = "thư ký cấp trên"
ACTORS = (TEACHER, HEAD, CLERK, ADMIN, HEAD_BESIDE, TEACHER_ELSEWHERE, HEAD_ELSEWHERE, CLERK_ELSEWHERE, CLERK_ABOVE)

EVERYBODY = frozenset(ACTORS)
CLERKS = frozenset({CLERK, CLERK_ELSEWHERE, CLERK_ABOVE})
HEADS = frozenset({HEAD, HEAD_BESIDE, HEAD_ELSEWHERE})
FILERS = CLERKS | HEADS
OWN_CLERK = frozenset({CLERK})
OWN_UNIT = frozenset({HEAD})
VIEWERS = OWN_CLERK | OWN_UNIT
OWN_SCHOOL = frozenset({HEAD, HEAD_BESIDE, CLERK})
ADMINS = frozenset({ADMIN})
ASKER = frozenset({TEACHER})


@dataclass(frozen=True)
class Row:
    """One thing to do. `passes` get through; `finds_nothing` are told that the button is an old one, everybody else is refused.

    `waiting` is what the bot waits for from the person beforehand, where the press or the text goes on with something.
    """

    name: str
    does: str
    passes: frozenset[str]
    finds_nothing: frozenset[str] = frozenset()
    waiting: dict[str, Any] | None = field(default=None, hash=False)


def _nomination(verb: str, number: int, *more: object) -> str:
    return ".".join([verb, ORG, str(number), *map(str, more)])


def _waits(what: str, **more: Any) -> dict[str, Any]:
    return {"for": what, **more}


def _of(code: str, **more: Any) -> dict[str, Any]:
    return {"org": ORG, "code": code, **more}


LISTED, SUBMITTED, TWICE, VOTED, DECIDED = 1, 2, 3, 4, 5
"""The numbers of the nominations in `test_matrix`; the first stands on the closed round's list, which its unit has signed."""

COMMANDS = (
    *(Row(name, f"/{name}", EVERYBODY) for name in ("start", "trogiup", "help", "huy", "dulieu", "dieukien")),
    *(Row(name, f"/{name}", FILERS) for name in ("decu", "hoso", "mau")),
    Row("dot", "/dot", FILERS),
    *(Row(name, f"/{name}", CLERKS) for name in ("hangcho", "tonghop", "cauhoi", "daumoi")),
    *(Row(name, f"/{name}", ADMINS) for name in ("kehoach", "moi", "nguoidung", "donvi", "tamdung", "nhatky", "tinhtrang", "suco")),
    Row("nhapdonvi", f"/nhapdonvi {ORG} {OTHER}", ADMINS),
    Row("dinhchinh", "/dinhchinh TL-0001", ADMINS),
)

BUTTONS = (
    # everybody, about themselves or about nobody
    *(
        Row(data.split(".")[0], data, EVERYBODY)
        for data in ("else", f"crit.{ORG}-1.1.i.0", "keepit", "fine", "try.0", f"org.{ORG}", "mydata", "myfix", "mywdr", "mynom", "mygone")
    ),
    Row("mygone2", "mygone2", EVERYBODY),
    Row("wish", "wish", EVERYBODY, waiting=_waits("institution", wish="Trường Xa")),
    # an answer is its asker's
    *(Row(data.split(".")[0], data, ASKER, EVERYBODY - ASKER) for data in ("sec.1", "nbr.1", "good.1", "bad.1", "page.1", "pass.1")),
    Row("in", f"in.1.{ORG}", ASKER, EVERYBODY - ASKER),
    # a nomination: its unit, its secretariat
    *(Row(verb, _nomination(verb, SUBMITTED), VIEWERS) for verb in ("see", "pack", "evi", "askb")),
    *(Row(verb, _nomination(verb, SUBMITTED), OWN_UNIT) for verb in ("mend", "wdr", "gone", "mywdrn")),
    Row("mywdry", _nomination("mywdry", SUBMITTED, 0), OWN_UNIT),
    *(Row(verb, _nomination(verb, SUBMITTED, 0), OWN_CLERK) for verb in ("acc", "ret")),
    Row("why", _nomination("why", SUBMITTED, 0, "summary"), OWN_CLERK),
    *(Row(verb, _nomination(verb, SUBMITTED), OWN_CLERK) for verb in ("back", "zip")),
    Row("vote", _nomination("vote", VOTED, 1), OWN_CLERK),
    Row(
        "vrec",
        _nomination("vrec", VOTED, 1),
        OWN_CLERK,
        waiting=_waits("vote", **_of(f"ĐC-000{VOTED}", revision=1, vote={"members": 9, "yes": 6})),
    ),
    Row("dec", _nomination("dec", DECIDED, 1), OWN_CLERK),
    Row("deci", _nomination("deci", DECIDED, 1, "yes"), OWN_CLERK),
    Row(
        "decm",
        _nomination("decm", DECIDED, 1),
        OWN_CLERK,
        waiting=_waits("minutes", **_of(f"ĐC-000{DECIDED}", revision=1, approved=True)),
    ),
    Row("mrg", _nomination("mrg", TWICE, SUBMITTED), OWN_CLERK),
    Row("mrgs", _nomination("mrgs", TWICE, SUBMITTED, 0), OWN_CLERK),
    Row("unseal", _nomination("unseal", LISTED), OWN_CLERK),
    Row("seal", "seal", OWN_UNIT, waiting=_waits("scan", **_of(f"ĐC-000{SUBMITTED}", sha="SCAN", ending="pdf"))),
    Row("noseal", "noseal", EVERYBODY, waiting=_waits("scan", **_of(f"ĐC-000{SUBMITTED}", sha="SCAN", ending="pdf"))),
    # a draft is its author's
    *(Row(data.split(".")[0], data, OWN_UNIT, EVERYBODY - OWN_UNIT) for data in ("draft.DRAFT", "hand.DRAFT", "hands.DRAFT.HEIR")),
    Row("next", "next.FILED", OWN_UNIT, EVERYBODY - OWN_UNIT),
    Row("step", "DRAFT:0:pick.0", OWN_UNIT, EVERYBODY - OWN_UNIT),
    Row("nom", f"nom.{ORG}-1", OWN_SCHOOL, FILERS - OWN_SCHOOL),
    Row("blank", "blank", FILERS),
    Row("tab", f"tab.{ORG}-1", OWN_SCHOOL, EVERYBODY - OWN_SCHOOL, waiting=_waits("table", sha="TABLE", name="bang.xlsx")),
    # the secretariat's lists and rounds
    *(
        Row(data.split(".")[0], data, CLERKS)
        for data in ("list.accepted", "queue.all", "qunit.submitted", "qround.submitted", "dups", "rnew")
    ),
    Row("ropen", f"ropen.{ORG}-1.sure", OWN_CLERK, CLERKS - OWN_CLERK),
    Row("rdate", "rdate", OWN_CLERK, waiting=_waits("round_date", org=ORG, plan=f"{ORG}-1")),
    Row("runits", "runits", OWN_CLERK, waiting=_waits("round_units", org=ORG, plan=f"{ORG}-1", closes=None)),
    Row("rclose", "rclose.2.REVISION", OWN_CLERK),
    Row("rnone", "rnone.2", frozenset({HEAD, HEAD_BESIDE}), EVERYBODY - {HEAD, HEAD_BESIDE}),
    Row("lget", "lget.1", frozenset({CLERK, CLERK_ABOVE})),
    Row("lnew", "lnew.1.1", OWN_CLERK),
    Row("lfwd", "lfwd.1.1", OWN_CLERK),
    Row(
        "ledit",
        "ledit",
        OWN_CLERK,
        waiting=_waits(
            "list_changes", org=ORG, changes={f"ĐC-000{SUBMITTED}": {"summary": "Khác"}}, revisions={f"ĐC-000{SUBMITTED}": 0}
        ),
    ),
    Row("lleave", "lleave", OWN_CLERK, waiting=_waits("list_changes", org=ORG, changes={}, revisions={})),
    # questions
    Row("reply", "reply.1", OWN_CLERK),
    Row("keep", "keep.2", OWN_CLERK),
    Row("agree", "agree.3", OWN_CLERK),
    Row("drop", "drop.3", OWN_CLERK),
    # the system
    *(
        Row(data.split(".")[0], data, ADMINS)
        for data in ("inv.admin", f"invo.secretariat.{ORG}", "rev.2", "revs.2", "orgmno", f"planoff.{ORG}-1", f"planon.{ORG}-1")
    ),
    Row("invu", "invu", ADMINS, waiting=_waits("invite_unit", org=ORG)),
    Row("orgm", "orgm", ADMINS, waiting=_waits("merge", gone=OTHER, into=ORG)),
    Row("corr", "corr.1.DIGEST", ADMINS, waiting=_waits("correction", answer=1, text="Đính chính")),
    Row("corrno", "corrno", ADMINS, waiting=_waits("correction", answer=1, text="Đính chính")),
    Row("padd", f"padd.{ORG}", ADMINS, waiting=_waits("plan", sha="PLAN", name="moi.txt")),
    Row("pyes", "pyes", ADMINS, waiting=_waits("plan", sha="PLAN", name="moi.txt", org=ORG)),
    Row("pno", "pno", ADMINS, waiting=_waits("plan", sha="PLAN", name="moi.txt")),
    Row("pundo", f"pundo.{ORG}-1.1", ADMINS),
)

TEXTS = (
    Row("return", "Xin bổ sung", OWN_CLERK, waiting=_waits("return", **_of(f"ĐC-000{SUBMITTED}", field="summary", revision=0))),
    Row("vote", "6/9", OWN_CLERK, waiting=_waits("vote", **_of(f"ĐC-000{VOTED}", revision=1))),
    Row("minutes", "Biên bản số 3", OWN_CLERK, waiting=_waits("minutes", **_of(f"ĐC-000{DECIDED}", revision=1, approved=True))),
    Row("back", "Xin xem lại", OWN_CLERK, waiting=_waits("back", **_of(f"ĐC-000{SUBMITTED}"))),
    Row("ask_back", "Năm nào ạ?", VIEWERS, waiting=_waits("ask_back", **_of(f"ĐC-000{SUBMITTED}"))),
    Row("reply", "Số 105", OWN_CLERK, waiting=_waits("reply", inquiry=1)),
    Row("contact", "cô Lan", OWN_CLERK, waiting=_waits("contact", org=ORG)),
    Row("round_date", "30/11/2026", OWN_CLERK, waiting=_waits("round_date", org=ORG, plan=f"{ORG}-1")),
    Row("round_units", "Tổ Toán", OWN_CLERK, waiting=_waits("round_units", org=ORG, plan=f"{ORG}-1", closes=None)),
    Row("invite_unit", "Tổ Lý", ADMINS, waiting=_waits("invite_unit", org=ORG)),
    Row("correction", "Đính chính", ADMINS, waiting=_waits("correction", answer=1)),
    Row("data_request", "Xin sửa", EVERYBODY, waiting=_waits("data_request", kind="correct")),
)
GROUP = (Row("nhom", "/nhom", CLERKS),)


@dataclass(frozen=True)
class File:
    """One file to send, and how what the bot then says begins; everybody who is not named is told that no file is wanted.

    `kept`: those whose file is held for what they are asked about it.
    """

    name: str
    sent: str
    said: Mapping[str, str] = field(hash=False)
    kept: frozenset[str] = frozenset()
    waiting: dict[str, Any] | None = field(default=None, hash=False)

    @property
    def passes(self) -> frozenset[str]:
        return frozenset(self.said) - self.finds_nothing

    @property
    def finds_nothing(self) -> frozenset[str]:
        return frozenset(actor for actor, said in self.said.items() if said == messages.NO_PLAN_YET)


AS_A_PLAN = {ADMIN: messages.PLAN_WHICH_INSTITUTION}
AS_SIGNED = {HEAD: messages.scan_question("Tổ Toán", 4)}
AS_A_TABLE = dict.fromkeys(OWN_SCHOOL, "Đã đọc 1 dòng") | dict.fromkeys(FILERS - OWN_SCHOOL, messages.NO_PLAN_YET)
ATTACHED = {HEAD: "Đã đính kèm"}

FILES = (
    File("kế hoạch", "ke-hoach.txt", AS_A_PLAN | AS_SIGNED, kept=ADMINS | OWN_UNIT),
    File("kế hoạch chụp", "ke-hoach.webp", AS_A_PLAN | AS_SIGNED, kept=ADMINS | OWN_UNIT),
    File("bản ký", "ban-ky.pdf", AS_A_PLAN | AS_SIGNED, kept=ADMINS | OWN_UNIT),
    File("ảnh bản ký", "ảnh", AS_SIGNED, kept=OWN_UNIT),
    File("bản sao lưu", "sao-luu.zip", AS_A_PLAN | AS_SIGNED, kept=ADMINS | OWN_UNIT),
    File("bảng đã điền", "bang.xlsx", AS_A_PLAN | AS_A_TABLE, kept=ADMINS),
    File("bảng Word", "bang.docx", AS_A_PLAN | AS_A_TABLE, kept=ADMINS),
    File("danh sách đã sửa", "danh-sach.xlsx", AS_A_PLAN | AS_A_TABLE | {CLERK: messages.LIST_CHANGES}, kept=ADMINS),
    File("minh chứng", "giay-khen.pdf", ATTACHED, waiting=_waits("draft", draft="DRAFT")),
    File("ảnh minh chứng", "ảnh", ATTACHED, waiting=_waits("draft", draft="DRAFT")),
    File("bảng khi đang điền", "bang.xlsx", AS_A_PLAN | AS_A_TABLE, kept=ADMINS, waiting=_waits("draft", draft="DRAFT")),
)


def table(rows: Iterable[Row | File]) -> str:
    """The rows as people read them: ✓ gets through, · finds nothing of theirs, – is refused."""
    lines = ["| | " + " | ".join(ACTORS) + " |", "|---" * (len(ACTORS) + 1) + "|"]
    for row in rows:
        marks = ["✓" if actor in row.passes else "·" if actor in row.finds_nothing else "–" for actor in ACTORS]
        lines.append(f"| {row.name} | " + " | ".join(marks) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(f"{ORG}: một đơn vị; {OTHER}: đơn vị khác; {ABOVE}: cấp trên\n")
    for rows in (COMMANDS, BUTTONS, TEXTS, GROUP, FILES):
        print(table(rows) + "\n")
