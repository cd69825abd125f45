"""What a file is by its content, whatever its name says, and whether it is one we take.

Strict on purpose: a file has to be of one kind from its first byte to its last. What is two things
at once, carries a program or grows when it is unpacked is refused, with a reason for its writer.
"""

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath

import puremagic
from django.utils.translation import gettext as _

from .enums import FileKind

MOST_UNPACKED = 60_000_000
MOST_RATIO = 100
# Below this a high ratio is no bomb: an empty page of a workbook packs well too.
RATIO_COUNTS_FROM = 1_000_000
MOST_ENTRIES = 2_000
MOST_PIXELS = 80_000_000
MOST_NAME = 150

CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.TEXT: "text/plain; charset=utf-8",
    FileKind.CSV: "text/csv; charset=utf-8",
}
SUFFIXES = {f".{kind.value}": kind for kind in FileKind} | {".jpeg": FileKind.JPEG}
# What puremagic must not take a file for.
NEVER = {".exe", ".dll", ".elf", ".com", ".bat", ".sh", ".html", ".htm", ".svg", ".jar", ".apk",
         ".class", ".swf", ".php", ".js", ".msi", ".lnk", ".docm", ".xlsm"}  # fmt: skip

_MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?php|\?xml)", re.I)
_PROGRAM_IN_PDF = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)\b")
_MACRO_PARTS = re.compile(
    r"(?:^|/)(?:vba[^/]*\.(?:bin|xml)|macrosheets/|dialogsheets/|activex/|basic/|scripts/"
    r"|oleobject[^/]*\.bin)|\.(?:exe|dll|com|scr|js|vbs|jar|bat|cmd|ps1|html?|svg)$",
    re.I,
)
_REMOTE_TEMPLATE = re.compile(
    rb"<Relationship\b[^>]*(?:attachedTemplate|oleObject|frame|subDocument)[^>]*", re.I
)


class FileRefused(Exception):
    """We do not take this file. ``str()`` says why and is fit to be shown."""


def safe_name(name: str) -> str:
    """The name of an uploaded file as it is shown and given back: no folders, no tricks.

    Signs that turn the direction of writing round or cannot be seen are taken out, since
    ``plan\u202efdp.exe`` reads like a PDF.
    """
    bare = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(
        sign for sign in unicodedata.normalize("NFC", bare)
        if unicodedata.category(sign)[0] != "C" and sign not in '<>:"/|?*'
    )  # fmt: skip
    stem, dot, suffix = shown.strip().rpartition(".")
    if not dot:
        return shown.strip(" .")[:MOST_NAME]
    return f"{stem.strip(' .')[: MOST_NAME - 10] or 'file'}.{suffix[:8]}"


def check(name: str, content: bytes) -> FileKind:
    """The kind of ``content``, which has to be what ``name`` ends in. Errors: ``FileRefused``."""
    if not content:
        raise FileRefused(_("This file is empty."))
    kind = SUFFIXES.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise FileRefused(
            _("We take PDF, Word, Excel, OpenDocument text, JPEG, PNG, plain text and CSV files.")
        )
    _CHECKS[kind](content, kind)
    _ask_second_opinion(content, kind)
    return kind


def _not_what_it_says(kind: FileKind) -> FileRefused:
    return FileRefused(
        _(
            "This is not a %(kind)s file inside, or it is damaged. Open it in its program, "
            "save it again and upload it."
        )
        % {"kind": kind.label}
    )


def _carries_program() -> FileRefused:
    return FileRefused(
        _("This file carries a program or macros. Save a copy without them and upload that.")
    )


def _ask_second_opinion(content: bytes, kind: FileKind) -> None:
    """Refuse what a library that knows a thousand kinds is sure to be a program or a page."""
    if kind in {FileKind.TEXT, FileKind.CSV}:
        return
    try:
        found = puremagic.magic_string(content[:4_096])
    except (puremagic.PureError, ValueError):
        return
    if found and found[0].confidence >= 0.8 and found[0].extension.lower() in NEVER:
        raise _not_what_it_says(kind)


def _pdf(content: bytes, kind: FileKind) -> None:
    end = content.rfind(b"%%EOF")
    if not content.startswith(b"%PDF-") or end < 0 or content[end + 5 :].strip(b"\r\n\t \0"):
        raise _not_what_it_says(kind)
    if zipfile.is_zipfile(io.BytesIO(content)) or content[:2] == b"MZ":
        raise _not_what_it_says(kind)
    if _PROGRAM_IN_PDF.search(content):
        raise _carries_program()


def _jpeg(content: bytes, kind: FileKind) -> None:
    if not content.startswith(b"\xff\xd8\xff") or not content.endswith(b"\xff\xd9"):
        raise _not_what_it_says(kind)
    size = _jpeg_size(content)
    if size is None or _MARKUP_IN_PICTURE.search(content) or _is_zip(content):
        raise _not_what_it_says(kind)
    _check_pixels(*size)


# Photographs hold XMP, which is XML: only pages and programs are looked for.
_MARKUP_IN_PICTURE = re.compile(rb"<\s*(?:!doctype|html|script|svg|iframe|\?php)", re.I)


