"""The built-in functions, by kind of argument."""

from feel.builtins import (
    boolean,
    context,
    conversion,
    lists,
    numeric,
    ranges,
    sorting,
    statistics,
    strings,
    temporal,
)
from feel.builtins.registry import BUILTINS, builtin, invoke

__all__ = [
    "BUILTINS",
    "boolean",
    "builtin",
    "context",
    "conversion",
    "invoke",
    "lists",
    "numeric",
    "ranges",
    "sorting",
    "statistics",
    "strings",
    "temporal",
]
