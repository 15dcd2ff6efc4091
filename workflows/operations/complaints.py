"""A complaint: received, its terms told, looked into, answered in writing, mediated (第二十二条, AQ 9010, D12)."""

from datetime import date, datetime, time
from typing import cast
from uuid import UUID

from rules.complaints import can_extend, complaint_clock, is_extension_valid, latest_extension, reply_gate
from rules.vocabulary import label
from store.tables import Complaint, Person
from store.types import JsonObject
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.deadlines import as_day, meet, owe
from workflows.runtime import SHANGHAI
from workflows.subjects import existing

_ONES_OWN = "被投诉的人不能处理这件投诉"
_PARTS = {
    "request": "restated",
    "findings": "findings",
    "basis": "basis",
    "measures": "measures",
    "remedy": "remedy",
}
"""The parts of an answer, and the fields in which they are given."""


def _complaint(act: Act, inputs: Inputs) -> Complaint:
    return existing(act.session, Complaint, inputs["complaint_id"])


@operation("收到投诉", outputs=("complaint_id", "received_on", "target"))
def receive_complaint(act: Act, inputs: Inputs) -> Outputs:
    """Keep what a unit complains of by its own account, or what an insurer registers for it."""
    answers = Answers(inputs)
    is_own = act.actor.has("policyholder")
    received_on = act.today if is_own else answers.day("received_on") or act.today
    complaint = Complaint(
        number=act.case.number,
        policy_id=act.case.policy_id,
        case_id=act.case.id,
        complainant=answers.text("complainant"),
        mobile=answers.text("mobile"),
        channel="online" if is_own else answers.text("channel"),
        target=answers.text("target"),
        target_person=answers.text("target_person"),
        request=answers.text("request"),
        received_at=act.now if received_on == act.today else _noon(received_on),
        evidence=answers.many("evidence"),
        due=complaint_clock(received_on, act.calendar).reply_due,
        **act.owners(),
    )
    act.session.add(complaint)
    act.session.flush()
    act.notify(f"收到投诉：{complaint.complainant}", role="complaint_officer")
    act.say("complaint.received", f"收到投诉 {complaint.number}，答复最晚 {complaint.due}")
    return {"complaint_id": str(complaint.id), "received_on": received_on, "target": complaint.target}


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


@operation("受理投诉", inputs=("complaint_id",))
def register_complaint(act: Act, inputs: Inputs) -> Outputs:
    """Keep how the complainant was told of the procedure and of mediation (第二十二条)."""
    answers, complaint = Answers(inputs), _complaint(act, inputs)
    complaint.case_id, complaint.told_how = act.case.id, answers.text("told_how")
    act.say("complaint.registered", f"受理投诉，已告知处理程序和调处方式：{complaint.told_how}")
    return {}


@operation("指定投诉处理人", inputs=("complaint_id",))
def assign_complaint(act: Act, inputs: Inputs) -> Outputs:
    """Keep who handles the complaint: nobody about whom it is."""
    answers, complaint = Answers(inputs), _complaint(act, inputs)
    handler = existing(act.session, Person, answers.person("handler"))
    if is_about(complaint, handler.name):
        raise AnswersRefusedError({"handler": _ONES_OWN})
    _refuse_ones_own(act, complaint, "handler")
    complaint.handler_id, complaint.needs_verification = (
        handler.id,
        answers.text("needs_verification") == "yes",
    )
    act.say("complaint.assigned", f"指定{handler.name}处理投诉")
    return {}


def is_about(complaint: Complaint, name: str) -> bool:
    """Tell whether a complaint is about the person of this name."""
    return bool(complaint.target_person) and name.strip() == complaint.target_person.strip()


def _refuse_ones_own(act: Act, complaint: Complaint, field: str) -> None:
    if is_about(complaint, act.actor.name):
        raise AnswersRefusedError({field: _ONES_OWN})


@operation("开始核实投诉", inputs=("complaint_id", "received_on"), outputs=("due", "provisional"))
def begin_verification(act: Act, inputs: Inputs) -> Outputs:
    """Let the longer term hold where facts need verifying; it counts from receipt as well (D12)."""
    complaint = _complaint(act, inputs)
    meet(act, "complaint_reply", act.today)
    owed = owe(act, "complaint_verify", as_day(inputs["received_on"]) or act.today)
    complaint.state, complaint.due = "verifying", owed.due
    act.say("complaint.verifying", f"需要进一步核实，答复最晚 {owed.due}")
    return {"due": owed.due, "provisional": owed.provisional}


