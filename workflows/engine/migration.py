"""Moving a case to a newer release of its process: allowed where nothing that it holds has changed."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from workflows.engine.elements.joins import ParallelGateway
from workflows.engine.runtime import Case, SubCase
from workflows.engine.specs import Spec
from workflows.engine.state import encode
from workflows.engine.tree import FINISHED, CaseTask
from workflows.engine.verbs import look

_FREE = frozenset({"name", "doc", "flows", "form", "title", "article"})
"""What of an element may change under a task: words, the form's version, and where it leads next."""


class Obstacle(Struct, frozen=True):
    """Why a case cannot be moved: the element that it holds and what has become of it."""

    element: str | None
    reason: str
    message_zh: str


class Migration(Struct, frozen=True):
    """The preview and, where there are no obstacles, the state under the new specification."""

    obstacles: tuple[Obstacle, ...]
    state: bytes | None


def migrate(old: Spec, new: Spec, state: bytes) -> Migration:
    """Return the state of a case under another specification of the same process, or what stands against it.

    Ids of tasks and tokens stay; nothing that was decided or reckoned is done again.
    """
    case = look(old, state)
    obstacles = tuple(_obstacles(case, old, new))
    if obstacles:
        return Migration(obstacles, None)
    for scope in (case, *case.subprocesses.values()):
        scope.spec = new.scopes[_name(scope)]
        for task in scope.tasks.values():
            task.task_spec = scope.spec.task_specs[task.task_spec.name]
    return Migration((), encode(case, new))


def _name(scope: Case | SubCase) -> str:
    return str(scope.spec.name)


def _obstacles(case: Case, old: Spec, new: Spec) -> Iterator[Obstacle]:
    if old.key != new.key:
        yield Obstacle(None, "process", f"新版本是另一个流程“{new.key}”，不是“{old.key}”。")
        return
    for scope in (case, *case.subprocesses.values()):
        if _name(scope) not in new.scopes:
            yield Obstacle(_name(scope), "removed", f"新版本里没有子流程“{_name(scope)}”，而此单正在其中。")
            continue
        yield from _unwatched(scope, new)
        told: set[str] = set()
        for task in scope.tasks.values():
            obstacle = _obstacle(task, new)
            if obstacle is not None and task.task_spec.name not in told:
                told.add(task.task_spec.name)
                yield obstacle


def _unwatched(scope: Case | SubCase, new: Spec) -> Iterator[Obstacle]:
    """Yield an obstacle for each event sub-process that this scope, begun before, does not wait for."""
    for name, element in new.scopes[_name(scope)].task_specs.items():
        if element.is_watch and name not in scope.spec.task_specs:
            yield Obstacle(
                element.bpmn_id,
                "added",
                f"新版本加了事件子流程“{element.bpmn_name}”，而此单开始时没有等它的事件。",
            )


def _obstacle(task: CaseTask, new: Spec) -> Obstacle | None:
    element = task.task_spec
    other = new.scopes[_name(task.workflow)].task_specs.get(element.name)
    name, identity = element.bpmn_name or element.name, element.bpmn_id
    if other is None:
        return Obstacle(identity, "removed", f"新版本里没有“{name}”，而此单停在那里或要用到它。")
    if type(other) is not type(element) or _bound(other.node) != _bound(element.node):
        return Obstacle(identity, "changed", f"“{name}”在新版本里改过，而此单停在那里或要用到它。")
    if task._state & FINISHED and len(task._children) > 1 and other.flows != element.flows:
        return Obstacle(identity, "changed", f"“{name}”分出的路在新版本里改过，而此单正走在其中。")
    if isinstance(element, ParallelGateway) and element.incoming != other.incoming:
        return Obstacle(identity, "changed", f"“{name}”要等的路在新版本里改过，而此单正等在那里。")
    return None


def _bound(node: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in node.items() if key not in _FREE}
