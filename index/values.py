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
    "seniority": re.compile(rf"{_NUMBER} năm (?:công tác|giảng dạy|liên tục|trở lên|học)|thâm niên|từ {_NUMBER} năm|đủ {_NUMBER} (?:năm|tháng)"),
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
    "place": re.compile(r"gửi về|nộp về|nộp tại|gửi qua|qua phòng|tại phòng|về phòng|về bộ phận|về hội đồng|hội trường|địa điểm|website|cổng thông tin"),
}


@lru_cache(maxsize=50_000)
def held(text: str) -> frozenset[str]:
    """The kinds of value that a text holds."""
    line = fold(text)
    return frozenset(name for name, pattern in PATTERNS.items() if pattern.search(line))
