"""A made-up school with a made-up plan, and the bot over it: for tests of whole conversations."""

from __future__ import annotations

import contextlib
import functools
import io
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pypdfium2

from bot.access import Role
from bot.files import FileStore
from bot.stage import Stage, cast, open_stage
from bot.workspace import writing
from index.embed import Embedder
from knowledge.extract import understand
from knowledge.model import Document, Page
from tests.bot.local import HandClock

ORG, OTHER, ABOVE = "truong-a", "truong-b", "so-a"
UNIT = "Tổ Toán"

PLAN = """TRƯỜNG THPT BẾN XUÂN
Số: 12/KH-BX
Bến Xuân, ngày 05 tháng 9 năm {first}

KẾ HOẠCH
Phát hiện và nhân rộng điển hình tiên tiến năm học {first}-{last}

I. MỤC ĐÍCH
1. Động viên kịp thời tập thể và cá nhân có thành tích nổi bật trong dạy học.

II. TIÊU CHÍ
1. Tập thể
a) Hoàn thành xuất sắc nhiệm vụ năm học;
b) Nội bộ đoàn kết, không có thành viên bị kỷ luật.
2. Cá nhân
a) Hoàn thành xuất sắc nhiệm vụ, được đồng nghiệp tín nhiệm;
b) Có ít nhất một sáng kiến được nhà trường công nhận.

III. HỒ SƠ VÀ THỜI HẠN
1. Hồ sơ gồm: tờ trình; biên bản họp bình xét; bản tóm tắt thành tích.
2. Các tổ gửi hồ sơ về Văn phòng nhà trường trước ngày 15 tháng 5 năm {last}.

IV. TỔ CHỨC THỰC HIỆN
1. Văn phòng nhà trường là đầu mối, tổng hợp hồ sơ trình Hiệu trưởng.

Nơi nhận:
- Các tổ;
- Lưu: VT.
HIỆU TRƯỞNG
Vũ Minh Khang

TRƯỜNG ........
DANH SÁCH
Đề nghị biểu dương điển hình tiên tiến
| TT | Họ và tên | Đơn vị công tác | Thâm niên giảng dạy | Tóm tắt thành tích | Số điện thoại, email |
|----|-----------|-----------------|---------------------|--------------------|----------------------|
| 1  |           |                 |                     |                    |                      |
THỦ TRƯỞNG ĐƠN VỊ
"""


VOTED = "b) Được ít nhất 2/3 số thành viên Hội đồng thi đua bỏ phiếu đồng ý."


def plan_text(first: int = 2026, *, vote: bool = False) -> str:
    """The school's plan; with `vote`, a criterion asks for two thirds of the council."""
    text = PLAN.format(first=first, last=first + 1)
    return text.replace("b) Có ít nhất một sáng kiến được nhà trường công nhận.", VOTED) if vote else text


def empty_pdf() -> bytes:
    """A PDF of one blank page."""
    made = pypdfium2.PdfDocument.new()
    made.new_page(595, 842)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@functools.cache
def _prepared(first: int, vote: bool = False, above: bool = False, pictured: bool = False) -> Path:
    """A data folder with the school, its plan and the index: built once, copied for each conversation."""
    data = Path(tempfile.mkdtemp(prefix="guongsang-school-"))
    pages = (Page(number=1, text=plan_text(first, vote=vote)),)
    document = Document(source="ke-hoach.pdf", format="pdf", pages=pages) if pictured else Document(
        source="ke-hoach.txt", format="text", pages=pages
    )
    sha256 = FileStore(data / "files").put(empty_pdf()) if pictured else "0" * 64
    with writing(data) as space:
        with space.db.atomic():
            if above:
                space.library.add_institution(ABOVE, "Sở Giáo dục Bến Xuân")
            parent = ABOVE if above else None
            space.library.add_institution(ORG, "Trường THPT Bến Xuân", parent=parent, aliases=["THPT Bến Xuân"])
            space.library.add_institution(OTHER, "Trường THPT Đồi Thông")
            space.library.add(understand(document, org=ORG), sha256=sha256, now=space.now)
        space.index.build((stored.plan for stored in space.library.live()), Embedder())
    return data


@contextlib.asynccontextmanager
async def school(
    data: Path,
    *,
    first: int = 2026,
    clock: HandClock | None = None,
    vote: bool = False,
    above: bool = False,
    second: bool = False,
    assistant: bool = False,
    pictured: bool = False,
) -> AsyncIterator[Stage]:
    """The bot at work for the school, with a teacher, a unit head, a secretary and an admin. `data` is a folder to copy into.

    `above` puts an office above the school, in which the admin also holds the secretariat; with `second` they hold the school's too.
    With `assistant` the teacher nominates for the unit as well. `pictured`: the plan came as a PDF, whose page can be shown.
    """
    shutil.copytree(_prepared(first, vote, above, pictured), data, dirs_exist_ok=True)
    async with open_stage(data, clock=clock or HandClock()) as stage:
        await cast(stage, ORG, UNIT)
        admin = stage.services.access.holders(Role.ADMIN)[0]
        with stage.services.db.atomic():
            for org in (*([ABOVE] if above else []), *([ORG] if second else [])):
                stage.services.access.give(admin.person, Role.SECRETARIAT, org, None, stage.services.clock())
            if assistant:
                teacher = stage.services.access.holders(Role.TEACHER, ORG)[0]
                stage.services.access.give(teacher.person, Role.UNIT_HEAD, ORG, UNIT, stage.services.clock())
        yield stage


__all__ = ["ABOVE", "ORG", "OTHER", "UNIT", "Role", "plan_text", "school"]
