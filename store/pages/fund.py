"""The fund as its pages show it: the year, the ledger line by line, what a unit is told (第六条)."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from store.fund_year import FundYear, fund_years
from store.pages.register_lists import names_of
from store.tables import AnnualPlan, Case, EvidenceFile, FundEntry, FundFiling, Organization, Policy, Visit

PAGE = 50
MOST = 20_000
"""So many lines go into one sheet."""
DONE = ("completed", "archived")


class Fund(Struct, frozen=True):
    """A fund of the year with the names of its insurer and its provider."""

    year: FundYear
    insurer: str
    provider: str


class Line(Struct, frozen=True):
    """A line of the ledger with what it is about; `reversed_by` is the number of the line that took it back."""

    entry: FundEntry
    insurer: str
    subject: str
    reversed_by: str | None
    case_id: UUID | None
    """Its case, if the person sees it."""
    files: tuple[UUID, ...]
    """Its vouchers, as far as the person may open them."""

    @property
    def signed(self) -> Decimal:
        """The amount, a reversal below zero."""
        return -self.entry.amount if self.entry.kind == "reversal" else self.entry.amount


class Statement(Struct, frozen=True):
    """What a unit is told of its fund in a year: premium, what was set aside, visits, each payment that stands."""

    unit_id: UUID
    unit: str
    year: int
    premium: Decimal
    accrued: Decimal
    visits: int
    lines: tuple[Line, ...]

    @property
    def spent(self) -> Decimal:
        """What was paid for the unit."""
        return sum((line.entry.amount for line in self.lines), Decimal())


def funds_of_year(session: Session, year: int) -> list[Fund]:
    """Return the funds of a year that the person sees."""
    found = fund_years(session, year)
    names = names_of(session, [org for one in found for org in (one.insurer_id, one.org_id)])
    return [Fund(one, names.get(one.insurer_id, ""), names.get(one.org_id, "")) for one in found]


def plans_of_year(session: Session, year: int) -> list[AnnualPlan]:
    """Return the versions of the plans of a year, the newest first."""
    query = select(AnnualPlan).where(AnnualPlan.year == year)
    return list(session.scalars(query.order_by(AnnualPlan.version.desc(), AnnualPlan.id).limit(PAGE)))


def filings_of_year(session: Session, year: int) -> list[FundFiling]:
    """Return the versions of the filings of a year's fund, the newest first."""
    query = select(FundFiling).where(FundFiling.year == year)
    return list(session.scalars(query.order_by(FundFiling.version.desc(), FundFiling.id).limit(PAGE)))


def ledger(
    session: Session, year: int, kind: str, after: tuple[date, UUID] | None, most: int = PAGE
) -> tuple[list[Line], tuple[date, UUID] | None]:
    """Return a page of the ledger of a year, the latest line first, and the last one of it if more follow."""
    query = _entries(year)
    if kind:
        query = query.where(FundEntry.kind == kind)
    if after is not None:
        day, last = after
        query = query.where(
            or_(FundEntry.entry_date < day, and_(FundEntry.entry_date == day, FundEntry.id < last))
        )
    rows = session.scalars(query.limit(most + 1)).all()
    shown = rows[:most]
    last_shown = (shown[-1].entry_date, shown[-1].id) if len(rows) > most else None
    return _lines(session, shown), last_shown


def statement(session: Session, unit_id: UUID, year: int) -> Statement | None:
    """Return what a unit that the person sees is told of a year, None if they do not see it."""
    unit = session.get(Organization, unit_id)
    if unit is None or unit.kind != "policyholder":
        return None
    first, last = date(year, 1, 1), date(year, 12, 31)
    in_force = (Policy.policyholder_id == unit_id, Policy.term_start <= last, Policy.term_end >= first)
    premium = select(func.sum(Policy.written_premium - Policy.refunded)).where(
        *in_force, Policy.voided_on.is_(None)
    )
    visits = select(func.count()).where(
        Visit.policyholder_id == unit_id, Visit.state.in_(DONE), Visit.completed_on.between(first, last)
    )
    lines = _lines(session, session.scalars(_entries(year).where(FundEntry.policyholder_id == unit_id)).all())
    standing = [line for line in lines if line.entry.kind != "reversal" and line.reversed_by is None]
    accrued = (line.entry.amount for line in standing if line.entry.kind == "accrual")
    return Statement(
        unit_id=unit_id,
        unit=unit.name,
        year=year,
        premium=session.scalar(premium) or Decimal(),
        accrued=sum(accrued, Decimal()),
        visits=session.scalar(visits) or 0,
        lines=tuple(line for line in standing if line.entry.kind == "expense"),
    )


def visible_cases(session: Session, ids: Iterable[UUID | None]) -> set[UUID]:
    """Return those of the cases that the person sees."""
    return set(session.scalars(select(Case.id).where(Case.id.in_({one for one in ids if one is not None}))))


def _entries(year: int) -> Select[FundEntry]:
    of_year = FundEntry.entry_date.between(date(year, 1, 1), date(year, 12, 31))
    return select(FundEntry).where(of_year).order_by(FundEntry.entry_date.desc(), FundEntry.id.desc())


def _lines(session: Session, rows: Sequence[FundEntry]) -> list[Line]:
    ids = [row.id for row in rows]
    red = aliased(FundEntry)
    taken_back = {
        row.reverses_id: row.number
        for row in session.execute(select(red.reverses_id, red.number).where(red.reverses_id.in_(ids)))
    }
    names = names_of(session, [org for row in rows for org in (row.insurer_id, row.policyholder_id)])
    cases = visible_cases(session, [row.case_id for row in rows])
    vouchers = [UUID(str(one)) for row in rows for one in row.voucher]
    files = set(session.scalars(select(EvidenceFile.id).where(EvidenceFile.id.in_(vouchers))))
    return [
        Line(
            row,
            names.get(row.insurer_id, ""),
            row.public_activity or names.get(row.policyholder_id, ""),
            taken_back.get(row.id),
            row.case_id if row.case_id in cases else None,
            tuple(one for one in map(UUID, map(str, row.voucher)) if one in files),
        )
        for row in rows
    ]
