"""The traps of the library, each with its number (engine.md §17); a test fails when its cure is taken out."""

from __future__ import annotations

import logging
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

import SpiffWorkflow.bpmn.workflow as library
from tests.workflows.engine.drawing import (
    NOW,
    RememberingHost,
    begin,
    boundary,
    catch,
    condition,
    draw,
    end,
    fork,
    inclusive,
    inputs,
    message,
    outputs,
    send,
    service,
    several,
    start,
    step,
    sub,
    timer,
    walk,
    xor,
)
from workflows import engine
from workflows.engine import Complete, DiagramError, ExpressionError, LimitError, Spec, StateError, compile_process
from workflows.engine.compaction import compact
from workflows.engine.environment import FeelEngine, FeelEnvironment
from workflows.engine.runtime import COMPLETED, Case, CaseTask, RefusedScriptEngine
from workflows.engine.state import body_of, decode, encode
from workflows.engine.verbs import look

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
    shapes = [start(), fork("f"), step("a", "x"), inner, boundary("t", "p", timer("duration", "P1D")), fork("j"), step("c"), end()]
    case = walk(shapes, "start > f > a > j > c > end; f > p > j; t > end", {"b": {"z": 1, "a": [{"k": 1, "j": 2}]}, "c": 2, "a": 1})
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
from tests.workflows.engine.drawing import NOW, RememberingHost
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
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "['b']"


def test_trap_03_a_specification_runs_only_from_its_stored_form():
    spec = compile_process(draw(LOOP, LOOP_FLOWS))
    assert Spec.from_json(spec.to_json()).to_json() == spec.to_json()
    with pytest.raises(StateError):
        Spec.from_json(b'{"format": 99}')


def frozen(spec):
    return {
        name: (element._inputs[:], element._outputs[:], element.flows, getattr(element, "incoming", None),
               element.completed_event.n_subscribers())
        for scope in spec.scopes.values() for name, element in scope.task_specs.items()
    }  # fmt: skip


def test_trap_03_a_case_changes_nothing_in_its_specification():
    task = replace(step("a"), inner=several("parallel", loopCardinality="2"))
    spec = compile_process(draw([start(), task, catch("m", message("m")), end()], "start > a > m > end"))
    before, text = frozen(spec), spec.to_json()
    for _ in range(2):
        case = begin(spec)
        case.complete("a").complete("a").deliver("m")
    assert (frozen(spec), spec.to_json()) == (before, text)


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


PAYLOAD = "__import__('os').system('touch /tmp/weiran-was-here')"
A = step("a")
LINE = "start > a > end"
SITES = {
    "condition": ([start(), xor("g"), A, end()], "start > g; g ? {} > end; g ! a; a > end"),
    "inclusive": ([start(), inclusive("g"), A, end()], "start > g; g ? {} > end; g ! a; a > end"),
    "due": ([start(), step("a", due="{}"), end()], LINE),
    "assignee": ([start(), step("a", assignee="{}"), end()], LINE),
    "role": ([start(), step("a", role="{}"), end()], LINE),
    "title": ([start(), step("a", title="{}"), end()], LINE),
    "input": ([start(), service("s", "w", inputs(x="{}")), A, end()], "start > s > a > end"),
    "output": ([start(), service("s", "w", outputs(x="{}")), A, end()], "start > s > a > end"),
    "payload": ([start(), send("s", "m", x="{}"), A, end()], "start > s > a > end"),
    "sent correlation": ([start(), send("s", "m", correlation="{}"), A, end()], "start > s > a > end"),
    "correlation": ([start(), catch("c", message("m"), correlation="{}"), end()], "start > c > end"),
    "date": ([start(), catch("c", timer("date", "{}")), end()], "start > c > end"),
    "duration": ([start(), catch("c", timer("duration", "{}")), end()], "start > c > end"),
    "cycle": ([start(), A, boundary("c", "a", timer("cycle", "{}"), interrupting=False), end()], LINE + "; c > end"),
    "event": ([start(), catch("c", condition("{}")), end()], "start > c > end"),
    "instances": ([start(), replace(A, inner=several("parallel", loopCardinality="{}")), end()], LINE),
    "until": ([start(), replace(A, inner=several("parallel", loopCardinality="2", completionCondition="{}")), end()], LINE),
    "loop": ([start(), replace(A, inner=several("standard", loopMaximum="2", testBefore="true", loopCondition="{}")), end()], LINE),
}  # fmt: skip


def filled(site, text):
    shapes, flows = SITES[site]

    def put(shape):
        attributes = tuple((k, v.replace("{}", text)) for k, v in shape.attributes)
        quoted = text.replace("&", "&amp;").replace('"', "&quot;")
        return replace(
            shape, attributes=attributes, inner=shape.inner.replace("{}", quoted), extension=shape.extension.replace("{}", quoted)
        )

    return [put(shape) for shape in shapes], flows.replace("{}", text)


@pytest.mark.parametrize("site", SITES)
def test_trap_05_python_is_refused_at_every_site(site):
    Path("/tmp/weiran-was-here").unlink(missing_ok=True)
    with pytest.raises((DiagramError, ExpressionError)):
        compile_process(draw(*filled(site, PAYLOAD)))
    assert not Path("/tmp/weiran-was-here").exists()


