"""What was computed and kept of the visits that a policy is owed, policy year by policy year (第十四条)."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.tables import QuotaSnapshot


def kept_by_year(session: Session, policy_id: UUID) -> dict[int, int]:
    """Return the most visits that each policy year was ever owed, by its index."""
    query = select(QuotaSnapshot.policy_year, func.max(QuotaSnapshot.required)).where(
        QuotaSnapshot.policy_id == policy_id
    )
    return {year: required for year, required in session.execute(query.group_by(QuotaSnapshot.policy_year))}  # noqa: C416  # rows are not tuples to mypy


def latest_snapshot(session: Session, policy_id: UUID) -> QuotaSnapshot | None:
    """Return the first policy year as it was computed last; None if it never was."""
    query = select(QuotaSnapshot).where(QuotaSnapshot.policy_id == policy_id, QuotaSnapshot.policy_year == 1)
    latest = query.order_by(QuotaSnapshot.computed_at.desc(), QuotaSnapshot.id.desc())
    return session.scalar(latest.limit(1))


def required_in_all(snapshot: QuotaSnapshot) -> int:
    """Return what the whole term was owed when this was computed."""
    return sum(int(year["required"]) for year in snapshot.per_year)
