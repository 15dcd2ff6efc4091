"""What is pushed online as pages show it: the year's list with how far each went, one with its units (第十二条)."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from store.pages.gatherings import ProofFile, proof_files
from store.tables import Organization, PushContent, PushDelivery

MOST = 200


class Reach(Struct, frozen=True):
    """For how many units a push is, how many it reached, how many have read it."""

    units: int = 0
    delivered: int = 0
    read: int = 0


class PushRow(Struct, frozen=True):
    """A push as the list shows it."""

    content: PushContent
    provider: str
    reach: Reach


class Receiver(Struct, frozen=True):
    """A unit to which a push was sent."""

    unit_id: UUID | None
    name: str
    channel: str
    delivered_at: datetime | None
    read_at: datetime | None


class PushRecord(Struct, frozen=True):
    """One push with its files, and the units that the person sees."""

    row: PushRow
    files: tuple[ProofFile, ...]
    receivers: tuple[Receiver, ...]


def years_of_pushes(session: Session, today: date) -> list[int]:
    """Return the years that have pushes, and this one, latest first."""
    found = select(func.min(PushContent.published_on), func.max(PushContent.published_on))
    days = [today, *filter(None, session.execute(found).one())]
    return list(range(max(days).year, min(days).year - 1, -1))


def pushes_of_year(session: Session, year: int, *, with_drafts: bool) -> tuple[PushRow, ...]:
    """Return the year's pushes that the person sees, latest first; what is not published yet at the head."""
    on = PushContent.published_on
    is_of_year = on.between(date(year, 1, 1), date(year, 12, 31))
    query = (
        _pushes()
        .where(is_of_year | on.is_(None) if with_drafts else is_of_year)
        .order_by(on.desc().nulls_first(), PushContent.id.desc())
        .limit(MOST)
    )
    found = session.execute(query).all()
    reach = reach_of(session, [content.id for content, _ in found])
    return tuple(PushRow(content, name, reach[content.id]) for content, name in found)


def push_record(session: Session, content_id: UUID) -> PushRecord | None:
    """Return a push that the person sees, None if there is none."""
    found = session.execute(_pushes().where(PushContent.id == content_id)).one_or_none()
    if found is None:
        return None
    content, provider = found
    rows = session.execute(
        select(
            PushDelivery.policyholder_id,
            Organization.name,
            PushDelivery.channel,
            PushDelivery.delivered_at,
            PushDelivery.read_at,
        )
        .join(Organization, Organization.id == PushDelivery.policyholder_id)
        .where(PushDelivery.content_id == content.id)
        .order_by(
            PushDelivery.delivered_at.is_not(None), PushDelivery.read_at.is_not(None), Organization.name
        )
        .limit(MOST)
    )
    return PushRecord(
        row=PushRow(content, provider, reach_of(session, [content.id])[content.id]),
        files=proof_files(session, content.files),
        receivers=tuple(Receiver(*row) for row in rows),
    )


def reach_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, Reach]:
    """Return how far each push went, as far as the person sees the units."""
    rows = session.execute(
        select(
            PushDelivery.content_id,
            func.count(),
            func.count(PushDelivery.delivered_at),
            func.count(PushDelivery.read_at),
        )
        .where(PushDelivery.content_id.in_(ids))
        .group_by(PushDelivery.content_id)
    )
    counted = {row[0]: Reach(*row[1:]) for row in rows}
    return {content: counted.get(content, Reach()) for content in ids}


def categories_of_year(session: Session, org_id: UUID, year: int) -> set[str]:
    """Return the categories of which the provider has published something in the year."""
    query = select(PushContent.category).where(
        PushContent.org_id == org_id,
        PushContent.published_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return set(session.scalars(query.distinct()))


def _pushes() -> Select[PushContent, str]:
    return select(PushContent, Organization.name).join(Organization, Organization.id == PushContent.org_id)
