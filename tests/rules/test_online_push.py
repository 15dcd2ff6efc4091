"""Online service: when too few were reached, which categories the year lacks (第十二条)."""

from datetime import date
from decimal import Decimal

import pytest

from rules.online_push import delivered_share, is_behind, missing_categories, needs_fixing
from rules.vocabulary import choices

DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("delivered", "units", "fixing"),
    [(95, 100, False), (94, 100, True), (949, 1000, True), (950, 1000, False), (0, 0, False), (0, 1, True)],
)
def test_contacts_are_put_right_below_the_least_share(delivered, units, fixing):
    assert needs_fixing(delivered, units, DAY) is fixing


def test_a_push_for_nobody_lacks_nobody():
    assert delivered_share(0, 0) == 1
    assert delivered_share(1, 3) < Decimal("0.34")


def test_each_of_the_seven_categories_is_asked_for():
    assert len(missing_categories(())) == 7
    assert missing_categories(code for code, _ in choices("push_category")) == ()
    assert missing_categories(["regulation", "regulation"])[0] == "courseware"


@pytest.mark.parametrize(
    ("missing", "day", "behind"),
    [
        (7, date(2026, 6, 30), False),
        (7, date(2026, 7, 1), True),
        (6, date(2026, 7, 1), False),
        (1, date(2026, 12, 31), False),
        (2, date(2026, 12, 31), True),
        (0, date(2026, 12, 31), False),
    ],
)
def test_the_year_is_behind_once_the_months_left_bring_no_longer_enough(missing, day, behind):
    assert is_behind(missing, day) is behind
