"""Deadlines read in working days, with their date, at each edge."""

from datetime import UTC, date, datetime

import pytest

from rules.working_days import published_calendar
from webapp.dates import day_with_weekday, due_of, moment, short_date

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("due", "text", "tone"),
    [
        (date(2026, 11, 26), "剩 3 个工作日", ""),
        (date(2026, 11, 25), "剩 2 个工作日", "amber"),
        (date(2026, 11, 24), "剩 1 个工作日", "amber"),
        (MONDAY, "今天到期", "amber"),
        (date(2026, 11, 20), "逾期 1 个工作日", "red"),
        (date(2026, 11, 19), "逾期 2 个工作日", "red"),
        (date(2026, 11, 27), "剩 4 个工作日", ""),
    ],
)
def test_deadlines_count_working_days(web, due, text, tone):
    with web.app.test_request_context():
        shown = due_of(due, MONDAY, published_calendar())
    assert (shown.text, shown.tone) == (text, tone)


def test_a_weekend_between_is_not_counted_but_said(web):
    friday, saturday, sunday = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)
    with web.app.test_request_context():
        assert due_of(sunday, saturday, published_calendar()).text == "剩不到 1 个工作日"
        assert due_of(friday, saturday, published_calendar()).text == "已逾期"


def test_a_hazards_deadline_counts_every_day(web):
    with web.app.test_request_context():
        assert due_of(date(2026, 11, 30), MONDAY, published_calendar(), natural=True).text == "剩 7 天"
        assert due_of(date(2026, 11, 20), MONDAY, published_calendar(), natural=True).text == "逾期 3 天"


def test_dates_name_the_year_only_when_it_is_another_one():
    assert short_date(date(2026, 11, 27), MONDAY) == "11-27"
    assert short_date(date(2027, 1, 4), MONDAY) == "2027-01-04"
    assert day_with_weekday(date(2026, 11, 27), MONDAY) == "11-27 周五"


def test_moments_are_told_in_shanghai():
    assert moment(datetime(2026, 11, 23, 1, 41, tzinfo=UTC), MONDAY) == "11-23 09:41"
    assert moment(None) == ""
