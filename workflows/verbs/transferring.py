"""转办: an item goes to somebody else for good; who gives it away has nothing to do with it any more."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from rules.roles import ROLES, Party
from store.events import EventDraft
from store.tables import WorkItem
from workflows.advance import note
from workflows.commands import digest
from workflows.errors import NotAllowedError
from workflows.people import Actor
from workflows.runtime import Runtime, legal_day
from workflows.statuses import CLAIMED, DONE
from workflows.values import json_object
from workflows.verbs.common import MANAGER, Verbal, begun, inform, person_name, same_version, told
from workflows.verbs.earlier import pass_draft
from workflows.verbs.offer import Asker, Offer, Verb
from workflows.verbs.receivers import Receiver, receiver, receivers

NOBODY = "没有别人能接：本单位有这个角色、负责这里的人只有你"


class TransferWorkItem(Struct, frozen=True):
    """Give an open item to somebody of its role and organization."""

    work_item_id: UUID
    version: int
    receiver_id: UUID
    reason: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(
            transfer=str(self.work_item_id),
            receiver=str(self.receiver_id),
            reason=self.reason,
            v=self.version,
        )


def offer(asker: Asker) -> Offer | None:
    """Offer it to the holder, to those who may take it, and to the manager of their organization."""
    item, actor = asker.item, asker.actor
    if item.status >= DONE or not may_give_away(item, actor):
        return None
    if item.delegates:
        return Offer(Verb.TRANSFER, "这一条是委派的，由委派人收回以后再转")
    found = receivers_of(asker.session, item, actor, asker.now)
    if any(not one.reason for one in found):
        return Offer(Verb.TRANSFER)
    return Offer(Verb.TRANSFER, f"{found[0].name}{found[0].reason}" if len(found) == 1 else NOBODY)


def receivers_of(session: Session, item: WorkItem, actor: Actor, now: datetime) -> tuple[Receiver, ...]:
    """Return to whom an item may go, without who holds it now."""
    held = item.assignee_id or (actor.person_id if actor.has(item.role) else None)
    return receivers(session, item, legal_day(now), without=held)


def may_give_away(item: WorkItem, actor: Actor) -> bool:
    """Tell whether the person holds the item, may take it, or manages those who do."""
    near = item.holder_id == actor.org_id
    if item.assignee_id is not None and item.assignee_id == actor.person_id:
        return True
    if near and actor.has(MANAGER) and ROLES[item.role].party is Party.PROVIDER:
        return True
    return item.assignee_id is None and near and actor.has(item.role)


def transfer_work_item(runtime: Runtime, command: TransferWorkItem, actor: Actor) -> None:
    """Give the item away. The tokens stay as they are; what was typed goes along.

    Raises: NotFoundError, NotAllowedError, StaleVersionError, RuleRefusedError (who may not receive it, and why).
    """
    with begun(runtime, actor, command.work_item_id, command.key, command.fingerprint()) as verbal:
        if verbal is None:
            return
        item = verbal.row
        if not may_give_away(item, actor):
            raise NotAllowedError("transfer", person_name(verbal.act.session, item.assignee_id) or item.role)
        same_version(verbal, command.version)
        if item.delegates:
            raise NotAllowedError("transfer", "delegated")
        reason = told(command.reason)
        to = receiver(verbal.act, item, command.receiver_id)
        _give(verbal, to.id, to.name, reason)


def _give(verbal: Verbal, to: UUID, name: str, reason: str) -> None:
    act, item = verbal.act, verbal.row
    before = item.assignee_id
    pass_draft(act.session, item, before or act.actor.person_id, to, act.now)
    item.assignee_id, item.owner_id, item.status = to, None, CLAIMED
    item.claimed_at, item.seen_at, item.urged_at = act.now, None, None
    item.version += 1
    why = f"：{reason}" if reason else ""
    text = f"{act.actor.name}把“{item.title}”转给{name}办{why}"
    body = {
        "text": text,
        "work_item": str(item.id),
        "from": str(before or ""),
        "to": str(to),
        "reason": reason,
    }
    note(act, EventDraft("item.transferred", item.step, json_object(body)))
    inform(act, to, f"{item.subject}：{text}", item_id=item.id, body=reason)
    inform(act, before, f"{item.subject}：{text}，不用你办了", item_id=item.id, body=reason)
