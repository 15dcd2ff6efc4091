"""Facts of a visit: team, agreement, arrival, record, return visit."""

from sqlalchemy import func, select

from rules.checklists import Checklist
from rules.parameters import number
from rules.vocabulary import label
from store.checklists import checklist
from store.checklists import checklists_for as checklists_of_kind
from store.tables import Anomaly, EntryCheck, Hazard, HazardNotice, Policyholder, Visit, VisitMember
from workflows.acts import Act
from workflows.facts.groups import about
from workflows.facts.recorded import anomaly_words, hazard_line
from workflows.operations.archive import missing_for_archive
from workflows.operations.dispatch import visited_lately
from workflows.operations.pre_contact import MISSING, missing_for_entry
from workflows.reading import Facts, found, labels, local, names_of, to_the_minute
from workflows.records import latest_pre_contact, latest_return_visit, team_of

FUEL_STATION, FUEL_TRADE = "fuel_station", "F526"
"""The checklist of annex 2 for filling stations, and their class in GB/T 4754."""


def _visit(act: Act) -> Visit | None:
    return found(act, Visit, act.case.visit_id)


def _plan(act: Act, visit: Visit) -> Facts:
    return {
        "visit_number": visit.number,
        "sequence": visit.sequence,
        "planned_on": visit.planned_on,
        "visit_item_names": labels("service_item", visit.items),
        "checklist_names": "、".join(checklist(act.session, str(code)).title for code in visit.checklists),
        "key_parts": visit.key_parts,
        "baseline_required": bool(visit.checklists) or _first_with_checklist(act, visit),
    }


def _team(act: Act, visit: Visit) -> Facts:
    declined = declined_by(act, visit)
    return {
        "team_names": names_of(act, team_of(act, visit)),
        "declined_because": f"{names_of(act, [declined.person_id])}，{declined.reason}" if declined else None,
    }


def _last(act: Act, visit: Visit) -> Facts:
    last = visited_lately(act, visit)
    return {
        "last_visit_on": last,
        "recent_visit": last is not None and (act.today - last).days <= _recent_days(act),
    }


def _record(act: Act, visit: Visit) -> Facts:
    return {
        "place": visit.place,
        "process": visit.process,
        "measures_taken": visit.measures_taken,
        "escort": visit.escort,
        "arrived_at": to_the_minute(visit.arrived_at),
        "left_at": to_the_minute(visit.left_at),
        "completed_on": visit.completed_on,
        "record_answer": visit.record_answer,
        "record_answer_name": label("record_answer", visit.record_answer) if visit.record_answer else "",
        "objection": visit.objection,
        "sent_back": _sent_back(act, visit),
        "settle_reason": act.case.variables.get("fee_reason"),
    }


def _sent_back(act: Act, visit: Visit) -> str:
    """Return which anomalies the reviewer sent back to be corrected, with his words."""
    rows = act.session.scalars(
        select(Anomaly)
        .where(Anomaly.visit_id == visit.id, Anomaly.decision == "reject")
        .order_by(Anomaly.found_at, Anomaly.id)
    )
    return "；".join(f"{_anomaly(row)}，负责人要求：{row.explanation}" for row in rows)


def _anomaly(row: Anomaly) -> str:
    name, what = label("anomaly", row.code), anomaly_words(row)
    return f"{name}（{what}）" if what else name


def declined_by(act: Act, visit: Visit) -> VisitMember | None:
    """Return the lead who did not take the visit, until another is sent."""
    return act.session.scalar(
        select(VisitMember).where(
            VisitMember.visit_id == visit.id,
            VisitMember.person_id == visit.lead_id,
            VisitMember.removed_at.is_(None),
            VisitMember.answer == "no",
        )
    )


def _recent_days(act: Act) -> int:
    return number("recent_inspection_days", act.today).value


def _first_with_checklist(act: Act, visit: Visit) -> bool:
    """Tell whether this is the first visit to a unit of a trade that annex 2 has a checklist for."""
    unit = found(act, Policyholder, visit.policyholder_id)
    if unit is None or not checklists_for(act, unit):
        return False
    earlier = select(func.count()).where(
        Visit.policyholder_id == visit.policyholder_id, Visit.id != visit.id, Visit.completed_on.is_not(None)
    )
    return (act.session.scalar(earlier) or 0) == 0


