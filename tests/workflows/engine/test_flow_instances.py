"""Activities that run several times."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.workflows.engine.drawing import (
    end,
    outputs,
    several,
    start,
    step,
    sub,
)
from tests.workflows.engine.walking import walk
from workflows.engine import (
    Complete,
    ExpressionError,
    LimitError,
)


def instances(kind, **parts):
    return replace(step("a"), inner=several(kind, **parts), extension=outputs(verdict="answers.verdict"))


def test_parallel_instances_collect_their_results_in_order():
    task = instances(
        "parallel",
        loopDataInputRef="people",
        inputDataItem="person",
        loopDataOutputRef="verdicts",
        outputDataItem="verdict",
    )
    case = walk([start(), task, step("b"), end()], "start > a > b > end", {"people": ["x", "y", "z"]})
    assert case.open == ["a", "a", "a"]
    for verdict in (3, 2, 1):
        case.carry(Complete(case.outcome.tokens[-1].id, {"verdict": verdict}))
    assert case.open == ["b"]
    assert case.outcome.variables == {"people": ["x", "y", "z"], "verdicts": [1, 2, 3]}


def test_sequential_instances_come_one_after_the_other():
    task = instances("sequential", loopCardinality="2 + 1")
    case = walk([start(), task, step("b"), end()], "start > a > b > end")
    for n in range(3):
        assert case.open == ["a"]
        case.complete("a", verdict=n)
    assert case.open == ["b"]
    assert case.outcome.variables == {"verdict": 2}


def test_instances_end_early_by_their_completion_condition():
    task = instances("parallel", loopCardinality="5", completionCondition="completed / total >= 0.4")
    case = walk([start(), task, step("b"), end()], "start > a > b > end")
    assert case.complete("a").open == ["a"] * 4
    assert case.complete("a").open == ["b"]
    assert len(case.outcome.closed) == 4


def test_no_instances_are_no_obstacle():
    task = instances(
        "parallel",
        loopDataInputRef="people",
        inputDataItem="p",
        loopDataOutputRef="out",
        outputDataItem="verdict",
    )
    case = walk([start(), task, step("b"), end()], "start > a > b > end", {"people": []})
    assert case.open == ["b"]
    assert case.outcome.variables["out"] == []


@pytest.mark.parametrize("count", ["51", "1000000000"])
def test_more_than_fifty_instances_are_refused(count):
    with pytest.raises(LimitError):
        walk([start(), instances("parallel", loopCardinality=count), end()], "start > a > end")


@pytest.mark.parametrize("count", ["-1", "1.5", "true", '"3"', "null"])
def test_a_count_must_be_a_whole_number(count):
    with pytest.raises(ExpressionError):
        walk([start(), instances("parallel", loopCardinality=count), end()], "start > a > end")


def test_a_list_of_instances_must_be_one():
    with pytest.raises(ExpressionError):
        walk(
            [start(), instances("parallel", loopDataInputRef="n", inputDataItem="i"), end()],
            "start > a > end",
            {"n": 3},
        )


def test_a_standard_loop_runs_while_its_condition_is_true_at_most_so_often():
    task = replace(step("a", "n"), inner=several("standard", loopMaximum="3", loopCondition="n < 10"))
    case = walk([start(), task, step("b"), end()], "start > a > b > end", {"n": 0})
    assert case.complete("a", n=5).open == ["a"]
    assert case.complete("a", n=20).open == ["b"]
    often = walk([start(), task, step("b"), end()], "start > a > b > end", {"n": 0})
    for _ in range(3):
        often.complete("a", n=1)
    assert often.open == ["b"]


def test_a_standard_loop_may_test_first_or_have_no_condition():
    before = replace(
        step("a"), inner=several("standard", loopMaximum="3", testBefore="true", loopCondition="false")
    )
    assert walk([start(), before, step("b"), end()], "start > a > b > end").open == ["b"]
    twice = replace(step("a"), inner=several("standard", loopMaximum="2"))
    case = walk([start(), twice, step("b"), end()], "start > a > b > end")
    assert case.complete("a").complete("a").open == ["b"]


def test_a_parallel_sub_process_runs_once_for_each_item():
    inner = sub("p", [start("s"), step("x"), end("e")], "s > x > e")
    inner = replace(inner, inner=several("parallel", loopCardinality="2"))
    case = walk([start(), inner, step("b"), end()], "start > p > b > end")
    assert case.open == ["x", "x"]
    assert case.complete("x").complete("x").open == ["b"]
