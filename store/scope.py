"""Who sees which rows. Nothing is seen by default: a session without a scope refuses to read.

A frozen `Scope` travels in `session.info`. For each statement the hook finds the tables that it
reads and adds what the scope says about them; what it cannot follow (text, plain tables) it
refuses. `Scope.everything` is for handlers, jobs and migrations and gives its reason.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

NARROWED = "coordinator"
"""The role that may be narrowed to regions, as long as no role beside it sees the whole provider."""
_WHOLE = frozenset({"provider_manager", "provider_finance", "return_visitor"})


class Scope(Struct, frozen=True):
    """What decides which rows a person sees. Without `now`, assignments end with the archive."""

    person_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    org_id: UUID | None = None
    org_kind: str | None = None
    region_codes: frozenset[str] = frozenset()
    industry: str | None = None
    reason: str | None = None
    now: datetime | None = None
    sees_everything: bool = False

    @classmethod
    def everything(cls, reason: str) -> "Scope":
        """Return the scope that sees all rows, for this reason."""
        if not reason:
            raise ValueError("a scope of everything gives its reason")
        return cls(reason=reason, sees_everything=True)

    @property
    def narrowed_to(self) -> frozenset[str] | None:
        """Return the regions to which a coordinator's daily work is narrowed, None where it is not."""
        is_whole = not self.region_codes or self.roles & _WHOLE or NARROWED not in self.roles
        return None if is_whole else self.region_codes

    def reaches(self, role: str, region: str | None) -> bool:
        """Tell whether work of this role and region may be taken from the pool of the own organization."""
        regions = self.narrowed_to
        return regions is None or region is None or region in regions or role in self.roles - {NARROWED}


@contextmanager
def widened(session: Session, reason: str) -> Iterator[Session]:
    """Let a session see everything for a while: what a command does of itself, after it authorized."""
    with seen_by(session, Scope.everything(reason)):
        yield session


@contextmanager
def seen_by(session: Session, scope: Scope) -> Iterator[Session]:
    """Let a session see what somebody else sees, for a while: what a command asks of another's rights."""
    before = session.info.get("scope")
    session.info["scope"] = scope
    try:
        yield session
    finally:
        session.info["scope"] = before


def owner_of(row: object) -> Mapping[str, object]:
    """Return the owner columns of a row, to be copied to a row that belongs to it."""
    names = ("org_id", "insurer_id", "policyholder_id", "region_code", "industry")
    return {name: getattr(row, name) for name in names}
