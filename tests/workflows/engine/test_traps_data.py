"""Traps of data: aliasing, stale branches, callables, logs."""

from __future__ import annotations

import logging

import pytest

from tests.workflows.engine.drawing import (
    end,
    fork,
    inputs,
    outputs,
    service,
    start,
    step,
    sub,
)
from tests.workflows.engine.walking import NOW, RememberingHost, walk
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


def test_trap_04_an_operation_cannot_change_the_case_through_its_inputs():
    def meddle(given):
        given["list"].append("x")
        return {"list": given["list"]}

    shapes = [start(), service("s", "meddle", inputs(list="list")), step("b"), end()]
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


def test_trap_15_no_answer_appears_in_a_log(caplog):
    root = logging.getLogger()
    with caplog.at_level(logging.NOTSET):
        root.setLevel(logging.NOTSET)
        inner = sub("p", [start("s"), step("x", "phone"), end("e")], "s > x > e")
        case = walk([start(), inner, A, end()], "start > p > a > end", {"secret": "330327199001011234"})
        case.complete("x", phone="13800001111").complete("a")
    told = "".join(f"{record.getMessage()}{record.__dict__}" for record in caplog.records)
    assert "13800001111" not in told
    assert "330327199001011234" not in told
