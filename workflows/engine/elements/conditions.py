"""Which way a gateway goes: FEEL conditions on its flows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workflows.engine.elements.base import Element, Flow
from workflows.engine.errors import NoPathError

if TYPE_CHECKING:
    from workflows.engine.tree import CaseTask


def flows_that_hold(task: CaseTask, element: Element) -> Iterator[Flow]:
    """Yield the flows whose condition is true; one without a condition is never taken by chance.

    A condition that is not true because a part of it had no value is noted with the reasons.
    """
    for flow in element.flows:
        if flow.default or flow.when is None:
            continue
        engine, top = task.workflow.script_engine, task.workflow.top_workflow
        met, reasons = engine.judge(flow.when, task.data, element.bpmn_id, f"condition:{flow.id}")
        if reasons:
            told = f"条件“{flow.when}”没有成立：{''.join(reasons)}"
            top.note("doubt", element.bpmn_id, element.bpmn_name, flow=flow.id, text=told)
        if met:
            yield flow


def default_flow(task: CaseTask, element: Element) -> tuple[Flow, ...]:
    """Return the default flow. Raises: NoPathError if there is none."""
    for flow in element.flows:
        if flow.default:
            return (flow,)
    trail = task.workflow.top_workflow.trail
    doubts = [
        str(one.detail["text"]) for one in trail if (one.kind, one.element) == ("doubt", element.bpmn_id)
    ]
    conditions = [flow.when for flow in element.flows]
    raise NoPathError(element.bpmn_id, name=element.bpmn_name, conditions=conditions, reason="".join(doubts))


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
