"""Somebody leaves: no access from this moment on, no role, and the open work goes back to the others."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.scope import Scope
from store.tables import Expert, Person, RoleGrant
from workflows.administration import (
    SECURITY,
    keep_a_security_administrator,
    reason_of,
    require,
    tell_person,
)
from workflows.errors import RuleRefusedError
from workflows.handlers.handing_back import hand_back
from workflows.handlers.people import (
    LEFT,
    STANDING,
    admit,
    end_all_sessions,
    locked_person,
    standing_of,
)
from workflows.people import Actor
from workflows.runtime import Runtime

_REASON = "a security administrator sees a leaver off"


class Farewell(Struct, frozen=True):
    """How many items went back to the pool, and how many roles ended."""

    items: int
    roles: int


def see_off(runtime: Runtime, person_id: UUID, reason: str, actor: Actor) -> Farewell:
    """End a person's access, roles and claims; each item's case and pool are told.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (oneself, gone already, the last administrator).
    """
    require(actor, SECURITY, "accounts")
    now, told = runtime.now(), reason_of(reason)
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        person = locked_person(session, person_id)
        if person.id == actor.person_id:
            raise RuleRefusedError("不能停用自己的账号")
        if standing_of(person) == LEFT:
            raise RuleRefusedError("这个账号已经停用了")
        keep_a_security_administrator(session, without=person.id)
        person.active, person.settings = False, {**person.settings, STANDING: LEFT}
        end_all_sessions(session, person.id, now)
        roles = _end_roles(session, person, now)
        items = hand_back(runtime, session, person, actor, now, why="离岗")
        text = f"{actor.name}停用{person.name}的账号：{told}。收回 {roles} 个角色，退回 {items} 条待办"
        tell_person(session, person, "left", text, actor, now, reason=told)
        return Farewell(items, roles)


def take_back(runtime: Runtime, person_id: UUID, actor: Actor) -> None:
    """Let somebody who left come back, without a role. Raises: NotAllowedError, NotFoundError, RuleRefusedError."""
    require(actor, SECURITY, "accounts")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        person = locked_person(session, person_id)
        if person.id == actor.person_id or standing_of(person) != LEFT:
            raise RuleRefusedError("这个账号没有停用")
        admit(person)
        if (expert := session.get(Expert, person.id)) is not None:
            expert.status = "pending"
        text = f"{actor.name}恢复{person.name}的账号，角色要另外授予"
        tell_person(session, person, "returned", text, actor, now)


def _end_roles(session: Session, person: Person, now: datetime) -> int:
    grants = session.scalars(
        select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.revoked_at.is_(None))
    ).all()
    for grant in grants:
        grant.revoked_at = now
    if (expert := session.get(Expert, person.id)) is not None:
        expert.status = "left"
    return len(grants)
