"""To whom work may be given, and who may be told of a case: role, organization, region, absence, 回避 (I7)."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.scope import Scope, seen_by
from store.tables import Absence, Case, Expert, Organization, Person, RoleGrant, VisitMember, WorkItem
from workflows.acts import Act
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.handlers.rounds import holds, signs_besides
from workflows.statuses import UNFINISHED

EXPERT = "expert"
AT_MOST = 200


class Receiver(Struct, frozen=True):
    """A person who may be given an item, or may not, with the reason."""

    id: UUID
    name: str
    title: str
    reason: str = ""


def receivers(session: Session, item: WorkItem, today: date, *, without: UUID | None) -> tuple[Receiver, ...]:
    """Return the people of the item's role and organization, those who may not have it with the reason.

    Who gives it away is left out.
    """
    people = session.scalars(
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.org_id == item.holder_id, RoleGrant.role == item.role, RoleGrant.revoked_at.is_(None))
        .where(Person.active, Person.id != without)
        .order_by(Person.name, Person.id)
        .limit(AT_MOST)
    ).all()
    return tuple(Receiver(one.id, one.name, one.title, unfit(session, item, one, today)) for one in people)


def receiver(act: Act, item: WorkItem, person_id: UUID) -> Person:
    """Return the person if the item may be given to them. Raises: RuleRefusedError with the reason."""
    person = act.session.get(Person, person_id)
    if person is None or not person.active:
        raise RuleRefusedError("接收的人没有可用的账号，换一个人")
    held = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id, RoleGrant.role == item.role, RoleGrant.revoked_at.is_(None)
    )
    if person.org_id != item.holder_id or act.session.scalar(held) is None:
        raise RuleRefusedError(f"{person.name}没有办这一步的角色，换一个人")
    if why := unfit(act.session, item, person, act.today):
        raise RuleRefusedError(f"{person.name}{why}，换一个人")
    return person


def is_able(session: Session, item: WorkItem, person_id: UUID | None) -> bool:
    """Tell whether somebody still has an account and the item's role."""
    held = select(Person.id).join(RoleGrant, RoleGrant.person_id == Person.id)
    held = held.where(Person.id == person_id, Person.active, RoleGrant.role == item.role)
    return session.scalar(held.where(RoleGrant.revoked_at.is_(None))) is not None


def unfit(session: Session, item: WorkItem, person: Person, today: date, *, role: str | None = None) -> str:
    """Say why a person of the item's role, or of another in which they would sign, may not have it; else nothing."""
    role = role or item.role
    if item.sign_round_id is not None and signs_besides(session, item, person.id):
        return "已经在这一轮里"
    if (away := absence_of(session, person.id, today)) is not None:
        return f"外出，{away.returns_on.isoformat()} 回来"
    if not _scope_of(session, person).reaches(role, item.region_code):
        return "不负责这个区县"
    return _unfit_expert(session, item, person, today) if role == EXPERT else ""


def too_few_are_left(
    session: Session, seats: Iterable[WorkItem], role: str, *, without: UUID | None = None, more: int = 0
) -> bool:
    """Tell whether a round would ask more people of a role than it still can: nobody signs twice in it.

    `more` seats are to lie in the role's pool besides those that do; `without` is a person who will have another.
    """
    known = list(seats)
    pooled = [seat for seat in known if seat.status in UNFINISHED and seat.assignee_id is None]
    wanted = sum(seat.role == role for seat in pooled) + more
    if not wanted:
        return False
    of_role = select(Person.id).join(RoleGrant, RoleGrant.person_id == Person.id)
    of_role = of_role.where(Person.org_id.in_({seat.holder_id for seat in known}), Person.active)
    able = session.scalars(
        of_role.where(RoleGrant.role == role, RoleGrant.revoked_at.is_(None)).limit(AT_MOST)
    )
    left = [one for one in able if one != without and not any(holds(seat, one) for seat in known)]
    return len(left) < wanted


def _unfit_expert(session: Session, item: WorkItem, person: Person, today: date) -> str:
    """An expert may do the work of a visit who was sent on it, is not recused and still certified (第十条)."""
    if item.visit_id is not None:
        sent = select(VisitMember.id).where(
            VisitMember.visit_id == item.visit_id,
            VisitMember.person_id == person.id,
            VisitMember.removed_at.is_(None),
        )
        if session.scalar(sent.limit(1)) is None:
            return "没有派到这次服务，要换人由协调员改派"
    expert = session.get(Expert, person.id)
    if expert is None:
        return ""
    if item.policyholder_id is not None and str(item.policyholder_id) in map(str, expert.recused_from):
        return "对这家单位要回避"
    if expert.valid_until is not None and expert.valid_until < today:
        return "的职业资格证书已到期"
    return ""


def absence_of(session: Session, person_id: UUID, day: date) -> Absence | None:
    """Return the absence of a person on a day, if there is one."""
    return session.scalar(
        select(Absence)
        .where(
            Absence.person_id == person_id,
            Absence.starts_on <= day,
            Absence.returns_on > day,
            Absence.ended_at.is_(None),
        )
        .order_by(Absence.starts_on.desc(), Absence.id.desc())
        .limit(1)
    )


def reader_of_case(act: Act, person_id: UUID) -> Person:
    """Return the person if the case is open to them already. Raises: RuleRefusedError."""
    person = act.session.get(Person, person_id)
    if person is None or not person.active:
        raise NotFoundError(kind="person", id=str(person_id))
    if not may_read(act.session, person, act.case.id):
        raise RuleRefusedError(f"{person.name}看不到这个办件，先抄送给他")
    return person


def may_read(session: Session, person: Person, case_id: UUID) -> bool:
    """Tell whether a person sees a case."""
    with seen_by(session, _scope_of(session, person)):
        return session.scalar(select(Case.id).where(Case.id == case_id)) is not None


def colleagues(session: Session, case: Case, actor_id: UUID | None) -> Iterator[Person]:
    """Yield the people who have to do with a case by their organization: provider, insurer, offices; not the unit.

    Whoever has done a step or holds one comes first in what the page shows, which is by name.
    """
    homes = [one for one in (case.org_id, case.insurer_id) if one is not None]
    offices = select(Organization.id).where(Organization.kind == "joint_office")
    query = (
        select(Person)
        .where(Person.active, Person.login.is_not(None), Person.id != actor_id)
        .where(Person.org_id.in_(homes) | Person.org_id.in_(offices))
        .order_by(Person.name, Person.id)
        .limit(AT_MOST)
    )
    yield from session.scalars(query)


def _scope_of(session: Session, person: Person) -> Scope:
    grants = session.scalars(
        select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.revoked_at.is_(None))
    ).all()
    home = session.get_one(Organization, person.org_id)
    regions = frozenset(str(region) for grant in grants for region in grant.regions)
    roles = frozenset(grant.role for grant in grants)
    if "district_office" in roles and home.region_code:
        regions |= {home.region_code}
    return Scope(
        person_id=person.id,
        roles=roles,
        org_id=home.id,
        org_kind=home.kind,
        region_codes=regions,
        industry=home.industry,
    )
