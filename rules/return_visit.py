"""The return visit: by telephone, network or on site, with a satisfaction and an opinion (第十九条, D20)."""

from datetime import date

from rules.gates import is_given
from rules.parameters import number, standard_day

METHODS = ("phone", "network", "onsite")
SCORES = range(1, 6)


def is_accepted_method(method: str) -> bool:
    """Tell whether that way of calling back counts (第十九条); a read receipt alone is none of them."""
    return method in METHODS


def is_valid(method: str, satisfaction: int | None, opinion: str) -> bool:
    """Tell whether a return visit counts (第十九条): method, satisfaction 1 to 5, opinion (“无” is one)."""
    return is_accepted_method(method) and satisfaction in SCORES and is_given(opinion)


def needs_follow_up(satisfaction: int, on: date) -> bool:
    """Tell whether so low a satisfaction has to be looked into (第十九条)."""
    return satisfaction <= number("low_satisfaction", standard_day(on)).value
