"""Where a sign-in may lead: only to a page of our own."""

import re

_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x7e]*", re.ASCII)
_FORBIDDEN = ("\\", "%09", "%0a", "%0d", "%5c", "%00")
HOME = "/"


def safe_next(target: str | None) -> str:
    """Return the target if it is a path of this site, else the start page."""
    if not target or any(piece in target.lower() for piece in _FORBIDDEN):
        return HOME
    return target if _OWN_PATH.fullmatch(target) else HOME
