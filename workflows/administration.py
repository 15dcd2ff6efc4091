"""What all commands of administrators share: the right, the sentence that stays in the record, clean lines."""

import unicodedata
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.events import append_record
from store.tables import CommandKey, Organization, Person, RoleGrant
from workflows.errors import NotAllowedError, RepeatedCommandError, RuleRefusedError
from workflows.people import Actor
from workflows.values import json_object

SECURITY: Final = "security_admin"
SYSTEM: Final = "system_admin"
LONGEST_REASON: Final = 500


def require(actor: Actor, role: str, action: str) -> None:
    """Let people with this role pass. Raises: NotAllowedError."""
    if not actor.has(role):
        raise NotAllowedError(action, role)


def tell(
    session: Session,
    record: tuple[str, UUID],
    kind: str,
    text: str,
    actor: Actor,
    now: datetime,
    org_id: UUID | None = None,
    **facts: object,
) -> None:
    """Leave an event on a record's chain that reads as a sentence."""
    body = json_object({"text": text, **facts})
    append_record(session, *record, kind, body, actor.person_id, now, org_id)


def tell_person(
    session: Session, person: Person, kind: str, text: str, actor: Actor, now: datetime, **facts: object
) -> None:
    """Leave an event on a person's chain."""
    tell(session, ("person", person.id), kind, text, actor, now, person.org_id, **facts)


def only_once(session: Session, actor: Actor, key: str, now: datetime) -> None:
    """Note the key of a command that no case remembers, or whose answer is given once. Raises: RepeatedCommandError."""
    if actor.person_id is None or not key:
        return
    if session.get(CommandKey, (actor.person_id, key[:64])) is not None:
        raise RepeatedCommandError(key)
    session.add(CommandKey(actor_id=actor.person_id, key=key[:64], request_hash="", case_id=None, at=now))


def keep_a_security_administrator(
    session: Session, *, without: UUID | None = None, without_org: UUID | None = None
) -> None:
    """Refuse to leave the installation without anybody who can give roles. Raises: RuleRefusedError."""
    session.scalars(
        select(RoleGrant.id)
        .where(RoleGrant.role == SECURITY, RoleGrant.revoked_at.is_(None))
        .order_by(RoleGrant.id)
        .with_for_update()
    ).all()
    left = (
        select(func.count())
        .select_from(RoleGrant)
        .join(Person, Person.id == RoleGrant.person_id)
        .join(Organization, Organization.id == Person.org_id)
        .where(RoleGrant.role == SECURITY, RoleGrant.revoked_at.is_(None))
        .where(Person.active, Person.password_hash.is_not(None), Organization.status == "active")
    )
    if without is not None:
        left = left.where(Person.id != without)
    if without_org is not None:
        left = left.where(Organization.id != without_org)
    if not session.scalar(left):
        raise RuleRefusedError("这样就没有安全管理员了：先给另一个人“安全管理员”角色，再来办")


def one_line(text: str) -> str:
    """Return a text of people as one clean line: no control or direction signs, single blanks."""
    kept = (c for c in unicodedata.normalize("NFC", text) if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())


def reason_of(text: str) -> str:
    """Return a reason that somebody gave. Raises: RuleRefusedError when there is none."""
    reason = one_line(text)[:LONGEST_REASON]
    if not reason:
        raise RuleRefusedError("写明原因再办，原因会留在记录里")
    return reason
