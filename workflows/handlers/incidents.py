"""Incidents: what could not go on becomes a row that a person repairs, never a traceback."""

from datetime import datetime
from uuid import UUID

from store.scope import Scope
from store.tables import Case, Incident, WorkItem
from workflows.commands import CompleteWorkItem
from workflows.engine import EngineError
from workflows.engine.wording import sentence
from workflows.errors import CaseStuckError
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.values import json_object

_REASON = "an incident is written after its command was rolled back"


def record_incident(
    runtime: Runtime, command: CompleteWorkItem, actor: Actor, error: EngineError, now: datetime
) -> CaseStuckError:
    """Write the incident of a person's command; return the error to raise."""
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        item = session.get(WorkItem, command.work_item_id)
        case_id, task_id = (item.case_id, item.task_id) if item is not None else (None, "")
    body: dict[str, object] = {
        "kind": "complete",
        "work_item_id": str(command.work_item_id),
        "actor": str(actor.person_id),
    }
    return open_incident(runtime, case_id, task_id, body, error, now)


def open_incident(
    runtime: Runtime,
    case_id: UUID | None,
    task_id: str,
    command: dict[str, object],
    error: EngineError,
    now: datetime,
) -> CaseStuckError:
    """Write an incident in a small transaction of its own; the case itself is unchanged."""
    message = sentence(error)
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        incident = Incident(
            case_id=case_id if case_id and session.get(Case, case_id) else None,
            task_id=task_id,
            element=error.element or "",
            kind=error.kind,
            message=message,
            detail=json_object({"facts": sorted(error.facts)}),
            command=json_object(command),
            attempts=1,
            opened_at=now,
        )
        session.add(incident)
        session.flush()
        return CaseStuckError(incident.id, message)
