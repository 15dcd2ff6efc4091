"""What a case above hears of one that was cancelled: what its diagram allows, else an incident for a person."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables import Case, Incident, Message, Subscription
from workflows.acts import Act, Outgoing
from workflows.advance import lock_case
from workflows.calls import KEY, call_ended, is_call
from workflows.engine import Spec
from workflows.handlers.incidents import CHILD
from workflows.messages import KEPT, as_sent
from workflows.pinned import spec_of
from workflows.statuses import RUNNING
from workflows.values import json_object

CANCELLED = "cancelled"
_STATUS = "payload.status"


def tell_parent(act: Act, reason: str) -> None:
    """Tell the case above, before the act's own ends.

    A call whose outputs read how the called case ended gets its answer. Otherwise an incident waits there: a retry
    sends what the cancelled case would have sent at its end, if the case above waits for that; else it tells only.
    """
    parent = lock_case(act.session, act.case.parent_case_id) if act.case.parent_case_id else None
    if parent is None or parent.status not in RUNNING:
        return
    if is_call(act.case):
        waiting = _caller(act.session, parent.id, act.case)
        if waiting is None:  # the call was interrupted: nobody waits
            return
        answer = call_ended(act.case, act.case.variables, CANCELLED)
        if _reads_status(spec_of(act.session, parent.release_id), waiting.element):
            act.outbox.append(answer)
            return
        _leave(act, parent, reason, waiting, answer)
        return
    found = list(_goodbyes(act, parent))
    waiting, goodbye = found[0] if len(found) == 1 else (None, None)
    _leave(act, parent, reason, waiting, goodbye)


def _caller(session: Session, parent_id: UUID, case: Case) -> Subscription | None:
    token = case.business_key.removeprefix(KEY)
    return session.scalar(
        select(Subscription).where(Subscription.case_id == parent_id, Subscription.task_id == token)
    )


def _reads_status(spec: Spec, element: str) -> bool:
    return any(_STATUS in str(entry) for entry in spec.nodes[element]["outputs"])


def _goodbyes(act: Act, parent: Case) -> Iterator[tuple[Subscription, Outgoing]]:
    """Yield what the case sends right before it ends, and for which the one above waits now."""
    nodes = spec_of(act.session, act.case.release_id).nodes
    waiting = {
        row.name: row
        for row in act.session.scalars(select(Subscription).where(Subscription.case_id == parent.id))
    }
    told: set[str] = set()
    for node in nodes.values():
        event = node.get("event") or {}
        name = str(event.get("name") or "")
        is_last = all(nodes[flow["to"]]["type"] == "endEvent" for flow in node["flows"])
        if name not in waiting or name in told or "target" not in event or not is_last:
            continue
        told.add(name)
        payload = {field: act.case.variables.get(value or field) for field, value in event["inputs"]}
        yield waiting[name], Outgoing(name, parent.process, waiting[name].correlation, payload)


def _leave(
    act: Act, parent: Case, reason: str, waiting: Subscription | None, outgoing: Outgoing | None
) -> None:
    """Write the incident of the case above, and the message that a retry of it delivers."""
    detail: dict[str, object] = {"child": str(act.case.id)}
    text = f"下级办件 {act.case.number} 被终止：{reason}。"
    if outgoing is None:
        text += "它不会再报回结果，看这一件要不要另开一单；知道了就放下。"
    else:
        text += "这里在等它的结果。重试：当作它已经结束，接着往下走；也可以终止这一件，或者改走别的环节。"
        message = Message(
            key=f"{act.case.id}:cancelled",
            name=outgoing.name,
            correlation=outgoing.correlation,
            target_process=outgoing.target,
            payload=as_sent(outgoing.payload),
            sender_case_id=act.case.id,
            state="incident",
            sent_at=act.now,
            keep_until=act.now + KEPT,
        )
        act.session.add(message)
        act.session.flush()
        detail["message_id"] = str(message.id)
    parent.had_incident = True
    act.session.add(
        Incident(
            case_id=parent.id,
            task_id=waiting.task_id if waiting is not None else "",
            element=waiting.element if waiting is not None else "",
            kind=CHILD,
            message=text,
            detail=json_object(detail),
            opened_at=act.now,
        )
    )
