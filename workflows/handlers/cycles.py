"""Beginning the service cycle of a policy; the same policy never gets two (第十二条)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.scope import Scope
from store.tables import Case, Policy
from workflows.acts import Opening
from workflows.advance import begin_case
from workflows.errors import NotFoundError
from workflows.operations.activation import missing_for_activation
from workflows.people import SYSTEM, Actor
from workflows.runtime import Runtime, legal_day
from workflows.subjects import policy_subject, policy_variables

_REASON = "a policy begins its service cycle"
PROCESS = "service_cycle"


def register_policy(runtime: Runtime, policy_id: UUID, actor: Actor = SYSTEM) -> UUID | None:
    """Begin the service cycle of a policy (第十二条: the term is the cycle).

    None if it runs already, or if the policy may not be served yet; then `missing` says why (第五、二十二条).
    """
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        return begin_cycle(runtime, session, policy_id, actor)


def begin_cycle(runtime: Runtime, session: Session, policy_id: UUID, actor: Actor) -> UUID | None:
    """Begin the service cycle within the caller's transaction (imports in batches, the demo)."""
    policy = session.get(Policy, policy_id)
    if policy is None:
        raise NotFoundError(kind="policy", id=str(policy_id))
    known = session.scalar(
        select(Case.id).where(Case.process == PROCESS, Case.business_key == str(policy_id))
    )
    if known is not None:
        return None
    gaps = missing_for_activation(session, policy, legal_day(runtime.now()))
    policy.missing = list(gaps)
    if gaps:
        return None
    policy.enabled_at = policy.enabled_at or runtime.now()
    subject = policy_subject(session, policy)
    opening = Opening(
        process=PROCESS,
        business_key=str(policy_id),
        number=policy.number,
        title=subject.title,
        variables=policy_variables(policy),
        subject=subject.owners,
    )
    return begin_case(runtime, session, opening, actor, runtime.now()).id
