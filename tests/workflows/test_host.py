"""What the product lends to expressions: working days, ends of days, patterns; whatever they are handed."""

from datetime import UTC, datetime

import pytest

import feel
from rules.working_days import published_calendar
from workflows.host import feel_host

HOST = feel_host(published_calendar(), datetime(2026, 4, 30, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ('start of day(@"2026-05-01")', '@"2026-05-01T00:00:00@Asia/Shanghai"'),
        ('end of day(@"2026-05-01")', '@"2026-05-02T00:00:00@Asia/Shanghai"'),
        ('add workdays(@"2026-04-30", 1)', '@"2026-05-06"'),
        ('add workdays(date: @"2026-04-30", days: 0)', '@"2026-04-30"'),
        ("workdays(1)", '@"2026-05-07T00:00:00@Asia/Shanghai"'),
        ("today()", '@"2026-04-30"'),
        ('matches("防火", "^防")', "true"),
        ('matches("a", "(")', "null"),
        ("workdays(null)", "null"),
        ('workdays("2")', "null"),
        ("workdays(1.5)", "null"),
        ("workdays(-1)", "null"),
        ("workdays(1e30)", "null"),
        ("workdays()", "null"),
        ('add workdays("2026-04-30", 1)', "null"),
        ('add workdays(@"9999-12-31", 1)', "null"),
        ('add workdays(@"99999-12-31", 1)', "null"),
        ('end of day(@"9999-12-31")', "null"),
        ('end of day(@"2026-04-30T00:00:00")', "null"),
        ("start of day(null)", "null"),
    ],
)
def test_a_function_of_the_host_gives_a_value_or_null_with_a_reason(text, literal):
    result = feel.explain(text, {}, HOST)
    assert feel.format_value(result.value) == literal
    assert (literal == "null") == bool(result.warnings)
