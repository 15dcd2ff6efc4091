"""How a figure reads: 18,246 项, 95.2 %, 68,400.00 元; — where there is nothing to divide by."""

from collections.abc import Mapping
from decimal import Decimal

NOTHING = "—"
_DIGITS = {"%": 1, "分": 1, "天": 1, "项/次": 1, "元/次": 1, "元": 2}


def told(value: object, word: object) -> str:
    """Return a value with its word; a value that came out of JSON is text."""
    if value is None:
        return NOTHING
    return f"{Decimal(str(value)):,.{_DIGITS.get(str(word), 0)}f} {word}"


def told_figure(figure: Mapping[str, object]) -> str:
    """Return a figure of a snapshot beside that of the period before."""
    now, before = (told(figure[name], figure["word"]) for name in ("value", "previous"))
    return f"{now}（上期 {before}）"
