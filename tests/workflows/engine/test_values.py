"""What a case may hold, how it is kept, and how the data of branches is united."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from SpiffWorkflow.util.deep_merge import DeepMerge

import feel
from workflows.engine.errors import DataError, StateError
from workflows.engine.merge import changes, merged, same
from workflows.engine.values import from_json, mapping_from_json, plain, plain_mapping, to_json

ZONES = [UTC, timezone(timedelta(hours=8)), ZoneInfo("Asia/Shanghai")]
EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1990, 2100))
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=8).filter(lambda t: t.isprintable()),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.sampled_from(ZONES), min_value=EARLIEST, max_value=LATEST),
    st.builds(feel.YearsMonths, st.integers()),
    st.builds(feel.DaysTime, st.integers()),
)
KEYS = st.text(min_size=1, max_size=6).filter(lambda k: not k.startswith("__") and k.isprintable())
VALUES = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
DATA = st.dictionaries(KEYS, VALUES, max_size=5)


@given(VALUES)
def test_a_value_survives_being_kept(value):
    assert same(from_json(orjson.loads(orjson.dumps(to_json(value)))), value)


@given(VALUES)
def test_a_value_that_comes_in_is_the_same_but_another_object(value):
    copy = plain(value)
    assert same(copy, value)
    if isinstance(value, (list, dict)):
        assert copy is not value


def test_keys_like_our_tags_survive():
    value = {"$": [1], "$x": {"$": "n"}}
    assert from_json(to_json(value)) == value


def test_a_named_zone_survives():
    moment = datetime(2026, 3, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert str(from_json(to_json(moment)).tzinfo) == "Asia/Shanghai"


class Colour(Enum):
    RED = "红"


class Word(StrEnum):
    A = "a"


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (UUID(int=1), str(UUID(int=1))),
        (Colour.RED, "红"),
        (Word.A, "a"),
        ((1, 2), [1, 2]),
        (Text("x"), "x"),
        (type("Many", (int,), {})(3), 3),
    ],
)
def test_a_value_of_a_near_kind_becomes_plain(value, expected):
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


NESTED: list[object] = []
NESTED.append(NESTED)


@pytest.mark.parametrize(
    "value", [1.5, {1, 2}, b"x", object(), len, print, type, NESTED, {"__builtins__": 1}, {1: 2}]
)
def test_trap_14_anything_else_is_refused_on_the_way_in(value):
    with pytest.raises(DataError):
        plain(value)
    with pytest.raises(DataError):
        plain_mapping({"a": [value]})


@pytest.mark.parametrize(
    "value", [1.5, {1, 2}, object(), len, {"__builtins__": 1}, {1: 2}, {"a": [lambda: 0]}]
)
def test_trap_14_anything_else_is_refused_by_the_codec(value):
    with pytest.raises(StateError):
        to_json(value)


def test_a_mapping_is_asked_for_where_one_must_be():
    with pytest.raises(StateError):
        mapping_from_json([1])


LISTED = [
    ([1], [1, 1]),
    ([1, 2, 3], [3, 3, 3]),
    (["a", "b"], ["b", "a"]),
    ([{"a": 1}], [{"b": 2}]),
    ([1, 2], []),
]


@pytest.mark.parametrize(("old", "new"), LISTED)
def test_trap_04_a_list_is_replaced_and_never_mixed(old, new):
    assert merged({"x": old}, [{"x": new}]) == {"x": new}
    assert merged({}, [{"x": old}, {"x": new}]) == {"x": new}


def test_trap_04_the_library_itself_mixes_lists():
    """Shows why: of these only an empty list comes out as it was written."""
    mixed = [DeepMerge.merge({"x": list(old)}, {"x": list(new)})["x"] for old, new in LISTED]
    assert [found == new for found, (_, new) in zip(mixed, LISTED, strict=True)] == [False] * 4 + [True]


def test_trap_04_a_stale_copy_never_wins():
    base = {"a": 1, "b": 1}
    assert merged(base, [{"a": 2, "b": 1}, {"a": 1, "b": 1}]) == {"a": 2, "b": 1}
    assert merged(base, [{"a": 1, "b": 1}, {"a": 2, "b": 1}]) == {"a": 2, "b": 1}


def test_mappings_are_merged_key_by_key():
    base = {"unit": {"a": 1, "b": 1, "deep": {"x": 1}}}
    one = {"unit": {"a": 2, "b": 1, "deep": {"x": 1, "y": 2}}}
    other = {"unit": {"a": 1, "b": 3, "deep": {"x": 5}}}
    assert merged(base, [one, other]) == {"unit": {"a": 2, "b": 3, "deep": {"x": 5, "y": 2}}}


def test_a_key_that_a_branch_has_removed_is_gone():
    assert merged({"a": 1, "b": 2}, [{"b": 2}, {"a": 1, "b": 2, "c": 3}]) == {"b": 2, "c": 3}


@given(DATA, DATA)
def test_one_branch_alone_gives_its_own_data(base, branch):
    assert same(merged(base, [branch]), merged({}, [branch])) or any(
        isinstance(v, dict) for v in branch.values()
    )


@given(DATA, DATA)
def test_changes_lead_from_one_to_the_other(base, data):
    changed, deleted = changes(base, data)
    assert same({**{k: v for k, v in base.items() if k not in deleted}, **changed}, data)


@given(DATA, DATA, DATA)
def test_branches_that_write_different_keys_may_arrive_in_any_order(base, one, other):
    first = {**base, **{f"1{k}": v for k, v in one.items()}}
    second = {**base, **{f"2{k}": v for k, v in other.items()}}
    assert same(merged(base, [first, second]), merged(base, [second, first]))


def test_kinds_are_told_apart():
    assert not same(True, 1)
    assert not same(1, Decimal(1))
    assert not same([1], [1, 2])
    assert not same({"a": 1}, {"a": Decimal(1)})
    assert same(date(2026, 1, 1), date(2026, 1, 1))
    assert not same(date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC))
    assert same(time(9), time(9))
