"""Calling the unit back after a visit, and what follows from what it says (第十九、二十二条)."""

from sqlalchemy import func, select

from rules.complaints import complaint_clock
from rules.return_visit import is_accepted_method, needs_follow_up
from store.numbers import take_number
from store.tables import Complaint, LowScore, ReturnVisit, Visit
from workflows.acts import Act, Opening
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.complaints import variables_of
from workflows.operations.deadlines import meet
from workflows.operations.documents import issue
from workflows.records import latest_return_visit
from workflows.runtime import legal_day
from workflows.subjects import existing, owners_of, unit_name


@operation("记录回访", inputs=("visit_id",), outputs=("needs_follow_up",))
def record_return_visit(act: Act, inputs: Inputs) -> Outputs:
    """Keep one attempt; only one that reached somebody meets the duty, and may be unsatisfied (第十九条)."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    if not is_accepted_method(answers.text("method")):
        raise AnswersRefusedError({"method": "回访方式只能是电话、网络或现场（第十九条）"})
    attempts = act.session.scalar(select(func.count()).where(ReturnVisit.visit_id == visit.id)) or 0
    contacted_at = answers.moment("contacted_at") or act.now
    attempt = ReturnVisit(
        visit_id=visit.id,
        attempt=attempts + 1,
        reached=answers.tick("reached"),
        method=answers.text("method"),
        contacted_at=contacted_at,
        respondent=" ".join(
            filter(None, (answers.text("respondent_name"), answers.text("respondent_title")))
        ),
        satisfaction=answers.whole("satisfaction"),
        opinion=answers.text("opinion"),
        professional=answers.whole("professional"),
        service=answers.whole("service"),
        timely=answers.whole("timely"),
        safety=answers.whole("safety"),
        rectification_state=answers.text("rectification_state"),
        complaint_raised=answers.tick("complaint_raised"),
        complaint_content=answers.text("complaint_content"),
        caller_id=act.actor.person_id,
        recording=list(answers.many("recording")),
        due=visit.return_visit_due,
        **act.owners(),
    )
    act.session.add(attempt)
    act.session.flush()
    if not attempt.reached:
        act.say("return_visit.missed", f"第 {attempt.attempt} 次回访没有联系上")
        return {"needs_follow_up": False}
    meet(act, "return_visit", legal_day(contacted_at))
    attempt.document_id = issue(act, "return_visit", attempt.id).id
    act.say("return_visit.done", f"回访 {attempt.respondent}，满意度 {attempt.satisfaction} 分")
    low = attempt.satisfaction is not None and needs_follow_up(attempt.satisfaction, act.today)
    return {"needs_follow_up": low}


@operation("登记投诉", inputs=("visit_id",), outputs=("complaint_id",))
def raise_complaint(act: Act, inputs: Inputs) -> Outputs:
    """Register the complaint raised in the call, and start its clock (第二十二条)."""
    visit = existing(act.session, Visit, inputs["visit_id"])
    said = latest_return_visit(act, visit)
    due = complaint_clock(act.today, act.calendar).reply_due
    complaint = Complaint(
        visit_id=visit.id,
        number=take_number(act.session, visit.org_id, "TS", act.today.year),
        policy_id=visit.policy_id,
        state="received",
        complainant=said.respondent if said is not None else unit_name(act.session, visit),
        channel="return_visit",
        target="provider",
        request=said.complaint_content if said is not None else "",
        received_at=act.now,
        due=due,
        **act.owners(),
    )
    act.session.add(complaint)
    act.session.flush()
    act.open_case(
        Opening(
            process="complaint",
            business_key=str(complaint.id),
            number=complaint.number,
            title=f"{unit_name(act.session, visit)} 投诉",
            variables=variables_of(complaint, visit.policy_id, act.today),
            subject=owners_of(visit, policy_id=visit.policy_id, visit_id=visit.id),
        )
    )
    act.notify(f"收到投诉：{unit_name(act.session, visit)}", role="complaint_officer")
    act.say("complaint.raised", f"登记投诉 {complaint.number}，答复最晚 {due}")
    return {"complaint_id": str(complaint.id)}


@operation("记录低分核实", inputs=("visit_id",))
def record_low_score(act: Act, inputs: Inputs) -> Outputs:
    """Keep why the unit was not satisfied and what is done about it."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    said = latest_return_visit(act, visit)
    act.session.add(
        LowScore(
            visit_id=visit.id,
            return_visit_id=said.id if said is not None else None,
            cause=answers.text("cause"),
            action=answers.text("action"),
            feedback=answers.many("feedback"),
            handled_by=act.actor.person_id,
            handled_at=act.now,
            **act.owners(),
        )
    )
    return {}
