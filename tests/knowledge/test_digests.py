"""The digests of the five plans: readable, laid out as the plans are, complete in their facts, and in words of our own."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from knowledge.model import Document
from knowledge.outline import outline
from knowledge.plans import Digest, digests
from knowledge.readers import read
from tests.shared import OFFICIAL, needs_shared, official

FACTS = (
    ("hatinh", "34-CT/TW ngày 07/4/2014"),
    ("hatinh", "621/BGDĐT-TĐKT ngày 22/02/2021"),
    ("hatinh", "06/KH-UBND ngày 11/01/2021"),
    ("hatinh", "359/UBND-NC ngày 31/01/2023"),
    ("hatinh", "tuyển sinh của các hệ"),
    ("hatinh", "ngoài các điều kiện ở tiêu chí chung còn đạt một trong các điều kiện sau"),
    ("hatinh", "năm học mới 2023-2024"),
    ("hatinh", "đơn vị dẫn đầu ở năm học trước (Phòng Đào tạo xét chọn)"),
    ("hatinh", "nghiên cứu khoa học (Phòng QLKH-ĐN-TT xét chọn)"),
    ("hatinh", "Phòng Đào tạo phối hợp với Phòng QLKH-ĐN-TT"),
    ("hatinh", "2/3 thành viên Hội đồng Thi đua – Khen thưởng"),
    ("hatinh", "Hội đồng tuyển sinh"),
    ("hatinh", "chịu trách nhiệm trước Hiệu trưởng"),
    ("hatinh", "Trung tâm Công nghệ thông tin"),
    ("hatinh", "Giao Phòng Tổ chức - Hành chính làm đầu mối"),
    ("hatinh", "Đoàn Hoài Sơn"),
    ("thainguyen", "Số: 800/KH-CĐKTKT-TH"),
    ("thainguyen", "ngày 3... tháng 11 năm 2020"),
    ("thainguyen", "1999/ĐHTN-PCTĐ ngày 21/10/2020"),
    ("thainguyen", "38 năm ngày Nhà giáo Việt Nam"),
    ("thainguyen", "03/02/1930"),
    ("thainguyen", "131 năm ngày sinh"),
    ("thainguyen", "Đối với học sinh, sinh viên:"),
    ("thainguyen", "cơ quan, đơn vị, tổ chức có thẩm quyền ghi nhận"),
    ("thainguyen", "để Hiệu trưởng khen thưởng kịp thời"),
    ("thainguyen", "thẩm định minh chứng"),
    ("thainguyen", "Cuối mỗi đợt thi đua"),
    ("thainguyen", "bộ phận Thi đua, khen thưởng – Phòng Tổng hợp"),
    ("thainguyen", "tóm tắt thành tích nổi bật, sản phẩm và minh chứng cụ thể"),
    ("thainguyen", "Thường trực HĐTĐ và thường vụ Công đoàn"),
    ("thainguyen", "TS. Ngô Xuân Hoàng"),
    ("tiengiang", "265/KH-UBND ngày 01/9/2021"),
    ("tiengiang", "11-TT/TU ngày 25/4/2014"),
    ("tiengiang", "cả 4 khâu: phát hiện, bồi dưỡng, tổng kết, nhân rộng"),
    ("tiengiang", "Đề nghị cấp ủy chủ trì"),
    ("tiengiang", "“Xây dựng tổ chức cơ sở đảng trong sạch vững mạnh”"),
    ("tiengiang", "Phòng Công tác Học sinh - Sinh viên chủ trì"),
    ("tiengiang", "Cá nhân (học sinh, sinh viên, học viên)"),
    ("tiengiang", "đăng ký các điển hình tiên tiến về Hội đồng Thi đua - Khen thưởng"),
    ("tiengiang", "6 tháng đầu năm 2023"),
    ("tiengiang", "Hội nghị điển hình tiên tiến 05 năm"),
    ("tiengiang", "quý I, II/2025"),
    ("tiengiang", "KT. HIỆU TRƯỞNG PHÓ HIỆU TRƯỞNG Lê Minh Đức"),
    ("bachkhoa", "1526/QĐ-TTg ngày 09/12/2022"),
    ("bachkhoa", "595/KH-BGDĐT ngày 10/4/2023"),
    ("bachkhoa", "minh chứng và sản phẩm cụ thể"),
    ("bachkhoa", "khách quan, minh bạch"),
    ("bachkhoa", "giai đoạn 2020 - 2025"),
    ("bachkhoa", "cả vật chất lẫn tinh thần"),
    ("bachkhoa", "mỗi năm 01 lần"),
    ("bachkhoa", "(kèm minh chứng, sản phẩm)"),
    ("bachkhoa", "trước ngày 30 tháng 08"),
    ("bachkhoa", "quang.hoangvan@hust.edu.vn"),
    ("bachkhoa", "tổng kết vào năm 2025"),
    ("bachkhoa", "lập dự toán kinh phí"),
    ("bachkhoa", "GIÁM ĐỐC PGS.TS Huỳnh Quyết Thắng"),
    ("vinhthuan", "Số: 345/KH-PGDĐT"),
    ("vinhthuan", "ngày 04 tháng 11 năm 2021"),
    ("vinhthuan", "24/2018/QĐ-UBND ngày 28/12/2018"),
    ("vinhthuan", "2726/KH-SGDĐT ngày 26/10/2021"),
    ("vinhthuan", "hoặc có sáng kiến cải tiến"),
    ("vinhthuan", "Tổ chức Đảng và đoàn thể đạt trong sạch vững mạnh"),
    ("vinhthuan", "ngoài các tiêu chuẩn quy định trên, trường học còn phải được danh hiệu “Tập thể lao động xuất sắc”"),
    ("vinhthuan", "không xét chung với khen thưởng khi tổng kết"),
    ("vinhthuan", "- Tờ trình. - Biên bản họp bình xét. - Tóm tắt thành tích"),
    ("vinhthuan", "(mẫu gửi kèm)"),
    ("vinhthuan", "gửi hồ sơ đề nghị ngay về bộ phận thi đua khen thưởng Phòng GDĐT"),
    ("vinhthuan", "tổng hợp gửi Sở GDĐT"),
    ("vinhthuan", "(Kèm theo Tờ trình số)"),
    ("vinhthuan", "TT Họ và tên Đơn vị công tác Thâm niên giảng dạy Tóm tắt thành tích Số điện thoại, email"),
    ("vinhthuan", "KT. TRƯỞNG PHÒNG PHÓ TRƯỞNG PHÒNG Ngô Thị Ngọc Hạnh"),
)
SYLLABLE = re.compile(r"\w+")
BY_SLUG = {digest.slug: digest for digest in digests()}


def text_of(path: Path) -> str:
    return unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))


def refs_of(document: Document) -> list[tuple[str, str]]:
    return [(clause.ref, clause.zone) for section in outline(document).sections for clause in section.clauses]


def runs_of(text: str, length: int) -> set[tuple[str, ...]]:
    syllables = SYLLABLE.findall(text.lower())
    return {tuple(syllables[start : start + length]) for start in range(len(syllables) - length + 1)}


def test_digests_of_the_five_institutions() -> None:
    assert [digest.slug for digest in digests()] == list(OFFICIAL)


def test_digests_share_no_alias() -> None:
    names = [name.casefold() for digest in digests() for name in (digest.name, *digest.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("digest", digests(), ids=lambda digest: digest.slug)
def test_digest_is_readable_as_a_plan(digest: Digest) -> None:
    zones = {zone for _, zone in refs_of(read(digest.path))}
    assert {"title", "preamble", "body", "recipients", "signature"} <= zones


@pytest.mark.parametrize(("slug", "fact"), FACTS)
def test_digest_holds_fact(slug: str, fact: str) -> None:
    assert fact in " ".join(text_of(BY_SLUG[slug].path).split())


def test_digest_table_columns_are_separated_by_tabs() -> None:
    rows = [line.split("\t") for line in text_of(BY_SLUG["vinhthuan"].path).splitlines() if "\t" in line]
    assert rows[0][0] == "TT"
    assert [len(row) for row in rows] == [6, 6]


@needs_shared
@pytest.mark.parametrize("slug", OFFICIAL)
def test_digest_has_the_refs_of_its_plan(slug: str) -> None:
    assert refs_of(read(BY_SLUG[slug].path)) == refs_of(read(official(slug)))


@needs_shared
@pytest.mark.parametrize("slug", OFFICIAL)
def test_digest_repeats_no_sentence_of_a_plan(slug: str) -> None:
    body = text_of(BY_SLUG[slug].path).split("\nDANH SÁCH\n")[0]  # the form's labels are facts
    for source in OFFICIAL:
        assert not runs_of(body, 20) & runs_of(text_of(official(source)), 20)
