"""The prevention fund's share of the premium, under each profile side by side (第六条, D8).

The local floor (35 % of written premium less refunds) and the national ceiling (21 % of premium collected)
cannot both be kept: that is shown as a conflict and never settled by the program.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from rules.amounts import down_to_fen, percent, up_to_fen
from rules.parameters import LOCAL_PROFILE, Parameter, first_day, share

FLOOR, CEILING = "prevention_fund_floor", "prevention_fund_ceiling"
ZERO = Decimal(0)


class ProfileVerdict(Struct, frozen=True):
    """What one profile says: its least and most in yuan (None = it has none), and how the fund stands."""

    profile: str
    minimum: Decimal | None
    maximum: Decimal | None
    parameter_rows: tuple[str, ...]
    shortfall: Decimal | None = None
    excess: Decimal | None = None

    @property
    def is_compliant(self) -> bool | None:
        """Whether what was set aside is right; None while that is not known."""
        if self.shortfall is None or self.excess is None:
            return None
        return not self.shortfall and not self.excess


class FundVerdict(Struct, frozen=True):
    """All profiles together; `ratio` (two digits) is for display, amounts alone decide."""

    profiles: tuple[ProfileVerdict, ...]
    ratio: Decimal | None

    @property
    def minimum(self) -> Decimal | None:
        """The highest floor of the profiles; None if none has one."""
        return max((item.minimum for item in self.profiles if item.minimum is not None), default=None)

    @property
    def maximum(self) -> Decimal | None:
        """The lowest ceiling of the profiles; None if none has one."""
        return min((item.maximum for item in self.profiles if item.maximum is not None), default=None)

    @property
    def is_conflict(self) -> bool:
        """Whether no amount can satisfy all the profiles at once."""
        return self.minimum is not None and self.maximum is not None and self.minimum > self.maximum

    @property
    def is_compliant(self) -> bool | None:
        """Whether every profile is satisfied; None while what was set aside is not known."""
        answers = {item.is_compliant for item in self.profiles}
        return None if None in answers else answers == {True}

    @property
    def shortfall(self) -> Decimal | None:
        """The largest amount missing under any profile."""
        return max((item.shortfall for item in self.profiles if item.shortfall is not None), default=None)

    @property
    def excess(self) -> Decimal | None:
        """The largest amount too much under any profile."""
        return max((item.excess for item in self.profiles if item.excess is not None), default=None)


def net_premium(written: Decimal, refunded: Decimal = ZERO) -> Decimal:
    """Return the premium that the fund is a share of: written less refunded (第六条, D6)."""
    return written - refunded


def judge_fund(
    net: Decimal,
    accrued: Decimal | None,
    on: date,
    profiles: Iterable[str] = (LOCAL_PROFILE,),
    *,
    collected: Decimal | None = None,
) -> FundVerdict:
    """Return how the amount set aside stands to each profile (第六条, D8).

    Floors are rounded up and ceilings down to 0.01 yuan, then amounts are compared. `collected` = premium
    actually received, for profiles that count from it; the net premium where it is not known. A profile
    asked for by name speaks with its first row on days before that row.
    """
    bases = {"net": net, "collected": net if collected is None else collected}
    verdicts = tuple(_judge(profile, bases, accrued, on) for profile in profiles)
    return FundVerdict(verdicts, None if accrued is None else percent(accrued, net, digits=2))


def _judge(profile: str, bases: dict[str, Decimal], accrued: Decimal | None, on: date) -> ProfileVerdict:
    floor, ceiling = _limit(FLOOR, profile, on), _limit(CEILING, profile, on)
    minimum = None if floor is None else up_to_fen(_base(floor, bases) * floor.value)
    maximum = None if ceiling is None else down_to_fen(_base(ceiling, bases) * ceiling.value)
    rows = tuple(row.row_id for row in (floor, ceiling) if row is not None)
    if accrued is None:
        return ProfileVerdict(profile, minimum, maximum, rows)
    shortfall = max(ZERO, (accrued if minimum is None else minimum) - accrued)
    excess = max(ZERO, accrued - (accrued if maximum is None else maximum))
    return ProfileVerdict(profile, minimum, maximum, rows, shortfall, excess)


def _limit(name: str, profile: str, on: date) -> Parameter[Decimal] | None:
    first = first_day(name, profile)
    return None if first is None else share(name, max(on, first), profile)


def _base(limit: Parameter[Decimal], bases: dict[str, Decimal]) -> Decimal:
    return bases[limit.base or "net"]
