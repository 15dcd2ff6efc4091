"""The policies whose next rate is near, each with what its term says of it (第十九条)."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from store.pages.keyset import PAGE, before, beyond
from store.pages.register_lists import names_of
from store.pages.renewal import RenewalCounts, renewal_counts
from store.tables import Policy

NEAR = timedelta(days=90)
RECENT = timedelta(days=365)


class View(StrEnum):
    """Which policies: ending soon, later, or ended within a year."""

    SOON = "soon"
    LATER = "later"
    ENDED = "ended"


class RenewalLine(Struct, frozen=True):
    """A policy with the facts of its term."""

    policy_id: UUID
    number: str
    unit_id: UUID | None
    unit: str
    insurer: str
    term_end: date
    counts: RenewalCounts


def renewal_lines(
    session: Session, view: View, today: date, after: tuple[date, UUID] | None, most: int | None = PAGE
) -> tuple[list[RenewalLine], tuple[date, UUID] | None]:
    """Return a page of the policies that the person sees, the nearest end first, and its key if more follow."""
    query = select(Policy).where(Policy.voided_on.is_(None), _kept(today), _ends(view, today))
    key = (Policy.term_end, Policy.id)
    falls = view is View.ENDED
    query = query.order_by(*(column.desc() if falls else column.asc() for column in key))
    if after is not None:
        query = query.where((before if falls else beyond)(key, after))
    if most is None:
        return _lines(session, session.scalars(query).all(), today), None
    found = session.scalars(query.limit(most + 1)).all()
    shown = found[:most]
    following = (shown[-1].term_end, shown[-1].id) if len(found) > most else None
    return _lines(session, shown, today), following


def _kept(today: date) -> ColumnElement[bool]:
    return or_(Policy.surrender_effective.is_(None), Policy.surrender_effective > today)


def _ends(view: View, today: date) -> ColumnElement[bool]:
    match view:
        case View.SOON:
            return and_(Policy.term_end >= today, Policy.term_end <= today + NEAR)
        case View.LATER:
            return and_(Policy.term_end > today + NEAR, Policy.term_start <= today)
        case View.ENDED:
            return and_(Policy.term_end < today, Policy.term_end >= today - RECENT)


def _lines(session: Session, rows: Sequence[Policy], today: date) -> list[RenewalLine]:
    counts = renewal_counts(session, [policy.id for policy in rows], today)
    names = names_of(session, [org for row in rows for org in (row.policyholder_id, row.insurer_id)])
    return [
        RenewalLine(
            policy_id=policy.id,
            number=policy.number,
            unit_id=policy.policyholder_id,
            unit=names.get(policy.policyholder_id, ""),
            insurer=names.get(policy.insurer_id, ""),
            term_end=policy.term_end,
            counts=counts[policy.id],
        )
        for policy in rows
    ]
