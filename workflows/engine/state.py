"""How a case is kept: a few kilobytes of bytes, without its specification.

Layout: `b"W" | format | flags | body`. The body is JSON of arrays; no order of keys means anything in it.
Each task is `[id, parent index, element index, state, changed at, internal data, changed keys, deleted
keys]`, in preorder, its data as the difference to its parent's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any  # a body is JSON of our own making; its shape is this module's knowledge
from uuid import UUID

import orjson

from workflows.engine.environment import FeelEngine
from workflows.engine.errors import LimitError, StateError
from workflows.engine.merge import changes
from workflows.engine.runtime import Case, SubCase
from workflows.engine.specs import Spec
from workflows.engine.tree import FUTURE, READY, CaseTask
from workflows.engine.values import mapping_from_json, to_json

FORMAT = 1
MAX_BYTES = 256 * 1024
_MAGIC = b"W"
_PLAIN = 0
_DIGEST = 16

UPGRADES: Mapping[int, Callable[[list[Any]], list[Any]]] = {}
"""From the body of an older format to the body of the next one; states of every release must decode."""


def encode(case: Case, spec: Spec) -> bytes:
    """Return the bytes of a case.

    Raises: LimitError above 256 KB, StateError for a value that cannot be kept.
    """
    body = [
        spec.version_sha[:_DIGEST],
        case.sequence,
        case.end_event,
        int(case.completed),
        to_json(case.data) if case.completed else {},
        [_scope(case, spec.names[spec.key], spec.key, None)]
        + [
            _scope(scope, spec.names[scope.spec.name], scope.spec.name, owner)
            for owner, scope in case.subprocesses.items()
        ],
    ]
    try:
        source = _MAGIC + bytes((FORMAT, _PLAIN)) + orjson.dumps(body)
    except orjson.JSONEncodeError as error:  # half a surrogate pair in a text
        raise StateError(reason=str(error)) from error
    if len(source) > MAX_BYTES:
        raise LimitError(None, what="state", limit=MAX_BYTES)
    return source


def decode(source: bytes, spec: Spec, engine: FeelEngine) -> Case:
    """Return the case that `encode` wrote, ready to go on.

    Raises: StateError if the bytes are no state, or one of another specification.
    """
    digest, sequence, end_event, completed, data, scopes = body_of(source)
    if digest != spec.version_sha[:_DIGEST]:
        raise StateError(reason="other specification", state=digest, spec=spec.version_sha[:_DIGEST])
    case = Case(spec.scopes[spec.key], dict(spec.scopes), engine)
    for name, owner, tasks in scopes:
        scope = case if owner is None else _open_scope(case, name, UUID(hex=owner))
        _fill(scope, spec.names[name], tasks)
    case.sequence = sequence
    case.end_event = end_event
    case.completed = bool(completed)
    case.data = mapping_from_json(data)
    case.ready.clear()
    return case


def body_of(source: bytes) -> list[Any]:
    """Return the body of a state in today's format. Raises: StateError."""
    if source[:1] != _MAGIC or len(source) < 3 or source[2] != _PLAIN:
        raise StateError(reason="not a state")
    try:
        body: list[Any] = orjson.loads(source[3:])
    except orjson.JSONDecodeError as error:
        raise StateError(reason="not a state") from error
    for version in range(source[1], FORMAT):
        body = UPGRADES[version](body)
    if source[1] > FORMAT or not isinstance(body, list):
        raise StateError(reason="format", format=source[1])
    return body


def _scope(scope: Case | SubCase, names: tuple[str, ...], name: str, owner: UUID | None) -> list[Any]:
    order = {element: n for n, element in enumerate(names)}
    places: dict[UUID, int] = {}
    tasks = []
    for task in scope.task_tree.branch():
        parent = task.parent
        tasks.append(_task(task, parent, -1 if parent is None else places[parent.id], order))
        places[task.id] = len(places)
    return [name, None if owner is None else owner.hex, tasks]


def _task(task: CaseTask, parent: CaseTask | None, place: int, order: Mapping[str, int]) -> list[Any]:
    if task._state in (FUTURE, READY) and not task.task_spec.manual:
        raise StateError(task.task_spec.bpmn_id, reason="unfinished step of the engine")
    changed, deleted = changes({} if parent is None else parent.data, task.data)
    return [
        task.id.hex,
        place,
        order[task.task_spec.name],
        task._state,
        task.last_state_change,
        to_json(task.internal_data) if task.internal_data else 0,
        to_json(changed) if changed else 0,
        deleted or 0,
    ]


def _open_scope(case: Case, name: str, owner: UUID) -> SubCase:
    scope: SubCase = SubCase(case.subprocess_specs[name], owner, case, deserializing=True)
    case.subprocesses[owner] = scope
    return scope


def _fill(scope: Case | SubCase, names: tuple[str, ...], tasks: list[list[Any]]) -> None:
    made: list[CaseTask] = []
    elements = scope.spec.task_specs
    for identity, place, element, state, at, internal, changed, deleted in tasks:
        parent = made[place] if place >= 0 else None
        task = CaseTask(scope, elements[names[element]], parent, state, UUID(hex=identity))
        task.last_state_change = at
        if internal:
            task.internal_data = mapping_from_json(internal)
        data = {} if parent is None else dict(parent.data)
        if changed:
            data.update(mapping_from_json(changed))
        for key in deleted or ():
            data.pop(key, None)
        task.data = data
        made.append(task)
    scope.task_tree = made[0]