def checklists_for(act: Act, unit: Policyholder) -> tuple[Checklist, ...]:
    """Return the checklists in force that fit the unit's trade, the likeliest first (附件2)."""
    sells_fuel = (unit.gbt4754 or "").startswith(FUEL_TRADE)
    known = checklists_of_kind(act.session, unit.high_risk_kind, act.today)
    fitting = [one for one in known if sells_fuel or one.code != FUEL_STATION]
    return tuple(sorted(fitting, key=lambda one: one.code != FUEL_STATION))


def _agreement(act: Act, visit: Visit) -> Facts:
    contact = latest_pre_contact(act, visit)
    missing = [MISSING[name] for name in missing_for_entry(act, visit)]
    if contact is None:
        return {"missing": missing, "reschedule_attempts": 0}
    return {
        "service_from": local(contact.service_start),
        "service_until": local(contact.service_end),
        "content": contact.content,
        "technical_measures": contact.technical_measures,
        "protective_measures": contact.protective_measures,
        "site_contact": contact.site_contact,
        "site_rules": contact.site_rules,
        "new_time": local(contact.new_time),
        "grantor_name": contact.grantor,
        "granted_at": to_the_minute(contact.answered_at) if contact.permission_granted else None,
        "permission_text": f"{contact.grantor}（{contact.grantor_title}）"
        if contact.permission_granted
        else "",
        "missing": missing if visit.completed_on is None else _missing_in_file(act, visit),
        "reschedule_attempts": len(contact.reschedules),
    }


def _missing_in_file(act: Act, visit: Visit) -> list[str]:
    return [
        label("archive_element", name)
        for name in missing_for_archive(act, visit)
        if name not in {"insured_confirmation", "provider_signature"}
    ]


def _arrival(act: Act, visit: Visit) -> Facts:
    check = act.session.scalar(
        select(EntryCheck).where(EntryCheck.visit_id == visit.id).order_by(EntryCheck.id.desc()).limit(1)
    )
    if check is None:
        return {"entry_refused": visit.state == "entry_refused"}
    where = check.position or {}
    text = f"{where['latitude']}, {where['longitude']}" if where.get("latitude") else check.no_position_reason
    return {
        "position_text": text,
        "escort": " ".join(filter(None, (check.escort, check.escort_title))),
        "entry_refused": not check.entry_admitted,
    }


def _hazards(act: Act, visit: Visit) -> Facts:
    hazards = act.session.scalars(
        select(Hazard).where(Hazard.visit_id == visit.id).order_by(Hazard.position)
    ).all()
    numbers = act.session.scalars(
        select(HazardNotice.number).where(
            HazardNotice.visit_id == visit.id, HazardNotice.state.in_(("issued", "served"))
        )
    )
    return {
        "hazard_count": len(hazards),
        "major_count": sum(hazard.level == "major" for hazard in hazards),
        "hazard_list": "\n".join(hazard_line(hazard) for hazard in hazards) or "没有发现隐患",
        "notice_numbers": "、".join(number for number in numbers),
    }


def _return_visit(act: Act, visit: Visit) -> Facts:
    said = latest_return_visit(act, visit)
    return {
        "satisfaction": said.satisfaction if said is not None else None,
        "opinion": said.opinion if said is not None else None,
    }


VISIT_FACTS = (
    about(
        _visit,
        _plan,
        "visit_number",
        "sequence",
        "planned_on",
        "visit_item_names",
        "checklist_names",
        "key_parts",
        "baseline_required",
    ),
    about(_visit, _team, "team_names", "declined_because"),
    about(_visit, _last, "last_visit_on", "recent_visit"),
    about(
        _visit,
        _record,
        "place",
        "process",
        "measures_taken",
        "escort",
        "arrived_at",
        "left_at",
        "completed_on",
        "record_answer",
        "record_answer_name",
        "objection",
        "sent_back",
        "settle_reason",
    ),
    about(
        _visit,
        _agreement,
        "service_from",
        "service_until",
        "content",
        "technical_measures",
        "protective_measures",
        "site_contact",
        "site_rules",
        "new_time",
        "grantor_name",
        "granted_at",
        "permission_text",
        "missing",
        "reschedule_attempts",
    ),
    about(_visit, _arrival, "position_text", "escort", "entry_refused"),
    about(_visit, _hazards, "hazard_count", "major_count", "hazard_list", "notice_numbers"),
    about(_visit, _return_visit, "satisfaction", "opinion"),
)
"""What forms may read of the visit, from its plan to its return visit."""
