"""The kinds of value that a passage holds: an amount of money, a date, a telephone number, a share of votes, ...

Tight patterns on purpose: "đồng" is money after a figure and not in "Hội đồng", "mẫu" is a form and not in "gương mẫu".
"""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.text import fold

_NUMBER = r"(?:\d[\d.,]*|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"

PATTERNS = {
    "money": re.compile(
        r"\d[\d.,]* ?(?:đồng|đ\b|vnđ|vnd|triệu|nghìn|ngàn|tỷ)|lần mức lương|mức lương cơ sở|tiền thưởng|mức thưởng|mức tiền|mức chi|trị giá"
    ),
    "fund": re.compile(r"kinh phí|dự toán|quỹ |nguồn chi|ngân sách|xã hội hóa"),
    "phone": re.compile(r"(?<!\d)0\d{1,3}[ .]?\d{3}[ .]?\d{3,4}(?!\d)|số máy|điện thoại|đường dây nóng|zalo"),
    "email": re.compile(r"[\w.]+@[\w.]+|e-?mail|thư điện tử|hộp thư"),
    "link": re.compile(r"https?://|www\.|\b[\w-]+\.(?:edu|gov|com|org)(?:\.vn)?\b|địa chỉ:|đường dẫn"),
    "quota": re.compile(
        rf"không quá {_NUMBER}|tối đa|nhiều nhất|ít nhất {_NUMBER}|{_NUMBER} (?:tập thể|cá nhân|người|gương|suất|giáo viên|sinh viên|học sinh|điển hình"
        r"|đề cử|đơn vị)|chỉ tiêu|số lượng|tỷ lệ"
    ),
    "votes": re.compile(r"phiếu|biểu quyết|\d/\d|hai phần ba|phần ba|quá nửa|quá bán|tán thành"),
    "percent": re.compile(r"\d ?%|phần trăm"),
    "copies": re.compile(rf"{_NUMBER} (?:bộ|bản)\b|bản giấy|bản mềm|bản điện tử|bản chính|bản sao|bản scan|tệp"),
    "length": re.compile(rf"{_NUMBER} (?:trang|chữ|từ)\b"),
    "seniority": re.compile(
        rf"{_NUMBER} năm (?:công tác|giảng dạy|liên tục|trở lên|học)|thâm niên|từ {_NUMBER} năm|đủ {_NUMBER} (?:năm|tháng)"
    ),
    "date": re.compile(
        r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|ngày \d|tháng \d|quý [ivx\d]|trước ngày|chậm nhất|trong vòng|trong thời hạn|hạn |hằng năm|hàng năm|"
        r"hằng tháng|hàng tháng|định kỳ|\d+ ngày|đột xuất|gửi ngay|cuối (?:mỗi )?(?:năm|đợt|kỳ|học kỳ|tháng)|đầu năm|sơ kết|tổng kết|tuần|thường xuyên|"
        r"năm học 20|giai đoạn|học kỳ|\d+ giờ|dịp"
    ),
    "score": re.compile(r"\d+ điểm|thang điểm|điểm thưởng|cộng điểm|trừ điểm|điểm rèn luyện"),
    "age": re.compile(r"\d+ tuổi|độ tuổi|không quá \d+ tuổi"),
    "form": re.compile(r"mẫu số|biểu mẫu|theo mẫu|mẫu gửi kèm|phụ lục|mẫu [0-9a-z]\b|danh sách kèm"),
    "who": re.compile(
        r"phòng |ban |hội đồng|bộ phận|hiệu trưởng|giám đốc|công đoàn|đoàn thanh niên|trưởng |tổ |khoa |trung tâm|văn phòng|cấp ủy|thường trực|sở |ubnd"
    ),
    "definition": re.compile(
        r"(?:^|[.;:] |[-–] )[“\"]?(?:\w+[,”\"]? ){1,8}(?:là|được hiểu là|được coi là|gọi là|bao gồm) (?:các |những )?"
        r"(?:tập thể|cá nhân|người|việc|nhân tố|gương|mô hình|danh hiệu|hình thức|đơn vị|hoạt động|cách làm|sản phẩm|quá trình|văn bản)"
    ),
    "general": re.compile(
        r"^(?:[-–+*]|\d[\d.]*|[a-zđ][.)])? ?(?:các )?(?:tiêu chí|tiêu chuẩn|điều kiện|yêu cầu|quy định|nguyên tắc) chung"
    ),
    "purpose": re.compile(r"^(?:[-–+*]|\d[\d.]*|[a-zđ][.)])? ?nhằm |mục đích|mục tiêu|góp phần"),
    "steps": re.compile(r"bước \d|các bước|trình tự|quy trình|khâu|lần lượt|sau đó|thứ nhất"),
    "penalty": re.compile(r"thu hồi|hủy bỏ|xử lý|kỷ luật|không xét|không được xét|bị loại|nghiêm cấm|vi phạm|khai man|gian dối|khiếu nại"),
    "place": re.compile(
        r"gửi về|nộp về|nộp tại|gửi qua|qua phòng|tại phòng|về phòng|về bộ phận|về hội đồng|hội trường|địa điểm|website|cổng thông tin"
    ),
}

# What stands in a document once, told by its typed rules and not by a pattern.
OF_DOCUMENT = ("signer", "number", "issued")

VALUES = (*PATTERNS, *OF_DOCUMENT)

# What a heading tells of the clauses below it, beside what they hold themselves: general rules, what a document is for.
OF_HEADINGS = {
    "general": re.compile(r"(?:tiêu chí|tiêu chuẩn|điều kiện|yêu cầu|quy định|nguyên tắc) chung|áp dụng chung|chung đối với"),
    "purpose": re.compile(r"mục đích|mục tiêu|ý nghĩa"),
}
_BESIDES = re.compile(r"(?:ngoài|bên cạnh|cùng với)[^.;:]*? chung")  # special rules that only point to the general ones

_WORDS_OF_NUMBERS = {"hai": "2", "ba": "3", "bốn": "4", "sáu": "6", "bảy": "7", "tám": "8", "chín": "9", "mười": "10"}
_NUMBER_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|" + "|".join(rf"(?<!\w){word}(?!\w)" for word in _WORDS_OF_NUMBERS))


@lru_cache(maxsize=50_000)
def held(text: str, heading: str = "") -> frozenset[str]:
    """The kinds of value that a text holds, or that the heading above it gives it."""
    line, above = fold(text), _BESIDES.sub("", fold(heading))
    own = {name for name, pattern in PATTERNS.items() if pattern.search(line)}
    return frozenset(own | {name for name, pattern in OF_HEADINGS.items() if pattern.search(above)})


@lru_cache(maxsize=50_000)
def numbers(text: str) -> frozenset[str]:
    """The numbers of a text, in figures without leading zeros; "một" and "năm" (also "year") only as figures."""
    return frozenset(_WORDS_OF_NUMBERS.get(found, found.lstrip("0") or "0") for found in _NUMBER_TOKEN.findall(fold(text)))
