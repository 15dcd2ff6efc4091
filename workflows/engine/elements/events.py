"""Events: what waits for an instant, a message or a condition, and what throws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.engine.elements.activities import Activity
from workflows.engine.elements.base import Element, ScopeSpec, shut_the_way_back
from workflows.engine.errors import ExpressionError
from workflows.engine.model import Called, Emitted, Node
from workflows.engine.timing import Due, due, next_round
from workflows.engine.tokens import known_in
from workflows.engine.tree import CANCELLED, READY, WAITING
from workflows.engine.values import plain_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.engine.runtime import Case, SubCase
    from workflows.engine.tree import CaseTask


class CatchEvent(Activity):
    """An intermediate event or receive task that waits."""

    def _update_hook(self, my_task: CaseTask) -> bool:
        my_task._inherit_data()
        self.arm(my_task, self.node["event"])
        my_task._set_state(WAITING)
        return False

    def arm(self, task: CaseTask, event: Node) -> None:
        """Note what the task waits for, evaluated on entry."""
        engine = task.workflow.script_engine
        if event["kind"] == "timer":
            told = due(event["form"], event["text"], task.data, engine, self.bpmn_id)
            self._set_due(task, told)
        elif event["kind"] == "message" and event["correlation"] is not None:
            value = engine.value(event["correlation"], task.data, self.bpmn_id, "correlation")
            task.internal_data["correlation"] = correlation_text(self, event["correlation"], value)

    def _set_due(self, task: CaseTask, told: Due) -> None:
        task.internal_data["due"] = told.at
        if told.every is not None:
            task.internal_data["rounds"] = told.rounds
            task.internal_data["every"] = told.every

    def fire(self, task: CaseTask) -> None:
        """Let the task go on; in an event-based gateway's choice the others are cancelled."""
        parent = task.parent
        if parent is not None and isinstance(parent.task_spec, EventBasedGateway):
            for sibling in task.siblings():
                sibling.cancel()
        task._set_state(READY)

    def wake(self, task: CaseTask, live: list[CaseTask]) -> bool:  # noqa: ARG002 - for joins
        """Fire a conditional event whose condition has become true; each is asked once per command."""
        event, top = self.node["event"], task.workflow.top_workflow
        if event["kind"] != "condition" or task.id in top.checked:
            return False
        top.checked.add(task.id)
        if not top.script_engine.holds(event["text"], self.known(task), self.bpmn_id, "event"):
            return False
        self.fire(task)
        return True

    def known(self, task: CaseTask) -> dict[str, object]:
        """Return the variables that a condition is asked of: what all of the scope knows by now."""
        return known_in(task.workflow.top_workflow, task.workflow)

    def _run_hook(self, my_task: CaseTask) -> bool:
        event, top = self.node["event"], my_task.workflow.top_workflow
        payload = my_task.internal_data.pop("payload", {})
        outputs = self.perform(my_task, {"payload": payload, "answers": payload})
        for name in ("due", "rounds", "every", "correlation"):
            my_task.internal_data.pop(name, None)
        top.note(event["kind"], self.bpmn_id, self.bpmn_name, outputs=outputs)
        return True


class CallActivity(CatchEvent):
    """A call of another process: a case of its own, for whose end this one waits.

    What it has opened is not taken back, so no work may be returned to before it.
    """

    def arm(self, task: CaseTask, event: Node) -> None:  # noqa: ARG002 - it is always the end of the call
        """Ask for the case, and wait for the message by which it will answer this very token."""
        inputs = self.inputs(task, self.node["inputs"], task.data)
        identity = str(task.id)
        task.internal_data["correlation"] = identity
        shut_the_way_back(task)
        top = task.workflow.top_workflow
        top.called.append(Called(self.node["process"], self.bpmn_id, self.node["name"], identity, inputs))
        top.note("call", self.bpmn_id, self.bpmn_name, process=self.node["process"], inputs=inputs)


class StartEvent(CatchEvent):
    """A start event: whoever starts the case has seen to its cause."""

    def _update_hook(self, my_task: CaseTask) -> bool:
        my_task._inherit_data()
        return True

    def _run_hook(self, my_task: CaseTask) -> bool:
        top = my_task.workflow.top_workflow
        told = dict((my_task.workflow is top and top.payload) or my_task.data)
        self.perform(my_task, {"payload": told, "answers": told})
        if my_task.workflow is top:
            top.note("start", self.bpmn_id, self.bpmn_name)
        return True


class BoundaryEvent(CatchEvent):
    """An event on an activity; an interrupting one cancels the activity the moment it fires."""

    is_boundary = True

    def _update_hook(self, my_task: CaseTask) -> bool:
        my_task._inherit_data()
        event = self.node["event"]
        if event["kind"] not in ("error", "escalation") and "due" not in my_task.internal_data:
            self.arm(my_task, event)
        my_task._set_state(WAITING)
        return False

    def fire(self, task: CaseTask) -> None:
        """Let what follows the event begin."""
        if self.node["interrupting"]:
            self.interrupt(task)
        else:
            self._arm_again(task)
        task._set_state(READY)

    def interrupt(self, task: CaseTask) -> None:
        """Cancel the activity and its other events."""
        for sibling in task.siblings():
            if not sibling.task_spec.is_boundary or sibling._state == WAITING:
                sibling.cancel()

    def _arm_again(self, task: CaseTask) -> None:
        """Wait for the next message, or for the next round of a cycle; other events come once."""
        kind = self.node["event"]["kind"]
        if kind in ("message", "signal", "escalation"):
            self._update(task.beside(self))
        elif "every" in task.internal_data:
            held = task.internal_data
            following = next_round(Due(held["due"], held["rounds"], held["every"]), self.bpmn_id)
            if following is not None:
                again = task.beside(self)
                self._set_due(again, following)
                self._update(again)


