"""The baseline: SpiffWorkflow as its documentation shows it, behind the two verbs that the product calls.

Per command: `deserialize_json` of what the case row holds, complete the task, `do_engine_steps`,
`serialize_json` back into the row. Nothing is kept between two commands but what the documentation keeps: the
parser's specs for new cases, the serializer with its registry. The diagram is the shipped one, read by the
library's own parser; user, service and send tasks are custom task specs with converters. Conditions, inputs and
outputs are FEEL by the product's own evaluator, so that both sides evaluate the same at the same price, and each
token that opens or closes becomes the same row: a READY manual task a work item, a waiting event a timer or
subscription. The comparison is of engine and persistence, nothing else.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any  # the library has no types
from unittest.mock import patch
from uuid import UUID

import SpiffWorkflow.bpmn.workflow as stock
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import SendTaskParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import DEFAULT_CONFIG, BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter, EventConverter
from SpiffWorkflow.bpmn.serializer.helpers import DefaultRegistry
from SpiffWorkflow.bpmn.specs.defaults import SendTask, ServiceTask, UserTask
from SpiffWorkflow.util.task import TaskState

from workflows.engine import Complete, Emitted, Host, Occurrence, Outcome, Spec, Token
from workflows.engine.elements.facts import step_facts
from workflows.engine.environment import FeelEngine
from workflows.engine.tokens import difference

Task = Any
Data = dict[str, object]


class Feel(FeelEngine):
    """The script engine of one command, as the documentation has one replaced."""

    def __init__(self, spec: Spec, host: Host, now: datetime) -> None:
        """Evaluate for a case of this specification."""
        super().__init__(host, now)
        self.nodes = spec.nodes
        self.payload: Data = {}
        self.emitted: list[Emitted] = []
        self.trail: list[Occurrence] = []
        self.end_event: str | None = None

    def evaluate(self, task: Task, expression: str, external_context: object = None) -> object:
        """Return the FEEL value; the library wants moments as text."""
        value = super().evaluate(task, expression, external_context)
        return value.isoformat() if isinstance(value, date) else value

    def note_end(self, task: Task) -> None:
        """Keep an end event of the process for the chain (`did_complete_task`)."""
        node = self.nodes.get(task.task_spec.name)
        if node is not None and node["type"] == "endEvent" and task.workflow is task.workflow.top_workflow:
            self.end_event = task.task_spec.name
            self.trail.append(Occurrence("end", task.task_spec.name, node["name"], {}))


def perform(task: Task, extra: Data) -> None:
    """Call the operation of an element, if any, and keep its outputs in the task's data."""
    engine, element = task.workflow.script_engine, task.task_spec.name
    node = engine.nodes[element]
    source, known = next(iter(extra), "answers"), dict(extra)
    if (operation := node.get("operation")) is not None:
        inputs = _inputs(task, operation["inputs"], {**task.data, **extra})
        source, known["result"] = (
            "result",
            dict(engine.host.call(operation["name"], {**extra, **inputs}, element)),
        )
    scope = {**task.data, **known}
    for name, text in node["outputs"]:
        found = known.get(source)
        if text is not None:
            task.data[name] = engine.value(text, scope, element, f"output:{name}")
        else:
            task.data[name] = found.get(name) if isinstance(found, dict) else None


def _inputs(task: Task, entries: object, scope: Data) -> Data:
    engine, element = task.workflow.script_engine, task.task_spec.name
    return {
        name: scope.get(name) if text is None else engine.value(text, scope, element, f"input:{name}")
        for name, text in entries  # type: ignore[attr-defined]  # pairs of the compiled diagram
    }


class PersonTask(UserTask):  # type: ignore[misc]  # the library has no types
    """A user task that keeps its form's answers."""

    def _run_hook(self, my_task: Task) -> bool:
        perform(my_task, {"answers": my_task.workflow.script_engine.payload})
        return True


class OperationTask(ServiceTask):  # type: ignore[misc]  # the library has no types
    """A service task that calls an operation."""

    def _run_hook(self, my_task: Task) -> bool:
        perform(my_task, {})
        return True


class MessageTask(SendTask):  # type: ignore[misc]  # the library has no types
    """A send task that leaves a message for another case."""

    def _run_hook(self, my_task: Task) -> bool:
        engine, name = my_task.workflow.script_engine, self.name
        node = engine.nodes[name]
        event = node["event"]
        correlation = engine.value(event["correlation"], my_task.data, name, "correlation")
        payload = _inputs(my_task, event["inputs"], my_task.data)
        engine.emitted.append(Emitted(event["name"], str(correlation), payload, event["target"]))
        detail = {"message": event["name"], "target": event["target"], "payload": payload}
        engine.trail.append(Occurrence("message", name, node["name"], detail))
        return True


