"""Who may be given a step: the organization that its role belongs to, a person who is there and holds the role."""

from uuid import UUID

from sqlalchemy import Date, and_, bindparam, select

from rules.roles import ROLES
from store.prepared import ask
from store.tables import Absence, Person, RoleGrant
from workflows.acts import Act
from workflows.errors import NoHolderError, UnknownRoleError


def holder_of(act: Act, role: str, step: str) -> UUID:
    """Return the organization whose people with this role may take the step.

    Raises: UnknownRoleError, NoHolderError.
    """
    if role not in ROLES:
        raise UnknownRoleError(process=act.case.process, step=step, role=role)
    holder = act.holder(role)
    if holder is None:
        raise NoHolderError(role=role, step=step)
    return holder


def given(act: Act, person_id: UUID, role: str) -> tuple[UUID | None, UUID | None]:
    """Return whom a step of this role is given to, and who answers for it if that is a substitute.

    Who has left or lost its role gets nothing more, and the pool has it; so it has what a person and the substitute
    are both away for. Whom dispatch sent keeps the work: another is sent by dispatch alone.
    """
    asked = {"role": role, "today": act.today}
    found = ask(act.session, _ABLE, {"person": person_id, **asked})
    if not found:
        return None, None
    ((_, substitute),) = found[:1]
    if substitute is None or role == "expert":
        return person_id, None
    standing_in = ask(act.session, _ABLE, {"person": substitute, **asked})
    return (substitute, person_id) if standing_in and standing_in[0][1] is None else (None, None)


_ABLE = (
    select(Person.id, Absence.substitute_id)
    .join(RoleGrant, RoleGrant.person_id == Person.id)
    .outerjoin(
        Absence,
        and_(
            Absence.person_id == Person.id,
            Absence.starts_on <= bindparam("today", type_=Date()),
            Absence.returns_on > bindparam("today", type_=Date()),
            Absence.ended_at.is_(None),
        ),
    )
    .where(
        Person.id == bindparam("person"),
        Person.active,
        RoleGrant.role == bindparam("role"),
        RoleGrant.revoked_at.is_(None),
    )
)
