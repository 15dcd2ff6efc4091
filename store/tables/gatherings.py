"""What is done for many at once: trainings (第十五条), meetings (第二十条), what is pushed online (第十二条)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Business, Owned, Row, Special, reference
from store.types import Fixed, JsonList


class GroupTraining(Owned, Row, Base):
    """A group training (集中培训): planned, then held with its sheet and its material, or cancelled."""

    __tablename__ = "group_training"
    __scope__ = Special("training")
    __table_args__ = (
        UniqueConstraint("org_id", "number"),
        Index("ix_group_training_day", "org_id", "planned_on"),
    )

    number: Mapped[str]
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), unique=True)
    topic: Mapped[str]
    audience: Mapped[str]
    focus: Mapped[str] = mapped_column(default="")
    audience_rule: Mapped[str]
    planned_on: Mapped[date]
    starts_at: Mapped[str] = mapped_column(default="")
    mode: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    speaker: Mapped[str] = mapped_column(default="")
    budget: Mapped[Decimal | None]
    opinion: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="planned", index=True)
    held_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    sheet: Mapped[JsonList] = mapped_column(default=list)
    material: Mapped[JsonList] = mapped_column(default=list)
    photos: Mapped[JsonList] = mapped_column(default=list)
    score: Mapped[Decimal | None] = mapped_column(Fixed(1))
    improvements: Mapped[str] = mapped_column(default="")


class TrainingInvitation(Owned, Row, Base):
    """A unit that a training invited, by the bell or by letter, and how many people it sent."""

    __tablename__ = "training_invitation"
    __scope__ = Business()
    __table_args__ = (UniqueConstraint("training_id", "policyholder_id"),)

    training_id: Mapped[UUID] = mapped_column(reference("group_training.id"))
    channel: Mapped[str]
    invited_at: Mapped[datetime]
    people: Mapped[int] = mapped_column(default=0)


class ExchangeMeeting(Owned, Row, Base):
    """A meeting with agencies and experts (协商交流): called, held with its sheet, followed until all is done.

    `participants` are ids of agencies and of people. Each of `issues` has `source` and `problem`; from the meeting on
    `solution`, `responsible`, `responsible_name` and `due`; once it is done `done_on`, `result` and `proof`.
    """

    __tablename__ = "exchange_meeting"
    __scope__ = Special("meeting")
    __table_args__ = (
        UniqueConstraint("org_id", "number"),
        Index("ix_exchange_meeting_day", "org_id", "due"),
    )

    number: Mapped[str]
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), unique=True)
    kind: Mapped[str]
    issue: Mapped[str] = mapped_column(default="")
    issue_on: Mapped[date | None]
    due: Mapped[date]
    planned_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(default="")
    participants: Mapped[JsonList] = mapped_column(default=list)
    guests: Mapped[str] = mapped_column(default="")
    held_on: Mapped[date | None] = mapped_column(index=True)
    attendance: Mapped[JsonList] = mapped_column(default=list)
    summary: Mapped[str] = mapped_column(default="")
    minutes: Mapped[JsonList] = mapped_column(default=list)
    opinion: Mapped[str] = mapped_column(default="")
    issues: Mapped[JsonList] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="called", index=True)


class PushContent(Owned, Row, Base):
    """What is pushed to units online (推送): drafted, reviewed, published on its day to its audience of that day."""

    __tablename__ = "push_content"
    __scope__ = Special("push")
    __table_args__ = (
        UniqueConstraint("org_id", "number"),
        Index("ix_push_content_day", "org_id", "published_on"),
    )

    number: Mapped[str]
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), unique=True)
    category: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    files: Mapped[JsonList] = mapped_column(default=list)
    source: Mapped[str] = mapped_column(default="")
    audience_rule: Mapped[str] = mapped_column(default="")
    publish_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    opinion: Mapped[str] = mapped_column(default="")
    published_on: Mapped[date | None] = mapped_column(index=True)
    fixed: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="draft")


class PushDelivery(Owned, Row, Base):
    """A push to one unit: when it was sent, reached the unit, and was first read there."""

    __tablename__ = "push_delivery"
    __scope__ = Business()
    __table_args__ = (UniqueConstraint("content_id", "policyholder_id"),)

    content_id: Mapped[UUID] = mapped_column(reference("push_content.id"))
    channel: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(index=True)
    delivered_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
