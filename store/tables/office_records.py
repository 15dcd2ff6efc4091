"""What an office writes down beside the daily work, one row per entry, told apart by kind."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Owned, Row, Special, reference
from store.types import JsonObject


class OfficeRecord(Owned, Row, Base):
    """An entry of a small register: guidance, interpretation, document, supervision, promotion, service, grant.

    `org_id` is the office that wrote it, `party_id` the organization that it concerns; what only one
    kind has lies in `details`. A public entry is read by everybody.
    """

    __tablename__ = "office_record"
    __scope__ = Special("office_record")
    __table_args__ = (Index("ix_office_record_kind", "kind", "org_id"),)

    kind: Mapped[str]
    number: Mapped[str | None]
    title: Mapped[str]
    party_id: Mapped[UUID | None] = mapped_column(reference("organization.id"), index=True)
    text: Mapped[str] = mapped_column(default="")
    day: Mapped[date]
    until: Mapped[date | None]
    state: Mapped[str | None]
    result: Mapped[str] = mapped_column(default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    details: Mapped[JsonObject] = mapped_column(default=dict)
