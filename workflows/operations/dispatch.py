"""Sending people on a visit: who may be sent, who accepts (第五、九、十、十八条)."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import ColumnElement, func, select

from rules.dispatch import (
    AgencyFacts,
    DispatchCheck,
    DispatchFacts,
    DispatchFinding,
    TeamMember,
    check_dispatch,
)
from rules.vocabulary import label
from store.tables import (
    AgencyProfile,
    Engagement,
    Expert,
    Organization,
    Person,
    Policy,
    ProviderProfile,
    Visit,
    VisitMember,
)
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.deadlines import owe
from workflows.subjects import existing

RUNNING = ("dispatched", "confirmed", "in_progress", "planned")


def findings(
    act: Act, visit: Visit, team: list[UUID], planned_on: date, agency_id: UUID | None
) -> DispatchCheck:
    """Return what speaks against sending these people, or an agency, on that day (第五、九、十条)."""
    members = tuple(
        replace(
            _member(act, visit, person, planned_on), busy_elsewhere=_is_busy(act, person, visit, planned_on)
        )
        for person in team
    )
    agency = _agency(act, visit, agency_id, planned_on) if agency_id is not None else None
    return check_dispatch(replace(_without_team(act, visit, planned_on), team=members, agency=agency))


def who_may_be_sent(act: Act, visit: Visit, people: Iterable[UUID], planned_on: date) -> set[UUID]:
    """Return the people about whom nothing forbids sending them on that day (第十条)."""
    facts = _without_team(act, visit, planned_on)
    return {person for person in people if not _is_barred(facts, _member(act, visit, person, planned_on))}


def _is_barred(facts: DispatchFacts, member: TeamMember) -> bool:
    return any(finding.about for finding in check_dispatch(replace(facts, team=(member,))).blocks)


def _without_team(act: Act, visit: Visit, planned_on: date) -> DispatchFacts:
    policy = existing(act.session, Policy, visit.policy_id)
    provider = act.session.get(ProviderProfile, visit.responsible_org_id)
    return DispatchFacts(
        planned_on=planned_on,
        term_start=policy.term_start,
        term_end=policy.term_end,
        provider_filed=provider is not None and bool(provider.filing_number),
        provider_filed_until=provider.filing_valid_until if provider is not None else None,
        team=(),
        last_inspected_on=visited_lately(act, visit),
    )


def _member(act: Act, visit: Visit, person_id: UUID, on: date) -> TeamMember:
    expert = act.session.get(Expert, person_id)
    name = _name(act, person_id)
    if expert is None or expert.status != "active":
        return TeamMember(name, "", "", 0, None, has_commitment=False)
    committed = expert.commitment_on is not None and (
        expert.commitment_until is None or expert.commitment_until >= on
    )
    return TeamMember(
        name=name,
        background=expert.background or "",
        qualification=expert.qualification or "",
        years=expert.years or 0,
        certificate_valid_until=expert.valid_until,
        has_commitment=committed,
        is_recused=str(visit.policyholder_id) in [str(unit) for unit in expert.recused_from],
        engaged_until=_engaged_until(act, visit, expert, on) if expert.source == "external" else None,
    )


def _agency(act: Act, visit: Visit, agency_id: UUID, on: date) -> AgencyFacts:
    profile = existing(act.session, AgencyProfile, agency_id)
    return AgencyFacts(
        name=existing(act.session, Organization, agency_id).name,
        kind=profile.kind,
        qualified_until=profile.valid_until,
        engaged_until=_contract_until(act, visit, Engagement.party_b_id == agency_id, on),
    )


def _engaged_until(act: Act, visit: Visit, expert: Expert, on: date) -> date:
    party = Engagement.person_id == expert.person_id
    if expert.agency_id is not None:
        party |= Engagement.party_b_id == expert.agency_id
    return _contract_until(act, visit, party, on)


def _contract_until(act: Act, visit: Visit, party: ColumnElement[bool], on: date) -> date:
    """Return how long the provider's contract with the party that is in force that day lasts."""
    ends = act.session.scalar(
        select(func.max(Engagement.end)).where(
            party,
            Engagement.party_a_id == visit.responsible_org_id,
            Engagement.start <= on,
            Engagement.end >= on,
        )
    )
    return ends or date.min


def _is_busy(act: Act, person_id: UUID, visit: Visit, on: date) -> bool:
    other = select(Visit.id).join(VisitMember, VisitMember.visit_id == Visit.id)
    return (
        act.session.scalar(
            other.where(
                VisitMember.person_id == person_id,
                VisitMember.removed_at.is_(None),
                Visit.planned_on == on,
                Visit.id != visit.id,
                Visit.state.in_(RUNNING),
            ).limit(1)
        )
        is not None
    )


def _name(act: Act, person_id: UUID) -> str:
    person = act.session.get(Person, person_id)
    return person.name if person is not None else ""


