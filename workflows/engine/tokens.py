"""The tokens of a case, the difference between two moments, and the readable copy of its variables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from workflows.engine.errors import TokenGoneError
from workflows.engine.merge import carried, merged
from workflows.engine.model import Token
from workflows.engine.tree import FINISHED, READY, WAITING

if TYPE_CHECKING:
    from workflows.engine.runtime import Case, SubCase
    from workflows.engine.tree import CaseTask

Data = dict[str, object]
_OUTSIDE = {"timer": "timer", "message": "message", "signal": "message", "condition": "condition"}


def open_tokens(case: Case) -> tuple[Token, ...]:
    """Return every place where the case waits, in the order in which the waiting began."""
    waiting = [
        task
        for scope in (case, *case.subprocesses.values())
        for task in scope.tasks.values()
        if task._state in (READY, WAITING)
    ]
    waiting.sort(key=lambda task: task.last_state_change)
    return tuple(token for task in waiting if (token := _token(task)) is not None)


def find_task(case: Case, token_id: str) -> CaseTask:
    """Return the task of an open token. Raises: TokenGoneError."""
    try:
        task = case.find(UUID(token_id))
    except ValueError as error:
        raise TokenGoneError(None, token=token_id) from error
    if task is None or task._state not in (READY, WAITING) or _token(task) is None:
        raise TokenGoneError(None if task is None else task.task_spec.bpmn_id, token=token_id)
    return task


def difference(
    before: Iterable[Token], after: Iterable[Token]
) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Return the tokens that were opened and closed; what is known of a token stays while it is open."""
    old = {token.id: token for token in before}
    new = {token.id: token for token in after}
    opened = tuple(token for key, token in new.items() if key not in old)
    closed = tuple(token for key, token in old.items() if key not in new)
    return opened, closed


def variables(case: Case) -> Data:
    """Return what the case knows now: the data of all branches, united as their join would."""
    return dict(case.data) if case.completed else known_in(case, case)


def known_in(case: Case, scope: Case | SubCase) -> Data:
    """Return the united data of a scope, from its leaves up to its root.

    Branches in which nothing is unfinished do not count, whether they have been forgotten yet or not.
    """
    views: dict[UUID, Data] = {}
    for task in reversed(list(scope.task_tree.branch())):
        branches = [views[child] for child in task._children if child in views]
        if not branches and task._state & FINISHED and task is not scope.task_tree:
            continue
        inner = case.subprocesses.get(task.id)
        if inner is not None and not task._state & FINISHED:
            branches.append(carried(task.data, inner.task_tree.data, known_in(case, inner)))
        views[task.id] = merged(task.data, branches) if branches else task.data
    return dict(views[scope.task_tree.id])


def _token(task: CaseTask) -> Token | None:
    element, node = task.task_spec, task.task_spec.node
    identity = str(task.id)
    if task._state == READY:  # between commands only a step is ready
        return _step(task, element.bpmn_id, identity)
    event = node.get("event") or {}
    kind = _OUTSIDE.get(event.get("kind", ""))
    if kind is None:
        return None
    return Token(
        identity,
        element.bpmn_id,
        kind,  # type: ignore[arg-type] # one of `_OUTSIDE`
        node["name"],
        due_at=task.internal_data.get("due"),
        message=event.get("name"),
        correlation=task.internal_data.get("correlation"),
        activation=identity,
        signal=event["kind"] == "signal",
    )


def _step(task: CaseTask, element: str, identity: str) -> Token:
    node, facts = task.task_spec.node, task.internal_data.get("facts", {})
    return Token(
        identity,
        element,
        "step",
        node["name"],
        role=facts.get("role") or node["lane"],
        assignee=facts.get("assignee"),
        due=facts.get("due"),
        provisional=facts.get("provisional", False),
        deadline_kind=node["deadline"],
        activation=identity,
        title=facts.get("title"),
        signers=tuple(facts["signers"]) if "signers" in facts else None,
    )
