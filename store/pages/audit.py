"""The auditor's pages: changes of records, events of cases without their content, the access log."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.events import data_of
from store.pages import register_lists
from store.pages.histories import HistoryLine, line_of, names_of
from store.pages.keyset import PAGE, before
from store.pages.record_names import record_names
from store.scope import widened
from store.tables import AccessLog, Case, CaseEvent, Person, RecordEvent

_CHANGES = (RecordEvent.at, RecordEvent.record_kind, RecordEvent.record_id, RecordEvent.number)
_EVENTS = (CaseEvent.at, CaseEvent.case_id, CaseEvent.version, CaseEvent.n)
_ACCESSES = (AccessLog.at, AccessLog.id)
_PEOPLE_AT_MOST = 200

ChangeKey = tuple[datetime, str, UUID, int]
EventKey = tuple[datetime, UUID, int, int]
AccessKey = tuple[datetime, UUID]


class Span(Struct, frozen=True):
    """What a list is narrowed to: a kind, somebody's name, moments from (inclusive) to (exclusive)."""

    kind: str = ""
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None


class ChangeRow(Struct, frozen=True):
    """One change of a record."""

    record_kind: str
    record_id: UUID
    name: str
    """What the record goes by; empty where its kind has no names."""
    line: HistoryLine


class EventRow(Struct, frozen=True):
    """One event of a case: its sentence, never the answers."""

    case_number: str
    number: str
    kind: str
    at: datetime
    actor: str
    text: str
    hash: str


class AccessRow(Struct, frozen=True):
    """One line of the access log."""

    at: datetime
    person: str
    action: str
    object_kind: str
    about: str
    """The unit whose number was seen, else empty."""
    purpose: str
    address: str


def changes(
    session: Session, span: Span, after: ChangeKey | None
) -> tuple[list[ChangeRow], ChangeKey | None]:
    """Return one page of changes, latest first, and the key behind which the next one begins."""
    query = select(RecordEvent)
    if span.kind:
        query = query.where(RecordEvent.record_kind == span.kind)
    if span.actor:
        query = query.where(RecordEvent.actor_id.in_(_people_named(session, span.actor)))
    if span.since is not None:
        query = query.where(RecordEvent.at >= span.since)
    if span.until is not None:
        query = query.where(RecordEvent.at < span.until)
    if after is not None:
        query = query.where(before(_CHANGES, after))
    order = (column.desc() for column in _CHANGES)
    found = session.scalars(query.order_by(*order).limit(PAGE + 1)).all()
    names = names_of(session, {row.actor_id for row in found if row.actor_id})
    records = record_names(session, {(row.record_kind, row.record_id) for row in found})
    rows = [
        ChangeRow(
            record_kind=row.record_kind,
            record_id=row.record_id,
            name=records.get((row.record_kind, row.record_id), ""),
            line=line_of(row, names),
        )
        for row in found[:PAGE]
    ]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return rows, (last.at, last.record_kind, last.record_id, last.number) if last is not None else None


def case_events(
    session: Session, span: Span, after: EventKey | None
) -> tuple[list[EventRow], EventKey | None]:
    """Return one page of events of cases, latest first; `span.kind` is a case's number."""
    query = select(CaseEvent)
    if span.kind:
        query = query.where(CaseEvent.case_id.in_(_cases_numbered(session, span.kind)))
    if span.actor:
        query = query.where(CaseEvent.actor_id.in_(_people_named(session, span.actor)))
    if span.since is not None:
        query = query.where(CaseEvent.at >= span.since)
    if span.until is not None:
        query = query.where(CaseEvent.at < span.until)
    if after is not None:
        query = query.where(before(_EVENTS, after))
    order = (column.desc() for column in _EVENTS)
    found = session.scalars(query.order_by(*order).limit(PAGE + 1)).all()
    names = names_of(session, {row.actor_id for row in found if row.actor_id})
    numbers = _numbers(session, {row.case_id for row in found})
    rows = [
        EventRow(
            case_number=numbers.get(row.case_id, ""),
            number=f"{row.version}.{row.n}",
            kind=row.kind,
            at=row.at,
            actor=names.get(row.actor_id, "") if row.actor_id else "",
            text=_told(row),
            hash=row.hash,
        )
        for row in found[:PAGE]
    ]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return rows, (last.at, last.case_id, last.version, last.n) if last is not None else None


