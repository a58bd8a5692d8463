"""The papers around a nomination, after Nghị định 30/2020/NĐ-CP: the unit's pack and the secretariat's compiled list.

    papers.unit_list(nominations, heading, out, "docx")           DANH SÁCH in the plan's layout, for the unit head to sign
    papers.letter(nominations, heading, recipient, out)           draft of the tờ trình
    papers.minutes(nominations, heading, out)                     draft of the biên bản họp bình xét
    papers.pack(nominations, heading, recipient, folder)          all of them, for one unit
    papers.compiled(fixed, round, heading, slots, out, "docx")    the secretariat's list, with its own heading and signatures

Numbers, dates, attendance, opinions and votes are never filled in: they are the clerk's and the meeting's to write.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from docx.shared import Mm

from forms import lists
from forms.layout import ATTACHED, Heading, ListPaper, Slot, by_given_name
from forms.model import FormSpec, Nomination, Round
from forms.rounds import CompiledList
from forms.spec import Column
from forms.values import line
from forms.word import JUSTIFY, LEFT, Paper, sign
from forms.wordtable import StreamedTable
from knowledge.text import unaccent

__all__ = [
    "Heading",
    "ListPaper",
    "Slot",
    "compiled",
    "compiled_paper",
    "letter",
    "minutes",
    "of_the_party",
    "pack",
    "unit_list",
    "unit_paper",
]

HEAD_OF_UNIT = "THỦ TRƯỞNG ĐƠN VỊ"
SUBJECT = "đề nghị xét, công nhận điển hình tiên tiến"
_PARTY = re.compile(r"\b(cap uy|dang uy|chi uy|dang bo|chi bo|xay dung dang|to chuc (co so )?dang)\b")
_VOTES = (
    Column(label="TT", fields=("number",)),
    Column(label="Họ và tên, tên tập thể", fields=("name",)),
    Column(label="Đơn vị", fields=("unit",)),
    Column(label="Đồng ý (phiếu)", fields=("seniority",)),
    Column(label="Không đồng ý (phiếu)", fields=("seniority",)),
    Column(label="Ý kiến khác", fields=("seniority",)),
)
_PORTRAIT = 9_180


def unit_paper(nominations: Sequence[Nomination], heading: Heading, *, signer: Sequence[Slot] = ()) -> ListPaper:
    """The unit's DANH SÁCH: the plan's own title and signature where it prints them."""
    spec = nominations[0].spec
    own = all(item.spec.own_layout(item.kind) for item in nominations)
    title = (spec.table_title or "DANH SÁCH") if own else "DANH SÁCH"
    slots = tuple(signer) or (Slot(title=spec.signature or HEAD_OF_UNIT),)
    subtitle = "" if own else f"{SUBJECT[0].upper()}{SUBJECT[1:]}"
    return ListPaper(title=title, subtitle=subtitle, attached=ATTACHED, heading=heading, signatures=slots)


def unit_list(
    nominations: Sequence[Nomination],
    heading: Heading,
    out: Path,
    format: Literal["docx", "xlsx"] = "docx",
    *,
    signer: Sequence[Slot] = (),
    by_name: bool = False,
) -> int:
    """The unit's list, in the order of filing or by given name; returns how many nominees."""
    rows = by_given_name(nominations) if by_name else nominations
    return lists.write(unit_paper(nominations, heading, signer=signer), rows, out, format)


def compiled_paper(fixed: CompiledList, held: Round, heading: Heading, slots: Sequence[Slot]) -> ListPaper:
    """The secretariat's list: its own number and version in a note, the office's numbers left to its clerk."""
    return ListPaper(
        title="DANH SÁCH TỔNG HỢP",
        subtitle=f"{SUBJECT[0].upper()}{SUBJECT[1:]} – {line(held.name)}",
        attached=ATTACHED,
        heading=heading,
        notes=(f"Danh sách tổng hợp số {fixed.number}. {fixed.label}.",),
        signatures=tuple(slots),
        code=True,
    )