@operation("批准投诉延期", inputs=("complaint_id",), outputs=("due", "provisional"))
def extend_complaint(act: Act, inputs: Inputs) -> Outputs:
    """Let a complex complaint take longer: by a named person's approval, at most 30 natural days more (D12)."""
    answers, complaint = Answers(inputs), _complaint(act, inputs)
    _refuse_ones_own(act, complaint, "reason")
    before, until = cast("date", complaint.due), answers.day("until")
    if complaint.extension:
        raise AnswersRefusedError({"until": "已经延过一次，不能再延"})
    if not can_extend(is_complex=answers.tick("is_complex"), approved_by=act.actor.name):
        raise AnswersRefusedError({"is_complex": "只有情况复杂的才能延期"})
    if until is None or not is_extension_valid(before, until):
        raise AnswersRefusedError({"until": f"要在 {before} 以后，最晚 {latest_extension(before)}"})
    meet(act, "complaint_verify", act.today)
    owed = owe(act, "complaint_extension", before, due=until)
    complaint.due = owed.due
    complaint.extension = {
        "approved_by": str(act.actor.person_id),
        "approved_on": act.today.isoformat(),
        "from": before.isoformat(),
        "until": until.isoformat(),
        "reason": answers.text("reason"),
        "notice": answers.many("notice"),
    }
    act.say("complaint.extended", f"批准延期，由 {before} 到 {until}：{answers.text('reason')}")
    return {"due": owed.due, "provisional": owed.provisional}


@operation("记投诉事实", inputs=("complaint_id",))
def state_complaint_facts(act: Act, inputs: Inputs) -> Outputs:
    """Keep what the provider says of it."""
    answers, complaint = Answers(inputs), _complaint(act, inputs)
    complaint.statement = answers.text("statement")
    _attach(complaint, answers)
    return {}


def _attach(complaint: Complaint, answers: Answers) -> None:
    complaint.evidence = [*complaint.evidence, *answers.many("evidence")]


@operation("记核实情况", inputs=("complaint_id",))
def investigate_complaint(act: Act, inputs: Inputs) -> Outputs:
    """Keep what was found out, and on what it rests."""
    answers, complaint = Answers(inputs), _complaint(act, inputs)
    _refuse_ones_own(act, complaint, "findings")
    complaint.findings, complaint.basis = answers.text("findings"), answers.text("basis")
    _attach(complaint, answers)
    return {}


@operation("答复投诉", inputs=("complaint_id",))
def reply_complaint(act: Act, inputs: Inputs) -> Outputs:
    """Keep the answer; one that lacks a part is none (AQ 9010)."""
    answers, complaint = Answers(inputs), _complaint(act, inputs)
    _refuse_ones_own(act, complaint, "findings")
    given = {part: answers.text(field) for part, field in _PARTS.items()}
    if missing := reply_gate(given).missing:
        raise AnswersRefusedError({_PARTS[part]: "答复书缺这一项" for part in missing})
    complaint.restated, complaint.findings, complaint.basis = (
        given["request"],
        given["findings"],
        given["basis"],
    )
    complaint.measures, complaint.remedy = given["measures"], given["remedy"]
    complaint.state, complaint.replied_at = "replied", act.now
    act.say("complaint.replied", "书面答复投诉")
    return {}


@operation("记对答复的意见", inputs=("complaint_id",))
def record_reply_answer(act: Act, inputs: Inputs) -> Outputs:
    """Keep whether the complainant takes the answer."""
    answers, complaint = Answers(inputs), _complaint(act, inputs)
    complaint.accepted, complaint.comment = answers.text("accepted") == "yes", answers.text("comment")
    complaint.state = "closed" if complaint.accepted else "mediating"
    act.say("complaint.answered", "接受答复" if complaint.accepted else f"不接受答复：{complaint.comment}")
    return {}


@operation("记没有表示意见", inputs=("complaint_id",))
def close_unanswered(act: Act, inputs: Inputs) -> Outputs:
    """End a complaint whose answer nobody said anything to; whether it was accepted stays open."""
    _complaint(act, inputs).state = "closed"
    act.say("complaint.unanswered", "期限内没有表示是否接受答复")
    return {}


@operation("记调处结果", inputs=("complaint_id",))
def mediate_complaint(act: Act, inputs: Inputs) -> Outputs:
    """Keep how the dispute was mediated."""
    answers, complaint = Answers(inputs), _complaint(act, inputs)
    complaint.mediation = _mediation(act, answers)
    complaint.state = "closed"
    act.say(
        "complaint.mediated",
        f"{label('mediation_method', answers.text('method'))}：{answers.text('result')}",
    )
    return {}


def _mediation(act: Act, answers: Answers) -> JsonObject:
    return {
        "method": answers.text("method"),
        "result": answers.text("result"),
        "evidence": answers.many("evidence"),
        "by": str(act.actor.person_id),
        "on": act.today.isoformat(),
    }


def variables_of(complaint: Complaint, policy_id: UUID | None, received_on: date) -> dict[str, object]:
    """Return the variables that a case begins with whose complaint was registered elsewhere."""
    return {
        "complaint_id": str(complaint.id),
        "policy_id": str(policy_id),
        "received_on": received_on,
        "target": complaint.target,
    }
