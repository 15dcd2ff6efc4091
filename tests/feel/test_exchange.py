"""Values of Python into the language and back."""

from collections import OrderedDict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

import feel
from feel.exchange import to_feel, to_python
from feel.limits import Run
from feel.values import NUMBERS, DaysTime, Range, YearsMonths, whole
from tests.feel.engine import HOST

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**33), 10**33),
    st.decimals(allow_nan=False, allow_infinity=False).map(NUMBERS.plus).filter(lambda n: n.is_finite()),
    st.text(st.characters(codec="utf-8"), max_size=10),
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.just(UTC) | st.none()),
    st.builds(YearsMonths, st.integers(-(10**9), 10**9)),
    st.builds(DaysTime, st.integers(-(10**18), 10**18)),
)
KEYS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)


class Level(StrEnum):
    """A closed set of words."""

    MAJOR = "重大"


class Number(Enum):
    """A closed set of numbers."""

    ONE = 1


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        (1, "1"),
        (True, "true"),
        (0.1, "0.1"),
        (float("nan"), "null"),
        (float("inf"), "null"),
        (Decimal("NaN"), "null"),
        (Decimal("1.10"), "1.1"),
        (Decimal("1e7000"), "null"),
        (10**40, "10000000000000000000000000000000000000000"),
        ("火", '"火"'),
        ("火\ud800", '"火\ufffd"'),
        ("\ud83d\ude00", '"😀"'),
        ({"\udfff": 1}, '{"\ufffd": 1}'),
        (Level.MAJOR, '"重大"'),
        (Number.ONE, "1"),
        (date(2026, 5, 1), '@"2026-05-01"'),
        (datetime(2026, 5, 1, 10, tzinfo=UTC), '@"2026-05-01T10:00:00Z"'),
        (time(10, 0, 0, 500_000), '@"10:00:00.5"'),
        (timedelta(days=1, seconds=-1), '@"PT23H59M59S"'),
        ((1, [2]), "[1, [2]]"),
        (OrderedDict(a=1, **{"b c": 2}), '{a: 1, "b c": 2}'),
        ({1: 2}, '{"1": 2}'),
        (Range(Decimal(1), None, start_included=True, end_included=False), "(>= 1)"),
        (Range(None, Decimal(1), start_included=False, end_included=True), "(<= 1)"),
        (len, "null"),
    ],
)
def test_a_value_of_python_becomes_a_value_of_the_language(value, literal):
    assert feel.format_value(value) == literal


@given(VALUES)
def test_a_literal_reads_back_to_its_value(value):
    text = feel.format_value(value)
    assert feel.format_value(feel.evaluate(text, {})) == text


@given(VALUES)
def test_values_come_back_as_they_went(value):
    run = Run(HOST)
    there = to_feel(run, value)
    assert to_feel(run, to_python(run, there)) == there


def test_a_copy_is_given_out_and_never_the_data_itself():
    data = {"list": [1, 2], "context": {"a": 1}}
    for name, value in data.items():
        found = feel.evaluate(name, data)
        assert found == value
        assert found is not value


@given(
    st.text(st.characters(exclude_categories=()), max_size=6),
    st.text(st.characters(exclude_categories=()), max_size=6),
)
def test_a_text_of_any_code_points_is_read_searched_and_told(text, other):
    scope = {"s": text, "t": other, "c": {text: [other]}}
    for expression in ("matches(s, t)", "replace(s, t, s)", "split(s, t)", "get entries(c)", f'"{text}" + 1'):
        assert all(sentence.encode() for sentence in _told(expression, scope))


def _told(expression, scope):
    """Return everything that a person may read of an evaluation."""
    try:
        result = feel.explain(expression, scope, HOST)
    except feel.FeelSyntaxError as error:
        return [str(error)]
    return [feel.format_value(result.value), *(reason.sentence(expression) for reason in result.warnings)]


class Holiday(date):
    """A kind of date of its own."""


def test_kinds_of_dates_and_texts_are_plain_dates_and_texts():
    assert type(to_feel(Run(HOST), Holiday(2026, 5, 1))) is date
    assert type(to_feel(Run(HOST), Level.MAJOR)) is str


@pytest.mark.parametrize(
    ("number", "integer"), [(Decimal("5.0"), 5), (Decimal("5.5"), None), (Decimal("1e40"), None), ("5", None)]
)
def test_whole_numbers_are_told_from_others(number, integer):
    assert whole(number) == integer


def test_the_kind_of_a_value_is_told_in_the_words_of_the_language_and_in_ours():
    values = [1, "a", True, None, [], {}, feel.evaluate("[1..2]", {}), feel.evaluate("abs", {})]
    assert [feel.kind_of(value) for value in values] == [
        *("number", "string", "boolean", "null", "list", "context", "range", "function")
    ]
    assert all(feel.kind_name(feel.kind_of(value)) != feel.kind_of(value) for value in values)
