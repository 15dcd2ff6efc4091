"""What is reported to the joint office, over which period (第十六条、第二十一条、第二十三条)."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from rules.gates import Gate, gate
from rules.vocabulary import choices

JOINT_OFFICE = "温州市安责险联席会议办公室"
HAZARD_DIMENSIONS = ("industry", "region", "hazard_category")
ANNUAL_PLAN_ELEMENTS = (
    "insurers",
    "prior_premium",
    "units_by_tier",
    "visits_owed",
    "fund_plan",
    "trainings",
)


class Period(Struct, frozen=True):
    """A reporting period, both ends inclusive."""

    first_day: date
    last_day: date


def half_years(year: int) -> tuple[Period, Period]:
    """Return the two periods of the self review (第二十三条: every half year, D10)."""
    return (
        Period(date(year, 1, 1), date(year, 6, 30)),
        Period(date(year, 7, 1), date(year, 12, 31)),
    )


def month_period(year: int, month: int) -> Period:
    """Return the period of the monthly hazard statistics (第二十一条)."""
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def self_review_sections() -> tuple[str, ...]:
    """Return the four parts that a self review must have, as the article names them (第二十三条)."""
    return tuple(word for _, word in choices("self_review_section"))


def self_review_gate(sections: Mapping[str, object]) -> Gate:
    """Return which of the four parts a self review lacks (第二十三条)."""
    return gate((code for code, _ in choices("self_review_section")), sections)


def annual_plan_gate(elements: Mapping[str, object]) -> Gate:
    """Return which elements an annual plan lacks before it may be filed (第十六条)."""
    return gate(ANNUAL_PLAN_ELEMENTS, elements)
