"""Incidents: what could not go on becomes a row that a person repairs, never a traceback."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from rules.roles import ROLES
from store.queue import MAX_ATTEMPTS, backoff
from store.scope import Scope
from store.tables import Case, Incident, Subscription, Timer, WorkItem
from store.types import FAR_FUTURE
from workflows.acts import Act
from workflows.commands import CompleteWorkItem
from workflows.engine import EngineError
from workflows.engine.wording import sentence
from workflows.errors import CaseStuckError, NoHolderError, UnknownRoleError
from workflows.people import Actor
from workflows.projection import MOVED_ON
from workflows.runtime import Runtime
from workflows.statuses import DONE
from workflows.values import json_object

OPEN: Final = "open"
CLOSED: Final = "closed"
CHILD: Final = "child"
"""The kind of an incident that tells of a case below which somebody cancelled."""
Stopping = EngineError | NoHolderError | UnknownRoleError
STOPPING: Final = (EngineError, NoHolderError, UnknownRoleError)
"""What stops a case: the engine's errors, and a step that nobody could be given."""

_LOCKED_CASE = select(Case.id).where(Case.id == bindparam("case")).with_for_update(key_share=True)
_REASON = "an incident is written after its command was rolled back"


def record_incident(
    runtime: Runtime, command: CompleteWorkItem, actor: Actor, error: Stopping, now: datetime
) -> CaseStuckError:
    """Write the incident of a person's command; return the error to raise.

    The answers stay in the person's draft; the digest tells later whether it is still the same one.
    """
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        item = session.get(WorkItem, command.work_item_id)
        case_id, task_id = (item.case_id, item.task_id) if item is not None else (None, "")
    body: dict[str, object] = {
        "kind": "complete",
        "work_item_id": str(command.work_item_id),
        "actor": str(actor.person_id),
        "version": command.version,
        "key": command.key,
        "on_behalf": command.on_behalf,
        "fingerprint": command.fingerprint(),
    }
    return open_incident(runtime, case_id, task_id, body, error, now)


def open_incident(
    runtime: Runtime,
    case_id: UUID | None,
    task_id: str,
    command: Mapping[str, object],
    error: Exception,
    now: datetime,
) -> CaseStuckError:
    """Write an incident in a small transaction of its own; the case itself is unchanged.

    The same command failing again at the same place is the same incident, tried once more. A timer is tried again
    by the product, after growing pauses; after the last try it waits for a person. What has moved on meanwhile,
    by somebody else's command, is stopped by nothing: its incident is over as soon as it is written.
    """
    message = why_stopped(error)
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        known_case = session.scalar(_LOCKED_CASE, {"case": case_id})
        has_moved_on = known_case is not None and task_id != "" and not _waits(session, known_case, task_id)
        incident = _known(session, case_id, task_id, command)
        if incident is None:
            session.execute(update(Case).where(Case.id == known_case).values(had_incident=True))
            incident = Incident(case_id=known_case, task_id=task_id, attempts=0, opened_at=now)
            session.add(incident)
        if has_moved_on:
            incident.status, incident.closed_at, incident.resolution = CLOSED, now, MOVED_ON
        incident.element, incident.kind = _place(error), _kind(error)
        incident.message = message
        incident.detail = json_object(
            {"facts": sorted(getattr(error, "facts", {})), "error": type(error).__name__}
        )
        incident.command = json_object(command)
        incident.attempts += 1
        if command["kind"] == "fire":
            is_dead = incident.attempts >= MAX_ATTEMPTS
            incident.next_retry_at = FAR_FUTURE if is_dead else now + backoff(incident.attempts)
        session.flush()
        return CaseStuckError(incident.id, message)


def settle_incident(act: Act, task_id: str, command: Mapping[str, object]) -> None:
    """Close the incident of a command that went well, where no token closes with it."""
    incident = _known(act.session, act.case.id, task_id, command)
    if incident is not None:
        incident.status, incident.closed_at, incident.resolution = CLOSED, act.now, "再试一次就成了"


def _known(
    session: Session, case_id: UUID | None, task_id: str, command: Mapping[str, object]
) -> Incident | None:
    """Return the open incident of this very command, whoever gave it."""
    found = session.scalars(
        select(Incident)
        .where(Incident.case_id == case_id, Incident.status == OPEN, Incident.task_id == task_id)
        .order_by(Incident.id)
        .with_for_update()
    )
    names = ("kind", "work_item_id", "timer_id", "message_id", "subscription_id")
    wanted = [command.get(name) for name in names]
    return next((row for row in found if [row.command.get(name) for name in names] == wanted), None)


def _waits(session: Session, case_id: UUID, task_id: str) -> bool:
    """Tell whether a token still waits, for a person, a moment or a message."""
    of_token = [
        select(row.task_id).where(row.case_id == case_id, row.task_id == task_id)
        for row in (WorkItem, Timer, Subscription)
    ]
    of_token[0] = of_token[0].where(WorkItem.status < DONE)
    return any(session.scalar(asked.limit(1)) is not None for asked in of_token)


def _kind(error: Exception) -> str:
    match error:
        case EngineError():
            return error.kind
        case NoHolderError() | UnknownRoleError():
            return "holder"
        case _:
            return "service"


def _place(error: Exception) -> str:
    match error:
        case EngineError():
            return error.element or ""
        case NoHolderError() | UnknownRoleError():
            return error.step
        case _:
            return ""


def why_stopped(error: Exception) -> str:
    """Return in words why a case stops."""
    match error:
        case EngineError():
            return sentence(error)
        case NoHolderError():
            title = ROLES[error.role].title if error.role in ROLES else error.role
            return f"下一步归“{title}”办，可是没有登记这样的机构。请安全管理员先建机构和账号，再重试。"
        case UnknownRoleError():
            return "下一步的角色系统里没有。请流程管理员改流程图，再重试。"
        case _:
            return "系统自己出了错，这一步没有做成；会再试几次，还不成请联系技术支持。"
