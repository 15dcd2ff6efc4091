"""A running case: the library's workflow with our own iteration and loop over the tasks of `tree.py`.

What is replaced, and why (engine.md §6): tasks are found by a flat scan, for the library's iterator stops
at depth 1,000 and then reports an unfinished workflow as completed; ancestors are searched in a loop, not
by recursion; nothing is predicted, since a predicted task only costs space; nothing is logged, since the
library attaches task data to its records; the order of things comes from a counter of the case, never from
a clock.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from typing import Any, NoReturn  # Any: the library has no types
from uuid import UUID

import SpiffWorkflow.bpmn.workflow as library
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.util.task import BpmnTaskFilter
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from workflows.engine.environment import FeelEngine
from workflows.engine.errors import LimitError
from workflows.engine.merge import carried
from workflows.engine.model import Called, Emitted, Occurrence
from workflows.engine.tree import FINISHED, READY, WAITING, CaseTask

MAX_STEPS = 2_000


class RefusedScriptEngine:
    """Stands where the library would make a Python engine by itself, and refuses to be made."""

    def __init__(self, *_: object, **__: object) -> NoReturn:
        """Refuse."""
        raise RuntimeError("a workflow must be given its FEEL engine; Python is never evaluated")


library.PythonScriptEngine = RefusedScriptEngine
for _name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class _Scope:
    """What a case and its sub-processes have in common."""

    spec: Any
    tasks: dict[UUID, CaseTask]
    task_tree: CaseTask
    top_workflow: Any
    completed: bool

    def begin(self, data: dict[str, object]) -> None:
        """Put the root node in place; it runs with the next turn of the loop."""
        self.task_tree = CaseTask(self, self.spec.start)
        self.task_tree.data = dict(data)
        self.task_tree._set_state(READY)

    def get_tasks_iterator(self, first_task: CaseTask | None = None, **kwargs: object) -> Iterator[CaseTask]:
        """Yield the tasks that match, by a flat scan; there is no limit of depth."""
        for ignored in ("end_at_spec", "max_depth", "depth_first"):
            kwargs.pop(ignored, None)
        skip = kwargs.pop("skip_subprocesses", False)
        wanted: Any = kwargs.pop("task_filter", None) or BpmnTaskFilter(**kwargs)
        tasks = list(self.tasks.values()) if first_task is None else list(first_task.branch())
        for task in tasks:
            if wanted.matches(task):
                yield task
            scope = None if skip else self.top_workflow.subprocesses.get(task.id)
            if scope is not None:
                yield from scope.get_tasks_iterator(task_filter=wanted)

    def live(self) -> list[CaseTask]:
        """Return the unfinished nodes of this scope."""
        return [task for task in self.tasks.values() if not task._state & FINISHED]

    def is_completed(self) -> bool:
        """Tell whether the scope has ended and nothing in it is unfinished."""
        return self.completed and not self.live()

    def cancel_scope(self) -> None:
        """Cancel everything that is unfinished in this scope."""
        self.completed = True
        for task in self.live():
            task.cancel_alone()

    def update_waiting_tasks(self) -> None:
        """Do nothing: what waits is woken by its cause (library hook)."""

    def wake(self) -> bool:
        """Let joins that wait for the rest of the scope have a look; tell whether one has gone on."""
        live = self.live()
        return any(
            task._state == WAITING and task.task_spec.wake(task, live)
            for task in sorted(live, key=lambda task: task.last_state_change)
        )


class SubCase(_Scope, BpmnSubWorkflow):
    """A running embedded sub-process."""

    def finish(self, data: dict[str, object]) -> None:
        """End the sub-process and let its owner go on with what has changed."""
        self.completed = True
        owner = self.top_workflow.get_task_from_id(self.parent_task_id)
        owner.data = carried(owner.data, self.task_tree.data, data)
        owner._set_state(READY)


class Case(_Scope, BpmnWorkflow):
    """A running case: the tree, and what one command makes of it."""

    def __init__(self, spec: object, scopes: dict[str, object], engine: FeelEngine) -> None:
        """Make a case without any node; `begin` or the codec fills it."""
        self.ready: deque[CaseTask] = deque()
        self.sequence = 0
        self.steps = 0
        self.end_event: str | None = None
        self.trail: list[Occurrence] = []
        self.emitted: list[Emitted] = []
        self.called: list[Called] = []
        self.checked: set[UUID] = set()
        self.payload: dict[str, object] = {}
        super().__init__(spec, subprocess_specs=scopes, script_engine=engine, deserializing=True)

    def tick(self) -> int:
        """Return the next number of this case's own order of things."""
        self.sequence += 1
        return self.sequence

    def create_subprocess(self, my_task: CaseTask, spec_name: str) -> SubCase:
        """Open the scope of a sub-process task."""
        scope = SubCase(self.subprocess_specs[spec_name], my_task.id, self, deserializing=True)
        self.subprocesses[my_task.id] = scope
        return scope

    def scopes(self) -> list[_Scope]:
        """Return the case and its running sub-processes, the innermost first."""
        inner = sorted(self.subprocesses.values(), key=lambda scope: scope.depth, reverse=True)
        return [*(scope for scope in inner if not scope.completed), self]

    def find(self, task_id: UUID) -> CaseTask | None:
        """Return the task of that id in the case or any of its sub-processes."""
        for scope in (self, *self.subprocesses.values()):
            found: CaseTask | None = scope.tasks.get(task_id)
            if found is not None:
                return found
        return None

    def drop_scope(self, owner: UUID) -> None:
        """Forget the sub-process of a task, and those inside it."""
        scope = self.subprocesses.pop(owner, None)
        if scope is not None:
            for task_id in scope.tasks:
                self.drop_scope(task_id)

    def finish(self, data: dict[str, object]) -> None:
        """End the case."""
        self.completed = True
        self.data = dict(data)

    def settle(self) -> None:
        """Run everything that needs no person, timer or message.

        Raises: LimitError after 2,000 steps.
        """
        while True:
            self._drain()
            if not any(scope.wake() for scope in self.scopes()):
                return

    def _drain(self) -> None:
        while self.ready:
            task = self.ready.popleft()
            if task._state != READY or task.task_spec.manual:
                continue
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise LimitError(task.task_spec.bpmn_id, what="steps", limit=MAX_STEPS)
            task.run()

    def note(self, kind: str, element: str, name: str, **detail: object) -> None:
        """Add to the trail what the engine has just done."""
        self.trail.append(Occurrence(kind, element, name, detail))
