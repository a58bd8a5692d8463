"""Who has to do what: units named by a heading, by a label ("Phòng …: …"), by "Giao …" or as the subject of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.extraction.clauses import Outlined, says
from knowledge.model import Clause, Duty
from knowledge.text import unaccent

_UNIT = (
    r"(?:các\s+)?(?:lãnh đạo|thủ trưởng|chánh|trưởng|phó|phòng|ban|khoa|hội đồng|trung tâm|văn phòng|sở|bộ phận|bộ|"
    r"công đoàn|đoàn(?! kết)|tổ(?!\s+chức)|đơn vị|cơ quan|trường|"
    r"nhà trường|ủy ban|uỷ ban|ubnd|hiệu trưởng|giám đốc|chủ tịch|bí thư|thường trực|thanh tra|kế toán|đài|báo|"
    r"công an|hội|chi đoàn|chi bộ|cấp ủy|"
    r"người đứng đầu|giáo viên chủ nhiệm|cấp xã|mỗi đơn vị|liên đoàn|viện|thư viện|cụm|khối|hiệu bộ|"
    r"ban giám hiệu|bộ môn|xưởng|"
    r"chính phủ|thủ tướng|ngành|mặt trận)\b"
)
_TEAM = r"(?>(?:tổ|đoàn|ban|bộ phận|hội đồng)\s+(?:kiểm tra|thẩm định|giám sát|giúp việc|rà soát|theo dõi|lựa chọn|kiểm phiếu|tư vấn))"
_VERB = (
    r"(?-i:họp|xem xét|thống nhất|tham gia|giúp|lo|nộp|bỏ phiếu|biểu quyết|chuẩn bị|viết|niêm yết|công bố|công khai|bình xét|"
    r"hoàn thành|có trách nhiệm|chịu trách nhiệm|phối hợp|chủ trì|chủ động|nghiêm túc|thường xuyên|là (?:đầu mối|"
    r"cơ quan|thường trực)|làm (?:đầu mối|thường trực)|"
    r"căn cứ|xây dựng|tổ chức|theo dõi|hướng dẫn|kiểm tra|vận hành|mở|ban hành|giám sát|tích cực|tăng cường|"
    r"thực hiện|tham mưu|tổng hợp|tự đánh giá|"
    r"phải (?:là nơi|tập trung|xác định)|được phân công|triển khai|rà soát|tiếp nhận|thẩm định|báo cáo|đảm bảo|"
    r"bảo đảm|quản lý|bố trí|giới thiệu|lựa chọn|phát hiện|"
    r"đăng ký|gửi|tạo điều kiện|đôn đốc|quyết định|lập|cử|đăng|trực tiếp|có (?:kế hoạch|biện pháp)|chỉ đạo|"
    r"phổ biến|cung cấp|phát hành)"
)
_ASSIGNED = re.compile(
    rf"^\W*(?:đề nghị|giao(?:\s+cho)?|yêu cầu|"
    rf"phân công)\s+(?P<unit>[^:]{{2,140}}?)(?<!\bcác)(?<!\bvà)(?<!\bcủa)(?<!\bvới)(?<!\bcho)\s+(?={_VERB}\b)",
    re.I,
)
_SUBJECT = re.compile(
    rf"^\W*(?:(?:hằng|hàng) năm,\s*|định kỳ,\s*|căn cứ [^,;]{{3,60}},\s*|"
    rf"cuối mỗi đợt[^,]{{0,20}},\s*)?(?P<unit>đơn vị|trường|hiệu trưởng|giám đốc|kế toán|nhà trường|công đoàn|mỗi đơn vị|"
    rf"(?:các|mỗi)\s+\w+(?:\s+\w+)??|(?:{_TEAM}|(?!{_TEAM}){_UNIT})(?:,?\s+[^\s;:]+){{0,22}}?)"
    rf"(?<!\bcác)(?<!\bvà)(?<!\bcủa)(?<!\bvới)(?<!\bcho)\s+(?<!được giao )(?={_VERB}\b)",
    re.I,
)
_LABEL = re.compile(rf"^\W*(?:đề nghị\s+|giao\s+)?(?P<unit>{_UNIT}[^:;.]{{0,130}}?)\s*(?:\([^()]*\))?\s*:\s", re.I)
_HEADED = re.compile(rf"^\W*(?:đề nghị\s+|giao\s+(?:cho\s+)?|trách nhiệm của\s+)?(?P<unit>{_UNIT}.{{0,160}})$", re.I)
_ASSIGNING = re.compile(r"\b(?:to chuc thuc hien|phan cong|trach nhiem|to chuc trien khai|thuc hien ke hoach|phoi hop thuc hien)\b")
_NO_DUTY_PATH = re.compile(
    r"\b(?:tieu chi|tieu chuan|dieu kien|ho so|doi tuong|thang diem|diem tru|diem cong|kinh phi|thoi han|co cau|"
    r"giai thich|can cu|uu tien|khong xet)\b"
)
_CRITERIA_PATH = re.compile(r"\b(?:tieu chi|tieu chuan|doi tuong)\b")
_STRONG_VERB = re.compile(r"\s(?=(?:chủ động|có trách nhiệm|chịu trách nhiệm|phải|nghiêm túc)\b)")
_SENTENCE = re.compile(r"\b(?:thì|không|phải|nhưng|nếu|khi|để)\b|\bđược$", re.I)
_NO_UNIT = re.compile(
    r"\b(?:mục đích|yêu cầu|hội nghị|điển hình|bổ sung|trường hợp|tổ chức (?:thực hiện|triển khai)|báo cáo|"
    r"phó giám)\b",
    re.I,
)


def duties_of(plan: Outlined) -> tuple[Duty, ...]:
    """One duty a clause, with the unit as printed ("Giao", "Đề nghị" taken off), in the order of the text."""
    found: list[Duty] = []
    for clause in plan.body:
        if clause.heading:
            continue
        found.extend(_of_clause(plan, clause))
    return tuple(found)


def _of_clause(plan: Outlined, clause: Clause) -> Iterator[Duty]:
    path = plan.path(clause)
    assigning = bool(_ASSIGNING.search(path))
    if _NO_DUTY_PATH.search(path.split(" / ")[0]) or _CRITERIA_PATH.search(path):
        return
    labelled = assigning and _LABEL.match(says(clause)) is not None
    headed = _headed_unit(plan, clause) if assigning and not labelled else None
    unit = headed or _own_unit(clause, assigning)
    if unit is not None:
        yield Duty(unit=unit, ref=clause.ref, quote=clause.quote)


def _headed_unit(plan: Outlined, clause: Clause) -> str | None:
    """The unit that a heading above names: "1.2. Phòng Tổ chức cán bộ", "3. Giao Phòng …"."""
    for above in plan.ancestors(clause):
        if not above.heading:
            continue
        text = says(above).strip(" :.")
        match = _HEADED.match(text)
        if match and not _ASSIGNING.search(unaccent(text).lower()) and not _NO_UNIT.search(text):
            return match["unit"].strip()
        return None
    return None


def _own_unit(clause: Clause, assigning: bool) -> str | None:
    text = says(clause)
    for pattern in (_ASSIGNED, _LABEL, _SUBJECT):
        if pattern is _LABEL and not assigning:
            continue
        match = pattern.match(text)
        if match is None:
            continue
        unit = _with_what_it_was_given(text, match)
        unit = re.sub(r"^(?:đề nghị|giao(?:\s+cho)?)\s+", "", unit.strip(" ,:–-"), flags=re.I)
        unit = re.sub(r"\s+do\s+.*$", "", unit)
        unit = re.sub(r"\s+(?:trong (?:phạm vi|khả năng)|theo (?:chức năng|thẩm quyền|nhiệm vụ))\b.*$", "", unit)
        unit = re.sub(r",?\s+gồm\s.*$", "", unit)
        if len(unit.split()) <= 26 and not _NO_UNIT.search(unit) and not _SENTENCE.search(unit) and ". " not in unit:
            return unit
    return None


def _with_what_it_was_given(text: str, match: re.Match[str]) -> str:
    """ "Các đơn vị được giao chủ trì … chủ động …": the unit reaches to the verb behind its description."""
    unit = match["unit"]
    if "được giao" in text[match.start("unit") : match.end() + 30]:
        strong = _STRONG_VERB.search(text, match.end())
        if strong:
            return text[match.start("unit") : strong.start()]
    return unit
