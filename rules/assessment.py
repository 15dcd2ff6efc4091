"""The yearly assessment: what counts, what is deducted, the total (第二十四条、第二十五条、第二十七条).

All sums are exact decimals; rounding (half up) is the very last step (D14).
"""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from rules.parameters import STANDARD_FIRST_DAY, number

ZERO = Decimal(0)


class Indicator(Struct, frozen=True):
    """A leaf indicator: all of `maximum` or nothing. `evidence_count` None = evidence is there."""

    maximum: Decimal
    satisfied: bool
    evidence_count: int | None = None

    @property
    def lacks_evidence(self) -> bool:
        """Whether it is claimed as satisfied and nothing shows it (第二十五条: no evidence, no points)."""
        return self.satisfied and self.evidence_count == 0

    @property
    def points(self) -> Decimal:
        """The points earned: no partial ones."""
        return self.maximum if self.satisfied and not self.lacks_evidence else ZERO


class IndicatorGroup(Struct, frozen=True):
    """A group whose points are already summed; they never exceed its maximum or fall below 0."""

    maximum: Decimal
    earned: Decimal

    @property
    def points(self) -> Decimal:
        """The points that count."""
        return min(max(self.earned, ZERO), self.maximum)


class Breach(Struct, frozen=True):
    """A ground for a deduction (第二十七条); without evidence it deducts nothing."""

    points: Decimal
    evidence_count: int


class Score(Struct, frozen=True):
    """An assessment's result; `base` and `bonus_counted` are exact, `total` has one decimal."""

    base: Decimal
    bonus_counted: Decimal
    total: Decimal


def base_points(items: Iterable[Indicator | IndicatorGroup]) -> Decimal:
    """Return the exact sum of the points (第二十五条), never rounded item by item."""
    return sum((item.points for item in items), ZERO)


def missing_evidence(items: Iterable[Indicator | IndicatorGroup]) -> int:
    """Return how many indicators are claimed without evidence (第二十五条)."""
    return sum(isinstance(item, Indicator) and item.lacks_evidence for item in items)


def deduction(breaches: Iterable[Breach]) -> Decimal:
    """Return the points deducted for breaches that are proven (第二十七条)."""
    return sum((breach.points for breach in breaches if breach.evidence_count), ZERO)


def total_score(
    base: Decimal, bonus: Decimal = ZERO, deducted: Decimal = ZERO, on: date = STANDARD_FIRST_DAY
) -> Score:
    """Return the total (第二十五条): base and capped bonus less deductions, between 0 and 110.0."""
    bonus_max = Decimal(number("score_bonus_max", on).value)
    highest = Decimal(number("score_base", on).value) + bonus_max
    counted = min(max(bonus, ZERO), bonus_max)
    exact = min(max(base + counted - deducted, ZERO), highest)
    digits = Decimal(1).scaleb(-number("score_digits", on).value)
    return Score(base, counted, exact.quantize(digits, ROUND_HALF_UP))


def are_weights_valid(
    weights: Iterable[Decimal], bonus_max: Decimal | None = None, on: date = STANDARD_FIRST_DAY
) -> bool:
    """Tell whether indicators may be published (第二十四条、第二十五条): 100 in all, bonus at most 10."""
    known = tuple(weights)
    in_range = all(weight >= 0 for weight in known) and sum(known) == number("score_base", on).value
    return in_range and (bonus_max is None or ZERO <= bonus_max <= number("score_bonus_max", on).value)
