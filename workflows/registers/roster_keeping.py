"""Keeps the rows of any declared register: compares, checks whose they are, tells from what to what."""

from collections.abc import Mapping, Sequence
from typing import Any  # Any: rows of the tables that a declaration names
from uuid import UUID

from sqlalchemy import ColumnDefault, or_, select
from sqlalchemy.orm import Session

from documents.sheets import SheetRow
from store.pages.rosters import Record, record
from store.search import bigrams
from store.tables import Expert, Organization, Person
from store.tables.base import Base
from store.types import new_id
from workflows.registers.batch import CHANGED, WAS, Batch, Kept, Result, Values, bad
from workflows.registers.ownership import OwnerError, Ownership
from workflows.registers.roster import Entry, Facts, Roster
from workflows.registers.roster_reading import texts_of
from workflows.values import json_object

_PUBLISHED = "active"


class RosterKeeper:
    """Keeps the rows of one declared register."""

    batch_size = 200

    def __init__(self, roster: Roster, ownership: Ownership, target: UUID | None) -> None:
        """Begin; `target` is the record that the one row means."""
        self._roster = roster
        self._ownership = ownership
        self._target = target

    def keep(self, session: Session, batch: Batch, rows: Sequence[SheetRow]) -> list[Kept]:
        """Compare records by what tells them apart."""
        return [self._keep(session, batch, row.values) for row in rows]

    def finish(self, session: Session, batch: Batch) -> None:
        """Nothing hangs on the whole file."""

    def _keep(self, session: Session, batch: Batch, values: Mapping[str, object]) -> Kept:
        roster = self._roster
        try:
            facts = {column.key: self._fact(session, column.key, values) for column in roster.sheet.columns}
            known = self._known(session, facts)
            given = roster.owners(Entry(session, self._ownership, facts, known))
        except OwnerError as error:
            return Kept(Result.BAD, problem=error.problem)
        if known is None:
            return self._add(batch, values, facts, given)
        if self._ownership.own is not None and self._ownership.own.id not in roster.keepers(session, known):
            return bad("", "这一条由登记它的机构来改")
        return self._change(session, batch, values, facts, known)

    def _fact(self, session: Session, key: str, values: Mapping[str, object]) -> object:
        """Return what is kept in a column; a name becomes an id. Raises: OwnerError."""
        value = values.get(key)
        if not self._roster.is_reference(key):
            return list(value) if isinstance(value, tuple) else value
        name = str(value or "")
        if not name:
            return None
        column = next(each for each in self._roster.sheet.columns if each.key == key)
        found = self._person(session, name) if key == "person" else self._office(session, name)
        if found is None:
            raise OwnerError(column.title, f"没有名为“{name}”的{column.title}，请核对")
        return found

    def _office(self, session: Session, name: str) -> UUID | None:
        office = self._ownership.named(name)
        if office is not None:
            return office.id
        same = or_(Organization.name == name, Organization.uscc == name)
        found = session.scalars(select(Organization.id).where(same).limit(2)).all()
        return found[0] if len(found) == 1 else None

    def _person(self, session: Session, name: str) -> UUID | None:
        own = self._ownership.own
        query = select(Person.id).join(Expert, Expert.person_id == Person.id).where(Person.name == name)
        if own is not None:
            query = query.where(Expert.org_id == own.id)
        found = session.scalars(query.limit(2)).all()
        return found[0] if len(found) == 1 else None

    def _known(self, session: Session, facts: Facts) -> Record | None:
        """Return the record that a row means. Raises: OwnerError for an office of another kind."""
        source = self._roster.source
        if source.is_office:
            return self._known_office(session, facts)
        if self._target is not None:
            return record(session, source, self._target)
        first: Any = source.tables[0]  # Any: a table of the declaration
        inside, conditions = [], [first.kind == source.kind] if source.kind else []
        for key in self._roster.sheet.identity:
            place = self._roster.place(key)
            if place is None:
                inside.append(key)
            else:
                conditions.append(getattr(first, place[1]) == facts[key])
        if self._ownership.own is not None and hasattr(first, "org_id"):
            owner = first.party_a_id if hasattr(first, "party_a_id") else first.org_id
            conditions.append(owner == self._ownership.own.id)
        rows = session.scalars(select(first).where(*conditions).limit(100))
        same = (row for row in rows if all(row.details.get(key) == facts[key] for key in inside))
        return next(((row,) for row in same), None)

    def _known_office(self, session: Session, facts: Facts) -> Record | None:
        source = self._roster.source
        same = or_(Organization.uscc == facts["uscc"], Organization.name == facts["name"])
        if self._target is not None:
            same = or_(same, Organization.id == self._target)
        offices = session.scalars(select(Organization).where(same).limit(2)).all()
        if len(offices) > 1 or any(office.kind != source.kind for office in offices):
            raise OwnerError("机构名称", "名称或信用代码已登记在别的机构名下，请核对")
        return record(session, source, offices[0].id) if offices else None

    def _add(self, batch: Batch, values: Mapping[str, object], facts: Facts, given: Facts) -> Kept:
        roster, source = self._roster, self._roster.source
        if source.is_office and not roster.founds:
            return bad("统一社会信用代码", "没有登记这家机构，请先登记机构")
        record_id = new_id(batch.now)
        for index, table in enumerate(source.tables):
            own = {
                place[1]: facts[key] for key in facts if (place := roster.place(key)) and place[0] == index
            }
            filled = {name: value for name, value in own.items() if value is not None}
            batch.add(table, **self._key(index, record_id), **filled, **(given if index == 0 else {}))
        self._fill(batch.inserts[source.tables[0]][-1], facts)
        told = json_object({key: values[key] for key in facts if values.get(key) not in (None, "", ())})
        batch.tell(roster.record_kind, record_id, "imported", told, self._teller(given))
        return Kept(Result.NEW, record_id)

    def _key(self, index: int, record_id: UUID) -> Values:
        if index:
            return {"organization_id": record_id}
        kind = self._roster.source.kind
        fixed: Values = {"id": record_id, **({"kind": kind} if kind is not None else {})}
        return {**fixed, "status": _PUBLISHED} if self._roster.source.is_office else fixed

    def _fill(self, row: Values, facts: Facts) -> None:
        """Fill in what the first table's row has beside its columns: details, and what is searched."""
        inside = {key: value for key, value in facts.items() if self._roster.place(key) is None}
        if inside:
            row["details"] = json_object(
                {key: value for key, value in inside.items() if value not in (None, "")}
            )
        if self._roster.indexed:
            row["bigrams"] = bigrams(*(str(facts.get(name) or "") for name in self._roster.indexed))

    def _change(
        self, session: Session, batch: Batch, values: Mapping[str, object], facts: Facts, known: Record
    ) -> Kept:
        roster = self._roster
        first: Any = known[0]  # Any: a row with an id
        told: Values = {}
        for index, table in enumerate(roster.source.tables):
            keys = {place[1]: key for key in facts if (place := roster.place(key)) and place[0] == index}
            told |= self._change_part(
                batch, table, known[index], first.id, {n: (k, facts[k]) for n, k in keys.items()}
            )
        told |= self._change_details(batch, first, facts)
        if not told:
            return Kept(Result.SAME, first.id)
        if roster.indexed and told.keys() & set(roster.indexed):
            merged = {name: facts.get(name) or roster.value(known, name) for name in roster.indexed}
            batch.change(
                type(first), first.id, {"bigrams": bigrams(*(str(v or "") for v in merged.values()))}
            )
        before = texts_of(session, roster, [known])[0]
        was = {key: before.get(key, "") for key in told}
        body = json_object({key: values.get(key) for key in told})
        batch.tell(roster.record_kind, first.id, CHANGED, {**body, WAS: json_object(was)}, self._teller({}))
        is_first = roster.source.is_office and not any(self._says(key, text) for key, text in was.items())
        return Kept(Result.NEW if is_first else Result.CHANGED, first.id)

    def _says(self, key: str, text: str) -> bool:
        """Tell whether what stood in a column is more than what stands there before anybody wrote."""
        place = self._roster.place(key)
        if not text or place is None:
            return bool(text)
        default = self._roster.source.tables[place[0]].__table__.c[place[1]].default
        column = next(each for each in self._roster.sheet.columns if each.key == key)
        return not (
            isinstance(default, ColumnDefault) and default.is_scalar and column.written(default.arg) == text
        )

    def _change_part(
        self,
        batch: Batch,
        table: type[Base],
        row: Base | None,
        record_id: UUID,
        named: Mapping[str, tuple[str, object]],
    ) -> Values:
        """Change one row of a record, or write the profile that is not there yet; return column key → value."""
        after = {name: value for name, (_, value) in named.items()}
        if row is None:
            filled = {name: value for name, value in after.items() if value not in (None, "", [])}
            if filled:
                batch.add(table, organization_id=record_id, **filled)
            return {named[name][0]: value for name, value in filled.items()}
        changed = batch.differing(table, {name: getattr(row, name) for name in after}, after)
        batch.change(table, record_id, changed)
        return {named[name][0]: value for name, value in changed.items()}

    def _change_details(self, batch: Batch, first: Any, facts: Facts) -> Values:  # noqa: ANN401  # Any: as above
        inside = {key: value for key, value in facts.items() if self._roster.place(key) is None}
        if not inside:
            return {}
        before = first.details
        changed = {
            key: value
            for key, value in inside.items()
            if value != before.get(key)
            and (batch.blanks_clear or value not in (None, ""))
            and (value or before.get(key))
        }
        if changed:
            kept = {key: value for key, value in {**before, **changed}.items() if value not in (None, "")}
            batch.change(type(first), first.id, {"details": json_object(kept)})
        return changed

    def _teller(self, given: Facts) -> UUID | None:
        own = self._ownership.own
        return own.id if own is not None else given.get("org_id")  # type: ignore[return-value]  # an id
