"""Tokens as rows: the difference that a command made to a case's open tokens, written in its transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, bindparam, delete, func, insert, or_, select, update

from store.plans import Values
from store.prepared import Write, ask, unwatched
from store.tables import (
    Incident,
    Organization,
    SignRound,
    Subscription,
    Timer,
    WorkItem,
)
from store.types import new_id
from workflows.acts import Act
from workflows.engine import Outcome, Spec, Token
from workflows.holders import given, holder_of
from workflows.messages import AWAITING
from workflows.owing import as_settled, meeting, reminders_of
from workflows.pinned import form_digest
from workflows.runtime import SHANGHAI, end_of_day, legal_day
from workflows.seating import seated
from workflows.signals import awaited_name
from workflows.statuses import CLAIMED, DONE, POOL, VOID, WAITING

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
    for token in steps:
        item = as_settled(act, _work_item(act, spec, token))
        if token.signers is None:
            writes.append(insertion_of(item))
            reminded += reminders_of(act, item)
            continue
        step = spec.steps[token.element]
        opened, items = seated(act, item, step, token.signers)
        writes += [opened, *(insertion_of(each, further=not n) for n, each in enumerate(items))]
        reminded += [row for each in items if each.status < DONE for row in reminders_of(act, each)]
    inserts = ((INSERT_TIMER, [*timed, *reminded]), (_INSERT_SUBSCRIPTION, told))
    return [*writes, *(Write(statement, rows) for statement, rows in inserts if rows)]


def insertion_of(item: WorkItem, *, further: bool = True) -> Write:
    """Return what writes a new work item; `further` if it is the step's next activation, not one more seat of it."""
    row = {name: value for name, value in vars(item).items() if name in _COLUMNS}
    counted = {"of_case": item.case_id, "of_step": item.step, "further": int(further)}
    return Write(_INSERT_ITEM, row | counted)


def _closing(act: Act, closed: Sequence[Token], finished: str | None) -> list[Write]:
    """Return what voids the items of steps that closed unfinished and forgets what the tokens waited for."""
    case_id = act.case.id
    writes: list[Write] = []
    if closed and act.case.had_incident:
        over = {"case": case_id, "at": act.now, "by": act.actor.person_id}
        writes.append(Write(_SETTLED, [over | {"task": token.id} for token in closed]))
    tokens = [(token.kind, {"case": case_id, "task": token.id}) for token in closed]
    if undone := [token for kind, token in tokens if kind == "step" and token["task"] != finished]:
        over = {"at": act.now, "why": act.void_reason}
        writes.append(Write(_VOID, [token | over for token in undone]))
        writes.append(Write(_VOID_ROUND, [token | {"at": act.now} for token in undone]))
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
    assignee_id, owner_id = _assignee(act, token)
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
        "owner_id": owner_id,
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


def _assignee(act: Act, token: Token) -> tuple[UUID | None, UUID | None]:
    """Return whom the step is given to, who did it before it was returned or whom the diagram names; who answers."""
    chosen = act.heirs.get(token.element) or (UUID(token.assignee) if token.assignee else None)
    return given(act, chosen, token.role or "") if chosen is not None else (None, None)


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
        or_(WorkItem.status < DONE, WorkItem.status == WAITING),
    )
    .values(
        status=VOID,
        done_at=bindparam("at"),
        void_reason=bindparam("why", type_=String()),
        version=WorkItem.version + 1,
    )
)
_VOID_ROUND = (
    update(SignRound.__table__)  # type: ignore[arg-type]  # the class's table
    .where(
        SignRound.case_id == bindparam("case"),
        SignRound.task_id == bindparam("task"),
        SignRound.status == "open",
    )
    .values(status="void", decided_at=bindparam("at"))
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
_EARLIER = select(func.coalesce(func.max(WorkItem.round), 0) + bindparam("further")).where(
    WorkItem.case_id == bindparam("of_case"), WorkItem.step == bindparam("of_step")
)
_INSERT_ITEM = insert(WorkItem.__table__).values(  # type: ignore[arg-type]  # the class's table
    round=_EARLIER.scalar_subquery()
)
_NAME = select(Organization.name).where(Organization.id == bindparam("unit"))
