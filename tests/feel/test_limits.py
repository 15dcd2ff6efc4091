"""Bounds: whatever a text or a value wants, it ends soon, in little room, with a named error or a value."""

import tracemalloc
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import feel
from feel import limits
from feel.exchange import to_feel
from feel.limits import Run
from tests.feel.engine import HOST
from tests.feel.grammar import cell, expression
from tests.feel.hostile import HOSTILE
from tests.feel.scopes import SCOPE

MOST_BYTES = 25 * 2**20


def end_of(text: str) -> str:
    """Return how an evaluation ends: the bound that was met, syntax, null, or value."""
    try:
        value = feel.evaluate(text, {"x": 1}, HOST)
    except feel.FeelSyntaxError:
        return "syntax"
    except feel.FeelLimitError as error:
        return error.bound
    return "null" if value is None else "value"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_expression_ends_as_it_must(name):
    text, end = HOSTILE[name]
    assert end_of(text) == end


@pytest.mark.parametrize(
    "name", ["text doubled", "texts cut", "lists as text", "lists in lists", "lists copied"]
)
def test_a_hostile_expression_takes_little_room(name):
    tracemalloc.start()
    end_of(HOSTILE[name][0])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MOST_BYTES


def test_many_expressions_of_one_command_share_their_fuel():
    meter = feel.Meter()
    program = feel.compile("for i in 1..9999 return i")
    ends = [_bound(lambda: program({}, meter)) for _ in range(100)]
    assert ends[0] is None
    assert ends[-1] == "fuel"
    assert meter.fuel < 0


def _bound(evaluation):
    try:
        evaluation()
    except feel.FeelLimitError as error:
        return error.bound
    return None


def test_a_command_pays_for_what_failed_and_at_least_one_for_each():
    meter = feel.Meter(100)
    with pytest.raises(feel.FeelLimitError):
        feel.evaluate("for i in 1..9999 return i", {}, meter=meter)
    assert meter.fuel < 0
    meter = feel.Meter(100)
    feel.evaluate("1", {}, meter=meter)
    assert meter.fuel == 99


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        ("x" * (limits.STRING + 1), "string"),
        ([0] * (limits.LIST + 1), "list"),
        ({str(n): n for n in range(limits.CONTEXT + 1)}, "context"),
        ([["x" * limits.STRING] * 50], "fuel"),
    ],
)
def test_data_beyond_the_bounds_is_refused(value, bound):
    with pytest.raises(feel.FeelLimitError) as caught:
        feel.evaluate("v", {"v": value})
    assert caught.value.bound == bound
    assert str(caught.value).endswith(f"最多 {caught.value.allowed}。")


def test_data_nested_too_deep_is_refused():
    deep = []
    for _ in range(limits.DATA_NESTING + 2):
        deep = [deep]
    with pytest.raises(feel.FeelLimitError, match="嵌套太深"):
        feel.evaluate("v", {"v": deep})


def test_a_value_that_contains_itself_is_refused():
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(feel.FeelLimitError):
        feel.evaluate("v", {"v": endless})


def test_what_is_not_read_costs_nothing():
    assert feel.evaluate("1", {"v": "x" * (limits.STRING + 1)}) == 1


def test_the_first_fifty_reasons_are_kept():
    text = "[" + ", ".join(f"n{i}" for i in range(200)) + "]"
    found = feel.explain(text, {"n": 1}).warnings
    assert len(found) == limits.WARNINGS
    assert sum(bool(reason.suggestion) for reason in found) <= limits.SUGGESTIONS


def test_reasons_of_something_set_aside_are_not_kept():
    run = Run(HOST)
    with run.aside():
        run.warn("type", (0, 1))
    assert run.warnings == {}


def test_a_run_that_python_cannot_nest_ends_as_a_bound():
    def deeper(run, arguments):
        raise RecursionError

    host = feel.Host(functions={"f": feel.HostFunction((), lambda: deeper(None, None))})
    with pytest.raises(feel.FeelLimitError, match="嵌套太深"):
        feel.evaluate("f()", {}, host)


@settings(max_examples=300)
@given(st.text(max_size=80))
def test_any_text_is_a_value_or_a_named_error(text):
    assert end_of(text)


@settings(max_examples=300)
@given(st.randoms(use_true_random=False))
def test_any_expression_ends_within_its_fuel_in_a_value_that_can_be_written(random: Random):
    meter = feel.Meter()
    try:
        value = feel.evaluate(expression(random), SCOPE, HOST, meter)
        assert feel.format_value(value)
    except (feel.FeelSyntaxError, feel.FeelLimitError):
        pass
    assert meter.fuel >= limits.ADVANCE_FUEL - limits.FUEL - limits.STRING


@given(st.randoms(use_true_random=False), st.sampled_from([None, 1, "火", [1], {"a": 1}, True]))
def test_any_cell_is_true_false_or_unknown(random: Random, value):
    try:
        holds = feel.unary_test(cell(random), value, SCOPE, HOST)
    except (feel.FeelSyntaxError, feel.FeelLimitError):
        holds = None
    assert holds in (True, False, None)


@pytest.mark.parametrize("value", [object(), len, {1, 2}, b"bytes", 1j, type])
def test_what_the_language_does_not_know_is_null(value):
    assert to_feel(Run(HOST), value) is None
    assert feel.evaluate("v", {"v": value}) is None