class Parser(BpmnParser):  # type: ignore[misc]  # the library has no types
    """The library's parser with the custom tasks."""

    OVERRIDE_PARSER_CLASSES: Mapping[str, object] = {
        full_tag("userTask"): (TaskParser, PersonTask),
        full_tag("serviceTask"): (TaskParser, OperationTask),
        full_tag("sendTask"): (SendTaskParser, MessageTask),
    }


class Library:
    """The product's verbs `start` and `advance`, done by the library."""

    def __init__(self, bpmn: bytes, key: str) -> None:
        """Parse the diagram once, as an application does when it starts."""
        parser = Parser()
        parser.add_bpmn_xml(etree.fromstring(bpmn))
        self._spec = parser.get_spec(key)
        self._inner = parser.get_subprocess_specs(key)
        registry = DefaultRegistry()
        registry.register(Decimal, lambda v: {"value": str(v)}, lambda v: Decimal(v["value"]))
        registry.register(date, lambda v: {"value": v.isoformat()}, lambda v: date.fromisoformat(v["value"]))
        custom = {
            PersonTask: BpmnTaskSpecConverter,
            OperationTask: BpmnTaskSpecConverter,
            MessageTask: EventConverter,
        }
        configured = BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, **custom}, registry)
        self._serializer = BpmnWorkflowSerializer(configured)

    def start(self, spec: Spec, data: Data, host: Host, now: datetime, *_form: object) -> Outcome:
        """Begin a case and run it to its first wait; its start has no form."""
        engine = Feel(spec, host, now)
        workflow = BpmnWorkflow(self._spec, self._inner, script_engine=engine)
        next(iter(workflow.get_tasks(state=TaskState.READY))).data.update(data)
        return self._finish(workflow, engine, {})

    def advance(self, spec: Spec, state: bytes, instruction: Complete, host: Host, now: datetime) -> Outcome:
        """Complete a step and run the case to its next wait."""
        engine = Feel(spec, host, now)
        workflow = self._serializer.deserialize_json(state.decode())
        workflow.script_engine = engine
        before = {task.id: task for task in _waiting(workflow)}
        engine.payload = dict(instruction.answers)
        workflow.get_task_from_id(UUID(instruction.token_id)).run()
        return self._finish(workflow, engine, before)

    def _finish(self, workflow: Task, engine: Feel, before: Mapping[UUID, Task]) -> Outcome:
        workflow.do_engine_steps(did_complete_task=engine.note_end)
        waiting = list(_waiting(workflow))
        known = {str(identity) for identity in before}
        after = tuple(_token(task, engine, known) for task in waiting)
        opened, closed = difference(tuple(_token(task, engine, known) for task in before.values()), after)
        found: Data = dict(workflow.last_task.data) if workflow.last_task else {}
        for task in waiting:
            found.update(task.data)
        return Outcome(
            state=self._serializer.serialize_json(workflow).encode(),
            tokens=after,
            opened=opened,
            closed=closed,
            variables=found,
            trail=tuple(engine.trail),
            emitted=tuple(engine.emitted),
            status="completed" if workflow.completed else "open",
            end_event=engine.end_event,
        )


def _waiting(workflow: Task) -> Iterator[Task]:
    """Yield the tasks that wait for a person, an instant or a message."""
    yield from workflow.get_tasks(state=TaskState.READY, manual=True)
    for task in workflow.get_tasks(state=TaskState.WAITING):
        if getattr(task.task_spec, "event_definition", None) is not None:
            yield task


def _token(task: Task, engine: Feel, known: set[str]) -> Token:
    """Return the token of a task; the facts of one that was there before are in its row already."""
    identity, element = str(task.id), task.task_spec.name
    node = engine.nodes[element]
    if node["type"] == "userTask":
        seen = SimpleNamespace(node=node, bpmn_id=element)
        facts: Data = {} if identity in known else step_facts(seen, task)  # type: ignore[arg-type]  # its part
        facts.setdefault("role", node["lane"])
        return Token(identity, element, "step", node["name"], deadline_kind=node["deadline"], **facts)  # type: ignore[arg-type]  # by name
    event = node["event"]
    if event["kind"] == "timer":
        due = None if identity in known else datetime.fromisoformat(task.internal_data["event_value"])
        return Token(identity, element, "timer", node["name"], due_at=due)
    correlation = (
        "" if identity in known else engine.value(event["correlation"], task.data, element, "correlation")
    )
    return Token(
        identity, element, "message", node["name"], message=event["name"], correlation=str(correlation)
    )


@contextmanager
def in_place_of_the_engine(library: Library) -> Iterator[None]:
    """Let the product's commands run on the library's engine and persistence."""
    with (
        patch("workflows.advance.engine", library),
        patch.object(stock, "PythonScriptEngine", PythonScriptEngine),
    ):
        yield
