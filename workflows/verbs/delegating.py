"""委派 and 交回: somebody does the work, the owner answers for it and hands it in."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from store.events import EventDraft
from store.tables import AnswerDraft, WorkItem
from workflows.acts import Act
from workflows.advance import note
from workflows.commands import digest
from workflows.errors import NotAllowedError, RuleRefusedError
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.statuses import CLAIMED, DONE, POOL
from workflows.values import json_object
from workflows.verbs.common import Verbal, begun, inform, person_name, same_version, told
from workflows.verbs.earlier import pass_draft
from workflows.verbs.offer import Asker, Offer, Verb
from workflows.verbs.receivers import is_able, receiver
from workflows.verbs.transferring import NOBODY, receivers_of

DEEPEST: Final = 3
TOO_DEEP = f"已经委派了 {DEEPEST} 次，不能再往下委派"
CYCLE = "已经经手过这一条，再委派给他就转回去了"


class DelegateWorkItem(Struct, frozen=True):
    """Let somebody do an item that one holds; the owner stays."""

    work_item_id: UUID
    version: int
    delegate_id: UUID
    reason: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(
            delegate=str(self.work_item_id), to=str(self.delegate_id), reason=self.reason, v=self.version
        )


class HandBackWorkItem(Struct, frozen=True):
    """Give a delegated item back to its owner, with an opinion and what was filled in; or call it back as the owner."""

    work_item_id: UUID
    version: int
    opinion: str
    key: str
    answers: Mapping[str, object] | None = None

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(
            hand_back=str(self.work_item_id), opinion=self.opinion, v=self.version, answers=self.answers
        )


def offer_delegation(asker: Asker) -> Offer | None:
    """Offer it to the holder."""
    item, actor = asker.item, asker.actor
    if item.status >= DONE or item.assignee_id is None or item.assignee_id != actor.person_id:
        return None
    if len(item.delegates) >= DEEPEST:
        return Offer(Verb.DELEGATE, TOO_DEEP)
    found = receivers_of(asker.session, item, actor, asker.now)
    free = [one for one in found if not one.reason and str(one.id) not in item.delegates]
    return Offer(Verb.DELEGATE, "" if free else NOBODY)


def offer_hand_back(asker: Asker) -> Offer | None:
    """Offer it to the delegate, and to the owner who wants the work back."""
    item, actor = asker.item, asker.actor
    if item.status >= DONE or not item.delegates or actor.person_id not in {item.assignee_id, item.owner_id}:
        return None
    return Offer(Verb.HAND_BACK)


def delegate_work_item(runtime: Runtime, command: DelegateWorkItem, actor: Actor) -> None:
    """Let somebody else do the item; the tokens stay as they are.

    Raises: NotFoundError, NotAllowedError (not the holder), StaleVersionError, RuleRefusedError (too deep, a cycle,
    who may not receive it).
    """
    with begun(runtime, actor, command.work_item_id, command.key, command.fingerprint()) as verbal:
        if verbal is None:
            return
        item = verbal.row
        if actor.person_id is None or item.assignee_id != actor.person_id:
            raise NotAllowedError("delegate", person_name(verbal.act.session, item.assignee_id) or item.role)
        same_version(verbal, command.version)
        hands = [*item.delegates, str(actor.person_id)]
        if len(hands) > DEEPEST:
            raise RuleRefusedError(TOO_DEEP)
        to = receiver(verbal.act, item, command.delegate_id)
        if str(to.id) in hands:
            raise RuleRefusedError(f"{to.name}{CYCLE}")
        _delegate(verbal, hands, to.id, to.name, told(command.reason))


def hand_back_work_item(runtime: Runtime, command: HandBackWorkItem, actor: Actor) -> None:
    """Give the item back to its owner. Raises: NotFoundError, NotAllowedError, StaleVersionError, RuleRefusedError."""
    with begun(runtime, actor, command.work_item_id, command.key, command.fingerprint()) as verbal:
        if verbal is None:
            return
        item = verbal.row
        if not item.delegates or actor.person_id not in {item.assignee_id, item.owner_id}:
            raise NotAllowedError("hand_back", person_name(verbal.act.session, item.assignee_id))
        same_version(verbal, command.version)
        is_owner = actor.person_id == item.owner_id
        opinion = told(command.opinion, required="" if is_owner else "写一句办理意见再交回，委派人要照着它定")
        if command.answers is not None and not is_owner:
            _keep(verbal.act, item, command.answers)
        _hand_back(verbal, opinion, is_owner=is_owner)


def _delegate(verbal: Verbal, hands: list[str], to: UUID, name: str, reason: str) -> None:
    act, item = verbal.act, verbal.row
    pass_draft(act.session, item, item.assignee_id, to, act.now)
    item.owner_id = item.owner_id if item.delegates else act.actor.person_id
    item.delegates, item.assignee_id, item.status = [*hands], to, CLAIMED
    item.claimed_at, item.seen_at, item.urged_at = act.now, None, None
    item.version += 1
    why = f"：{reason}" if reason else ""
    text = f"{act.actor.name}把“{item.title}”委派给{name}办{why}"
    body = {
        "text": text,
        "work_item": str(item.id),
        "to": str(to),
        "owner": str(item.owner_id),
        "reason": reason,
    }
    note(act, EventDraft("item.delegated", item.step, json_object(body)))
    inform(act, to, f"{item.subject}：{text}，办好后交回", item_id=item.id, body=reason)
    if item.owner_id != act.actor.person_id:
        inform(act, item.owner_id, f"{item.subject}：{text}", item_id=item.id, body=reason)


def _hand_back(verbal: Verbal, opinion: str, *, is_owner: bool) -> None:
    act, item = verbal.act, verbal.row
    owner, by = item.owner_id, item.assignee_id
    owner = owner if is_able(act.session, item, owner) else None
    item.status = CLAIMED if owner is not None else POOL
    if owner is not None:
        pass_draft(act.session, item, by, owner, act.now)
    item.assignee_id, item.owner_id, item.delegates = owner, None, []
    item.claimed_at = act.now if owner is not None else None
    item.version += 1
    name = person_name(act.session, by if is_owner else owner) or "本组"
    why = f"：{opinion}" if opinion else ""
    text = (
        f"{act.actor.name}从{name}收回委派的“{item.title}”{why}"
        if is_owner
        else f"{act.actor.name}把“{item.title}”交回{name}{why}"
    )
    body = {"text": text, "work_item": str(item.id), "opinion": opinion, "by": str(by)}
    note(act, EventDraft("item.handed_back", item.step, json_object(body)))
    inform(act, by if is_owner else owner, f"{item.subject}：{text}", item_id=item.id, body=opinion)


def _keep(act: Act, item: WorkItem, answers: Mapping[str, object]) -> None:
    """Keep what the delegate has filled in as their draft, from where it goes to the owner."""
    kept = act.session.scalar(
        select(AnswerDraft).where(
            AnswerDraft.person_id == act.actor.person_id, AnswerDraft.work_item_id == item.id
        )
    )
    if kept is None and act.actor.person_id is not None:
        kept = AnswerDraft(person_id=act.actor.person_id, work_item_id=item.id)
        act.session.add(kept)
    if kept is not None:
        kept.form_sha256, kept.body, kept.saved_at = item.form_sha256, json_object(answers), act.now
        act.session.flush()
