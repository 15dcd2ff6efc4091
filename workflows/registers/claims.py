"""赔案: known by insurer and number, under a registered policy."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.sheets import SheetRow
from store.tables import Claim
from store.types import new_id
from workflows.registers.batch import Batch, Kept, Result, bad
from workflows.registers.ownership import OwnerError, Owners, Ownership
from workflows.registers.policies import RegisteredPolicy, is_one_of, policies_by_number
from workflows.runtime import legal_day
from workflows.values import json_object

_FACTS = ("occurred", "reported", "paid", "outstanding", "deaths", "injured", "state")
_ZERO = ("paid", "outstanding", "deaths", "injured")


class ClaimKeeper:
    """Keeps claims."""

    batch_size = 500

    def __init__(self, ownership: Ownership) -> None:
        """Begin."""
        self._ownership = ownership

    def keep(self, session: Session, batch: Batch, rows: Sequence[SheetRow]) -> list[Kept]:
        """Compare claims by insurer and number."""
        owners = [self._owners(row.values) for row in rows]
        pairs = [(row.values, o) for row, o in zip(rows, owners, strict=True) if isinstance(o, Owners)]
        policies = policies_by_number(session, ((o.insurer_id, str(v["policy_number"])) for v, o in pairs))
        wanted = {(o.insurer_id, str(v["number"])) for v, o in pairs}
        query = select(Claim).where(is_one_of(Claim, wanted))
        known = {(row.insurer_id, row.number): row for row in session.scalars(query)}
        kept = []
        for row, found in zip(rows, owners, strict=True):
            if isinstance(found, Kept):
                kept.append(found)
                continue
            policy = policies.get((found.insurer_id, str(row.values["policy_number"])))
            if policy is not None and not self._ownership.is_own(Owners(found.insurer_id, policy.org_id)):
                policy = None
            claim = known.get((found.insurer_id, str(row.values["number"])))
            kept.append(_keep(batch, row.values, policy, claim))
        return kept

    def finish(self, session: Session, batch: Batch) -> None:
        """Nothing hangs on the whole file."""

    def _owners(self, values: Mapping[str, object]) -> Owners | Kept:
        try:
            return self._ownership.owners(str(values.get("insurer") or ""), "")
        except OwnerError as error:
            return Kept(Result.BAD, problem=error.problem)


def _keep(
    batch: Batch, values: Mapping[str, object], policy: RegisteredPolicy | None, claim: Claim | None
) -> Kept:
    if policy is None:
        return bad("保单号", "没有登记这张保单，请先导入保单")
    if isinstance(values["reported"], date) and values["reported"] > legal_day(batch.now):
        return bad("报案日期", "报案日期在今天以后，请核对")
    facts = {name: values.get(name) for name in _FACTS}
    if claim is None:
        claim_id: UUID = new_id(batch.now)
        given = {name: facts[name] or 0 for name in _ZERO}
        batch.add(
            Claim,
            id=claim_id,
            number=values["number"],
            policy_id=policy.id,
            **{**facts, **given},
            **policy.owners,
        )
        body = json_object({"number": values["number"], "policy_id": policy.id, **facts})
        batch.tell("claim", claim_id, "imported", body, policy.org_id)
        return Kept(Result.NEW, claim_id)
    if claim.policy_id != policy.id:
        return bad("保单号", "这件赔案已登记在另一张保单名下，请核对")
    changed = batch.differing(Claim, {name: getattr(claim, name) for name in facts}, facts)
    if not changed:
        return Kept(Result.SAME, claim.id)
    batch.change(Claim, claim.id, changed)
    batch.tell("claim", claim.id, "changed", json_object(changed), claim.org_id)
    return Kept(Result.CHANGED, claim.id)
