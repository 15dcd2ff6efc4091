"""One cell: what it says, whatever the office program stored."""

from __future__ import annotations

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula when it opens a CSV file."""
    return "'" + text if text.startswith(_DANGEROUS) else text
