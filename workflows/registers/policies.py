"""保单: known by insurer and number; a new one that is in force gets its service cycle by a job."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from documents.sheets import SheetRow
from rules.scope import is_in_scope
from store.tables import Claim, Organization, Policy, Policyholder
from store.types import new_id
from workflows.registers.batch import Batch, Kept, Result, Values, bad
from workflows.registers.ownership import OwnerError, Owners, Ownership
from workflows.values import json_object

_FACTS = (
    "written_premium",
    "collected_premium",
    "refunded",
    "term_start",
    "term_end",
    "signed_on",
    "surrender_effective",
    "insured_persons",
    "limit_per_person",
    "limit_total",
    "rate",
    "out_of_scope",
)
_PLACE = ("region_code", "industry")
_OWED_BY = {"written_premium", "collected_premium", "term_start", "term_end", "insured_persons"}
"""Facts that decide how many visits are owed (第十四条)."""
TOGETHER = 100
"""So many cycles begin in one job's transaction; on SQLite everybody else who writes waits for half a second."""
Key = tuple[UUID, str]


class Unit(Struct, frozen=True):
    """A registered unit, as far as its policies need it."""

    id: UUID
    org_id: UUID
    insurer_id: UUID | None
    region_code: str
    industry: str


class RegisteredPolicy(Struct, frozen=True):
    """A registered policy: its owner columns and its facts."""

    id: UUID
    owners: Mapping[str, object]
    facts: Mapping[str, object]

    @property
    def org_id(self) -> UUID:
        """The provider that serves it."""
        return UUID(str(self.owners["org_id"]))


class PolicyKeeper:
    """Keeps policies; the unit must be registered."""

    batch_size = 1000

    def __init__(self, ownership: Ownership, today: date) -> None:
        """Begin; policies that ended before `today` are history and start nothing."""
        self._ownership = ownership
        self._today = today
        self._waiting: dict[UUID, Key] = {}
        self._to_begin: list[str] = []

    def keep(self, session: Session, batch: Batch, rows: Sequence[SheetRow]) -> list[Kept]:
        """Compare policies by insurer and number."""
        owners = [self._owners(row.values) for row in rows]
        units = units_by_code(session, (str(row.values["policyholder_uscc"]) for row in rows))
        named = [
            (found.insurer_id, str(row.values[name]))
            for row, found in zip(rows, owners, strict=True)
            for name in ("number", "previous_number")
            if isinstance(found, Owners) and row.values.get(name)
        ]
        known = policies_by_number(session, named)
        kept = []
        for row, found in zip(rows, owners, strict=True):
            if isinstance(found, Kept):
                kept.append(found)
                continue
            unit = units.get(str(row.values["policyholder_uscc"]))
            policy = known.get((found.insurer_id, str(row.values["number"])))
            kept.append(self._keep(batch, row.values, found, unit, policy))
            self._note_previous(row.values, found, kept[-1].object_id)
        self._begin_cycles(batch)
        return kept

    def finish(self, session: Session, batch: Batch) -> None:
        """Link policies to those of the year before, wherever in the file they stood."""
        keys = list(self._waiting.items())
        for start in range(0, len(keys), self.batch_size):
            part = dict(keys[start : start + self.batch_size])
            known = policies_by_number(session, part.values())
            rows = session.execute(
                select(Policy.id, Policy.previous_policy_id).where(Policy.id.in_(part))
            ).all()
            for policy_id, linked in rows:
                before = known.get(part[policy_id])
                if before is not None and before.id != linked:
                    batch.change(Policy, policy_id, {"previous_policy_id": before.id})

    def _owners(self, values: Mapping[str, object]) -> Owners | Kept:
        try:
            return self._ownership.owners(str(values.get("insurer") or ""), str(values.get("provider") or ""))
        except OwnerError as error:
            return Kept(Result.BAD, problem=error.problem)

    def _keep(
        self,
        batch: Batch,
        values: Mapping[str, object],
        owners: Owners,
        unit: Unit | None,
        policy: RegisteredPolicy | None,
    ) -> Kept:
        if unit is None:
            return bad("统一社会信用代码", "没有登记这家投保单位，请先导入投保单位")
        facts = {name: values.get(name) for name in _FACTS}
        end = facts["term_end"]
        facts["out_of_scope"] = isinstance(end, date) and not is_in_scope(unit.region_code, end)
        if policy is None:
            return self._add(batch, values, owners, unit, facts)
        if policy.owners["policyholder_id"] != unit.id:
            return bad("统一社会信用代码", "这张保单已登记在另一家单位名下，请核对")
        if policy.org_id != owners.org_id:
            return bad("保单号", "这张保单由另一家服务机构服务，不能在这里改")
        changed = batch.differing(Policy, policy.facts, facts)
        if not changed:
            return Kept(Result.SAME, policy.id)
        batch.change(Policy, policy.id, changed)
        batch.tell("policy", policy.id, "changed", json_object(changed), policy.org_id)
        self._tell_cycle(batch, policy.id, changed)
        return Kept(Result.CHANGED, policy.id)

    def _add(
        self,
        batch: Batch,
        values: Mapping[str, object],
        owners: Owners,
        unit: Unit,
        facts: Values,
    ) -> Kept:
        policy_id = new_id(batch.now)
        batch.add(
            Policy,
            id=policy_id,
            number=values["number"],
            org_id=owners.org_id,
            insurer_id=owners.insurer_id,
            policyholder_id=unit.id,
            region_code=unit.region_code,
            industry=unit.industry,
            **{**facts, "refunded": facts["refunded"] or 0},
        )
        body = {"number": values["number"], "uscc": values["policyholder_uscc"], **facts}
        body["previous_number"] = values.get("previous_number") or None
        batch.tell("policy", policy_id, "imported", json_object(body), owners.org_id)
        if self._is_in_force(facts):
            self._to_begin.append(str(policy_id))
        return Kept(Result.NEW, policy_id)

    def _begin_cycles(self, batch: Batch) -> None:
        """Let jobs begin the service cycles of the new policies, some hundred at a time."""
        for first in range(0, len(self._to_begin), TOGETHER):
            part = self._to_begin[first : first + TOGETHER]
            batch.enqueue("register_policies", f"register_policies:{part[0]}", {"policy_ids": part})
        self._to_begin = []

    def _tell_cycle(self, batch: Batch, policy_id: UUID, changed: Values) -> None:
        """Let the policy's service cycle hear of a surrender, or of a fact that it has counted with."""
        message = "policy_surrendered" if "surrender_effective" in changed else "policy_endorsed"
        if message == "policy_surrendered" or changed.keys() & _OWED_BY:
            key = f"tell_cycle:{policy_id}:{batch.now.isoformat()}"
            batch.enqueue("tell_cycle", key, {"policy_id": str(policy_id), "message": message})

    def _is_in_force(self, facts: Values) -> bool:
        end, surrender = facts["term_end"], facts["surrender_effective"]
        ended = isinstance(end, date) and end < self._today
        return not ended and not (isinstance(surrender, date) and surrender <= self._today)

    def _note_previous(self, values: Mapping[str, object], owners: Owners, policy_id: UUID | None) -> None:
        if policy_id is not None and values.get("previous_number"):
            self._waiting[policy_id] = (owners.insurer_id, str(values["previous_number"]))


