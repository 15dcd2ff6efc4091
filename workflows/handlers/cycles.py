"""Beginning the service cycles of policies; the same policy never gets two (第十二条)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.queue import enqueue_all
from store.scope import Scope
from store.tables import Case, Organization, Policy
from workflows.acts import Opening
from workflows.advance import begin_case
from workflows.engine import EngineError
from workflows.errors import NotFoundError, WorkflowError
from workflows.operations.activation import missing_for_activation
from workflows.people import SYSTEM, Actor
from workflows.releases import newest_release
from workflows.runtime import Runtime, legal_day
from workflows.subjects import owners_of, policy_variables

_REASON = "a policy begins its service cycle"
PROCESS = "service_cycle"


def register_policy(runtime: Runtime, policy_id: UUID, actor: Actor = SYSTEM) -> UUID | None:
    """Begin the service cycle of a policy (第十二条: the term is the cycle).

    None if it runs already, or if the policy may not be served yet; then `missing` says why (第五、二十二条).
    """
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        return next(iter(_begin_cycles(runtime, session, [policy_id], actor)), None)


def register_policies(runtime: Runtime, policy_ids: Sequence[UUID]) -> None:
    """Begin the service cycles of some hundred policies in one transaction: three times as fast as one by one.

    Where one of them cannot begin, none does, and each is tried by a job of its own, so that none stops the others.
    """
    now = runtime.now()
    try:
        with runtime.database.write(Scope.everything(_REASON), now=now) as session:
            _begin_cycles(runtime, session, policy_ids, SYSTEM)
    except (EngineError, WorkflowError):
        jobs = {f"register_policy:{policy_id}": {"policy_id": str(policy_id)} for policy_id in policy_ids}
        with runtime.database.write(Scope.everything(_REASON), now=now) as session:
            enqueue_all(session, "register_policy", jobs, run_at=now)


def _begin_cycles(runtime: Runtime, session: Session, policy_ids: Sequence[UUID], actor: Actor) -> list[UUID]:
    """Begin the cycles in the caller's transaction; what they have in common is read once. Raises: NotFoundError."""
    now = runtime.now()
    policies = _enabled(session, _policies(session, policy_ids), now)
    release, names = newest_release(session, PROCESS), _unit_names(session, policies)
    openings = [
        Opening(
            process=PROCESS,
            business_key=str(policy.id),
            number=policy.number,
            title=f"{names.get(policy.policyholder_id, '')} 服务周期",
            variables=policy_variables(policy),
            subject=owners_of(policy, policy_id=policy.id),
            release_id=release.id if release is not None else None,
        )
        for policy in policies
    ]
    return [begin_case(runtime, session, opening, actor, now).id for opening in openings]


def _policies(session: Session, policy_ids: Sequence[UUID]) -> list[Policy]:
    """Return those of the policies that have no cycle yet. Raises: NotFoundError if there is no such policy."""
    known = set(
        session.scalars(
            select(Case.business_key).where(
                Case.process == PROCESS, Case.business_key.in_([str(policy_id) for policy_id in policy_ids])
            )
        )
    )
    found = {row.id: row for row in session.scalars(select(Policy).where(Policy.id.in_(policy_ids)))}
    for policy_id in policy_ids:
        if policy_id not in found:
            raise NotFoundError(kind="policy", id=str(policy_id))
    return [found[policy_id] for policy_id in policy_ids if str(policy_id) not in known]


def _enabled(session: Session, policies: Iterable[Policy], now: datetime) -> list[Policy]:
    """Note of each policy what stands against serving it; return those against which nothing does."""
    gaps: dict[tuple[UUID | None, UUID], tuple[str, ...]] = {}
    for policy in policies:
        parties = (policy.insurer_id, policy.org_id)
        if parties not in gaps:
            gaps[parties] = missing_for_activation(session, policy, legal_day(now))
        policy.missing = list(gaps[parties])
        if not policy.missing:
            policy.enabled_at = policy.enabled_at or now
    session.flush()
    return [policy for policy in policies if not policy.missing]


def _unit_names(session: Session, policies: Iterable[Policy]) -> dict[UUID | None, str]:
    units = {policy.policyholder_id for policy in policies}
    query = select(Organization.id, Organization.name).where(Organization.id.in_(units))
    return {unit_id: name for unit_id, name in session.execute(query)}  # noqa: C416  # rows are not tuples to mypy
