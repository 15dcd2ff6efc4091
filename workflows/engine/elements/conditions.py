"""Which way a gateway goes: FEEL conditions on its flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.engine.elements.base import Element, Flow
from workflows.engine.errors import NoPathError

if TYPE_CHECKING:
    from workflows.engine.tree import CaseTask


def holds(task: CaseTask, flow: Flow, element: str) -> bool:
    """Tell whether the condition of a flow is true; one without a condition is never taken by chance."""
    if flow.when is None:
        return False
    met: bool = task.workflow.script_engine.holds(flow.when, task.data, element, f"condition:{flow.id}")
    return met


def default_flow(element: Element) -> tuple[Flow, ...]:
    """Return the default flow. Raises: NoPathError if there is none."""
    for flow in element.flows:
        if flow.default:
            return (flow,)
    raise NoPathError(
        element.bpmn_id, name=element.bpmn_name, conditions=[flow.when for flow in element.flows]
    )


class ExclusiveGateway(Element):
    """Takes the first flow whose condition is true, else the default flow."""

    def outgoing(self, task: CaseTask) -> tuple[Flow, ...]:
        """Return the one flow that is taken."""
        if len(self.flows) == 1:
            return self.flows
        for flow in self.flows:
            if not flow.default and holds(task, flow, self.bpmn_id):
                return self._taken(task, flow)
        return self._taken(task, *default_flow(self))

    def _taken(self, task: CaseTask, flow: Flow) -> tuple[Flow, ...]:
        top = task.workflow.top_workflow
        top.note("gateway", self.bpmn_id, self.bpmn_name, flow=flow.id, target=flow.target, label=flow.name)
        return (flow,)
