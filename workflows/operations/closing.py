"""The end of a service cycle: the facts for next year's rate, the unit's file (第七、十九条)."""

from rules.retention import retention
from store.numbers import take_number
from store.pages.renewal import renewal_counts
from store.tables import CaseFile, Policy, Policyholder, RateEvidence
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.host import feel_host
from workflows.operations.answers import Answers
from workflows.operations.quota import progress
from workflows.renewals import rate, table_of
from workflows.subjects import existing, unit_name


@operation("备费率依据", inputs=("policy_id",), outputs=("rate_evidence_id",))
def prepare_rate_evidence(act: Act, inputs: Inputs) -> Outputs:
    """Gather the facts for the renewal, 45 days before the term ends (第十九条)."""
    evidence = _gather(act, existing(act.session, Policy, inputs["policy_id"]), preliminary=True)
    act.notify("续保费率依据已备好（初步）", role="insurer")
    return {"rate_evidence_id": str(evidence.id)}


@operation("汇总周期", inputs=("policy_id",), outputs=("rate_evidence_id", "short"))
def summarize_cycle(act: Act, inputs: Inputs) -> Outputs:
    """Gather the final facts; visits that are missing without a reason are a violation (第十四条)."""
    policy = existing(act.session, Policy, inputs["policy_id"])
    evidence = _gather(act, policy, preliminary=False)
    unit = existing(act.session, Policyholder, policy.policyholder_id)
    if (
        (evidence.short or 0) > 0
        and unit.willingness != "refused_filed"
        and policy.surrender_effective is None
    ):
        act.say(
            "violation.visit_shortfall",
            f"应服务 {evidence.required} 次，完成 {evidence.counted} 次，欠 {evidence.short} 次（第十四条）",
            short=evidence.short,
        )
    return {"rate_evidence_id": str(evidence.id), "short": evidence.short}


def _gather(act: Act, policy: Policy, *, preliminary: bool) -> RateEvidence:
    status = progress(act, policy)
    evidence = RateEvidence(
        policy_id=policy.id,
        case_id=act.case.id,
        preliminary=preliminary,
        prepared_at=act.now,
        factors=rate_facts(act, policy),
        required=int(str(status["required"])),
        counted=int(str(status["counted"])),
        short=int(str(status["short"])),
        **act.owners(),
    )
    act.session.add(evidence)
    act.session.flush()
    return evidence


def rate_facts(act: Act, policy: Policy) -> dict[str, object]:
    """Return the numbers behind the three grounds of 第十九条, and how the table of the release rates them."""
    counts = renewal_counts(act.session, [policy.id], act.today)[policy.id]
    table = table_of(act.session, act.case.release_id)
    return {
        "reschedule_count": counts.rescheduled,
        "entry_refusal_count": counts.entry_refused,
        "hazard_count": counts.due,
        "hazards_closed": counts.closed,
        "major_count": counts.major,
        "refused_count": counts.refused,
        "rating": rate(table, counts, feel_host(act.calendar, act.now)).plain(),
    }


@operation("记录费率依据核对", inputs=("rate_evidence_id",))
def record_rate_review(act: Act, inputs: Inputs) -> Outputs:
    """Keep the coordinator's view of the three grounds."""
    answers = Answers(inputs)
    evidence = existing(act.session, RateEvidence, inputs["rate_evidence_id"])
    evidence.cooperation = answers.whole("cooperation")
    evidence.cooperation_note = answers.text("cooperation_basis")
    evidence.rectification_note = answers.text("rectification_note")
    evidence.risk_control_note = answers.text("risk_control_note")
    evidence.corrections = [dict(row.plain()) for row in answers.rows("corrections")]
    evidence.reviewed_by, evidence.reviewed_at = act.actor.person_id, act.now
    return {}


@operation("记录费率依据使用", inputs=("rate_evidence_id",))
def record_rate_use(act: Act, inputs: Inputs) -> Outputs:
    """Keep whether the insurer used the evidence, and in which direction."""
    answers = Answers(inputs)
    evidence = existing(act.session, RateEvidence, inputs["rate_evidence_id"])
    evidence.used, evidence.direction = answers.text("used"), answers.text("direction")
    evidence.reason = answers.text("reason")
    evidence.used_by, evidence.used_at = act.actor.person_id, act.now
    return {}


@operation("封存户档", inputs=("policy_id",), outputs=("retain_until",))
def seal_case_file(act: Act, inputs: Inputs) -> Outputs:
    """Close the unit's file of this policy and fix how long it is kept (第七条, D2)."""
    policy = existing(act.session, Policy, inputs["policy_id"])
    kept = retention((policy.term_end, act.today))
    act.session.add(
        CaseFile(
            number=take_number(act.session, policy.org_id, "HD", act.today.year),
            policy_id=policy.id,
            case_id=act.case.id,
            title=f"{unit_name(act.session, policy)} 保单 {policy.number}",
            state="sealed",
            sealed_at=act.now,
            sealed_by=act.actor.person_id,
            retain_until=kept.retain_until,
            disposable_from=kept.disposable_from,
            **act.owners(),
        )
    )
    act.say("cycle.sealed", f"户档封存，保管至 {kept.retain_until}")
    return {"retain_until": kept.retain_until}
