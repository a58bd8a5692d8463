"""Facts of the five official plans, read by hand: the plan, where in `plans show --json` the fact stands, its value, its place.

A path names a field of the JSON; `[ref]` picks from a list by ref, by number (legal bases) or by position (digits), and
`~` at the end of a path means that the value is a part of what stands there. `clause[ref]~` looks into the quotation of a clause.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from knowledge.extract import understand
from knowledge.model import Document, Page, Plan
from tests.shared import needs_shared, official

HATINH, THAINGUYEN, TIENGIANG, BACHKHOA, VINHTHUAN = "hatinh", "thainguyen", "tiengiang", "bachkhoa", "vinhthuan"
QLKH = "Phòng QLKH-ĐN-TT"
TCCB = "Hội đồng Thi đua – Khen thưởng (qua Phòng TCCB)"

FACTS: tuple[tuple[str, str, Any, str | None], ...] = (
    # ĐH Hà Tĩnh, 2023
    (HATINH, "number", None, None),
    (HATINH, "issued", None, None),
    (HATINH, "place", None, None),
    (HATINH, "title~", "Nhân rộng gương điển hình tiên tiến năm 2023", "title.1"),
    (HATINH, "period.from", 2023, "title.1"),
    (HATINH, "period.to", 2023, "title.1"),
    (HATINH, "signer.name", "Đoàn Hoài Sơn", "signature.1"),
    (HATINH, "signer.title", None, None),
    (HATINH, "legal_bases[34-CT/TW].date", "2014-04-07", "preamble.1"),
    (HATINH, "legal_bases[621/BGDDT-TĐKT].date", "2021-02-22", "preamble.1"),
    (HATINH, "legal_bases[06/KH-UBND].date", "2021-01-11", "preamble.1"),
    (HATINH, "legal_bases[359/UBND-NC].date", "2023-01-31", "preamble.1"),
    (HATINH, "legal_bases.len", 4, None),
    (HATINH, "sections[IV].title", "TỔ CHỨC THỰC HIỆN", "IV"),
    (HATINH, "warnings.codes~", "numbering_gap", "IV"),
    (HATINH, "clause[II.1]~", "nhân tố mới, dẫn đầu, nổi bật", "II.1"),
    (HATINH, "criteria[II.2.1].target", "collective", "II.2.1"),
    (HATINH, "criteria[II.2.1].general", True, "II.2.1"),
    (HATINH, "criteria[II.2.1].items.len", 3, "II.2.1"),
    (HATINH, "criteria[II.2.1].logic", "unstated", "II.2.1"),
    (HATINH, "criteria[II.2.2].target", "individual", "II.2.2"),
    (HATINH, "criteria[II.2.2].general", True, "II.2.2"),
    (HATINH, "criteria[II.2.2].items.len", 3, "II.2.2"),
    (HATINH, "criteria[II.2.2].items[2].quote~", "đóng góp trong công tác tuyển sinh các hệ", "II.2.2"),
    (HATINH, "criteria[II.3.1].target", "collective", "II.3.1"),
    (HATINH, "criteria[II.3.1].general", False, "II.3.1"),
    (HATINH, "criteria[II.3.1].logic", "one_of", "II.3.1"),
    (HATINH, "criteria[II.3.1].requires", ["II.2.1"], "II.3.1"),
    (HATINH, "criteria[II.3.1].items.len", 4, "II.3.1"),
    (HATINH, "criteria[II.3.1].items[0].judge", "Phòng Đào tạo", "II.3.1.-1"),
    (HATINH, "criteria[II.3.1].items[0].quote~", "năm học mới 2023-2024", "II.3.1.-1"),
    (HATINH, "criteria[II.3.1].items[0].quote~", "vượt ngưỡng tối đa", "II.3.1.-1"),
    (HATINH, "criteria[II.3.1].items[0].vote", None, "II.3.1.-1"),
    (HATINH, "criteria[II.3.1].items[1].judge", QLKH, "II.3.1.-2"),
    (HATINH, "criteria[II.3.1].items[1].vote", None, "II.3.1.-2"),
    (HATINH, "criteria[II.3.1].items[2].judge", "Phòng Đào tạo phối hợp phòng QLKH-ĐN-TT", "II.3.1.-3"),
    (HATINH, "criteria[II.3.1].items[3].judge", "Hội đồng Thi đua – Khen thưởng trường", "II.3.1.-4"),
    (HATINH, "criteria[II.3.1].items[3].vote", "2/3", "II.3.1.-4"),
    (HATINH, "criteria[II.3.2].target", "individual", "II.3.2"),
    (HATINH, "criteria[II.3.2].logic", "one_of", "II.3.2"),
    (HATINH, "criteria[II.3.2].requires", ["II.2.2"], "II.3.2"),
    (HATINH, "criteria[II.3.2].items.len", 3, "II.3.2"),
    (HATINH, "criteria[II.3.2].items[0].judge", None, "II.3.2.-1"),
    (HATINH, "criteria[II.3.2].items[1].judge", None, "II.3.2.-2"),
    (HATINH, "criteria[II.3.2].items[1].quote~", "Thạc sĩ, Tiến sĩ đạt loại xuất sắc", "II.3.2.-2"),
    (HATINH, "criteria[II.3.2].items[2].quote~", "Hội đồng tuyển sinh", "II.3.2.-3"),
    (HATINH, "criteria[II.3.2].items[2].vote", None, "II.3.2.-3"),
    (HATINH, "criteria.len", 4, None),
    (HATINH, "deadlines", [], None),
    (HATINH, "dossier", [], None),
    (HATINH, "fields", [], None),
    (HATINH, "table", None, None),
    (HATINH, "duties[IV.1].unit", "Lãnh đạo các đơn vị trực thuộc", "IV.1"),
    (HATINH, "duties[IV.1].quote~", "trách nhiệm trước Hiệu trưởng", "IV.1"),
    (HATINH, "duties[IV.2].unit", "Trung tâm Công nghệ thông tin", "IV.2"),
    (HATINH, "duties[IV.2].quote~", "Phòng Tổ chức - Hành chính", "IV.2"),
    (HATINH, "duties[IV.3].unit", "Phòng Tổ chức - Hành chính", "IV.3"),
    # CĐ Kinh tế - Kỹ thuật, Thái Nguyên, 2020-2021
    (THAINGUYEN, "number", "800/KH-CĐKTKT-TH", "title.1"),
    (THAINGUYEN, "issued.year", 2020, "title.2"),
    (THAINGUYEN, "issued.month", 11, "title.2"),
    (THAINGUYEN, "issued.day", None, "title.2"),
    (THAINGUYEN, "place", "Thái Nguyên", "title.2"),
    (THAINGUYEN, "warnings.codes~", "date_unreadable", "title"),
    (THAINGUYEN, "period.from", 2020, "title.4"),
    (THAINGUYEN, "period.to", 2021, "title.4"),
    (THAINGUYEN, "signer.name~", "Ngô Xuân Hoàng", "signature.1"),
    (THAINGUYEN, "signer.title", None, None),
    (THAINGUYEN, "legal_bases[1999/ĐHTN-PCTĐ].date", "2020-10-21", "preamble.1"),
    (THAINGUYEN, "legal_bases.len", 1, None),
    (THAINGUYEN, "criteria[II.1].target", "collective", "II.1"),
    (THAINGUYEN, "criteria[II.1].logic", "unstated", "II.1"),
    (THAINGUYEN, "criteria[II.2.p1].applies_to", ["cán bộ quản lý"], "II.2.p1"),
    (THAINGUYEN, "criteria[II.2.p1].items[0].quote~", "tập thể có phong trào thi đua đạt hiệu quả cao", "II.2.p2"),
    (THAINGUYEN, "criteria[II.2.p1].items[0].quote~", "được tập thể ghi nhận", "II.2.p2"),
    (THAINGUYEN, "criteria[II.2.p3].applies_to", ["nhà giáo"], "II.2.p3"),
    (THAINGUYEN, "criteria[II.2.p3].target", "individual", "II.2.p3"),
    (THAINGUYEN, "criteria[II.2.p3].logic", "unstated", "II.2.p3"),
    (THAINGUYEN, "criteria[II.2.p5].applies_to", ["người lao động"], "II.2.p5"),
    (THAINGUYEN, "criteria[II.2.p7].applies_to", ["học sinh", "sinh viên"], "II.2.p7"),
    (THAINGUYEN, "criteria[II.2.p7].items[4].quote~", "có thẩm quyền ghi nhận", "II.2.p8"),
    (THAINGUYEN, "criteria.len", 5, None),
    (THAINGUYEN, "deadlines.len", 1, None),
    (THAINGUYEN, "deadlines[III.p1].kind", "nomination", "III.p1"),
    (THAINGUYEN, "deadlines[III.p1].when", {"type": "end_of_round"}, "III.p1"),
    (THAINGUYEN, "deadlines[III.p1].recipient", "bộ phận Thi đua, khen thưởng – Phòng Tổng hợp", "III.p1"),
    (THAINGUYEN, "dossier[0].name", "tóm tắt thành tích nổi bật", "III.p1"),
    (THAINGUYEN, "dossier[1].name", "sản phẩm", "III.p1"),
    (THAINGUYEN, "dossier[2].name", "minh chứng cụ thể", "III.p1"),
    (THAINGUYEN, "clause[III.-1]~", "để Hiệu trưởng khen thưởng kịp thời", "III.-1"),
    (THAINGUYEN, "clause[III.-2]~", "thẩm định minh chứng", "III.-2"),
    (THAINGUYEN, "clause[I.2.p1]~", "thành tích đến đâu khen đến đó", "I.2.p1"),
    (THAINGUYEN, "duties[IV.p1].unit", "Hội đồng thi đua, khen thưởng Nhà trường", "IV.p1"),
    (THAINGUYEN, "duties[IV.p2].unit~", "phòng Tổng hợp", "IV.p2"),
    (THAINGUYEN, "duties[IV.p2].unit~", "thường vụ Công đoàn", "IV.p2"),
    (THAINGUYEN, "fields", [], None),
    (THAINGUYEN, "table", None, None),
    # CĐ Y tế Tiền Giang, 2021-2025
    (TIENGIANG, "number", None, None),
    (TIENGIANG, "issued", None, None),
    (TIENGIANG, "period.from", 2021, "title.2"),
    (TIENGIANG, "period.to", 2025, "title.2"),
    (TIENGIANG, "signer.name", "Lê Minh Đức", "signature.3"),
    (TIENGIANG, "signer.title", "KT. HIỆU TRƯỞNG PHÓ HIỆU TRƯỞNG", "signature.1"),
    (TIENGIANG, "legal_bases[265/KH-UBND].date", "2021-09-01", "preamble.1"),
    (TIENGIANG, "legal_bases[34-CT/TW].date", "2014-04-07", "I.1.-3"),
    (TIENGIANG, "legal_bases[11-TT/TU].date", "2014-04-25", "I.1.-3"),
    (TIENGIANG, "clause[I.1.-2]~", "4 khâu", "I.1.-2"),
    (TIENGIANG, "fields.len", 4, None),
    (TIENGIANG, "fields[III.1].chair", "cấp ủy", "III.1"),
    (TIENGIANG, "fields[III.1].name", "Xây dựng tổ chức cơ sở đảng trong sạch vững mạnh", "III.1"),
    (TIENGIANG, "fields[III.2].chair", "Phòng Tổ chức - Hành chính", "III.2"),
    (TIENGIANG, "fields[III.2].name~", "văn hóa công sở", "III.2"),
    (TIENGIANG, "fields[III.3].chair", "Phòng Công tác Học sinh - Sinh viên", "III.3"),
    (TIENGIANG, "fields[III.3].name~", "Covid-19", "III.3"),
    (TIENGIANG, "fields[III.4].chair", "Phòng Đào tạo - Nghiên cứu khoa học", "III.4"),
    (TIENGIANG, "fields[III.4].name", "Đổi mới, sáng tạo trong quản lý, giảng dạy và học tập", "III.4"),
    (TIENGIANG, "criteria[III.1.-1].target", "collective", "III.1.-1"),
    (TIENGIANG, "criteria[III.1.-2].target", "individual", "III.1.-2"),
    (TIENGIANG, "criteria[III.1.-2].applies_to", ["đảng viên"], "III.1.-2"),
    (TIENGIANG, "criteria[III.2.p1].target", "collective", "III.2.p1"),
    (TIENGIANG, "clause[III.2.p1]~", "về đạo\n\nđức, lối sống", "III.2.p1"),
    (TIENGIANG, "criteria[III.3.p1].target", None, "III.3.p1"),
    (TIENGIANG, "criteria[III.4.-1].target", "collective", "III.4.-1"),
    (TIENGIANG, "criteria[III.4.-2].applies_to", ["cán bộ quản lý", "giáo viên", "nhân viên"], "III.4.-2"),
    (TIENGIANG, "criteria[III.4.-3].applies_to", ["học sinh", "sinh viên", "học viên"], "III.4.-3"),
    (TIENGIANG, "clause[IV.1]~", "về Hội đồng Thi đua - Khen thưởng", "IV.1"),
    (TIENGIANG, "deadlines[IV.2].kind", "review", "IV.2"),
    (TIENGIANG, "deadlines[IV.2].when", {"type": "half", "year": 2023, "half": 1}, "IV.2"),
    (TIENGIANG, "deadlines[IV.3].kind", "summary", "IV.3"),
    (TIENGIANG, "deadlines[IV.3].when", {"type": "quarter", "year": 2025, "quarters": [1, 2]}, "IV.3"),
    (TIENGIANG, "deadlines.kinds.without", "nomination", None),
    (TIENGIANG, "duties[V.2].unit~", "Các cơ quan, đơn vị được giao chủ trì", "V.2"),
    (TIENGIANG, "duties[V.3.-1].unit", "Phòng Tổ chức - Hành chính", "V.3.-1"),
    (TIENGIANG, "duties[V.3.-4].quote~", "các hình thức khen thưởng", "V.3.-4"),
    (TIENGIANG, "table", None, None),
    # ĐH Bách khoa Hà Nội, 2023-2025
    (BACHKHOA, "number", None, None),
    (BACHKHOA, "issued", None, None),
    (BACHKHOA, "period.from", 2023, "title.2"),
    (BACHKHOA, "period.to", 2025, "title.2"),
    (BACHKHOA, "signer.title", "GIÁM ĐỐC", "signature.1"),
    (BACHKHOA, "signer.name~", "Huỳnh Quyết Thắng", "signature.2"),
    (BACHKHOA, "legal_bases[1526/QĐ-TTg].date", "2022-12-09", "preamble.1"),
    (BACHKHOA, "legal_bases[595/KH-BGDĐT].date", "2023-04-10", "preamble.1"),
    (BACHKHOA, "criteria", [], None),
    (BACHKHOA, "clause[I.1.-2]~", "có minh chứng, sản phẩm cụ thể", "I.1.-2"),
    (BACHKHOA, "clause[I.2.p2]~", "khách quan, minh bạch", "I.2.p2"),
    (BACHKHOA, "clause[II.1.1]~", "giai đoạn 2020\n\n- 2025 do", "II.1.1"),
    (BACHKHOA, "duties[II.1.4].unit~", "Bộ phận làm công tác thi đua, khen thưởng", "II.1.4"),
    (BACHKHOA, "clause[II.2.2]~", "về vật chất, tinh thần", "II.2.2"),
    (BACHKHOA, "clause[II.3.2.-3]~", "fanpage", "II.3.2.-3"),
    (BACHKHOA, "clause[II.3.3]~", "(qua Phòng TCCB)", "II.3.3"),
    (BACHKHOA, "deadlines[II.3.4].kind", "event", "II.3.4"),
    (BACHKHOA, "deadlines[II.3.4].when", {"type": "yearly", "day": None, "month": None}, "II.3.4"),
    (BACHKHOA, "dossier[0].name", "minh chứng", "II.4.1"),
    (BACHKHOA, "dossier[1].name", "sản phẩm", "II.4.1"),
    (BACHKHOA, "deadlines[II.5.1].when.type", "yearly", "II.5.1"),
    (BACHKHOA, "duties[II.5.2].unit~", "Ban Giám đốc", "II.5.2"),
    (BACHKHOA, "deadlines[III.1.1.-8].kind", "report", "III.1.1.-8"),
    (BACHKHOA, "deadlines[III.1.1.-8].when", {"type": "yearly", "day": 30, "month": 8}, "III.1.1.-8"),
    (BACHKHOA, "deadlines[III.1.1.-8].recipient", TCCB, "III.1.1.-8"),
    (BACHKHOA, "deadlines[III.1.1.-8].quote~", "@hust.edu.vn", "III.1.1.-8"),
    (BACHKHOA, "deadlines.kinds.without", "nomination", None),
    (BACHKHOA, "duties[III.1.2.-1].unit~", "Phòng Tổ chức cán bộ", "III.1.2.-1"),
    (BACHKHOA, "duties[III.1.2.-3.-1].unit~", "Phòng Tổ chức cán bộ", "III.1.2.-3.-1"),
    (BACHKHOA, "deadlines[III.1.2.-3.-1].kind", "event", "III.1.2.-3.-1"),
    (BACHKHOA, "deadlines.of(summary).when", {"type": "year", "year": 2025}, "III.1.2.-3.-1"),
    (BACHKHOA, "duties[III.1.3.-2].unit~", "Công đoàn Đại học", "III.1.3.-2"),
    (BACHKHOA, "clause[III.2.p1]~", "lập dự toán kinh phí", "III.2.p1"),
    (BACHKHOA, "fields", [], None),
    (BACHKHOA, "table", None, None),
    # Phòng GDĐT Vĩnh Thuận, 2021-2022
    (VINHTHUAN, "number", "345/KH-PGDĐT", "title.1"),
    (VINHTHUAN, "issued", {"year": 2021, "month": 11, "day": 4}, "title.2"),
    (VINHTHUAN, "place", "Vĩnh Thuận", "title.2"),
    (VINHTHUAN, "period", {"from": 2021, "to": 2022, "text": "năm học 2021-2022"}, "title.4"),
    (VINHTHUAN, "signer.name", "Ngô Thị Ngọc Hạnh", "signature.3"),
    (VINHTHUAN, "signer.title", "KT. TRƯỞNG PHÒNG PHÓ TRƯỞNG PHÒNG", "signature.1"),
    (VINHTHUAN, "legal_bases.dates~", "2003-11-26", "preamble.1"),
    (VINHTHUAN, "legal_bases.dates~", "2005-06-14", "preamble.1"),
    (VINHTHUAN, "legal_bases.dates~", "2013", "preamble.1"),
    (VINHTHUAN, "legal_bases[19/CT-TTg].date", "2021-07-16", "preamble.2"),
    (VINHTHUAN, "legal_bases[24/2018/QĐ-UBND].date", "2018-12-28", "preamble.3"),
    (VINHTHUAN, "legal_bases[2726/KH-SGDĐT].date", "2021-10-26", "preamble.4"),
    (VINHTHUAN, "clause[II.1.-2]~", "Cán bộ, công chức, viên chức", "II.1.-2"),
    (VINHTHUAN, "criteria[II.2.a].target", "collective", "II.2.a"),
    (VINHTHUAN, "criteria[II.2.a].items.len", 4, "II.2.a"),
    (VINHTHUAN, "criteria[II.2.a].logic", "unstated", "II.2.a"),
    (VINHTHUAN, "criteria[II.2.a].items[1].quote~", "hoặc có sáng kiến cải tiến kỹ thuật", "II.2.a.-2"),
    (VINHTHUAN, "criteria[II.2.b].target", "individual", "II.2.b"),
    (VINHTHUAN, "criteria[II.2.b].items.len", 4, "II.2.b"),
    (VINHTHUAN, "criteria[II.2.b].logic", "unstated", "II.2.b"),
    (VINHTHUAN, "criteria[II.2.b.p1].applies_to", ["hiệu trưởng", "phó hiệu trưởng"], "II.2.b.p1"),
    (VINHTHUAN, "criteria[II.2.b.p1].requires", ["II.2.b"], "II.2.b.p1"),
    (VINHTHUAN, "criteria[II.2.b.p1].logic", "all_of", "II.2.b.p1"),
    (VINHTHUAN, "criteria[II.2.b.p1].items[0].quote~", "“Tập thể lao động xuất sắc”", "II.2.b.p1"),
    (VINHTHUAN, "clause[II.3.-3]~", "đăng ký phấn đấu", "II.3.-3"),
    (VINHTHUAN, "clause[II.3.-4]~", "thành tích xuất sắc đột xuất", "II.3.-4"),
    (VINHTHUAN, "deadlines[II.5.-2].kind", "review", "II.5.-2"),
    (VINHTHUAN, "deadlines[II.5.-2].when.type", "yearly", "II.5.-2"),
    (VINHTHUAN, "deadlines.refs.without", "II.5.-4", None),
    (VINHTHUAN, "clause[II.5.-4]~", "không xét chung", "II.5.-4"),
    (VINHTHUAN, "dossier[0].name", "Tờ trình", "II.6.a.-1"),
    (VINHTHUAN, "dossier[1].name", "Biên bản họp bình xét", "II.6.a.-2"),
    (VINHTHUAN, "dossier[2].name~", "Tóm tắt thành tích", "II.6.a.-3"),
    (VINHTHUAN, "dossier.len", 3, None),
    (VINHTHUAN, "deadlines[II.6.b.p1].kind", "nomination", "II.6.b.p1"),
    (VINHTHUAN, "deadlines[II.6.b.p1].when", {"type": "immediately"}, "II.6.b.p1"),
    (VINHTHUAN, "deadlines[II.6.b.p1].recipient", "bộ phận thi đua khen thưởng Phòng GDĐT", "II.6.b.p1"),
    (VINHTHUAN, "duties[III.1].unit", "Các trường", "III.1"),
    (VINHTHUAN, "duties[III.2].unit", "Bộ phận thi đua khen thưởng Phòng GDĐT", "III.2"),
    (VINHTHUAN, "table.title", "DANH SÁCH", "appendix.5"),
    (VINHTHUAN, "table.columns", ["TT", "Họ và tên", "Đơn vị công tác", "Thâm niên giảng dạy", "Tóm tắt thành tích",
                                  "Số điện thoại, email"], "appendix.5"),
    (VINHTHUAN, "table.signature", "THỦ TRƯỞNG ĐƠN VỊ", "appendix.5"),
    (VINHTHUAN, "fields", [], None),
)  # fmt: skip


@cache
def plan_of(slug: str) -> Plan:
    text = official(slug).read_text(encoding="utf-8")
    return understand(Document(source=official(slug).name, format="text", pages=(Page(number=1, text=text),)), org=slug)


@cache
def shown(slug: str) -> dict[str, Any]:
    plan = plan_of(slug)
    data: dict[str, Any] = plan.model_dump(mode="json")
    return {**data, "clause": {clause.ref: clause.quote for clause in plan.clauses}}


def at(value: Any, path: str) -> tuple[Any, str | None]:
    """What stands at a path, and the ref nearest to it."""
    place = None
    for step in re.findall(r"of\(\w+\)|\w+|\[[^\]]+\]", path):
        if step.startswith("of("):
            value = next(item for item in value if item["kind"] == step[3:-1])
        elif step.startswith("["):
            value = picked(value, step[1:-1])
        elif step == "len":
            value = len(value)
        elif step in ("kinds", "codes", "dates", "refs"):
            value = [item[step.removesuffix("s")] for item in value]
        elif step != "without":
            value = value[step]
        if isinstance(value, dict) and isinstance(value.get("ref"), str):
            place = value["ref"]
    return value, place


def picked(values: Any, key: str) -> Any:
    if isinstance(values, dict):
        return values[key]
    if key.isdigit():
        return values[int(key)]
    return next(item for item in values if key in (item.get("ref"), item.get("number")))


@needs_shared
@pytest.mark.parametrize(("slug", "path", "value", "place"), FACTS, ids=lambda part: str(part)[:40])
def test_plan_holds_the_fact(slug: str, path: str, value: Any, place: str | None) -> None:
    found, near = at(shown(slug), path.rstrip("~"))
    if path.endswith("~"):
        assert value in found
    elif path.endswith(".without"):
        assert value not in found
    else:
        assert found == value
    assert near is None or place is None or near == place
    assert place is None or place in ("title", "signature") or place in shown(slug)["clause"]


@needs_shared
@pytest.mark.parametrize("slug", [HATINH, THAINGUYEN, TIENGIANG, BACHKHOA, VINHTHUAN])
def test_every_quotation_is_a_run_of_the_source(slug: str) -> None:
    plan = plan_of(slug)
    quotes = [
        *(basis.quote for basis in plan.legal_bases),
        *(item.quote for group in plan.criteria for item in group.items),
        *(group.quote for group in plan.criteria),
        *(deadline.quote for deadline in plan.deadlines),
        *(duty.quote for duty in plan.duties),
        *([plan.table.quote] if plan.table else []),
    ]
    assert [quote for quote in quotes if not quote or quote not in plan.text] == []


@needs_shared
@pytest.mark.parametrize("slug", [HATINH, THAINGUYEN, TIENGIANG, BACHKHOA, VINHTHUAN])
def test_every_ref_is_a_clause(slug: str) -> None:
    plan = plan_of(slug)
    refs = {clause.ref for clause in plan.clauses}
    named = [
        *(basis.ref for basis in plan.legal_bases),
        *(group.ref for group in plan.criteria),
        *(item.ref for group in plan.criteria for item in group.items),
        *(ref for group in plan.criteria for ref in group.requires),
        *(deadline.ref for deadline in plan.deadlines),
        *(part.ref for part in plan.dossier),
        *(field.ref for field in plan.fields),
        *(duty.ref for duty in plan.duties),
    ]
    assert [ref for ref in named if ref not in refs] == []


def test_facts_are_at_least_120() -> None:
    assert len(FACTS) == len({repr(fact) for fact in FACTS}) >= 120
