"""What people may begin by a form: the start events that name their roles (发起), and whose business it becomes."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.roles import ROLES, Party
from store.tables import Organization, Policy, Release
from store.types import new_id
from workflows.acts import Act, Opening, Subject
from workflows.advance import new_act, new_case
from workflows.engine import Spec, StartPoint
from workflows.errors import NotAllowedError, NotFoundError
from workflows.people import Actor
from workflows.releases import newest_release, spec_of
from workflows.runtime import Runtime
from workflows.subjects import existing, owners_of, unit_name

MOST = 200


class Startable(Struct, frozen=True):
    """A start event that a person may begin a case by, of the newest release of its process."""

    release_id: UUID
    spec: Spec
    point: StartPoint


def startables(session: Session, actor: Actor) -> Iterator[Startable]:
    """Yield what the person may begin, by the names of the processes."""
    published = select(Release.process, Release.id).where(Release.status == "published")
    rows = session.execute(published.order_by(Release.number).limit(MOST))
    newest = {row.process: row.id for row in rows}
    specs = {release_id: spec_of(session, release_id) for release_id in newest.values()}
    for release_id, spec in sorted(specs.items(), key=lambda one: one[1].name):
        for point in spec.starts.values():
            if may_begin(point, actor):
                yield Startable(release_id, spec, point)


def may_begin(point: StartPoint, actor: Actor) -> bool:
    """Tell whether a person may begin a case by this start event."""
    return bool(point.form and actor.org_id is not None and actor.roles & set(point.roles))


def startable(session: Session, process: str, start: str, actor: Actor) -> Startable:
    """Return a start event that this person may use. Raises: NotFoundError, NotAllowedError."""
    release = newest_release(session, process)
    point = spec_of(session, release.id).starts.get(start) if release is not None else None
    if release is None or point is None or not point.form:
        raise NotFoundError(kind="start", id=f"{process}:{start}")
    if not may_begin(point, actor):
        raise NotAllowedError("begin", point.name)
    return Startable(release.id, spec_of(session, release.id), point)


def opening_by(
    session: Session, what: Startable, policy_id: UUID | None, actor: Actor, now: datetime, number: str = ""
) -> Opening:
    """Return the case that a person begins about a policy, or of the own organization. Raises: NotFoundError."""
    subject, name, variables = _of_own(session, actor), "", dict[str, object]()
    if what.point.about == "policy":
        policy = existing(session, Policy, policy_id)
        subject, name = owners_of(policy, policy_id=policy.id), unit_name(session, policy)
        variables = {"policy_id": str(policy.id)}
    return Opening(
        process=what.spec.key,
        business_key=str(new_id(now)),
        number=number,
        title=f"{name} {what.spec.name}".strip(),
        variables=variables,
        subject=subject,
        release_id=what.release_id,
    )


def previewed(
    runtime: Runtime, session: Session, what: Startable, policy_id: UUID | None, actor: Actor, now: datetime
) -> Act:
    """Return the act in whose context the form is drawn and checked: of a case that is not written yet."""
    opening = opening_by(session, what, policy_id, actor, now)
    case = new_case(opening, what.release_id, actor, now)
    case.variables = dict(opening.variables)
    return new_act(runtime, session, case, actor, now)


def _of_own(session: Session, actor: Actor) -> Subject:
    org = existing(session, Organization, actor.org_id)
    parties = {ROLES[role].party for role in actor.roles}
    return Subject(
        org_id=org.id,
        insurer_id=org.id if Party.INSURER in parties else None,
        policyholder_id=org.id if Party.POLICYHOLDER in parties else None,
        region_code=org.region_code,
        industry=org.industry,
    )
