"""Sub-processes: what goes in and out of them, and what ends them."""

from __future__ import annotations

import pytest

from tests.workflows.engine.drawing import (
    boundary,
    catch,
    coded,
    end,
    fork,
    message,
    shape,
    start,
    step,
    sub,
)
from tests.workflows.engine.walking import walk

INNER = [start("s"), step("x", "n"), step("y"), end("e")]


def test_a_sub_process_hands_its_data_out():
    case = walk(
        [start(), sub("p", INNER, "s > x > y > e"), step("b"), end()], "start > p > b > end", {"k": 1}
    )
    assert case.complete("x", n=4).open == ["y"]
    assert case.outcome.variables == {"k": 1, "n": 4}
    assert case.complete("y").open == ["b"]
    assert case.outcome.variables == {"k": 1, "n": 4}


def test_a_boundary_event_of_a_sub_process_cancels_all_inside():
    shapes = [
        start(),
        sub("p", INNER, "s > x > y > e"),
        boundary("stop", "p", message("stop")),
        step("after"),
        end(),
    ]
    case = walk(shapes, "start > p > end; stop > after > end")
    assert case.open == ["stop", "x"]
    assert case.deliver("stop").open == ["after"]


def test_nested_sub_processes_end_from_the_inside():
    inner = sub("q", [start("s2"), step("z"), end("e2")], "s2 > z > e2")
    case = walk([start(), sub("p", [start("s"), inner, end("e")], "s > q > e"), end()], "start > p > end")
    assert case.complete("z").outcome.status == "completed"


def test_a_boundary_event_cancels_nested_sub_processes():
    inner = sub("q", [start("s2"), step("z"), end("e2")], "s2 > z > e2")
    outer = sub("p", [start("s"), inner, end("e")], "s > q > e")
    case = walk(
        [start(), outer, boundary("stop", "p", message("m")), end(), step("b")],
        "start > p > end; stop > b > end",
    )
    assert case.deliver("stop").open == ["b"]
    assert case.complete("b").outcome.status == "completed"


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_an_error_or_escalation_goes_to_the_boundary_that_takes_it(kind):
    shapes = [
        start(),
        sub("p", [start("s"), step("x"), shape("endEvent", "bad", coded(kind, "E1"))], "s > x > bad"),
        boundary("other", "p", coded(kind, "E2")),
        boundary("caught", "p", coded(kind, "E1")),
        step("mend"),
        step("fine"),
        end(),
    ]
    case = walk(shapes, "start > p > fine > end; caught > mend > end; other > end")
    assert case.open == ["x"]
    assert case.complete("x").open == ["mend"]


def test_a_non_interrupting_escalation_lets_the_sub_process_go_on():
    shapes = [
        start(),
        sub(
            "p",
            [
                start("s"),
                shape("intermediateThrowEvent", "up", coded("escalation", "E")),
                step("x"),
                end("e"),
            ],
            "s > up > x > e",
        ),
        boundary("caught", "p", coded("escalation", "E"), interrupting=False),
        step("look"),
        end(),
    ]
    case = walk(shapes, "start > p > end; caught > look > end")
    assert case.open == ["look", "x"]


def test_an_error_that_nobody_takes_ends_its_scope():
    shapes = [start(), fork("f"), step("a"), step("b"), shape("endEvent", "bad", coded("error", "E")), end()]
    case = walk(shapes, "start > f > a > bad; f > b > end")
    assert case.complete("a").outcome.status == "completed"


def test_a_terminate_end_cancels_everything_in_its_scope():
    shapes = [
        start(),
        fork("f"),
        step("a"),
        step("b"),
        shape("endEvent", "stop", "<bpmn:terminateEventDefinition/>"),
        end(),
    ]
    case = walk(shapes, "start > f > a > stop; f > b > end")
    assert case.complete("a").outcome.status == "completed"
    assert case.outcome.end_event == "stop"


def test_an_error_finds_its_boundary_through_several_levels():
    bad = shape("endEvent", "bad", coded("error", "E"))
    inner = sub(
        "q",
        [start("s2"), fork("f"), step("x"), catch("w", message("m")), bad, end("e2")],
        "s2 > f > x > bad; f > w > e2",
    )
    middle = sub(
        "p", [start("s"), fork("g"), inner, catch("v", message("n")), end("e")], "s > g > q > e; g > v > e"
    )
    shapes = [start(), middle, boundary("caught", "p", coded("error", "E")), step("mend"), end()]
    case = walk(shapes, "start > p > end; caught > mend > end")
    assert case.open == ["v", "w", "x"]
    assert case.complete("x").open == ["mend"]
