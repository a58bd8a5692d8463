"""Two small institutions with plans of their own, for the tests of the index."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from bot.database import open_memory
from index.embed import Embedder
from index.engine import Engine
from index.search import Index
from knowledge.extract import understand
from knowledge.library import Library
from knowledge.model import Document, Page, Plan

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)

RIVER = """PHÒNG GIÁO DỤC VÀ ĐÀO TẠO SÔNG LAM
Số: 77/KH-PGDĐT

Sông Lam, ngày 05 tháng 9 năm 2026

KẾ HOẠCH
Nhân rộng điển hình tiên tiến giai đoạn 2026 - 2028

Căn cứ Kế hoạch số 12/KH-SGDĐT ngày 20/8/2026 của Sở Giáo dục và Đào tạo;

I. MỤC ĐÍCH
1. Khích lệ giáo viên và học sinh noi theo gương tốt.

II. TIÊU CHUẨN
1. Tập thể
Tập thể được công nhận khi đạt một trong các điều kiện sau:
- Dẫn đầu cụm thi đua về chất lượng dạy học.
- Có mô hình được ít nhất ba trường khác áp dụng.
2. Cá nhân
Cá nhân được công nhận khi đạt các tiêu chuẩn sau:
- Có sáng kiến được áp dụng trong toàn huyện.
- Được đồng nghiệp tín nhiệm từ 80% trở lên.

III. HỒ SƠ, THỜI GIAN
1. Hồ sơ gồm:
a) Tờ trình của trường;
b) Biên bản họp xét;
c) Báo cáo thành tích có xác nhận.
2. Các trường gửi hồ sơ về tổ thi đua của Phòng trước ngày 15/5 hằng năm.

IV. TỔ CHỨC THỰC HIỆN
1. Tổ thi đua của Phòng làm đầu mối tổng hợp, tham mưu khen thưởng.
2. Công đoàn ngành phối hợp tuyên truyền gương điển hình.

Nơi nhận:
- Các trường;
- Lưu: VT.

TRƯỞNG PHÒNG

Hồ Thị Mai
"""

HILL = """TRƯỜNG CAO ĐẲNG NGHỀ ĐỒI THÔNG
Số: 31/KH-CĐN

Đồi Thông, ngày 10 tháng 01 năm 2023

KẾ HOẠCH
Phát động thi đua năm 2023

I. TIÊU CHUẨN
1. Đối với nhà giáo: có giờ dạy được hội đồng khoa xếp loại giỏi.
2. Đối với sinh viên: đạt giải tại hội thi tay nghề cấp tỉnh.

II. THƯỞNG
1. Mỗi cá nhân được thưởng 2.000.000 đồng từ quỹ khen thưởng của trường.

III. TỔ CHỨC THỰC HIỆN
1. Phòng Công tác sinh viên là đầu mối nhận hồ sơ.

Nơi nhận:
- Các khoa.

HIỆU TRƯỞNG

Lê Văn Thông
"""


def plan(text: str, org: str, source: str) -> Plan:
    return understand(Document(source=source, format="text", pages=(Page(number=1, text=text),)), org=org)


def stocked_library() -> Library:
    """The two institutions, a school below the first one, and one without any plan."""
    library = Library(open_memory())
    library.add_institution("songlam", "Phòng Giáo dục và Đào tạo Sông Lam")
    library.add_institution("truong", "Trường THCS Lam Kiều", parent="songlam")
    library.add_institution("doithong", "Trường Cao đẳng nghề Đồi Thông")
    library.add_institution("trong", "Trường Tiểu học Bến Vắng")
    library.add(plan(RIVER, "songlam", "song.txt"), sha256="1", now=NOW)
    library.add(plan(HILL, "doithong", "doi.txt"), sha256="2", now=NOW)
    return library


def engine_over(library: Library, folder: Path, embedder: Embedder | None = None) -> Engine:
    embedder = embedder or Embedder()
    index = Index(folder)
    index.build((stored.plan for stored in library.live()), embedder)
    engine = Engine(index, embedder)
    engine.refresh(library)
    return engine
