"""Complaints as their pages show them: the list, newest first, and one of them with its papers (第二十二条)."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.pages.register_lists import names_of
from store.tables import Complaint, Document, Person

PAGE = 50
CLOSED = "closed"
SUBJECT = "complaint"


class View(StrEnum):
    """Which complaints are looked at."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


class ComplaintLine(Struct, frozen=True):
    """A complaint with the names of its unit and its insurer."""

    complaint: Complaint
    unit: str
    insurer: str


class ComplaintFacts(Struct, frozen=True):
    """One complaint, who handles it, who approved its extension, and the papers about it."""

    line: ComplaintLine
    handler: str
    approved_by: str
    papers: Sequence[Document]


def complaint_lines(
    session: Session, view: View, before: UUID | None
) -> tuple[list[ComplaintLine], UUID | None]:
    """Return a page of the complaints that the person sees, and the last one if more follow."""
    query = select(Complaint)
    if view is View.OPEN:
        query = query.where(Complaint.state != CLOSED)
    if view is View.CLOSED:
        query = query.where(Complaint.state == CLOSED)
    if before is not None:
        query = query.where(Complaint.id < before)
    found = session.scalars(query.order_by(Complaint.id.desc()).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    return _lines(session, shown), shown[-1].id if len(found) > PAGE else None


def complaint_facts(session: Session, complaint_id: UUID) -> ComplaintFacts | None:
    """Return one complaint, None if the person does not see it."""
    complaint = session.get(Complaint, complaint_id)
    if complaint is None:
        return None
    papers = session.scalars(
        select(Document)
        .where(Document.subject == SUBJECT, Document.subject_id == complaint_id)
        .order_by(Document.issued_at)
        .limit(PAGE)
    )
    extension = complaint.extension or {}
    return ComplaintFacts(
        line=_lines(session, [complaint])[0],
        handler=_name(session, complaint.handler_id),
        approved_by=_name(session, UUID(extension["approved_by"])) if extension else "",
        papers=papers.all(),
    )


def complaint_of_case(session: Session, case_id: UUID) -> UUID | None:
    """Return the complaint that a case is about, if it is about one that the person sees."""
    return session.scalar(select(Complaint.id).where(Complaint.case_id == case_id).limit(1))


def _lines(session: Session, rows: Sequence[Complaint]) -> list[ComplaintLine]:
    names = names_of(session, [org for row in rows for org in (row.policyholder_id, row.insurer_id)])
    return [
        ComplaintLine(row, names.get(row.policyholder_id, ""), names.get(row.insurer_id, "")) for row in rows
    ]


def _name(session: Session, person_id: UUID | None) -> str:
    person = session.get(Person, person_id) if person_id is not None else None
    return person.name if person is not None else ""
