"""A hazard from its notice to its closure (第十八条)."""

from sqlalchemy import func, select

from rules.hazards import Level, State, may_recheck_by
from store.tables import Dispute, Extension, Hazard, Recheck, Rectification
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError, RuleRefusedError
from workflows.operations.answers import Answers
from workflows.operations.archive import supplement
from workflows.operations.commitments import commit
from workflows.operations.deadlines import owe
from workflows.operations.documents import issue
from workflows.operations.hazard_states import move
from workflows.subjects import existing

MAJOR_PLAN = (
    "current_state",
    "harm_analysis",
    "treatment_goal",
    "treatment_methods",
    "treatment_resources",
    "treatment_organization",
    "treatment_schedule",
    "treatment_safety",
)
SECOND_FAILURE = 2


def _hazard(act: Act, inputs: Inputs) -> Hazard:
    return existing(act.session, Hazard, inputs["hazard_id"])


def latest_round(act: Act, hazard: Hazard) -> Rectification | None:
    """Return the newest round of rectification."""
    return act.session.scalar(
        select(Rectification)
        .where(Rectification.hazard_id == hazard.id)
        .order_by(Rectification.round.desc())
        .limit(1)
    )


@operation("记录整改方案", inputs=("hazard_id",))
def record_rectification_plan(act: Act, inputs: Inputs) -> Outputs:
    """Keep how the unit means to rectify; or its dispute; or its written refusal."""
    answers, hazard = Answers(inputs), _hazard(act, inputs)
    before = latest_round(act, hazard)
    plan = Rectification(
        visit_id=hazard.visit_id,
        hazard_id=hazard.id,
        round=1 if before is None else before.round + 1,
        answer=answers.text("answer"),
        responsible=answers.text("responsible"),
        measures=answers.text("measures"),
        finish_by=answers.day("finish_by"),
        funds=answers.amount("funds"),
        contingency_plan=answers.text("contingency_plan"),
        interim_measures=answers.text("interim_measures"),
        major_plan={name: answers.text(name) for name in MAJOR_PLAN if name in answers},
        principal_signature=answers.many("principal_signature") + answers.many("signed_scan"),
        refuse_statement=answers.many("refuse_statement"),
        planned_at=act.now,
        planned_by=act.actor.person_id,
        **act.owners(),
    )
    act.session.add(plan)
    if plan.answer == "dispute":
        _open_dispute(act, hazard, answers)
    elif plan.answer == "accept":
        commit(hazard, plan)
        owe(act, "rectification", hazard.notified_on or act.today, due=hazard.deadline)
        act.say("hazard.planned", f"{plan.responsible}负责整改，{plan.finish_by}前完成")
    return {}


def _open_dispute(act: Act, hazard: Hazard, answers: Answers) -> None:
    act.session.add(
        Dispute(
            visit_id=hazard.visit_id,
            hazard_id=hazard.id,
            raised_at=act.now,
            raised_by=act.actor.person_id,
            dispute_reason=answers.text("dispute_reason"),
            evidence=answers.many("dispute_evidence"),
            **act.owners(),
        )
    )
    act.say("hazard.disputed", f"投保单位有异议：{answers.text('dispute_reason')}")


def open_dispute_of(act: Act, hazard: Hazard) -> Dispute | None:
    """Return the dispute about the hazard that is not decided yet, newest first."""
    return act.session.scalar(
        select(Dispute)
        .where(Dispute.hazard_id == hazard.id, Dispute.decided_at.is_(None))
        .order_by(Dispute.raised_at.desc())
        .limit(1)
    )


@operation("记录异议复核", inputs=("hazard_id",))
def record_dispute_review(act: Act, inputs: Inputs) -> Outputs:
    """Keep the expert's opinion on the dispute."""
    answers, hazard = Answers(inputs), _hazard(act, inputs)
    dispute = open_dispute_of(act, hazard)
    if dispute is not None:
        dispute.dispute_result, dispute.basis = answers.text("dispute_result"), answers.text("basis")
        dispute.new_level = answers.text("new_level")
        review = {"by": str(act.actor.person_id), "name": act.actor.name, "result": dispute.dispute_result}
        dispute.reviews = [*dispute.reviews, review]
    return {}


@operation("会签异议", inputs=("hazard_id",), outputs=("level",))
def confirm_dispute(act: Act, inputs: Inputs) -> Outputs:
    """Confirm the expert's opinion or send it back; a new level takes effect with the confirmation."""
    answers, hazard = Answers(inputs), _hazard(act, inputs)
    dispute = open_dispute_of(act, hazard)
    if dispute is not None and answers.text("decision") == "approve":
        dispute.approved_by, dispute.decided_at = act.actor.person_id, act.now
        if dispute.dispute_result == "relevel" and dispute.new_level:
            hazard.level = dispute.new_level
        act.say("hazard.dispute_decided", f"异议复核：{dispute.basis}", result=dispute.dispute_result)
    return {"level": hazard.level}


@operation("撤销隐患", inputs=("hazard_id",), outputs=("state",))
def withdraw_hazard(act: Act, inputs: Inputs) -> Outputs:
    """Withdraw a hazard whose dispute was right; it leaves the statistics of rectification."""
    hazard = _hazard(act, inputs)
    move(hazard, State.WITHDRAWN)
    hazard.closed_on = act.today
    act.say("hazard.withdrawn", "异议成立，隐患撤销")
    return {"state": hazard.state}


