"""Cases, their events, and what wakes them: timers, subscriptions, messages, incidents."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import (
    Base,
    MaybeVisitOwned,
    OfCase,
    Only,
    Owned,
    Personal,
    Special,
    reference,
)
from store.types import JsonList, JsonObject, new_id

_OPERATORS = frozenset({"system_admin"})
_PROVISIONAL = text("provisional")
_UNDELIVERED = text("state IN ('expired', 'incident')")


class Case(Owned, Base):
    """One run of one process. The records it is about point to it, so it holds their ids unchecked."""

    __tablename__ = "cases"
    __scope__ = Special("case")
    __table_args__ = (
        UniqueConstraint("process", "business_key"),
        Index("ix_cases_open", "status", "process", "opened_at"),
        Index("ix_cases_opened_by", "opened_by", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    process: Mapped[str]
    number: Mapped[str] = mapped_column(index=True)
    release_id: Mapped[UUID] = mapped_column(reference("release.id"), index=True)
    version: Mapped[int] = mapped_column(default=0)
    state: Mapped[bytes | None] = mapped_column(deferred=True)
    state_format: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(default="open")
    title: Mapped[str] = mapped_column(default="")
    bigrams: Mapped[str] = mapped_column(default="", deferred=True)
    business_key: Mapped[str]
    parent_case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    policy_id: Mapped[UUID | None] = mapped_column(index=True)
    visit_id: Mapped[UUID | None] = mapped_column(index=True)
    hazard_id: Mapped[UUID | None] = mapped_column(index=True)
    variables: Mapped[JsonObject] = mapped_column(default=dict)
    head_hash: Mapped[str] = mapped_column(default="")
    event_count: Mapped[int] = mapped_column(default=0)
    end_event: Mapped[str | None]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    had_incident: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether something ever stopped it, so that only then one looks for incidents to settle."""


class CaseEvent(Base):
    """What happened in a case: n = 0 is the command, n > 0 what the engine did of itself."""

    __tablename__ = "case_event"
    __scope__ = OfCase(frozenset({"auditor"}))

    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    org_id: Mapped[UUID]
    kind: Mapped[str]
    element: Mapped[str | None]
    actor_id: Mapped[UUID | None] = mapped_column(index=True)
    on_behalf_of: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[bytes]
    prev_hash: Mapped[str]
    hash: Mapped[str]
    alg: Mapped[str] = mapped_column(default="sha256")


class CommandKey(Base):
    """A command that was carried out, so that the same key answers with the first result."""

    __tablename__ = "command_key"
    __scope__ = Personal("actor_id")

    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    case_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(index=True)


class Timer(Base):
    """A moment at which a case goes on (`token`) or somebody is reminded (`reminder`)."""

    __tablename__ = "timer"
    __scope__ = OfCase(_OPERATORS)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), index=True)
    task_id: Mapped[str] = mapped_column(default="")
    element: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str]
    kind: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime] = mapped_column(index=True)
    expression: Mapped[str] = mapped_column(default="")
    calendar_version: Mapped[str] = mapped_column(default="")
    provisional: Mapped[bool] = mapped_column(default=False)
    payload: Mapped[JsonObject] = mapped_column(default=dict)
    set_at: Mapped[datetime | None]


class Subscription(Base):
    """A case that waits for a message of this name and correlation."""

    __tablename__ = "subscription"
    __scope__ = OfCase(_OPERATORS)
    __table_args__ = (Index("ix_subscription_name_correlation", "name", "correlation"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), index=True)
    process: Mapped[str] = mapped_column(default="")
    task_id: Mapped[str]
    element: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    correlation: Mapped[str]
    set_at: Mapped[datetime | None]


class Message(Base):
    """A message on its way; without a receiver it is kept seven days for a late one."""

    __tablename__ = "message"
    __scope__ = Only(_OPERATORS)
    __table_args__ = (
        Index("ix_message_waiting", "name", "correlation", "state"),
        Index("ix_message_undelivered", "sent_at", sqlite_where=_UNDELIVERED, postgresql_where=_UNDELIVERED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    correlation: Mapped[str]
    target_process: Mapped[str | None]
    payload: Mapped[JsonObject] = mapped_column(default=dict)
    sender_case_id: Mapped[UUID | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="waiting")
    sent_at: Mapped[datetime]
    keep_until: Mapped[datetime] = mapped_column(index=True)
    delivered_at: Mapped[datetime | None]
    receiver_case_id: Mapped[UUID | None]


class Incident(Base):
    """A case that cannot go on by itself: what is wrong, and what a person did about it."""

    __tablename__ = "incident"
    __scope__ = OfCase(_OPERATORS)
    __table_args__ = (Index("ix_incident_status", "status", "opened_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    task_id: Mapped[str] = mapped_column(default="")
    element: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    message: Mapped[str]
    detail: Mapped[JsonObject] = mapped_column(default=dict)
    command: Mapped[JsonObject] = mapped_column(default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    next_retry_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(default="open")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    resolution: Mapped[str] = mapped_column(default="")


class TokenMove(Base):
    """A move of tokens by hand that one administrator proposes and another one confirms or declines.

    `cancel` are tokens, `start` steps; `seen` is the digest of what the preview showed. Status: proposed,
    confirmed, declined, or stale where the case has gone on since.
    """

    __tablename__ = "token_move"
    __scope__ = Only(_OPERATORS)
    __table_args__ = (Index("ix_token_move_status", "status", "proposed_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), index=True)
    cancel: Mapped[JsonList]
    start: Mapped[JsonList]
    seen: Mapped[str]
    lost: Mapped[JsonList]
    opens: Mapped[JsonList]
    reason: Mapped[str]
    status: Mapped[str] = mapped_column(default="proposed")
    proposed_by: Mapped[UUID] = mapped_column(reference("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(reference("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")


class Deadline(MaybeVisitOwned, Base):
    """A day by which something is owed, with the rule row that says so and the day it was met."""

    __tablename__ = "deadline"
    __scope__ = OfCase()
    __table_args__ = (
        Index("ix_deadline_kind_due", "kind", "due"),
        Index("ix_deadline_provisional", "due", sqlite_where=_PROVISIONAL, postgresql_where=_PROVISIONAL),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), index=True)
    hazard_id: Mapped[UUID | None] = mapped_column(reference("hazard.id"), index=True)
    kind: Mapped[str]
    anchor: Mapped[date]
    due: Mapped[date]
    provisional: Mapped[bool] = mapped_column(default=False)
    calendar_version: Mapped[str] = mapped_column(default="")
    parameter_row: Mapped[str] = mapped_column(default="")
    statutory: Mapped[bool] = mapped_column(default=False)
    working_days: Mapped[bool] = mapped_column(default=True)
    set_at: Mapped[datetime]
    met_on: Mapped[date | None]
    escalated_at: Mapped[datetime | None]
