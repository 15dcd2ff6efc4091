"""What a scope says about each table, as SQL: the union of what each of the person's roles may see."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, String, and_, cast, or_, select, true

from store import tables as t
from store.ownership import (
    EVERYTHING,
    INSURER,
    NOTHING,
    PROVIDER,
    Clause,
    Columns,
    alias,
    any_of,
    business,
    only_if,
)
from store.scope import NARROWED, Scope
from store.tables.base import EVERY_VISIT, Base, Business, OfCase, Only, Personal, ScopeRule, Shared, Special

_ADMINISTRATION = frozenset({"process_designer", "system_admin", "security_admin", "auditor"})
_CASE = Business(assigned=("visit_id", "id"))
_UNIT = Business(assigned=("organization_id", "policyholder_id"), complaints=True)
_FILE = Business(assigned=EVERY_VISIT, finance=False, own="uploaded_by")
_ITEM = Business(assigned=("visit_id", "id"), own="assignee_id")
_OPEN_TO_ALL = ("rule_source", "insurer", "provider", "agency")
"""What a file may belong to that everybody reads."""


def criterion(model: type[Base], scope: Scope) -> Clause:
    """Return the condition under which the scope shows a row of this table."""
    return _rule(model.__scope__, model.__table__, scope)


def _rule(rule: ScopeRule, table: FromClause, scope: Scope) -> Clause:
    c: Columns = table.c
    match rule:
        case Shared():
            return true()
        case Only(roles):
            return only_if(scope.roles & roles)
        case Personal(column, roles):
            return any_of([only_if(scope.roles & roles), c[column] == scope.person_id])
        case OfCase(roles):
            return any_of([only_if(scope.roles & roles), _of_visible_case(c, scope)])
        case Business():
            return any_of(business(rule, c, scope))
        case Special(name):
            return any_of(_SPECIAL[name](c, scope))


def _of_visible_case(c: Columns, scope: Scope) -> Clause:
    if "joint_office" in scope.roles:
        return EVERYTHING
    case = alias(t.Case)
    seen = any_of(_case(case.c, scope))
    return select(case.c.id).where(case.c.id == c.case_id, seen).exists()


def _case(c: Columns, scope: Scope) -> list[Clause]:
    clauses = business(_CASE, c, scope)
    if "complaint_officer" in scope.roles:
        clauses.append(and_(*_complaints(c, scope)))
    if scope.person_id is not None:
        item, copy = alias(t.WorkItem), alias(t.CopyNotice)
        mine = select(item.c.case_id).where(item.c.assignee_id == scope.person_id, item.c.status < 2)
        owned = select(item.c.case_id).where(item.c.owner_id == scope.person_id, item.c.status < 2)
        copied = select(copy.c.case_id).where(copy.c.person_id == scope.person_id)
        clauses += [c.id.in_(mine), c.id.in_(owned), c.id.in_(copied)]
    return clauses


def _complaints(c: Columns, scope: Scope) -> tuple[Clause, Clause]:
    """Cases in which a complaint about business of the own insurer is answered."""
    return c.process == "complaint", c.insurer_id == scope.org_id


def _work_item(c: Columns, scope: Scope) -> list[Clause]:
    # what a visit's expert is given is not for the others (domain.md §6); what lies in the pool is for whoever takes it
    given = or_(c.role != "expert", c.assignee_id.is_(None), c.assignee_id == scope.person_id)
    clauses = [*business(_ITEM, c, scope), and_(_held(c, scope, c.region_code), given)]
    if "complaint_officer" in scope.roles:
        case = alias(t.Case)
        clauses.append(c.case_id.in_(select(case.c.id).where(*_complaints(case.c, scope))))
    if scope.person_id is not None:
        clauses.append(c.owner_id == scope.person_id)
    return clauses


def _held(c: Columns, scope: Scope, region: ColumnElement[str | None]) -> Clause:
    """What lies in the pool of one of the person's roles, in the person's organization: `Scope.reaches` as SQL."""
    if not scope.roles or scope.org_id is None:
        return NOTHING
    own = and_(c.holder_id == scope.org_id, c.role.in_(sorted(scope.roles)))
    regions = scope.narrowed_to
    if regions is None:
        return own
    other_roles = c.role.in_(sorted(scope.roles - {NARROWED}))
    return and_(own, or_(region.is_(None), region.in_(sorted(regions)), other_roles))


def _notice(c: Columns, scope: Scope) -> list[Clause]:
    case = alias(t.Case)
    region = select(case.c.region_code).where(case.c.id == c.case_id).scalar_subquery()
    own = c.person_id == scope.person_id if scope.person_id is not None else NOTHING
    return [own, _held(c, scope, region)]


def _policyholder(c: Columns, scope: Scope) -> list[Clause]:
    """Units of the own business, and units with a policy of the own business."""
    clauses = business(_UNIT, c, scope, unit="organization_id")
    if scope.roles & (PROVIDER | INSURER | {"provider_finance", "complaint_officer"}):
        policy = alias(t.Policy)
        seen = any_of(business(Business(complaints=True), policy.c, scope))
        clauses.append(
            select(policy.c.id).where(policy.c.policyholder_id == c.organization_id, seen).exists()
        )
    return clauses


def _training(c: Columns, scope: Scope) -> list[Clause]:
    """Trainings of the own business, and those that have invited a unit that the person sees."""
    invitation = alias(t.TrainingInvitation)
    seen = any_of(business(Business(), invitation.c, scope))
    return [
        *business(Business(), c, scope),
        select(invitation.c.id).where(invitation.c.training_id == c.id, seen).exists(),
    ]


def _meeting(c: Columns, scope: Scope) -> list[Clause]:
    """Meetings of the own business, and those to which the person, or the person's agency, was asked."""
    asked = []
    if "expert" in scope.roles and scope.person_id is not None:
        asked.append(scope.person_id)
    if "agency_manager" in scope.roles and scope.org_id is not None:
        asked.append(scope.org_id)
    named = cast(c.participants, String)
    return [*business(Business(), c, scope), *(named.contains(str(one)) for one in asked)]


