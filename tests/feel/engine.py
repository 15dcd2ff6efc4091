"""What a host lends to expressions, for tests; and tables of expressions with what they give."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import feel
from workflows.patterns import compile_pattern

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
HOST = feel.Host(patterns=compile_pattern, now=NOW)


def rows(table: str) -> list[tuple[str, str]]:
    """Return the pairs of a table whose lines read `expression ⇒ literal`."""
    lines = (line for line in table.strip().splitlines() if line.strip())
    return [(left.strip(), right.strip()) for left, _, right in (line.partition("⇒") for line in lines)]


def literal(text: str, scope: Mapping[str, Any] | None = None) -> str:
    """Return the value of an expression as a FEEL literal."""
    return feel.format_value(feel.evaluate(text, scope or {}, HOST))


def reasons(text: str, scope: Mapping[str, Any] | None = None) -> list[str]:
    """Return the codes of the reasons for null, in the order in which they arose."""
    return [reason.code for reason in feel.explain(text, scope or {}, HOST).warnings]
