"""Files that break readers, made from scratch: each with a name, its bytes and what may come of it.

`expected` lists the codes of Unreadable that are right for the file; "read" means that text may come out.
"""

from __future__ import annotations

import io
import os
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import docx
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

SENTENCE = "Các đơn vị gửi hồ sơ về bộ phận thường trực trước ngày 30 tháng 5. "
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class BadFile:
    name: str
    make: Callable[[], bytes]
    expected: frozenset[str]


BAD_FILES: list[BadFile] = []


def bad(name: str, *expected: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def listed(make: Callable[[], bytes]) -> Callable[[], bytes]:
        BAD_FILES.append(BadFile(name, make, frozenset(expected)))
        return make

    return listed


def given(name: str, data: bytes, *expected: str) -> None:
    BAD_FILES.append(BadFile(name, lambda: data, frozenset(expected)))


def noise(size: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(size)


# --- text ----------------------------------------------------------------------------------------------------------

given("zero.txt", b"", "empty")
given("zero.pdf", b"", "empty")
given("blank.txt", b" \n\t\r\n  ", "empty")
given("mark only.txt", b"\xef\xbb\xbf", "empty")
given("form feeds.txt", b"\f\f\f", "empty")
given("noise.txt", noise(50_000), "unsupported")
given("noise.docx", noise(50_000, 1), "unsupported")
given("zeros.txt", bytes(10_000), "unsupported", "empty")
given("controls.txt", bytes(range(1, 32)) * 200, "unsupported", "empty")
given("utf16 odd.txt", "\ufeffKế hoạch".encode("utf-16-le") + b"\x41", "damaged")
given("utf16 half surrogate.txt", b"\xff\xfe" + b"\x00\xd8" * 50, "damaged")
given("utf8 broken.txt", (SENTENCE * 50).encode() + b"\xff\xfe\xc3" + SENTENCE.encode(), "read")
given("nine megabytes.txt", b"k" * 9_000_000, "too_large")
given("one long line.txt", (SENTENCE * 20_000).encode(), "read")
given("program.pdf", b"MZ\x90\x00\x03\x00" + noise(5_000), "unsupported")
given("program.docx", b"\x7fELF\x02\x01" + noise(5_000), "unsupported")
given("packed.docx", b"\x1f\x8b\x08\x00" + noise(5_000), "unsupported")
given("packed.rar", b"Rar!\x1a\x07\x00" + noise(5_000), "unsupported")
given("photograph.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(range(256)) * 40_000, "unsupported")
given("rich.doc", rb"{\rtf1\ansi K\u7871? ho\u7841?ch}", "unsupported")
given("picture.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>', "read")

# --- Word ----------------------------------------------------------------------------------------------------------


def a_docx() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for _ in range(20):
        document.add_paragraph(SENTENCE)
    document.save(out)
    return out.getvalue()


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_members(**changed: bytes) -> bytes:
    """A sound DOCX with members replaced or added; "__" stands for "/", a trailing "_rels" and the like are spelled out."""
    with zipfile.ZipFile(io.BytesIO(a_docx())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return packed(members | {name.replace("__", "/"): data for name, data in changed.items()})


def word(body: str, head: str = "") -> bytes:
    xml = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    return packed({"word/document.xml": xml.encode()})


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


given("no document.docx", packed({"a.txt": b"a"}), "unsupported")
given("sheet.docx", packed({"xl/workbook.xml": b"<a/>", "[Content_Types].xml": b"<a/>"}), "unsupported")
given("slides.docx", packed({"ppt/presentation.xml": b"<a/>"}), "unsupported")
given("open document.docx", packed({"mimetype": b"x", "content.xml": b"<a/>"}), "unsupported")
given("empty archive.docx", packed({}), "unsupported", "damaged")
given("no xml.docx", packed({"word/document.xml": noise(500)}), "damaged")
given("torn xml.docx", packed({"word/document.xml": b"<a><b></a>"}), "damaged")
given("no body.docx", packed({"word/document.xml": b"<a/>"}), "unsupported")
given("no text.docx", word("<w:p/>"), "empty")
given("hidden text only.docx", word("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>kín</w:t></w:r></w:p>"), "empty")
given("deep.docx", word("<w:sdt>" * 60_000 + paragraph("x") + "</w:sdt>" * 60_000), "damaged", "too_large", "read")
given("many paragraphs.docx", word(paragraph("Kế hoạch") * 60_000), "read", "too_large", "timeout")
given(
    "bad level.docx", word(paragraph("Một", '<w:pPr><w:numPr><w:ilvl w:val="x"/><w:numId w:val="y"/></w:numPr></w:pPr>')), "read"
)


@bad("cut in half.docx", "damaged")
def _() -> bytes:
    data = a_docx()
    return data[: len(data) // 2]


@bad("ten bytes.docx", "damaged")
def _() -> bytes:
    return a_docx()[:10]


@bad("flipped bits.docx", "damaged", "read")
def _() -> bytes:
    data = bytearray(a_docx())
    for place in random.Random(3).sample(range(len(data)), 40):
        data[place] ^= 0x55
    return bytes(data)


@bad("zip bomb.docx", "too_large")
def _() -> bytes:
    return word(paragraph(" " * 60_000_000))


@bad("zip bomb of pictures.docx", "too_large")
def _() -> bytes:
    return with_members(**{f"word__media__{n}.bmp": bytes(30_000_000) for n in range(8)})


@bad("six thousand members.docx", "too_large")
def _() -> bytes:
    return packed({"word/document.xml": b"<a/>"} | {f"word/{n}.xml": b"" for n in range(6_000)})


@bad("size that lies.docx", "damaged", "too_large", "unsupported")
def _() -> bytes:
    data = bytearray(word(paragraph("a" * 3_000_000)))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 100)
    return bytes(data)


@bad("password.docx", "encrypted", "damaged")
def _() -> bytes:
    data = bytearray(word(paragraph("kín")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


given("external entity.docx", word(paragraph("&leak;"), '<!DOCTYPE a [<!ENTITY leak SYSTEM "file:///etc/passwd">]>'), "damaged")
given(
    "billion laughs.docx",
    word(
        paragraph("&j;"),
        "<!DOCTYPE a ["
        + "".join(f'<!ENTITY {chr(b)} "{f"&{chr(b - 1)};" * 10 if b > 97 else "lol"}">' for b in range(97, 107))
        + "]>",
    ),
    "damaged",
)
given("external dtd.docx", word(paragraph("x"), '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'), "damaged")


@bad("macro.docm", "read")
def _() -> bytes:
    return with_members(word__vbaProject_bin=noise(4_000), **{"word__vbaProject.bin": noise(4_000)})


@bad("external template.docx", "read")
def _() -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    link = f'<Relationship Id="r1" Type="{kind}" Target="http://127.0.0.1:9/evil.dotm" TargetMode="External"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return with_members(**{"word___rels__settings.xml.rels": f'<Relationships xmlns="{space}">{link}</Relationships>'.encode()})


@bad("climbing members.docx", "read")
def _() -> bytes:
    return with_members(**{"..__..__..__evil.txt": b"evil"})


@bad("styles in a circle.docx", "read")
def _() -> bytes:
    styles = "".join(f'<w:style w:styleId="{a}"><w:basedOn w:val="{b}"/></w:style>' for a, b in ("AB", "BA"))
    text = paragraph("Kế hoạch", '<w:pPr><w:pStyle w:val="A"/></w:pPr>')
    return packed(
        {
            "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{text}</w:body></w:document>'.encode(),
            "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>'.encode(),
        }
    )


@bad("numbered from a billion.docx", "read")
def _() -> bytes:
    number = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    level = '<w:lvl w:ilvl="0"><w:start w:val="1000000000"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>'
    lists = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return packed(
        {
            "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{paragraph("Một", number)}</w:body></w:document>'.encode(),
            "word/numbering.xml": f'<w:numbering xmlns:w="{_W}">{lists}</w:numbering>'.encode(),
        }
    )


given("noise.doc", OLE + noise(20_000), "damaged", "unsupported")
given("header only.doc", OLE, "damaged", "unsupported")
given("password of word 2010.doc", OLE + bytes(2_000) + "EncryptedPackage".encode("utf-16-le") + noise(2_000), "encrypted")

# --- PDF -----------------------------------------------------------------------------------------------------------


def a_pdf(pages: int = 1, **options: object) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, **options)
    for _ in range(pages):
        canvas.drawString(72, 700, "Ke hoach thi dua khen thuong nam hoc")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def raw_pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of the given objects, numbered from 1, with a true cross-reference table."""
    out, places = io.BytesIO(b""), []
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, table))
    return out.getvalue()


def stream(data: bytes, entries: bytes = b"") -> bytes:
    data = zlib.compress(data, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >> stream\n%s\nendstream" % (len(data), entries, data)


_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def page(box: bytes = b"0 0 595 842", resources: bytes = b"") -> bytes:
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << %s >> >>" % (box, resources)


given("header only.pdf", b"%PDF-1.7\n", "damaged")
given("noise.pdf", b"%PDF-1.7\n" + noise(50_000), "damaged", "empty")
given("no pages.pdf", raw_pdf(_CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>"), "damaged", "empty")
given("page tree in a circle.pdf", raw_pdf(_CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 5 >>"), "damaged", "empty")
given(
    "pages that lie.pdf",
    raw_pdf(_CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"),
    "damaged",
    "empty",
    "too_large",
)
given(
    "form in a circle.pdf",
    raw_pdf(
        _CATALOG,
        _PAGES,
        page(resources=b"/XObject << /F 5 0 R >>"),
        stream(b"/F Do"),
        stream(b"/F Do /F Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>"),
    ),
    "empty",
    "damaged",
    "timeout",
    "missing_tool",
)
given(
    "script and launch.pdf",
    raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (calc.exe) "
        b"/Next << /S /JavaScript /JS (app.alert(1)) >> >> >>",
        _PAGES,
        page(),
        stream(b""),
    ),
    "empty",
)


@bad("cut in half.pdf", "damaged", "read", "empty")
def _() -> bytes:
    data = a_pdf(5)
    return data[: len(data) // 2]


@bad("password.pdf", "encrypted")
def _() -> bytes:
    return a_pdf(encrypt=StandardEncryption("secret", ownerPassword="owner", canPrint=0))


@bad("two thousand pages.pdf", "too_large")
def _() -> bytes:
    return a_pdf(2_000)


@bad("pdf bomb.pdf", "damaged", "too_large", "empty", "timeout", "missing_tool")
def _() -> bytes:
    inner = zlib.compress(b"0 0 m 9 9 l S " * 20_000_000, 9)
    twice = zlib.compress(inner, 9)
    content = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >> stream\n%s\nendstream" % (len(twice), twice)
    return raw_pdf(_CATALOG, _PAGES, page(), content)


@bad("wall-sized page.pdf", "damaged", "too_large", "empty", "timeout", "missing_tool")
def _() -> bytes:
    return raw_pdf(_CATALOG, _PAGES, page(b"0 0 2000000 2000000"), stream(b"0 0 1000000 1000000 re f"))


@bad("giant picture.pdf", "damaged", "too_large", "empty", "timeout", "missing_tool")
def _() -> bytes:
    entries = b"/Type /XObject /Subtype /Image /Width 40000 /Height 40000 /ColorSpace /DeviceGray /BitsPerComponent 1"
    picture = stream(bytes(40_000 * 5_000), entries)
    return raw_pdf(_CATALOG, _PAGES, page(resources=b"/XObject << /I 5 0 R >>"), stream(b"595 0 0 842 0 0 cm /I Do"), picture)


@bad("no cross-reference.pdf", "read", "damaged")
def _() -> bytes:
    data = a_pdf(2)
    return data[: data.rindex(b"xref\n")]


# --- pictures ------------------------------------------------------------------------------------------------------


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *extra: bytes, rows: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def picture(kind: str, size: tuple[int, int] = (400, 300), **options: object) -> bytes:
    out = io.BytesIO()
    Image.frombytes("L", size, noise(size[0] * size[1])).save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


given("forty thousand dots.png", png(40_000, 40_000, rows=bytes(5_001 * 40_000)), "too_large")
given("four billion dots.png", png(2**31 - 1, 2**31 - 1), "too_large", "damaged")
given("one dot.png", png(1, 1, rows=b"\0\0"), "empty", "missing_tool", "damaged")
given("no dots.png", png(0, 0), "damaged", "empty", "missing_tool")
given(
    "text bomb.png",
    png(9, 9, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000), 9)), rows=bytes(27)),
    "damaged",
    "empty",
    "missing_tool",
)
given("noise.png", b"\x89PNG\r\n\x1a\n" + noise(5_000), "damaged")
given("noise.jpg", b"\xff\xd8\xff\xe0" + noise(5_000), "damaged")
given("noise.tif", b"II*\0" + noise(5_000), "damaged")
given("circle.tif", b"II*\0\x08\0\0\0\0\0\x08\0\0\0", "damaged", "empty", "missing_tool")
given(
    "liar.bmp",
    b"BM" + struct.pack("<IHHIIiiHHIIiiII", 60, 0, 0, 54, 40, 2**30, 2**30, 1, 24, 0, 0, 0, 0, 0, 0),
    "too_large",
    "damaged",
)
given("noise.gif", b"GIF89a" + bytes(4) + noise(3_000), "damaged", "empty", "too_large", "missing_tool")


@bad("cut in half.png", "damaged")
def _() -> bytes:
    data = picture("PNG")
    return data[: len(data) // 2]


@bad("cut in half.jpg", "damaged")
def _() -> bytes:
    data = picture("JPEG")
    return data[: len(data) // 2]


@bad("four hundred frames.tif", "too_large")
def _() -> bytes:
    frames = [Image.new("1", (8, 8)) for _ in range(400)]
    out = io.BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    return out.getvalue()


# --- names ---------------------------------------------------------------------------------------------------------

# Names as a sender may give them; "/" and "\\" cannot stand in a file's own name, so these are given as `source`.
BAD_NAMES = {
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\kế hoạch.docx": "kế hoạch.docx",
    "🎉🎓.docx": "🎉🎓.docx",
    "a" * 300 + ".txt": "a" * 300 + ".txt",
    "-rf.txt": "-rf.txt",
    "dòng\nmới.txt": "dòng\nmới.txt",
    "\u202egpj.exe": "\u202egpj.exe",
    "": "",
    os.fsdecode(b"\xff\xfe.txt"): "??.txt",
}
