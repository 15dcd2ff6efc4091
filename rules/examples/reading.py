"""Reading the input of an example: days, moments and yuan out of JSON, and answers back into it."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from rules.amounts import FEN
from rules.working_days import legal_day

Input = Mapping[str, Any]  # Any: JSON
Answer = dict[str, Any]  # Any: JSON
TENTH = Decimal("0.1")


class Question(Struct, frozen=True):
    """A kind of question: its topic, the keys that it needs, and one of `any_of` if there are any."""

    topic: str
    answer: Callable[[Input], Answer]
    keys: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()

    def is_asked_by(self, given: Input) -> bool:
        """Tell whether the input holds the keys of this question."""
        return self.keys <= given.keys() and (not self.any_of or not self.any_of.isdisjoint(given))


class UnreadableError(ValueError):
    """A value is not what its place in the input asks for; the message says so in Chinese."""


def day(text: str) -> date:
    """Return the legal day of a day or a moment; a moment with an offset is taken to Beijing first.

    Raises: UnreadableError.
    """
    found = moment(text)
    return found.date() if found.tzinfo is None else legal_day(found)


def day_of_utc(text: str) -> date:
    """Return the legal day of a moment that is UTC unless it says otherwise. Raises: UnreadableError."""
    found = moment(text)
    return legal_day(found if found.tzinfo else found.replace(tzinfo=UTC))


def moment(text: str) -> datetime:
    """Return a moment, or a day's first, as ISO 8601 writes it. Raises: UnreadableError."""
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise UnreadableError(f"不是日期：{text}") from error


def optional_day(given: Input, key: str) -> date | None:
    """Return the day under the key; None where it is absent or null."""
    text = given.get(key)
    return None if text is None else day(text)


def decimal(value: object) -> Decimal:
    """Return an amount or a score exactly as it is written. Raises: UnreadableError."""
    try:
        return Decimal(str(value))
    except ArithmeticError as error:
        raise UnreadableError(f"不是数：{value}") from error


def optional_decimal(given: Input, key: str) -> Decimal | None:
    """Return the amount under the key; None where it is absent or null."""
    value = given.get(key)
    return None if value is None else decimal(value)


def yuan(amount: Decimal | None) -> str | None:
    """Return an amount with two digits."""
    return None if amount is None else str(amount.quantize(FEN))


def score(points: Decimal) -> str:
    """Return exact points with one digit, or with as many as they need."""
    plain = points.normalize()
    exact = plain if plain.as_tuple().exponent in range(-20, 0) else points.quantize(TENTH)
    return f"{exact:f}"


def dated(item: str | Input) -> date:
    """Return the day of a list entry that is a day or an object with a date."""
    return day(item if isinstance(item, str) else item["date"])
