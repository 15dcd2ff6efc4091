"""Commands on a policy: an endorsement, a surrender; the service cycle hears of both (第十二、十四条)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.visit_counting import last_effective_day
from store.events import EventDraft, append_record
from store.scope import Scope, owner_of
from store.tables import Case, Endorsement, Policy
from store.types import new_id
from workflows.acts import Act
from workflows.advance import lock_case, new_act, note
from workflows.errors import (
    CommandKeyConflictError,
    InvalidAnswersError,
    NotAllowedError,
    NotFoundError,
)
from workflows.people import SYSTEM, Actor
from workflows.reading import require_visible
from workflows.runtime import Runtime

_REASON = "a command on a policy"
MAY = frozenset({"insurer", "coordinator", "provider_manager"})


class EndorsePolicy(Struct, frozen=True):
    """Change a policy's premium from a day on; amounts in yuan, a reduction is negative."""

    policy_id: UUID
    effective: date
    premium_delta: Decimal
    number: str = ""
    reason: str = ""
    key: UUID | None = None
    """The id of the endorsement, so that the same request sent twice leaves one."""


class SurrenderPolicy(Struct, frozen=True):
    """End a policy early: `effective` is the first day on which it is no longer in force (D6)."""

    policy_id: UUID
    effective: date
    refunded: Decimal
    reason: str = ""


def endorse_policy(runtime: Runtime, command: EndorsePolicy, actor: Actor) -> UUID:
    """Write the endorsement and tell the cycle.

    Raises: NotFoundError, NotAllowedError, InvalidAnswersError, CommandKeyConflictError.
    """
    now = runtime.now()
    require_visible(runtime, Policy, command.policy_id, actor, "policy")
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        policy = _policy_for(session, command.policy_id, actor)
        if command.key is not None and _is_told(session, command.key, command):
            return command.key
        _require_endorsable(session, policy, command)
        row = Endorsement(
            id=command.key or new_id(now),
            policy_id=policy.id,
            number=command.number,
            effective=command.effective,
            premium_delta=command.premium_delta,
            reason=command.reason,
            **owner_of(policy),
        )
        session.add(row)
        session.flush()
        body = {
            "premium_delta": str(command.premium_delta),
            "effective": command.effective.isoformat(),
            "number": command.number,
            "reason": command.reason,
        }
        append_record(
            session, "policy", policy.id, "policy.endorsed", body, actor.person_id, now, policy.org_id
        )
        _tell_cycle(
            runtime, session, policy, actor, "policy_endorsed", f"保单批改，{command.effective} 起生效"
        )
        return row.id


def surrender_policy(runtime: Runtime, command: SurrenderPolicy, actor: Actor) -> None:
    """Write the surrender and tell the cycle.

    Raises: NotFoundError, NotAllowedError, InvalidAnswersError.
    """
    now = runtime.now()
    require_visible(runtime, Policy, command.policy_id, actor, "policy")
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        policy = _policy_for(session, command.policy_id, actor)
        if (policy.surrender_effective, policy.refunded) == (command.effective, command.refunded):
            return
        if policy.surrender_effective is not None:
            raise InvalidAnswersError({"effective": f"这份保单已于 {policy.surrender_effective} 退保"})
        if not policy.term_start <= command.effective <= policy.term_end:
            span = f"{policy.term_start} 至 {policy.term_end}"
            raise InvalidAnswersError({"effective": f"解除生效日要在保险期间内，请改为 {span} 之间的日期"})
        if command.refunded < 0:
            raise InvalidAnswersError({"refunded": "退保金不能是负数；没有退的，填 0"})
        if command.refunded > policy.written_premium:
            raise InvalidAnswersError({"refunded": f"退保金不能超过签单保费 {policy.written_premium:.2f} 元"})
        policy.surrender_effective, policy.refunded = command.effective, command.refunded
        body = {
            "effective": command.effective.isoformat(),
            "refunded": str(command.refunded),
            "reason": command.reason,
        }
        append_record(
            session, "policy", policy.id, "policy.surrendered", body, actor.person_id, now, policy.org_id
        )
        _tell_cycle(
            runtime, session, policy, actor, "policy_surrendered", f"登记退保，{command.effective} 起解除"
        )


def tell_cycle(runtime: Runtime, policy_id: UUID, message: str, actor: Actor = SYSTEM) -> None:
    """Let the service cycle of a policy hear that the register says otherwise than before.

    Raises: NotFoundError.
    """
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        policy = session.get(Policy, policy_id)
        if policy is None:
            raise NotFoundError(kind="policy", id=str(policy_id))
        _tell_cycle(runtime, session, policy, actor, message, "台账里的保单改了，重新核对")


def _is_told(session: Session, endorsement_id: UUID, command: EndorsePolicy) -> bool:
    """Tell whether this very endorsement stands. Raises: CommandKeyConflictError if another has its id."""
    row = session.get(Endorsement, endorsement_id)
    if row is None:
        return False
    stands = EndorsePolicy(
        row.policy_id, row.effective, row.premium_delta, row.number or "", row.reason, endorsement_id
    )
    if stands != command:
        raise CommandKeyConflictError(str(endorsement_id))
    return True


def _require_endorsable(session: Session, policy: Policy, command: EndorsePolicy) -> None:
    """Refuse an endorsement of what is over, outside the term, of nothing, or below no premium at all."""
    last = last_effective_day(policy.term_end, policy.surrender_effective)
    if not policy.term_start <= command.effective <= last:
        span = f"{policy.term_start} 至 {last}"
        raise InvalidAnswersError({"effective": f"生效日要在保险期间内，请改为 {span} 之间的日期"})
    if not command.premium_delta:
        raise InvalidAnswersError({"premium_delta": "保费变动不能为 0：加费填正数，减费填负数"})
    deltas = session.scalars(select(Endorsement.premium_delta).where(Endorsement.policy_id == policy.id))
    total = policy.written_premium + sum(deltas, Decimal())
    if total + command.premium_delta < 0:
        raise InvalidAnswersError({"premium_delta": f"减费不能超过现有保费 {total:.2f} 元"})


def _policy_for(session: Session, policy_id: UUID, actor: Actor) -> Policy:
    policy = session.get(Policy, policy_id, with_for_update={"key_share": True})
    if policy is None or actor.org_id not in {policy.org_id, policy.insurer_id}:
        raise NotFoundError(kind="policy", id=str(policy_id))
    if not actor.roles & MAY:
        raise NotAllowedError("policy")
    return policy


def _tell_cycle(
    runtime: Runtime, session: Session, policy: Policy, actor: Actor, message: str, text: str
) -> None:
    """Send the message from the cycle's own case, so that its story tells who registered the change."""
    case_id = session.scalar(
        select(Case.id).where(Case.policy_id == policy.id, Case.business_key == str(policy.id))
    )
    if case_id is None:
        return
    case = lock_case(session, case_id)
    act: Act = new_act(runtime, session, case, actor, runtime.now())
    act.send(message, case.process, policy.id)
    note(act, EventDraft(message, None, {"text": f"{actor.name}：{text}"}))
