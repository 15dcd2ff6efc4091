"""The papers that a person may see, whatever they are about: found by kind, period, unit or number; newest first."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from store.search import matches
from store.tables import Case, Document, Organization

PAGE = 50
_BEIJING = ZoneInfo("Asia/Shanghai")


class Cursor(Struct, frozen=True):
    """The last row of the page before."""

    at: datetime
    id: UUID


class Asked(Struct, frozen=True):
    """What to look for; both days of the period belong to it."""

    query: str = ""
    template: str = ""
    since: date | None = None
    until: date | None = None
    case_id: UUID | None = None
    after: Cursor | None = None


class PaperRow(Struct, frozen=True):
    """A paper as the list shows it; without `sha256` it is still being printed."""

    id: UUID
    number: str
    title: str
    unit: str
    case_id: UUID | None
    issued_at: datetime
    sha256: str | None
    size: int


class PaperPage(Struct, frozen=True):
    """One page of papers, and where the next one starts."""

    rows: tuple[PaperRow, ...]
    next: Cursor | None


def paper_page(session: Session, asked: Asked) -> PaperPage:
    """Return one page of the papers that are not void."""
    statement = _narrowed(asked).where(Document.void_reason == "")
    if (after := asked.after) is not None:
        same = and_(Document.issued_at == after.at, Document.id < after.id)
        statement = statement.where(or_(Document.issued_at < after.at, same))
    order = (Document.issued_at.desc(), Document.id.desc())
    found = session.execute(statement.order_by(*order).limit(PAGE + 1)).all()
    rows = tuple(_row(document, unit) for document, unit in found[:PAGE])
    return PaperPage(rows, Cursor(rows[-1].issued_at, rows[-1].id) if len(found) > PAGE else None)


def papers_by_id(session: Session, ids: Collection[UUID]) -> tuple[PaperRow, ...]:
    """Return those of these papers that the person may see, in the order of the ids."""
    rows = {row.id: _row(row, unit) for row, unit in session.execute(_WITH_UNIT.where(Document.id.in_(ids)))}
    return tuple(rows[one] for one in dict.fromkeys(ids) if one in rows)


def papers_about(session: Session, template: str, record_id: UUID) -> tuple[PaperRow, ...]:
    """Return the papers of a kind about a record that stand, the newest first."""
    query = _WITH_UNIT.where(
        Document.subject_id == record_id, Document.template == template, Document.void_reason == ""
    )
    found = session.execute(query.order_by(Document.issued_at.desc(), Document.id).limit(PAGE))
    return tuple(_row(row, unit) for row, unit in found)


def number_of_case(session: Session, case_id: UUID) -> str | None:
    """Return the number of a case that the person may see."""
    return session.scalar(select(Case.number).where(Case.id == case_id))


_WITH_UNIT = select(Document, Organization.name).outerjoin(
    Organization, Organization.id == Document.policyholder_id
)


def _narrowed(asked: Asked) -> Select[Document, str | None]:
    statement = _WITH_UNIT
    if asked.query:
        found = select(Organization.id).where(matches(Organization.bigrams, asked.query))
        by_number = Document.number.startswith(asked.query, autoescape=True)
        statement = statement.where(or_(Document.policyholder_id.in_(found), by_number))
    if asked.template:
        statement = statement.where(Document.template == asked.template)
    if asked.case_id is not None:
        statement = statement.where(Document.case_id == asked.case_id)
    if asked.since is not None:
        statement = statement.where(Document.issued_at >= _morning(asked.since))
    if asked.until is not None:
        statement = statement.where(Document.issued_at < _morning(asked.until + timedelta(days=1)))
    return statement


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), _BEIJING)


def _row(row: Document, unit: str | None) -> PaperRow:
    return PaperRow(
        row.id,
        row.number,
        row.title,
        unit or "",
        row.case_id,
        row.issued_at,
        row.pdf_sha256,
        row.pdf_size or 0,
    )
