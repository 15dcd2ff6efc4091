"""Who may be given a step: the organization that its role belongs to, a person who is there and holds the role."""

from uuid import UUID

from sqlalchemy import bindparam, select

from rules.roles import ROLES
from store.prepared import ask
from store.tables import Person, RoleGrant
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


def able(act: Act, person_id: UUID, role: str) -> UUID | None:
    """Return whom the step is given to; who has left or lost its role gets nothing more, and the pool has it."""
    return person_id if ask(act.session, _ABLE, {"person": person_id, "role": role}) else None


_ABLE = (
    select(Person.id)
    .join(RoleGrant, RoleGrant.person_id == Person.id)
    .where(
        Person.id == bindparam("person"),
        Person.active,
        RoleGrant.role == bindparam("role"),
        RoleGrant.revoked_at.is_(None),
    )
)
