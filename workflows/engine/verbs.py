"""The verbs: start a case, advance it, look at it. Bytes in, bytes out; no database, no clock, no user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NoReturn

import feel
from workflows.engine.compaction import compact
from workflows.engine.environment import FeelEngine
from workflows.engine.errors import DataError, StandstillError, TokenGoneError
from workflows.engine.facets import EVENT_SUBPROCESS
from workflows.engine.model import Complete, Deliver, Fire, Host, Instruction, Outcome, StartDue, Token
from workflows.engine.runtime import Case
from workflows.engine.specs import Spec
from workflows.engine.state import decode, encode
from workflows.engine.timing import due
from workflows.engine.tokens import difference, find_task, open_tokens, variables
from workflows.engine.tree import READY, WAITING, CaseTask
from workflows.engine.values import plain_mapping


class NoHost:
    """A host for looking at a case: nothing is evaluated or called then."""

    def __init__(self, functions: feel.Host | None = None) -> None:
        """Lend these functions to expressions."""
        self.feel = functions or feel.Host()

    def call(self, operation: str, inputs: dict[str, object], element: str) -> NoReturn:  # noqa: ARG002 - protocol
        """Refuse."""
        raise DataError(element, reason="no host", path=operation)

    def decision(self, name: str) -> NoReturn:
        """Refuse."""
        raise DataError(reason="no host", path=name)


def start(
    spec: Spec,
    data: Mapping[str, object],
    host: Host,
    now: datetime,
    start_id: str | None = None,
    answers: Mapping[str, object] | None = None,
) -> Outcome:
    """Begin a case and run it to its first wait.

    `data` becomes its variables; `start_id` names the start event where there are several; `answers` are those of
    its form.
    """
    case = Case(spec.scopes[spec.key], dict(spec.scopes), FeelEngine(host, now))
    case.payload = plain_mapping(answers or {}, "answers.")
    case.begin(plain_mapping(data))
    case.task_tree.internal_data["start"] = _start_event(spec, start_id)
    return finish(case, spec, ())


def start_due(spec: Spec, start_id: str, functions: feel.Host, now: datetime) -> StartDue:
    """Return when a start event that waits for an instant is due next, and how often it is in all.

    Raises: ExpressionError.
    """
    event = spec.nodes[start_id]["event"]
    told = due(event["form"], event["text"], {}, FeelEngine(NoHost(functions), now), start_id)
    return StartDue(told.at, told.rounds)


def advance(spec: Spec, state: bytes, instruction: Instruction, host: Host, now: datetime) -> Outcome:
    """Carry out one instruction and run the case to its next wait.

    Raises: TokenGoneError if the token is not open; any EngineError leaves the given state as the case's own.
    """
    case = decode(state, spec, FeelEngine(host, now))
    before = open_tokens(case)
    task = find_task(case, instruction.token_id)
    if isinstance(instruction, Complete):
        complete_task(case, task, plain_mapping(instruction.answers, "answers."))
    else:
        _happen(task, instruction)
    return finish(case, spec, before)


def peek(spec: Spec, state: bytes) -> tuple[Token, ...]:
    """Return the open tokens of a case."""
    return open_tokens(look(spec, state))


def known(spec: Spec, state: bytes) -> Mapping[str, object]:
    """Return the variables of a case, in the kinds that its expressions see."""
    return variables(look(spec, state))


def look(spec: Spec, state: bytes) -> Case:
    """Return the case of a state for reading."""
    return decode(state, spec, FeelEngine(NoHost(), datetime(1, 1, 1, tzinfo=UTC)))


def finish(case: Case, spec: Spec, before: tuple[Token, ...]) -> Outcome:
    """Run to the next wait, forget what is done with, and say what has changed.

    Raises: StandstillError if nothing is left to wait for and the case has not ended.
    """
    case.settle()
    compact(case)
    after = open_tokens(case)
    if not case.completed and all(spec.nodes[token.element]["type"] == EVENT_SUBPROCESS for token in after):
        raise StandstillError(_waiting_join(case))
    opened, closed = difference(before, after)
    waiting = {token.id for token in opened}  # a call that something has ended at once is none
    return Outcome(
        state=encode(case, spec),
        tokens=after,
        opened=opened,
        closed=closed,
        variables=variables(case),
        trail=tuple(case.trail),
        emitted=tuple(case.emitted),
        status="completed" if case.completed else "open",
        end_event=case.end_event if case.completed else None,
        called=tuple(call for call in case.called if call.token_id in waiting),
    )


def complete_task(case: Case, task: CaseTask, answers: dict[str, object]) -> None:
    """Finish a step with its answers. Raises: TokenGoneError if the token is no step."""
    if task._state != READY:
        raise TokenGoneError(task.task_spec.bpmn_id, token=str(task.id), reason="kind")
    case.payload = answers
    task.run()
    case.payload = {}


def _waiting_join(case: Case) -> str | None:
    waiting = (task.task_spec for scope in case.scopes() for task in scope.live())
    return next((element.bpmn_id for element in waiting if element.is_join and element.bpmn_id), None)


def _happen(task: CaseTask, instruction: Fire | Deliver) -> None:
    event = task.task_spec.node.get("event") or {}
    wanted = ("timer",) if isinstance(instruction, Fire) else ("message", "signal")
    if task._state != WAITING or event.get("kind") not in wanted:
        raise TokenGoneError(task.task_spec.bpmn_id, token=instruction.token_id, reason="kind")
    if isinstance(instruction, Deliver):
        task.internal_data["payload"] = plain_mapping(instruction.payload, "payload.")
    task.task_spec.fire(task)


def _start_event(spec: Spec, start_id: str | None) -> str:
    if start_id is not None:
        if start_id not in spec.starts:
            raise DataError(start_id, reason="start", path="start_id")
        return start_id
    if len(spec.starts) == 1:
        return next(iter(spec.starts))
    plain = [point.id for point in spec.starts.values() if point.kind == "none"]
    if len(plain) != 1:
        raise DataError(spec.key, reason="start", path="start_id")
    return plain[0]
