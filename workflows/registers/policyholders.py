"""投保单位: an organization with what an insured unit adds, known by its credit code."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from documents.sheets import SheetRow
from store import secrets
from store.search import bigrams
from store.tables import Organization, Policyholder
from store.types import new_id
from workflows.registers.batch import Batch, Kept, Result, Values, bad
from workflows.registers.ownership import OwnerError, Owners, Ownership
from workflows.values import json_object

_UNIT = (
    "region_code",
    "gbt4754",
    "high_risk_kind",
    "is_key",
    "address",
    "lat",
    "lon",
    "coordinate_system",
    "legal_person",
    "safety_officer",
    "contact",
    "employees",
    "risk_level",
    "risk_tags",
    "standardization_level",
)
_ORGANIZATION = ("name", "region_code", "address")


class PolicyholderKeeper:
    """Keeps units. Another organization's unit is not changed; policies of it may be registered."""

    batch_size = 1000

    def __init__(self, session: Session, ownership: Ownership) -> None:
        """Learn who is told of a refused insurance (第十九条)."""
        self._ownership = ownership
        found = select(Organization.industry, Organization.id).where(
            Organization.kind == "industry_authority"
        )
        self._authorities = {industry or "": row_id for industry, row_id in session.execute(found)}

    def keep(self, session: Session, batch: Batch, rows: Sequence[SheetRow]) -> list[Kept]:
        """Compare units by credit code."""
        codes = [row.values["uscc"] for row in rows]
        known = {
            unit.uscc: (unit, holder)
            for unit, holder in session.execute(
                select(Organization, Policyholder)
                .outerjoin(Policyholder, Policyholder.organization_id == Organization.id)
                .where(Organization.uscc.in_(codes))
                .options(defer(Policyholder.mobile))
            )
        }
        return [self._keep(batch, row.values, known.get(str(row.values["uscc"]))) for row in rows]

    def finish(self, session: Session, batch: Batch) -> None:
        """Nothing hangs on the whole file."""

    def _keep(
        self,
        batch: Batch,
        values: Mapping[str, object],
        known: tuple[Organization, Policyholder | None] | None,
    ) -> Kept:
        try:
            owners = self._ownership.owners(
                str(values.get("insurer") or ""), str(values.get("provider") or "")
            )
        except OwnerError as error:
            return Kept(Result.BAD, problem=error.problem)
        if known is None:
            return self._add(batch, values, owners, new_id(batch.now), has_office=False)
        unit, holder = known
        if unit.kind != "policyholder":
            return bad("统一社会信用代码", f"已登记为其他机构“{unit.name}”")
        if holder is None:
            return self._add(batch, values, owners, unit.id, has_office=True)
        if holder.org_id != owners.org_id or holder.insurer_id != owners.insurer_id:
            return bad("统一社会信用代码", "这家单位由其他机构登记，资料不能在这里改；它的保单可以直接导入")
        return _change(batch, values, unit, holder)

    def _add(
        self, batch: Batch, values: Mapping[str, object], owners: Owners, unit_id: UUID, *, has_office: bool
    ) -> Kept:
        kind = str(values["high_risk_kind"])
        facts = _facts(values)
        organization = {name: values[name] for name in _ORGANIZATION}
        if has_office:
            batch.change(Organization, unit_id, organization)
        else:
            batch.add(
                Organization,
                id=unit_id,
                kind="policyholder",
                uscc=values["uscc"],
                status="active",
                bigrams=bigrams(str(values["name"]), str(values["uscc"])),
                **organization,
            )
        batch.add(
            Policyholder,
            organization_id=unit_id,
            org_id=owners.org_id,
            insurer_id=owners.insurer_id,
            industry=kind,
            industry_authority_id=self._authorities.get(kind, self._authorities.get("")),
            mobile=values["mobile"],
            mobile_index=secrets.blind(str(values["mobile"])),
            **{name: value if value is not None else _EMPTY.get(name) for name, value in facts.items()},
        )
        body = json_object({"name": values["name"], "uscc": values["uscc"], **facts})
        batch.tell("policyholder", unit_id, "imported", body, owners.org_id)
        return Kept(Result.NEW, unit_id)


_EMPTY: Mapping[str, object] = {
    "gbt4754": "",
    "is_key": False,
    "legal_person": "",
    "safety_officer": "",
    "risk_tags": [],
}


def _facts(values: Mapping[str, object]) -> Values:
    facts = {name: values.get(name) for name in _UNIT}
    tags = values.get("risk_tags")
    return {**facts, "risk_tags": list(tags) if isinstance(tags, tuple) else []}


def _change(batch: Batch, values: Mapping[str, object], unit: Organization, holder: Policyholder) -> Kept:
    facts = _facts(values)
    changed = batch.differing(Policyholder, {name: getattr(holder, name) for name in facts}, facts)
    renamed = batch.differing(
        Organization,
        {name: getattr(unit, name) for name in _ORGANIZATION},
        {name: values[name] for name in _ORGANIZATION},
    )
    told = json_object({**changed, **renamed})
    if holder.mobile_index != secrets.blind(str(values["mobile"])):
        changed["mobile"] = values["mobile"]
        told["mobile_changed"] = True
    if not told:
        return Kept(Result.SAME, unit.id)
    if "name" in renamed:
        renamed["bigrams"] = bigrams(str(values["name"]), str(values["uscc"]))
    batch.change(Organization, unit.id, renamed)
    batch.change(Policyholder, unit.id, changed)
    batch.tell("policyholder", unit.id, "changed", told, holder.org_id)
    return Kept(Result.CHANGED, unit.id)
