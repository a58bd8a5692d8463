"""Invented plans in any number: institutions, structure and wording varied, the same for the same seed.

Every plan is a text that is understood like a file that somebody sends. A text is put together from phrases; its own names of places,
units, movements and figures keep two plans apart, so that a question made from one clause has that clause as its best answer, or one
that says the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.extract import understand
from knowledge.library import Institution
from knowledge.model import Document, Page, Plan

_FIRST_WORDS = "An Bình Cẩm Đông Gia Hòa Khánh Lâm Long Minh Ngọc Phú Phước Quảng Sơn Tân Thạnh Thanh Thuận Trung Tường Vân Xuân Yên"

_SECOND_WORDS = "Bắc Châu Dương Đạo Đức Giang Hải Hạnh Hưng Kiều Lạc Lộc Lương Mỹ Nghĩa Phong Quý Sa Thành Thịnh Thới Trà Tuyền Vinh Xá"

_FIRST, _SECOND = tuple(_FIRST_WORDS.split()), tuple(_SECOND_WORDS.split())
_KINDS = (
    "Trường Tiểu học",
    "Trường THCS",
    "Trường THPT",
    "Trường Mầm non",
    "Trường Cao đẳng",
    "Phòng Giáo dục và Đào tạo",
    "Trường Đại học",
)
_UNITS = (
    "Tổ Hành chính", "Phòng Tổ chức", "Ban Nề nếp", "Tổ Ngoại ngữ", "Phòng Khảo thí", "Tổ Khoa học tự nhiên", "Văn phòng", "Ban Thi đua",
    "Tổ Khoa học xã hội", "Phòng Đào tạo", "Trung tâm Học liệu",
    "Phòng Kế toán", "Ban Thư viện", "Tổ Nghệ thuật", "Khoa Cơ bản", "Tổ Thể dục",
)  # fmt: skip
_MOVEMENTS = (
    "lớp học xanh", "giờ dạy sáng tạo", "thư viện mở", "nhà giáo tận tâm", "mỗi tuần một câu chuyện đẹp", "trường học số",
    "bếp ăn an toàn",
    "đôi bạn cùng tiến", "tiết kiệm điện nước", "góc sách nhỏ", "sân chơi dân gian", "phòng thí nghiệm ảo",
    "vườn rau thầy trò", "cổng trường an toàn",
    "học liệu dùng chung", "tiếng hát mái trường", "ngày hội đọc sách", "cầu lông công đoàn", "áo ấm tặng bạn", "khởi nghiệp trẻ",
)  # fmt: skip
_PEOPLE = (
    "giáo viên",
    "nhân viên",
    "học sinh",
    "sinh viên",
    "cán bộ quản lý",
    "tổ trưởng",
    "giảng viên",
    "đoàn viên",
    "tập thể lớp",
    "tổ chuyên môn",
)
_DEEDS = (
    "có sáng kiến về {m} được áp dụng ở ít nhất {n} đơn vị",
    "dẫn đầu phong trào {m} trong {n} tháng liền",
    "giúp {n} học sinh khó khăn theo kịp lớp",
    "làm được {n} đồ dùng dạy học cho {u}", "được {n} đồng nghiệp ở {u} giới thiệu bằng văn bản",
    "vận động {n} gia đình tham gia {m}",
    "có {n} bài viết về {m} đăng trên trang tin của đơn vị", "hoàn thành {n} giờ tập huấn do {u} mở",
    "không để xảy ra sai sót trong {n} kỳ kiểm tra của {u}",
    "đạt giải tại hội thi {m} lần thứ {n}", "quyên góp {n} đầu sách cho {m}", "duy trì câu lạc bộ {m} với {n} thành viên",
)  # fmt: skip
_DUTIES = (
    "nhận hồ sơ của {p}, đối chiếu với {m} và trả kết quả trong {n} ngày", "lập danh sách {p} tham gia {m}, gửi {u} trước ngày {d}",
    "bố trí phòng, loa đài và {n} phần quà cho lễ biểu dương {m}", "viết tin, chụp ảnh {m}, đăng lên bảng tin vào tuần thứ {n}",
    "kiểm tra việc thực hiện {m} ở {u} mỗi {n} tháng", "tổng hợp minh chứng của {p}, lưu tại {u} trong {n} năm",
    "tập huấn cho {p} cách ghi nhật ký {m}", "đề xuất mức thưởng cho {m}, trình ban giám hiệu ngày {d}",
)  # fmt: skip
_PAPERS = (
    "Đơn đăng ký {m} có chữ ký của {u}",
    "Bản mô tả việc làm của {p}, dài không quá {n} trang",
    "Ảnh hoặc đoạn phim về {m}, nhiều nhất {n} tệp",
    "Phiếu nhận xét của {u} đối với {p}", "Bảng kê {n} hoạt động đã tham gia trong {m}", "Giấy xác nhận của {u} về {m}",
)  # fmt: skip
_TIMES = (
    "{p} nộp giấy tờ về {u} chậm nhất ngày {d}", "{u} xét vòng một của {m} từ ngày {d}", "Công bố kết quả {m} trước {n} giờ ngày {d}",
    "Nhận ý kiến về danh sách {p} trong {n} ngày kể từ ngày {d}", "Lễ trao thưởng {m} dự kiến ngày {d} tại hội trường của {u}",
)  # fmt: skip
_MONEY = (
    "Mỗi {p} được thưởng {x}00.000 đồng khi đạt {m}", "Kinh phí cho {m} là {x} triệu đồng, lấy từ nguồn do {u} quản lý",
    "{u} chi {x}0.000 đồng cho một suất quà của {m}", "Phần thưởng của {m} dành cho nhiều nhất {n} {p}",
)  # fmt: skip
_AIMS = (
    "Làm cho {m} trở thành nếp quen của {p} ở {place}", "Tìm ra và giới thiệu {p} làm tốt {m}", "Gắn {m} với nhiệm vụ năm học của {place}",
    "Mỗi {u} có ít nhất {n} việc cụ thể cho {m}", "Đánh giá {m} công bằng, có minh chứng, có góp ý của {p}",
)  # fmt: skip
_PARTS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("MỤC ĐÍCH", "MỤC TIÊU CHUNG", "VÌ SAO PHÁT ĐỘNG"), _AIMS),
    (("TIÊU CHUẨN XÉT CHỌN", "ĐIỀU KIỆN CÔNG NHẬN", "THẾ NÀO LÀ GƯƠNG TỐT"), _DEEDS),
    (("GIẤY TỜ CẦN CÓ", "HỒ SƠ", "THÀNH PHẦN HỒ SƠ"), _PAPERS),
    (("CÁC MỐC THỜI GIAN", "TIẾN ĐỘ", "LỊCH THỰC HIỆN"), _TIMES),
    (("MỨC THƯỞNG", "KINH PHÍ", "QUYỀN LỢI"), _MONEY),
    (("PHÂN CÔNG", "TỔ CHỨC THỰC HIỆN", "AI LÀM GÌ"), _DUTIES),
)
_ASKED = ("{words} thì thế nào", "cho hỏi {words}", "{words} có đúng không ạ", "quy định về {words}", "em muốn biết {words}", "{words}")


@dataclass(frozen=True)
class Asked:
    """A question with the plan (its place in the generated order) and the clause that it was made from."""

    question: str
    plan: int
    quote: str


def slug_of(number: int) -> str:
    return f"donvi-{number:05d}"


def institution(number: int, seed: int = 20) -> Institution:
    """The institution of a plan; each has one plan."""
    chance = random.Random(f"{seed}/{number}/name")
    name = f"{chance.choice(_KINDS)} {chance.choice(_FIRST)} {chance.choice(_SECOND)} {_numeral(number)}"
    return Institution(slug_of(number), name)


def _numeral(number: int) -> str:
    """A number as two invented syllables, so that names differ in words and not in figures alone."""
    return f"{_FIRST[number % len(_FIRST)]}{_SECOND[number // len(_FIRST) % len(_SECOND)].lower()} {number}"


def text_of(number: int, clauses: int = 100, seed: int = 20) -> str:
    """The text of a plan of about `clauses` clauses."""
    chance = random.Random(f"{seed}/{number}")
    place = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)}"
    movements = [f"{m} {chance.choice(_FIRST).lower()} {chance.choice(_SECOND).lower()}" for m in chance.sample(_MOVEMENTS, 5)]
    units = chance.sample(_UNITS, 6)

    def filled(phrase: str) -> str:
        return phrase.format(
            m=chance.choice(movements), u=chance.choice(units), p=chance.choice(_PEOPLE), n=chance.randint(2, 40), x=chance.randint(1, 90),
            d=f"{chance.randint(1, 28)}/{chance.randint(1, 12)}", place=place,
        )  # fmt: skip

    year = chance.randint(2020, 2030)
    lines = [
        institution(number, seed).name.upper(),
        f"Số: {chance.randint(1, 900)}/KH-{chance.choice('ABCDEGHK')}{number}",
        "",
        f"{place}, ngày {chance.randint(10, 28)} tháng {chance.randint(10, 12)} năm {year}",
        "",
        "KẾ HOẠCH",
        f"Phát động phong trào thi đua {movements[0]} giai đoạn {year} - {year + chance.randint(1, 4)}",
        "",
    ]
    parts = [part for part in _PARTS if chance.random() < 0.9] or list(_PARTS)
    each = max(3, (clauses - 12 - len(parts)) // len(parts))
    for numeral, (titles, phrases) in zip(("I", "II", "III", "IV", "V", "VI"), parts, strict=False):
        lines.append(f"{numeral}. {chance.choice(titles)}")
        left = each
        item = 0
        while left > 0:
            item += 1
            below = chance.randint(0, 5)
            if below > 1:
                lines.append(f"{item}. Đối với {chance.choice(_PEOPLE)} tham gia {chance.choice(movements)}:")
                lines.extend(f"{mark} {filled(chance.choice(phrases))}{end}" for mark, end in _marks(chance, below))
            else:
                lines.append(f"{item}. {_capital(filled(chance.choice(phrases)))}.")
            left -= 1 + (below if below > 1 else 0)
    end = ["", "Nơi nhận:", f"- {units[0]};", "- Lưu: VT.", "", "HIỆU TRƯỞNG", "", f"Lê Thị {chance.choice(_SECOND)}", ""]
    return "\n".join([*lines, *end])


def _marks(chance: random.Random, count: int) -> list[tuple[str, str]]:
    marks = [f"{letter})" for letter in "abcdeg"] if chance.random() < 0.5 else ["-"] * 6
    return [(mark, ";" if place < count - 1 else ".") for place, mark in enumerate(marks[:count])]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def plan(number: int, clauses: int = 100, seed: int = 20) -> Plan:
    """A plan as the library holds it: understood, with its id and version."""
    text = text_of(number, clauses, seed)
    document = Document(source=f"{slug_of(number)}.txt", format="text", pages=(Page(number=1, text=text),))
    understood = understand(document, org=slug_of(number))
    return understood.model_copy(update={"id": f"{slug_of(number)}-1", "version": 1})


def plans(count: int, clauses: int = 100, seed: int = 20) -> Iterator[Plan]:
    return (plan(number, clauses, seed) for number in range(count))


def questions(count: int, of: int, clauses: int = 100, seed: int = 20) -> list[Asked]:
    """Questions from clauses of plans 0 to `of` - 1: some of a clause's words in order, half of them without marks."""
    from knowledge.text import unaccent

    chance = random.Random(f"{seed}/questions/{of}")
    made: list[Asked] = []
    while len(made) < count:
        number = chance.randrange(of)
        line = chance.choice(_rules(text_of(number, clauses, seed)))
        words = line.split()
        begin = chance.randint(0, max(0, len(words) - 12))
        kept = [word for word in words[begin : begin + chance.randint(6, 14)] if chance.random() < 0.85]
        question = chance.choice(_ASKED).format(words=" ".join(kept).strip(" .;,:"))
        made.append(Asked(unaccent(question.lower()) if chance.random() < 0.5 else question, number, line))
    return made


def _rules(text: str) -> Sequence[str]:
    """The clauses of a text that state something."""
    lines = [line.split(" ", 1)[-1] for line in text.splitlines() if line[:2].strip("abcdeg)-.0123456789") in ("", " ") and len(line) > 30]
    return [line for line in lines if not line.endswith(":")]