def _is_zip(content: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(content))


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height out of the frame header, walking from segment to segment."""
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        length = struct.unpack(">H", content[place + 2 : place + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return (width, height) if width and height else None
        if marker == 0xDA or length < 2:
            return None
        place += 2 + length
    return None


def _png(content: bytes, kind: FileKind) -> None:
    """Chunk by chunk with their checksums: nothing before the first, nothing after the last."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise _not_what_it_says(kind)
    place, names = 8, []
    while place + 12 <= len(content):
        length, name = struct.unpack(">I4s", content[place : place + 8])
        data, end = content[place + 8 : place + 8 + length], place + 12 + length
        if end > len(content):
            raise _not_what_it_says(kind)
        if struct.unpack(">I", content[end - 4 : end])[0] != zlib.crc32(name + data):
            raise _not_what_it_says(kind)
        if not names:
            if name != b"IHDR" or length != 13:
                raise _not_what_it_says(kind)
            _check_pixels(*struct.unpack(">II", data[:8]))
        names.append(name)
        place = end
        if name == b"IEND":
            break
    broken = not names or names[-1] != b"IEND" or place != len(content) or b"IDAT" not in names
    if broken or _MARKUP_IN_PICTURE.search(content):
        raise _not_what_it_says(kind)


def _check_pixels(width: int, height: int) -> None:
    if not width or not height or width * height > MOST_PIXELS:
        raise FileRefused(_("This picture is too large. Make it smaller and upload it again."))


def _text(content: bytes, kind: FileKind) -> None:
    text = _decoded(content)
    if text is None or any(
        unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\t\r\n\f" for sign in text
    ):
        raise _not_what_it_says(kind)
    start = text.lstrip("\ufeff \t\r\n")
    plain = text.encode()
    if start.startswith(("<", "#!", "%PDF", "MZ", "{\\rtf", "@echo")) or _MARKUP.search(plain):
        raise _not_what_it_says(kind)


def _decoded(content: bytes) -> str | None:
    encodings = ["utf-8-sig", "cp1252"]
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


_OFFICE = {
    FileKind.DOCX: ("word/document.xml", b"wordprocessingml.document.main+xml"),
    FileKind.XLSX: ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}


def _office(content: bytes, kind: FileKind) -> None:
    parts = unpacked(content, kind)
    main, content_type = _OFFICE[kind]
    types = parts.get("[Content_Types].xml", b"")
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise _carries_program()
    if main not in parts or content_type not in types:
        raise _not_what_it_says(kind)
    for name, part in parts.items():
        if name.endswith(".rels") and any(
            b"External" in found for found in _REMOTE_TEMPLATE.findall(part)
        ):
            raise _carries_program()
        if name.lower().startswith(("word/embeddings/", "xl/embeddings/")):
            _check_embedded(name, part)


def _check_embedded(name: str, part: bytes) -> None:
    """What is embedded is looked at like a file of its own, one level deep."""
    kind = SUFFIXES.get(PurePosixPath(name).suffix.lower())
    if kind not in _OFFICE:
        raise _carries_program()
    if any(inner.lower().split("/")[1:2] == ["embeddings"] for inner in unpacked(part, kind)):
        raise _carries_program()


def _odt(content: bytes, kind: FileKind) -> None:
    parts = unpacked(content, kind)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.infolist()[0]
    is_odt = (
        first.filename == "mimetype"
        and first.compress_type == zipfile.ZIP_STORED
        and parts["mimetype"].strip() == CONTENT_TYPES[FileKind.ODT].encode()
        and "content.xml" in parts
    )
    if not is_odt:
        raise _not_what_it_says(kind)


# What the reading of a packed document that is damaged ends in; names in no known letters too.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    UnicodeDecodeError,
)


def unpacked(content: bytes, kind: FileKind) -> dict[str, bytes]:
    """The parts of a packed document by name, if it is nothing but that. Errors: ``FileRefused``.

    Sizes are counted while unpacking: what an archive says of itself may be a lie.
    """
    end = content.rfind(b"PK\x05\x06")
    if not content.startswith(b"PK\x03\x04") or end < 0 or len(content) - end != 22:
        raise _not_what_it_says(kind)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _parts(archive, len(content), kind)
    except DAMAGED as error:
        raise _not_what_it_says(kind) from error


def _parts(archive: zipfile.ZipFile, packed: int, kind: FileKind) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise _too_much()
    most = min(MOST_UNPACKED, max(packed * MOST_RATIO, RATIO_COUNTS_FROM))
    # The offset that the directory has and the one that it says differ if something stands before.
    if not entries or min(entry.header_offset for entry in entries) != 0:
        raise _not_what_it_says(kind)
    found: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        name = entry.filename
        if name in found or name.startswith("/") or ".." in name.split("/") or "\\" in name:
            raise _not_what_it_says(kind)
        if _MACRO_PARTS.search(name):
            raise _carries_program()
        with archive.open(entry) as part:
            found[name] = part.read(most - total + 1)
        total += len(found[name])
        if total > most:
            raise _too_much()
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in found[name]:
            raise _not_what_it_says(kind)
    return found


def _too_much() -> FileRefused:
    return FileRefused(_("This file grows far too large when it is unpacked."))


_CHECKS: dict[FileKind, Callable[[bytes, FileKind], None]] = {
    FileKind.PDF: _pdf,
    FileKind.DOCX: _office,
    FileKind.XLSX: _office,
    FileKind.ODT: _odt,
    FileKind.JPEG: _jpeg,
    FileKind.PNG: _png,
    FileKind.TEXT: _text,
    FileKind.CSV: _text,
}
