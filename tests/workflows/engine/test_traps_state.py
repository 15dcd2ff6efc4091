"""Traps of state: order of keys, depth, fresh processes, older releases, limits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from msgspec.structs import replace
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
from tests.workflows.engine.keeping import KINDS, STATES, carry_on
from tests.workflows.engine.walking import NOW, RememberingHost, Walk, begin, walk
from workflows import engine
from workflows.engine import (
    Complete,
    Spec,
    StateError,
    compile_process,
)
from workflows.engine.environment import FeelEngine
from workflows.engine.migration import migrate
from workflows.engine.parser import DiagramReader
from workflows.engine.runtime import Case
from workflows.engine.state import FORMAT, body_of
from workflows.engine.tokens import variables
from workflows.engine.tree import COMPLETED, CaseTask
from workflows.engine.verbs import look
from workflows.engine.xml import parse_xml

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
    """Among what is kept: results of runs by number, which are finished in another order."""
    many = several("parallel", loopCardinality="3", loopDataOutputRef="all", outputDataItem="r")
    inner = sub("p", [start("s"), step("x", "n"), end("e")], "s > x > e")
    shapes = [
        start(),
        fork("f"),
        step("a", "x"),
        inner,
        boundary("t", "p", timer("duration", "P1D")),
        replace(step("m", "r"), inner=many),
        fork("j"),
        step("c"),
        end(),
    ]
    case = walk(
        shapes,
        "start > f > a > j > c > end; f > p > j; f > m > j; t > end",
        {"b": {"z": 1, "a": [{"k": 1, "j": 2}]}, "c": 2, "a": 1},
    )
    first, second, third = (token.id for token in case.outcome.tokens if token.element == "m")
    for run, result in ((third, "three"), (first, "one")):
        case.carry(Complete(run, {"r": result}))
    turned = case.outcome.state[:3] + orjson.dumps(upside_down(body_of(case.outcome.state)))
    assert turned != case.outcome.state
    other = case.copy()
    other.outcome = replace(case.outcome, state=turned)
    assert engine.peek(case.spec, turned) == case.outcome.tokens
    for walked in (case, other):
        walked.carry(Complete(second, {"r": "two"})).complete("a", x=1)
    assert other.outcome.variables == case.outcome.variables
    assert case.outcome.variables["all"] == ["one", "two", "three"]


def test_trap_02_two_thousand_rounds_stay_flat():
    case = walk(LOOP, LOOP_FLOWS)
    flat = len(case.complete("a", n=1234).outcome.state) + 40  # for the numbers that grow
    for n in range(2000):
        case.complete("a", n=n)
        assert len(case.outcome.state) <= flat
    assert case.open == ["a"]
    assert case.complete("a", n=1000000).complete("last").outcome.status == "completed"


def test_trap_02_rounds_with_branches_instances_and_broken_off_work_stay_flat():
    inner = sub("p", [start("s"), step("x", "x"), end("e")], "s > x > e")
    shapes = [
        *(start(), xor("again"), fork("f"), step("a"), step("b"), fork("j")),
        replace(step("m", "m"), inner=several("parallel", loopCardinality="2")),
        *(inner, boundary("t", "p", timer("duration", "P1D")), xor("over"), step("c", "n"), xor("g"), end()),
    ]
    flows = (
        "start > again > f > a > j; f > b > j > m > p > over; t > over > c > g; g ? n < 1000 > again; g ! end"
    )
    case = walk(shapes, flows)
    flat = 0
    for n in range(150):
        case.complete("a").complete("b").complete("m", m=n).complete("m", m=n)
        case = case.fire("t") if n % 2 else case.complete("x", x=n)
        case.complete("c", n=n)
        flat = flat or len(case.outcome.state) + 200
        assert len(case.outcome.state) <= flat
    assert case.open == ["a", "b"]


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
from workflows.engine import Complete, Outcome, Spec
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
    """Both as it leaves the reader and as it is kept: nothing is known of it but what JSON can say."""
    task = replace(step("a", "n"), inner=several("parallel", loopCardinality="2"))
    shapes = [*LOOP[:2], task, boundary("t", "a", timer("duration", "P1D")), *LOOP[3:]]
    drawn = draw(shapes, LOOP_FLOWS + "; t > last")
    spec = compile_process(drawn)
    assert Spec.from_json(spec.to_json()) == spec
    assert DiagramReader(parse_xml(drawn)).read() == spec.compiled
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


KEPT = sorted(STATES.glob("*/*"))


def kept_case(folder):
    spec = Spec.from_json((folder / "spec.json").read_bytes())
    return resumed(spec, (folder / "state.bin").read_bytes())


def resumed(spec, state):
    tokens, known = engine.peek(spec, state), variables(look(spec, state))
    status = "open" if tokens else "completed"
    return Walk(spec, RememberingHost(), engine.Outcome(state, tokens, (), (), known, (), (), status, None))


@pytest.mark.parametrize("folder", KEPT, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_trap_18_states_of_every_release_decode_and_complete(folder):
    told = orjson.loads((folder / "then.json").read_bytes())
    assert carry_on(kept_case(folder), told["acts"]) == told["then"]


@pytest.mark.parametrize("folder", KEPT, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_trap_18_states_of_every_release_migrate(folder):
    told, case = orjson.loads((folder / "then.json").read_bytes()), kept_case(folder)
    newer = Spec({**case.spec.compiled, "name": "新版"})
    moved = migrate(case.spec, newer, case.outcome.state)
    assert moved.obstacles == ()
    with pytest.raises(StateError):
        engine.peek(newer, case.outcome.state)
    assert carry_on(resumed(newer, moved.state), told["acts"]) == told["then"]


def test_trap_18_the_newest_format_is_kept_with_every_kind_of_case():
    formats = {folder.name: (folder / "state.bin").read_bytes()[1] for folder in KEPT}
    assert formats == {make.__name__: FORMAT for make in KINDS}
