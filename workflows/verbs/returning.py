"""驳回 and 撤回: work goes back to a finished step, what descends from it is closed, its answers become a draft."""

from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.events import EventDraft
from store.tables import AnswerDraft, Case, SignRound, WorkItem
from workflows.acts import Act
from workflows.advance import turn_aside
from workflows.commands import digest
from workflows.engine import Return
from workflows.errors import NotAllowedError, RuleRefusedError
from workflows.following import steps_after
from workflows.handlers.incidents import STOPPING, why_stopped
from workflows.owing import owed_again
from workflows.people import Actor
from workflows.releases import spec_of
from workflows.runtime import Runtime
from workflows.statuses import CLAIMED, DONE
from workflows.values import json_object
from workflows.verbs.common import Verbal, begun, inform, inform_holder, same_version, theirs, told
from workflows.verbs.earlier import earlier_answers
from workflows.verbs.offer import Asker, Offer, Verb
from workflows.verbs.previews import Loss, Target, target_of_done, targets

CHANGED = "你看过以后情况变了：会收回的工作和刚才列出的不一样。看过下面的新清单再决定"
GONE = "不能退到这一步：它已经不在可以退回的步骤里"


class ReturnWork(Struct, frozen=True):
    """Send an open item back to a finished step. `lost` is the digest of what the person was shown to be lost.

    `straight` (直送): done again, the work comes straight back to the returner.
    """

    work_item_id: UUID
    version: int
    activation: str
    reason: str
    lost: str
    key: str
    straight: bool = False

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(
            item=str(self.work_item_id), to=self.activation, reason=self.reason, straight=self.straight
        )


class WithdrawWork(Struct, frozen=True):
    """Take back what one has finished, as long as nobody has begun with what follows."""

    work_item_id: UUID
    reason: str
    lost: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(withdraw=str(self.work_item_id), reason=self.reason)


def offer_return(asker: Asker) -> Offer | None:
    """Offer it to whoever may do the open item."""
    item, actor = asker.item, asker.actor
    if item.status >= DONE or not _may_do(item, actor):
        return None
    if item.delegates:
        return Offer(Verb.RETURN, "这一条是委派给你的，要不要驳回由委派人决定")
    found = targets(asker.session, asker.case, item.task_id)
    if any(not target.reason for target in found):
        return Offer(Verb.RETURN)
    return Offer(Verb.RETURN, found[0].reason if found else "前面没有可以退回的步骤")


def offer_withdrawal(asker: Asker) -> Offer | None:
    """Offer it to who finished the item."""
    item, actor = asker.item, asker.actor
    if item.status != DONE or actor.person_id is None or item.done_by != actor.person_id:
        return None
    found = target_of_done(asker.session, asker.case, item)
    if found is None:
        return Offer(Verb.WITHDRAW, "后面的事已经办了，或者这一步提交后不能撤回")
    return Offer(Verb.WITHDRAW, why_not(asker.session, asker.case, item, found[1], actor))


def return_work(runtime: Runtime, command: ReturnWork, actor: Actor) -> None:
    """Send the work back.

    Raises: NotFoundError, NotAllowedError, StaleVersionError, RuleRefusedError (no such step, a wall, the set of
    what is lost has changed).
    """
    with begun(runtime, actor, command.work_item_id, command.key, command.fingerprint()) as verbal:
        if verbal is None:
            return
        theirs(verbal, "return")
        same_version(verbal, command.version)
        if verbal.row.delegates:
            raise NotAllowedError("return", "delegated")
        reason = told(command.reason, required="写明为什么驳回，对方要照着改")
        found = targets(verbal.act.session, verbal.act.case, verbal.item.task_id)
        target = next((one for one in found if one.activation == command.activation), None)
        if target is None or target.reason:
            raise RuleRefusedError(target.reason if target is not None else GONE)
        if command.straight and not target.straight:
            raise RuleRefusedError("中间有分支或汇合，不能直送：选“重走中间各步”")
        back = Return(verbal.item.task_id, target.activation, _straight_to(command, actor))
        text = f"{actor.name}把“{verbal.item.title}”驳回到“{target.title}”{_manner(command)}：{reason}"
        passed = found[: found.index(target) + 1]
        _send_back(verbal, target, passed, back, command.lost, ("step.returned", text, reason))


def send_back_late(verbal: Verbal) -> bool:
    """Return a late item to the latest step that it may go to, as its diagram says; tell whether there is one."""
    found = targets(verbal.act.session, verbal.act.case, verbal.item.task_id)
    target = next((one for one in found if not one.reason), None)
    if target is None or verbal.row.delegates:
        return False
    text = f"“{verbal.item.title}”到期没有办，系统退回到“{target.title}”"
    back = Return(verbal.item.task_id, target.activation)
    passed = found[: found.index(target) + 1]
    _send_back(verbal, target, passed, back, target.fingerprint, ("step.returned", text, "到期没有办"))
    return True


