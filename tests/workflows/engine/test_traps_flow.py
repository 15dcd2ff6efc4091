"""Traps of flow: joins, long rows, circles, what one task does to others."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
    Spec,
    compile_process,
)
from workflows.engine.verbs import look

A = step("a")
LINE = "start > a > end"


@pytest.mark.parametrize("make", [fork, inclusive])
def test_trap_06_joins_in_loops_neither_starve_nor_count_twice(make):
    shapes = [
        start(),
        xor("m"),
        make("f"),
        step("a", "x"),
        step("b", "y"),
        step("a2"),
        make("j"),
        step("c", "again"),
        xor("g"),
        end(),
    ]
    split = "f > a; f > b" if make is fork else "f ? true > a; f ? 1 = 1 > b; f ! j"
    case = walk(shapes, f"start > m > f; {split}; a > a2 > j; b > j; j > c > g; g ? again > m; g ! end")
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
    host = RememberingHost()
    with pytest.raises(LimitError) as told:
        begin(wild, host=host)
    assert told.value.facts["what"] == "steps"
    assert 400 < len(host.calls) <= 500


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


def test_trap_10_a_gateway_that_could_have_no_way_is_refused():
    for make in (xor, inclusive):
        shapes = [start(), make("g"), A, step("b"), end()]
        for flows in ("start > g; g ? x > a; g ? y > b; a > end; b > end", "start > a > g; start > b > end"):
            with pytest.raises(DiagramError):
                compile_process(draw(shapes, flows))


def test_trap_16_interrupting_several_instances_tells_which_work_was_lost():
    task = replace(step("a"), inner=several("parallel", loopCardinality="3"))
    shapes = [start(), task, boundary("t", "a", timer("duration", "P1D")), step("b"), end()]
    case = walk(shapes, "start > a > end; t > b > end")
    case.complete("a").fire("t")
    assert sorted(token.element for token in case.outcome.closed) == ["a", "a", "t"]
    assert [done.kind for done in case.outcome.trail] == ["timer"]
    assert case.open == ["b"]


def test_trap_16_a_boundary_timer_is_reckoned_on_entry_before_the_step_maps_anything():
    shapes = [
        start(),
        step("a", "days"),
        step("b", "days"),
        boundary("t", "b", timer("duration", 'duration("P" + string(days) + "D")')),
        end(),
    ]
    case = walk(shapes, "start > a > b > end; t > end")
    case.complete("a", days=3)
    due = case.token("t").due_at
    assert (due - NOW).days == 3
    assert engine.peek(case.spec, case.outcome.state)[-1].due_at == due
