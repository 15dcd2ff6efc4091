"""A hazard that is not rectified: the finding, the insurer's decision, the facts for the rate (第十九条)."""

from uuid import UUID

from rules.hazards import Level, State
from rules.renewal import decline_options
from store.tables import Hazard, RateFactor, RefusalNotice, Visit
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.operations.answers import Answers
from workflows.operations.hazard_states import move
from workflows.subjects import existing


def hazard_in(act: Act, inputs: Inputs) -> Hazard:
    """Return the hazard that the inputs name."""
    return existing(act.session, Hazard, inputs["hazard_id"])


@operation("认定拒不整改", inputs=("hazard_id",), outputs=("may_decline",))
def record_refusal_finding(act: Act, inputs: Inputs) -> Outputs:
    """Keep whether the unit refuses to rectify, on what ground, and say what the insurer may do (第十九条)."""
    answers, hazard = Answers(inputs), hazard_in(act, inputs)
    refuses = answers.text("refused") == "yes"
    if refuses:
        move(hazard, State.REFUSED)
        hazard.refused_on = act.today
        hazard.refusal_basis, hazard.refusal_opinion = answers.text("basis"), answers.text("opinion")
        hazard.refusal_evidence = answers.many("evidence")
        act.say("hazard.refused", f"认定拒不整改：{hazard.refusal_opinion}")
    else:
        move(hazard, State.RECTIFYING)
    options = decline_options(Level(hazard.level), refused_to_rectify=refuses)
    return {"may_decline": options.may_decline_renewal}


@operation("告知保险机构拒不整改", inputs=("hazard_id",))
def report_major_refusal(act: Act, inputs: Inputs) -> Outputs:
    """Tell the insurer the same day that a major hazard is not being rectified (第十九条)."""
    hazard = hazard_in(act, inputs)
    move(hazard, State.REPORTED)
    hazard.reported_at = act.now
    act.notify(f"重大隐患拒不整改：{act.case.title}", role="insurer", kind="escalation")
    act.say("hazard.reported", "重大隐患拒不整改，已告知保险机构")
    return {}


@operation("记录是否拒保", inputs=("hazard_id",))
def record_decline_decision(act: Act, inputs: Inputs) -> Outputs:
    """Keep the insurer's own decision; the product never declines by itself (第十九条, D22)."""
    answers, hazard = Answers(inputs), hazard_in(act, inputs)
    hazard.decline_decision, hazard.decline_reason = answers.text("decision"), answers.text("reason")
    hazard.decline_approver, hazard.decline_decided_at = answers.text("approver"), act.now
    act.say(
        "hazard.decline_decided",
        "保险机构决定拒保" if hazard.decline_decision == "decline" else "保险机构决定不拒保",
    )
    return {}


@operation("记录拒保告知", inputs=("hazard_id",))
def record_decline_notice(act: Act, inputs: Inputs) -> Outputs:
    """Keep that the authority was told of reason and result; the joint office hears of it as well (第十九条)."""
    answers, hazard = Answers(inputs), hazard_in(act, inputs)
    act.session.add(
        RefusalNotice(
            kind="decline",
            policy_id=existing(act.session, Visit, hazard.visit_id).policy_id,
            case_id=act.case.id,
            visit_id=hazard.visit_id,
            hazard_id=hazard.id,
            state="filed",
            reason=answers.text("reason"),
            result=answers.text("result"),
            channel=answers.text("channel"),
            recipient_id=UUID(answers.text("recipient")),
            delivered_at=answers.moment("delivered_at"),
            proof=answers.many("proof"),
            filed_on=act.today,
            **act.owners(),
        )
    )
    act.notify(f"保险机构决定拒保，已告知属地行业主管部门：{act.case.title}", role="joint_office")
    act.say("decline.notified", "拒保原因和结果已告知属地行业主管部门，抄送联席会议办公室")
    return {}


@operation("记入费率依据", inputs=("hazard_id", "unresolved"))
def record_rate_factor(act: Act, inputs: Inputs) -> Outputs:
    """Note the hazard as a fact for next year's rate (第十九条)."""
    hazard = hazard_in(act, inputs)
    unresolved = inputs.get("unresolved") is True
    if unresolved:
        move(hazard, State.UNRESOLVED)
    kind = "unresolved_hazard" if unresolved else "refused_rectification"
    act.session.add(
        RateFactor(
            policy_id=existing(act.session, Visit, hazard.visit_id).policy_id,
            visit_id=hazard.visit_id,
            hazard_id=hazard.id,
            kind=kind,
            note=hazard.description,
            at=act.now,
            **act.owners(),
        )
    )
    act.say("rate.factor", "记入下一年度费率依据", factor=kind)
    return {}


@operation("愿意整改", inputs=("hazard_id",))
def record_offer(act: Act, inputs: Inputs) -> Outputs:
    """Take the hazard up again: the unit is willing after all."""
    answers, hazard = Answers(inputs), hazard_in(act, inputs)
    move(hazard, State.RECTIFYING)
    act.say("hazard.offered", f"投保单位愿意整改：{answers.text('statement')}")
    return {}
