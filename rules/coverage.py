"""Coverage: of all insured who are willing, how many got what they are owed (第十三条, D15)."""

from decimal import Decimal

from msgspec import Struct

from rules.amounts import percent


class Coverage(Struct, frozen=True):
    """The units counted against and the share served, in percent with one decimal; None if there are none."""

    denominator: int
    rate: Decimal | None


def coverage(insured: int, refused_with_notice: int, served_at_least_min: int) -> Coverage:
    """Return the coverage (第十三条): only refusals told in writing and on file leave the denominator."""
    denominator = insured - refused_with_notice
    return Coverage(denominator, percent(served_at_least_min, denominator))
