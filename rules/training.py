"""Group trainings: enough of them, held and not merely planned (第十五条, D13)."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from rules.parameters import month_days, number, standard_day

MONTHS_OF_QUARTER = 3


class Training(Struct, frozen=True):
    """A group training and whether it took place."""

    on: date
    held: bool


class TrainingVerdict(Struct, frozen=True):
    """Trainings held in a calendar year against those required."""

    held: int
    required: int

    @property
    def shortfall(self) -> int:
        """How many are missing."""
        return max(0, self.required - self.held)


def judge_trainings(year: int, trainings: Iterable[Training]) -> TrainingVerdict:
    """Return the year's trainings against the number of 第十五条; other years' trainings do not count."""
    required = number("group_trainings_per_year", standard_day(date(year, 12, 31))).value
    return TrainingVerdict(sum(item.held and item.on.year == year for item in trainings), required)


def is_behind(trainings: Iterable[Training], on: date) -> bool:
    """Tell whether the year's trainings lag behind (第十五条).

    Fewer were held than quarters are over, or fewer than the product's own check asks for late in the year.
    """
    held = sum(item.held and item.on.year == on.year and item.on <= on for item in trainings)
    quarters_over = (on.month - 1) // MONTHS_OF_QUARTER
    check = month_days("group_training_check", standard_day(on)).value[0].of(on.year)
    by_check = number("group_trainings_by_check", standard_day(on)).value
    return held < quarters_over or (on >= check and held < by_check)


def uninvited(insured: Iterable[str], invited: Iterable[str]) -> tuple[str, ...]:
    """Return the insured units that no training of the year has invited (第十五条: they are for all)."""
    known = frozenset(invited)
    return tuple(unit for unit in insured if unit not in known)
