"""How a case is kept: what is refused, what survives, who may share a specification."""

from __future__ import annotations

import threading

import orjson
import pytest
from SpiffWorkflow.util.task import TaskState

from tests.workflows.engine.drawing import draw, end, start, step, sub, xor
from tests.workflows.engine.walking import NOW, RememberingHost, begin, walk
from workflows import engine
from workflows.engine import LimitError, StateError, compile_process
from workflows.engine.compaction import compact
from workflows.engine.environment import FeelEngine
from workflows.engine.runtime import Case
from workflows.engine.state import decode, encode
from workflows.engine.verbs import NoHost, look

A = step("a")
LINE = "start > a > end"
LOOP = [start(), xor("again"), step("a", "n"), xor("g"), step("last"), end()]
LOOP_FLOWS = "start > again > a > g; g ? n < 1000000 > again; g ! last; last > end"


def test_a_state_that_is_none_or_of_another_specification_is_refused():
    case = walk([start(), A, end()], LINE)
    other = compile_process(draw([start(), step("b"), end()], "start > b > end"))
    state = case.outcome.state
    for bad in (b"", b"X", b"W\x01", b"W\x01\x01[]", b"W\x01\x00{", b"W\x01\x00{}", b"W\x09\x00[]"):
        with pytest.raises(StateError):
            decode(bad, case.spec, FeelEngine(RememberingHost(), NOW))
    with pytest.raises(StateError):
        engine.peek(other, state)


def test_a_state_that_is_too_large_or_cannot_be_written_is_refused():
    with pytest.raises(LimitError):
        walk([start(), A, end()], LINE, {"text": "x" * 300_000})
    with pytest.raises(StateError):
        walk([start(), A, end()], LINE, {"text": "\ud800"})


def test_an_unfinished_step_of_the_engine_is_never_kept():
    spec = compile_process(draw([start(), A, end()], LINE))
    case = Case(spec.scopes["case"], dict(spec.scopes), FeelEngine(RememberingHost(), NOW))
    case.begin({})
    with pytest.raises(StateError):
        encode(case, spec)


def test_compaction_twice_is_compaction_once():
    case = walk(LOOP, LOOP_FLOWS).complete("a", n=1)
    again = look(case.spec, case.outcome.state)
    compact(again)
    assert encode(again, case.spec) == case.outcome.state


def test_many_threads_share_one_specification():
    spec = compile_process(draw(LOOP, LOOP_FLOWS))
    ends = []

    def run():
        case = begin(spec)
        for n in range(50):
            case.complete("a", n=n)
        ends.append(case.open)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == [["a"]] * 4


def test_a_state_of_an_older_format_is_brought_up_step_by_step(monkeypatch):
    case = walk([start(), A, end()], LINE)
    state = case.outcome.state
    monkeypatch.setattr("workflows.engine.state.UPGRADES", {0: lambda body: body[::-1]})
    older = b"W\x00\x00" + orjson.dumps(orjson.loads(state[3:])[::-1])
    assert engine.peek(case.spec, older) == case.outcome.tokens


def test_a_key_that_a_task_no_longer_has_stays_away():
    case = walk([start(), A, end()], LINE, {"a": 1, "b": 2})
    looked = look(case.spec, case.outcome.state)
    task = next(task for task in looked.tasks.values() if task.task_spec.name == "a")
    task.data = {"b": 2}
    kept = look(case.spec, encode(looked, case.spec))
    assert [task.data for task in kept.tasks.values() if task.task_spec.name == "a"] == [{"b": 2}]


def test_tasks_of_sub_processes_are_found_unless_they_are_to_be_skipped():
    inner = sub("p", [start("s"), step("x"), end("e")], "s > x > e")
    case = walk([start(), inner, end()], "start > p > end")
    looked = look(case.spec, case.outcome.state)
    names = [task.task_spec.name for task in looked.get_tasks(state=TaskState.READY)]
    assert names == ["x"]
    assert looked.get_tasks(state=TaskState.READY, skip_subprocesses=True) == []


def test_looking_at_a_case_evaluates_and_calls_nothing():
    host = NoHost()
    for ask in (lambda: host.call("x", {}, "e"), lambda: host.decision("x")):
        with pytest.raises(engine.DataError):
            ask()
