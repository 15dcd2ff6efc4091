"""Steps of people, operations, decisions and sub-processes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any  # Any: what a task keeps is JSON

from workflows.engine.decisions import decide
from workflows.engine.elements.base import SPLIT, STRAIGHT, Element, Flow
from workflows.engine.elements.facts import step_facts
from workflows.engine.errors import EngineError, OperationFailedError
from workflows.engine.tokens import known_in
from workflows.engine.tree import STARTED
from workflows.engine.values import plain_mapping

if TYPE_CHECKING:
    from workflows.engine.tree import CaseTask

Data = dict[str, object]


class Activity(Element):
    """Base of what does something: calls an operation, keeps outputs."""

    def perform(self, task: CaseTask, extra: Mapping[str, object]) -> Data:
        """Call the operation of the element, if any, and keep its outputs; returns the outputs.

        Inputs see the variables and `extra` (answers or payload), which the operation gets as well; outputs
        see the result too.
        """
        result = self._call(task, extra)
        source, known = ("result", {"result": result}) if result is not None else _first(extra)
        scope = {**task.data, **extra, **known}
        kept = {name: self._output(task, scope, source, name, text) for name, text in self.node["outputs"]}
        if kept:
            task.data = {**task.data, **kept}
        return kept

    def _call(self, task: CaseTask, extra: Mapping[str, object]) -> Data | None:
        operation = self.node.get("operation")
        if operation is None:
            return None
        engine = task.workflow.script_engine
        inputs = self.inputs(task, operation["inputs"], {**task.data, **extra})
        try:
            result = engine.host.call(operation["name"], {**plain_mapping(extra), **inputs}, self.bpmn_id)
        except EngineError:
            raise
        except Exception as error:  # whatever an operation raises becomes one incident with its cause
            raise OperationFailedError(
                self.bpmn_id, operation=operation["name"], reason=str(error) or type(error).__name__
            ) from error
        kept = plain_mapping(result, f"{operation['name']}.")
        top = task.workflow.top_workflow
        top.note(
            "operation", self.bpmn_id, self.bpmn_name, operation=operation["name"], inputs=inputs, result=kept
        )
        return kept

    def inputs(self, task: CaseTask, entries: Iterable[tuple[str, str | None]], scope: Data) -> Data:
        """Return the values of inputs; one without a text is the variable of its name."""
        engine = task.workflow.script_engine
        return plain_mapping(
            {
                name: scope.get(name)
                if text is None
                else engine.value(text, scope, self.bpmn_id, f"input:{name}")
                for name, text in entries
            },
        )

    def _output(self, task: CaseTask, scope: Data, source: str, name: str, text: str | None) -> object:
        if text is None:
            found = scope.get(source)
            return found.get(name) if isinstance(found, dict) else None
        value = task.workflow.script_engine.value(text, scope, self.bpmn_id, f"output:{name}")
        return plain_mapping({name: value})[name]


def _first(extra: Mapping[str, object]) -> tuple[str, Data]:
    """Return where outputs without a text come from if there is no operation: answers or payload."""
    return next(iter(extra), "answers"), {}


class UserTask(Activity):
    """A step of a person; opened on entry, completed by a command."""

    manual_kind = True

    def _update_hook(self, my_task: CaseTask) -> bool:
        my_task._inherit_data()
        facts = step_facts(self, my_task)
        if assignee := _returner(my_task):
            facts["assignee"] = assignee
        my_task.internal_data["facts"] = facts
        return True

    def outgoing(self, task: CaseTask) -> tuple[Flow, ...]:
        """Return the flows, or the way straight to who returned the step."""
        back = _straight(task)
        if not back:
            return self.flows
        names = task.workflow.spec.task_specs
        to = str(back["to"])
        return (Flow(STRAIGHT, to + SPLIT if to + SPLIT in names else to),)

    def _run_hook(self, my_task: CaseTask) -> bool:
        top = my_task.workflow.top_workflow
        outputs = self.perform(my_task, {"answers": top.payload})
        my_task.internal_data.pop("facts", None)
        if back := _straight(my_task):  # what the steps found out that are left out stays known
            my_task.data = {**back["data"], **outputs}
        top.note("step", self.bpmn_id, self.bpmn_name, outputs=outputs)
        return True


def _straight(task: CaseTask) -> Mapping[str, Any]:
    """Return where a returned step leads; it stands with the step, or where its boundary events were armed."""
    above = task.parent
    own: Mapping[str, Any] = task.internal_data.get(STRAIGHT, {})
    if own or above is None or above.task_spec.name != task.task_spec.name + SPLIT:
        return own
    beside: Mapping[str, Any] = above.internal_data.get(STRAIGHT, {})
    return beside


def _returner(task: CaseTask) -> str:
    """Return who gets a step that is reached straight from one that they returned."""
    before = task.parent
    if before is not None and before.task_spec.name == task.task_spec.name + SPLIT:
        before = before.parent
    back = {} if before is None else _straight(before)
    return str(back["assignee"]) if back.get("to") == task.task_spec.name else ""


class ServiceTask(Activity):
    """A call of an operation of the catalogue."""

    def _run_hook(self, my_task: CaseTask) -> bool:
        self.perform(my_task, {})
        return True


class BusinessRuleTask(Activity):
    """A decision of the release, by our own decision tables."""

    def _run_hook(self, my_task: CaseTask) -> bool:
        engine, top = my_task.workflow.script_engine, my_task.workflow.top_workflow
        told = (
            self.inputs(my_task, self.node["inputs"], my_task.data) if self.node["inputs"] else my_task.data
        )
        result, facts = decide(engine, self.node["decision"], told, self.bpmn_id)
        outputs = self.perform(my_task, {"result": result})
        top.note("decision", self.bpmn_id, self.bpmn_name, **facts, outputs=outputs)
        return True


class SubProcess(Element):
    """A sub-process: STARTED while its scope runs, READY when that has ended.

    One that an event has started beside other work knows what all of the scope around it knows.
    """

    def _update_hook(self, my_task: CaseTask) -> bool:
        my_task._inherit_data()
        top = my_task.workflow.top_workflow
        is_beside = self.node.get("interrupting") is False
        known = known_in(top, my_task.workflow) if is_beside else my_task.data
        my_task._set_state(STARTED)
        top.create_subprocess(my_task, self.node["scope"]).begin(known)
        return False

    def _run_hook(self, my_task: CaseTask) -> bool:
        my_task.workflow.top_workflow.drop_scope(my_task.id)
        return True