def withdraw_work(runtime: Runtime, command: WithdrawWork, actor: Actor) -> None:
    """Take the finished work back. Raises: NotFoundError, NotAllowedError, RuleRefusedError."""
    with begun(runtime, actor, command.work_item_id, command.key, command.fingerprint()) as verbal:
        if verbal is None:
            return
        item, act = verbal.row, verbal.act
        if actor.person_id is None or item.done_by != actor.person_id:
            raise NotAllowedError("withdraw", "only the doer may withdraw")
        found = target_of_done(act.session, act.case, item)
        if found is None:
            raise RuleRefusedError("不能撤回：后面的事已经办了，或者这一步提交后不能撤回")
        token_id, target = found
        if why := why_not(act.session, act.case, item, target, actor):
            raise RuleRefusedError(f"不能撤回：{why}")
        reason = told(command.reason)
        text = f"{actor.name}撤回已提交的“{item.title}”" + (f"：{reason}" if reason else "")
        back = Return(token_id, target.activation)
        _send_back(verbal, target, (target,), back, command.lost, ("step.withdrawn", text, reason))


def why_not(session: Session, case: Case, item: WorkItem, target: Target, actor: Actor) -> str:
    """Say why a finished item may not be withdrawn; empty if it may: nothing behind it is opened, done or a wall."""
    if target.reason:
        return target.reason
    if item.sign_round_id is not None and not _has_decided(session, item.sign_round_id, actor):
        return "这一步有几个人签，由最后签成的人撤回"
    after = steps_after(spec_of(session, case.release_id), item.step)
    done = select(WorkItem.title).where(
        WorkItem.case_id == case.id,
        WorkItem.status == DONE,
        WorkItem.done_at >= item.done_at,
        WorkItem.step.in_(after),
        WorkItem.id != item.id,
    )
    if (title := session.scalar(done.limit(1))) is not None:
        return f"后面的“{title}”已经办完"
    for loss in target.losses:
        if (
            loss.item is not None
            and loss.item.assignee_id != actor.person_id
            and _is_opened(session, loss.item)
        ):
            return f"{loss.holder}已经打开“{loss.title}”，请对方驳回"
    return ""


def _has_decided(session: Session, round_id: UUID, actor: Actor) -> bool:
    return session.get_one(SignRound, round_id).decided_by == actor.person_id


def _is_opened(session: Session, item: WorkItem) -> bool:
    """Tell whether somebody has looked at an item, taken it from the pool, or typed into it."""
    if item.seen_at is not None or (item.status == CLAIMED and item.claimed_at != item.opened_at):
        return True
    typed = select(AnswerDraft.id).where(AnswerDraft.work_item_id == item.id)
    return session.scalar(typed.limit(1)) is not None


def _may_do(item: WorkItem, actor: Actor) -> bool:
    if item.assignee_id is not None:
        return item.assignee_id == actor.person_id
    return actor.has(item.role) and item.holder_id == actor.org_id


def _straight_to(command: ReturnWork, actor: Actor) -> str | None:
    return str(actor.person_id or "") if command.straight else None


def _manner(command: ReturnWork) -> str:
    return "，改好后直接送回" if command.straight else ""


def _send_back(  # one return, whoever asked for it
    verbal: Verbal,
    target: Target,
    passed: tuple[Target, ...],
    back: Return,
    seen: str,
    head: tuple[str, str, str],
) -> None:
    """Move the tokens, give the step to who did it, with its answers as a draft, and tell everybody."""
    act, (kind, text, reason) = verbal.act, head
    if target.fingerprint != seen:
        raise RuleRefusedError(CHANGED)
    act.void_reason = text
    if target.done is not None and target.done.done_by is not None:
        act.heirs[target.element] = target.done.done_by
    act.writes += owed_again(act, [one.element for one in passed])
    body = {
        "text": text,
        "reason": reason,
        "work_item": str(verbal.item.id),
        "to": target.element,
        "lost": [f"{loss.holder} {loss.title}".strip() for loss in target.losses],
    }
    try:
        turn_aside(act, back, EventDraft(kind, verbal.item.step, json_object(body)))
    except STOPPING as error:
        raise RuleRefusedError(f"没有办成，什么都没有变：{why_stopped(error)}") from error
    _tell(act, target, text, reason)


def _tell(act: Act, target: Target, text: str, reason: str) -> None:
    newest = act.session.scalars(
        select(WorkItem)
        .where(WorkItem.case_id == act.case.id, WorkItem.step == target.element, WorkItem.status < DONE)
        .order_by(WorkItem.id.desc())
    ).all()
    for opened in [item for item in newest if item.task_id == newest[0].task_id]:
        _keep_answers(act, target, opened)
        inform_holder(act, opened, f"{opened.subject}：{text}", body=reason)
    for loss in target.losses:
        _tell_loser(act, loss, text)


def _tell_loser(act: Act, loss: Loss, text: str) -> None:
    """Tell who held open work that it is not theirs to do any more, and who answered for it."""
    if loss.item is not None:
        for person_id in {loss.item.assignee_id, loss.item.owner_id} - {None}:
            inform(
                act, person_id, f"{loss.item.subject}：“{loss.title}”不用办了，{text}", item_id=loss.item.id
            )


def _keep_answers(act: Act, target: Target, opened: WorkItem) -> None:
    """Let who did the step before find the earlier answers in its form."""
    if target.done is None or opened.assignee_id is None:
        return
    answers = earlier_answers(act.session, target.done)
    if answers is not None:
        act.session.add(
            AnswerDraft(
                person_id=opened.assignee_id,
                work_item_id=opened.id,
                form_sha256=opened.form_sha256,
                body=json_object(answers),
                saved_at=act.now,
            )
        )
