"""What the office maintains: regions, the calendar, templates, dictionaries, sources, settings."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Only, Row, Shared, Stamped, reference
from store.types import Json, JsonList, JsonObject


class Region(Base):
    """A region by its national code (or our own for a zone), with the days it existed."""

    __tablename__ = "region"
    __scope__ = Shared()

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="statutory")
    parent_code: Mapped[str | None] = mapped_column(index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_of: Mapped[str | None]


class CalendarDay(Base):
    """A day on which the office differs from, or confirms, the published calendar."""

    __tablename__ = "calendar_day"
    __scope__ = Shared()

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    provisional: Mapped[bool] = mapped_column(default=False)
    set_at: Mapped[datetime | None]


class HazardTemplate(Row, Base):
    """A hazard in ready words: description, basis, suggestion."""

    __tablename__ = "hazard_template"
    __scope__ = Shared()

    code: Mapped[str] = mapped_column(unique=True)
    industry: Mapped[str | None] = mapped_column(index=True)
    checklist_item: Mapped[str | None] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(default="")
    description: Mapped[str]
    level: Mapped[str] = mapped_column(default="general")
    hazard_class: Mapped[str]
    cause: Mapped[str]
    accident_kind: Mapped[str | None]
    basis_clause: Mapped[str] = mapped_column(default="")
    suggestion: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    bigrams: Mapped[str] = mapped_column(default="", deferred=True)


class IndustryChecklist(Row, Base):
    """A version of the provisions for an industry that annex 2 leaves open; once published it never changes.

    A visit names the versions that it goes by, by `code`, and so keeps them when another follows.
    """

    __tablename__ = "industry_checklist"
    __scope__ = Shared()

    code: Mapped[str] = mapped_column(unique=True)
    industry: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    source: Mapped[str]
    first_day: Mapped[date]
    items: Mapped[JsonList]
    state: Mapped[str] = mapped_column(default="draft")
    published_at: Mapped[datetime | None]
    published_by: Mapped[UUID | None]


class Dictionary(Row, Base):
    """One word of a list that the office may extend, with the days on which it may be chosen."""

    __tablename__ = "dictionary"
    __scope__ = Shared()
    __table_args__ = (UniqueConstraint("name", "code"),)

    name: Mapped[str]
    code: Mapped[str]
    label: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    parent_code: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class RuleSource(Row, Base):
    """A document that rules rest on: its number, its days, its text."""

    __tablename__ = "rule_source"
    __scope__ = Shared()

    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    issued_on: Mapped[date | None]
    effective_from: Mapped[date | None]
    effective_to: Mapped[date | None]
    profile: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    file_id: Mapped[UUID | None] = mapped_column(reference("file.id"))


class Setting(Stamped, Base):
    """A choice of this installation, such as the rule set that governs the fund."""

    __tablename__ = "setting"
    __scope__ = Shared()

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[JsonObject] = mapped_column(Json())
    reason: Mapped[str] = mapped_column(default="")
    set_by: Mapped[UUID | None]
    set_at: Mapped[datetime]


class NumberSequence(Base):
    """The last number that was taken, per organization, kind of document and year."""

    __tablename__ = "number_sequence"
    __scope__ = Only(frozenset({"system_admin"}))

    org_id: Mapped[UUID] = mapped_column(reference("organization.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
