"""Event sub-processes: what an event of the scope around them starts, in place of the rest or beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from tests.workflows.engine.drawing import (
    Shape,
    boundary,
    coded,
    condition,
    end,
    fork,
    message,
    outputs,
    service,
    shape,
    start,
    step,
    sub,
    timer,
    xor,
)
from tests.workflows.engine.walking import NOW, Walk, walk
from workflows.engine import Return, StandstillError, migrate, move, return_points
from workflows.engine.model import Cancel


def by_event(
    identity: str, event: str, rest: Iterable[Shape], interrupting: bool = True, extension: str = ""
) -> Shape:
    """An event sub-process `event > rest… > identity_end`."""
    begin = shape(
        "startEvent", f"{identity}_start", event, extension, isInterrupting=str(interrupting).lower()
    )
    shapes = [begin, *rest, end(f"{identity}_end")]
    return sub(identity, shapes, " > ".join(s.id for s in shapes), triggeredByEvent="true")


LINE = "start > a > b > end"
STEPS = [start(), step("a", "x"), step("b", "y"), end()]


def surrendered(**more: object) -> Walk:
    """A case that ends otherwise as soon as it hears of a surrender."""
    note = service("note", extension=outputs(told="x"))
    watch = by_event("s", message("surrendered"), [note], extension=outputs("why"), **more)
    return walk([*STEPS, watch], LINE, {"x": 1})


def test_an_interrupting_one_takes_the_place_of_everything_else():
    case = surrendered()
    assert case.open == ["a", "s"]
    assert case.complete("a", x=7).open == ["b", "s"]
    case.deliver("s", why="停产")
    assert (case.outcome.status, case.outcome.end_event) == ("completed", "s_end")
    assert [token.element for token in case.outcome.closed] == ["s", "b"]
    assert case.outcome.variables == {"x": 7, "why": "停产", "told": 7}
    assert case.hops[-3:] == ["message:s", "operation:note", "end:s_end"]


def test_one_that_never_came_does_not_keep_the_case_open():
    case = surrendered().complete("a", x=1).complete("b", y=2)
    assert (case.outcome.status, case.outcome.end_event) == ("completed", "end")
    assert case.outcome.tokens == ()
    assert [token.element for token in case.outcome.closed] == ["s", "b"]


def test_steps_inside_wait_like_others_and_keep_their_variables():
    case = walk([*STEPS, by_event("s", message("m"), [step("c", "z")])], LINE, {"x": 1})
    case.complete("a", x=2).deliver("s")
    assert case.open == ["c"]
    assert case.outcome.variables == {"x": 2}
    case.complete("c", z=3)
    assert case.outcome.status == "completed"
    assert case.outcome.variables == {"x": 2, "z": 3}


def test_one_beside_comes_as_often_as_its_message_and_sees_what_is_known_by_then():
    alert = service("alert", extension='<weiran:input name="seen" value="x"/>')
    watch = by_event("s", message("found"), [alert, step("look", "z")], interrupting=False)
    case = walk([*STEPS, watch], LINE, {"x": 1})
    case.deliver("s").complete("a", x=2).deliver("s")
    assert case.open == ["b", "look", "look", "s"]
    assert [inputs["seen"] for _, inputs, _ in case.host.calls] == [1, 2]
    case.complete("b", y=3)
    assert case.open == ["look", "look", "s"]
    assert case.outcome.status == "open"
    case.complete("look", z=4).complete("look", z=5)
    assert (case.outcome.status, case.outcome.end_event) == ("completed", "end")
    assert case.outcome.variables == {"x": 2, "y": 3, "z": 5}


def test_what_runs_beside_does_not_bring_old_values_back():
    watch = by_event("s", message("found"), [step("look", "z")], interrupting=False)
    case = walk([*STEPS, watch], LINE, {"x": 1}).deliver("s").complete("a", x=2)
    assert case.outcome.variables == {"x": 2}
    case.complete("b", y=3).complete("look", z=4)
    assert case.outcome.variables == {"x": 2, "y": 3, "z": 4}


def test_a_timer_interrupts_and_a_cycle_comes_back():
    late = by_event("s", timer("duration", "P1D"), [step("chase")])
    case = walk([*STEPS, late], LINE)
    assert case.token("s").due_at == NOW + timedelta(days=1)
    assert case.fire("s").open == ["chase"]
    often = by_event("s", timer("cycle", "R3/P1D"), [service("nudge")], interrupting=False)
    case = walk([*STEPS, often], LINE)
    for _ in range(3):
        case.fire("s")
    assert case.open == ["a"]
    assert len(case.host.calls) == 3


def test_a_condition_is_asked_of_what_the_whole_scope_knows():
    watch = by_event("s", condition("x > 5"), [step("c")])
    case = walk([*STEPS, watch], LINE, {"x": 1})
    assert case.complete("a", x=3).open == ["b", "s"]
    case = walk([*STEPS, watch], LINE, {"x": 1})
    assert case.complete("a", x=9).open == ["c"]


def test_an_error_is_taken_by_the_nearest_around():
    inner = sub("p", [start("s1"), step("q"), end("bad", coded("error", "E"))], "s1 > q > bad")
    watch = by_event("w", coded("error", "E"), [step("mend")])
    case = walk([start(), inner, end(), watch], "start > p > end").complete("q")
    assert case.open == ["mend"]
    taken = boundary("b", "p", coded("error", "E"))
    case = walk([start(), inner, taken, step("c"), end(), watch], "start > p > end; b > c > end")
    assert case.complete("q").open == ["c"]
    own = sub(
        "p",
        [start("s1"), step("q"), end("bad", coded("error", "E")), by_event("v", coded("error", "E"), [])],
        "s1 > q > bad",
    )
    case = walk([start(), own, step("after"), end(), watch], "start > p > after > end").complete("q")
    assert case.open == ["after"]


def test_an_error_at_the_end_of_the_process_is_no_end_of_it_when_it_is_taken():
    watch = by_event("w", coded("error", "E"), [step("mend", "m")])
    case = walk([start(), step("a", "x"), end("bad", coded("error", "E")), watch], "start > a > bad")
    assert case.complete("a", x=1).open == ["mend"]
    case.complete("mend", m=2)
    assert (case.outcome.end_event, case.outcome.variables) == ("w_end", {"x": 1, "m": 2})


def test_an_escalation_goes_on_beside():
    watch = by_event("w", coded("escalation", "S"), [step("look")], interrupting=False)
    raised = shape("intermediateThrowEvent", "raise", coded("escalation", "S"))
    case = walk([start(), raised, step("a"), end(), watch], "start > raise > a > end")
    assert case.open == ["a", "look"]


def test_one_of_a_sub_process_ends_that_alone():
    watch = by_event("w", message("m"), [])
    inner = sub("p", [start("s1"), step("q"), end("e1"), watch], "s1 > q > e1")
    case = walk([start(), fork("f"), inner, step("c"), step("d"), fork("j"), end()],
                "start > f > p > c > j > end; f > d > j").deliver("w")  # fmt: skip
    assert case.open == ["c", "d"]
    assert case.outcome.end_event is None


def test_everything_else_is_cancelled_also_what_runs_beside():
    beside = by_event("n", message("n"), [step("look")], interrupting=False)
    shapes = [start(), fork("f"), step("a"), step("b"), fork("j"), end(), beside]
    shapes += [boundary("late", "a", timer("duration", "P1D")), by_event("s", message("s"), [step("c")])]
    case = walk(shapes, "start > f > a > j > end; f > b > j; late > end").deliver("n")
    assert case.open == ["a", "b", "late", "look", "n", "s"]
    assert case.deliver("s").open == ["c"]


def test_a_case_that_waits_for_nothing_else_stands_still():
    shapes = [start(), xor("x"), fork("f"), step("a"), step("b"), fork("j"), end()]
    flows = "start > x; x ? n > f; x ! b; f > a > j; f > b; b > j; j > end"
    watch = by_event("s", message("m"), [])
    case = walk([*shapes, watch], flows, {"n": False})
    with pytest.raises(StandstillError) as raised:
        case.complete("b")
    assert raised.value.element == "j"


def test_work_is_returned_as_if_there_were_none():
    case = surrendered().complete("a", x=1)
    token = case.token("b").id
    (point,) = return_points(case.spec, case.outcome.state, token)
    case.outcome = move(case.spec, case.outcome.state, Return(token, point.activation), case.host, NOW)
    assert case.open == ["a", "s"]
    assert case.deliver("s", why="x").outcome.status == "completed"


def test_a_cancelled_case_waits_for_it_no_more():
    case = surrendered()
    case.outcome = move(case.spec, case.outcome.state, Cancel("错开"), case.host, NOW)
    assert case.open == []


def test_a_case_moves_to_a_release_with_the_same_ones_only():
    old, new = surrendered(), walk(STEPS, LINE)
    assert migrate(old.spec, old.spec, old.outcome.state).state is not None
    (obstacle,) = migrate(new.spec, old.spec, new.outcome.state).obstacles
    assert (obstacle.element, obstacle.reason) == ("s", "added")
    assert "removed" in [o.reason for o in migrate(old.spec, new.spec, old.outcome.state).obstacles]
