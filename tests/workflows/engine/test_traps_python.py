"""Trap 5: only FEEL is evaluated, at every site."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
import SpiffWorkflow.bpmn.workflow as library
from msgspec.structs import replace
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from tests.workflows.engine.drawing import (
    boundary,
    catch,
    condition,
    draw,
    end,
    inclusive,
    inputs,
    message,
    outputs,
    send,
    service,
    several,
    start,
    step,
    timer,
    xor,
)
from tests.workflows.engine.walking import NOW, RememberingHost, begin, walk
from workflows.engine import (
    DiagramError,
    ExpressionError,
    Spec,
    compile_process,
)
from workflows.engine.environment import FeelEngine, FeelEnvironment
from workflows.engine.runtime import RefusedScriptEngine

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
    "cycle": (
        [start(), A, boundary("c", "a", timer("cycle", "{}"), interrupting=False), end()],
        LINE + "; c > end",
    ),
    "event": ([start(), catch("c", condition("{}")), end()], "start > c > end"),
    "instances": ([start(), replace(A, inner=several("parallel", loopCardinality="{}")), end()], LINE),
    "until": (
        [
            start(),
            replace(A, inner=several("parallel", loopCardinality="2", completionCondition="{}")),
            end(),
        ],
        LINE,
    ),
    "loop": (
        [
            start(),
            replace(A, inner=several("standard", loopMaximum="2", testBefore="true", loopCondition="{}")),
            end(),
        ],
        LINE,
    ),
}


def filled(site, text):
    shapes, flows = SITES[site]

    def put(shape):
        attributes = tuple((k, v.replace("{}", text)) for k, v in shape.attributes)
        quoted = text.replace("&", "&amp;").replace('"', "&quot;")
        return replace(
            shape,
            attributes=attributes,
            inner=shape.inner.replace("{}", quoted),
            extension=shape.extension.replace("{}", quoted),
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
        begin(wrong).complete("a")
    assert not Path("/tmp/weiran-was-here").exists()


@pytest.mark.parametrize("site", SITES)
def test_trap_05_feel_is_evaluated_at_every_site(site):
    twins = {
        "due": 'date("2026-03-01")',
        "date": 'date and time("2026-03-01T00:00:00Z")',
        "duration": 'duration("P1D")',
        "cycle": '"R2/P" + "1D"',
        "instances": "1 + 1",
        "title": '"x"',
        "role": '"x"',
        "assignee": '"x"',
        "sent correlation": '"x"',
        "correlation": '"x"',
    }
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
