"""What an upload must be: one of a few kinds, by its first bytes and by a decode that works."""

import warnings
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import BinaryIO

import filetype
from msgspec import Struct, field
from PIL import ExifTags, Image, UnidentifiedImageError

from webapp.downloads import PDF, XLSX
from workflows.runtime import SHANGHAI

MEGABYTE = 1024 * 1024
LIMITS: Mapping[str, int] = {
    "image/jpeg": 20 * MEGABYTE,
    "image/png": 20 * MEGABYTE,
    "image/webp": 20 * MEGABYTE,
    PDF: 20 * MEGABYTE,
    XLSX: 50 * MEGABYTE,
}
LARGEST = max(LIMITS.values())
MAX_PIXELS = 50_000_000
FIRST_DIGITAL_YEAR = 1990
"""Before it a camera's clock was never set."""
_HEAD = 8192
_ENTRIES, _UNPACKED = 10_000, 500 * MEGABYTE


class RefusedFileError(Exception):
    """The upload is none of the allowed kinds, is broken or too large; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Inspected(Struct, frozen=True):
    """What an upload is and what its picture says of itself."""

    media_type: str
    meta: Mapping[str, object] = field(default_factory=dict)
    taken_at: datetime | None = None


def inspect(stream: BinaryIO, size: int) -> Inspected:
    """Return what the stream holds.

    Raises: RefusedFileError("kind" | "size" | "broken" | "pixels" | "empty").
    """
    if size == 0:
        raise RefusedFileError("empty")
    stream.seek(0)
    media_type = filetype.guess_mime(stream.read(_HEAD)) or ""
    stream.seek(0)
    if media_type == "application/zip" and _is_workbook(stream):
        media_type = XLSX
    if media_type not in LIMITS:
        raise RefusedFileError("kind")
    if size > LIMITS[media_type]:
        raise RefusedFileError("size")
    stream.seek(0)
    if media_type.startswith("image/"):
        return _picture(stream, media_type)
    if media_type.endswith(".sheet") and not _is_workbook(stream):
        raise RefusedFileError("broken")
    if media_type == "application/pdf" and not _has_end(stream, size):
        raise RefusedFileError("broken")
    return Inspected(media_type)


def _has_end(stream: BinaryIO, size: int) -> bool:
    """Tell whether a PDF was sent whole: its end stands in the last kilobyte (ISO 32000-1, annex H.3)."""
    stream.seek(max(0, size - 1024))
    return b"%%EOF" in stream.read()


def _picture(stream: BinaryIO, media_type: str) -> Inspected:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(stream) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise RefusedFileError("pixels")
                image.load()
                meta, taken_at = _exif(image)
                meta |= {"width": image.width, "height": image.height}
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise RefusedFileError("pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise RefusedFileError("broken") from error
    return Inspected(media_type, meta, taken_at)


def _exif(image: Image.Image) -> tuple[dict[str, object], datetime | None]:
    exif = image.getexif()
    details, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    meta: dict[str, object] = {}
    if (model := exif.get(ExifTags.Base.Model)) is not None:
        meta["model"] = str(model)[:100]
    latitude = _degrees(place.get(ExifTags.GPS.GPSLatitude), place.get(ExifTags.GPS.GPSLatitudeRef), "S")
    longitude = _degrees(place.get(ExifTags.GPS.GPSLongitude), place.get(ExifTags.GPS.GPSLongitudeRef), "W")
    if latitude is not None and longitude is not None:
        meta |= {"latitude": latitude, "longitude": longitude}
    written = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    return meta, _taken(written)


def _taken(written: object) -> datetime | None:
    """Return when the camera says it took the picture; cameras know no zone, so it is read as ours."""
    try:
        found = datetime.strptime(str(written), "%Y:%m:%d %H:%M:%S").replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
    return found if found.year >= FIRST_DIGITAL_YEAR else None


def _degrees(parts: object, reference: object, negative: str) -> str | None:
    """Return degrees as text with six digits; a position is kept as it was written, never computed with."""
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return f"{-value if reference == negative else value:.6f}"


def _is_workbook(stream: BinaryIO) -> bool:
    """Tell whether the archive is a workbook that unpacks within bounds and names no path outside itself."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        return False
    names = {entry.filename for entry in entries}
    honest = all(not name.startswith("/") and ".." not in name.split("/") for name in names)
    small = len(entries) <= _ENTRIES and sum(entry.file_size for entry in entries) <= _UNPACKED
    return honest and small and "xl/workbook.xml" in names
