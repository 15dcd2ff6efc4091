"""Jobs of signals: find who waits for one, then move each of those cases in a transaction of its own."""

from uuid import UUID

from sqlalchemy import select

from store.events import EventDraft
from store.queue import enqueue_all
from store.scope import Scope
from store.tables import Case, Subscription
from workflows.advance import lock_case, move_case, new_act
from workflows.engine import Deliver
from workflows.engine.errors import OperationFailedError, TokenGoneError
from workflows.handlers.holding import hold
from workflows.handlers.incidents import STOPPING, open_incident
from workflows.people import SYSTEM
from workflows.runtime import Runtime
from workflows.signals import SIGNAL
from workflows.starting import started_by_signal
from workflows.statuses import SUSPENDED

_REASON = "a signal moves cases"


def spread_signal(runtime: Runtime, name: str, sender_id: UUID, key: str) -> None:
    """Queue a job for each case of the sender's organization that waits now, and for each that it begins."""
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        waiting = (
            select(Subscription.id)
            .join(Case, Case.id == Subscription.case_id)
            .where(Subscription.name == SIGNAL + name, Case.org_id == session.get_one(Case, sender_id).org_id)
            .order_by(Subscription.id)
        )
        told = {f"{key}:{one}": {"subscription_id": str(one)} for one in session.scalars(waiting)}
        enqueue_all(session, "deliver_signal", told, run_at=now)
        begun = {
            f"{key}:{process}:{start}": {"process": process, "start": start, "case_id": str(sender_id)}
            for process, start in started_by_signal(session, name)
        }
        keyed = {one: {**args, "key": one} for one, args in begun.items()}
        enqueue_all(session, "begin_by_signal", keyed, run_at=now)


def deliver_signal(runtime: Runtime, subscription_id: UUID) -> bool:
    """Let a case go on that waits for a signal; one that has moved on meanwhile needs it no more.

    False if it could not go on; the incident is written.

    Raises: OperationFailedError, whose cause may pass, so that the job is done again.
    """
    now, case_id, task_id = runtime.now(), None, ""
    try:
        with runtime.database.write(Scope.everything(_REASON), now=now) as session:
            receiver = session.get(Subscription, subscription_id)
            if receiver is None:
                return True
            case_id, task_id = receiver.case_id, receiver.task_id
            act = new_act(runtime, session, lock_case(session, case_id), SYSTEM, now)
            if act.case.status == SUSPENDED:
                hold(session, act.case, "deliver_signal", {"subscription_id": str(subscription_id)})
                return True
            name = receiver.name.removeprefix(SIGNAL)
            head = EventDraft(
                "signal.received", receiver.element, {"text": f"收到信号“{name}”", "name": name}
            )
            move_case(act, Deliver(task_id, {}), head)
    except TokenGoneError:
        return True
    except STOPPING as error:
        told = {"kind": "signal", "subscription_id": str(subscription_id)}
        open_incident(runtime, case_id, task_id, told, error, now)
        if isinstance(error, OperationFailedError):
            raise
        return False
    return True
