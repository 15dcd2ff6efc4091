"""What every element does: enter, run, leave along its flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any  # Any: the library has no types

from msgspec import Struct
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from workflows.engine.model import Node
from workflows.engine.tree import FINISHED, WAITING

if TYPE_CHECKING:
    from workflows.engine.tree import CaseTask

START = "|start"
END = "|end"
SPLIT = "|split"
STRAIGHT = "straight"
"""What a returned step keeps of where it leads once it is done again (直送)."""
ITEM = "|item"
WATCH = "|watch"


class Flow(Struct, frozen=True):
    """A way out of an element; `when` is its FEEL condition."""

    id: str
    target: str
    name: str | None = None
    when: str | None = None
    default: bool = False


class ScopeSpec(BpmnProcessSpec):
    """The elements of a process or sub-process; our own have a bar in their names, which no id may."""

    start: Any
    end: Any

    def __init__(self, name: str) -> None:
        """Make an empty scope, without the internal tasks that the library puts into one."""
        super().__init__(name=name)
        self.task_specs.clear()
        self.start = None
        self.end = None


class Element(BpmnTaskSpec):
    """Base of all elements. `node` is the compiled form of the diagram's element, never changed."""

    manual_kind = False
    is_split = False
    is_join = False
    is_boundary = False
    is_watch = False
    is_owner = False

    def __init__(self, scope: ScopeSpec, name: str, node: Node) -> None:
        """Put the element into its scope."""
        super().__init__(scope, name, lane=node.get("lane"), manual=self.manual_kind)
        self.node = node
        self.bpmn_id: str = name.partition("|")[0]
        self.is_wall = bool(node.get("wall"))
        self.bpmn_name = node.get("name")
        self.flows: tuple[Flow, ...] = ()

    def follow(self, flow: Flow) -> None:
        """Add a way out."""
        self.flows = (*self.flows, flow)
        self._outputs.append(flow.target)

    def outgoing(self, task: CaseTask) -> tuple[Flow, ...]:  # noqa: ARG002 - gateways look at it
        """Return the flows that are taken now."""
        return self.flows

    def wake(self, task: CaseTask, live: list[CaseTask]) -> bool:  # noqa: ARG002 - joins look at them
        """Look whether a waiting task may go on, now that nothing else moves; tell whether it does."""
        return False

    def _predict(self, my_task: CaseTask, *_: object, **__: object) -> None:
        """Predict nothing (library hook)."""

    def _update(self, my_task: CaseTask) -> None:
        if self._update_hook(my_task):
            my_task._ready()

    def _update_hook(self, my_task: CaseTask) -> bool:
        my_task._inherit_data()
        return True

    def _on_ready(self, my_task: CaseTask) -> None:
        """Do nothing: specifications were checked when the diagram was published (library hook)."""

    def _run_hook(self, my_task: CaseTask) -> bool | None:  # noqa: ARG002 - activities look at it
        return True

    def _on_complete(self, my_task: CaseTask) -> None:
        scope = my_task.workflow
        self._disarm(my_task)
        if self.is_wall:
            shut_the_way_back(my_task)
        children = []
        for flow in self.outgoing(my_task):
            child = my_task._add_child(scope.spec.task_specs[flow.target])
            if child.task_spec.is_join:
                child.internal_data["flow"] = flow.id
            children.append(child)
        for child in children:
            child.task_spec._update(child)
        owner = my_task.parent
        if owner is not None and owner.task_spec.is_owner and not owner._state & FINISHED:
            owner.task_spec.child_done(owner, my_task)

    def _disarm(self, task: CaseTask) -> None:
        """Cancel the boundary events of an activity that is done."""
        parent = task.parent
        if parent is None or not parent.task_spec.is_split or self.is_boundary:
            return
        for sibling in task.siblings():
            if sibling._state == WAITING and sibling.task_spec.is_boundary:
                sibling.cancel()


class Start(Element):
    """The root of a scope: goes to its start event and arms its event sub-processes.

    In a process with several start events it goes to the chosen one.
    """

    def outgoing(self, task: CaseTask) -> tuple[Flow, ...]:
        """Return the way to the chosen start event, or the only one, and those to the event sub-processes."""
        chosen = task.internal_data.get("start")
        return tuple(
            flow
            for flow in self.flows
            if chosen is None or flow.target == chosen or flow.target.endswith(WATCH)
        )


class BoundarySplit(Element):
    """Stands before an activity with boundary events and arms them as it starts the activity."""

    is_split = True


def shut_the_way_back(task: CaseTask) -> None:
    """Note on a wall and all before it that no work may be returned there: its effects would be repeated."""
    task.internal_data["shut"] = True
    for ancestor in task.ancestors():
        ancestor.internal_data["shut"] = True
    owner = getattr(task.workflow, "parent_task_id", None)
    if owner is not None:
        shut_the_way_back(task.workflow.top_workflow.find(owner))
