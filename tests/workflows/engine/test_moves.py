"""Going back, moving by hand, cancelling: what happens to the tokens, and what is refused."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.workflows.engine.drawing import (
    boundary,
    call,
    catch,
    end,
    fork,
    message,
    outputs,
    send,
    service,
    several,
    start,
    step,
    sub,
    timer,
    xor,
)
from tests.workflows.engine.walking import NOW, walk
from workflows import engine
from workflows.engine import Cancel, MoveError, MoveTokens, Return, TokenGoneError, lost_by_move
from workflows.engine.moves import lost_by, may_go_straight, move, return_points

ROW = [start(), step("a", "x"), service("s", "w", outputs(y="x")), step("b"), step("c"), end()]
ROW_FLOWS = "start > a > s > b > c > end"


def points(case, element):
    return [point.element for point in return_points(case.spec, case.outcome.state, case.token(element).id)]


def back(case, element, target):
    found = return_points(case.spec, case.outcome.state, case.token(element).id)
    activation = next(point.activation for point in found if point.element == target)
    instruction = Return(case.token(element).id, activation)
    lost = lost_by(case.spec, case.outcome.state, instruction)
    case.outcome = move(case.spec, case.outcome.state, instruction, case.host, NOW)
    assert {token.id for token in lost} == {token.id for token in case.outcome.closed}
    return case


def test_work_may_be_returned_to_the_steps_before():
    case = walk(ROW, ROW_FLOWS).complete("a", x=1).complete("b")
    assert points(case, "c") == ["b", "a"]
    back(case, "c", "a")
    assert case.open == ["a"]
    assert case.outcome.variables["x"] == 1
    assert [done.kind for done in case.outcome.trail] == ["return"]
    case.complete("a", x=2).complete("b").complete("c")
    assert case.outcome.status == "completed"
    assert case.outcome.variables == {"x": 2, "y": 2}


def test_trap_06_only_the_newest_activation_of_a_step_is_a_return_point():
    shapes = [start(), xor("m"), step("a", "n"), xor("g"), step("b"), end()]
    case = walk(shapes, "start > m > a > g; g ? n < 3 > m; g ! b; b > end")
    for n in range(4):
        case.complete("a", n=n)
    assert points(case, "b") == ["a"]


def test_a_wall_shuts_the_way_back():
    shapes = [start(), step("a"), step("signed", wall="true"), step("b"), step("c"), end()]
    case = walk(shapes, "start > a > signed > b > c > end").complete("a").complete("signed").complete("b")
    assert points(case, "c") == ["b"]


def test_no_work_goes_back_before_a_call_also_while_it_waits():
    shapes = [
        start(),
        step("a"),
        fork("f"),
        call("c", "other"),
        step("b"),
        step("d"),
        fork("j"),
        step("e"),
        end(),
    ]
    case = walk(shapes, "start > a > f > c > j > e > end; f > b > d > j").complete("a").complete("b")
    assert case.open == ["c", "d"]
    assert points(case, "d") == ["b"]
    assert points(case.complete("d").deliver("c"), "e") == []


def test_a_call_that_ends_with_its_branch_in_the_same_command_opens_nothing():
    shapes = [
        start(),
        step("a"),
        fork("f"),
        call("c", "other"),
        end(),
        end("stop", "<bpmn:terminateEventDefinition/>"),
    ]
    case = walk(shapes, "start > a > f > c > end; f > stop").complete("a")
    assert (case.outcome.status, case.outcome.called) == ("completed", ())


@pytest.mark.parametrize("wall", [send("s", "told"), service("s", wall="true")])
def test_a_message_or_an_irreversible_service_is_a_wall(wall):
    case = walk([start(), step("a"), wall, step("b"), end()], "start > a > s > b > end").complete("a")
    assert points(case, "b") == []


PARALLEL = [
    start(),
    step("z"),
    fork("f"),
    step("a"),
    step("a2"),
    step("b"),
    step("b2"),
    fork("j"),
    step("c"),
    end(),
]
PARALLEL_FLOWS = "start > z > f > a > a2 > j > c > end; f > b > b2 > j"


def test_a_return_before_a_split_takes_back_all_branches():
    case = walk(PARALLEL, PARALLEL_FLOWS).complete("z").complete("a").complete("b")
    assert points(case, "a2") == ["a", "z"]
    back(case, "a2", "z")
    assert case.open == ["z"]
    for element in ("z", "a", "b", "a2", "b2", "c"):
        case.complete(element)
    assert case.outcome.status == "completed"


def test_a_return_inside_a_branch_leaves_the_other_alone():
    case = walk(PARALLEL, PARALLEL_FLOWS).complete("z").complete("a").complete("b")
    other = case.token("b2")
    back(case, "a2", "a")
    assert case.open == ["a", "b2"]
    assert case.token("b2") == other


def test_a_branch_that_waits_at_the_join_is_taken_back_too():
    case = walk(PARALLEL, PARALLEL_FLOWS).complete("z").complete("a").complete("a2").complete("b")
    back(case, "b2", "z")
    for element in ("z", "a", "b", "a2"):
        case.complete(element)
    assert case.open == ["b2"]
    assert case.complete("b2").open == ["c"]


def test_trap_06_nothing_inside_a_join_that_has_closed_is_a_return_point():
    case = walk(PARALLEL, PARALLEL_FLOWS)
    for element in ("z", "a", "b", "a2", "b2"):
        case.complete(element)
    assert points(case, "c") == ["z"]


def straight(case, element, target, assignee="p"):
    found = return_points(case.spec, case.outcome.state, case.token(element).id)
    activation = next(point.activation for point in found if point.element == target)
    instruction = Return(case.token(element).id, activation, assignee)
    case.outcome = move(case.spec, case.outcome.state, instruction, case.host, NOW)
    return case


def test_a_step_that_was_returned_straight_leads_back_to_the_returner_and_keeps_what_is_known():
    shapes = [start(), step("a", "x"), boundary("t", "a", timer("duration", "P1D"))]
    shapes += [step("b", "y"), step("c"), end()]
    case = walk(shapes, "start > a > b > c > end; t > end").complete("a", x=1).complete("b", y=2)
    assert may_go_straight(case.spec, case.outcome.state, _back(case, "c", "a"))
    straight(case, "c", "a")
    assert case.open == ["a", "t"]
    case.complete("a", x=3)
    assert (case.open, case.token("c").assignee) == (["c"], "p")
    assert (case.outcome.variables["x"], case.outcome.variables["y"]) == (3, 2)
    assert case.complete("c").outcome.status == "completed"


def test_a_return_does_not_go_straight_over_a_split_or_out_of_a_scope():
    case = walk(PARALLEL, PARALLEL_FLOWS).complete("z").complete("a").complete("b")
    assert not may_go_straight(case.spec, case.outcome.state, _back(case, "a2", "z"))
    assert may_go_straight(case.spec, case.outcome.state, _back(case, "a2", "a"))
    with pytest.raises(MoveError):
        straight(case, "a2", "z")


def _back(case, element, target):
    found = return_points(case.spec, case.outcome.state, case.token(element).id)
    return Return(case.token(element).id, next(p.activation for p in found if p.element == target))


def test_a_return_arms_the_boundary_events_again():
    shapes = [start(), step("a"), boundary("t", "a", timer("duration", "P1D")), step("b"), end()]
    case = walk(shapes, "start > a > b > end; t > end").complete("a")
    assert back(case, "b", "a").open == ["a", "t"]


def test_a_return_out_of_a_sub_process_closes_it_and_one_into_an_ended_one_is_refused():
    inner = sub("p", [start("s"), step("x"), step("y"), end("e")], "s > x > y > e")
    case = walk(
        [start(), step("a"), inner, boundary("m", "p", message("m")), step("b"), end()],
        "start > a > p > b > end; m > end",
    )
    case.complete("a").complete("x")
    assert points(case, "y") == ["x", "a"]
    returned = back(case.copy(), "y", "a")
    assert returned.open == ["a"]
    assert returned.complete("a").open == ["m", "x"]
    assert points(case.complete("y"), "b") == ["a"]


def test_a_wall_in_a_sub_process_shuts_the_way_around_it_too():
    inner = sub("p", [start("s"), step("x", wall="true"), step("y"), end("e")], "s > x > y > e")
    case = walk([start(), step("a"), inner, end()], "start > a > p > end").complete("a").complete("x")
    assert points(case, "y") == []


def test_runs_of_several_instances_are_no_return_points():
    task = replace(step("a"), inner=several("sequential", loopCardinality="2"))
    case = walk([start(), task, step("b"), end()], "start > a > b > end").complete("a")
    assert points(case, "a") == []
    assert points(case.complete("a"), "b") == []


def test_a_return_to_anything_else_is_refused():
    case = walk(ROW, ROW_FLOWS).complete("a", x=1)
    with pytest.raises(MoveError) as told:
        move(case.spec, case.outcome.state, Return(case.token("b").id, case.token("b").id), case.host, NOW)
    assert told.value.facts["reason"] == "return point"
    with pytest.raises(TokenGoneError):
        return_points(case.spec, case.outcome.state, "gone")


def moved(case, cancel, start):
    ids = tuple(case.token(element).id for element in cancel)
    case.outcome = move(case.spec, case.outcome.state, MoveTokens(ids, start), case.host, NOW)
    return case


def test_tokens_may_be_moved_by_hand():
    case = walk(ROW, ROW_FLOWS, {"k": 1}).complete("a", x=5)
    moved(case, ["b"], ("c",))
    assert case.open == ["c"]
    assert case.outcome.variables == {"k": 1, "x": 5, "y": 5}
    assert case.complete("c").outcome.status == "completed"


def test_moving_a_step_with_boundary_events_moves_them_along():
    shapes = [
        start(),
        step("a"),
        boundary("t", "a", timer("duration", "P1D")),
        step("b"),
        boundary("u", "b", message("m")),
        end(),
    ]
    case = walk(shapes, "start > a > b > end; t > end; u > end")
    assert moved(case, ["a"], ("b",)).open == ["b", "u"]


@pytest.mark.parametrize("name", ["nowhere", "j", "|start", "|end"])
def test_a_start_at_something_else_than_an_element_is_refused(name):
    case = walk(PARALLEL, PARALLEL_FLOWS)
    with pytest.raises(MoveError):
        moved(case, ["z"], (name,))


@pytest.mark.parametrize("names", [("b2",), ("z", "z")])
def test_no_step_is_opened_twice(names):
    case = walk(PARALLEL, PARALLEL_FLOWS).complete("z").complete("b")
    with pytest.raises(MoveError) as told:
        moved(case.copy(), ["a"], names)
    assert (told.value.element, told.value.facts["reason"]) == (names[0], "open")
    assert moved(case, ["a"], ("a",)).open == ["a", "b2"]


def test_a_move_that_leaves_nothing_is_refused():
    with pytest.raises(MoveError) as told:
        moved(walk(ROW, ROW_FLOWS), ["a"], ())
    assert told.value.facts["reason"] == "empty"


def test_a_move_that_leaves_a_join_waiting_in_vain_is_refused():
    case = walk(PARALLEL, PARALLEL_FLOWS).complete("z").complete("a").complete("a2")
    with pytest.raises(MoveError) as told:
        moved(case.copy(), ["b"], ("c",))
    assert told.value.facts["reason"] == "join"
    assert moved(case, ["b"], ("b2",)).complete("b2").open == ["c"]


def test_a_move_into_one_branch_alone_is_refused_before_its_join_waits_in_vain():
    case = walk(PARALLEL, PARALLEL_FLOWS)
    with pytest.raises(MoveError) as told:
        moved(case.copy(), ["z"], ("a",))
    assert (told.value.element, told.value.facts["reason"]) == ("j", "join")
    moved(case, ["z"], ("a2", "b2")).complete("a2").complete("b2")
    assert case.complete("c").outcome.status == "completed"


def test_a_move_before_a_fork_takes_back_all_its_branches_or_none():
    """What stays open behind the fork would get a second token; a loop that leads there by the join would not."""
    shapes = [
        *(start(), step("z"), xor("m"), fork("f"), step("a"), step("a2"), step("b"), fork("j")),
        *(step("c", "again"), xor("g"), end()),
    ]
    flows = "start > z > m > f > a > a2 > j; f > b > j > c > g; g ? again > m; g ! end"
    case = walk(shapes, flows).complete("z").complete("a")
    with pytest.raises(MoveError) as told:
        moved(case.copy(), ["a2"], ("z",))
    assert (told.value.element, told.value.facts["reason"]) == ("b", "surplus")
    assert moved(case.copy(), ["a2"], ("a",)).open == ["a", "b"]
    assert moved(case, ["a2", "b"], ("z",)).complete("z").open == ["a", "b"]


def test_trap_06_a_join_does_not_feed_itself():
    """Behind the join the loop leads to every way into it; none of that can come while it waits."""
    shapes = [
        start(),
        xor("m"),
        fork("f"),
        step("a"),
        step("b"),
        fork("j"),
        step("c", "again"),
        xor("g"),
        end(),
    ]
    case = walk(shapes, "start > m > f > a > j; f > b > j > c > g; g ? again > m; g ! end").complete("a")
    with pytest.raises(MoveError) as told:
        moved(case, ["b"], ("a",))
    assert (told.value.element, told.value.facts["reason"]) == ("j", "join")


def test_a_case_may_be_cancelled_with_everything_in_it():
    inner = sub("p", [start("s"), step("x"), end("e")], "s > x > e")
    case = walk(
        [start(), fork("f"), inner, catch("m", message("m")), end()],
        "start > f > p > end; f > m > end",
        {"k": 1},
    )
    before = set(case.outcome.tokens)
    outcome = move(case.spec, case.outcome.state, Cancel("registered twice"), case.host, NOW)
    assert (outcome.status, outcome.tokens, set(outcome.closed), outcome.variables) == (
        "cancelled",
        (),
        before,
        {"k": 1},
    )
    assert outcome.trail[-1].detail == {"reason": "registered twice"}
    assert engine.peek(case.spec, outcome.state) == ()


INNER = sub("p", [start("s"), step("x"), step("y"), end("e")], "s > x > y > e")
AROUND = [start(), INNER, step("b"), end()]
AROUND_FLOWS = "start > p > b > end"


def test_tokens_are_moved_within_a_sub_process_that_runs():
    case = walk(AROUND, AROUND_FLOWS, {"k": 1})
    assert moved(case, ["x"], ("y",)).open == ["y"]
    assert case.complete("y").open == ["b"]


def test_a_sub_process_in_which_nothing_is_left_ends_with_its_events():
    late = boundary("late", "p", timer("duration", "P1D"))
    case = walk([*AROUND, late, end("gone")], AROUND_FLOWS + "; late > gone")
    assert moved(case, ["x"], ("b",)).open == ["b"]
    assert case.complete("b").outcome.status == "completed"


def test_a_step_of_a_sub_process_that_does_not_run_is_no_place_for_a_token():
    case = walk(AROUND, AROUND_FLOWS).complete("x").complete("y")
    with pytest.raises(MoveError):
        moved(case, ["b"], ("x",))


def test_what_a_move_closes_is_told_without_moving():
    case = walk(AROUND, AROUND_FLOWS)
    token = case.token("x")
    state = case.outcome.state
    assert lost_by_move(case.spec, state, MoveTokens((token.id,), ("y",))) == (token,)
    with pytest.raises(MoveError):
        lost_by_move(case.spec, state, MoveTokens((token.id,), ()))
    assert case.open == ["x"]
