"""Repairs: an incident's command is tried again once its cause is mended, or the incident is laid aside."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.events import EventDraft
from store.scope import Scope
from store.tables import (
    AnswerDraft,
    Case,
    Incident,
    Message,
    Organization,
    Person,
    RoleGrant,
    Subscription,
    Timer,
    WorkItem,
)
from workflows.administration import LONGEST_REASON, SYSTEM, one_line, reason_of, require, tell
from workflows.advance import lock_case, new_act, note
from workflows.commands import CompleteWorkItem
from workflows.engine.errors import OperationFailedError
from workflows.errors import (
    CaseStuckError,
    InvalidAnswersError,
    NotAllowedError,
    NotFoundError,
    RuleRefusedError,
    StaleVersionError,
)
from workflows.handlers.cases import deliver_message
from workflows.handlers.incidents import CHILD, CLOSED, OPEN
from workflows.handlers.signals import deliver_signal
from workflows.handlers.timers import fire_timer
from workflows.handlers.work_items import complete_work_item
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.statuses import DONE
from workflows.values import json_object

AT_ONCE: Final = 100
_REASON = "a system administrator mends what stopped"


class Outcome(Struct, frozen=True):
    """What came of a retry: it went on, or why not."""

    went_on: bool
    sentence: str = ""


def retry_incident(runtime: Runtime, incident_id: UUID, actor: Actor, reason: str = "") -> Outcome:
    """Try the command of an open incident again, as the person or the product that gave it.

    An event on the case's chain names who asked for it. When the case goes on, the incident is closed.
    Raises: NotAllowedError, NotFoundError, RuleRefusedError (closed, or nothing that can be tried again).
    """
    require(actor, SYSTEM, "incidents")
    attempt = _begin(runtime, incident_id, actor, one_line(reason)[:LONGEST_REASON])
    try:
        outcome = attempt()
    except CaseStuckError as error:
        return Outcome(went_on=False, sentence=error.message)
    except InvalidAnswersError:
        return Outcome(went_on=False, sentence="填写的内容按现在的规则要改：请原来那个人打开，改好再提交")
    except (StaleVersionError, NotAllowedError, NotFoundError):
        outcome = Outcome(went_on=False, sentence="那条待办已经变了：请原来那个人打开再提交一次")
    if outcome.went_on:
        _close(runtime, incident_id, f"{actor.name}重试后走通", actor)
    return outcome


def retry_incidents(
    runtime: Runtime, incident_ids: Iterable[UUID], actor: Actor, reason: str = ""
) -> tuple[int, int]:
    """Try many again, each on its own; returns how many went on and how many did not."""
    require(actor, SYSTEM, "incidents")
    went, stayed = 0, 0
    for incident_id in list(dict.fromkeys(incident_ids))[:AT_ONCE]:
        try:
            went_on = retry_incident(runtime, incident_id, actor, reason).went_on
        except (RuleRefusedError, NotFoundError):
            went_on = False
        went, stayed = went + went_on, stayed + (not went_on)
    return went, stayed


def close_incident(runtime: Runtime, incident_id: UUID, reason: str, actor: Actor) -> None:
    """Lay an incident aside. Raises: NotAllowedError, NotFoundError, RuleRefusedError (nothing else waits)."""
    require(actor, SYSTEM, "incidents")
    told, now = reason_of(reason), runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        incident = _open_incident(session, incident_id)
        if incident.case_id is not None and not _waits_otherwise(session, incident):
            raise RuleRefusedError("这个办件现在只等这一件事，放下就没人管了：排除原因后重试")
        _note(
            runtime, session, incident, actor, now, "incident.closed", f"{actor.name}放下停住的一步：{told}"
        )
        incident.status, incident.closed_at, incident.closed_by = CLOSED, now, actor.person_id
        incident.resolution = told


def _begin(runtime: Runtime, incident_id: UUID, actor: Actor, reason: str) -> Callable[[], Outcome]:
    """Note on the case who tries again, and return what is to be tried."""
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        incident = _open_incident(session, incident_id)
        attempt = _attempt(runtime, session, incident)
        if attempt is None:
            raise RuleRefusedError("这一件不能由系统重做：排除原因后，请当事人再提交一次")
        text = f"{actor.name}重试停住的一步" + (f"：{reason}" if reason else "")
        _note(runtime, session, incident, actor, now, "incident.retried", text)
        return attempt


def _attempt(runtime: Runtime, session: Session, incident: Incident) -> Callable[[], Outcome] | None:
    command = incident.command
    match command.get("kind"):
        case "complete":
            return _completion(runtime, session, incident)
        case "fire":
            return lambda: _fire(runtime, UUID(str(command["timer_id"])), incident.id)
        case "deliver":
            return lambda: _deliver(runtime, UUID(str(command["message_id"])))
        case "signal":
            return lambda: _signal(runtime, UUID(str(command["subscription_id"])))
    message_id = incident.detail.get("message_id")
    message = session.get(Message, UUID(str(message_id))) if message_id else None
    if message is None:
        return None
    message.state = "waiting"
    return lambda: _deliver(runtime, message.id)


def _completion(runtime: Runtime, session: Session, incident: Incident) -> Callable[[], Outcome]:
    """Return the completion as its person gave it; their draft holds the answers."""
    command = incident.command
    item_id, person_id = UUID(str(command["work_item_id"])), UUID(str(command["actor"]))
    item = session.get(WorkItem, item_id)
    if item is None or item.status >= DONE:
        return lambda: Outcome(went_on=True)
    draft = session.scalar(
        select(AnswerDraft).where(AnswerDraft.work_item_id == item_id, AnswerDraft.person_id == person_id)
    )
    given = CompleteWorkItem(
        item_id,
        int(str(command.get("version", item.version))),
        draft.body if draft is not None else {},
        str(command.get("key") or incident.id),
        on_behalf=bool(command.get("on_behalf")),
    )
    if draft is None or given.fingerprint() != command.get("fingerprint"):
        raise RuleRefusedError("当事人后来改过填写的内容，不能替他提交：排除原因后请他再提交一次")
    person = _actor(session, person_id)

    def complete() -> Outcome:
        complete_work_item(runtime, given, person)
        return Outcome(went_on=True)

    return complete


def _fire(runtime: Runtime, timer_id: UUID, incident_id: UUID) -> Outcome:
    fire_timer(runtime, timer_id)
    with runtime.database.read(Scope.everything(_REASON)) as session:
        if session.get(Timer, timer_id) is None:
            return Outcome(went_on=True)
        return Outcome(went_on=False, sentence=session.get_one(Incident, incident_id).message)


def _deliver(runtime: Runtime, message_id: UUID) -> Outcome:
    delivery = deliver_message(runtime, message_id)
    sentences = {"waiting": "还没有办件在等这条消息，有了会自动投递", "incident": "还是投递不了，原因见下"}
    if delivery.state == "delivered":
        return Outcome(went_on=True)
    return Outcome(went_on=delivery.state == "waiting", sentence=sentences.get(delivery.state, ""))


def _signal(runtime: Runtime, subscription_id: UUID) -> Outcome:
    try:
        return Outcome(went_on=deliver_signal(runtime, subscription_id))
    except OperationFailedError:
        return Outcome(went_on=False)


def _actor(session: Session, person_id: UUID) -> Actor:
    """Return the person as they are now; who left or lost the role can no longer act."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        raise RuleRefusedError("当事人的账号已经停用：请同角色的人领取后办理")
    roles = session.scalars(
        select(RoleGrant.role).where(RoleGrant.person_id == person_id, RoleGrant.revoked_at.is_(None))
    )
    home = session.get_one(Organization, person.org_id)
    scope = Scope.everything("a retried command of a person")
    return Actor(person.id, person.name, frozenset(roles), home.id, scope)