@operation("记录整改反馈", inputs=("hazard_id",))
def record_rectification(act: Act, inputs: Inputs) -> Outputs:
    """Keep what the unit did, with photos."""
    answers, hazard = Answers(inputs), _hazard(act, inputs)
    done = latest_round(act, hazard)
    if done is None or done.finished_on is not None:
        done = Rectification(
            visit_id=hazard.visit_id,
            hazard_id=hazard.id,
            round=1 if done is None else done.round + 1,
            **act.owners(),
        )
        act.session.add(done)
    done.finished_on, done.measures_done = answers.day("finished_on"), answers.text("measures_done")
    done.cost, done.note = answers.amount("cost"), answers.text("note")
    done.photos = list(answers.many("photos_after"))
    done.submitted_at, done.submitted_by = act.now, act.actor.person_id
    move(hazard, State.SUBMITTED)
    hazard.finished_on = done.finished_on
    hazard.photos_after = list(done.photos)
    act.say("hazard.rectified", f"投保单位反馈整改完成：{done.measures_done}")
    return {}


@operation("申请延期", inputs=("hazard_id",))
def request_extension(act: Act, inputs: Inputs) -> Outputs:
    """Keep the unit's request for a later deadline."""
    answers, hazard = Answers(inputs), _hazard(act, inputs)
    act.session.add(
        Extension(
            visit_id=hazard.visit_id,
            hazard_id=hazard.id,
            requested_at=act.now,
            requested_by=act.actor.person_id,
            request=answers.text("reason"),
            application=answers.many("application"),
            old_deadline=hazard.deadline,
            new_deadline=answers.day("new_deadline"),
            interim_measures=answers.text("interim_measures"),
            **act.owners(),
        )
    )
    act.say(
        "hazard.extension_requested", f"申请延期到 {answers.day('new_deadline')}：{answers.text('reason')}"
    )
    return {}


@operation("审批延期", inputs=("hazard_id",))
def decide_extension(act: Act, inputs: Inputs) -> Outputs:
    """Decide on the request; the original deadline is kept beside the new one."""
    answers, hazard = Answers(inputs), _hazard(act, inputs)
    extension = act.session.scalar(
        select(Extension)
        .where(Extension.hazard_id == hazard.id, Extension.decided_at.is_(None))
        .order_by(Extension.requested_at)
        .limit(1)
    )
    new_deadline = answers.day("new_deadline")
    if extension is not None:
        extension.decision, extension.reason = answers.text("decision"), answers.text("reason")
        extension.new_deadline = new_deadline or extension.new_deadline
        extension.interim_measures = answers.text("interim_measures") or extension.interim_measures
        extension.decided_by, extension.decided_at = act.actor.person_id, act.now
    if answers.text("decision") == "approve" and new_deadline is not None:
        hazard.deadline = new_deadline
        owe(act, "rectification", act.today, due=new_deadline)
        act.say("hazard.extended", f"同意延期到 {new_deadline}，原期限 {hazard.original_deadline}")
    return {}


@operation("取整改期限", inputs=("hazard_id",), outputs=("rectification_due",))
def recall_deadline(act: Act, inputs: Inputs) -> Outputs:
    """Return the deadline as it stands: what a message said of it may be older than a failed recheck."""
    return {"rectification_due": _hazard(act, inputs).deadline}


@operation("记录复查", inputs=("hazard_id",))
def record_recheck(act: Act, inputs: Inputs) -> Outputs:
    """Keep the recheck; a major hazard is rechecked on site."""
    answers, hazard = Answers(inputs), _hazard(act, inputs)
    if not may_recheck_by(Level(hazard.level), answers.text("method")):
        raise AnswersRefusedError({"method": "重大隐患要到现场复查，请改为现场"})
    done = latest_round(act, hazard)
    rounds = act.session.scalar(select(func.count()).where(Recheck.hazard_id == hazard.id)) or 0
    act.session.add(
        Recheck(
            visit_id=hazard.visit_id,
            hazard_id=hazard.id,
            rectification_id=done.id if done is not None else None,
            round=rounds + 1,
            checker_id=act.actor.person_id,
            method=answers.text("method"),
            checked_at=answers.moment("checked_at") or act.now,
            result=answers.text("result"),
            opinion=answers.text("opinion"),
            photos=list(answers.many("photos")),
            new_deadline=answers.day("new_deadline"),
            **act.owners(),
        )
    )
    if answers.text("result") == "failed":
        hazard.failed_rechecks += 1
        hazard.deadline = answers.day("new_deadline") or hazard.deadline
    document = issue(act, "rectification_sheet", hazard.id)
    supplement(act, hazard.visit_id, document, "复查")
    return {}


@operation("隐患闭环", inputs=("hazard_id",), outputs=("state",))
def close_hazard(act: Act, inputs: Inputs) -> Outputs:
    """Close the hazard, also one put right on the spot. Raises: RuleRefusedError without photos of it put right."""
    hazard = _hazard(act, inputs)
    if not hazard.photos_after:
        raise RuleRefusedError(f"隐患 {hazard.number} 还没有整改后的照片，不能闭环")
    move(hazard, State.CLOSED)
    hazard.closed_on = act.today
    hazard.finished_on = hazard.finished_on or (hazard.found_on if hazard.fixed_on_spot else act.today)
    act.say("hazard.closed", f"隐患闭环：{hazard.place}")
    return {"state": hazard.state}


@operation("退回整改", inputs=("hazard_id",), outputs=("rectification_due",))
def reopen_rectification(act: Act, inputs: Inputs) -> Outputs:
    """Send a hazard that failed its recheck back; the second failure of a major one is reported."""
    hazard = _hazard(act, inputs)
    move(hazard, State.RECTIFYING)
    owe(act, "rectification", act.today, due=hazard.deadline)
    if hazard.level == "major" and hazard.failed_rechecks >= SECOND_FAILURE:
        title = f"重大隐患两次复查不合格：{act.case.title}"
        act.notify(title, role="provider_manager", kind="escalation")
        act.notify(title, role="insurer", kind="escalation")
    return {"rectification_due": hazard.deadline}
