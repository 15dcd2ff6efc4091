"""How a deadline reads in events and notices."""

from datetime import date

import pytest

from rules.working_days import published_calendar
from workflows.sentences import due_phrase

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("due", "today", "phrase"),
    [
        (None, FRIDAY, "没有期限"),
        (date(2026, 11, 24), FRIDAY, "剩 2 个工作日，期限 2026-11-24"),
        (FRIDAY, FRIDAY, "今天到期（2026-11-20）"),
        (date(2026, 11, 18), FRIDAY, "逾期 2 个工作日，期限 2026-11-18"),
        (FRIDAY, date(2026, 11, 21), "已逾期，期限 2026-11-20"),
        (date(2027, 3, 1), date(2027, 2, 26), "剩 1 个工作日，期限 2027-03-01，暂定"),
    ],
)
def test_a_deadline_reads_as_people_say_it(due, today, phrase):
    assert due_phrase(due, today, published_calendar()) == phrase
