"""Disposal of case files whose time is over (第七条, D2): asked for, reviewed, countersigned, and never forgotten."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Owned, Row, Special, reference
from store.types import JsonList


class Disposal(Owned, Row, Base):
    """A proposal to dispose of case files of one provider and one insurer.

    `volumes` says of each volume its number, its day and the digest of each file that goes; it never changes, and
    `list_sha256` is its digest. The record stays for good, also that of a proposal that was declined.
    """

    __tablename__ = "disposal"
    __scope__ = Special("disposal")

    number: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default="proposed")
    volumes: Mapped[JsonList]
    list_sha256: Mapped[str]
    proposed_by: Mapped[UUID] = mapped_column(reference("person.id"))
    proposed_at: Mapped[datetime]
    reviewed_by: Mapped[UUID | None] = mapped_column(reference("person.id"))
    reviewed_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(reference("person.id"))
    decided_at: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(default="")
    """What was said last: by who declined it, or by who countersigned it."""
    removed_at: Mapped[datetime | None]
    """When the last of its files was gone from the file store."""
