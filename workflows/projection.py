"""Tokens as rows: the difference that a command made to a case's open tokens, written in its transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, func, insert, select, update

from rules.roles import ROLES
from store.plans import Values
from store.prepared import Write, ask, unwatched
from store.tables import (
    Incident,
    Organization,
    Person,
    RoleGrant,
    Subscription,
    Timer,
    WorkItem,
)
from store.types import new_id
from workflows.acts import Act
from workflows.engine import Outcome, Spec, Token
from workflows.errors import NoHolderError, UnknownRoleError
from workflows.messages import AWAITING
from workflows.owing import as_settled, meeting, reminders_of
from workflows.releases import form_digest
from workflows.runtime import SHANGHAI, end_of_day, legal_day
from workflows.signals import awaited_name

POOL, CLAIMED, DONE, VOID = range(4)
NEVER = datetime(9999, 12, 31, tzinfo=SHANGHAI)
WORKING_DAYS = "workdays"
MOVED_ON = "这一步已经走过去了"
"""How an incident ends whose token is open no more."""


def project(act: Act, spec: Spec, outcome: Outcome, finished: str | None) -> list[Write]:
    """Return what writes opened and closed tokens; `finished` is the token whose item is done."""
    writes = [*_closing(act, outcome.closed, finished), *meeting(act, outcome, finished)]
    steps = [token for token in outcome.opened if token.kind == "step"]
    timed = [_timer(act, spec, token) for token in outcome.opened if token.kind == "timer"]
    told = [_subscription(act, token) for token in outcome.opened if token.kind in AWAITING]
    reminded: list[Values] = []
    for item in [as_settled(act, _work_item(act, spec, token)) for token in steps]:
        row = {name: value for name, value in vars(item).items() if name in _COLUMNS}
        writes.append(Write(_INSERT_ITEM, row | {"of_case": item.case_id, "of_step": item.step}))
        reminded += reminders_of(act, item)
    inserts = ((INSERT_TIMER, [*timed, *reminded]), (_INSERT_SUBSCRIPTION, told))
    return [*writes, *(Write(statement, rows) for statement, rows in inserts if rows)]


def _closing(act: Act, closed: Sequence[Token], finished: str | None) -> list[Write]:
    """Return what voids the items of steps that closed unfinished and forgets what the tokens waited for."""
    case_id = act.case.id
    writes: list[Write] = []
    if closed and act.case.had_incident:
        over = {"case": case_id, "at": act.now, "by": act.actor.person_id}
        writes.append(Write(_SETTLED, [over | {"task": token.id} for token in closed]))
    tokens = [(token.kind, {"case": case_id, "task": token.id}) for token in closed]
    if undone := [token for kind, token in tokens if kind == "step" and token["task"] != finished]:
        writes.append(Write(_VOID, [token | {"at": act.now} for token in undone]))
    if timed := [token for kind, token in tokens if kind in ("step", "timer")]:
        writes.append(Write(_NO_TIMERS, timed))
    if told := [token for kind, token in tokens if kind in AWAITING]:
        writes.append(Write(_NO_SUBSCRIPTIONS, told))
    return writes


def _timer(act: Act, spec: Spec, token: Token) -> Values:
    """Return the row of a timer; one that counts working days by itself keeps its text, to be counted anew."""
    due_at = token.due_at or NEVER
    text = str(spec.nodes[token.element]["event"]["text"])
    counted = text if WORKING_DAYS in text else ""
    return {
        "case_id": act.case.id,
        "task_id": token.id,
        "element": token.element,
        "purpose": "token",
        "kind": "",
        "due_at": due_at,
        "expression": counted,
        "calendar_version": act.calendar.version,
        "provisional": token.provisional
        or (counted != "" and act.calendar.is_provisional(legal_day(due_at))),
        "payload": {},
        "set_at": act.now,
    }


def _subscription(act: Act, token: Token) -> Values:
    return {
        "case_id": act.case.id,
        "process": act.case.process,
        "task_id": token.id,
        "element": token.element,
        "name": awaited_name(token),
        "correlation": token.correlation or "",
        "set_at": act.now,
    }


def _work_item(act: Act, spec: Spec, token: Token) -> WorkItem:
    case, session = act.case, act.session
    step = spec.steps[token.element]
    subject = _unit_name(act)
    role = token.role or ""
    assignee_id = _assignee(act, token)
    values = {
        "id": new_id(),
        "case_id": case.id,
        "task_id": token.id,
        "process": case.process,
        "step": token.element,
        "form_sha256": form_digest(session, case.release_id, step.form),
        "title": token.title or token.name,
        "subject": subject,
        "status": CLAIMED if assignee_id else POOL,
        "role": role,
        "holder_id": holder_of(act, role, token.element),
        "assignee_id": assignee_id,
        "deadline_kind": token.deadline_kind,
        "due_on": token.due,
        "due_at": NEVER if token.due is None else end_of_day(token.due),
        "provisional": token.provisional,
        "tags": _tags(act),
        "opened_at": act.now,
        "claimed_at": act.now if assignee_id else None,
        "policy_id": case.policy_id,
        "visit_id": case.visit_id,
        "hazard_id": case.hazard_id,
        **act.owners(),
    }
    return unwatched(WorkItem, values)


def _assignee(act: Act, token: Token) -> UUID | None:
    """Return whom the step is given to; who has left or lost its role gets nothing more, and the pool has it."""
    if not token.assignee:
        return None
    asked = {"person": UUID(token.assignee), "role": token.role}
    return UUID(token.assignee) if ask(act.session, _ABLE, asked) else None


def holder_of(act: Act, role: str, step: str) -> UUID:
    """Return the organization whose people with this role may take the step.

    Raises: UnknownRoleError, NoHolderError.
    """
    if role not in ROLES:
        raise UnknownRoleError(process=act.case.process, step=step, role=role)
    holder = act.holder(role)
    if holder is None:
        raise NoHolderError(role=role, step=step)
    return holder


def _unit_name(act: Act) -> str:
    unit = act.case.policyholder_id
    if act.unit_name is None and unit is not None:
        act.unit_name = next((name for (name,) in ask(act.session, _NAME, {"unit": unit})), None)
    return act.unit_name or act.case.title


def _tags(act: Act) -> list[object]:
    variables = act.case.variables
    tags: list[object] = []
    if act.case.industry not in (None, "", "none"):
        tags.append("high_risk")
    if variables.get("level") == "major" or (variables.get("major_count") or 0) != 0:
        tags.append("major")
    return tags


_VOID = (
    update(WorkItem.__table__)  # type: ignore[arg-type]  # the class's table
    .where(
        WorkItem.case_id == bindparam("case"),
        WorkItem.task_id == bindparam("task"),
        WorkItem.status < DONE,
    )
    .values(status=VOID, done_at=bindparam("at"), version=WorkItem.version + 1)
)
_SETTLED = (  # what stopped a token that has moved on does so no more
    update(Incident.__table__)  # type: ignore[arg-type]  # the class's table
    .where(
        Incident.case_id == bindparam("case"),
        Incident.status == "open",
        Incident.task_id == bindparam("task"),
    )
    .values(
        status="closed",
        closed_at=bindparam("at"),
        closed_by=bindparam("by"),
        resolution=MOVED_ON,
    )
)
_NO_TIMERS = delete(Timer.__table__).where(  # type: ignore[arg-type]  # the class's table
    Timer.case_id == bindparam("case"), Timer.task_id == bindparam("task")
)
_NO_SUBSCRIPTIONS = delete(Subscription.__table__).where(  # type: ignore[arg-type]  # the class's table
    Subscription.case_id == bindparam("case"), Subscription.task_id == bindparam("task")
)
INSERT_TIMER = insert(Timer.__table__)  # type: ignore[arg-type]  # the class's table
_INSERT_SUBSCRIPTION = insert(Subscription.__table__)  # type: ignore[arg-type]  # the class's table
_COLUMNS = frozenset(WorkItem.__table__.columns.keys())
_EARLIER = select(func.count() + 1).where(
    WorkItem.case_id == bindparam("of_case"), WorkItem.step == bindparam("of_step")
)
_INSERT_ITEM = insert(WorkItem.__table__).values(  # type: ignore[arg-type]  # the class's table
    round=_EARLIER.scalar_subquery()
)
_ABLE = (
    select(Person.id)
    .join(RoleGrant, RoleGrant.person_id == Person.id)
    .where(
        Person.id == bindparam("person"),
        Person.active,
        RoleGrant.role == bindparam("role"),
        RoleGrant.revoked_at.is_(None),
    )
)
_NAME = select(Organization.name).where(Organization.id == bindparam("unit"))
