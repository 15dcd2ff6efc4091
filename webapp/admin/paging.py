"""The place in a list as a word in an address: the key of the last row, packed; nonsense is the start."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

LONGEST = 600
Part = str | int | UUID | date | datetime


def pack(key: Sequence[Part] | None) -> str | None:
    """Return a key as one word; None when there is no next page."""
    if key is None:
        return None
    parts = [part.isoformat() if isinstance(part, date) else str(part) for part in key]
    return urlsafe_b64encode(json.dumps(parts, ensure_ascii=False).encode()).decode().rstrip("=")


def unpack(word: str, *readers: Callable[[str], Part | None]) -> tuple[Part, ...] | None:
    """Return the key that a word stands for, or None when it stands for none."""
    if not word or len(word) > LONGEST:
        return None
    try:
        parts = json.loads(urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        if not isinstance(parts, list) or len(parts) != len(readers):
            return None
        key = [read(str(part)) for read, part in zip(readers, parts, strict=True)]
    except (ValueError, Error, UnicodeError):
        return None
    read = tuple(part for part in key if part is not None)
    return read if len(read) == len(key) else None