def _push(c: Columns, scope: Scope) -> list[Clause]:
    """What the own provider pushes, and what was sent to a unit that the person sees."""
    return [*business(Business(), c, scope), _was_sent(c.id, scope)]


def _was_sent(content_id: ColumnElement[UUID], scope: Scope) -> Clause:
    delivery = alias(t.PushDelivery)
    seen = any_of(business(Business(), delivery.c, scope))
    return select(delivery.c.id).where(delivery.c.content_id == content_id, seen).exists()


def _annual_plan(c: Columns, scope: Scope) -> list[Clause]:
    """Plans of the own business, and those of which the person sees a part of the fund."""
    part = alias(t.FundPlan)
    seen = any_of(business(Business(), part.c, scope))
    return [
        *business(Business(), c, scope),
        select(part.c.id).where(part.c.annual_plan_id == c.id, seen).exists(),
    ]


def _organization(c: Columns, scope: Scope) -> list[Clause]:
    """The own organization and all others; units by name as far as the register shows them."""
    own = c.id == scope.org_id if scope.org_id is not None else NOTHING
    return [
        only_if("security_admin" in scope.roles),
        own,
        c.kind != "policyholder",
        _visible_unit(c.id, scope),
    ]


def _person(c: Columns, scope: Scope) -> list[Clause]:
    """People of visible organizations: whoever sees a case sees who did what in it."""
    organization = alias(t.Organization)
    others = select(organization.c.id).where(
        organization.c.id == c.org_id, organization.c.kind != "policyholder"
    )
    clauses = [only_if("security_admin" in scope.roles), others.exists(), c.org_id == scope.org_id]
    return [*clauses, _visible_unit(c.org_id, scope)]


def _visible_unit(column: ColumnElement[UUID], scope: Scope) -> Clause:
    if "joint_office" in scope.roles:
        return EVERYTHING
    unit = alias(t.Policyholder)
    seen = any_of(_policyholder(unit.c, scope))
    return select(unit.c.organization_id).where(unit.c.organization_id == column, seen).exists()