def sentence_of(found: tuple[DispatchFinding, ...]) -> str:
    """Return findings in words, each with whom it is about."""
    words = (label("dispatch_finding", finding.code) for finding in found)
    return "；".join(
        f"{finding.about}：{word}" if finding.about else word
        for finding, word in zip(found, words, strict=True)
    )


@operation(
    "记录派单",
    inputs=("visit_id",),
    outputs=("lead_id", "planned_on", "visit_accept_due", "visit_accept_provisional"),
)
def record_dispatch(act: Act, inputs: Inputs) -> Outputs:
    """Send the team; the form is refused while something stands against a member (第五、十、十八条)."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    planned_on, lead = answers.day("planned_on"), answers.person("lead")
    team = [UUID(person) for person in answers.many("team")]
    if planned_on is None or lead is None:
        raise AnswersRefusedError({"planned_on": "请填写计划日期和负责人"})
    found = findings(act, visit, team, planned_on, answers.person("agency"))
    if found.blocks:
        raise AnswersRefusedError({"team": sentence_of(found.blocks)})
    if found.warnings and not (answers.text("warning_reason") or answers.text("recent_reason")):
        raise AnswersRefusedError({"warning_reason": sentence_of(found.warnings) + "。仍要派的，写明理由"})
    visit.lead_id, visit.planned_on, visit.state = lead, planned_on, "dispatched"
    visit.agency_id = answers.person("agency")
    visit.items, visit.checklists = list(answers.many("items")), list(answers.many("checklists"))
    visit.key_parts, visit.recent_reason = answers.text("key_parts"), answers.text("recent_reason")
    visit.dispatched_at = act.now
    _set_team(act, visit, team, lead)
    accept = owe(act, "visit_accept", act.today, not_after=planned_on)
    names = "、".join(_name(act, person) for person in team)
    act.say(
        "visit.dispatched", f"派 {names}，计划 {planned_on}", team=team, warnings=sentence_of(found.warnings)
    )
    return {
        "lead_id": str(lead),
        "planned_on": planned_on,
        "visit_accept_due": accept.due,
        "visit_accept_provisional": accept.provisional,
    }


def _set_team(act: Act, visit: Visit, team: list[UUID], lead: UUID) -> None:
    known = {
        member.person_id: member
        for member in act.session.scalars(select(VisitMember).where(VisitMember.visit_id == visit.id))
    }
    for person_id, member in known.items():
        member.removed_at = None if person_id in team else member.removed_at or act.now
    for person_id in team:
        member = known.get(person_id) or VisitMember(visit_id=visit.id, person_id=person_id, **act.owners())
        member.is_lead, member.certificate = person_id == lead, _certificate(act, person_id)
        member.answer, member.answered_at = None, None
        act.session.add(member)


def _certificate(act: Act, person_id: UUID) -> dict[str, object]:
    """Return the certificate as it stands on the day of dispatch."""
    expert = act.session.get(Expert, person_id)
    if expert is None:
        return {}
    return {
        "qualification": expert.qualification,
        "number": expert.qualification_no,
        "valid_until": expert.valid_until.isoformat() if expert.valid_until else None,
    }


@operation("记录接单", inputs=("visit_id",))
def record_acceptance(act: Act, inputs: Inputs) -> Outputs:
    """Keep whether the lead takes the visit."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    member = _lead_of(act, visit)
    if member is not None:
        member.answer, member.answered_at = answers.text("accepted"), act.now
        member.reason = answers.text("reason")
    if answers.text("accepted") == "no":
        act.say("visit.declined", f"{act.actor.name}不能接单：{answers.text('reason')}")
    return {}


def _lead_of(act: Act, visit: Visit) -> VisitMember | None:
    return act.session.scalar(
        select(VisitMember).where(
            VisitMember.visit_id == visit.id,
            VisitMember.person_id == visit.lead_id,
            VisitMember.removed_at.is_(None),
        )
    )


@operation("取回已定事项", inputs=("visit_id",), outputs=("lead_id", "planned_on", "stage"))
def recall_visit(act: Act, inputs: Inputs) -> Outputs:
    """Return what was agreed about the visit, after an interruption, and the stage at which it goes on.

    Only a visit whose lead has taken it goes on with the pre-contact; any other is dispatched first (第五、十条).
    """
    visit = existing(act.session, Visit, inputs["visit_id"])
    lead = _lead_of(act, visit)
    is_taken = lead is not None and lead.answer == "yes"
    visit.state = "dispatched" if is_taken else "planned"
    return {
        "lead_id": str(visit.lead_id) if visit.lead_id else None,
        "planned_on": visit.planned_on,
        "stage": "pre_contact" if is_taken else "dispatch",
    }


def visited_lately(act: Act, visit: Visit) -> date | None:
    """Return the last completion day of another visit to the unit, if there was one."""
    return act.session.scalar(
        select(func.max(Visit.completed_on)).where(
            Visit.policyholder_id == visit.policyholder_id, Visit.id != visit.id
        )
    )
