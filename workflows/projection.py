"""Tokens as rows: the difference that a command made to a case's open tokens, written in its transaction."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update

from rules.deadlines import reminders
from rules.roles import ROLES
from store.search import bigrams
from store.tables import Deadline, Incident, Organization, Subscription, Timer, WorkItem
from workflows.acts import Act
from workflows.engine import Outcome, Spec, Token
from workflows.errors import NoHolderError, UnknownRoleError
from workflows.messages import wake_waiting
from workflows.releases import form_digest
from workflows.runtime import SHANGHAI

POOL, CLAIMED, DONE, VOID = range(4)
NEVER = datetime(9999, 12, 31, tzinfo=SHANGHAI)
REMINDER_HOUR = time(8, 30)


def project(act: Act, spec: Spec, outcome: Outcome, finished: UUID | None) -> list[WorkItem]:
    """Write opened and closed tokens; return the new items. `finished` is the completed item."""
    for token in outcome.closed:
        _close(act, token, finished)
    _settle_incidents(act, [token.id for token in outcome.closed])
    opened = [item for token in outcome.opened if (item := _open(act, spec, token)) is not None]
    act.session.flush()
    for item in opened:
        _plan_reminders(act, item)
    return opened


def _close(act: Act, token: Token, finished: UUID | None) -> None:
    session, case_id = act.session, act.case.id
    if token.kind == "step":
        query = update(WorkItem).where(
            WorkItem.case_id == case_id, WorkItem.task_id == token.id, WorkItem.status < DONE
        )
        if finished is not None:
            query = query.where(WorkItem.id != finished)
        session.execute(query.values(status=VOID, done_at=act.now, version=WorkItem.version + 1))
        session.execute(delete(Timer).where(Timer.case_id == case_id, Timer.task_id == token.id))
    elif token.kind == "timer":
        session.execute(delete(Timer).where(Timer.case_id == case_id, Timer.task_id == token.id))
    else:
        session.execute(
            delete(Subscription).where(Subscription.case_id == case_id, Subscription.task_id == token.id)
        )


def _settle_incidents(act: Act, tokens: list[str]) -> None:
    """Close the incidents of tokens that have moved on: what stopped them does so no more."""
    act.session.execute(
        update(Incident)
        .where(Incident.case_id == act.case.id, Incident.status == "open", Incident.task_id.in_(tokens))
        .values(
            status="closed", closed_at=act.now, closed_by=act.actor.person_id, resolution="这一步已经走过去了"
        )
        .execution_options(synchronize_session=False)
    )


def _open(act: Act, spec: Spec, token: Token) -> WorkItem | None:
    if token.kind == "step":
        return _open_work_item(act, spec, token)
    if token.kind == "timer":
        act.session.add(
            Timer(
                case_id=act.case.id,
                task_id=token.id,
                element=token.element,
                purpose="token",
                due_at=token.due_at or NEVER,
                calendar_version=act.calendar.version,
                provisional=token.provisional,
                set_at=act.now,
            )
        )
        return None
    act.session.add(
        Subscription(
            case_id=act.case.id,
            process=act.case.process,
            task_id=token.id,
            element=token.element,
            name=token.message or "",
            correlation=token.correlation or "",
            set_at=act.now,
        )
    )
    wake_waiting(act, act.case.process, token.message or "", token.correlation or "")
    return None


def _open_work_item(act: Act, spec: Spec, token: Token) -> WorkItem:
    case, session = act.case, act.session
    step = spec.steps[token.element]
    earlier = select(func.count()).where(WorkItem.case_id == case.id, WorkItem.step == token.element)
    subject = _unit_name(act)
    role = token.role or ""
    item = WorkItem(
        case_id=case.id,
        task_id=token.id,
        round=(session.scalar(earlier) or 0) + 1,
        process=case.process,
        step=token.element,
        form_sha256=form_digest(session, case.release_id, step.form),
        title=token.title or token.name,
        subject=subject,
        bigrams=bigrams(f"{subject} {token.name} {case.number}"),
        status=CLAIMED if token.assignee else POOL,
        role=role,
        holder_id=holder_of(act, role, token.element),
        assignee_id=UUID(token.assignee) if token.assignee else None,
        deadline_kind=token.deadline_kind,
        due_on=token.due,
        due_at=NEVER
        if token.due is None
        else datetime.combine(token.due + timedelta(days=1), time(), SHANGHAI),
        provisional=token.provisional,
        tags=_tags(act),
        opened_at=act.now,
        claimed_at=act.now if token.assignee else None,
        policy_id=case.policy_id,
        visit_id=case.visit_id,
        hazard_id=case.hazard_id,
        **act.owners(),
    )
    session.add(item)
    return item


def holder_of(act: Act, role: str, step: str) -> UUID:
    """Return the organization whose people with this role may take the step.

    Raises: UnknownRoleError, NoHolderError.
    """
    if (known := ROLES.get(role)) is None:
        raise UnknownRoleError(process=act.case.process, step=step, role=role)
    case = act.case
    holder = {"provider": case.org_id, "insurer": case.insurer_id, "policyholder": case.policyholder_id}.get(
        known.party
    )
    if holder is None:
        holder = act.session.scalar(
            select(Organization.id).where(Organization.kind == known.party).order_by(Organization.id).limit(1)
        )
    if holder is None:
        raise NoHolderError(role=role, step=step)
    return holder


def _unit_name(act: Act) -> str:
    unit = act.session.get(Organization, act.case.policyholder_id) if act.case.policyholder_id else None
    return unit.name if unit is not None else act.case.title


def _tags(act: Act) -> list[object]:
    variables = act.case.variables
    tags: list[object] = []
    if act.case.industry not in (None, "", "none"):
        tags.append("high_risk")
    if variables.get("level") == "major" or (variables.get("major_count") or 0) != 0:
        tags.append("major")
    return tags


def _plan_reminders(act: Act, item: WorkItem) -> None:
    if item.deadline_kind is None or item.due_on is None:
        return
    deadline = latest_deadline(act, item.deadline_kind)
    kind, anchor = (deadline.kind, deadline.anchor) if deadline else (item.deadline_kind, act.today)
    for reminder in reminders(kind, anchor, item.due_on, act.calendar):
        at = datetime.combine(reminder.on, REMINDER_HOUR, SHANGHAI)
        if at > act.now:
            act.session.add(
                Timer(
                    case_id=act.case.id,
                    task_id=item.task_id,
                    element=item.step,
                    purpose="reminder",
                    kind=kind,
                    due_at=at,
                    calendar_version=act.calendar.version,
                    payload={
                        "work_item_id": str(item.id),
                        "label": reminder.label,
                        "escalate_to": reminder.escalate_to,
                    },
                    set_at=act.now,
                )
            )


def latest_deadline(act: Act, kind: str) -> Deadline | None:
    """Return the case's newest deadline of the kind; `notice` stands for both notice_… kinds."""
    return act.session.scalar(
        select(Deadline)
        .where(
            Deadline.case_id == act.case.id, (Deadline.kind == kind) | Deadline.kind.startswith(f"{kind}_")
        )
        .order_by(Deadline.set_at.desc(), Deadline.id.desc())
        .limit(1)
    )
