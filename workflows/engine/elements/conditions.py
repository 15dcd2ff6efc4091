"""Which way a gateway goes: FEEL conditions on its flows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import feel
from workflows.engine.elements.base import Element, Flow
from workflows.engine.errors import NoPathError

if TYPE_CHECKING:
    from workflows.engine.tree import CaseTask


def flows_that_hold(task: CaseTask, element: Element) -> Iterator[Flow]:
    """Yield the flows whose condition is true; one without a condition is never taken by chance.

    A condition that is not true because a part of it has no value is noted with the reasons.
    """
    for flow in element.flows:
        if flow.default or flow.when is None:
            continue
        engine = task.workflow.script_engine
        truth, reasons = engine.judge(flow.when, task.data, element.bpmn_id, f"condition:{flow.id}")
        if truth is None or reasons:
            _note_doubt(task, element, flow, [one.told(flow.when) for one in reasons])
        if truth:
            yield flow


def _note_doubt(task: CaseTask, element: Element, flow: Flow, reasons: list[dict[str, str]]) -> None:
    way = f"“{flow.name}”这条路" if flow.name else "有一条路"
    task.workflow.top_workflow.note(
        "doubt",
        element.bpmn_id,
        element.bpmn_name,
        text=f"“{element.bpmn_name}”的{way}没有走：条件里有值是空的",
        flow=flow.id,
        condition=flow.when,
        reasons=reasons,
    )


def default_flow(task: CaseTask, element: Element) -> tuple[Flow, ...]:
    """Return the default flow. Raises: NoPathError if there is none."""
    for flow in element.flows:
        if flow.default:
            return (flow,)
    conditions = [flow.when for flow in element.flows]
    doubts = "".join(_doubts(task, element))
    raise NoPathError(element.bpmn_id, name=element.bpmn_name, conditions=conditions, reason=doubts)


def _doubts(task: CaseTask, element: Element) -> Iterator[str]:
    for done in task.workflow.top_workflow.trail:
        if (done.kind, done.element) == ("doubt", element.bpmn_id):
            because = "".join(map(feel.reason_sentence, done.detail["reasons"]))
            yield f"条件“{done.detail['condition']}”没有成立：{because}"


class ExclusiveGateway(Element):
    """Takes the first flow whose condition is true, else the default flow."""

    def outgoing(self, task: CaseTask) -> tuple[Flow, ...]:
        """Return the one flow that is taken."""
        if len(self.flows) == 1:
            return self.flows
        flow = next(flows_that_hold(task, self), None)
        return self._taken(task, *(default_flow(task, self) if flow is None else (flow,)))

    def _taken(self, task: CaseTask, flow: Flow) -> tuple[Flow, ...]:
        top = task.workflow.top_workflow
        top.note("gateway", self.bpmn_id, self.bpmn_name, flow=flow.id, target=flow.target, label=flow.name)
        return (flow,)
