"""Pictures shown small: bounded before they are unpacked, and without what the camera wrote."""

from __future__ import annotations

import io
import threading
import warnings
from typing import IO, TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from . import storing

if TYPE_CHECKING:
    from regulars.customers.models import Attachment

SIDE = 480
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
MOST_PIXELS = 40_000_000
# A JPEG is unpacked at an eighth of its size.
MOST_PIXELS_JPEG = 250_000_000
LONGEST_SIDE = 30_000
_BROKEN = (
    *(UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, OverflowError),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError),
)
# Unpacking takes memory: one picture at a time in each process.
_one = threading.Lock()


def dimensions(stream: IO[bytes], content_type: str) -> tuple[int, int] | None:
    """Width and height of a picture that may be shown, from its head alone; else None."""
    try:
        with _opened(stream, content_type) as picture:
            return picture.size if _fits(picture) else None
    except _BROKEN:
        return None
    finally:
        stream.seek(0)


def of(file: Attachment) -> bytes | None:
    """The preview, made on first ask and kept beside its file; None when there can be none."""
    key = f"{file.key}{storing.PREVIEW}"
    try:
        return storing.whole(key)
    except FileNotFoundError:
        pass
    with storing.opened(file.key) as stream:
        content = made(stream, file.content_type)
    if content is not None:
        storing.put(key, content)
    return content


def made(stream: IO[bytes], content_type: str) -> bytes | None:
    """A WebP of at most 480 by 480 pixels; None for what cannot be unpacked."""
    with _one:
        try:
            with _opened(stream, content_type) as picture:
                if not _fits(picture):
                    return None
                picture.draft("RGB", (SIDE, SIDE))
                turned = ImageOps.exif_transpose(picture)
                turned.thumbnail((SIDE, SIDE))
                content = io.BytesIO()
                _plain(turned).save(content, "WEBP", quality=80)
                return content.getvalue()
        except _BROKEN:
            return None


def _opened(stream: IO[bytes], content_type: str) -> Image.Image:
    if content_type not in FORMATS:
        raise ValueError(content_type)
    stream.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(stream, formats=[FORMATS[content_type]])


def _fits(picture: Image.Image) -> bool:
    most = MOST_PIXELS_JPEG if picture.format == "JPEG" else MOST_PIXELS
    width, height = picture.size
    return 0 < width * height <= most and max(width, height) <= LONGEST_SIDE


def _plain(picture: Image.Image) -> Image.Image:
    """Its pixels only: neither where it was taken nor by whom."""
    shown = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info
                            else "RGB")  # fmt: skip
    clean = Image.new(shown.mode, shown.size)
    clean.paste(shown)
    return clean
