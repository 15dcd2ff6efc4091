"""People: accounts, roles, sign-in, and what makes somebody an expert."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from store import secrets
from store.tables.base import Base, Only, Personal, Row, Special, Versioned, reference
from store.types import Enc, Fixed, JsonList, JsonObject, new_id

_SECURITY = frozenset({"security_admin"})


class Person(Row, Base):
    """Somebody with a name, and an account if there is a `login`."""

    __tablename__ = "person"
    __scope__ = Special("person")

    name: Mapped[str]
    login: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None] = mapped_column(deferred=True)
    password_changed_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    mobile: Mapped[str | None] = mapped_column(Enc("person.mobile"), deferred=True)
    mobile_index: Mapped[str | None] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(default="")
    org_id: Mapped[UUID] = mapped_column(reference("organization.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    settings: Mapped[JsonObject] = mapped_column(default=dict)
    bigrams: Mapped[str] = mapped_column(default="", deferred=True)
    mail: Mapped[str | None] = mapped_column(Enc("person.mail"), deferred=True)
    mail_kinds: Mapped[JsonList] = mapped_column(default=list, server_default="[]")
    """What of the bell also goes by mail: names of `store.outgoing.KINDS`."""
    mail_since: Mapped[datetime | None] = mapped_column(index=True)
    """From when on; nobody is sent what the bell told before they asked."""

    @validates("mobile")
    def _index_mobile(self, _key: str, value: str | None) -> str | None:
        """Keep the blind index equal to the number."""
        self.mobile_index = secrets.blind(value)
        return value


class RoleGrant(Row, Base):
    """A role that a person holds, perhaps for some regions only."""

    __tablename__ = "role_grant"
    __scope__ = Special("same_org")
    __table_args__ = (UniqueConstraint("person_id", "role"),)

    person_id: Mapped[UUID] = mapped_column(reference("person.id"), index=True)
    role: Mapped[str] = mapped_column(index=True)
    regions: Mapped[JsonList] = mapped_column(default=list)
    granted_by: Mapped[UUID | None]
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Absence(Base):
    """Days on which somebody is away and another does the work: from `starts_on` up to, not including, `returns_on`."""

    __tablename__ = "absence"
    __scope__ = Special("same_org")
    __table_args__ = (Index("ix_absence_person_id_returns_on", "person_id", "returns_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(reference("person.id"))
    substitute_id: Mapped[UUID] = mapped_column(reference("person.id"), index=True)
    starts_on: Mapped[date]
    returns_on: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    set_by: Mapped[UUID | None]
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LoginSession(Base):
    """A browser that is signed in; only the hash of its secret is kept."""

    __tablename__ = "login_session"
    __scope__ = Personal(roles=_SECURITY)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[UUID] = mapped_column(reference("person.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    stepped_up_at: Mapped[datetime | None]
    keep: Mapped[bool] = mapped_column(default=False)
    user_agent: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    revoked_at: Mapped[datetime | None]


class LoginThrottle(Base):
    """How often sign-in failed for a name, and from when on it may be tried again."""

    __tablename__ = "login_throttle"
    __scope__ = Only(_SECURITY)

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]


class Expert(Versioned, Base):
    """What the standard asks of a professional (第十条), and where and for whom not to send them.

    `org_id` is the provider whose pool this is.
    """

    __tablename__ = "expert"
    __scope__ = Special("same_org")

    person_id: Mapped[UUID] = mapped_column(reference("person.id"), primary_key=True, sort_order=-100)
    org_id: Mapped[UUID] = mapped_column(reference("organization.id"), index=True)
    id_number: Mapped[str | None] = mapped_column(Enc("expert.id_number"), deferred=True)
    id_number_index: Mapped[str | None] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(default="own")
    agency_id: Mapped[UUID | None] = mapped_column(reference("organization.id"), index=True)
    specialties: Mapped[JsonList] = mapped_column(default=list)
    qualification: Mapped[str] = mapped_column(default="")
    qualification_no: Mapped[str] = mapped_column(default="")
    valid_until: Mapped[date | None]
    years: Mapped[int | None]
    background: Mapped[str] = mapped_column(default="")
    region_codes: Mapped[JsonList] = mapped_column(default=list)
    recused_from: Mapped[JsonList] = mapped_column(default=list)
    score: Mapped[Decimal | None] = mapped_column(Fixed(1))
    commitment_id: Mapped[UUID | None] = mapped_column(reference("file.id"))
    commitment_on: Mapped[date | None]
    commitment_until: Mapped[date | None]
    status: Mapped[str] = mapped_column(default="active")

    @validates("id_number")
    def _index_id_number(self, _key: str, value: str | None) -> str | None:
        """Keep the blind index equal to the number."""
        self.id_number_index = secrets.blind(value)
        return value


class Certificate(Row, Base):
    """A certificate of a person with its last day."""

    __tablename__ = "certificate"
    __scope__ = Special("same_org")
    __table_args__ = (UniqueConstraint("person_id", "kind", "number"),)

    person_id: Mapped[UUID] = mapped_column(reference("person.id"), index=True)
    kind: Mapped[str]
    number: Mapped[str]
    issued_by: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None]
    valid_until: Mapped[date | None] = mapped_column(index=True)
    file_id: Mapped[UUID | None] = mapped_column(reference("file.id"))
