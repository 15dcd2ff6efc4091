"""Papers around a visit: the agreement, the record, the return visit (第十八、十九条)."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from rules.vocabulary import choices, label
from store.checklists import checklist, checklist_item
from store.tables import (
    ChecklistResult,
    Document,
    Hazard,
    HazardNotice,
    Organization,
    Policy,
    PreContact,
    ReturnVisit,
    ServiceItemRecord,
    Visit,
)
from store.types import JsonObject
from workflows.acts import Act
from workflows.papers.common import (
    Content,
    days_of,
    name_of,
    pictures,
    signatures_of,
    team_of,
    unit_of,
)
from workflows.reading import found, local
from workflows.records import latest_pre_contact, latest_return_visit
from workflows.subjects import existing

SCORES = {"professional": "专业", "service": "服务", "timely": "及时", "safety": "安全"}
MOST_PHOTOS = 12
INSPECTION = "hazard_inspection"


def pre_contact(act: Act, document: Document) -> Content:
    """Return what was agreed before the visit."""
    visit = existing(act.session, Visit, document.subject_id)
    contact = latest_pre_contact(act, visit)
    if contact is None:
        return {}
    contact.document_id = document.id
    members = {str(member["name"]): member for member in team_of(act, visit)}
    return {
        "visit_number": visit.number,
        "contacted_at": local(contact.contacted_at),
        "method": label("contact_method", contact.method),
        "service_time": {"start": local(contact.service_start), "end": local(contact.service_end)},
        "content": contact.content or "",
        "technical_measures": contact.technical_measures or "",
        "protective_measures": contact.protective_measures or "",
        "visitors": [_visitor(row, members) for row in contact.visitors if isinstance(row, dict)],
        "site_contact": contact.site_contact or str(unit_of(act)["contact"]),
        "site_rules": contact.site_rules or "",
        "reschedules": [_reschedule(row) for row in contact.reschedules if isinstance(row, dict)],
        **_answer(contact),
    }


def _answer(contact: PreContact) -> Content:
    """Return what the unit answered: boxes and a signature to fill in until it allows the visit."""
    if not contact.permission_granted or contact.answered_at is None:
        return {"signatures": [{"party": "投保单位", "seal": True}]}
    method = label("grant_method", contact.grant_method or "")
    by, at = {"name": contact.grantor, "title": contact.grantor_title}, local(contact.answered_at)
    is_drawn = contact.grant_method == "signature" and contact.grant_proof
    proof = "" if is_drawn or not contact.grant_proof else f"附件 {len(contact.grant_proof)} 份，随案卷保存"
    drawn = {"image": f"file:{contact.grant_proof[0]}"} if is_drawn else {}
    return {
        "confirm_time": contact.confirm_time,
        "confirm_content": contact.confirm_content,
        "confirm_measures": contact.confirm_measures,
        "permission": {
            "grantor": contact.grantor,
            "title": contact.grantor_title,
            "method": method,
            "granted_at": at,
            "proof": proof,
        },
        "signatures": [{"party": "投保单位", **by, "signed_at": at, **drawn}],
    }


def _reschedule(row: JsonObject) -> Content:
    """Return who asked for another time, when and why; the new time stands in the round that follows."""
    return {
        "asked_at": local(datetime.fromisoformat(str(row["at"]))),
        "by": str(row.get("by") or ""),
        "new_time": None,
        "reason": str(row.get("reason") or ""),
    }


def _visitor(row: JsonObject, members: Mapping[str, Content]) -> Content:
    """Return somebody who is to enter: as dispatched, or by the name and number that were written down."""
    name, number = str(row.get("name") or ""), str(row.get("certificate_number") or "")
    known = members.get(name)
    if known is not None and number in str(known["certificate"]):
        return known
    return {"name": name, "certificate": number}


def visit_record(act: Act, document: Document) -> Content:
    """Return the record of the visit with its elements (第十九条)."""
    visit = existing(act.session, Visit, document.subject_id)
    policy = existing(act.session, Policy, visit.policy_id)
    insurer = found(act, Organization, visit.insurer_id)
    said = latest_return_visit(act, visit)
    hazards = _hazards(act, visit)
    return {
        "policy_number": policy.number,
        "insurer": insurer.name if insurer is not None else "",
        "days": days_of(act, visit),
        "place": visit.place or "",
        "team": team_of(act, visit),
        "items": _items(act, visit, len(hazards)),
        "process": visit.process or "",
        "measures_taken": visit.measures_taken or "",
        "comment": visit.policyholder_comment or "",
        "position": _position(visit),
        "escort": visit.escort or "",
        "protective_measures": visit.protective_measures,
        "checklists": _checklists(act, visit),
        "hazards": hazards,
        "notices": list(
            act.session.scalars(
                select(HazardNotice.number)
                .where(HazardNotice.visit_id == visit.id, HazardNotice.state.in_(("issued", "served")))
                .order_by(HazardNotice.number)
            )
        ),
        "photos": pictures(visit.photos[:MOST_PHOTOS]),
        "return_visit": f"{local(said.contacted_at):%Y-%m-%d %H:%M}，满意度 {said.satisfaction} 分"
        if said
        else "",
        "objection": visit.objection or "",
        "signatures": signatures_of(visit, "visit"),
    }


def _position(visit: Visit) -> str:
    where = visit.position or {}
    return f"{where['latitude']}, {where['longitude']}" if where.get("latitude") else ""


def _items(act: Act, visit: Visit, hazards: int) -> list[Content]:
    kept = {
        row.item: row.content
        for row in act.session.scalars(
            select(ServiceItemRecord).where(ServiceItemRecord.visit_id == visit.id)
        )
    }
    return [
        {
            "name": label("service_item", str(item)),
            "detail": _detail(str(item), kept.get(str(item), {}), hazards),
        }
        for item in visit.items
    ]


def _detail(item: str, facts: JsonObject, hazards: int) -> str:
    """Return what was done of an item: its facts by name, or what the inspection found."""
    if item == INSPECTION:
        return f"查出隐患 {hazards} 项，见下" if hazards else "没有发现隐患"
    told = {name: str(facts[name]) for name, _ in choices("service_item_fact") if facts.get(name)}
    if "kind" in told:
        told["kind"] = label("drill_kind", told["kind"])
    return "；".join(f"{label('service_item_fact', name)}：{text}" for name, text in told.items())


def _checklists(act: Act, visit: Visit) -> list[Content]:
    rows = list(
        act.session.scalars(
            select(ChecklistResult).where(ChecklistResult.visit_id == visit.id).order_by(ChecklistResult.item)
        )
    )
    papers = []
    for code in sorted({row.checklist for row in rows}):
        mine = [row for row in rows if row.checklist == code]
        counts = Counter(row.answer for row in mine)
        papers.append(
            {
                "title": checklist(act.session, code).title,
                "conforming": counts["met"],
                "nonconforming": counts["unmet"],
                "not_applicable": counts["not_applicable"],
                "findings": [
                    checklist_item(act.session, row.item).text for row in mine if row.answer == "unmet"
                ],
            }
        )
    return papers


def _hazards(act: Act, visit: Visit) -> list[Content]:
    rows = act.session.scalars(select(Hazard).where(Hazard.visit_id == visit.id).order_by(Hazard.position))
    return [
        {
            "number": row.number,
            "place": row.place,
            "description": row.description,
            "level": label("hazard_level", row.level),
            "is_major": row.level == "major",
            "deadline": row.deadline,
        }
        for row in rows
    ]


def return_visit(act: Act, document: Document) -> Content:
    """Return the call that reached the unit, with the calls before it that did not."""
    call = existing(act.session, ReturnVisit, document.subject_id)
    visit = existing(act.session, Visit, call.visit_id)
    missed = act.session.scalars(
        select(ReturnVisit)
        .where(ReturnVisit.visit_id == visit.id, ReturnVisit.reached.is_(False))
        .order_by(ReturnVisit.attempt)
    )
    scores = {word: getattr(call, name) for name, word in SCORES.items()}
    name, _, title = (call.respondent or "").partition(" ")
    return {
        "visit_number": visit.number,
        "completed_on": visit.completed_on,
        "due": visit.return_visit_due,
        "team": team_of(act, visit),
        "contacted_at": local(call.contacted_at),
        "method": label("return_visit_method", call.method),
        "respondent": name,
        "respondent_title": title,
        "satisfaction": call.satisfaction,
        "opinion": call.opinion or "",
        "rectification_state": label("rectification_state", call.rectification_state)
        if call.rectification_state
        else "",
        "caller": name_of(act, call.caller_id),
        "scores": [{"name": word, "value": str(score)} for word, score in scores.items() if score],
        "complaint_raised": call.complaint_raised,
        "attempts": [
            {
                "at": local(row.contacted_at),
                "method": label("return_visit_method", row.method),
                "note": "没有联系上",
            }
            for row in missed
        ],
    }
