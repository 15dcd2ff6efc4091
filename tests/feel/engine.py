"""What a host lends to expressions, for tests: google-re2, and a fixed instant."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import re2

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def patterns(source: str) -> Any:
    """Return the compiled pattern, or None if it is not valid."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(source, options)
    except re2.error:
        return None
