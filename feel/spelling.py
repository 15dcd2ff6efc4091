"""What a person may have meant by a name that nobody knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

LIKENESS, LIKENESS_OF_SHORT = 0.6, 0.5
SHORT = 3
LONGEST = 60
MOST = 300


def misspelt(names: Iterable[str], known: Collection[str]) -> str:
    """Return what may have been meant by the first name that nobody knows: one most like it, or one it begins."""
    name = next((name for name in names if name not in known), "")
    return nearest(name, known) or next(
        (other for other in sorted(known) if name and other.startswith(name)), ""
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is most like this one; empty if none is near."""
    if len(name) > LONGEST:
        return ""
    reach = 1 + len(name) // 2
    candidates = sorted({other for other in known if abs(len(other) - len(name)) <= reach and other != name})
    likeness = LIKENESS_OF_SHORT if len(name) <= SHORT else LIKENESS
    return next(iter(get_close_matches(name, candidates[:MOST], 1, likeness)), "")
