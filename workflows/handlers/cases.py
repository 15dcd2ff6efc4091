"""Commands on cases: open one, deliver a message to one, send one a message by hand."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from forms.validate import check
from store.events import EventDraft
from store.scope import Scope
from store.tables import Case, Incident, Message, Subscription
from workflows.advance import lock_case, move_case, new_act
from workflows.answering import sending_context
from workflows.commands import SendToCase
from workflows.engine import Deliver
from workflows.engine.errors import OperationFailedError, TokenGoneError
from workflows.errors import (
    AnswersRefusedError,
    CaseStuckError,
    InvalidAnswersError,
    NotAllowedError,
    NotFoundError,
)
from workflows.evidence import bind_files
from workflows.handlers.holding import hold
from workflows.handlers.incidents import STOPPING, open_incident
from workflows.handlers.keys import remember, remembered
from workflows.messages import look_again, message_by_id, payload_of, receivers
from workflows.people import SYSTEM, Actor
from workflows.reading import require_visible
from workflows.releases import form_digest, form_of, spec_of
from workflows.runtime import Runtime
from workflows.starting import begin_by_message
from workflows.statuses import SUSPENDED
from workflows.values import json_object

_REASON = "a message moves a case"


class Delivery(Struct, frozen=True):
    """What became of a message."""

    state: str
    case_id: UUID | None


def deliver_message(runtime: Runtime, message_id: UUID) -> Delivery:
    """Hand a message to the case that waits for it, or keep it; several receivers are an incident."""
    now = runtime.now()
    case_id, task_id = None, ""
    try:
        with runtime.database.write(Scope.everything(_REASON), now=now) as session:
            message = message_by_id(session, message_id)
            if message is None:
                return Delivery("delivered", None)
            found = receivers(session, message)
            if not found:
                return _begin_or_keep(runtime, session, message, now)
            if len(found) > 1:
                return _ambiguous(session, message, found)
            case_id, task_id = found[0].case_id, found[0].task_id
            return _hand_over(runtime, session, message, found[0], now)
    except TokenGoneError:  # the receiver has moved on since it was found
        _try_later(runtime, message_id, now)
        return Delivery("waiting", None)
    except STOPPING as error:
        told = {"kind": "deliver", "message_id": str(message_id)}
        open_incident(runtime, case_id, task_id, told, error, now)
        if isinstance(error, OperationFailedError):  # its cause may pass by itself
            _try_later(runtime, message_id, now)
        return Delivery("incident", case_id)


def _begin_or_keep(runtime: Runtime, session: Session, message: Message, now: datetime) -> Delivery:
    begun = begin_by_message(runtime, session, message, now)
    if begun is None:
        look_again(session, message, now)
        return Delivery("waiting", None)
    message.state, message.delivered_at, message.receiver_case_id = "delivered", now, begun
    return Delivery("delivered", begun)


def _try_later(runtime: Runtime, message_id: UUID, now: datetime) -> None:
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        if (message := message_by_id(session, message_id)) is not None:
            look_again(session, message, now)


def _hand_over(
    runtime: Runtime, session: Session, message: Message, receiver: Subscription, now: datetime
) -> Delivery:
    case = lock_case(session, receiver.case_id)
    if case.status == SUSPENDED:
        hold(session, case, "deliver_message", {"message_id": str(message.id)})
        return Delivery("waiting", case.id)
    message.state, message.delivered_at, message.receiver_case_id = "delivered", now, case.id
    act, payload = new_act(runtime, session, case, SYSTEM, now), payload_of(message)
    head = EventDraft(
        "message.received",
        receiver.element,
        {
            "text": _heard(spec_of(session, case.release_id), receiver),
            "name": message.name,
            "payload": json_object(payload),
        },
    )
    move_case(act, Deliver(receiver.task_id, payload), head)
    return Delivery("delivered", case.id)


def _heard(spec: object, receiver: Subscription) -> str:
    event = getattr(spec, "events", {}).get(receiver.element)
    return f"收到：{event.name}" if event is not None and event.name else "收到消息"


def _ambiguous(session: Session, message: Message, found: list[Subscription]) -> Delivery:
    message.state = "incident"
    session.add(
        Incident(
            case_id=found[0].case_id,
            element=found[0].element,
            kind="message",
            message=f"有多个办件在等同一条消息“{message.name}”（{message.correlation}），没有投递",
            detail={"message_id": str(message.id)},
            opened_at=message.sent_at,
        )
    )
    return Delivery("incident", None)


def send_to_case(runtime: Runtime, command: SendToCase, actor: Actor) -> UUID:
    """Send a case the message that one of its events waits for, with the answers of that event's form.

    Raises: NotFoundError (also when the case waits for it no more), NotAllowedError, InvalidAnswersError,
    CommandKeyConflictError, CaseStuckError (an incident waits; nothing was changed).
    """
    now = runtime.now()
    require_visible(runtime, Case, command.case_id, actor, "case")
    try:
        with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
            case = lock_case(session, command.case_id)
            if (earlier := remembered(session, actor, command.key, command.fingerprint())) is not None:
                return earlier
            _send(runtime, session, case, command, actor)
            remember(session, actor, command.key, command.fingerprint(), case.id, now)
            return case.id
    except TokenGoneError as error:
        raise _no_subscription(command) from error
    except STOPPING as error:
        if isinstance(error.__cause__, AnswersRefusedError):
            raise InvalidAnswersError(error.__cause__.errors, command.answers) from error
        if isinstance(error.__cause__, OperationalError):
            raise error.__cause__ from None  # the database is busy or away: no matter of the case
        raise _stuck(runtime, command, error, now) from error


def _no_subscription(command: SendToCase) -> NotFoundError:
    return NotFoundError(kind="subscription", id=str(command.subscription_id))


def _stuck(runtime: Runtime, command: SendToCase, error: Exception, now: datetime) -> CaseStuckError:
    """Write the incident of what waited for the message, so that it ends when that has moved on."""
    with runtime.database.read(Scope.everything(_REASON)) as session:
        waiting = session.get(Subscription, command.subscription_id)
    told = {"kind": "send", "subscription_id": str(command.subscription_id)}
    return open_incident(runtime, command.case_id, waiting.task_id if waiting else "", told, error, now)


def _send(runtime: Runtime, session: Session, case: Case, command: SendToCase, actor: Actor) -> None:
    subscription = session.get(Subscription, command.subscription_id)
    if subscription is None or subscription.case_id != case.id:
        raise _no_subscription(command)
    event = spec_of(session, case.release_id).events.get(subscription.element)
    if event is None or not event.form or not may_send(case, event.roles, actor):
        raise NotAllowedError("send", subscription.name)
    act = new_act(runtime, session, case, actor, runtime.now())
    form = form_of(session, form_digest(session, case.release_id, event.form))
    checked = check(form, command.answers, sending_context(act))
    if checked.errors:
        raise InvalidAnswersError(checked.errors, command.answers)
    bind_files(act, checked.answers)
    head = EventDraft(
        "message.sent",
        subscription.element,
        {"text": f"{actor.name}：{event.name}", "answers": json_object(checked.answers)},
    )
    move_case(act, Deliver(subscription.task_id, checked.answers), head)


def may_send(case: Case, roles: tuple[str, ...], actor: Actor) -> bool:
    """Tell whether a person may send a message whose event names these roles to this case."""
    parties = {case.org_id, case.insurer_id, case.policyholder_id}
    return bool(actor.roles & set(roles)) and actor.org_id in parties
