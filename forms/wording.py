"""Texts with `{{FEEL}}` in them, as form-js writes them, and the way values are read aloud."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_HOLE = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)


def expressions_in(text: str) -> list[str]:
    """Return the expressions of a text, in order."""
    return [found.strip() for found in _HOLE.findall(text)]


def fill(text: str, evaluate: Callable[[str], object]) -> str:
    """Return `text` with every `{{expression}}` replaced by its value in words."""
    return _HOLE.sub(lambda hole: in_words(evaluate(hole[1].strip())), text)


def in_words(value: object) -> str:
    """Return a value as people read it: dates 2026-11-23, moments 2026-11-23 09:41, “—” for nothing."""
    match value:
        case None | "":
            words = "—"
        case bool():
            words = "是" if value else "否"
        case datetime():
            words = value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        case date():
            words = value.isoformat()
        case Decimal():
            words = f"{value.normalize() if value == value.to_integral_value() else value:,f}"
        case list() | tuple():
            words = "、".join(in_words(entry) for entry in value)
        case _:
            words = str(value)
    return words
