"""A photo made into a face: square, small, and nothing of the file it came in."""

from __future__ import annotations

import io
import warnings
from typing import IO

from PIL import Image, ImageOps

SIDE = 160
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
CANNOT = "This is no picture we can read: use a JPEG, PNG or WebP"


def face(stream: IO[bytes]) -> bytes:
    """The middle of the picture as a WebP of 160 by 160 pixels.

    Raises `ValueError` for people; turned as the camera held it, without what the camera wrote.
    """
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError("A photo has at most 10 MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF")) as picture:
                fits = picture.width * picture.height <= MOST_PIXELS
                turned = ImageOps.exif_transpose(picture).convert("RGB") if fits else None
    except Exception:  # a broken file breaks the library in every way there is
        raise ValueError(CANNOT) from None
    if turned is None:
        raise ValueError("The picture is too large: at most 40 megapixels")
    made = io.BytesIO()
    ImageOps.fit(turned, (SIDE, SIDE)).save(made, "WEBP", quality=82)
    return made.getvalue()
