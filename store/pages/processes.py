"""The processes that the product runs: their releases, and how many cases each one has. No case is shown."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from store.scope import widened
from store.tables import Case, Definition, Draft, Person, Release

RUNNING = ("open", "suspended")
MOST_DRAFTS = 50


class ReleaseRow(Struct, frozen=True):
    """A release as the list shows it; `by` is empty for one that came with the product."""

    id: UUID
    process: str
    title: str
    number: int
    origin: str
    published_at: datetime
    by: str
    open_cases: int
    closed_cases: int


class DraftRow(Struct, frozen=True):
    """A draft as lists show it; `base` is the number of the release that it began from, None without one."""

    id: UUID
    base: int | None
    origin: str
    saved_at: datetime
    holder: str


def drafts_of(session: Session, process: str) -> tuple[DraftRow, ...]:
    """Return the drafts of a process that the reader may see, the last saved first."""
    query = (
        select(Draft.id, Release.number, Draft.origin, Draft.saved_at, Person.name)
        .join(Definition, Definition.id == Draft.definition_id)
        .outerjoin(Release, Release.id == Draft.base_release_id)
        .outerjoin(Person, Person.id == Draft.holder_id)
        .where(Definition.key == process)
        .order_by(Draft.saved_at.desc(), Draft.id)
        .limit(MOST_DRAFTS)
    )
    rows = session.execute(query)
    return tuple(DraftRow(one, base, origin, at, by or "") for one, base, origin, at, by in rows)


def newest_releases(session: Session) -> tuple[ReleaseRow, ...]:
    """Return the newest release of every process; its cases are those of all releases together."""
    found: dict[str, ReleaseRow] = {}
    for row in _releases(session, None):
        known = found.get(row.process)
        found[row.process] = row if known is None else _together(known, row)
    return tuple(sorted(found.values(), key=lambda row: row.process))


def all_releases(session: Session) -> tuple[ReleaseRow, ...]:
    """Return the releases of all processes, those of one together, newest first."""
    return tuple(_releases(session, None))


def releases_of(session: Session, process: str) -> tuple[ReleaseRow, ...]:
    """Return the releases of a process, newest first; none if there is no such process."""
    return tuple(_releases(session, process))


def _releases(session: Session, process: str | None) -> list[ReleaseRow]:
    is_open = case((Case.status.in_(RUNNING), 1), else_=0)
    counted = (
        select(
            Case.release_id,
            func.sum(is_open).label("open_cases"),
            func.count().label("all_cases"),
        )
        .group_by(Case.release_id)
        .subquery()
    )
    query = (
        select(Release, Definition.title, Person.name, counted.c.open_cases, counted.c.all_cases)
        .join(Definition, Definition.id == Release.definition_id)
        .outerjoin(Person, Person.id == Release.published_by)
        .outerjoin(counted, counted.c.release_id == Release.id)
        .where(Release.status == "published")
        .order_by(Release.process, Release.number.desc())
    )
    if process is not None:
        query = query.where(Release.process == process)
    with widened(session, "how many cases a release has"):
        rows = session.execute(query).all()
    return [
        ReleaseRow(
            id=release.id,
            process=release.process,
            title=title,
            number=release.number,
            origin=release.origin,
            published_at=release.published_at,
            by=by or "",
            open_cases=int(open_cases or 0),
            closed_cases=int(all_cases or 0) - int(open_cases or 0),
        )
        for release, title, by, open_cases, all_cases in rows
    ]


def _together(newest: ReleaseRow, older: ReleaseRow) -> ReleaseRow:
    return replace(
        newest,
        open_cases=newest.open_cases + older.open_cases,
        closed_cases=newest.closed_cases + older.closed_cases,
    )
