"""Reports that are filed: the list, one version with its papers and sisters, the rows behind a figure."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, defer

from store.tables import Case, Document, FiledReport, FiledReportRow, Organization, Person

PAGE = 50
ROWS = 100
MOST = 50


class Cursor(Struct, frozen=True):
    """The last row of the page before."""

    first_day: date
    id: UUID


class ReportLine(Struct, frozen=True):
    """The newest version of a report as lists show it."""

    id: UUID
    kind: str
    period_name: str
    organization: str
    version: int
    reason_of_correction: str
    frozen_at: datetime
    submitted_on: date | None
    receipt: str | None
    received_on: date | None


class PaperLine(Struct, frozen=True):
    """A paper of a version; without `pdf_sha256` it is still being printed."""

    id: UUID
    number: str
    title: str
    pdf_sha256: str | None
    is_void: bool


class ReportFacts(Struct, frozen=True):
    """One version with all that stands in it."""

    report: FiledReport
    organization: str
    case_number: str
    submitted_by: str
    received_by: str
    versions: tuple[ReportLine, ...]
    papers: tuple[PaperLine, ...]


class Narrowed(Struct, frozen=True):
    """Which rows of a report are asked for: of one figure, of one cell."""

    figure: str
    industry: str | None = None
    region_code: str | None = None
    category: str | None = None


def report_lines(
    session: Session, kind: str, after: Cursor | None
) -> tuple[tuple[ReportLine, ...], Cursor | None]:
    """Return a page of the reports that the person sees, the latest period first, each in its newest version."""
    newer = aliased(FiledReport)
    is_newest = ~exists().where(
        newer.org_id == FiledReport.org_id,
        newer.kind == FiledReport.kind,
        newer.period == FiledReport.period,
        newer.version > FiledReport.version,
    )
    wanted = [is_newest]
    if kind:
        wanted.append(FiledReport.kind == kind)
    if after is not None:
        wanted.append(_beyond(after))
    query = select(FiledReport, Organization.name).join(Organization, Organization.id == FiledReport.org_id)
    found = session.execute(
        query.where(*wanted)
        .options(defer(FiledReport.snapshot), defer(FiledReport.sections))
        .order_by(FiledReport.first_day.desc(), FiledReport.id.desc())
        .limit(PAGE + 1)
    ).all()
    shown = found[:PAGE]
    last = Cursor(shown[-1][0].first_day, shown[-1][0].id) if len(found) > PAGE else None
    return tuple(_line(report, name) for report, name in shown), last


def reports_of_case(session: Session, case_id: UUID) -> tuple[ReportLine, ...]:
    """Return every version that a case has frozen, the newest first."""
    return _versions(session, FiledReport.case_id == case_id)


def _versions(session: Session, *such: ColumnElement[bool]) -> tuple[ReportLine, ...]:
    query = (
        select(FiledReport, Organization.name)
        .join(Organization, Organization.id == FiledReport.org_id)
        .where(*such)
        .options(defer(FiledReport.snapshot), defer(FiledReport.sections))
        .order_by(FiledReport.version.desc())
        .limit(MOST)
    )
    return tuple(_line(report, name) for report, name in session.execute(query))


def report_facts(session: Session, report_id: UUID) -> ReportFacts | None:
    """Return one version, None if the person does not see it."""
    report = session.get(FiledReport, report_id)
    if report is None:
        return None
    case = session.get(Case, report.case_id)
    office = session.get(Organization, report.org_id)
    return ReportFacts(
        report=report,
        organization=office.name if office is not None else "",
        case_number=case.number if case is not None else "",
        submitted_by=_name(session, report.submitted_by),
        received_by=_name(session, report.received_by),
        versions=_versions(
            session,
            FiledReport.org_id == report.org_id,
            FiledReport.kind == report.kind,
            FiledReport.period == report.period,
        ),
        papers=_papers(session, report_id),
    )


def figure_rows(
    session: Session, report_id: UUID, asked: Narrowed, after: int = 0, limit: int | None = ROWS
) -> Sequence[FiledReportRow]:
    """Return the rows behind a figure, or behind one of its cells, in the order in which they were frozen."""
    query = (
        select(FiledReportRow)
        .where(*_asked(report_id, asked), FiledReportRow.position > after)
        .order_by(FiledReportRow.position)
    )
    return session.scalars(query.limit(limit + 1) if limit is not None else query).all()


def figure_sum(session: Session, report_id: UUID, asked: Narrowed) -> tuple[int, Decimal, Decimal | None]:
    """Return how many rows stand behind a figure or a cell of it, and what their parts and wholes add up to."""
    added = select(func.count(), func.sum(FiledReportRow.part), func.sum(FiledReportRow.whole))
    count, part, whole = session.execute(added.where(*_asked(report_id, asked))).one()
    return count, part or Decimal(0), whole


def visit_cases(session: Session, visits: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the case in which each of these visits was made, as far as the person sees it."""
    query = (
        select(Case.visit_id, Case.id)
        .where(Case.visit_id.in_(visits), Case.hazard_id.is_(None))
        .order_by(Case.opened_at.desc())
    )
    return {visit_id: case_id for visit_id, case_id in session.execute(query) if visit_id is not None}


def _asked(report_id: UUID, asked: Narrowed) -> list[ColumnElement[bool]]:
    given = {name: getattr(asked, name) for name in ("industry", "region_code", "category")}
    return [
        FiledReportRow.report_id == report_id,
        FiledReportRow.figure == asked.figure,
        *(getattr(FiledReportRow, name) == value for name, value in given.items() if value is not None),
    ]


def _beyond(after: Cursor) -> ColumnElement[bool]:
    same = and_(FiledReport.first_day == after.first_day, FiledReport.id < after.id)
    return or_(FiledReport.first_day < after.first_day, same)


def _line(report: FiledReport, organization: str) -> ReportLine:
    return ReportLine(
        report.id,
        report.kind,
        report.period_name,
        organization,
        report.version,
        report.reason_of_correction,
        report.frozen_at,
        report.submitted_on,
        report.receipt,
        report.received_on,
    )


def _papers(session: Session, report_id: UUID) -> tuple[PaperLine, ...]:
    query = (
        select(Document)
        .where(Document.subject == "filed_report", Document.subject_id == report_id)
        .order_by(Document.issued_at.desc())
        .limit(MOST)
    )
    return tuple(
        PaperLine(paper.id, paper.number, paper.title, paper.pdf_sha256, bool(paper.void_reason))
        for paper in session.scalars(query)
    )


def _name(session: Session, person_id: UUID | None) -> str:
    person = session.get(Person, person_id) if person_id is not None else None
    return person.name if person is not None else ""
