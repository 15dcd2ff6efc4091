from datetime import date
from decimal import Decimal

import pytest

from rules import parameters
from rules.errors import ParameterKindError, ParameterRowError, UnknownParameterError
from rules.parameters import MonthDay
from rules.vocabulary import label

ON = date(2025, 1, 1)
ROW = """
[[row]]
name = "x"
value = 1
unit = "days"
profile = "product"
first_day = 2020-06-01
direction = "{direction}"
source = "{source}"
article = "6"
confirmed = true
"""


@pytest.mark.parametrize(
    ("name", "value", "row_id"),
    [
        ("return_visit_days", 10, "wenzhou-2020:return_visit_days:2020-06-01"),
        ("archive_days", 20, "wenzhou-2020:archive_days:2020-06-01"),
        ("retention_years", 5, "wenzhou-2020:retention_years:2020-06-01"),
        ("group_trainings_per_year", 4, "wenzhou-2020:group_trainings_per_year:2020-06-01"),
        ("complaint_reply", 10, "aq-9010-2019:complaint_reply:2020-02-01"),
        ("scheme_days", 10, "product:scheme_days:2020-06-01"),
    ],
)
def test_a_number_is_found_with_the_row_it_comes_from(name, value, row_id):
    found = parameters.number(name, ON)
    assert (found.value, found.row_id) == (value, row_id)
    assert found.source


def test_a_number_is_in_force_from_its_first_day():
    assert parameters.number("archive_days", date(2020, 6, 1)).value == 20
    with pytest.raises(UnknownParameterError, match="archive_days"):
        parameters.number("archive_days", date(2020, 5, 31))


def test_the_latest_row_in_force_counts():
    ceiling = "prevention_fund_ceiling"
    before = parameters.share(ceiling, date(2025, 3, 28), "national-2025")
    after = parameters.share(ceiling, date(2025, 3, 29), "national-2025")
    assert before.first_day == date(2024, 10, 22)
    assert after.first_day == date(2025, 3, 29)
    assert (before.confirmed, after.confirmed) == (True, False)


def test_a_row_ends_with_its_last_day(monkeypatch):
    text = ROW.format(direction="exact", source="s").replace("confirmed", "last_day = 2020-12-31\nconfirmed")
    monkeypatch.setattr(parameters, "rows", lambda: parameters.parse_rows(text))
    assert parameters._in_force.__wrapped__("x", date(2020, 12, 31), "product").value == 1
    with pytest.raises(UnknownParameterError):
        parameters._in_force.__wrapped__("x", date(2021, 1, 1), "product")


def test_a_profile_never_borrows_from_another_profile():
    with pytest.raises(UnknownParameterError):
        parameters.share("prevention_fund_floor", ON, "national-2025")
    assert parameters.first_day("prevention_fund_floor", "national-2025") is None
    assert parameters.first_day("prevention_fund_ceiling", "national-2025") == date(2024, 10, 22)


@pytest.mark.parametrize(
    ("read", "name"),
    [
        (parameters.number, "loss_ratio_over"),
        (parameters.share, "archive_days"),
        (parameters.words, "archive_days"),
        (parameters.month_days, "archive_days"),
        (parameters.offsets, "archive_days"),
        (parameters.offsets, "annual_plan_due"),
        (parameters.bands, "archive_days"),
    ],
)
def test_a_value_of_another_kind_is_refused(read, name):
    with pytest.raises(ParameterKindError):
        read(name, ON)


def test_values_come_in_their_own_types():
    assert parameters.share("prevention_fund_floor", ON).value == Decimal("0.35")
    assert parameters.month_days("self_review_due", ON).value == (MonthDay(7, 31), MonthDay(1, 31))
    assert parameters.offsets("remind_archive", ON).value == (15, 18, 20)
    assert len(parameters.words("high_risk_kinds", ON).value) == 8
    tiers = parameters.bands("visit_tiers", ON).value
    assert [(band.at_least, band.visits) for band in tiers] == [(0, 1), (30000, 2), (60000, 3), (100000, 4)]
    assert [band.below for band in tiers] == [30000, 60000, 100000, None]


def test_every_row_has_a_source_an_article_and_an_id_of_its_own():
    rows = parameters.rows()
    assert len({row.row_id for row in rows}) == len(rows)
    assert all(row.source and row.article and row.unit for row in rows)


def test_every_row_is_told_in_words():
    for row in parameters.rows():
        assert label("parameter_name", row.name)
        assert label("parameter_unit", row.unit)
        assert label("parameter_direction", row.direction)


def test_duties_from_before_the_standard_are_governed_from_its_first_day():
    assert parameters.standard_day(date(2019, 12, 31)) == date(2020, 6, 1)
    assert parameters.standard_day(ON) == ON


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (ROW.format(direction="exact", source=""), "no source"),
        (ROW.format(direction="about", source="s"), "unknown direction"),
        (ROW.format(direction="floor", source="s") * 2, "twice"),
    ],
)
def test_a_row_without_its_ground_is_refused(text, problem):
    with pytest.raises(ParameterRowError, match=problem):
        parameters.parse_rows(text)
