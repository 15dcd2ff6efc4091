"""Cases that the calendar of duties begins: one for each process, organization and period, whatever happens.

Every start is one job under its own key, queued ahead. When it is done, late or not, it queues the start after it, so
that a worker that was away begins all that it missed; the business key of a case keeps a second one from being begun.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.duty_calendar import Duty, Start, duties, next_start, starts_between
from rules.roles import Party
from store.numbers import take_number
from store.queue import enqueue
from store.scope import Scope
from store.tables import Case, Organization, Release
from workflows.acts import Opening, Subject
from workflows.advance import begin_case
from workflows.people import SYSTEM
from workflows.releases import newest_release, spec_of
from workflows.runtime import SHANGHAI, Runtime, legal_day

BEGIN: Final = "begin_duty"
BEGIN_FOR: Final = "begin_duty_for"
_SCOPE = Scope.everything("the calendar of duties begins cases")


class Planned(Struct, frozen=True):
    """A case that the calendar begins, or has begun: `case` is its number."""

    start: Start
    title: str
    organization: str
    organization_id: UUID
    case: str | None
    is_missed: bool


def await_duties(runtime: Runtime) -> None:
    """Queue the next start of every duty, and the first one since its process was published; done twice, it is one."""
    now = runtime.now()
    with runtime.database.write(_SCOPE) as session:
        for duty in duties():
            if (since := _published_at(session, duty.process)) is not None:
                _queue(session, duty, since)
                _queue(session, duty, now)


def begin_duty(runtime: Runtime, process: str, period: str, day: date) -> None:
    """Begin a start of that day for each organization that was there then, and queue the one after it.

    A start that the calendar no longer has, or whose process has no release, begins nothing.
    """
    now = runtime.now()
    with runtime.database.write(_SCOPE, now=now) as session:
        if (start := _start(process, period, day)) is None:
            return
        _queue(session, start.duty, moment_of(start))
        if newest_release(session, process) is None:
            return
        for organization in _objects(session, start):
            args = {**_args(start), "org_id": str(organization.id)}
            enqueue(session, BEGIN_FOR, args, run_at=now, key=f"duty:{business_key(start, organization.id)}")


def begin_duty_for(runtime: Runtime, process: str, period: str, day: date, org_id: UUID) -> None:
    """Begin the case of a start for one organization, unless it has it already."""
    now = runtime.now()
    with runtime.database.write(_SCOPE, now=now) as session:
        start, organization = _start(process, period, day), session.get_one(Organization, org_id)
        if start is not None and _case(session, start, org_id) is None:
            begin_case(runtime, session, opening_of(session, start, organization, now), SYSTEM, now)


def opening_of(session: Session, start: Start, organization: Organization, now: datetime) -> Opening:
    """Return the case of a start for an organization; who begins it by hand begins this very one."""
    duty = start.duty
    release = newest_release(session, duty.process)
    name = spec_of(session, release.id).name if release is not None else ""
    insurer = organization.id if organization.kind == Party.INSURER else None
    return Opening(
        process=duty.process,
        business_key=business_key(start, organization.id),
        number=take_number(session, organization.id, duty.number, legal_day(now).year),
        title=f"{organization.name} {start.period_name} {name}",
        variables={
            "period": start.period_key,
            "period_name": start.period_name,
            "first_day": start.period.first_day,
            "last_day": start.period.last_day,
            "correction_reason": "",
        },
        subject=Subject(organization.id, insurer_id=insurer),
    )


def planned(session: Session, first: date, last: date, now: datetime) -> Iterator[Planned]:
    """Yield what begins from the first day to the last, in order; of what is past, what began or should have."""
    for start in starts_between(first, last):
        release, since = (
            newest_release(session, start.duty.process),
            _published_at(session, start.duty.process),
        )
        if release is None or since is None:
            continue
        title, is_owed = spec_of(session, release.id).name, since < moment_of(start)
        for one in _objects(session, start):
            number = _case(session, start, one.id)
            if number is not None or is_owed:
                is_missed = number is None and moment_of(start) <= now
                yield Planned(start, title, one.name, one.id, number, is_missed)


def business_key(start: Start, org_id: UUID) -> str:
    """Return the key that no two cases of a process share: what it is about, and for whom."""
    return f"{start.key}:{org_id}"


def moment_of(start: Start) -> datetime:
    """Return the moment of a start, whose clock is that of Wenzhou."""
    return datetime.combine(start.on, start.duty.at, SHANGHAI)


def _queue(session: Session, duty: Duty, after: datetime) -> None:
    start = next_start(duty, after.astimezone(SHANGHAI))
    enqueue(session, BEGIN, _args(start), run_at=moment_of(start), key=f"duty:{start.key}")


def _args(start: Start) -> dict[str, object]:
    return {
        "process": start.duty.process,
        "period": start.period_key,
        "day": start.on.isoformat(),
    }


def _start(process: str, period: str, day: date) -> Start | None:
    found = starts_between(day, day, (duty for duty in duties() if duty.process == process))
    return next((start for start in found if start.period_key == period), None)


def _objects(session: Session, start: Start) -> list[Organization]:
    """Return the organizations of the duty's kinds that were there at the start, in the order of their names."""
    query = select(Organization).where(
        Organization.kind.in_(start.duty.objects),
        Organization.status == "active",
        Organization.created_at <= moment_of(start),
    )
    return list(session.scalars(query.order_by(Organization.name, Organization.id)))


def _case(session: Session, start: Start, org_id: UUID) -> str | None:
    query = select(Case.number).where(
        Case.process == start.duty.process, Case.business_key == business_key(start, org_id)
    )
    return session.scalar(query)


def _published_at(session: Session, process: str) -> datetime | None:
    return session.scalar(select(func.min(Release.published_at)).where(Release.process == process))
