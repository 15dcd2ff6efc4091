"""Trap 6: joins that starve, count a branch twice, or merge what is dead; splicing that blurs whose flow is whose."""

from __future__ import annotations

import pytest

from tests.workflows.engine.drawing import (
    boundary,
    end,
    fork,
    inclusive,
    message,
    service,
    start,
    step,
    timer,
    xor,
)
from tests.workflows.engine.walking import walk
from workflows.engine import StandstillError
from workflows.engine.verbs import look


@pytest.mark.parametrize("make", [fork, inclusive])
def test_trap_06_joins_in_loops_neither_starve_nor_count_twice(make):
    shapes = [
        start(),
        xor("m"),
        make("f"),
        step("a", "x"),
        step("b", "y"),
        step("a2"),
        service("counted"),
        make("j"),
        step("c", "again"),
        xor("g"),
        end(),
    ]
    split = "f > a; f > b" if make is fork else "f ? true > a; f ? 1 = 1 > b; f ! j"
    case = walk(
        shapes, f"start > m > f; {split}; a > a2 > counted > j; b > j; j > c > g; g ? again > m; g ! end"
    )
    for n in range(60):
        assert case.open == ["a", "b"]
        first, second = ("a", "b") if n % 2 else ("b", "a")
        case.complete(first, x=n, y=-n).complete(second, x=n, y=-n)
        case.complete("a2")
        assert case.open == ["c"]
        assert case.outcome.variables["x"] == n
        assert case.outcome.variables["y"] == -n
        case.complete("c", again=n < 59)
    assert case.outcome.status == "completed"


def test_trap_06_a_dead_branch_is_not_merged_again():
    shapes = [
        start(),
        xor("m"),
        fork("f"),
        step("a", "x"),
        step("b"),
        fork("j"),
        step("c", "x", "again"),
        xor("g"),
        end(),
    ]
    flows = "start > m > f > a > j; f > b > j > c > g; g ? again > m; g ! end"
    case = walk(shapes, flows)
    case.complete("a", x="old").complete("b").complete("c", x="new", again=True)
    case.complete("b")
    assert case.outcome.variables["x"] == "new"
    assert len(look(case.spec, case.outcome.state).tasks) < 12


def test_trap_06_an_inclusive_join_does_not_wait_for_what_cannot_come():
    shapes = [
        start(),
        fork("f"),
        inclusive("i"),
        step("a"),
        step("b"),
        inclusive("k"),
        step("c"),
        step("z"),
        end(),
    ]
    case = walk(shapes, "start > f > i; i ? true > a; i ! b; a > k; b > k; k > c > end; f > z > end")
    assert case.open == ["a", "z"]
    assert case.complete("a").open == ["c", "z"]


def test_trap_06_a_branch_that_comes_twice_counts_once_and_what_is_left_over_is_an_incident():
    """What was left over at the join once kept the case open with nothing to do in it."""
    shapes = [start(), fork("f"), step("a"), boundary("n", "a", message("n"), interrupting=False)]
    shapes += [step("late"), xor("x"), step("b"), fork("j"), step("c"), end()]
    case = walk(shapes, "start > f > a > x > j; n > late > x; f > b > j > c > end")
    assert case.deliver("n").complete("late").complete("a").open == ["b"]
    assert case.complete("b").open == ["c"]
    with pytest.raises(StandstillError) as told:
        case.complete("c")
    assert told.value.element == "j"
    assert case.open == ["c"]


def test_trap_06_the_flow_of_a_non_interrupting_event_is_not_taken_for_the_step_itself():
    """A spliced event once left its flow beside the step: completing it disarmed the other events."""
    shapes = [
        start(),
        step("a"),
        boundary("found", "a", message("found"), interrupting=False),
        step("alert"),
        end(),
    ]
    case = walk(shapes, "start > a > end; found > alert > end")
    assert case.deliver("found").complete("alert").open == ["a", "found"]


def test_trap_06_an_interrupting_event_leaves_the_flows_of_other_events_alone():
    shapes = [
        start(),
        step("a"),
        boundary("found", "a", message("found"), interrupting=False),
        step("alert"),
        boundary("late", "a", timer("duration", "P1D")),
        step("chase"),
        end(),
    ]
    case = walk(shapes, "start > a > end; found > alert > end; late > chase > end")
    assert case.deliver("found").fire("late").open == ["alert", "chase"]
