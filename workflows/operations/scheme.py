"""The facts of a unit and the scheme agreed with it (第十四、十七条)."""

from sqlalchemy import select

from rules.scheme import may_approve, scheme_gate
from store.quota import latest_snapshot
from store.tables import (
    AccidentFact,
    ContactLog,
    Policy,
    Policyholder,
    ServiceScheme,
    YearFact,
)
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.chases import add_chase, chases
from workflows.operations.quota import owed
from workflows.subjects import existing


@operation("记录单位情况", inputs=("policy_id",), outputs=("policy_end",))
def record_unit_facts(act: Act, inputs: Inputs) -> Outputs:
    """Keep what was found out about the unit: trade, risk, last year's facts, the first contact."""
    answers = Answers(inputs)
    policy = existing(act.session, Policy, inputs["policy_id"])
    unit = existing(act.session, Policyholder, policy.policyholder_id)
    unit.high_risk_kind = unit.industry = answers.text("high_risk_kind")
    policy.industry = unit.high_risk_kind
    unit.is_key = answers.tick("is_key")
    unit.risk_level = answers.text("risk_level")
    unit.risk_tags = list(answers.many("risk_tags"))
    unit.needs = answers.text("needs")
    unit.contact, unit.mobile = answers.text("contact"), answers.text("mobile")
    unit.confirmed_at = act.now
    act.case.industry = unit.high_risk_kind
    _keep_year_fact(act, policy, answers)
    _keep_contact(act, policy, answers.group("contact_log"))
    act.say(
        "unit.confirmed", "核实了单位情况", needs=unit.needs, correction=answers.text("premium_correction")
    )
    return {"policy_end": policy.term_end}


def _keep_year_fact(act: Act, policy: Policy, answers: Answers) -> None:
    year = policy.term_start.year - 1
    fact = act.session.scalar(
        select(YearFact).where(YearFact.policyholder_id == policy.policyholder_id, YearFact.year == year)
    )
    if fact is None:
        fact = YearFact(year=year, **act.owners())
        act.session.add(fact)
        act.session.flush()
    fact.dishonesty_listing = answers.tick("dishonesty_listing")
    fact.dishonesty_level = answers.text("dishonesty_level")
    fact.dishonesty_number = answers.text("dishonesty_number")
    fact.dishonesty_from = answers.day("dishonesty_from")
    fact.dishonesty_until = answers.day("dishonesty_until")
    fact.evidence = list(answers.many("dishonesty_evidence"))
    known = set(
        act.session.execute(
            select(AccidentFact.occurred_on, AccidentFact.deaths, AccidentFact.injured).where(
                AccidentFact.year_fact_id == fact.id
            )
        )
    )
    for row in answers.rows("accidents"):
        accident = (row.day("happened_on"), row.whole("deaths") or 0, row.whole("injured") or 0)
        if accident not in {tuple(entry) for entry in known}:
            act.session.add(
                AccidentFact(
                    year_fact_id=fact.id,
                    occurred_on=accident[0],
                    deaths=accident[1],
                    injured=accident[2],
                    description=row.text("description"),
                    evidence=list(row.many("evidence")),
                    **act.owners(),
                )
            )


def _keep_contact(act: Act, policy: Policy, contact: Answers) -> None:
    act.session.add(
        ContactLog(
            policy_id=policy.id,
            case_id=act.case.id,
            contacted_at=contact.moment("contacted_at") or act.now,
            method=contact.text("method"),
            contact=contact.text("person"),
            content=contact.text("content"),
            person_id=act.actor.person_id,
            **act.owners(),
        )
    )


@operation("记录方案", inputs=("policy_id",), outputs=("scheme_id",))
def record_scheme(act: Act, inputs: Inputs) -> Outputs:
    """Keep a version of the scheme; a returned draft is revised in place, an agreed one gets a successor."""
    answers = Answers(inputs)
    policy = existing(act.session, Policy, inputs["policy_id"])
    latest = act.session.scalar(
        select(ServiceScheme)
        .where(ServiceScheme.policy_id == policy.id)
        .order_by(ServiceScheme.version.desc())
        .limit(1)
    )
    if latest is None or latest.state == "agreed":
        version = 1 if latest is None else latest.version + 1
        latest = ServiceScheme(policy_id=policy.id, version=version, case_id=act.case.id, **act.owners())
        act.session.add(latest)
    for name in (
        "risk_state",
        "expected_effect",
        "measures",
        "org_experts",
        "guarantee",
        "complaint_arbitration",
    ):
        setattr(latest, name, answers.text(name))
    latest.state = "submitted"
    latest.items = list(answers.many("items"))
    latest.frequency = answers.whole("frequency") or 0
    latest.key_periods = [dict(row.plain()) for row in answers.rows("key_periods")]
    latest.time_limit = str(answers.day("time_limit") or "")
    latest.baseline_target = answers.text("baseline_goal")
    latest.standardization_target = answers.text("standardization_goal")
    latest.premium_snapshot = policy.written_premium
    snapshot = latest_snapshot(act.session, policy.id)
    latest.quota_snapshot_id = snapshot.id if snapshot is not None else None
    check_elements(latest)
    act.session.flush()
    return {"scheme_id": str(latest.id)}