def compiled(
    fixed: CompiledList,
    held: Round,
    heading: Heading,
    slots: Sequence[Slot],
    out: Path,
    format: Literal["docx", "xlsx"] = "docx",
    *,
    by_name: bool = False,
) -> int:
    """A compiled list as it was fixed; `slots` are whatever signatures the office wants, any titles, side by side."""
    rows = by_given_name(fixed.nominations) if by_name else fixed.nominations
    return lists.write(compiled_paper(fixed, held, heading, slots), rows, out, format)


def of_the_party(nomination: Nomination) -> bool:
    """Whether its field is chaired by a Party committee: Party papers follow another layout, so none are made here."""
    field = nomination.spec.field(nomination.values.get("field", ""))
    words = unaccent(f"{field.chair or field.name}").lower() if field else ""
    return bool(_PARTY.search(words))


def pack(nominations: Sequence[Nomination], heading: Heading, recipient: str, folder: Path) -> dict[str, Path]:
    """What a unit prints and signs: list (Word and Excel), tờ trình and biên bản, by file name.

    Nominees of a field that a Party committee chairs are left out (`of_the_party`); if there are no others, nothing is made.
    """
    nominations = [item for item in nominations if not of_the_party(item)]
    if not nominations:
        return {}
    made = {name: folder / name for name in ("Danh sách.docx", "Danh sách.xlsx", "Tờ trình (dự thảo).docx")}
    made["Biên bản họp bình xét (dự thảo).docx"] = folder / "Biên bản họp bình xét (dự thảo).docx"
    unit_list(nominations, heading, made["Danh sách.docx"], "docx")
    unit_list(nominations, heading, made["Danh sách.xlsx"], "xlsx")
    letter(nominations, heading, recipient, made["Tờ trình (dự thảo).docx"])
    minutes(nominations, heading, made["Biên bản họp bình xét (dự thảo).docx"])
    return made


# --- tờ trình ------------------------------------------------------------------------------------------------------


def letter(
    nominations: Sequence[Nomination], heading: Heading, recipient: str, out: Path, *, signer: Slot | None = None
) -> None:
    """The draft of a tờ trình to `recipient`: how many are proposed, on which plan, with which papers."""
    spec = nominations[0].spec
    paper = Paper(landscape=False)
    _official_head(paper, heading, "Số: ……/TTr-……")
    paper.line("TỜ TRÌNH", size=14, bold=True)
    title = paper.line(f"Về việc {SUBJECT}", bold=True)
    title.paragraph_format.space_after = Mm(4)
    to = paper.line(f"Kính gửi: {recipient}.")
    to.paragraph_format.space_after = Mm(4)
    paper.body(f"Căn cứ {plan_name(spec)};")
    paper.body(f"Căn cứ kết quả họp bình xét ngày …… tháng …… năm 20…… của {heading.issuer},")
    paper.body(
        f"{heading.issuer} kính trình {recipient} xem xét, công nhận điển hình tiên tiến đối với {_counted(nominations)} "
        "có tên trong danh sách gửi kèm."
    )
    paper.body("Hồ sơ gửi kèm gồm:")
    for number, name in enumerate(_enclosed(spec), 1):
        paper.body(f"{number}. {name};" if number < len(_enclosed(spec)) else f"{number}. {name}.")
    paper.body(f"{heading.issuer} kính trình {recipient} xem xét, quyết định./.")
    _close(paper, signer or Slot(title=spec.signature or HEAD_OF_UNIT))
    paper.save(out)


def plan_name(spec: FormSpec) -> str:
    """The plan as a legal basis is named: kind, number, subject; nothing that the plan does not say."""
    title = line(spec.title).rstrip(" ./")
    kind, subject = ("Đề án", title[5:].strip(" :-–")) if title.lower().startswith("đề án") else ("Kế hoạch", title)
    if subject.lower().startswith("kế hoạch"):
        subject = subject[8:].strip(" :-–")
    number = f" số {spec.number}" if spec.number else ""
    return f"{kind}{number} {_sentence_case(subject)}".strip()


def _sentence_case(text: str) -> str:
    return f"{text[:1].lower()}{text[1:].lower()}" if text.isupper() else text