def _same_org(c: Columns, scope: Scope) -> list[Clause]:
    """What belongs to people of the own organization, and to oneself."""
    clauses = [only_if(scope.roles & {"joint_office", "security_admin"}), c.person_id == scope.person_id]
    clauses += [c[name] == scope.org_id for name in ("org_id", "agency_id", "insurer_id") if name in c]
    if "org_id" not in c:
        person = alias(t.Person)
        clauses.append(c.person_id.in_(select(person.c.id).where(person.c.org_id == scope.org_id)))
    return clauses


def _import_row(c: Columns, scope: Scope) -> list[Clause]:
    run = alias(t.ImportRun)
    return [c.run_id.in_(select(run.c.id).where(any_of(_same_org(run.c, scope))))]


def _filed_report_row(c: Columns, scope: Scope) -> list[Clause]:
    """What stands behind a report is seen by whoever sees the report, and whole, so that it adds up."""
    report = alias(t.FiledReport)
    seen = any_of(business(Business(finance=False), report.c, scope))
    return [select(report.c.id).where(report.c.id == c.report_id, seen).exists()]


def _engagement(c: Columns, scope: Scope) -> list[Clause]:
    """Contracts of the own business, and those that the own organization or person is a party to."""
    own = [c[name] == scope.org_id for name in ("party_a_id", "party_b_id")] if scope.org_id else []
    return [*business(Business(), c, scope), *own, _own_person(c.person_id, scope)]


def _own_person(column: ColumnElement[UUID | None], scope: Scope) -> Clause:
    return column == scope.person_id if scope.person_id is not None else NOTHING


def _office_record(c: Columns, scope: Scope) -> list[Clause]:
    """What the own office wrote or is concerned by, what is public; districts see their region's."""
    clauses = [only_if("joint_office" in scope.roles), c.is_public.is_(True)]
    if scope.org_id is not None and scope.roles - _ADMINISTRATION:
        clauses += [c.org_id == scope.org_id, c.party_id == scope.org_id]
    if "district_office" in scope.roles:
        clauses.append(c.region_code.in_(sorted(scope.region_codes)))
    if "auditor" in scope.roles:
        clauses.append(c.kind == "inspection_grant")
    return clauses


def _file(c: Columns, scope: Scope) -> list[Clause]:
    """Files of the own business, of records that the person reads beside it, and those sent along with a push."""
    record, contract = alias(t.OfficeRecord), alias(t.Engagement)
    read = select(record.c.id).where(record.c.id == c.subject_id, any_of(_office_record(record.c, scope)))
    party = select(contract.c.id).where(contract.c.id == c.subject_id, any_of(_engagement(contract.c, scope)))
    of_records = and_(c.subject == "office_record", read.exists())
    of_contracts = and_(c.subject == "engagement", party.exists())
    sent = and_(c.subject == t.PushContent.__tablename__, _was_sent(c.subject_id, scope))
    pushed = [sent] if "policyholder" in scope.roles else []
    return [*business(_FILE, c, scope), c.subject.in_(_OPEN_TO_ALL), of_records, of_contracts, *pushed]


def _disposal(c: Columns, scope: Scope) -> list[Clause]:
    """Disposals of the own business; an auditor, who countersigns them, sees all."""
    return [only_if("auditor" in scope.roles), *business(Business(finance=False), c, scope)]


def _record_event(c: Columns, scope: Scope) -> list[Clause]:
    return [only_if(scope.roles & {"auditor", "joint_office"}), c.org_id == scope.org_id]


_SPECIAL: dict[str, Callable[[Columns, Scope], list[Clause]]] = {
    "case": _case,
    "work_item": _work_item,
    "notice": _notice,
    "policyholder": _policyholder,
    "training": _training,
    "meeting": _meeting,
    "push": _push,
    "annual_plan": _annual_plan,
    "organization": _organization,
    "disposal": _disposal,
    "engagement": _engagement,
    "office_record": _office_record,
    "file": _file,
    "person": _person,
    "same_org": _same_org,
    "import_row": _import_row,
    "record_event": _record_event,
    "filed_report_row": _filed_report_row,
}
