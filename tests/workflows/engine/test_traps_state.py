"""Traps of state: order of keys, depth, fresh processes, older releases, limits."""

from __future__ import annotations

import subprocess
import sys
import threading
import time as clock
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from tests.workflows.engine.drawing import (
    boundary,
    catch,
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
from tests.workflows.engine.walking import NOW, RememberingHost, begin, walk
from workflows import engine
from workflows.engine import (
    Complete,
    LimitError,
    Spec,
    StateError,
    compile_process,
)
from workflows.engine.compaction import compact
from workflows.engine.environment import FeelEngine
from workflows.engine.runtime import Case
from workflows.engine.state import body_of, decode, encode
from workflows.engine.tree import COMPLETED, CaseTask
from workflows.engine.verbs import NoHost, look

A = step("a")
LINE = "start > a > end"


ROOT = Path(__file__).parents[3]


LOOP = [start(), xor("again"), step("a", "n"), xor("g"), step("last"), end()]


LOOP_FLOWS = "start > again > a > g; g ? n < 1000000 > again; g ! last; last > end"


def upside_down(value):
    """Return JSON with every object's keys in the opposite order."""
    if isinstance(value, dict):
        return {key: upside_down(value[key]) for key in reversed(value)}
    return [upside_down(item) for item in value] if isinstance(value, list) else value


def test_trap_01_the_order_of_keys_means_nothing_in_a_state():
    inner = sub("p", [start("s"), step("x", "n"), end("e")], "s > x > e")
    shapes = [
        start(),
        fork("f"),
        step("a", "x"),
        inner,
        boundary("t", "p", timer("duration", "P1D")),
        fork("j"),
        step("c"),
        end(),
    ]
    case = walk(
        shapes,
        "start > f > a > j > c > end; f > p > j; t > end",
        {"b": {"z": 1, "a": [{"k": 1, "j": 2}]}, "c": 2, "a": 1},
    )
    turned = case.outcome.state[:3] + orjson.dumps(upside_down(body_of(case.outcome.state)))
    assert turned != case.outcome.state
    other = case.copy()
    other.outcome = replace(case.outcome, state=turned)
    assert engine.peek(case.spec, turned) == case.outcome.tokens
    assert other.complete("a", x=1).outcome.variables == case.complete("a", x=1).outcome.variables


def test_trap_02_two_thousand_rounds_stay_flat():
    case = walk(LOOP, LOOP_FLOWS)
    sizes, times = [], []
    for n in range(2000):
        begun = clock.perf_counter()
        case.complete("a", n=n)
        times.append(clock.perf_counter() - begun)
        sizes.append(len(case.outcome.state))
    assert case.open == ["a"]
    assert sizes[-1] <= sizes[100] + 20
    assert min(times[-200:]) <= 3 * min(times[:200])
    assert case.complete("a", n=1000000).complete("last").outcome.status == "completed"


def deep(rounds):
    spec = compile_process(draw(LOOP, LOOP_FLOWS))
    case = Case(spec.scopes["case"], dict(spec.scopes), FeelEngine(RememberingHost(), NOW))
    case.begin({})
    task = case.task_tree
    task._state = COMPLETED
    for _ in range(rounds):
        task = CaseTask(case, spec.scopes["case"].task_specs["g"], task, COMPLETED)
    leaf = CaseTask(case, spec.scopes["case"].task_specs["a"], task, TaskState.READY)
    return case, leaf


def test_trap_02_a_deep_tree_is_searched_to_its_end():
    case, leaf = deep(5000)
    case.completed = True
    assert not case.is_completed()
    assert list(case.get_tasks(state=TaskState.READY)) == [leaf]
    assert list(case.get_tasks(first_task=case.task_tree, state=TaskState.READY, max_depth=3)) == [leaf]
    assert leaf.is_descendant_of(case.task_tree)
    assert leaf.find_ancestor("|start") is case.task_tree
    assert leaf.find_ancestor("nowhere") is None
    case.task_tree.cancel()
    assert case.is_completed()
    case.update_waiting_tasks()


def test_trap_02_the_library_itself_stops_at_a_thousand():
    """Shows why: its own iterator does not see the leaf."""
    case, leaf = deep(1200)
    assert leaf not in list(BpmnWorkflow.__mro__[1].get_tasks_iterator(case, state=TaskState.READY))


PROGRAM = """
import sys
from tests.workflows.engine.walking import NOW, RememberingHost
from workflows import engine
from workflows.engine import Complete, Spec
spec = Spec.from_json(open(sys.argv[1], "rb").read())
state = open(sys.argv[2], "rb").read()
for _ in range(3):
    tokens = engine.peek(spec, state)
    state = engine.advance(spec, state, Complete(tokens[0].id, {"verdict": 1}), RememberingHost(), NOW).state
print([token.element for token in engine.peek(spec, state)])
"""


@pytest.mark.parametrize("kind", ["parallel", "sequential"])
def test_trap_03_a_fresh_process_finishes_a_multi_instance(kind, tmp_path):
    task = replace(step("a"), inner=several(kind, loopCardinality="3"))
    case = walk([start(), task, step("b"), end()], "start > a > b > end")
    (tmp_path / "spec").write_bytes(case.spec.to_json())
    (tmp_path / "state").write_bytes(case.outcome.state)
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "spec"), str(tmp_path / "state")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "['b']"


def test_trap_03_a_specification_runs_only_from_its_stored_form():
    spec = compile_process(draw(LOOP, LOOP_FLOWS))
    assert Spec.from_json(spec.to_json()).to_json() == spec.to_json()
    with pytest.raises(StateError):
        Spec.from_json(b'{"format": 99}')


def frozen(spec):
    return {
        name: (
            element._inputs[:],
            element._outputs[:],
            element.flows,
            getattr(element, "incoming", None),
            element.completed_event.n_subscribers(),
        )
        for scope in spec.scopes.values()
        for name, element in scope.task_specs.items()
    }


def test_trap_03_a_case_changes_nothing_in_its_specification():
    task = replace(step("a"), inner=several("parallel", loopCardinality="2"))
    spec = compile_process(draw([start(), task, catch("m", message("m")), end()], "start > a > m > end"))
    before, text = frozen(spec), spec.to_json()
    for _ in range(2):
        case = begin(spec)
        case.complete("a").complete("a").deliver("m")
    assert (frozen(spec), spec.to_json()) == (before, text)


STATES = Path(__file__).parent / "states"


@pytest.mark.parametrize("release", sorted(path.name for path in STATES.iterdir()))
def test_trap_18_states_of_every_release_decode_complete_and_end(release):
    spec = Spec.from_json((STATES / release / "spec.json").read_bytes())
    state = (STATES / release / "state.bin").read_bytes()
    tokens = engine.peek(spec, state)
    assert [token.element for token in tokens] == ["a", "t", "x"]
    for element in ("x", "a", "c"):
        token = next(t for t in engine.peek(spec, state) if t.element == element)
        outcome = engine.advance(spec, state, Complete(token.id, {"x": 1, "n": 2}), RememberingHost(), NOW)
        state = outcome.state
    assert outcome.status == "completed"
    assert outcome.variables == orjson.loads((STATES / release / "variables.json").read_bytes())


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
