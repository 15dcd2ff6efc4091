"""Boundary events: what interrupts a step, what only happens beside it."""

from __future__ import annotations

from datetime import timedelta

from tests.workflows.engine.drawing import (
    boundary,
    condition,
    end,
    message,
    service,
    start,
    step,
    timer,
)
from tests.workflows.engine.walking import NOW, walk


def test_an_interrupting_boundary_event_ends_the_step():
    shapes = [start(), step("a"), boundary("late", "a", timer("duration", "P1D")), step("chase"), end()]
    case = walk(shapes, "start > a > end; late > chase > end")
    assert case.open == ["a", "late"]
    assert case.fire("late").open == ["chase"]
    assert [token.element for token in case.outcome.closed] == ["a", "late"]


def test_completing_the_step_disarms_its_boundary_events():
    shapes = [
        start(),
        step("a"),
        boundary("late", "a", timer("duration", "P1D")),
        step("b"),
        step("chase"),
        end(),
    ]
    case = walk(shapes, "start > a > b > end; late > chase > end")
    assert case.complete("a").open == ["b"]


def test_a_non_interrupting_message_may_come_again_and_again():
    shapes = [
        start(),
        step("a"),
        boundary("found", "a", message("found"), interrupting=False),
        step("alert"),
        end(),
    ]
    case = walk(shapes, "start > a > end; found > alert > end")
    for _ in range(3):
        case.deliver("found")
    assert case.open == ["a", "alert", "alert", "alert", "found"]
    case.complete("a")
    assert case.open == ["alert", "alert", "alert"]
    for _ in range(3):
        case.complete("alert")
    assert case.outcome.status == "completed"


def test_a_non_interrupting_timer_comes_once_and_a_cycle_as_often_as_it_says():
    once = [
        start(),
        step("a"),
        boundary("late", "a", timer("duration", "P1D"), interrupting=False),
        service("w"),
        end(),
    ]
    flows = "start > a > end; late > w > end"
    assert walk(once, flows).fire("late").open == ["a"]
    cycle = [
        start(),
        step("a"),
        boundary("late", "a", timer("cycle", "R3/P1D"), interrupting=False),
        service("w"),
        end(),
    ]
    case = walk(cycle, flows)
    dues = []
    for _ in range(3):
        dues.append(case.token("late").due_at)
        case.fire("late")
    assert [due - NOW for due in dues] == [timedelta(days=n) for n in (1, 2, 3)]
    assert case.open == ["a"]
    assert len(case.host.calls) == 3


def test_a_conditional_event_fires_when_its_condition_becomes_true():
    shapes = [start(), step("a", "n"), boundary("high", "a", condition("n > 3")), step("b"), end()]
    assert walk(shapes, "start > a > end; high > b > end", {"n": 1}).open == ["a", "high"]
    case = walk(shapes, "start > a > end; high > b > end", {"n": 5})
    assert case.open == ["b"]
