"""Where branches come together: parallel and inclusive gateways and the end of a scope.

A branch that has arrived waits in an instance of the join; nothing else about it is asked, so its parents
may be spliced out of the tree. The join goes on in the instance that came last; the others are done with.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from itertools import takewhile
from typing import TYPE_CHECKING

from workflows.engine.elements.base import END, Element, Flow, ScopeSpec
from workflows.engine.elements.conditions import default_flow, flows_that_hold
from workflows.engine.merge import merged
from workflows.engine.model import Node
from workflows.engine.tree import COMPLETED, READY, WAITING

if TYPE_CHECKING:
    from workflows.engine.tree import CaseTask


class Join(Element):
    """Base of what collects branches."""

    is_join = True

    def _update_hook(self, my_task: CaseTask) -> bool:
        my_task._inherit_data()
        my_task._set_state(WAITING)
        return False

    def arrived(self, task: CaseTask) -> list[CaseTask]:
        """Return the branches that wait here, the first to come first."""
        waiting = [t for t in task.workflow.tasks.values() if t.task_spec is self and t._state == WAITING]
        return sorted(waiting, key=lambda t: t.last_state_change)

    def unite(self, arrivals: list[CaseTask]) -> CaseTask:
        """Make one branch of several: data three-way, the last goes on; returns it."""
        *others, last = arrivals
        if not others:
            return last
        split = nearest_common_ancestor(arrivals)
        for ancestor in takewhile(lambda task: task is not split, last.ancestors()):
            ancestor.internal_data["shut"] = True  # returning there would leave the join waiting for ever
        last.data = merged(split.data, [arrival.data for arrival in arrivals])
        for arrival in others:
            arrival._set_state(COMPLETED)
        return last


class ParallelGateway(Join):
    """Goes on when a branch has come along each way in, along all ways out."""

    def __init__(self, scope: ScopeSpec, name: str, node: Node) -> None:
        """Put the gateway into its scope; `incoming` is filled when all flows are known."""
        super().__init__(scope, name, node)
        self.incoming: frozenset[str] = frozenset()

    def _update_hook(self, my_task: CaseTask) -> bool:
        super()._update_hook(my_task)
        first: dict[str, CaseTask] = {}
        for arrival in self.arrived(my_task):
            first.setdefault(arrival.internal_data["flow"], arrival)
        if first.keys() != self.incoming:
            return False
        chosen = sorted(first.values(), key=lambda t: t.last_state_change)
        self.unite(chosen)._set_state(READY)
        return False


class InclusiveGateway(Join):
    """Goes on when no other token can still reach it; takes each way out whose condition is true."""

    def wake(self, task: CaseTask, live: list[CaseTask]) -> bool:
        """Go on if nothing else in the scope can arrive here any more."""
        ways = task.workflow.spec.task_specs
        for other in live:
            if other.task_spec is not self and self.name in reachable(
                ways, other.task_spec.name, {self.name}
            ):
                return False
        self.unite(self.arrived(task))._set_state(READY)
        return True

    def outgoing(self, task: CaseTask) -> tuple[Flow, ...]:
        """Return every flow whose condition is true, else the default flow."""
        if len(self.flows) == 1:
            return self.flows
        return tuple(flows_that_hold(task, self)) or default_flow(task, self)


class ScopeEnd(Join):
    """The end of a process or sub-process: when nothing else in it is unfinished."""

    def __init__(self, scope: ScopeSpec) -> None:
        """Put the end into its scope."""
        super().__init__(scope, END, {})

    def wake(self, task: CaseTask, live: list[CaseTask]) -> bool:
        """End the scope if all its branches have come here; its event sub-processes wait no longer."""
        others = [other for other in live if other.task_spec is not self]
        if not all(other.task_spec.is_watch for other in others):
            return False
        for watcher in others:
            watcher.cancel_alone()
        self.unite(self.arrived(task))._set_state(READY)
        return True

    def _run_hook(self, my_task: CaseTask) -> bool:
        my_task.workflow.finish(my_task.data)
        return True


def nearest_common_ancestor(tasks: list[CaseTask]) -> CaseTask:
    """Return the deepest task that all of them descend from: where their branches were split."""
    shared = None
    for task in tasks:
        lineage = {ancestor.id for ancestor in task.ancestors()}
        shared = lineage if shared is None else shared & lineage
    return next(ancestor for ancestor in tasks[0].ancestors() if ancestor.id in (shared or ()))


def reachable(specs: Mapping[str, Element], source: str, without: Container[str] = ()) -> set[str]:
    """Return the names of what can be reached from an element, not looking behind those of `without`."""
    seen: set[str] = set()
    pending: list[str] = [flow.target for flow in specs[source].flows]
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        if name not in without:
            pending.extend(_next(specs[name]))
    return seen


def _next(element: Element) -> Iterable[str]:
    return (flow.target for flow in element.flows)