class ScopeEvent(BoundaryEvent):
    """What an event sub-process waits for: a boundary event of the whole scope around it."""

    is_boundary = False
    is_watch = True

    def interrupt(self, task: CaseTask) -> None:
        """Cancel everything else in the scope, and keep what it knew."""
        task.data = self.known(task)
        for other in task.workflow.live():
            if other is not task:
                other.cancel_alone()


class EventBasedGateway(Element):
    """Starts all its events; the first that fires cancels the others."""


class ThrowEvent(Activity):
    """An intermediate event or send task that tells others; messages leave the case with its outcome."""

    def __init__(self, scope: ScopeSpec, name: str, node: Node) -> None:
        """Put the event into its scope; a message that is sent is a wall."""
        super().__init__(scope, name, node)
        event = node.get("event")
        self.is_wall = self.is_wall or (event is not None and event["kind"] in ("message", "signal"))

    def _run_hook(self, my_task: CaseTask) -> bool:
        event = self.node.get("event")
        if event is not None:
            _THROWN[event["kind"]](self, my_task, event)
        return True

    def send(self, task: CaseTask, event: Node) -> None:
        """Put a message into the outcome of the command."""
        engine, top = task.workflow.script_engine, task.workflow.top_workflow
        payload = self.inputs(task, event["inputs"], task.data)
        correlation = ""
        if event["correlation"] is not None:
            value = engine.value(event["correlation"], task.data, self.bpmn_id, "correlation")
            correlation = correlation_text(self, event["correlation"], value)
        top.emitted.append(Emitted(event["name"], correlation, payload, event["target"]))
        top.note(
            "message",
            self.bpmn_id,
            self.bpmn_name,
            message=event["name"],
            target=event["target"],
            payload=payload,
        )

    def signal(self, task: CaseTask, event: Node) -> None:
        """Put a signal into the outcome of the command."""
        top = task.workflow.top_workflow
        top.emitted.append(Emitted(event["name"], "", {}, None, signal=True))
        top.note("signal", self.bpmn_id, self.bpmn_name, signal=event["name"])

    def raise_code(self, task: CaseTask, event: Node) -> None:
        """Throw an error or escalation to the nearest event around that takes it."""
        for watcher in _watchers_around(task):
            if watcher._state == WAITING and _takes(watcher.task_spec, event):
                watcher.task_spec.fire(watcher)
                return


def _watchers_around(task: CaseTask) -> Iterator[CaseTask]:
    """Yield the events that wait beside a task, from the inside out: of its scope, then on its sub-process."""
    top, scope = task.workflow.top_workflow, task.workflow
    while True:
        yield from (other for other in scope.live() if other.task_spec.is_watch)
        if scope is top:
            return
        owner = top.find(scope.parent_task_id)
        yield from (sibling for sibling in owner.siblings() if sibling.task_spec.is_boundary)
        scope = owner.workflow


def _takes(element: Element, event: Node) -> bool:
    waited = element.node["event"]
    return waited["kind"] == event["kind"] and waited["code"] in (None, event["code"])


class EndEvent(ThrowEvent):
    """An end of a branch; a terminate event ends its whole scope at once."""

    def _run_hook(self, my_task: CaseTask) -> bool:
        scope = my_task.workflow
        top = scope.top_workflow
        super()._run_hook(my_task)
        if my_task._state == CANCELLED:  # by what it has thrown
            return True
        if _ends_the_case(scope):
            top.end_event = self.bpmn_id
            top.note("end", self.bpmn_id, self.bpmn_name)
        event = self.node.get("event")
        if event is not None and event["kind"] in ("terminate", "error"):
            for other in scope.live():
                if other is not my_task:
                    other.cancel_alone()
        return True


def _ends_the_case(scope: Case | SubCase) -> bool:
    """Tell whether an end in a scope is one of the case: in the process, or in what has interrupted it."""
    top = scope.top_workflow
    if scope is top:
        return True
    owner = top.find(scope.parent_task_id)
    return owner.workflow is top and owner.task_spec.node.get("interrupting") is True


def correlation_text(element: Element, text: str, value: object) -> str:
    """Return a correlation value as plain text. Raises: ExpressionError if there is none."""
    kept = plain_mapping({"": value})[""]
    if kept is None or isinstance(kept, (bool, list, dict)):
        raise ExpressionError(
            element.bpmn_id, site="correlation", text=text, value=repr(value), reason="text"
        )
    return str(kept)


def _terminate(element: Element, task: CaseTask, event: Node) -> None:
    """Do nothing more: the end event itself ends the scope."""


_THROWN = {
    "message": ThrowEvent.send,
    "signal": ThrowEvent.signal,
    "error": ThrowEvent.raise_code,
    "escalation": ThrowEvent.raise_code,
    "terminate": _terminate,
}
