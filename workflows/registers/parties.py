"""Whose a record of a declared register is, and who may change it (第四、五、九条)."""

from typing import Any  # Any: rows of the tables that a declaration names
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.pages.rosters import Record
from store.tables import Engagement, Organization, Person, Policyholder
from workflows.registers.ownership import Office, OwnerError
from workflows.registers.roster import Entry, Facts

_JOINT = "joint_office"
_BY_KIND = {"insurer_provider": "insurer", "provider_agency": "provider", "provider_expert": "provider"}
_TO_KIND = {"insurer_provider": ("provider", "第三方服务机构"), "provider_agency": ("agency", "技术服务机构")}


def joint_offices(session: Session, _record: Record) -> frozenset[UUID]:
    """Return the joint offices: what they alone write."""
    return frozenset(session.scalars(select(Organization.id).where(Organization.kind == _JOINT)))


def office_itself(session: Session, record: Record) -> frozenset[UUID]:
    """Return the office that a record describes, and the joint offices."""
    row: Any = record[0]  # Any: an organization
    return joint_offices(session, record) | {row.id}


def agency_and_who_engages_it(session: Session, record: Record) -> frozenset[UUID]:
    """Return the agency, the providers with a contract with it, and as long as there is none who registered it."""
    row: Any = record[0]  # Any: an organization
    engaged = select(Engagement.party_a_id).where(Engagement.party_b_id == row.id)
    by = list(session.scalars(engaged))
    if not by and row.created_by is not None:
        by = list(session.scalars(select(Person.org_id).where(Person.id == row.created_by)))
    return office_itself(session, record) | set(by)


def of_own_office(_session: Session, record: Record) -> frozenset[UUID]:
    """Return the office that wrote a record."""
    row: Any = record[0]  # Any: a row with owner columns
    return frozenset({row.org_id})


def who_entrusts(_session: Session, record: Record) -> frozenset[UUID]:
    """Return the party of a contract that entrusts or engages."""
    row: Any = record[0]  # Any: an engagement
    return frozenset({row.party_a_id})


def nobody(entry: Entry) -> Facts:
    """Return no owners: the record is everybody's to read. Raises: OwnerError for offices that do not keep it."""
    if entry.own is not None and entry.own.kind != _JOINT:
        raise OwnerError("", "这份台账由联席会议办公室登记")
    return {}


def describes_itself(entry: Entry) -> Facts:
    """Let an office write of itself, the joint office of all. Raises: OwnerError."""
    own, record = entry.own, entry.known
    known: Any = record[0] if record is not None else None  # Any: an organization
    if own is None or own.kind == _JOINT or (known is not None and known.id == own.id):
        return {}
    raise OwnerError("机构名称", "只能登记本机构的资料，别的机构由它自己或联席会议办公室登记")


def engages_it(entry: Entry) -> Facts:
    """Let an agency, and the providers that engage it, write of it. Raises: OwnerError."""
    own = entry.own
    if own is None or own.kind == _JOINT:
        return {}
    if entry.known is None and own.kind == "provider":
        return {}
    if entry.known is None or own.id not in agency_and_who_engages_it(entry.session, entry.known):
        raise OwnerError("机构名称", "这家机构由它自己或与它签有合同的第三方登记")
    return {}


def contract(entry: Entry) -> Facts:
    """Return the owners of a contract (第五条): party A is the own office. Raises: OwnerError."""
    own, kind = _required(entry), str(entry.facts["kind"])
    if own.kind != _BY_KIND[kind]:
        who = "保险机构" if kind == "insurer_provider" else "第三方服务机构"
        raise OwnerError("合同类别", f"这类合同由{who}登记")
    other = entry.ownership.offices.get(entry.facts["party_b"]) if entry.facts.get("party_b") else None  # type: ignore[call-overload]  # an id
    if kind in _TO_KIND and (other is None or other.kind != _TO_KIND[kind][0]):
        raise OwnerError("乙方", f"乙方要是{_TO_KIND[kind][1]}，请核对名称")
    given: dict[str, object] = {"party_a_id": own.id, "org_id": own.id}
    if kind == "insurer_provider" and other is not None:
        given |= {"org_id": other.id, "insurer_id": own.id}
    return given


def own_record(entry: Entry) -> Facts:
    """Return the owners of what an office writes down, guidance first (第四条); it is told to whom it concerns."""
    own = _required(entry)
    given: dict[str, object] = {"org_id": own.id}
    if own.kind == "insurer":
        given["insurer_id"] = own.id
    party = entry.facts.get("party")
    unit = entry.session.get(Policyholder, party) if party else None
    if unit is not None:
        given |= {
            "policyholder_id": unit.organization_id,
            "region_code": unit.region_code,
            "industry": unit.industry,
        }
    return given


def public_if_of_the_joint_office(entry: Entry) -> Facts:
    """Return the owners of a document: what the joint office registers is for everybody."""
    return {**own_record(entry), "is_public": _required(entry).kind == _JOINT}


def public_record(entry: Entry) -> Facts:
    """Return the owners of what everybody may read, as of an interpretation (第二十八条).

    Raises: OwnerError for other offices than the joint one.
    """
    return {**own_record(entry), **nobody(entry), "is_public": True}


def _required(entry: Entry) -> Office:
    if entry.own is None:
        raise OwnerError("", "这份台账归登记的机构，请由该机构的人在页面上导入")
    return entry.own
