"""A scope that random expressions can read: names of several words, lists, contexts, numbers, text."""

from decimal import Decimal
from typing import Any

SCOPE: dict[str, Any] = {
    "保费": Decimal(60000),
    "x": 1,
    "y": [1, 2, 3],
    "应缴 保费": {"a b": 5},
    "a-b": "火灾",
    "unit": [{"x": 1, "y": 2}, {"x": 2}],
}
