"""Online service (线上服务): who was reached, which of the seven categories the year lacks (第十二条)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from rules.parameters import number, share, standard_day
from rules.vocabulary import choices

_MONTHS = 12


def delivered_share(delivered: int, units: int) -> Decimal:
    """Return the share of the units that a push reached (第十二条), 1 where it was for nobody."""
    return Decimal(delivered) / units if units else Decimal(1)


def needs_fixing(delivered: int, units: int, on: date) -> bool:
    """Tell whether so few units were reached that their contacts have to be put right (第十二条).

    The share is compared unrounded; exactly the least that is asked for will do.
    """
    return delivered_share(delivered, units) < share("push_delivered_least", standard_day(on)).value


def missing_categories(published: Iterable[str]) -> tuple[str, ...]:
    """Return the categories of 第十二条 that none of these pushes was of, in the order of the standard."""
    known = frozenset(published)
    return tuple(code for code, _ in choices("push_category") if code not in known)


def is_behind(missing: int, on: date) -> bool:
    """Tell whether the year's missing categories no longer fit into what is left of it (第十二条).

    A push of each month, this one included, can still bring one.
    """
    months_left = _MONTHS - on.month + 1
    return missing > months_left * number("push_per_month", standard_day(on)).value
