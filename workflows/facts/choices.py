"""The lists that a form asks the product for: people to send, items agreed, rows to check."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from sqlalchemy import select

from forms.context import Choice
from rules.checklists import Checklist, ChecklistItem
from rules.hazards import Level, may_recheck_by
from rules.vocabulary import choices as words
from rules.vocabulary import label
from store.checklists import checklist
from store.tables import (
    AgencyProfile,
    Anomaly,
    FundPlan,
    Hazard,
    HazardTemplate,
    Organization,
    Policy,
    Policyholder,
    Visit,
)
from workflows.acts import Act
from workflows.facts.annual_plan import plan_insurers, served_insurers
from workflows.facts.assessment import (
    assessment_breaches,
    assessment_indicators,
    disputed_indicators,
    shown_indicators,
)
from workflows.facts.complaint import complaint_handlers
from workflows.facts.experts import suggested_experts
from workflows.facts.meeting import meeting_participants, meeting_people, open_actions
from workflows.facts.policy import latest_scheme
from workflows.facts.push import failed_deliveries
from workflows.facts.recorded import anomaly_words, elements_of, hazard_words
from workflows.facts.report import improvements
from workflows.facts.visit import checklists_for
from workflows.operations.corrections import CORRECTABLE
from workflows.reading import found

MOST = 200
NOT_RECORDED = "没有记录"


class HostLists(Mapping[str, Sequence[Choice]]):
    """The lists of one case, each made only when a form asks for it."""

    def __init__(self, act: Act) -> None:
        """Serve lists for this case."""
        self._makers = {name: partial(make, act) for name, make in _MAKERS.items()}
        self._made: dict[str, Sequence[Choice]] = {}

    def __getitem__(self, name: str) -> Sequence[Choice]:
        """Return the list of this name; it is made once."""
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Give the names."""
        return iter(self._makers)

    def __len__(self) -> int:
        """Return how many lists there are."""
        return len(self._makers)


def host_lists(act: Act) -> HostLists:
    """Return the host lists of a case."""
    return HostLists(act)


def _agencies(act: Act) -> list[Choice]:
    rows = act.session.execute(
        select(Organization)
        .join(AgencyProfile, AgencyProfile.organization_id == Organization.id)
        .where(AgencyProfile.valid_until >= act.today, AgencyProfile.exited_on.is_(None))
        .order_by(Organization.name)
        .limit(MOST)
    ).scalars()
    return [Choice(str(row.id), row.name) for row in rows]


def _scheme_items(act: Act) -> list[Choice]:
    policy = found(act, Policy, act.case.policy_id)
    scheme = latest_scheme(act, policy) if policy is not None else None
    return _items(scheme.items if scheme is not None else [])


def _visit_items(act: Act) -> list[Choice]:
    visit = found(act, Visit, act.case.visit_id)
    return _items(visit.items if visit is not None else [])


def _items(codes: Sequence[object]) -> list[Choice]:
    chosen = {str(code) for code in codes}
    return [Choice(code, word) for code, word in words("service_item") if not chosen or code in chosen]


def _checklists(act: Act) -> list[Choice]:
    unit = found(act, Policyholder, act.case.policyholder_id)
    lists = checklists_for(act, unit) if unit is not None else ()
    return [Choice(one.code, one.title) for one in lists]


def _baseline_items(act: Act) -> list[Choice]:
    visit = found(act, Visit, act.case.visit_id)
    lists = [checklist(act.session, str(code)) for code in visit.checklists] if visit is not None else []
    return [
        Choice(item.key, item.text, group=entry.title, facts=_unmet(entry, item))
        for entry in lists
        for item in entry.items
    ]


def _unmet(entry: Checklist, item: ChecklistItem) -> dict[str, object]:
    """Return what an item brings into the hazard that it is not met: on which words the hazard rests (附件2)."""
    return {"number": item.number, "basis_clause": f"《{entry.title}》第 {item.number} 条：{item.text}"}


