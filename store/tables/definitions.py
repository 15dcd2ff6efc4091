"""What a process is made of: artefacts by digest, definitions, drafts, releases; releases of templates of papers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Only, Row, Shared, Stamped, reference
from store.types import JsonObject


class Artefact(Stamped, Base):
    """A file of a release, named by its SHA-256 and never changed."""

    __tablename__ = "artefact"
    __scope__ = Shared()

    sha256: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    content: Mapped[bytes]


class Definition(Row, Base):
    """A process that the product knows, whatever its releases."""

    __tablename__ = "definition"
    __scope__ = Shared()

    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    org_id: Mapped[UUID | None] = mapped_column(reference("organization.id"))


class Release(Row, Base):
    """A frozen diagram with the tables, forms and templates that it names, by digest."""

    __tablename__ = "release"
    __scope__ = Shared()
    __table_args__ = (UniqueConstraint("definition_id", "number"),)

    definition_id: Mapped[UUID] = mapped_column(reference("definition.id"))
    process: Mapped[str] = mapped_column(index=True)
    number: Mapped[int]
    status: Mapped[str] = mapped_column(default="published")
    origin: Mapped[str] = mapped_column(default="shipped")
    manifest: Mapped[JsonObject]
    spec_json: Mapped[bytes]
    spec_sha256: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    published_by: Mapped[UUID | None]
    published_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    effective_on: Mapped[date | None]
    """The first day on which cases begin by it; None = from its publication on."""


class Draft(Row, Base):
    """What the studio edits: files by name, saved in place, frozen into a release when published."""

    __tablename__ = "draft"
    __scope__ = Only(frozenset({"process_designer"}))

    definition_id: Mapped[UUID] = mapped_column(reference("definition.id"), index=True)
    base_release_id: Mapped[UUID | None] = mapped_column(reference("release.id"))
    holder_id: Mapped[UUID | None] = mapped_column(reference("person.id"))
    origin: Mapped[str] = mapped_column(default="studio")
    files: Mapped[JsonObject]
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="open", server_default="open")
    note: Mapped[str] = mapped_column(default="", server_default="")
    effective_on: Mapped[date | None]
    proposed_by: Mapped[UUID | None]
    proposed_at: Mapped[datetime | None]


_OPEN = text("state <> 'published'")


class TemplateRelease(Row, Base):
    """A template of a paper with its frame: a draft, then proposed, then published under a number and never changed.

    `base_sha256` is the shipped template as it was when the draft was begun; `answer` says why it was given back.
    """

    __tablename__ = "template_release"
    __scope__ = Shared()
    __table_args__ = (
        UniqueConstraint("template", "number"),
        Index(
            "ix_template_release_open", "template", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )

    template: Mapped[str]
    number: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="draft")
    source: Mapped[str]
    frame: Mapped[str]
    sha256: Mapped[str]
    base_sha256: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    saved_by: Mapped[UUID | None] = mapped_column(reference("person.id"))
    saved_at: Mapped[datetime]
    proposed_by: Mapped[UUID | None] = mapped_column(reference("person.id"))
    published_by: Mapped[UUID | None] = mapped_column(reference("person.id"))
    published_at: Mapped[datetime | None]
