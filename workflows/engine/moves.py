"""Moves against the flow: return to an earlier step, move tokens by hand, cancel the case (engine.md §13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any  # Any: a case or a sub-process of it

from workflows.engine.compaction import compact, is_return_point
from workflows.engine.elements.base import SPLIT, STRAIGHT, Element
from workflows.engine.elements.joins import ParallelGateway, reachable
from workflows.engine.environment import FeelEngine
from workflows.engine.errors import MoveError
from workflows.engine.model import Cancel, Host, MoveTokens, Outcome, Return, ReturnPoint, Token
from workflows.engine.runtime import Case, SubCase
from workflows.engine.specs import Spec
from workflows.engine.state import decode, encode
from workflows.engine.tokens import difference, find_task, known_in, open_tokens, variables
from workflows.engine.tree import COMPLETED, READY, WAITING, CaseTask
from workflows.engine.verbs import finish, look

_Place = tuple[Any, Element]
"""A running scope, and the element of it that a token is put on."""


def return_points(spec: Spec, state: bytes, token_id: str) -> tuple[ReturnPoint, ...]:
    """Return the steps that the work of an open token may be returned to, the latest first.

    None is a step in a sibling branch, in an ended sub-process, before a wall or inside a closed join.
    Raises: TokenGoneError.
    """
    return tuple(
        ReturnPoint(str(task.id), task.task_spec.bpmn_id, task.task_spec.bpmn_name)
        for task in _points(find_task(look(spec, state), token_id))
    )


def lost_by(spec: Spec, state: bytes, instruction: Return) -> tuple[Token, ...]:
    """Return the open tokens that a return would close: the preview that the command is bound to (I6)."""
    case = look(spec, state)
    before = open_tokens(case)
    target = _target(case, instruction)
    _clear(target)
    return difference(before, open_tokens(case))[1]


def lost_by_move(spec: Spec, state: bytes, instruction: MoveTokens) -> tuple[Token, ...]:
    """Return the open tokens that a move by hand would close: the preview that the command is bound to (I6).

    Raises: TokenGoneError, MoveError if it would leave nothing to wait for, or a join that waits in vain.
    """
    case = look(spec, state)
    before = open_tokens(case)
    places = _places(case, instruction)
    _cancel_tokens(case, instruction, places)
    _check_alive(case, places)
    return difference(before, open_tokens(case))[1]


def may_go_straight(spec: Spec, state: bytes, instruction: Return) -> bool:
    """Tell whether a returned step may lead straight back: no split, join or sub-process lies between."""
    case = look(spec, state)
    return _is_straight(find_task(case, instruction.token_id), _target(case, instruction))


def move(
    spec: Spec, state: bytes, instruction: Return | MoveTokens | Cancel, host: Host, now: datetime
) -> Outcome:
    """Carry out a move and run the case to its next wait.

    Raises: MoveError if it is not possible, TokenGoneError if a token is not open.
    """
    case = decode(state, spec, FeelEngine(host, now))
    before = open_tokens(case)
    if isinstance(instruction, Cancel):
        return _cancelled(case, spec, before, instruction)
    if isinstance(instruction, Return):
        _return(case, instruction)
    else:
        _move_tokens(case, instruction)
    case.settle()
    _check_alive(case)
    return finish(case, spec, before)


def _points(task: CaseTask) -> Iterator[CaseTask]:
    seen = {task.task_spec.name}
    for ancestor in _lineage(task):
        if is_return_point(ancestor) and ancestor.task_spec.name not in seen:
            seen.add(ancestor.task_spec.name)
            yield ancestor


def _lineage(task: CaseTask) -> Iterator[CaseTask]:
    """Yield the ancestors of a task, out through the sub-processes around it."""
    top = task.workflow.top_workflow
    current: CaseTask | None = task
    while current is not None:
        yield from current.ancestors()
        owner = getattr(current.workflow, "parent_task_id", None)
        current = None if owner is None else top.find(owner)


def _target(case: Case, instruction: Return) -> CaseTask:
    for task in _points(find_task(case, instruction.token_id)):
        if str(task.id) == instruction.activation:
            return task
    raise MoveError(None, reason="return point", activation=instruction.activation)


def _clear(target: CaseTask) -> None:
    """Take back everything that descends from an activation."""
    for child in target.children:
        child.remove()


def _return(case: Case, instruction: Return) -> None:
    target, task = _target(case, instruction), find_task(case, instruction.token_id)
    if instruction.straight is not None and not _is_straight(task, target):
        raise MoveError(task.task_spec.bpmn_id, reason="straight")
    _clear(target)
    element = target.task_spec
    case.note("return", element.bpmn_id, element.bpmn_name, activation=str(target.id))
    entered = _enter(target, element.name)
    if instruction.straight is not None:
        kept = {"to": task.task_spec.name, "assignee": instruction.straight, "data": dict(task.data)}
        entered.internal_data[STRAIGHT] = kept


def _is_straight(task: CaseTask, target: CaseTask) -> bool:
    if task.workflow is not target.workflow or task._state != READY or "index" in task.internal_data:
        return False
    specs = task.workflow.spec.task_specs
    here = task.task_spec.name
    ahead = reachable(specs, target.task_spec.name, {here})
    between = (specs[name] for name in ahead - {here} if here in reachable(specs, name, {here}))
    return here in ahead and not any(one.is_join or "scope" in one.node for one in between)


def _enter(parent: CaseTask, name: str) -> CaseTask:
    """Open an element under a finished task, with its boundary events; returns what was hung there."""
    specs = parent.workflow.spec.task_specs
    child = parent._add_child(specs.get(name + SPLIT) or specs[name])
    child.task_spec._update(child)
    return child


def _move_tokens(case: Case, instruction: MoveTokens) -> None:
    places = _places(case, instruction)
    known = [known_in(case, scope) for scope, _element in places]
    _cancel_tokens(case, instruction, places)
    for (scope, element), data in zip(places, known, strict=True):
        bridge = CaseTask(scope, scope.spec.start, scope.task_tree, COMPLETED)
        bridge.data = dict(data)
        _enter(bridge, element.name)
        case.note("moved", element.bpmn_id, str(element.bpmn_name))


def _places(case: Case, instruction: MoveTokens) -> list[_Place]:
    """Return where the tokens are put: in the process, or in a sub-process that runs.

    Raises: MoveError, also for an element that would be open twice, now or when the moved token comes to it.
    """
    found: list[_Place] = []
    taken = {token.element for token in open_tokens(case) if token.id not in instruction.cancel}
    for name in instruction.start:
        if name in taken:
            raise MoveError(name, reason="open")
        taken.add(name)
        running = [scope for scope in case.scopes() if name in scope.spec.task_specs]
        element = running[0].spec.task_specs[name] if len(running) == 1 else None
        if element is None or element.is_join or element.is_boundary or element.bpmn_id != name:
            raise MoveError(name, reason="start")
        found.append((running[0], element))
    for scope, element in found:
        kept = (task for task in scope.live() if str(task.id) not in instruction.cancel)
        for twice in _doubled(
            scope, element, [task.task_spec for task in kept if not task.task_spec.is_watch]
        ):
            raise MoveError(twice.bpmn_id, reason="surplus")
    return found


def _doubled(scope: Case | SubCase, begun: Element, kept: Iterable[Element]) -> Iterator[Element]:
    """Yield what keeps its token and would get another one by a fork that the moved token comes to.

    A join that the kept token still comes to holds the moved one back, so nothing behind it counts.
    """
    specs = scope.spec.task_specs
    joins = {one.name for one in specs.values() if isinstance(one, ParallelGateway) and len(one.incoming) > 1}
    for other in kept:
        held = joins & reachable(specs, other.name)
        ways = {begun.name, *reachable(specs, begun.name, held)} - held
        forks = [name for name in ways if specs[name].is_join and len(specs[name].flows) > 1]
        if any(other.name in reachable(specs, fork, held) for fork in forks):
            yield other


def _cancel_tokens(case: Case, instruction: MoveTokens, places: list[_Place]) -> None:
    """Cancel tokens, and the sub-processes in which nothing is left to do."""
    for token_id in instruction.cancel:
        _cancel(find_task(case, token_id))
    entered = [scope for scope, _element in places]
    for scope in case.scopes():
        is_idle = all(task.task_spec.is_watch for task in scope.live())
        if isinstance(scope, SubCase) and is_idle and not any(scope is one for one in entered):
            _cancel(case.get_task_from_id(scope.parent_task_id))


def _cancel(task: CaseTask) -> None:
    if "index" in task.internal_data:
        raise MoveError(task.task_spec.bpmn_id, reason="instance")
    task.cancel()
    task.task_spec._disarm(task)


def _check_alive(case: Case, places: list[_Place] | None = None) -> None:
    """Refuse a move that leaves a scope without token or a join that waits in vain (I1, I4).

    `places` are where tokens are still to be put.
    """
    for scope in (case, *case.subprocesses.values()):
        coming = tuple(element.name for one, element in places or () if one is scope)
        if not scope.completed and not scope.live() and not coming:
            raise MoveError(None, reason="empty")
        for name in _starving(scope, coming):
            raise MoveError(name, reason="join")


def _starving(scope: Case | SubCase, begun: tuple[str, ...]) -> Iterator[str]:
    """Yield the joins that a token waits in or comes to, and that not every way will lead to."""
    live = scope.live()
    specs = scope.spec.task_specs
    for join in specs.values():
        if not isinstance(join, ParallelGateway):
            continue
        waiting = [task for task in live if task.task_spec is join and task._state == WAITING]
        here = {task.internal_data["flow"] for task in waiting}
        others = [*begun, *(other.task_spec.name for other in live if other.task_spec is not join)]
        coming = {flow for name in others for flow in _flows_into(specs, name, join)}
        if (here or coming) and not join.incoming <= here | coming:
            yield join.name


def _flows_into(specs: dict[str, object], source: str, join: ParallelGateway) -> Iterator[str]:
    """Yield the ways into a join that can still be taken from an element."""
    for name in (source, *reachable(specs, source, {join.name})):  # type: ignore[arg-type] # elements of the scope
        for flow in specs[name].flows:  # type: ignore[attr-defined] # the same
            if flow.id in join.incoming:
                yield flow.id


def _cancelled(case: Case, spec: Spec, before: tuple[Token, ...], instruction: Cancel) -> Outcome:
    known = variables(case)
    case.cancel_scope()
    case.finish(known)
    case.note("cancelled", spec.key, spec.name, reason=instruction.reason)
    compact(case)
    return Outcome(
        state=encode(case, spec),
        tokens=(),
        opened=(),
        closed=before,
        variables=known,
        trail=tuple(case.trail),
        emitted=(),
        status="cancelled",
        end_event=None,
    )
