"""What a person decides about an assessment: breaches, the objection, the last signature (第二十四至二十七条)."""

from store.tables import Breach
from workflows.acts import Act
from workflows.assessed import breaches_of, evidence_count, lines_of, measures_now
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.assessments import NO_EVIDENCE, assessment_of
from workflows.operations.deadlines import meet_in_time


@operation("登记扣分事由", inputs=("assessment_id",), outputs=("breach_count",))
def record_breaches(act: Act, inputs: Inputs) -> Outputs:
    """Keep each ground for a deduction with its evidence; nothing is deducted before the defence (第二十七条)."""
    assessment = assessment_of(act, inputs)
    rows = Answers(inputs).rows("breaches")
    for earlier in breaches_of(act.session, assessment):
        act.session.delete(earlier)  # the step came back: what it says now holds
    for row in rows:
        act.session.add(
            Breach(
                assessment_id=assessment.id,
                kind=row.text("kind"),
                description=row.text("description"),
                evidence=row.many("evidence"),
                points=row.amount("points"),
                recorded_by=act.actor.person_id,
                recorded_at=act.now,
                **act.owners(),
            )
        )
    act.session.flush()
    act.say("breach.recorded", f"登记扣分事由 {len(rows)} 条" if rows else "没有扣分事由")
    return {"breach_count": len(rows)}


@operation("收申辩", inputs=("assessment_id",))
def record_defence(act: Act, inputs: Inputs) -> Outputs:
    """Keep what the organization says against each breach; silence is no defence."""
    assessment = assessment_of(act, inputs)
    told = {row.text("item"): row for row in Answers(inputs).rows("defences")}
    for breach in breaches_of(act.session, assessment):
        row = told[str(breach.id)]
        breach.defence, breach.defence_evidence = row.text("defence"), row.many("evidence")
        breach.defended_at = act.now
    act.say("breach.defended", "对扣分事由作了申辩")
    return {}


@operation("记期内没有回音", outputs=("appeal",))
def note_silence(act: Act, _: Inputs) -> Outputs:
    """Take silence until the last day for agreement: the right to object is over, and nothing is late."""
    meet_in_time(act, "appeal")
    act.say("assessment.silence", "期限内没有提出意见，视为没有异议")
    return {"appeal": "no"}


@operation("认定扣分", inputs=("assessment_id",), outputs=("upheld_count",))
def decide_breaches(act: Act, inputs: Inputs) -> Outputs:
    """Keep which breaches are found, and why; always a person's decision (第二十七条)."""
    assessment = assessment_of(act, inputs)
    told = {row.text("item"): row for row in Answers(inputs).rows("decisions")}
    upheld = 0
    for breach in breaches_of(act.session, assessment):
        row = told[str(breach.id)]
        breach.decision, breach.decision_reason = row.text("decision"), row.text("reason")
        breach.decided_by, breach.decided_at = act.actor.person_id, act.now
        upheld += breach.decision == "upheld"
    act.say("breach.decided", f"认定扣分 {upheld} 条，不认定 {len(told) - upheld} 条")
    return {"upheld_count": upheld}


@operation("公布初步结果", inputs=("assessment_id",))
def publish_result(act: Act, inputs: Inputs) -> Outputs:
    """Show the organization its provisional result."""
    assessment = assessment_of(act, inputs)
    assessment.state, assessment.conclusion = "provisional", Answers(inputs).text("conclusion")
    act.say("assessment.provisional", f"公布初步结果 {assessment.total} 分，等被考核单位的意见")
    return {}


@operation("收异议", inputs=("assessment_id",))
def record_appeal(act: Act, inputs: Inputs) -> Outputs:
    """Keep whether the organization objects, and with what."""
    assessment, answers = assessment_of(act, inputs), Answers(inputs)
    if answers.text("appeal") != "yes":
        act.say("assessment.accepted", "被考核单位没有异议")
        return {}
    assessment.appeal_reason, assessment.appeal_evidence = answers.text("reason"), answers.many("evidence")
    act.say("assessment.appealed", f"提出异议：{assessment.appeal_reason}")
    return {}


@operation("处理异议", inputs=("assessment_id",))
def decide_appeal(act: Act, inputs: Inputs) -> Outputs:
    """Keep the decision; an indicator is changed to met only where there is evidence by now (第二十五条)."""
    assessment, answers = assessment_of(act, inputs), Answers(inputs)
    measures = measures_now(act, assessment)
    lines = {str(indicator.id): (score, indicator) for score, indicator in lines_of(act.session, assessment)}
    changes = answers.rows("changes") if answers.text("decision") == "changed" else []
    for number, row in enumerate(changes):
        score, _ = line = lines[row.text("indicator")]
        if row.tick("satisfied") and not evidence_count(line, measures):
            if not assessment.appeal_evidence:
                raise AnswersRefusedError({f"changes.{number}.satisfied": NO_EVIDENCE})
            score.evidence = [*score.evidence, *assessment.appeal_evidence]
        score.satisfied, score.reason = row.tick("satisfied"), row.text("reason")
    assessment.appeal_decision, assessment.appeal_answer = answers.text("decision"), answers.text("reason")
    text = f"改判 {len(changes)} 项" if changes else "维持原分"
    act.say("assessment.appeal_decided", f"异议处理：{text}。{assessment.appeal_answer}")
    return {}


@operation("签发考核结果", inputs=("assessment_id",), outputs=("is_passed_on",))
def finalize_assessment(act: Act, inputs: Inputs) -> Outputs:
    """Sign the result: a conclusion, no market share (第二十六条); passing it on is a person's word (第二十七条)."""
    assessment, answers = assessment_of(act, inputs), Answers(inputs)
    assessment.state, assessment.conclusion = "final", answers.text("conclusion")
    assessment.is_passed_on = answers.text("pass_on") == "yes"
    assessment.passed_on_reason = answers.text("pass_on_reason")
    assessment.finalized_on, assessment.finalized_by = act.today, act.actor.person_id
    act.say("assessment.final", f"签发考核结果：{assessment.total} 分。{assessment.conclusion}")
    return {"is_passed_on": assessment.is_passed_on}