def _counted(nominations: Sequence[Nomination]) -> str:
    groups = sum(item.kind == "collective" for item in nominations)
    parts = [
        f"{count:02d} {what}" for count, what in ((len(nominations) - groups, "cá nhân"), (groups, "tập thể")) if count
    ]
    return " và ".join(parts)


def _enclosed(spec: FormSpec) -> tuple[str, ...]:
    """The plan's own dossier, the tờ trình itself left out; else the papers of this pack."""
    named = tuple(part.rstrip(" .;") for part in spec.dossier if not part.lower().startswith("tờ trình"))
    return ("Danh sách đề nghị", *(named or ("Biên bản họp bình xét", "Tóm tắt thành tích")))


def _official_head(paper: Paper, heading: Heading, number: str) -> None:
    left, right = paper.columns(5, 7)
    paper.issuer(left, heading, number)
    paper.republic(right, heading.place)
    paper.line()


def _close(paper: Paper, slot: Slot) -> None:
    """Recipients on the left, the signature on the right."""
    paper.line(size=6)
    paper.tie()
    left, right = paper.columns(1, 1)
    _recipients(left)
    sign(right, slot)


def _recipients(cell: Any) -> None:
    head = cell.paragraphs[0]
    run = head.add_run("Nơi nhận:")
    run.bold, run.italic, run.font.size = True, True, 12 * 12700
    for text in ("- Như trên;", "- Lưu: VT, ……"):
        run = cell.add_paragraph().add_run(text)
        run.font.size = 11 * 12700


# --- biên bản ------------------------------------------------------------------------------------------------------


def minutes(nominations: Sequence[Nomination], heading: Heading, out: Path) -> None:
    """The draft of the minutes: who is proposed is there; time, people, opinions and votes are for the meeting to fill in."""
    paper = Paper(landscape=False)
    _official_head(paper, heading, "Số: ……/BB-……")
    paper.line("BIÊN BẢN", size=14, bold=True)
    paper.line(f"Họp bình xét, {SUBJECT}", bold=True).paragraph_format.space_after = Mm(4)
    _heading(paper, "I. Thời gian, địa điểm")
    _item(paper, "Thời gian: …… giờ …… phút, ngày …… tháng …… năm 20……")
    paper.dotted("Địa điểm:")
    _heading(paper, "II. Thành phần")
    paper.dotted("Chủ tọa:")
    paper.dotted("Thư ký:")
    paper.dotted("Có mặt: ……/…… người. Vắng: …… người, lý do:")
    _heading(paper, "III. Nội dung")
    _item(paper, f"1. Chủ tọa nêu yêu cầu, tiêu chí theo {plan_name(nominations[0].spec)}.")
    _item(paper, "2. Cuộc họp nghe giới thiệu các trường hợp được đề cử:")
    for number, item in enumerate(nominations, 1):
        _item(paper, f"2.{number}. {item.name} ({item.values.get('unit', '')}): {line(item.values.get('summary', ''))}")
    _item(paper, "3. Ý kiến thảo luận:")
    for _ in range(3):
        paper.dotted()
    _item(paper, "4. Kết quả biểu quyết:").paragraph_format.keep_with_next = True
    paper.place(_votes(nominations))
    paper.line(size=6)
    _heading(paper, "IV. Kết luận")
    for _ in range(2):
        paper.dotted()
    _item(paper, "Cuộc họp kết thúc lúc …… giờ …… phút cùng ngày.")
    paper.signatures((Slot(title="THƯ KÝ"), Slot(title="CHỦ TỌA")))
    paper.save(out)


def _votes(nominations: Sequence[Nomination]) -> StreamedTable:
    table = StreamedTable(_VOTES, _PORTRAIT)
    for number, item in enumerate(nominations, 1):
        table.add([str(number), item.name, item.values.get("unit", ""), "", "", ""])
    return table


def _heading(paper: Paper, text: str) -> None:
    heading = paper.line(text, bold=True, align=LEFT).paragraph_format
    heading.space_before, heading.keep_with_next = Mm(2), True


def _item(paper: Paper, text: str) -> Any:
    block = paper.line(text, align=JUSTIFY if "…" not in text else LEFT)
    block.paragraph_format.space_after = Mm(1)
    return block
