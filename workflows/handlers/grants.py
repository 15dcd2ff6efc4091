"""Commands on roles: who may do what, from the next request on."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.codes import is_region, zones
from rules.roles import ROLES, Party, Role, conflicting_roles
from store.scope import Scope
from store.tables import Organization, Person, RoleGrant
from workflows.administration import SECURITY, keep_a_security_administrator, require, tell_person
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.handlers.handing_back import hand_back
from workflows.handlers.people import locked_person
from workflows.people import Actor
from workflows.runtime import Runtime

WITH_REGIONS: Final = frozenset({"coordinator"})
_REASON = "a security administrator gives and takes roles"
_HOMES_OF_SYSTEM: Final = frozenset({"joint_office", "system"})


class GrantRole(Struct, frozen=True):
    """Give a role; regions narrow what a coordinator sees, none = all."""

    person_id: UUID
    role: str
    regions: Sequence[str] = ()


def grant_role(runtime: Runtime, command: GrantRole, actor: Actor) -> None:
    """Give a person a role, or other regions for one that is held.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (oneself, not active, another kind of
    organization, administrators exclude one another, unknown region).
    """
    require(actor, SECURITY, "roles")
    now = runtime.now()
    regions = _checked_regions(command)
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        person, role = _person_for(session, command.person_id, actor), _role(command.role)
        if not person.active:
            raise RuleRefusedError("账号没有启用，不能给角色")
        home = session.get_one(Organization, person.org_id)
        if home.kind not in fitting_kinds(role):
            raise RuleRefusedError(f"“{role.title}”不是“{home.name}”这类机构的角色")
        held = session.scalars(
            select(RoleGrant).where(RoleGrant.person_id == person.id).with_for_update()
        ).all()
        live = {grant.role for grant in held if grant.revoked_at is None}
        if conflicting := conflicting_roles({*live, role.code}):
            titles = "、".join(ROLES[code].title for code in conflicting)
            raise RuleRefusedError(f"{titles}不能由同一个人兼任（三员分立）")
        grant = next((grant for grant in held if grant.role == role.code), None)
        if grant is None:
            grant = RoleGrant(person_id=person.id, role=role.code)
            session.add(grant)
        grant.regions, grant.granted_by, grant.granted_at = regions, actor.person_id, now
        grant.revoked_at = None
        text = f"{actor.name}给{person.name}“{role.title}”角色" + _region_words(regions)
        tell_person(session, person, "role_granted", text, actor, now, role=role.code, regions=regions)


def revoke_role(runtime: Runtime, person_id: UUID, role_code: str, actor: Actor) -> None:
    """Take a role away; what the person held by it goes back to the others.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (oneself, the last one).
    """
    require(actor, SECURITY, "roles")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        person, role = _person_for(session, person_id, actor), _role(role_code)
        if role.code == SECURITY:
            keep_a_security_administrator(session, without=person.id)
        grant = session.scalar(
            select(RoleGrant).where(
                RoleGrant.person_id == person.id, RoleGrant.role == role.code, RoleGrant.revoked_at.is_(None)
            )
        )
        if grant is None:
            raise NotFoundError(kind="role_grant", id=role.code)
        grant.revoked_at = now
        why = f"不再是{role.title}"
        items = hand_back(runtime, session, person, actor, now, why=why, role=role.code)
        text = f"{actor.name}收回{person.name}的“{role.title}”角色" + (
            f"，退回 {items} 条待办" if items else ""
        )
        tell_person(session, person, "role_revoked", text, actor, now, role=role.code)


def fitting_kinds(role: Role) -> frozenset[str]:
    """Return the kinds of organization whose people may hold a role."""
    if role.party is Party.SYSTEM:
        return _HOMES_OF_SYSTEM
    return frozenset({role.party.value, "agency"} if role.code == "expert" else {role.party.value})


def _person_for(session: Session, person_id: UUID, actor: Actor) -> Person:
    person = locked_person(session, person_id)
    if person.id == actor.person_id:
        raise RuleRefusedError("不能改自己的角色，请另一位安全管理员来改")
    return person


def _role(code: str) -> Role:
    if code not in ROLES:
        raise NotFoundError(kind="role", id=code)
    return ROLES[code]


def _checked_regions(command: GrantRole) -> list[object]:
    if command.role not in WITH_REGIONS:
        return []
    regions = sorted(set(command.regions))
    if any(not is_region(code) and code not in zones() for code in regions):
        raise RuleRefusedError("片区要从列表里选")
    return list(regions)


def _region_words(regions: Sequence[object]) -> str:
    return f"，限 {len(regions)} 个片区" if regions else ""