@pytest.mark.parametrize("site", SITES)
def test_trap_05_python_that_got_past_the_check_is_still_no_feel(site):
    shapes, flows = filled(site, "MARK")
    spec = compile_process(draw(shapes, flows))
    wrong = Spec.from_json(spec.to_json().replace(b'"MARK"', orjson.dumps(PAYLOAD)))
    Path("/tmp/weiran-was-here").unlink(missing_ok=True)
    with pytest.raises(ExpressionError):
        case = begin(wrong)
        case.complete("a")
    assert not Path("/tmp/weiran-was-here").exists()


@pytest.mark.parametrize("site", SITES)
def test_trap_05_feel_is_evaluated_at_every_site(site):
    twins = {
        "due": 'date("2026-03-01")', "date": 'date and time("2026-03-01T00:00:00Z")', "duration": 'duration("P1D")',
        "cycle": '"R2/P" + "1D"', "instances": "1 + 1", "title": '"x"', "role": '"x"', "assignee": '"x"',
        "sent correlation": '"x"', "correlation": '"x"',
    }  # fmt: skip
    case = walk(*filled(site, twins.get(site, "1 = 1")))
    assert case.outcome.state


def test_trap_05_the_library_cannot_make_its_python_engine():
    assert library.PythonScriptEngine is RefusedScriptEngine
    spec = compile_process(draw([start(), A, end()], LINE))
    with pytest.raises(RuntimeError):
        BpmnWorkflow(spec.scopes["case"], deserializing=True)


def test_trap_05_direct_calls_of_the_environment_are_feel_too():
    feel_engine = FeelEngine(RememberingHost(), NOW)
    environment = feel_engine.environment
    assert isinstance(environment, FeelEnvironment)
    assert environment.evaluate("1 + x", {"x": 1}) == 2
    assert feel_engine.evaluate(CaseStub({"x": 1}), "x > 0") is True
    with pytest.raises(ExpressionError):
        environment.evaluate(PAYLOAD, {})
    for refused in (environment.execute, environment.call_service, feel_engine.call_service):
        with pytest.raises(ExpressionError):
            refused("x = 1")
    with pytest.raises(ExpressionError):
        feel_engine.execute(None, "x = 1")


class CaseStub:
    def __init__(self, data):
        self.data = data


@pytest.mark.parametrize("make", [fork, inclusive])
def test_trap_06_joins_in_loops_neither_starve_nor_count_twice(make):
    shapes = [
        start(), xor("m"), make("f"), step("a", "x"), step("b", "y"), step("a2"), make("j"), step("c", "again"), xor("g"), end(),
    ]  # fmt: skip
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
    shapes = [start(), xor("m"), fork("f"), step("a", "x"), step("b"), fork("j"), step("c", "x", "again"), xor("g"), end()]
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
        ([start(), replace(step("a"), inner=several("parallel", loopCardinality="1")), end()], "start > a > a"),
    ]:
        with pytest.raises(DiagramError) as told:
            compile_process(draw(drawn, flows))
        assert "RecursionError" not in str(told.value)


def test_trap_07_more_than_2000_steps_in_one_command_are_refused():
    spec = walk([start(), xor("m"), step("s"), xor("g"), step("a"), end()], "start > m > s > g; g ? true > m; g ! a; a > end").spec
    wild = Spec.from_json(spec.to_json().replace(b'"type":"userTask","name":"s"', b'"type":"intermediateThrowEvent","event":null,"name":"s"'))
    with pytest.raises(LimitError) as told:
        begin(wild)
    assert told.value.facts["what"] == "steps"


def test_trap_08_the_difference_equals_a_fresh_look_after_every_command():
    inner = sub("p", [start("s"), step("x"), end("e", "<bpmn:terminateEventDefinition/>")], "s > x > e")
    shapes = [
        start(), fork("f"), step("a"), boundary("n", "a", message("m"), interrupting=False), step("late"), inner,
        boundary("t", "p", timer("duration", "P1D")), fork("j"), step("c"), end(),
    ]  # fmt: skip
    case = walk(shapes, "start > f > a > j; f > p > j > c > end; n > late > end; t > j2; j2 > end".replace("t > j2; j2 > end", "t > end"))
    known = {token.id: token for token in case.outcome.opened}
    for act in (lambda: case.deliver("n"), lambda: case.deliver("n"), lambda: case.complete("late"), lambda: case.complete("x"),
                lambda: case.complete("a"), lambda: case.complete("late"), lambda: case.complete("c")):  # fmt: skip
        act()
        for token in case.outcome.closed:
            del known[token.id]
        known.update({token.id: token for token in (*case.outcome.opened, *case.outcome.changed)})
        assert known == {token.id: token for token in engine.peek(case.spec, case.outcome.state)}
    assert known == {}


def test_trap_10_a_gateway_that_could_have_no_way_is_refused():
    for make in (xor, inclusive):
        shapes = [start(), make("g"), A, step("b"), end()]
        for flows in ("start > g; g ? x > a; g ? y > b; a > end; b > end", "start > a > g; start > b > end"):
            with pytest.raises(DiagramError):
                compile_process(draw(shapes, flows))


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
        start(), step("a", "days"), step("b", "days"), boundary("t", "b", timer("duration", 'duration("P" + string(days) + "D")')), end(),
    ]  # fmt: skip
    case = walk(shapes, "start > a > b > end; t > end")
    case.complete("a", days=3)
    due = case.token("t").due_at
    assert (due - NOW).days == 3
    assert engine.peek(case.spec, case.outcome.state)[-1].due_at == due


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
