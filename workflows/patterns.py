"""The regex engine that expressions are lent: RE2, linear, with a bound on what a pattern may grow to."""

from functools import lru_cache

import re2

from feel.limits import Pattern

LARGEST = 1 << 19  # bytes of a compiled pattern; RE2's own 8 MB let one pattern take a second

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = LARGEST


@lru_cache(maxsize=256)
def compile_pattern(source: str) -> Pattern | None:
    """Return the compiled pattern, or None if it is not valid or grows too large."""
    try:
        compiled: Pattern = re2.compile(source, _OPTIONS)
    except re2.error:
        return None
    return compiled
