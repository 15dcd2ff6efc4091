"""What a form is filled with before anybody types: the record's own values under the fields' names."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from store.tables import (
    Assessment,
    ExchangeMeeting,
    FiledReport,
    HazardNotice,
    Policy,
    Policyholder,
    RefusalNotice,
    ServiceScheme,
    Visit,
)
from workflows.acts import Act
from workflows.facts.annual_plan import plan_prefill
from workflows.facts.choices import HostLists
from workflows.facts.fund_filing import filing_prefill
from workflows.facts.meeting import issues_to_discuss, meeting_of
from workflows.facts.policy import latest_scheme
from workflows.facts.push import push_of
from workflows.facts.report import report_of
from workflows.facts.suggestions import suggestions
from workflows.facts.visit import declined_by
from workflows.reading import found, names_of, unit_name
from workflows.records import latest_pre_contact, training_of
from workflows.report_words import MONTHLY_PARTS
from workflows.runtime import legal_day

NOTHING_FOUND = "本月没有告知隐患，零报。"
_SCHEME = (
    "items",
    "frequency",
    "time_limit",
    "key_periods",
    "risk_state",
    "expected_effect",
    "measures",
    "org_experts",
    "guarantee",
    "complaint_arbitration",
)
_UNIT = ("high_risk_kind", "is_key", "risk_level", "risk_tags", "needs", "contact", "mobile")
_TRAINING = ("topic", "audience", "focus", "audience_rule", "starts_at", "mode", "place", "speaker", "budget")
_PUSH = ("category", "title", "body", "files", "source", "audience_rule", "publish_on", "expires_on")
_MEETING = ("planned_on", "place", "participants", "guests", "held_on", "summary")


def prefill_of(act: Act, variables: Mapping[str, object], lists: HostLists) -> dict[str, object]:
    """Return values by field name; a form takes those that it asks for."""
    values: dict[str, object] = {
        name: value
        for name, value in suggestions(act, variables, lists).items()
        if value not in (None, "", [])
    }
    if (unit := found(act, Policyholder, act.case.policyholder_id)) is not None:
        values |= {name: getattr(unit, name) for name in _UNIT if getattr(unit, name) not in (None, "", [])}
    if (policy := found(act, Policy, act.case.policy_id)) is not None and act.case.visit_id is None:
        values |= _scheme(act, policy, variables)
    if (visit := found(act, Visit, act.case.visit_id)) is not None and act.case.hazard_id is None:
        values |= _visit(act, visit, lists)
    if (refusal := found(act, RefusalNotice, variables.get("refusal_id"))) is not None:
        values |= _refusal(act, refusal)
    return values | _of_process(act, variables)


def _of_process(act: Act, variables: Mapping[str, object]) -> dict[str, object]:
    """Return what the record of a report, an assessment, a training or a meeting gives."""
    values: dict[str, object] = {}
    if (report := report_of(act)) is not None:
        values |= _report(report)
    assessment = found(act, Assessment, variables.get("assessment_id"))
    if assessment is not None and assessment.conclusion:
        values["conclusion"] = assessment.conclusion
    if (meeting := meeting_of(act)) is not None:
        values |= _meeting(act, meeting)
    if (push := push_of(act)) is not None:
        values |= {name: getattr(push, name) for name in _PUSH}
    return values | _training(act, variables) | plan_prefill(act) | filing_prefill(act)


def _training(act: Act, variables: Mapping[str, object]) -> dict[str, object]:
    """Return what was planned for a training, before that what the year's plan foresees."""
    if (training := training_of(act)) is not None:
        return {name: getattr(training, name) for name in _TRAINING}
    foreseen = variables.get("planned")
    return dict(foreseen) if isinstance(foreseen, Mapping) else {}


def _meeting(act: Act, meeting: ExchangeMeeting) -> dict[str, object]:
    kept = {name: getattr(meeting, name) for name in _MEETING}
    return kept | {"issues": issues_to_discuss(act, meeting)}


def _report(report: FiledReport) -> dict[str, object]:
    """Return what was written before; of a month without hazards, that there is nothing to report (零报)."""
    figures = {figure["name"]: figure["value"] for figure in report.snapshot["figures"]}
    if report.sections or report.kind != "monthly_report" or figures["hazards_found"]:
        return dict(report.sections)
    return {name: NOTHING_FOUND for name in MONTHLY_PARTS if name != "note"}


def _scheme(act: Act, policy: Policy, variables: Mapping[str, object]) -> dict[str, object]:
    scheme: ServiceScheme | None = latest_scheme(act, policy)
    if scheme is None:
        return {
            "frequency": variables.get("required"),
            "time_limit": policy.term_end - timedelta(days=30),
        }
    kept = {name: getattr(scheme, name) for name in _SCHEME}
    return kept | {
        "baseline_goal": scheme.baseline_target,
        "standardization_goal": scheme.standardization_target,
    }


def _visit(act: Act, visit: Visit, lists: HostLists) -> dict[str, object]:
    hazards = {choice.value: dict(choice.facts) for choice in lists["visit_hazards"]}
    values: dict[str, object] = {
        "planned_on": visit.planned_on,
        "items": visit.items,
        "checklists": visit.checklists,
        "place": visit.place,
        "lead": str(visit.lead_id) if visit.lead_id and declined_by(act, visit) is None else None,
    }
    if hazards and not _signed(act, visit):
        values["hazards"] = hazards
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _signed(act: Act, visit: Visit) -> bool:
    query = (
        select(HazardNotice.id)
        .where(HazardNotice.visit_id == visit.id, HazardNotice.state != "draft")
        .limit(1)
    )
    return act.session.scalar(query) is not None


def _refusal(act: Act, refusal: RefusalNotice) -> dict[str, object]:
    name = unit_name(act)
    letter = (
        f"{name}：\n贵单位于 {refusal.refused_on} 表示不接受安全生产责任保险事故预防服务。"
        "事故预防服务是保险的一部分，不另收费；贵单位可随时恢复。依照《温州市安全生产责任保险事故预防服务暂行标准》"
        "第十三条，现书面告知并留档。"
    )
    letter_facts = {"letter": refusal.text or letter, "channel": refusal.channel, "address": refusal.address}
    return _refused_in_writing(act, refusal) | letter_facts


def _refused_in_writing(act: Act, refusal: RefusalNotice) -> dict[str, object]:
    """Return who refused what, when and why, if the unit wrote it into a scheme's or a visit's answer itself."""
    if (visit := found(act, Visit, refusal.visit_id)) is not None:
        contact = latest_pre_contact(act, visit)
        if contact is None or contact.answer != "refuse" or contact.answered_at is None:
            return {}
        who = names_of(act, [contact.answered_by]) if contact.answered_by else ""
        return _refused(contact.refuse_reason, contact.answered_at, who, "this_visit")
    policy = found(act, Policy, refusal.policy_id)
    scheme = latest_scheme(act, policy) if policy is not None else None
    if scheme is None or scheme.answer != "refuse" or not scheme.signatures:
        return {}
    signature = scheme.signatures[-1]
    who = " ".join(part for part in (signature["name"], signature["title"]) if part)
    return _refused(scheme.refuse_reason, datetime.fromisoformat(signature["at"]), who, "all")


def _refused(reason: str, at: datetime, who: str, scope: str) -> dict[str, object]:
    return {"reason": reason, "refused_on": legal_day(at), "refused_by": who, "scope": scope}