def _hazard_templates(act: Act) -> list[Choice]:
    kinds = {act.case.industry or "none", "", "none"}
    rows = act.session.scalars(
        select(HazardTemplate)
        .where(HazardTemplate.industry.in_(kinds) | HazardTemplate.industry.is_(None))
        .order_by(HazardTemplate.hazard_class, HazardTemplate.code)
        .limit(MOST)
    )
    names = (
        "description",
        "basis_clause",
        "suggestion",
        "hazard_class",
        "cause",
        "accident_kind",
        "level",
        "place",
    )
    return [
        Choice(
            str(row.id),
            row.description,
            group=label("hazard_class", row.hazard_class),
            facts={name: getattr(row, name) for name in names} | {"baseline_item": row.checklist_item},
        )
        for row in rows
    ]


def _visit_hazards(act: Act) -> list[Choice]:
    rows = act.session.scalars(
        select(Hazard).where(Hazard.visit_id == act.case.visit_id).order_by(Hazard.position)
    )
    return [
        Choice(
            str(row.id),
            f"隐患 {row.position}　{row.description}",
            note=label("hazard_level", row.level),
            about=hazard_words(row),
            facts={"level": row.level, "basis_clause": row.basis_clause},
        )
        for row in rows
    ]


def _recheck_methods(act: Act) -> list[Choice]:
    """Return the ways of rechecking that will do for the hazard's level (第十九条)."""
    hazard = found(act, Hazard, act.case.hazard_id)
    ways = words("recheck_method")
    if hazard is None:
        return [Choice(code, word) for code, word in ways]
    level = Level(hazard.level)
    return [Choice(code, word) for code, word in ways if may_recheck_by(level, code)]


def _visit_anomalies(act: Act) -> list[Choice]:
    rows = act.session.scalars(
        select(Anomaly)
        .where(Anomaly.visit_id == act.case.visit_id, Anomaly.decided_at.is_(None))
        .order_by(Anomaly.found_at, Anomaly.id)
    )
    return [Choice(str(row.id), label("anomaly", row.code), about=anomaly_words(row)) for row in rows]


def _record_elements(act: Act) -> list[Choice]:
    visit = found(act, Visit, act.case.visit_id)
    recorded = elements_of(act, visit) if visit is not None else {}
    return [
        Choice(code, word, about=recorded[code] or NOT_RECORDED)
        for code, word in words("archive_element")
        if code in recorded
    ]


def _correctable_fields(_act: Act) -> list[Choice]:
    return [Choice(name, label("correctable_field", name)) for name in CORRECTABLE]


def _industry_authorities(act: Act) -> list[Choice]:
    rows = act.session.scalars(
        select(Organization)
        .where(Organization.kind == "industry_authority")
        .order_by(Organization.name)
        .limit(MOST)
    )
    fitting = sorted(
        rows, key=lambda row: (row.region_code != act.case.region_code, row.industry != act.case.industry)
    )
    return [Choice(str(row.id), row.name) for row in fitting]


def _fund_plans(act: Act) -> list[Choice]:
    """Return the insurers whose approved plan of the year may bear an activity for many units."""
    rows = act.session.execute(
        select(Organization.id, Organization.name)
        .join(FundPlan, FundPlan.insurer_id == Organization.id)
        .where(
            FundPlan.org_id == act.case.org_id,
            FundPlan.year == act.today.year,
            FundPlan.state == "approved",
        )
        .distinct()
        .order_by(Organization.name)
        .limit(MOST)
    )
    return [Choice(str(insurer), name) for insurer, name in rows]


_MAKERS = {
    "experts": suggested_experts,
    "agencies": _agencies,
    "scheme_items": _scheme_items,
    "visit_items": _visit_items,
    "checklists": _checklists,
    "baseline_items": _baseline_items,
    "hazard_templates": _hazard_templates,
    "visit_hazards": _visit_hazards,
    "recheck_method": _recheck_methods,
    "visit_anomalies": _visit_anomalies,
    "record_elements": _record_elements,
    "correctable_fields": _correctable_fields,
    "industry_authorities": _industry_authorities,
    "improvements": improvements,
    "assessment_indicators": assessment_indicators,
    "shown_indicators": shown_indicators,
    "disputed_indicators": disputed_indicators,
    "assessment_breaches": assessment_breaches,
    "fund_plans": _fund_plans,
    "served_insurers": served_insurers,
    "plan_insurers": plan_insurers,
    "complaint_handlers": complaint_handlers,
    "meeting_participants": meeting_participants,
    "meeting_people": meeting_people,
    "open_actions": open_actions,
    "failed_deliveries": failed_deliveries,
}
