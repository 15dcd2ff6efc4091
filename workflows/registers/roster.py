"""A register that is declared: its sheet, where its records lie, who writes and reads it, who answers for them."""

from collections.abc import Callable, Mapping
from typing import Any  # Any: rows of the tables that a declaration names
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from documents.sheets import Register
from store.pages.rosters import Record, Source
from workflows.registers.ownership import Office, Ownership

Facts = Mapping[str, object]


class Entry(Struct, frozen=True):
    """What is about to be kept: by which office, what it says, and what is registered of it so far."""

    session: Session
    ownership: Ownership
    facts: Facts
    known: Record | None

    @property
    def own(self) -> Office | None:
        """The office of who enters it; None for the product itself."""
        return self.ownership.own


class Roster(Struct, frozen=True):
    """One declared register.

    `owners` returns the columns that a new row gets beside those of the sheet, or raises OwnerError;
    `keepers` the offices that may change a record; `founds` tells whether entering adds an organization;
    `lasting` are the columns that a person does not change beside those that tell records apart;
    `indexed` are those that a search index reads.
    """

    sheet: Register
    source: Source
    record_kind: str
    about: str
    icon: str
    writers: frozenset[str]
    readers: frozenset[str]
    listed: tuple[str, ...]
    owners: Callable[[Entry], Facts]
    keepers: Callable[[Session, Record], frozenset[UUID]]
    founds: bool = False
    lasting: tuple[str, ...] = ()
    indexed: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The code of the register."""
        return self.sheet.code

    @property
    def section(self) -> str:
        """The part of an address that names it."""
        return self.sheet.code.replace("_", "-")

    def place(self, key: str) -> tuple[int, str] | None:
        """Return the table and the attribute behind a column of the sheet; None = in `details`."""
        for name in (key, f"{key}_id"):
            for index in reversed(range(len(self.source.tables))):
                if hasattr(self.source.tables[index], name):
                    return index, name
        return None

    def value(self, record: Record, key: str) -> object:
        """Return what a record holds in a column: a plain value, or the id of whom it names."""
        place = self.place(key)
        if place is None:
            first: Any = record[0]  # Any: as above
            return first.details.get(key)
        row = record[place[0]]
        return getattr(row, place[1]) if row is not None else None

    def is_reference(self, key: str) -> bool:
        """Tell whether a column names an organization or a person."""
        place = self.place(key)
        return place is not None and place[1] == f"{key}_id"
