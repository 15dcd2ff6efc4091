"""挂起 and 恢复: a case stands still for a reason, and goes on with what has come and passed meanwhile."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from store.events import EventDraft
from store.tables import CaseEvent, Timer, WorkItem
from workflows.acts import Act
from workflows.administration import reason_of
from workflows.advance import mark
from workflows.commands import ResumeCase, SuspendCase
from workflows.errors import RuleRefusedError
from workflows.handlers.holding import let_go
from workflows.handlers.interventions import acts_below, intervening, open_items
from workflows.handlers.rounds import tell
from workflows.people import Actor
from workflows.runtime import Runtime, legal_day
from workflows.sentences import due_phrase
from workflows.statuses import OPEN, SUSPENDED
from workflows.values import json_object

SUSPENDED_EVENT: Final = "case.suspended"
RESUMED_EVENT: Final = "case.resumed"
_TOLD_AT_MOST = 5


def suspend_case(runtime: Runtime, command: SuspendCase, actor: Actor) -> None:
    """Stop a running case: it takes no completion, fires no timer, and messages wait; its rows stay as they are.

    Raises: NotFoundError, RuleRefusedError (no reason, not running), CommandKeyConflictError.
    """
    with intervening(runtime, actor, command.case_id, command.key, command.fingerprint()) as act:
        if act is None:
            return
        reason = reason_of(command.reason)
        if act.case.status != OPEN:
            raise RuleRefusedError("只有在办的办件能挂起：这一件已经挂起，或者已经结束")
        below = [one for one in acts_below(act) if one.case.status == OPEN] if command.below else []
        along = f"，下面的 {len(below)} 件一起挂起" if below else ""
        suspend(act, reason, f"{actor.name}挂起办件：{reason}{along}")
        suspend_all(below, act, reason)


def suspend_all(below: Iterable[Act], above: Act, reason: str) -> None:
    """Suspend the cases below one that is suspended or cancelled."""
    for one in below:
        text = f"{above.actor.name}挂起办件（随上级办件 {above.case.number}）：{reason}"
        suspend(one, reason, text)


def suspend(act: Act, reason: str, text: str) -> None:
    """Stop one locked, open case and tell the people who hold its items."""
    for item in open_items(act.session, act.case.id):
        item.tags = [*item.tags, SUSPENDED]
        tell(act, item, f"{item.subject}：“{item.title}”先不用办，办件挂起了：{reason}")
    body = {"text": text, "reason": reason}
    mark(act, EventDraft(SUSPENDED_EVENT, None, json_object(body)), status=SUSPENDED)


def resume_case(runtime: Runtime, command: ResumeCase, actor: Actor) -> None:
    """Let a suspended case go on: due timers fire, messages that waited are delivered, what is late is told.

    Raises: NotFoundError, RuleRefusedError (no reason, not suspended), CommandKeyConflictError.
    """
    with intervening(runtime, actor, command.case_id, command.key, command.fingerprint()) as act:
        if act is None:
            return
        reason = reason_of(command.reason)
        if act.case.status != SUSPENDED:
            raise RuleRefusedError("这个办件没有挂起，不用恢复")
        below = [one for one in acts_below(act) if one.case.status == SUSPENDED] if command.below else []
        for one in (act, *below):
            _resume(one, reason)


def without_mark(item: WorkItem) -> None:
    """Take the sign of a suspended case from an item."""
    item.tags = [tag for tag in item.tags if tag != SUSPENDED]


def _resume(act: Act, reason: str) -> None:
    since = _suspended_at(act)
    items = open_items(act.session, act.case.id)
    passed = "".join(_passed(act, items, since))
    text = f"{act.actor.name}恢复办件：{reason}。挂起了 {(act.today - legal_day(since)).days} 天{passed}"
    for item in items:
        without_mark(item)
        phrase = due_phrase(item.due_on, act.today, act.calendar)
        tell(act, item, f"{item.subject}：“{item.title}”接着办，办件恢复了，{phrase}")
    let_go(act.session, act.case.id, act.now)
    body = {"text": text, "reason": reason, "since": since.isoformat()}
    mark(act, EventDraft(RESUMED_EVENT, None, json_object(body)), status=OPEN)


def _suspended_at(act: Act) -> datetime:
    last = select(func.max(CaseEvent.at)).where(
        CaseEvent.case_id == act.case.id, CaseEvent.kind == SUSPENDED_EVENT
    )
    return act.session.scalar(last) or act.case.opened_at


def _passed(act: Act, items: Iterable[WorkItem], since: datetime) -> Iterator[str]:
    """Yield what the pause has cost: the deadlines that passed in it, and the timers that are due now."""
    first = legal_day(since)
    late = [item for item in items if item.due_on is not None and first <= item.due_on < act.today]
    if late:
        named = "、".join(f"“{item.title}”（{item.due_on}）" for item in late[:_TOLD_AT_MOST])
        more = f"等 {len(late)} 件" if len(late) > _TOLD_AT_MOST else ""
        yield f"；其间过了期限：{named}{more}"
    due = select(func.count()).where(
        Timer.case_id == act.case.id, Timer.purpose == "token", Timer.due_at <= act.now
    )
    if count := act.session.scalar(due):
        yield f"；{count} 个定时已经到点，马上补办"
