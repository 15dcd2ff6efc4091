"""The policies that a person may begin a case about: the latest term first, found by the unit's name."""

from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from store.pages.register_lists import named, names_of
from store.tables import Policy

SHOWN = 20


class PolicyChoice(Struct, frozen=True):
    """A policy to choose: its unit, its number, its term, its insurer."""

    id: UUID
    unit: str
    number: str
    start: date
    end: date
    insurer: str


def policies_to_choose(session: Session, query: str) -> list[PolicyChoice]:
    """Return the policies that the person sees, the latest term first; of those, what the query names."""
    found = select(Policy).where(Policy.voided_on.is_(None))
    if query:
        found = found.where(named(Policy.policyholder_id, query))
    return _choices(session, found.order_by(Policy.term_end.desc(), Policy.id).limit(SHOWN))


def chosen_policy(session: Session, policy_id: UUID) -> PolicyChoice | None:
    """Return the policy if the person sees it."""
    return next(iter(_choices(session, select(Policy).where(Policy.id == policy_id))), None)


def _choices(session: Session, query: Select[Policy]) -> list[PolicyChoice]:
    policies = session.scalars(query).all()
    names = names_of(session, [org for one in policies for org in (one.policyholder_id, one.insurer_id)])
    return [
        PolicyChoice(
            id=one.id,
            unit=names.get(one.policyholder_id, ""),
            number=one.number,
            start=one.term_start,
            end=one.term_end,
            insurer=names.get(one.insurer_id, ""),
        )
        for one in policies
    ]
