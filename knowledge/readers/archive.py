"""Office files as zip archives, opened with suspicion: member count, sizes and ratios are checked before a byte is unpacked."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .limits import MEGABYTE, Limits
from .unreadable import Unreadable, damaged, encrypted

_ENCRYPTED = 0x1


class Archive:
    """The XML parts of an office file. No entity, DTD or link in them is followed."""

    def __init__(self, path: Path, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise damaged(name) from error
        self._check()

    def _check(self) -> None:
        members = self._zip.infolist()
        if len(members) > self.limits.members:
            raise self._too_large(f"{len(members)} tệp con, tối đa {self.limits.members}")
        unpacked = sum(member.file_size for member in members)
        if unpacked > self.limits.unpacked_bytes:
            raise self._too_large(f"giải nén ra {unpacked / 1e6:.0f} MB, tối đa {self.limits.unpacked_bytes / 1e6:.0f} MB")
        for member in members:
            if member.file_size > MEGABYTE and member.file_size > member.compress_size * self.limits.unpack_ratio:
                raise self._too_large(f"tỉ lệ nén {member.file_size // max(1, member.compress_size)} lần")
            if member.flag_bits & _ENCRYPTED:
                raise encrypted(self.name)

    def names(self) -> list[str]:
        """The members, in the order of the archive."""
        return self._zip.namelist()

    def part(self, member: str) -> Element | None:
        """The root of an XML part, None if the archive has no such member."""
        if member not in self._zip.namelist():
            return None
        bound = self.limits.unpacked_bytes // 4
        try:
            with self._zip.open(member) as file:
                data = file.read(bound + 1)
            if len(data) > bound:
                raise self._too_large(f"phần {member} dài hơn {bound / 1e6:.0f} MB")
            root: Element = fromstring(data, forbid_dtd=True)
            return root
        except DefusedXmlException as error:
            raise Unreadable(
                "damaged", f"Tệp “{self.name}” chứa khai báo DTD hoặc thực thể XML, không được phép: hãy lưu lại bằng Word."
            ) from error
        except (zipfile.BadZipFile, ParseError, NotImplementedError, EOFError, OSError, ValueError) as error:
            raise damaged(self.name) from error

    def _too_large(self, what: str) -> Unreadable:
        return Unreadable("too_large", f"Tệp “{self.name}” vượt giới hạn ({what}): hãy lưu lại bằng Word rồi gửi lại.")


def local(tag: object) -> str:
    """A tag without its namespace: the strict and the transitional OOXML differ in nothing else here."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute by its local name."""
    if element is None:
        return None
    return next((value for key, value in element.attrib.items() if local(key) == name), None)


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along a path of local names."""
    for step in path:
        if element is None:
            return None
        element = next((each for each in element if local(each.tag) == step), None)
    return element
