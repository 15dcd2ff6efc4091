"""Traps of data: aliasing, stale branches, callables, logs."""

from __future__ import annotations

import logging

import pytest
from msgspec.structs import replace
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from tests.workflows.engine.drawing import (
    catch,
    decision_table,
    end,
    fork,
    inputs,
    message,
    outputs,
    service,
    shape,
    start,
    step,
    sub,
)
from tests.workflows.engine.walking import NOW, RememberingHost, begin, walk
from workflows import engine
from workflows.engine.environment import FeelEngine
from workflows.engine.verbs import look

A = step("a")
LINE = "start > a > end"


def test_trap_04_an_edit_after_completion_leaves_history_unchanged():
    answers = {"list": [1], "deep": {"x": [1]}}
    case = walk([start(), step("a", "list", "deep"), step("b"), end()], "start > a > b > end")
    case.complete("a", **answers)
    before = case.outcome.state
    answers["list"].append(2)
    answers["deep"]["x"].append(2)
    assert look(case.spec, before).find(next(iter(look(case.spec, before).tasks))) is not None
    assert case.outcome.variables == {"list": [1], "deep": {"x": [1]}}


@pytest.mark.parametrize("given", [inputs(list="list"), '<weiran:input name="list"/>'])
def test_trap_04_an_operation_cannot_change_the_case_through_its_inputs(given):
    def meddle(told):
        told["list"].append("x")
        return {"list": told["list"]}

    shapes = [start(), service("s", "meddle", given), step("b"), end()]
    case = walk(shapes, "start > s > b > end", {"list": [1]}, RememberingHost({"meddle": meddle}))
    assert case.outcome.variables == {"list": [1]}


def test_trap_04_a_stale_branch_does_not_win_at_a_join():
    shapes = [start(), fork("f"), step("a", "n"), step("b"), fork("j"), step("c"), end()]
    case = walk(shapes, "start > f > a > j > c > end; f > b > j", {"n": 1})
    assert case.complete("a", n=2).complete("b").outcome.variables == {"n": 2}


def test_trap_14_a_callable_in_scope_is_never_called():
    called = []
    host = RememberingHost({"w": lambda _: {"f": "x"}})
    case = walk([start(), service("s", "w", outputs("f")), A, end()], "start > s > a > end", {}, host)
    environment = FeelEngine(host, NOW).environment
    with pytest.raises(engine.DataError):
        environment.evaluate("f()", {"f": lambda: called.append(1)})
    assert called == []
    assert case.outcome.variables == {"f": "x"}


def called(_):
    raise AssertionError("was called")


DOORS = {
    "variable": lambda case: begin(case.spec, {"x": called}),
    "answer": lambda case: case.complete("a", x=called),
    "payload": lambda case: case.deliver("m", x=called),
    "result": lambda case: case.complete("b"),
    "output": lambda case: case.complete("c"),
    "decision": lambda case: case.complete("d"),
}


@pytest.mark.parametrize("door", DOORS)
def test_trap_14_a_callable_comes_in_at_no_door(door):
    """Refused where it comes in, also where nothing would be kept of it."""
    table = decision_table("FIRST", [("-", "function(x) x")], ("f",), given="x")
    host = RememberingHost({"give": {"f": called}, "assign": table})
    rule = shape("businessRuleTask", "r", weiran__decision="assign")
    ways = [
        step("b"),
        service("s", "give"),
        replace(step("c"), extension=outputs(f="function(x) x")),
        step("d"),
        rule,
    ]
    shapes = [start(), fork("f"), A, catch("m", message("m")), *ways, fork("j"), end()]
    flows = "f > a > j; f > m > j; f > b > s > j; f > c > j; f > d > r > j"
    case = walk(shapes, f"start > {flows}; j > end", {"x": 1}, host)
    with pytest.raises(engine.DataError):
        DOORS[door](case)


SPIFF = ("spiff", "spiff.task", "spiff.workflow", "spiff.data")


@pytest.mark.parametrize("lowered", [(), SPIFF])
def test_trap_15_no_answer_appears_in_a_log(caplog, lowered):
    """Also when somebody has turned up the library's own loggers to look for a fault."""
    for name in lowered:
        caplog.set_level(logging.DEBUG, name)
    caplog.set_level(logging.NOTSET)
    inner = sub("p", [start("s"), step("x", "phone"), end("e")], "s > x > e")
    case = walk([start(), inner, A, end()], "start > p > a > end", {"secret": "330327199001011234"})
    case.complete("x", phone="13800001111").complete("a")
    assert "13800001111" not in told_by(caplog)
    assert "330327199001011234" not in told_by(caplog)


def test_trap_15_the_library_itself_logs_what_a_task_knows_unless_it_is_silenced(caplog):
    """Shows why, with its own way to change a state; importing the engine keeps it quiet."""
    caplog.set_level(logging.NOTSET)
    case = walk([start(), A, end()], LINE, {"phone": "13800001111"})
    task = next(iter(look(case.spec, case.outcome.state).tasks.values()))
    Task._set_state(task, TaskState.READY)
    assert "13800001111" not in told_by(caplog)
    for name in SPIFF:
        caplog.set_level(logging.NOTSET, name)
    Task._set_state(task, TaskState.WAITING)
    assert "13800001111" in told_by(caplog)


def told_by(log):
    return "".join(f"{record.getMessage()}{record.__dict__}" for record in log.records)
