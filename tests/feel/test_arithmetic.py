"""Sums, differences, products, quotients, powers over numbers, text, dates and durations."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import feel
from tests.feel.engine import literal, reasons, rows

NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, places=6)
DAYS = st.dates()
LENGTHS = st.integers(-(10**6), 10**6)


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
        0.1 + 0.2                                 ⇒ 0.3
        1 / 3                                     ⇒ 0.3333333333333333333333333333333333
        2 / 3                                     ⇒ 0.6666666666666666666666666666666667
        10 - -5                                   ⇒ 15
        10--5                                     ⇒ 15
        --5                                       ⇒ 5
        -(2 + 3)                                  ⇒ -5
        2 ** 3                                    ⇒ 8
        2 ** -1                                   ⇒ 0.5
        4 ** 0.5                                  ⇒ 2
        -2 ** 2                                   ⇒ 4
        2 ** 3 ** 2                               ⇒ 64
        0 ** 0                                    ⇒ null
        (-8) ** 0.5                               ⇒ null
        2 ** 10001                                ⇒ null
        9 ** (9 ** 9)                             ⇒ null
        3 ** 3 ** 3                               ⇒ 19683
        1 / 0                                     ⇒ null
        1e6144 * 10                               ⇒ null
        1 + "a"                                   ⇒ null
        "a" + "b"                                 ⇒ "ab"
        "a" + 1                                   ⇒ null
        "a" - "b"                                 ⇒ null
        1 + null                                  ⇒ null
        null * 2                                  ⇒ null
        true + 1                                  ⇒ null
        [1] + 1                                   ⇒ null
        -"a"                                      ⇒ null
        -null                                     ⇒ null
        "a" ** 2                                  ⇒ null
        "a" / "b"                                 ⇒ null
    """),
)
def test_numbers_and_text(text, value):
    assert literal(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
        @"2026-01-31" + @"P1M"                    ⇒ @"2026-02-28"
        @"P1M" + @"2024-01-31"                    ⇒ @"2024-02-29"
        @"2026-03-31" - @"P1M"                    ⇒ @"2026-02-28"
        @"2024-02-29" + @"P1Y"                    ⇒ @"2025-02-28"
        @"2026-05-01" + @"P1D"                    ⇒ @"2026-05-02"
        @"2026-05-01" + @"PT25H"                  ⇒ @"2026-05-02"
        @"2026-05-01" - @"PT1H"                   ⇒ @"2026-04-30"
        @"2026-05-01" - @"2026-04-01"             ⇒ @"P30D"
        @"2026-05-01" - @"2026-04-30T12:00:00Z"   ⇒ @"PT12H"
        @"2026-05-01" - @"2026-04-30T12:00:00"    ⇒ null
        @"2026-05-01" + @"2026-05-01"             ⇒ null
        @"2026-05-01" + 1                         ⇒ null
        @"P1D" - @"2026-05-01"                    ⇒ null
        @"2026-05-01T10:00:00" + @"P1DT1H"        ⇒ @"2026-05-02T11:00:00"
        @"2026-05-01T10:00:00" - @"P1M"           ⇒ @"2026-04-01T10:00:00"
        @"2026-03-29T01:30:00@Europe/Paris" + @"PT1H" ⇒ @"2026-03-29T03:30:00@Europe/Paris"
        @"2026-05-01T10:00:00Z" - @"2026-05-01T10:00:00+08:00" ⇒ @"PT8H"
        @"2026-05-01T10:00:00Z" - @"2026-05-01T10:00:00" ⇒ null
        @"23:00:00" + @"PT2H"                     ⇒ @"01:00:00"
        @"01:00:00" - @"PT2H"                     ⇒ @"23:00:00"
        @"10:00:00Z" - @"10:00:00+08:00"          ⇒ @"PT8H"
        @"10:00:00" - @"10:00:00Z"                ⇒ null
        @"10:00:00" + @"P1M"                      ⇒ null
        @"P1Y" + @"P2M"                           ⇒ @"P1Y2M"
        @"P1Y" - @"P2M"                           ⇒ @"P10M"
        @"P1D" + @"PT1H"                          ⇒ @"P1DT1H"
        @"P1D" + @"P1M"                           ⇒ null
        @"P1Y" * 1.5                              ⇒ @"P1Y6M"
        2 * @"P1D"                                ⇒ @"P2D"
        @"P1M" * 0.6                              ⇒ @"P0M"
        @"P1Y" / 5                                ⇒ @"P2M"
        @"P1D" / 0                                ⇒ null
        @"P1Y" / @"P6M"                           ⇒ 2
        @"P1D" / @"PT6H"                          ⇒ 4
        @"P1D" / @"PT0S"                          ⇒ null
        @"P1Y" / @"P0M"                           ⇒ null
        @"P1D" / @"P1M"                           ⇒ null
        1 / @"P1D"                                ⇒ null
        @"P1D" * @"P1D"                           ⇒ null
        @"P1Y" * 1e40                             ⇒ null
        @"P1D" * 1e40                             ⇒ null
        -@"P1D"                                   ⇒ @"-P1D"
        -@"P1Y2M"                                 ⇒ @"-P1Y2M"
        @"999999999-12-31" + @"P1D"               ⇒ null
        @"999999999-12-31T23:00:00" + @"PT2H"     ⇒ null
        @"999999999-12-31T23:00:00" + @"P1M"      ⇒ null
        @"9999-12-31" + @"P1D"                    ⇒ @"10000-01-01"
        @"0001-01-01" - @"P1D"                    ⇒ @"0000-12-31"
        @"10000-01-01" - @"P1D"                   ⇒ @"9999-12-31"
    """),
)
def test_dates_times_and_durations(text, value):
    assert literal(text) == value


def test_a_text_grows_to_the_bound_and_no_further():
    assert len(feel.evaluate("a + a", {"a": "x" * 50_000})) == 100_000
    with pytest.raises(feel.FeelLimitError, match="文本太长"):
        feel.evaluate("a + a", {"a": "x" * 50_001})


@given(NUMBERS, NUMBERS)
def test_sums_and_products_are_those_of_decimals(a: Decimal, b: Decimal):
    assert feel.evaluate("a + b - b = a and a * b = b * a", {"a": a, "b": b}) is True


@given(DAYS, LENGTHS)
def test_days_added_are_days_taken_away(day, days):
    text = 'string(day + days * @"P1D" - days * @"P1D") = string(day)'
    assert feel.evaluate(text, {"day": day, "days": days}) is True


@given(DAYS, DAYS)
def test_a_difference_of_days_leads_back(one, other):
    assert feel.evaluate("other + (one - other) = one", {"one": one, "other": other}) is True


@given(DAYS, st.integers(-1200, 1200))
def test_months_added_end_in_the_right_month_or_beyond_the_calendar(day, months):
    text = 'day + months * @"P1M"'
    moved = feel.evaluate(text, {"day": day, "months": months})
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or moved.day >= 28


@pytest.mark.parametrize("text", ["1 / 0", "1 + null", '"a" - 1', '-"a"', "2 ** 10001"])
def test_what_cannot_be_computed_says_why(text):
    assert reasons(text)
