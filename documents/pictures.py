"""Make photos and signatures fit to print: decoded, upright, no larger than a page needs."""

from __future__ import annotations

import io
import warnings

from msgspec import Struct
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 50_000_000
"""Larger images are not decoded (an upload check has refused them before)."""

PRINT_EDGE = 1400
"""Pixels of the longer edge: about 200 dots per inch across the page."""

_JPEG_QUALITY = 82


class Picture(Struct, frozen=True):
    """A picture that Typst embeds as it is."""

    content: bytes
    suffix: str


def printable_picture(original: bytes) -> Picture | None:
    """Return a printable copy, or ``None`` if the bytes are no picture: the paper then says so in its place.

    Photos become JPEG; what is transparent (a drawn signature) stays PNG. The copy carries no EXIF.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _copy(original)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning):
        return None


def _copy(original: bytes) -> Picture | None:
    with Image.open(io.BytesIO(original)) as image:
        if image.width * image.height > MAX_PIXELS:
            return None
        image.draft("RGB", (PRINT_EDGE, PRINT_EDGE))
        transparent = image.has_transparency_data
        upright = ImageOps.exif_transpose(image).convert("RGBA" if transparent else "RGB")
    upright.thumbnail((PRINT_EDGE, PRINT_EDGE))
    target = io.BytesIO()
    if transparent:
        upright.save(target, "PNG", optimize=True)
        return Picture(target.getvalue(), "png")
    upright.save(target, "JPEG", quality=_JPEG_QUALITY)
    return Picture(target.getvalue(), "jpg")