def accesses(
    session: Session, span: Span, after: AccessKey | None
) -> tuple[list[AccessRow], AccessKey | None]:
    """Return one page of the access log, latest first; `span.kind` is an action."""
    query = select(AccessLog)
    if span.kind:
        query = query.where(AccessLog.action == span.kind)
    if span.actor:
        query = query.where(AccessLog.person_id.in_(_people_named(session, span.actor)))
    if span.since is not None:
        query = query.where(AccessLog.at >= span.since)
    if span.until is not None:
        query = query.where(AccessLog.at < span.until)
    if after is not None:
        query = query.where(before(_ACCESSES, after))
    order = (column.desc() for column in _ACCESSES)
    found = session.scalars(query.order_by(*order).limit(PAGE + 1)).all()
    names = names_of(session, {row.person_id for row in found if row.person_id})
    with widened(session, "the names of units whose number was seen"):
        units = register_lists.names_of(session, {UUID(row.object_id) for row in found if row.object_id})
    rows = [
        AccessRow(
            at=row.at,
            person=names.get(row.person_id, "") if row.person_id else "",
            action=row.action,
            object_kind=row.object_kind,
            about=units.get(UUID(row.object_id), "")
            if row.object_id
            else "、".join(row.detail.get("grants", ())),
            purpose=row.purpose,
            address=row.address,
        )
        for row in found[:PAGE]
    ]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return rows, (last.at, last.id) if last is not None else None


def record_history(
    session: Session, record_kind: str, record_id: UUID, after: int | None
) -> tuple[list[HistoryLine], int | None]:
    """Return one page of a record's chain, latest first."""
    query = select(RecordEvent).where(
        RecordEvent.record_kind == record_kind, RecordEvent.record_id == record_id
    )
    if after is not None:
        query = query.where(RecordEvent.number < after)
    found = session.scalars(query.order_by(RecordEvent.number.desc()).limit(PAGE + 1)).all()
    names = names_of(session, {row.actor_id for row in found if row.actor_id})
    rows = [line_of(row, names) for row in found[:PAGE]]
    return rows, rows[-1].number if len(found) > PAGE else None


def chained(session: Session) -> tuple[int, int]:
    """Return how many events stand in the chains of cases and of records."""
    cases = session.scalar(select(func.count()).select_from(CaseEvent)) or 0
    records = session.scalar(select(func.count()).select_from(RecordEvent)) or 0
    return cases, records


def case_number(session: Session, case_id: UUID) -> str:
    """Return the number of a case."""
    return _numbers(session, {case_id}).get(case_id, "")


def _told(row: CaseEvent) -> str:
    data = data_of(row.body)
    return str(data.get("text") or data.get("name") or "")


def _people_named(session: Session, name: str) -> list[UUID]:
    with widened(session, "people by the name that an auditor looks for"):
        query = select(Person.id).where(Person.name == name).order_by(Person.id)
        return list(session.scalars(query.limit(_PEOPLE_AT_MOST)))


def _cases_numbered(session: Session, number: str) -> list[UUID]:
    with widened(session, "cases by the number that an auditor looks for"):
        query = select(Case.id).where(Case.number == number).order_by(Case.id)
        return list(session.scalars(query.limit(_PEOPLE_AT_MOST)))


def _numbers(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    with widened(session, "the numbers of cases with events"):
        rows = session.execute(select(Case.id, Case.number).where(Case.id.in_(sorted(ids)))).all()
    return {row[0]: row[1] for row in rows}
