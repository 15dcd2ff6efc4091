"""Parts that several papers share: head, unit, policy, team, signatures, pictures."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from rules.vocabulary import label
from store.masking import masked_mobile
from store.tables import Document, Organization, Person, Policy, Policyholder, Visit, VisitDay, VisitMember
from workflows.acts import Act
from workflows.reading import found, local

Content = dict[str, object]
SIGNED_BY_INSURER = frozenset({"refusal_notice", "decline_notice", "fund_filing", "fund_ledger"})
SIGNED_BY_OFFICE = frozenset({"assessment_sheet", "assessment_result", "deduction_notice", "transfer_letter"})


def head_of(act: Act, document: Document) -> Content:
    """Return number, issuer, moment and address of a paper.

    The provider issues what it serves, the insurer signs refusals (第十一、十三条), the joint office assessments.
    """
    issuer = found(act, Organization, _issuer(act, document.template))
    return {
        "number": document.number,
        "issuer": issuer.name if issuer is not None else "",
        "generated_at": local(act.now.replace(microsecond=0)),
        "check_url": f"{act.runtime.public_url}/cases/{document.case_id}",
    }


def _issuer(act: Act, template: str) -> UUID | None:
    if template in SIGNED_BY_OFFICE:
        return act.holder("joint_office")
    return act.case.insurer_id if template in SIGNED_BY_INSURER else act.case.org_id


def unit_of(act: Act) -> Content:
    """Return the unit as papers name it; of a case about no unit, the organization that it is about."""
    office = found(act, Organization, act.case.policyholder_id or act.case.org_id)
    unit = found(act, Policyholder, act.case.policyholder_id)
    return {
        "name": office.name if office is not None else "",
        "uscc": (office.uscc or "") if office is not None else "",
        "address": (unit.address or "") if unit is not None else "",
        "contact": (unit.contact or "") if unit is not None else "",
        "mobile": masked_mobile(unit.mobile) if unit is not None else "",
        "industry": label("high_risk_kind", unit.high_risk_kind)
        if unit is not None and unit.high_risk_kind
        else "",
    }


def policy_of(act: Act) -> Content:
    """Return the policy as papers name it."""
    policy = found(act, Policy, act.case.policy_id)
    insurer = found(act, Organization, act.case.insurer_id)
    if policy is None:
        return {}
    return {
        "number": policy.number,
        "insurer": insurer.name if insurer is not None else "",
        "term_start": policy.term_start,
        "term_end": policy.term_end,
        "premium": f"{policy.written_premium:.2f}",
    }


def team_of(act: Act, visit: Visit) -> list[Content]:
    """Return the people on a visit with their certificates as they stood at dispatch, the lead first."""
    rows = act.session.execute(
        select(VisitMember, Person)
        .join(Person, Person.id == VisitMember.person_id)
        .where(VisitMember.visit_id == visit.id, VisitMember.removed_at.is_(None))
        .order_by(VisitMember.is_lead.desc(), Person.name)
    )
    provider = found(act, Organization, visit.responsible_org_id)
    return [
        {
            "name": person.name,
            "organization": provider.name if provider is not None else "",
            "certificate": _certificate(member.certificate),
            "role": "负责人" if member.is_lead else "",
        }
        for member, person in rows
    ]


def _certificate(kept: Mapping[str, object]) -> str:
    kind = str(kept.get("qualification") or "")
    return " ".join(
        filter(None, (label("qualification", kind) if kind else "", str(kept.get("number") or "")))
    )


def days_of(act: Act, visit: Visit) -> list[Content]:
    """Return the times on site."""
    rows = list(
        act.session.scalars(
            select(VisitDay).where(VisitDay.visit_id == visit.id).order_by(VisitDay.arrived_at)
        )
    )
    if rows:
        return [{"start": local(row.arrived_at), "end": local(row.left_at)} for row in rows]
    if visit.arrived_at is None or visit.left_at is None:
        return []
    return [{"start": local(visit.arrived_at), "end": local(visit.left_at)}]


def pictures(ids: Iterable[object], caption: str = "") -> list[Content]:
    """Return files as pictures; the bytes are put in when the paper is printed."""
    return [{"image": f"file:{file_id}", "caption": caption} for file_id in ids]


def signatures_of(visit: Visit, purpose: str) -> list[Content]:
    """Return the signature boxes of a visit: the unit's and the provider's, signed or left open."""
    wanted = {"policyholder": "投保单位", "provider": "第三方服务机构"}
    kept = {str(s.get("party")): s for s in visit.signatures if s.get("purpose") == purpose}
    return [_signature(party, kept.get(code)) for code, party in wanted.items()]


def _signature(party: str, kept: Mapping[str, object] | None) -> Content:
    if kept is None:
        return {"party": party}
    files = kept.get("files")
    image = f"file:{files[0]}" if isinstance(files, list) and files else None
    return {
        "party": party,
        "name": kept.get("name") or "",
        "title": kept.get("title") or "",
        "signed_at": kept.get("at"),
        "image": image,
        "refused": bool(kept.get("witness")),
        "refuse_reason": kept.get("reason") or "" if kept.get("witness") else "",
        "witness": kept.get("witness") or "",
    }


def name_of(act: Act, person_id: UUID | None) -> str:
    """Return a person's name, empty if there is none."""
    person = found(act, Person, person_id)
    return person.name if person is not None else ""
