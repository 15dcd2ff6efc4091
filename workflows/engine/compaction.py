"""What is forgotten between two commands: a tree that only grows dies of its depth.

Gone are ended sub-processes, finished ends of branches, and finished tasks in the middle of a line. Pinned
are roots, what is unfinished, every place where a branch was split (it has two children), what follows a
boundary event (an interruption would take its flow for the activity's own work), and the newest activation
of each step that work may still be returned to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.engine.facets import STEPS
from workflows.engine.tree import COMPLETED, FINISHED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from workflows.engine.runtime import Case, SubCase
    from workflows.engine.tree import CaseTask


def compact(case: Case) -> None:
    """Take out of the tree what nothing will read again."""
    for owner in list(case.subprocesses):
        if owner in case.subprocesses and _has_ended(case, owner):
            case.drop_scope(owner)
    for scope in (case, *case.subprocesses.values()):
        _prune(scope)
        _splice(scope)


def is_return_point(task: CaseTask) -> bool:
    """Tell whether work may be returned to this task: a step without a wall or closed join behind it."""
    return (
        task._state == COMPLETED
        and task.task_spec.node.get("type") in STEPS
        and not task.task_spec.is_owner
        and "index" not in task.internal_data
        and "shut" not in task.internal_data
    )


def _has_ended(case: Case, owner: UUID) -> bool:
    task = case.find(owner)
    return task is None or bool(task._state & FINISHED)


def _prune(scope: Case | SubCase) -> None:
    """Remove finished leaves, and what becomes one by that."""
    pending = [task for task in scope.tasks.values() if not task._children]
    while pending:
        task = pending.pop()
        parent = task.parent
        if parent is None or not task._state & FINISHED:
            continue
        parent._children.remove(task.id)
        del scope.tasks[task.id]
        if not parent._children:
            pending.append(parent)


def _splice(scope: Case | SubCase) -> None:
    kept = _newest_activations(scope)
    for task in list(scope.tasks.values()):
        parent = task.parent
        if parent is None or parent.task_spec.is_split or task.id in kept:
            continue
        if task._state != COMPLETED or len(task._children) != 1:
            continue
        child = scope.tasks[task._children[0]]
        child._parent = parent.id
        parent._children[parent._children.index(task.id)] = child.id
        del scope.tasks[task.id]


def _newest_activations(scope: Case | SubCase) -> set[UUID]:
    """Return the ids of the return points that are the last of their step before some open task."""
    kept: set[UUID] = set()
    for leaf in scope.tasks.values():
        if not leaf._children:
            kept.update(_newest(leaf.ancestors()))
    return kept


def _newest(lineage: Iterable[CaseTask]) -> set[UUID]:
    seen: set[str] = set()
    kept: set[UUID] = set()
    for task in lineage:
        if is_return_point(task) and task.task_spec.name not in seen:
            seen.add(task.task_spec.name)
            kept.add(task.id)
    return kept
