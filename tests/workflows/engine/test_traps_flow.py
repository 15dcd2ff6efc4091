"""Traps of flow: joins, long rows, circles, what one task does to others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.workflows.engine.drawing import (
    boundary,
    draw,
    end,
    fork,
    inclusive,
    message,
    service,
    several,
    start,
    step,
    sub,
    timer,
    xor,
)
from tests.workflows.engine.walking import NOW, RememberingHost, begin, walk
from workflows import engine
from workflows.engine import (
    DiagramError,
    LimitError,
    NoPathError,
    Spec,
    compile_process,
)

A = step("a")
LINE = "start > a > end"


@pytest.mark.parametrize("count", [296, 298])
def test_trap_07_a_long_row_of_elements_runs(count):
    shapes = [start(), *(service(f"s{n}") for n in range(count - 1)), step("a"), end()]
    flows = " > ".join(["start", *(f"s{n}" for n in range(count - 1)), "a", "end"])
    case = walk(shapes, flows)
    assert case.open == ["a"]
    assert len(case.host.calls) == count - 1


def test_trap_07_a_row_that_is_too_long_and_a_circle_are_refused_in_words():
    shapes = [start(), *(service(f"s{n}") for n in range(301)), end()]
    for drawn, flows in [
        (shapes, " > ".join(["start", *(f"s{n}" for n in range(301)), "end"])),
        ([start(), service("s"), xor("g"), end()], "start > s > g; g ? true > s; g ! end"),
        (
            [start(), replace(step("a"), inner=several("parallel", loopCardinality="1")), end()],
            "start > a > a",
        ),
    ]:
        with pytest.raises(DiagramError) as told:
            compile_process(draw(drawn, flows))
        assert "RecursionError" not in str(told.value)


def test_trap_07_more_than_2000_steps_in_one_command_are_refused():
    spec = walk(
        [start(), xor("m"), step("s"), service("w"), xor("g"), step("a"), end()],
        "start > m > s > w > g; g ? true > m; g ! a; a > end",
    ).spec
    wild = Spec.from_json(
        spec.to_json().replace(
            b'"type":"userTask","name":"s"', b'"type":"intermediateThrowEvent","event":null,"name":"s"'
        )
    )
    host = RememberingHost({"work": lambda _: stopped_after(host.calls, 600)})
    with pytest.raises(LimitError) as told:
        begin(wild, host=host)
    assert told.value.facts["what"] == "steps"
    assert 400 < len(host.calls) <= 500


def stopped_after(calls, most):
    if len(calls) > most:
        raise AssertionError(f"still running after {most} calls")
    return {}


def test_trap_08_the_difference_equals_a_fresh_look_after_every_command():
    inner = sub("p", [start("s"), step("x"), end("e", "<bpmn:terminateEventDefinition/>")], "s > x > e")
    shapes = [
        start(),
        fork("f"),
        step("a"),
        boundary("n", "a", message("m"), interrupting=False),
        step("late"),
        inner,
        boundary("t", "p", timer("duration", "P1D")),
        fork("j"),
        step("c"),
        end(),
    ]
    case = walk(
        shapes,
        "start > f > a > j; f > p > j > c > end; n > late > end; t > j2; j2 > end".replace(
            "t > j2; j2 > end", "t > end"
        ),
    )
    known = {token.id: token for token in case.outcome.opened}
    for act in (
        lambda: case.deliver("n"),
        lambda: case.deliver("n"),
        lambda: case.complete("late"),
        lambda: case.complete("x"),
        lambda: case.complete("a"),
        lambda: case.complete("late"),
        lambda: case.complete("c"),
    ):
        act()
        for token in case.outcome.closed:
            del known[token.id]
        known.update({token.id: token for token in case.outcome.opened})
        assert known == {token.id: token for token in engine.peek(case.spec, case.outcome.state)}
    assert known == {}


@pytest.mark.parametrize("make", [xor, inclusive])
@pytest.mark.parametrize(
    ("flows", "rule"),
    [
        ("start > f > g; f > end; g ? x > a; g ? y > b; a > end; b > end", "no_default"),
        ("start > f > g; f > end; g > a > end; g ! b; b > end", "no_condition"),
        ("start > f > g; f > a > b > end", "no_outgoing"),
    ],
)
def test_trap_10_a_gateway_that_could_have_no_way_is_refused(make, flows, rule):
    with pytest.raises(DiagramError) as told:
        compile_process(draw([start(), fork("f"), make("g"), A, step("b"), end()], flows))
    assert [(finding.element, finding.rule) for finding in told.value.findings] == [("g", rule)]


@pytest.mark.parametrize("make", [xor, inclusive])
def test_trap_10_without_a_way_the_command_fails_and_no_way_is_taken_by_chance(make):
    shapes = [start(), A, make("g"), step("b"), step("c"), end()]
    spec = compile_process(draw(shapes, "start > a > g; g ? x > b; g ! c; b > end; c > end"))
    case = begin(Spec.from_json(spec.to_json().replace(b'"default":true', b'"default":false')))
    with pytest.raises(NoPathError) as told:
        case.complete("a")
    assert told.value.element == "g"
    assert case.open == ["a"]


def test_trap_16_interrupting_several_instances_tells_which_work_was_lost():
    task = replace(step("a"), inner=several("parallel", loopCardinality="3"))
    shapes = [start(), task, boundary("t", "a", timer("duration", "P1D")), step("b"), end()]
    case = walk(shapes, "start > a > end; t > b > end")
    case.complete("a").fire("t")
    assert sorted(token.element for token in case.outcome.closed) == ["a", "a", "t"]
    assert [done.kind for done in case.outcome.trail] == ["timer"]
    assert case.open == ["b"]


def test_trap_16_interrupting_keeps_what_the_finished_instances_gave():
    inner = sub("p", [start("s"), step("x", "r"), step("y"), end("e")], "s > x > y > e")
    task = replace(inner, inner=several("parallel", loopCardinality="3"))
    shapes = [start(), task, boundary("t", "p", timer("duration", "P1D")), step("b"), end()]
    case = walk(shapes, "start > p > end; t > b > end")
    case.complete("x", r=1).complete("x", r=2).complete("y").fire("t")
    assert sorted(token.element for token in case.outcome.closed) == ["t", "x", "y"]
    assert case.hops == ["start:start", "step:x", "step:x", "step:y", "timer:t"]
    assert case.complete("b").outcome.status == "completed"


def test_trap_16_a_service_is_over_before_its_boundary_timer_could_stay_armed():
    """Armed after the service has run, the timer would fire on a case that has gone on, or never ended."""
    shapes = [start(), service("s"), boundary("t", "s", timer("duration", "P1D")), step("b"), end()]
    case = walk(shapes, "start > s > b > end; t > end")
    assert case.open == ["b"]
    assert case.complete("b").outcome.status == "completed"


def test_trap_16_a_boundary_timer_is_reckoned_on_entry_before_the_step_maps_anything():
    inner = sub("p", [start("s"), step("x", "days"), step("y"), end("e")], "s > x > y > e")
    often = timer("cycle", '"R3/P" + string(days) + "D"')
    shapes = [
        start(),
        step("a", "days"),
        inner,
        boundary("t", "p", often, interrupting=False),
        step("b"),
        end(),
    ]
    case = walk(shapes, "start > a > p > end; t > b > end")
    entered = NOW + timedelta(days=1)
    case.later(days=1).complete("a", days=3)
    assert case.token("t").due_at == entered + timedelta(days=3)
    case.later(days=2).complete("x", days=9)
    assert case.token("t").due_at == entered + timedelta(days=3)
    case.later(days=5).fire("t")
    assert case.token("t").due_at == entered + timedelta(days=6)
