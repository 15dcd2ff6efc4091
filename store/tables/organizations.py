"""Organizations, what each kind of them adds, and the contracts between them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column, validates

from store import secrets
from store.tables.base import Base, Owned, Row, Shared, Special, Versioned, reference
from store.types import Enc, Fixed, JsonList, JsonObject


class Organization(Row, Base):
    """Any party: offices, authorities, insurers, providers, agencies, policyholders.

    `code` is the short code in numbers of documents; `industry` is what an authority looks after.
    """

    __tablename__ = "organization"
    __scope__ = Special("organization")
    __table_args__ = (Index("ix_organization_kind_name", "kind", "name"),)

    kind: Mapped[str]
    name: Mapped[str]
    code: Mapped[str | None] = mapped_column(unique=True)
    uscc: Mapped[str | None] = mapped_column(unique=True)
    region_code: Mapped[str | None] = mapped_column(index=True)
    zone_code: Mapped[str | None]
    industry: Mapped[str | None]
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="active")
    bigrams: Mapped[str] = mapped_column(default="", deferred=True)


class Policyholder(Versioned, Base):
    """What an insured unit adds to its organization.

    `org_id` is the provider that looks after the unit, `insurer_id` the insurer that registered it;
    further insurers see it through their policies.
    """

    __tablename__ = "policyholder"
    __scope__ = Special("policyholder")

    organization_id: Mapped[UUID] = mapped_column(
        reference("organization.id"), primary_key=True, sort_order=-100
    )
    org_id: Mapped[UUID] = mapped_column(reference("organization.id"), index=True)
    insurer_id: Mapped[UUID | None] = mapped_column(reference("organization.id"), index=True)
    region_code: Mapped[str] = mapped_column(index=True)
    industry: Mapped[str] = mapped_column(default="none", index=True)
    gbt4754: Mapped[str] = mapped_column(default="")
    high_risk_kind: Mapped[str] = mapped_column(default="none")
    is_key: Mapped[bool] = mapped_column(default=False)
    zone_code: Mapped[str | None]
    address: Mapped[str] = mapped_column(default="")
    lat: Mapped[Decimal | None] = mapped_column(Fixed(6))
    lon: Mapped[Decimal | None] = mapped_column(Fixed(6))
    coordinate_system: Mapped[str | None]
    legal_person: Mapped[str] = mapped_column(default="")
    safety_officer: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    mobile: Mapped[str | None] = mapped_column(Enc("policyholder.mobile"))
    mobile_index: Mapped[str | None] = mapped_column(index=True)
    employees: Mapped[int | None]
    risk_level: Mapped[str | None]
    risk_tags: Mapped[JsonList] = mapped_column(default=list)
    standardization_level: Mapped[str | None]
    industry_authority_id: Mapped[UUID | None] = mapped_column(reference("organization.id"))
    willingness: Mapped[str] = mapped_column(default="willing", index=True)
    needs: Mapped[str] = mapped_column(default="")
    confirmed_at: Mapped[datetime | None]

    @validates("high_risk_kind")
    def _follow_kind(self, _key: str, value: str) -> str:
        """Keep the owner column `industry` equal to the kind."""
        self.industry = value
        return value

    @validates("mobile")
    def _index_mobile(self, _key: str, value: str | None) -> str | None:
        """Keep the blind index equal to the number."""
        self.mobile_index = secrets.blind(value)
        return value


class InsurerProfile(Versioned, Base):
    """What an insurer adds: its prevention unit and the three things it publishes for complaints."""

    __tablename__ = "insurer_profile"
    __scope__ = Shared()

    organization_id: Mapped[UUID] = mapped_column(
        reference("organization.id"), primary_key=True, sort_order=-100
    )
    branch_level: Mapped[str | None]
    code: Mapped[str | None]
    prevention_unit: Mapped[JsonObject] = mapped_column(default=dict)
    complaint_phone: Mapped[str] = mapped_column(default="")
    complaint_procedure: Mapped[str] = mapped_column(default="")
    mediation_method: Mapped[str] = mapped_column(default="")
    coinsurance_group: Mapped[str | None]


class ProviderProfile(Versioned, Base):
    """What a provider adds: its filing with the joint office and its house rules."""

    __tablename__ = "provider_profile"
    __scope__ = Shared()

    organization_id: Mapped[UUID] = mapped_column(
        reference("organization.id"), primary_key=True, sort_order=-100
    )
    filing_number: Mapped[str | None]
    filing_date: Mapped[date | None]
    filing_status: Mapped[str] = mapped_column(default="none")
    filing_valid_until: Mapped[date | None]
    staff: Mapped[JsonList] = mapped_column(default=list)
    system_documents: Mapped[JsonList] = mapped_column(default=list)


class AgencyProfile(Versioned, Base):
    """What an agency adds: its kind, its qualification, its contract, when it came and went."""

    __tablename__ = "agency_profile"
    __scope__ = Shared()

    organization_id: Mapped[UUID] = mapped_column(
        reference("organization.id"), primary_key=True, sort_order=-100
    )
    kind: Mapped[str]
    qualification_no: Mapped[str | None]
    valid_until: Mapped[date | None]
    contract_id: Mapped[UUID | None] = mapped_column(reference("engagement.id"))
    selected_on: Mapped[date | None]
    exited_on: Mapped[date | None]
    exit_reason: Mapped[str] = mapped_column(default="")


class Engagement(Owned, Row, Base):
    """A contract: insurer with provider, provider with agency or expert. `org_id` is the provider."""

    __tablename__ = "engagement"
    __scope__ = Special("engagement")

    kind: Mapped[str]
    number: Mapped[str | None]
    party_a_id: Mapped[UUID] = mapped_column(reference("organization.id"), index=True)
    party_b_id: Mapped[UUID | None] = mapped_column(reference("organization.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(reference("person.id"), index=True)
    start: Mapped[date]
    end: Mapped[date]
    pricing: Mapped[str] = mapped_column(default="")
    file_id: Mapped[UUID | None] = mapped_column(reference("file.id"))
