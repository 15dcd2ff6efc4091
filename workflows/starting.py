"""Cases that nobody opens by hand: begun by a message, by a signal, or at an instant (启动事件)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.roles import Party
from store.calendar import load_calendar
from store.numbers import take_number
from store.queue import enqueue
from store.scope import Scope
from store.tables import Case, Definition, Message, Organization, Release
from workflows.acts import Opening, Subject, subject_of
from workflows.advance import begin_case
from workflows.engine import Spec, StartDue, start_due
from workflows.host import feel_host
from workflows.messages import payload_of
from workflows.people import SYSTEM
from workflows.releases import newest_release, spec_of
from workflows.runtime import Runtime, legal_day

NUMBERED = "DS"
"""The code in the numbers of cases that an instant has begun."""
_REASON = "an event begins a case"


class Cause(Struct, frozen=True):
    """Why a case begins: the start event, the business key that no second case may have, what it begins with."""

    start: str
    key: str
    variables: Mapping[str, object]


def begin_by_message(runtime: Runtime, session: Session, message: Message, now: datetime) -> UUID | None:
    """Begin a case of the process that a message names, if it starts by that message; None if it does not.

    The correlation is its business key: a second message of the same key begins no second case.
    """
    release = newest_release(session, message.target_process or "")
    sender = session.get(Case, message.sender_case_id) if message.sender_case_id else None
    if release is None or sender is None:
        return None
    key = message.correlation or message.key
    for start in _starts(spec_of(session, release.id), "message", message.name):
        return _begin_beside(runtime, session, release, Cause(start, key, payload_of(message)), sender, now)
    return None


def started_by_signal(session: Session, name: str) -> Iterator[tuple[str, str]]:
    """Yield each process that starts by this signal, with the start event."""
    for process in session.scalars(select(Definition.key).order_by(Definition.key)).all():
        if (release := newest_release(session, process)) is not None:
            for start in _starts(spec_of(session, release.id), "signal", name):
                yield process, start


def begin_by_signal(runtime: Runtime, process: str, start: str, sender_id: UUID, key: str) -> None:
    """Begin a case beside the one that has sent the signal, unless this signal has done so already."""
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        sender, release = session.get(Case, sender_id), newest_release(session, process)
        if sender is not None and release is not None:
            _begin_beside(runtime, session, release, Cause(start, key, {}), sender, now)


def await_instants(runtime: Runtime, release_id: UUID) -> None:
    """Let jobs begin the cases of a new release that start at an instant; those of older ones begin none."""
    with runtime.database.write(Scope.everything(_REASON), now=runtime.now()) as session:
        spec, since = spec_of(session, release_id), session.get_one(Release, release_id).published_at
        for point in spec.starts.values():
            if point.kind == "timer":
                _await(session, release_id, point.id, 1, _due(session, spec, point.id, since))


def begin_by_instant(runtime: Runtime, release_id: UUID, start: str, n: int, due_at: datetime) -> None:
    """Begin the n-th round of a start that is due, for each organization whose process it is, and await the next.

    A process of nobody in particular belongs to every provider.
    """
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        release = session.get(Release, release_id)
        newest = newest_release(session, release.process) if release is not None else None
        if release is None or newest is None or newest.id != release_id:
            return
        told = _due(session, spec_of(session, release_id), start, due_at)
        if n < told.rounds:
            _await(session, release_id, start, n + 1, told)
        for owner in _owners(session, release):
            args = {"release_id": str(release_id), "start": start, "org_id": str(owner)}
            key = f"begin:{release_id}:{start}:{n}:{owner}"
            enqueue(session, "begin_for", {**args, "key": key}, run_at=now, key=key)


def begin_for(runtime: Runtime, release_id: UUID, start: str, org_id: UUID, key: str) -> None:
    """Begin a case that an instant has begun, for one organization, unless it has one already."""
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        spec = spec_of(session, release_id)
        if _is_known(session, spec.key, key):
            return
        number = take_number(session, org_id, NUMBERED, legal_day(now).year)
        opening = Opening(spec.key, key, number, spec.name, {}, Subject(org_id), None, release_id)
        begin_case(runtime, session, opening, SYSTEM, now, start)


def _begin_beside(
    runtime: Runtime, session: Session, release: Release, cause: Cause, sender: Case, now: datetime
) -> UUID | None:
    spec = spec_of(session, release.id)
    if _is_known(session, spec.key, cause.key):
        return None
    opening = Opening(
        process=spec.key,
        business_key=cause.key,
        number=sender.number,
        title=f"{sender.title} · {spec.name}",
        variables=cause.variables,
        subject=subject_of(sender),
        parent=sender.id,
        release_id=release.id,
    )
    return begin_case(runtime, session, opening, SYSTEM, now, cause.start).id


def _starts(spec: Spec, kind: str, name: str) -> Iterator[str]:
    return (point.id for point in spec.starts.values() if (point.kind, point.detail) == (kind, name))


def _is_known(session: Session, process: str, key: str) -> bool:
    query = select(Case.id).where(Case.process == process, Case.business_key == key)
    return session.scalar(query) is not None


def _due(session: Session, spec: Spec, start: str, now: datetime) -> StartDue:
    return start_due(spec, start, feel_host(load_calendar(session), now), now)


def _await(session: Session, release_id: UUID, start: str, n: int, told: StartDue) -> None:
    args = {"release_id": str(release_id), "start": start, "n": n, "due_at": told.at.isoformat()}
    enqueue(session, "begin_by_instant", args, run_at=told.at, key=f"instant:{release_id}:{start}:{n}")


def _owners(session: Session, release: Release) -> list[UUID]:
    definition = session.get(Definition, release.definition_id)
    if definition is not None and definition.org_id is not None:
        return [definition.org_id]
    providers = select(Organization.id).where(
        Organization.kind == Party.PROVIDER, Organization.status == "active"
    )
    return list(session.scalars(providers.order_by(Organization.id)))
