"""The pages of indicator sets: the list, and one set with its indicators."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.tables import Indicator, IndicatorSet, Person

MOST = 500


class SetRow(Struct, frozen=True):
    """An indicator set as the list shows it."""

    id: UUID
    year: int
    kind: str
    version: int
    state: str
    indicators: int
    published_at: datetime | None
    published_by: str


class IndicatorLine(Struct, frozen=True):
    """One indicator of a set."""

    position: int
    aspect: str
    title: str
    requirement: str
    weight: Decimal
    is_bonus: bool
    measure: str


class SetFacts(Struct, frozen=True):
    """A set with its indicators; `row_version` tells whether somebody changed it meanwhile."""

    row: SetRow
    row_version: int
    lines: tuple[IndicatorLine, ...]

    @property
    def base(self) -> Decimal:
        """The sum of what makes the hundred."""
        return sum((line.weight for line in self.lines if not line.is_bonus), Decimal(0))

    @property
    def bonus(self) -> Decimal:
        """The sum of what adds to it."""
        return sum((line.weight for line in self.lines if line.is_bonus), Decimal(0))


def indicator_sets(session: Session) -> list[SetRow]:
    """Return all sets, the latest year first."""
    order = (IndicatorSet.year.desc(), IndicatorSet.object_kind, IndicatorSet.version.desc())
    return [
        _set_row(session, each) for each in session.scalars(select(IndicatorSet).order_by(*order).limit(MOST))
    ]


def set_facts(session: Session, set_id: UUID) -> SetFacts | None:
    """Return a set with its indicators, None if there is none of this id."""
    found = session.get(IndicatorSet, set_id)
    if found is None:
        return None
    query = select(Indicator).where(Indicator.set_id == set_id).order_by(Indicator.position)
    lines = tuple(
        IndicatorLine(
            row.position, row.aspect, row.title, row.requirement, row.weight, row.is_bonus, row.measure
        )
        for row in session.scalars(query)
    )
    return SetFacts(_set_row(session, found), found.row_version, lines)


def _set_row(session: Session, found: IndicatorSet) -> SetRow:
    count = session.scalar(select(func.count()).where(Indicator.set_id == found.id)) or 0
    by = session.scalar(select(Person.name).where(Person.id == found.published_by)) or ""
    return SetRow(
        found.id, found.year, found.object_kind, found.version, found.state, count, found.published_at, by
    )
