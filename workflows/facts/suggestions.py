"""What a person would most likely type next, so that most steps are read and sent rather than written.

Suggestions stand in the form and can be changed; what was answered before wins over them.
"""

from collections.abc import Mapping
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import select

from rules.vocabulary import label
from store.tables import Expert, Hazard, InsurerProfile, Organization, Person, Policyholder, Visit
from workflows.acts import Act
from workflows.facts.choices import HostLists
from workflows.facts.visit import declined_by
from workflows.reading import Facts, found, labels, local, names_of
from workflows.records import latest_pre_contact, team_of
from workflows.runtime import SHANGHAI

_FROM, _UNTIL = time(9), time(12)
_FIRST = 2


def suggestions(act: Act, facts: Mapping[str, object], lists: HostLists) -> Facts:
    """Return values by field name."""
    unit = found(act, Policyholder, act.case.policyholder_id)
    values = {**_now(act), **_signer(act), **(_unit(unit) if unit is not None else {})}
    if act.case.hazard_id is not None:
        return values | _hazard(act)
    visit = found(act, Visit, act.case.visit_id)
    return values | (_visit(act, visit, facts, lists) if visit is not None else _scheme(act))


def _now(act: Act) -> Facts:
    """Return the moments of what is recorded while it happens."""
    return dict.fromkeys(("contacted_at", "arrived_at", "served_at", "checked_at"), local(act.now))


def _signer(act: Act) -> Facts:
    """Return the name of the person who signs by their own account; nobody's when a coordinator records."""
    visit = found(act, Visit, act.case.visit_id)
    signs = act.actor.has("policyholder") or (visit is not None and visit.record_answer == "agree")
    return {"signer_name": act.actor.name} if signs else {}


def _unit(unit: Policyholder) -> Facts:
    values: Facts = {
        "contact_log": {"person": unit.contact},
        "respondent_name": unit.contact,
        "received_by": unit.contact,
        "responsible": unit.contact,
        "site_contact": unit.contact,
    }
    return values if unit.contact else {}


def _hazard(act: Act) -> Facts:
    hazard = found(act, Hazard, act.case.hazard_id)
    return {"finish_by": hazard.deadline} if hazard is not None else {}


def _visit(act: Act, visit: Visit, facts: Mapping[str, object], lists: HostLists) -> Facts:
    declined = declined_by(act, visit)
    team = team_of(act, visit) if declined is None else []
    values: Facts = {"place": facts.get("address"), "payee": _provider(act)}
    if not team:
        without = str(declined.person_id) if declined is not None else None
        experts = [choice.value for choice in lists["experts"] if choice.value != without][:_FIRST]
        values |= {"lead": experts[0] if experts else None, "team": experts}
        values |= {"items": [choice.value for choice in lists["scheme_items"]]}
        if facts.get("baseline_required") is True:
            values["checklists"] = [choice.value for choice in lists["checklists"][:1]]
    if visit.planned_on is not None:
        values["service_from"] = datetime.combine(visit.planned_on, _FROM, SHANGHAI)
        values["service_until"] = datetime.combine(visit.planned_on, _UNTIL, SHANGHAI)
    if visit.items:
        values["content"] = labels("service_item", visit.items)
    if team:
        values["team"] = [str(person) for person in team]
        values["visitors"] = [
            {"name": name, "certificate_number": number} for name, number in _certificates(act, team)
        ]
    if facts.get("arrived_at") is not None:
        values["days"] = [{"started_at": facts["arrived_at"]}]
    return values | _agreed_before(act, visit)


def _agreed_before(act: Act, visit: Visit) -> Facts:
    """Return what was agreed last time, at the time that the unit asks for instead and for as long."""
    before = latest_pre_contact(act, visit)
    if before is None:
        return {}
    values: Facts = {
        "content": before.content,
        "technical_measures": before.technical_measures,
        "protective_measures": before.protective_measures,
        "site_rules": before.site_rules,
    }
    if before.new_time and before.service_start and before.service_end:
        values["service_from"] = local(before.new_time)
        values["service_until"] = local(before.new_time + (before.service_end - before.service_start))
    return values


def _certificates(act: Act, team: list[UUID]) -> list[tuple[str, str]]:
    found_rows = act.session.execute(
        select(Person.id, Person.name, Expert.qualification_no)
        .join(Expert, Expert.person_id == Person.id)
        .where(Person.id.in_(team))
    )
    known = {row.id: (row.name, row.qualification_no or "") for row in found_rows}
    return [known[person] for person in team if person in known]


def _scheme(act: Act) -> Facts:
    profile = found(act, InsurerProfile, act.case.insurer_id)
    values: Facts = {}
    if profile is not None:
        said = (
            ("投诉电话：{}。", profile.complaint_phone),
            ("处理程序：{}。", profile.complaint_procedure),
            ("调处方式：{}。", profile.mediation_method),
        )
        values["complaint_arbitration"] = "\n".join(words.format(text) for words, text in said if text)
    experts = list(
        act.session.execute(
            select(Person.id, Expert.qualification)
            .join(Expert, Expert.person_id == Person.id)
            .where(Expert.org_id == act.case.org_id, Expert.status == "active", Person.active.is_(True))
            .order_by(Expert.score.desc(), Person.name)
            .limit(_FIRST)
        )
    )
    if experts:
        names = names_of(act, [row.id for row in experts])
        kind = label("qualification", experts[0].qualification) if experts[0].qualification else ""
        values["org_experts"] = (
            f"{_provider(act)}：{names}（{kind}）" if kind else f"{_provider(act)}：{names}"
        )
    return values


def _provider(act: Act) -> str:
    provider = found(act, Organization, act.case.org_id)
    return provider.name if provider is not None else ""
