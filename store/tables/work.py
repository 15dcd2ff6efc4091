"""The inbox: work items, signing rounds, drafts of answers, notices behind the bell, copies, links."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, MaybeVisitOwned, OfCase, Only, Personal, Special, reference
from store.types import Fixed, JsonList, JsonObject, new_id

_MINE = text("status < 2 AND assignee_id IS NOT NULL")
_POOL = text("status = 0 AND assignee_id IS NULL")
_HANDED_ON = text("status < 2 AND owner_id IS NOT NULL")


class WorkItem(MaybeVisitOwned, Base):
    """A step that waits for a person. Status: 0 pool, 1 claimed, 2 done, 3 void, 4 not its turn yet.

    `holder_id` is the organization whose people with `role` may take it. `due_at` is never null:
    the far future stands for "no deadline", so that the index serves the page. Words are looked up in the case.
    Of a step that several sign, each item is one seat of its round: the columns from `sign_round_id` on.
    """

    __tablename__ = "work_item"
    __scope__ = Special("work_item")
    __table_args__ = (
        Index("ix_work_item_mine", "assignee_id", "due_at", "id", sqlite_where=_MINE, postgresql_where=_MINE),
        Index(
            "ix_work_item_pool",
            "role",
            "holder_id",
            "due_at",
            "id",
            sqlite_where=_POOL,
            postgresql_where=_POOL,
        ),
        Index("ix_work_item_done", "done_by", "done_at", "id"),
        Index(
            "ix_work_item_owner",
            "owner_id",
            "due_at",
            "id",
            sqlite_where=_HANDED_ON,
            postgresql_where=_HANDED_ON,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), index=True)
    task_id: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    process: Mapped[str]
    step: Mapped[str]
    form_sha256: Mapped[str]
    title: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    status: Mapped[int] = mapped_column(default=0)
    role: Mapped[str]
    holder_id: Mapped[UUID] = mapped_column(reference("organization.id"))
    assignee_id: Mapped[UUID | None] = mapped_column(reference("person.id"))
    deadline_kind: Mapped[str | None]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime]
    provisional: Mapped[bool] = mapped_column(default=False)
    tags: Mapped[JsonList] = mapped_column(default=list)
    opened_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    sign_round_id: Mapped[UUID | None]
    order_no: Mapped[int | None]
    turn: Mapped[int | None]
    verdict: Mapped[str | None]
    signed: Mapped[JsonObject | None]
    added_to: Mapped[UUID | None]
    added_how: Mapped[str | None]
    added_by: Mapped[UUID | None]
    policy_id: Mapped[UUID | None]
    hazard_id: Mapped[UUID | None]
    owner_id: Mapped[UUID | None]
    """Who answers for it while somebody else does it: delegated (`delegates` says to whom), or in an absence."""
    delegates: Mapped[JsonList] = mapped_column(default=list, server_default="[]")
    """Through whose hands a delegated item went, the owner first; empty where nothing is delegated."""
    seen_at: Mapped[datetime | None]
    urged_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]

    # As in `Owned`, but no index: items are found by case, person or holder, and each index costs every completion.
    org_id: Mapped[UUID] = mapped_column(reference("organization.id"), sort_order=800)
    insurer_id: Mapped[UUID | None] = mapped_column(reference("organization.id"), sort_order=801)
    policyholder_id: Mapped[UUID | None] = mapped_column(reference("organization.id"), sort_order=802)
    region_code: Mapped[str | None] = mapped_column(sort_order=803)
    industry: Mapped[str | None] = mapped_column(sort_order=804)


class SignRound(Base):
    """One activation of a step that several people sign: how it is decided, and what was decided.

    `mode` is all, any, order or share; `share` how much of the places must approve; `veto` the roles of which one
    refusal decides. The vote is an answer of the form, none where added signers only give an opinion. Status:
    open, decided, or void when the step was left unfinished; `result` approve or reject.
    """

    __tablename__ = "sign_round"
    __scope__ = OfCase()

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), index=True)
    task_id: Mapped[str]
    step: Mapped[str]
    mode: Mapped[str]
    share: Mapped[Decimal | None] = mapped_column(Fixed(4))
    veto: Mapped[JsonList] = mapped_column(default=list)
    vote_field: Mapped[str | None]
    vote_approve: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="open")
    result: Mapped[str | None]
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]


class AnswerDraft(Base):
    """What a person typed into a form but did not submit; gone with the completion."""

    __tablename__ = "answer_draft"
    __scope__ = Personal()
    __table_args__ = (UniqueConstraint("person_id", "work_item_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(reference("person.id"))
    work_item_id: Mapped[UUID] = mapped_column(reference("work_item.id"), index=True)
    form_sha256: Mapped[str]
    body: Mapped[JsonObject]
    saved_at: Mapped[datetime]


class OneTimeLink(Base):
    """A link by which a unit without an account does one work item, once; its secret is hashed."""

    __tablename__ = "one_time_link"
    __scope__ = Only(frozenset())

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    work_item_id: Mapped[UUID] = mapped_column(reference("work_item.id"), index=True)
    purpose: Mapped[str]
    sent_to: Mapped[str] = mapped_column(default="")
    sent_by: Mapped[UUID | None]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]


class CopyNotice(Base):
    """A copy of a case for a person (抄送): the right to read it, nothing else."""

    __tablename__ = "copy_notice"
    __scope__ = Personal()
    __table_args__ = (UniqueConstraint("case_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    person_id: Mapped[UUID] = mapped_column(reference("person.id"), index=True)
    by_id: Mapped[UUID | None]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Notice(Base):
    """A line behind the bell, for one person or for the people of an organization with a role."""

    __tablename__ = "notice"
    __scope__ = Special("notice")
    __table_args__ = (
        Index("ix_notice_person", "person_id", "at"),
        Index("ix_notice_role", "role", "holder_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str | None] = mapped_column(unique=True)
    person_id: Mapped[UUID | None] = mapped_column(reference("person.id"))
    role: Mapped[str | None]
    holder_id: Mapped[UUID | None] = mapped_column(reference("organization.id"))
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    work_item_id: Mapped[UUID | None]
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class NoticeRead(Base):
    """A notice to a role that this person has read."""

    __tablename__ = "notice_read"
    __scope__ = Personal()

    notice_id: Mapped[UUID] = mapped_column(reference("notice.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(reference("person.id"), primary_key=True)
    read_at: Mapped[datetime]
