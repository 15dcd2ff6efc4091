"""年度事实: a year of a unit, with its accidents and its listing (第十四条第三档)."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.sheets import SheetRow
from store.tables import AccidentFact, YearFact
from store.types import new_id
from workflows.registers.batch import Batch, Kept, Result, Values, bad
from workflows.registers.ownership import Ownership
from workflows.registers.policies import Unit, units_by_code
from workflows.runtime import legal_day
from workflows.values import json_object

_LISTING = ("dishonesty_level", "dishonesty_number", "dishonesty_from", "dishonesty_until")
_ACCIDENT = ("deaths", "injured")
_WHOLE_FILE = 200_000
Year = tuple[str, int]


class YearFactKeeper:
    """Keeps years. Several rows make one year, so the whole file is one batch."""

    batch_size = _WHOLE_FILE

    def __init__(self, ownership: Ownership) -> None:
        """Begin."""
        self._ownership = ownership

    def keep(self, session: Session, batch: Batch, rows: Sequence[SheetRow]) -> list[Kept]:
        """Compare years by unit and year, accidents by day and description."""
        units: dict[str, Unit] = {}
        codes = sorted({str(row.values["policyholder_uscc"]) for row in rows})
        for start in range(0, len(codes), 500):
            units |= units_by_code(session, codes[start : start + 500])
        years: dict[Year, list[SheetRow]] = {}
        kept: dict[int, Kept] = {}
        for row in rows:
            if _is_ahead(row.values, legal_day(batch.now)):
                kept[id(row)] = bad("事故日期", "事故日期在今天以后，请核对")
            else:
                years.setdefault(_year(row.values), []).append(row)
        for (code, year), of_year in years.items():
            unit = units.get(code)
            refusal = self._refusal(unit)
            if unit is None or refusal is not None:
                kept |= {id(row): refusal or _unknown() for row in of_year}
            else:
                kept |= _keep_year(session, batch, unit, year, of_year)
        return [kept[id(row)] for row in rows]

    def finish(self, session: Session, batch: Batch) -> None:
        """Nothing is left to do."""

    def _refusal(self, unit: Unit | None) -> Kept | None:
        if unit is None:
            return _unknown()
        own = self._ownership.own
        if own is not None and own.id not in {unit.org_id, unit.insurer_id}:
            return bad("统一社会信用代码", "这家单位由其他机构登记，不能在这里填年度事实")
        return None


def _owners(unit: Unit) -> dict[str, object]:
    return {
        "org_id": unit.org_id,
        "insurer_id": unit.insurer_id,
        "policyholder_id": unit.id,
        "region_code": unit.region_code,
        "industry": unit.industry,
    }


def _unknown() -> Kept:
    return bad("统一社会信用代码", "没有登记这家投保单位，请先导入投保单位")


def _year(values: Mapping[str, object]) -> Year:
    return str(values["policyholder_uscc"]), int(str(values["year"]))


def _is_ahead(values: Mapping[str, object], today: date) -> bool:
    happened = values.get("accident_on")
    return isinstance(happened, date) and happened > today


def _keep_year(
    session: Session, batch: Batch, unit: Unit, year: int, rows: Sequence[SheetRow]
) -> dict[int, Kept]:
    """Keep the rows of one year: the listing of whichever row has one, and each accident."""
    query = select(YearFact).where(YearFact.policyholder_id == unit.id, YearFact.year == year)
    fact = session.scalar(query)
    owners = _owners(unit)
    fact_id = fact.id if fact is not None else new_id(batch.now)
    before = {name: getattr(fact, name, None) for name in ("dishonesty_listing", *_LISTING)}
    listing = _listing(rows)
    if fact is None:
        batch.add(YearFact, id=fact_id, year=year, **{"dishonesty_listing": False, **listing}, **owners)
        batch.tell("year_fact", fact_id, "imported", json_object({"year": year, **listing}), unit.org_id)
        changed: Values = {}
    else:
        changed = batch.differing(YearFact, before, listing)
        batch.change(YearFact, fact_id, changed)
        if changed:
            batch.tell("year_fact", fact_id, "changed", json_object(changed), unit.org_id)
    accidents: dict[tuple[object, object], AccidentFact] = {
        (row.occurred_on, row.description): row
        for row in session.scalars(select(AccidentFact).where(AccidentFact.year_fact_id == fact_id))
    }
    of_year = Result.NEW if fact is None else Result.CHANGED if changed else Result.SAME
    return {id(row): _accident(batch, row.values, accidents, fact_id, owners, of_year) for row in rows}


def _listing(rows: Sequence[SheetRow]) -> Values:
    """Return the listing of a year: 是 in one row outweighs 否 in the others."""
    for row in rows:
        if row.values.get("dishonesty_listing"):
            return {"dishonesty_listing": True, **{name: row.values.get(name) for name in _LISTING}}
    said = [row for row in rows if row.values.get("dishonesty_listing") is False]
    return {"dishonesty_listing": False} if said else {}


def _accident(
    batch: Batch,
    values: Mapping[str, object],
    known: Mapping[tuple[object, object], AccidentFact],
    fact_id: UUID,
    owners: Mapping[str, object],
    of_year: Result,
) -> Kept:
    """Keep one accident; a row without one says what became of its year."""
    if values.get("accident_on") is None:
        return Kept(of_year, fact_id)
    description = str(values.get("description") or "")
    facts = {name: values.get(name) for name in _ACCIDENT}
    accident = known.get((values["accident_on"], description))
    if accident is None:
        given = {name: facts[name] or 0 for name in _ACCIDENT}
        batch.add(
            AccidentFact,
            id=new_id(batch.now),
            year_fact_id=fact_id,
            occurred_on=values["accident_on"],
            description=description,
            **given,
            **owners,
        )
        body = json_object({"occurred_on": values["accident_on"], "description": description, **given})
        batch.tell("year_fact", fact_id, "accident_imported", body, None)
        return Kept(Result.NEW, fact_id)
    changed = batch.differing(AccidentFact, {name: getattr(accident, name) for name in facts}, facts)
    if changed:
        batch.change(AccidentFact, accident.id, changed)
        batch.tell("year_fact", fact_id, "accident_changed", json_object(changed), None)
        return Kept(Result.CHANGED, fact_id)
    return Kept(of_year, fact_id)