def _open_incident(session: Session, incident_id: UUID) -> Incident:
    """Return the incident, locked after its case as all commands do it."""
    case_id = session.scalar(select(Incident.case_id).where(Incident.id == incident_id))
    if case_id is not None:
        lock_case(session, case_id)
    incident = session.get(Incident, incident_id, with_for_update=True)
    if incident is None:
        raise NotFoundError(kind="incident", id=str(incident_id))
    if incident.status != OPEN:
        raise RuleRefusedError("这一件已经处理过了")
    return incident


def _close(runtime: Runtime, incident_id: UUID, resolution: str, actor: Actor) -> None:
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        incident = session.get_one(Incident, incident_id)
        incident.status, incident.closed_at, incident.closed_by = CLOSED, now, actor.person_id
        incident.resolution = resolution


def _note(
    runtime: Runtime,
    session: Session,
    incident: Incident,
    actor: Actor,
    now: datetime,
    kind: str,
    text: str,
) -> None:
    if incident.case_id is None:
        tell(session, ("incident", incident.id), kind, text, actor, now, incident=str(incident.id))
        return
    act = new_act(runtime, session, lock_case(session, incident.case_id), actor, now)
    body = json_object({"text": text, "incident": str(incident.id), "attempts": incident.attempts})
    note(act, EventDraft(kind, incident.element or None, body))


def _lost(incident: Incident) -> str:
    """Return the token whose answer will not come: a case that it waits for was cancelled."""
    return incident.task_id if incident.kind == CHILD else ""


def _waits_otherwise(session: Session, incident: Incident) -> bool:
    """Tell whether the case is over, or waits for something besides this incident."""
    case = session.get(Case, incident.case_id) if incident.case_id else None
    if case is None or case.status != OPEN:
        return True
    others = (
        select(WorkItem.id).where(WorkItem.case_id == case.id, WorkItem.status < DONE),
        select(Timer.id).where(Timer.case_id == case.id, Timer.purpose == "token"),
        select(Subscription.id).where(
            Subscription.case_id == case.id, Subscription.task_id != _lost(incident)
        ),
    )
    return any(session.scalar(query.limit(1)) is not None for query in others)
