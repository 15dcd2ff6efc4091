"""Moving a case to a newer release: what goes by itself, and what stands against it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.workflows.engine.drawing import (
    boundary,
    draw,
    end,
    fork,
    message,
    several,
    start,
    step,
    sub,
    timer,
    xor,
)
from tests.workflows.engine.walking import walk
from workflows import engine
from workflows.engine import compile_process
from workflows.engine.migration import migrate

SHAPES = [start(), step("a", "x"), step("b"), end()]
FLOWS = "start > a > b > end"


def release(shapes, flows, **drawing):
    return compile_process(draw(shapes, flows, **drawing))


def reasons(case, new):
    found = migrate(case.spec, new, case.outcome.state)
    assert found.state is None
    assert all(obstacle.message_zh.endswith("。") for obstacle in found.obstacles)
    return [(obstacle.element, obstacle.reason) for obstacle in found.obstacles]


def test_a_step_that_comes_later_may_be_added():
    case = walk(SHAPES, FLOWS)
    new = release([start(), step("a", "x"), step("extra"), step("b"), end()], "start > a > extra > b > end")
    before = case.outcome.tokens
    case.outcome = replace(case.outcome, state=migrate(case.spec, new, case.outcome.state).state)
    case.spec = new
    assert engine.peek(new, case.outcome.state) == before
    assert case.complete("a", x=1).open == ["extra"]


def test_words_and_forms_may_change_under_a_token():
    case = walk(SHAPES, FLOWS)
    new = release([start(), step("a", "x", form="a2", title='"t"'), step("b"), end()], FLOWS)
    assert migrate(case.spec, new, case.outcome.state).state is not None


def test_a_case_in_a_sub_process_moves_with_it():
    inner = sub("p", [start("s"), step("x"), end("e")], "s > x > e")
    case = walk([start(), inner, step("b"), end()], "start > p > b > end")
    new = release([start(), inner, step("b"), step("c"), end()], "start > p > b > c > end")
    case.outcome, case.spec = (
        replace(case.outcome, state=migrate(case.spec, new, case.outcome.state).state),
        new,
    )
    assert case.complete("x").complete("b").open == ["c"]


def test_a_removed_or_changed_element_that_holds_a_token_stands_against_it():
    case = walk(SHAPES, FLOWS)
    assert reasons(case, release([start(), step("b"), end()], "start > b > end")) == [("a", "removed")]
    assert reasons(case, release([start(), step("a", "y"), step("b"), end()], FLOWS)) == [("a", "changed")]
    renamed = replace(step("a", "x"), tag="manualTask")
    assert reasons(case, release([start(), renamed, step("b"), end()], FLOWS)) == [("a", "changed")]


def test_new_boundary_events_are_not_there_for_a_case_that_has_passed():
    case = walk(
        [start(), step("a"), boundary("t", "a", timer("duration", "P1D")), end()], "start > a > end; t > end"
    )
    gone = release([start(), step("a"), end()], "start > a > end")
    assert ("t", "removed") in reasons(case, gone)


def test_another_process_or_a_removed_sub_process_stands_against_it():
    inner = sub("p", [start("s"), step("x"), end("e")], "s > x > e")
    case = walk([start(), inner, end()], "start > p > end")
    assert reasons(case, release(SHAPES, FLOWS, key="other")) == [(None, "process")]
    assert ("p", "removed") in reasons(case, release(SHAPES, FLOWS))


def test_a_split_whose_ways_have_changed_stands_against_it():
    shapes = [start(), fork("f"), step("a"), step("b"), fork("j"), step("c"), end()]
    case = walk(shapes, "start > f > a > j > c > end; f > b > j")
    more = release([*shapes, step("d")], "start > f > a > j > c > end; f > b > j; f > d > j")
    assert reasons(case, more) == [("f", "changed")]
    case.complete("a")
    assert ("j", "changed") in reasons(case, more)


@pytest.mark.parametrize("change", ["loopCardinality", "none"])
def test_several_instances_stand_as_they_began(change):
    task = replace(step("a"), inner=several("parallel", loopCardinality="2"))
    case = walk([start(), task, end()], "start > a > end")
    other = replace(
        step("a"), inner=several("parallel", loopCardinality="3") if change == "loopCardinality" else ""
    )
    assert reasons(case, release([start(), other, end()], "start > a > end"))[0][0] == "a"


def test_a_message_that_waits_keeps_its_id():
    shapes = [
        start(),
        step("a"),
        boundary("m", "a", message("m"), interrupting=False),
        xor("g"),
        step("n"),
        step("o"),
        end(),
    ]
    flows = "start > a > end; m > g; g ? x > n; g ! o; n > end; o > end"
    case = walk(shapes, flows)
    new = release(shapes, flows.replace("? x >", "? y >"))
    state = migrate(case.spec, new, case.outcome.state).state
    assert engine.peek(new, state) == case.outcome.tokens