_ELEMENTS = {
    "service_content": "items",
    "frequency": "frequency",
    "time_limit": "time_limit",
    "expected_effect": "expected_effect",
    "service_guarantee": "guarantee",
    "complaint_arbitration": "complaint_arbitration",
}
"""The matters of 第十七条 and the fields that settle them."""


def check_elements(scheme: ServiceScheme) -> None:
    """Raise: AnswersRefusedError at each matter that the scheme does not settle (第十七条)."""
    missing = scheme_gate({name: getattr(scheme, field) for name, field in _ELEMENTS.items()}).missing
    if missing:
        raise AnswersRefusedError(
            {_ELEMENTS[name]: "方案要写明这一项（第十七条），请填写" for name in missing}
        )


@operation("审定方案", inputs=("scheme_id",), outputs=("may_approve",))
def decide_scheme(act: Act, inputs: Inputs) -> Outputs:
    """Approve the scheme or send it back with an opinion; say whether it may be approved (第十四条)."""
    answers = Answers(inputs)
    scheme = existing(act.session, ServiceScheme, inputs["scheme_id"])
    approved = answers.text("decision") == "approve"
    scheme.state = "approved" if approved else "returned"
    scheme.opinion = answers.text("opinion")
    if approved:
        scheme.approved_by, scheme.approved_at = act.actor.person_id, act.now
    policy = existing(act.session, Policy, scheme.policy_id)
    unit = existing(act.session, Policyholder, policy.policyholder_id)
    required = owed(act.session, policy).required
    periods = len(scheme.key_periods)
    enough = may_approve(scheme.frequency or 0, required, is_key=unit.is_key, key_periods=periods)
    return {"may_approve": enough}


@operation("记录单位对方案的答复", inputs=("scheme_id",))
def record_scheme_answer(act: Act, inputs: Inputs) -> Outputs:
    """Keep what the unit says of the scheme, with its signature."""
    answers = Answers(inputs)
    scheme = existing(act.session, ServiceScheme, inputs["scheme_id"])
    scheme.answer = answers.text("answer")
    scheme.requested_change = answers.text("requested_change")
    scheme.refuse_reason = answers.text("refuse_reason")
    scheme.complaint_informed = answers.tick("complaint_informed")
    scheme.signatures = [
        *scheme.signatures,
        {
            "party": "policyholder",
            "name": answers.text("signer_name"),
            "title": answers.text("signer_title"),
            "files": answers.many("signature") + answers.many("signed_scan"),
            "at": act.now.isoformat(),
        },
    ]
    if scheme.answer == "accept":
        _agree(act, scheme)
    else:
        scheme.state = "returned" if scheme.answer == "change" else "refused"
    return {}


def _agree(act: Act, scheme: ServiceScheme) -> None:
    scheme.state, scheme.confirmed_at = "agreed", act.now
    act.say("scheme.agreed", "服务方案已由投保单位确认", scheme_id=scheme.id)


@operation("记录方案催办", inputs=("scheme_id",), outputs=("reminders",))
def record_scheme_chase(act: Act, inputs: Inputs) -> Outputs:
    """Keep the reminders; a scheme confirmed on paper is agreed."""
    answers = Answers(inputs)
    scheme = existing(act.session, ServiceScheme, inputs["scheme_id"])
    for row in answers.rows("reminders"):
        add_chase(act, "scheme", scheme.id, row)
    if answers.text("chase_result") == "paper":
        scheme.answer = "accept"
        scheme.signatures = [
            *scheme.signatures,
            {"party": "policyholder", "files": answers.many("signed_scan"), "at": act.now.isoformat()},
        ]
        _agree(act, scheme)
    return {"reminders": chases(act, "scheme", scheme.id)}
