"""What all tables share: the declarative base, row columns, owner columns, scope declarations."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from msgspec import Struct
from sqlalchemy import BigInteger, ForeignKey, LargeBinary, MetaData, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.schema import Column

from store.types import Json, JsonList, JsonObject, Moment, Money, new_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Shared(Struct, frozen=True):
    """Everybody who is signed in may read these rows."""


class Only(Struct, frozen=True):
    """Only people with one of these roles may read these rows."""

    roles: frozenset[str]


class Personal(Struct, frozen=True):
    """A person reads the own rows; the named roles read all."""

    column: str = "person_id"
    roles: frozenset[str] = frozenset()


class OfCase(Struct, frozen=True):
    """Whoever may read the case may read these rows; the named roles read all."""

    roles: frozenset[str] = frozenset()


class Business(Struct, frozen=True):
    """Rows of the daily work: the owner columns decide.

    `assigned` = (column here, column of visit) by which an assigned visit shows the row;
    `finance`: the finance people of the provider may read it (no photos, no personal data);
    `complaints`: a complaint officer may read it; `own`: column of the person who always may.
    """

    assigned: tuple[str, str] | None = None
    finance: bool = True
    complaints: bool = False
    own: str | None = None


class Special(Struct, frozen=True):
    """A rule of its own, written in `store.scope` under this name."""

    name: str


ScopeRule = Shared | Only | Personal | OfCase | Business | Special

EVERY_VISIT = ("visit_id", "id")


class Base(DeclarativeBase):
    """The declarative base. Every class says in `__scope__` who may read its rows."""

    __abstract__ = True
    __scope__: ClassVar[ScopeRule]
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {
        datetime: Moment(),
        UUID: Uuid(),
        Decimal: Money(),
        bytes: LargeBinary(),
        JsonObject: Json(),
        JsonList: Json(),
    }


def reference(target: str) -> ForeignKey:
    """Return a foreign key that is checked at commit, so that rows may be added in any order."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED")


def wall_clock() -> datetime:
    """Return the present; only for rows that nobody stamped (a handler's session stamps them)."""
    return datetime.now(UTC)


class Stamped:
    """When a row was made and by whom; a session that knows `now` and `actor` fills both."""

    created_at: Mapped[datetime] = mapped_column(default=wall_clock, sort_order=900)
    created_by: Mapped[UUID | None] = mapped_column(sort_order=901)


class Versioned(Stamped):
    """A row that two people may change at once: the second one's flush raises StaleDataError."""

    row_version: Mapped[int] = mapped_column(default=1, sort_order=902)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Column[int]]:
        """Let SQLAlchemy count and compare `row_version`."""
        column: Column[int] = cls.__table__.c.row_version  # type: ignore[attr-defined]  # set by the mapper
        return {"version_id_col": column}


class Row(Versioned):
    """An id of our own, and the stamps."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-100)


class Owned:
    """The columns that decide who sees a row; `industry` is the unit's `high_risk_kind`."""

    org_id: Mapped[UUID] = mapped_column(reference("organization.id"), index=True, sort_order=800)
    insurer_id: Mapped[UUID | None] = mapped_column(reference("organization.id"), index=True, sort_order=801)
    policyholder_id: Mapped[UUID | None] = mapped_column(
        reference("organization.id"), index=True, sort_order=802
    )
    region_code: Mapped[str | None] = mapped_column(index=True, sort_order=803)
    industry: Mapped[str | None] = mapped_column(index=True, sort_order=804)


class VisitOwned(Owned):
    """Owner columns of a row that belongs to one visit."""

    visit_id: Mapped[UUID] = mapped_column(reference("visit.id"), index=True, sort_order=810)


class MaybeVisitOwned(Owned):
    """Owner columns of a row that may belong to a visit."""

    visit_id: Mapped[UUID | None] = mapped_column(reference("visit.id"), index=True, sort_order=810)


BIG = BigInteger()
