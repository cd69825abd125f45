"""Pictures of updates: drawn anew from what they show, so that nothing else of the file remains.

Writing the picture anew drops where and by whom it was taken, and whatever was hidden in it.
"""

import io
import warnings
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.filetypes import MOST_PIXELS, FileRefused

SUFFIXES = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
CONTENT_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
LONGEST_SIDE = 1_600


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: its bytes, the ending of its name, its size in pixels."""

    content: bytes
    suffix: str
    width: int
    height: int


def read_upload(upload: UploadedFile) -> bytes:
    """The content. Errors: ``FileRefused`` for one that is too large, before it is read."""
    most = settings.ANSWER_FILE_BYTES
    if upload.size is None or upload.size > most:
        raise FileRefused(
            _("This file is larger than %(most)s. Make it smaller, or split it.")
            % {"most": filesizeformat(most)}
        )
    return upload.read()


def drawn_anew(content: bytes) -> Picture:
    """The picture in ``content``, upright and no larger than a page needs.

    Errors: ``FileRefused`` for what is no PNG, JPEG or WebP inside, or is damaged or far too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(SUFFIXES)) as found:
                return _drawn(found)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise FileRefused(
            _("This is not a PNG, JPEG or WebP picture inside, or it is damaged.")
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error


def _too_large() -> FileRefused:
    return FileRefused(_("This picture is too large. Make it smaller and upload it again."))


def _drawn(found: Image.Image) -> Picture:
    kind = str(found.format)
    if found.width * found.height > MOST_PIXELS:
        raise _too_large()
    upright = ImageOps.exif_transpose(found)
    plain = upright.convert("RGB" if kind == "JPEG" or "A" not in upright.getbands() else "RGBA")
    if kind != "JPEG" and upright.mode == "P" and "transparency" in upright.info:
        plain = upright.convert("RGBA")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    made = io.BytesIO()
    bare.save(made, format=kind, **({} if kind == "PNG" else {"quality": 85}))
    return Picture(made.getvalue(), SUFFIXES[kind], bare.width, bare.height)
