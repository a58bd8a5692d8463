"""What `doctor` looks at in the data folder: the database, the files, the index, who may read them. One finding a check."""

from __future__ import annotations

import hashlib
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import encryption
from bot.access import Access, Role
from bot.database import Database, open_readonly
from bot.files import FileStore
from index.embed import Embedder
from index.search import DamagedError, Index
from knowledge.library import Library

RESTORE = "khôi phục bằng guongsang restore TỆP_SAO_LƯU"


@dataclass(frozen=True)
class Finding:
    """`weight`: ok, warning (something will not work, the rest does) or wrong (exit code 1)."""

    weight: str
    text: str

    @property
    def line(self) -> str:
        return f"{ {'ok': '✓', 'warning': '⚠', 'wrong': '✗'}[self.weight] } {self.text}"


def ok(text: str) -> Finding:
    return Finding("ok", text)


def warning(text: str) -> Finding:
    return Finding("warning", text)


def wrong(text: str) -> Finding:
    return Finding("wrong", text)


@contextmanager
def _opened(folder: Path) -> Iterator[Database | None]:
    """The database, read-only; None where there is none yet."""
    path = folder / "guongsang.db"
    if not path.exists():
        yield None
        return
    db = open_readonly(path)
    try:
        yield db
    finally:
        db.close()


def database(folder: Path) -> Finding:
    """Every page sound, every reference to something that is there."""
    with _opened(folder) as db:
        if db is None:
            return warning("Chưa có dữ liệu: bắt đầu bằng guongsang setup")
        try:
            found = [str(row[0]) for row in db.execute("PRAGMA integrity_check").fetchall()]
            broken = db.execute("PRAGMA foreign_key_check").fetchall()
        except encryption.database_errors() as error:
            return wrong(f"Cơ sở dữ liệu hỏng ({error}): {RESTORE}")
    if found != ["ok"]:
        return wrong(f"Cơ sở dữ liệu hỏng ({'; '.join(found[:3])}): {RESTORE}")
    if broken:
        return wrong(f"Cơ sở dữ liệu có {len(broken)} liên kết sai (bảng {broken[0][0]}): {RESTORE}")
    return ok("Cơ sở dữ liệu nguyên vẹn, mọi liên kết đúng")


def files(folder: Path) -> Finding:
    """Every kept file is what its name says, and what the tables name is there."""
    with _opened(folder) as db:
        if db is None:
            return ok("Chưa có tệp nào được giữ")
        wanted = {str(row[0]) for row in db.execute("SELECT sha256 FROM evidence_files UNION SELECT sha256 FROM seals").fetchall()}
        store = FileStore(folder / "files", cipher := encryption.cipher_of(db))
    kept = list(encryption.files(folder))
    damaged = [path.name for path in kept if hashlib.sha256(store.read(path)).hexdigest() != path.name]
    if damaged:
        return wrong(f"{len(damaged)} tệp hỏng (ví dụ {damaged[0][:12]}…): {RESTORE}")
    if missing := wanted - {path.name for path in kept}:
        return wrong(f"Thiếu {len(missing)} tệp mà dữ liệu nhắc tới: {RESTORE}")
    plain = [path for path in kept if not encryption.is_sealed(path)] if cipher else []
    if plain:
        return wrong(f"{len(plain)} tệp chưa mã hoá: dừng bot rồi chạy lại guongsang encrypt")
    return ok(f"{len(kept)} tệp nguyên vẹn")


def secrecy(folder: Path) -> Finding:
    """Who can read the data: other users of the machine, or somebody who takes the disk away."""
    if sys.platform != "win32" and folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        return warning(f"Người dùng khác của máy đọc được {folder}: chạy chmod -R go= {folder}")
    if encryption.is_plain(folder / "guongsang.db") is False:
        return ok("Dữ liệu được mã hoá bằng GUONGSANG_KEY")
    return ok("Dữ liệu không mã hoá: nên mã hoá ổ đĩa, hoặc đặt GUONGSANG_KEY rồi chạy guongsang encrypt")


def admins(folder: Path) -> Finding:
    with _opened(folder) as db:
        if db is None:
            return warning("Chưa có quản trị viên: mời bằng guongsang invite --role admin")
        count = len({grant.person for grant in Access(db).holders(Role.ADMIN)})
    if count < 2:
        return warning(f"Có {count} quản trị viên: nên có hai người, mời bằng guongsang invite --role admin")
    return ok(f"Có {count} quản trị viên")


def plans(folder: Path) -> Finding:
    with _opened(folder) as db:
        if db is None:
            return warning("Chưa có kế hoạch: thêm bằng guongsang orgs add, rồi guongsang plans add")
        count = len(Library(db).live_keys())
    return ok(f"{count} kế hoạch đang dùng") if count else warning("Chưa có kế hoạch nào: thêm bằng guongsang plans add TỆP --org MÃ")


def model(folder: Path) -> Finding:
    embedder = Embedder()
    embedder.encode(["kiểm tra"])
    return ok(f"Mô hình tìm kiếm {Path(embedder.name).name if _is_named() else 'kèm theo chương trình'} dùng được")


def _is_named() -> bool:
    from bot.settings import Settings

    return bool(Settings().model)


def index(folder: Path) -> Finding:
    """Whole by its checksums, made by the model in use, with every plan in force."""
    found = Index(folder / "index")
    with _opened(folder) as db:
        live = {(plan_id, version) for _, plan_id, version in Library(db).live_keys()} if db else set()
    if not live:
        return ok("Chưa cần chỉ mục: chưa có kế hoạch đang dùng")
    build = "bot tự lập lại khi chạy, hoặc dùng guongsang index build; trong lúc đó chỉ tìm theo từ"
    try:
        generation = found.current()
    except DamagedError as error:
        return wrong(f"Chỉ mục hỏng ({error}): {build}")
    if generation is None:
        return warning(f"Chưa có chỉ mục: {build}")
    if damaged := found.verify():
        return wrong(f"Chỉ mục hỏng ({damaged[0]}): {build}")
    if generation.model != Embedder().identity:
        return warning(f"Chỉ mục được lập bằng mô hình khác ({generation.model.partition('|')[0] or 'không có'}): {build}")
    if missing := live - set(generation.entries):
        return warning(f"{len(missing)} kế hoạch chưa có trong chỉ mục: {build}")
    return ok("Chỉ mục nguyên vẹn")
