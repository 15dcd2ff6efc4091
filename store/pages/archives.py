"""The archive: each volume with the time that it is kept, and the proposals to dispose of volumes (第七条, D2)."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from rules.retention import Retention, disposal_notice
from store.pages.histories import names_of as people_named
from store.pages.keyset import PAGE, beyond
from store.pages.register_lists import names_of
from store.scope import widened
from store.tables import Case, CaseFile, Disposal
from store.volumes import retentions

Key = tuple[date, UUID]
_ORDER = (CaseFile.retain_until, CaseFile.id)
LATEST = 50
"""So many proposals are shown, the newest first."""


class View(StrEnum):
    """What of the archive is looked at."""

    OVER = "over"
    SOON = "soon"
    KEPT = "kept"
    PROPOSED = "proposed"
    DISPOSED = "disposed"


class VolumeLine(Struct, frozen=True):
    """A volume, whose it is, how long it is kept as its records stand; its case where the person sees it."""

    volume: CaseFile
    unit: str
    kept: Retention
    case_id: UUID | None


class DisposalLine(Struct, frozen=True):
    """A proposal, with the people who have dealt with it by name."""

    disposal: Disposal
    provider: str
    insurer: str
    names: Mapping[UUID, str]

    def name(self, person_id: UUID | None) -> str:
        """Return the name of somebody who dealt with it."""
        return self.names.get(person_id, "") if person_id is not None else ""


def volume_counts(session: Session, today: date) -> dict[View, int]:
    """Return how many volumes each view shows to the person."""
    columns = [func.count().filter(_condition(view, today)).label(view.value) for view in View]
    row = session.execute(select(*columns).select_from(CaseFile)).one()
    return {view: row[n] for n, view in enumerate(View)}


def volume_lines(
    session: Session, view: View, today: date, after: Key | None
) -> tuple[list[VolumeLine], Key | None]:
    """Return a page of volumes, those whose time is over first, and the last one of it if more follow."""
    query = select(CaseFile).where(_condition(view, today)).order_by(*_ORDER).limit(PAGE + 1)
    if after is not None:
        query = query.where(beyond(_ORDER, after))
    rows = session.scalars(query).all()
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    key = (last.retain_until, last.id) if last is not None and last.retain_until is not None else None
    return _lines(session, shown), key


def volume_line(session: Session, volume_id: UUID) -> VolumeLine | None:
    """Return one volume, None if the person does not see it or it is not closed."""
    query = select(CaseFile).where(CaseFile.id == volume_id, CaseFile.sealed_at.is_not(None))
    return next(iter(_lines(session, session.scalars(query).all())), None)


def disposal_lines(session: Session) -> list[DisposalLine]:
    """Return the latest proposals that the person sees."""
    query = select(Disposal).order_by(Disposal.proposed_at.desc(), Disposal.id).limit(LATEST)
    return _disposals(session, query)


def disposal_line(session: Session, disposal_id: UUID) -> DisposalLine | None:
    """Return one proposal, None if the person does not see it."""
    return next(iter(_disposals(session, select(Disposal).where(Disposal.id == disposal_id))), None)


def _condition(view: View, today: date) -> ColumnElement[bool]:
    """Return what a view shows; a volume that is being closed has no time yet."""
    soon = disposal_notice(today)
    is_free = and_(CaseFile.state == "sealed", CaseFile.disposal_id.is_(None), CaseFile.disposed_at.is_(None))
    match view:
        case View.OVER:
            return and_(is_free, CaseFile.retain_until < today)
        case View.SOON:
            return and_(is_free, CaseFile.retain_until.between(today, soon))
        case View.KEPT:
            return and_(is_free, CaseFile.retain_until > soon)
        case View.PROPOSED:
            return and_(CaseFile.disposal_id.is_not(None), CaseFile.disposed_at.is_(None))
        case View.DISPOSED:
            return CaseFile.disposed_at.is_not(None)


def _lines(session: Session, volumes: Sequence[CaseFile]) -> list[VolumeLine]:
    """Return the volumes; what holds them is counted whole, also where the person does not see the rows."""
    names = names_of(session, [one.policyholder_id for one in volumes])
    wanted = [one.case_id for one in volumes if one.case_id is not None]
    cases = set(session.scalars(select(Case.id).where(Case.id.in_(wanted))))
    with widened(session, "what holds a volume that its reader sees"):
        kept = retentions(session, volumes)
    return [
        VolumeLine(
            one,
            names.get(one.policyholder_id, ""),
            kept[one.id],
            one.case_id if one.case_id in cases else None,
        )
        for one in volumes
    ]


def _disposals(session: Session, query: Select[Disposal]) -> list[DisposalLine]:
    rows = session.scalars(query).all()
    offices = names_of(session, [org for row in rows for org in (row.org_id, row.insurer_id)])
    people = {
        one for row in rows for one in (row.proposed_by, row.reviewed_by, row.decided_by) if one is not None
    }
    named = people_named(session, people)
    return [
        DisposalLine(row, offices.get(row.org_id, ""), offices.get(row.insurer_id, ""), named) for row in rows
    ]
