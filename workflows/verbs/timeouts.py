"""超时: what the product does of itself when an item's last day is over, as its diagram says."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from forms.questions import question_of
from forms.validate import check
from rules.roles import ROLES
from store.events import EventDraft
from store.scope import Scope
from store.tables import SignRound, WorkItem
from workflows.acts import Act
from workflows.advance import new_act, note
from workflows.answering import answering_context
from workflows.commands import CompleteWorkItem
from workflows.engine import EngineError
from workflows.errors import WorkflowError
from workflows.handlers.holding import hold
from workflows.handlers.items import Item, lock_with_case
from workflows.handlers.work_items import finish_step
from workflows.people import SYSTEM
from workflows.pinned import form_of
from workflows.runtime import Runtime
from workflows.sentences import due_phrase
from workflows.statuses import DONE, POOL, SUSPENDED
from workflows.values import json_object
from workflows.verbs.adding_signers import seats_of
from workflows.verbs.common import Verbal, inform, inform_holder
from workflows.verbs.receivers import too_few_are_left
from workflows.verbs.returning import send_back_late

APPROVAL: Final = "approve"
ABOVE: Final[Mapping[str, str]] = {
    "coordinator": "provider_manager",
    "expert": "provider_manager",
    "return_visitor": "provider_manager",
    "provider_finance": "provider_manager",
    "insurer_finance": "insurer",
    "complaint_officer": "insurer",
}
"""To whom a role's work goes up."""
_REASON = "an item's last day is over"


def time_out(runtime: Runtime, work_item_id: UUID, action: str) -> None:
    """Do what the diagram says for an item that is late; where that is not possible, remind and say why."""
    try:
        _carry_out(runtime, work_item_id, action)
    except (WorkflowError, EngineError):
        if action == "remind":
            raise
        _carry_out(runtime, work_item_id, "remind")


def _carry_out(runtime: Runtime, work_item_id: UUID, action: str) -> None:
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        case, item, calendar = lock_with_case(session, work_item_id)
        row = session.get_one(WorkItem, work_item_id)
        if item.status >= DONE or row.due_at > now:
            return
        if case.status == SUSPENDED:
            hold(session, case, "time_out", {"work_item_id": str(work_item_id), "action": action})
            return
        act = new_act(runtime, session, case, SYSTEM, now, calendar)
        _ACTIONS[action](Verbal(act, item, row))


def _remind(verbal: Verbal) -> None:
    act, row = verbal.act, verbal.row
    text = f"“{row.title}”{due_phrase(row.due_on, act.today, act.calendar)}，系统提醒办理"
    _note(act, row, "remind", text)
    inform_holder(act, row, f"{row.subject}：{text}")


def _escalate(verbal: Verbal) -> None:
    """Give the item to the role above; where there is none, or it may not sign here, remind."""
    act, row = verbal.act, verbal.row
    above = ABOVE.get(row.role)
    holder = act.holder(above) if above is not None else None
    if above is None or holder is None or not _may_sign(verbal, above):
        _remind(verbal)
        return
    before = row.assignee_id
    row.role, row.holder_id, row.assignee_id, row.owner_id, row.delegates = above, holder, None, None, []
    row.status, row.claimed_at, row.seen_at, row.version = POOL, None, None, row.version + 1
    text = f"“{row.title}”到期没有办，系统升级给{ROLES[above].title}办"
    _note(act, row, "escalate", text)
    inform_holder(act, row, f"{row.subject}：{text}")
    inform(act, before, f"{row.subject}：{text}，不用你办了", item_id=row.id)


def _may_sign(verbal: Verbal, above: str) -> bool:
    """Tell whether the role above may have a seat: nobody takes over a veto, or signs twice."""
    session, row = verbal.act.session, verbal.row
    if row.sign_round_id is None:
        return True
    if row.added_to is None and row.role in session.get_one(SignRound, row.sign_round_id).veto:
        return False
    others = [seat for seat in seats_of(session, row) if seat.id != row.id]
    return not too_few_are_left(session, others, above, more=1)


def _approve(verbal: Verbal) -> None:
    """Finish the step with the decision that lets it pass; where its form refuses that, or others sign too, remind."""
    act, item = verbal.act, verbal.item
    if item.sign_round_id is not None:
        _remind(verbal)
        return
    form = form_of(act.session, item.form_sha256)
    question = question_of(form)
    given = {question.key: APPROVAL} if question is not None and question.key else {}
    checked = check(form, given, answering_context(act))
    if question is None or checked.errors:
        _remind(verbal)
        return
    inform_holder(act, verbal.row, f"{item.subject}：“{item.title}”到期没有办，系统自动通过")
    _finish(act, item, checked.answers)


def _finish(act: Act, item: Item, answers: Mapping[str, object]) -> None:
    act.say("item.timed_out", f"“{item.title}”到期没有办，系统按流程图自动通过", work_item=str(item.id))
    command = CompleteWorkItem(item.id, item.version, answers, f"time_out-{item.id}")
    finish_step(act, item, command, answers)


def _return(verbal: Verbal) -> None:
    """Send the work back to the latest step that it may go to; where there is none, or several sign, remind."""
    if verbal.item.sign_round_id is not None or not send_back_late(verbal):
        _remind(verbal)


def _note(act: Act, row: WorkItem, action: str, text: str) -> None:
    body = {"text": text, "work_item": str(row.id), "action": action}
    note(act, EventDraft("item.timed_out", row.step, json_object(body)))


_ACTIONS: Mapping[str, Callable[[Verbal], None]] = {
    "remind": _remind,
    "escalate": _escalate,
    "approve": _approve,
    "return": _return,
}


def _job(runtime: Runtime, args: Mapping[str, object]) -> None:
    time_out(runtime, UUID(str(args["work_item_id"])), str(args["action"]))


JOBS: Mapping[str, Callable[[Runtime, Mapping[str, object]], None]] = {"time_out": _job}
