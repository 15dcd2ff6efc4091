"""The nodes of a case's tree: the library's task without its clock, its recursion and its log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any  # the library has no types
from uuid import UUID, uuid4

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

FINISHED = TaskState.FINISHED_MASK
READY = TaskState.READY
WAITING = TaskState.WAITING
STARTED = TaskState.STARTED
COMPLETED = TaskState.COMPLETED
CANCELLED = TaskState.CANCELLED
FUTURE = TaskState.FUTURE


class CaseTask(Task):
    """A node of the tree of a case."""

    task_spec: Any  # an Element; importing it here would be a circle
    parent: CaseTask | None
    children: list[CaseTask]
    data: dict[str, object]
    internal_data: dict[str, Any]
    last_state_change: int
    workflow: Any  # the Case or one of its SubCases

    def __init__(
        self,
        workflow: Any,  # noqa: ANN401 - a Case or SubCase
        task_spec: Any,  # noqa: ANN401 - an Element
        parent: CaseTask | None = None,
        state: int = FUTURE,
        id: UUID | None = None,  # noqa: A002 - the library's name
    ) -> None:
        """Hang a new node under `parent`; replaces the library's constructor, which asks the clock."""
        self.id = id or uuid4()
        self.workflow = workflow
        self._parent = None if parent is None else parent.id
        self._children: list[UUID] = []
        self._state = state
        self.triggered = False
        self.task_spec = task_spec
        self.thread_id = 0
        self.data = {}
        self.internal_data = {}
        self.last_state_change = workflow.top_workflow.tick()
        workflow.tasks[self.id] = self
        if parent is not None:
            parent._children.append(self.id)

    def _set_state(self, value: int) -> None:
        self._state = value
        top = self.workflow.top_workflow
        self.last_state_change = top.tick()
        if value == READY:
            top.ready.append(self)

    def _add_child(self, task_spec: object, state: int = FUTURE) -> CaseTask:
        return CaseTask(self.workflow, task_spec, self, state=state)

    def _inherit_data(self) -> None:
        parent = self.parent
        self.data = {} if parent is None else dict(parent.data)

    def ancestors(self) -> Iterator[CaseTask]:
        """Yield the parents up to the root of the scope, the nearest first."""
        tasks = self.workflow.tasks
        current = tasks.get(self._parent)
        while current is not None:
            yield current
            current = tasks.get(current._parent)

    def siblings(self) -> list[CaseTask]:
        """Return the other children of the parent."""
        parent = self.parent
        return [] if parent is None else [task for task in parent.children if task is not self]

    def beside(self, task_spec: Any) -> CaseTask:  # noqa: ANN401 - an Element
        """Hang another node under the parent."""
        return CaseTask(self.workflow, task_spec, self.parent)

    def find_ancestor(self, spec_name: str) -> CaseTask | None:
        """Return the nearest ancestor of that element."""
        return next((task for task in self.ancestors() if task.task_spec.name == spec_name), None)

    def is_descendant_of(self, task: CaseTask) -> bool:
        """Tell whether `task` is an ancestor."""
        return any(ancestor is task for ancestor in self.ancestors())

    def branch(self) -> Iterator[CaseTask]:
        """Yield this node and everything under it in this scope, in preorder."""
        tasks = self.workflow.tasks
        pending = [self]
        while pending:
            task = pending.pop()
            yield task
            pending.extend(tasks[child] for child in reversed(task._children))

    __iter__ = branch

    def run(self) -> None:
        """Execute the node and go on, unless what it did has cancelled itself."""
        self.task_spec._run_hook(self)
        if self._state != CANCELLED:
            self.complete()

    def cancel(self) -> None:
        """Cancel what is unfinished here and below, with the scopes that hang on it."""
        for task in list(self.branch()):
            if not task._state & FINISHED:
                task.cancel_alone()

    def cancel_alone(self) -> None:
        """Cancel this node and its scope, but nothing that follows it."""
        self._set_state(CANCELLED)
        scope = self.workflow.top_workflow.subprocesses.get(self.id)
        if scope is not None:
            scope.cancel_scope()

    def remove(self) -> None:
        """Take this node, which is no root, and all below it out of the tree."""
        self.workflow.tasks[self._parent]._children.remove(self.id)
        for task in list(self.branch()):
            self.workflow.top_workflow.drop_scope(task.id)
            task._state = CANCELLED
            del self.workflow.tasks[task.id]