def units_by_code(session: Session, codes: Iterable[str]) -> dict[str, Unit]:
    """Return registered units by credit code."""
    columns = (
        Policyholder.organization_id,
        Policyholder.org_id,
        Policyholder.insurer_id,
        Policyholder.region_code,
        Policyholder.industry,
    )
    query = (
        select(Organization.uscc, *columns)
        .join(Policyholder, Policyholder.organization_id == Organization.id)
        .where(Organization.uscc.in_(set(codes)))
    )
    return {str(row.uscc): Unit(*row[1:]) for row in session.execute(query)}


def is_one_of(model: type[Policy] | type[Claim], keys: Iterable[Key]) -> ColumnElement[bool]:
    """Return the condition for rows with these insurers and numbers, one list per insurer.

    A list is looked up in the index; pairs would be compared one by one with every row of the table.
    """
    numbers: dict[UUID, set[str]] = {}
    for insurer_id, number in keys:
        numbers.setdefault(insurer_id, set()).add(number)
    of_each = (
        and_(model.insurer_id == insurer_id, model.number.in_(sorted(found)))
        for insurer_id, found in numbers.items()
    )
    return or_(false(), *of_each)


def policies_by_number(session: Session, keys: Iterable[Key]) -> dict[Key, RegisteredPolicy]:
    """Return registered policies by insurer and number."""
    names = ("id", "insurer_id", "number", "policyholder_id", "org_id", "region_code", "industry", *_FACTS)
    columns = [getattr(Policy, name) for name in names]
    query = select(*columns).where(is_one_of(Policy, keys))
    known = {}
    for row in session.execute(query).mappings():
        owners = {name: row[name] for name in ("org_id", "insurer_id", "policyholder_id", *_PLACE)}
        facts = {name: row[name] for name in _FACTS}
        known[row["insurer_id"], row["number"]] = RegisteredPolicy(row["id"], owners, facts)
    return known
