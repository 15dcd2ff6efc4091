"""Verification: all chains are computed anew, and what was found is itself written down."""

from typing import Final
from uuid import NAMESPACE_OID, uuid5

from msgspec import Struct

from store.events import BrokenChain, verify
from store.pages.audit import chained
from store.scope import Scope
from workflows.administration import require, tell
from workflows.people import Actor
from workflows.runtime import Runtime

AUDITOR: Final = "auditor"
RECORD: Final = ("chains", uuid5(NAMESPACE_OID, "chains"))
_REASON = "an auditor verifies every chain"


class Verified(Struct, frozen=True):
    """The first bad link, or none; how many events of cases and of records were there to be checked."""

    broken: BrokenChain | None
    case_events: int
    record_events: int


def verify_chains(runtime: Runtime, actor: Actor) -> Verified:
    """Verify every chain and leave a record of it. Raises: NotAllowedError."""
    require(actor, AUDITOR, "verification")
    with runtime.database.read(Scope.everything(_REASON)) as session:
        broken = verify(session)
        of_cases, of_records = chained(session)
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        found = "没有发现改动" if broken is None else f"发现第 {broken.number} 条不对"
        chain = "" if broken is None else broken.chain
        text = f"{actor.name}校验了 {of_cases + of_records} 条事件，{found}"
        tell(session, RECORD, "verified", text, actor, now, chain=chain)
    return Verified(broken, of_cases, of_records)
