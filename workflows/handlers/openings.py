"""Cases that a coordinator opens by hand beside a service cycle: an extra visit, a refusal (第十三、十四条)."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.events import EventDraft
from store.scope import Scope
from store.tables import Case, Policy, Policyholder, ServiceScheme
from workflows.acts import Act
from workflows.advance import begin_case, lock_case, new_act, note
from workflows.commands import OpenExtraVisit, OpenRefusal
from workflows.errors import InvalidAnswersError, NotAllowedError, NotFoundError
from workflows.handlers.cycles import PROCESS
from workflows.handlers.keys import remember, remembered
from workflows.operations.cycle import begin_extra_visit
from workflows.operations.refusals import open_refusal_case
from workflows.people import Actor
from workflows.reading import require_visible
from workflows.runtime import Runtime
from workflows.subjects import existing

_REASON = "a coordinator opens a case by hand"
ROLE = "coordinator"
SHORTEST, LONGEST = 5, 500


def may_open_by_hand(org_id: UUID, actor: Actor) -> bool:
    """Tell whether a person may open cases beside a cycle that this provider looks after."""
    return actor.has(ROLE) and actor.org_id == org_id


def open_extra_visit(runtime: Runtime, command: OpenExtraVisit, actor: Actor) -> UUID:
    """Open an extra visit (加单); return its case.

    Raises: NotFoundError, NotAllowedError, InvalidAnswersError, CommandKeyConflictError.
    """

    def begin(act: Act, policy: Policy) -> None:
        errors = {**_day_errors(act, policy, command.planned_on), **_reason_errors(command.reason)}
        scheme = _agreed_scheme(act.session, policy)
        if scheme is None:
            errors.setdefault("planned_on", "工作方案还没有经单位确认，确认后才能加单")
        if _refuses(act.session, policy):
            errors.setdefault("planned_on", "单位拒绝服务，撤回拒绝以后才能加单")
        if errors or scheme is None or command.planned_on is None:
            raise InvalidAnswersError(errors)
        begin_extra_visit(act, policy, scheme, command.planned_on, command.reason.strip())

    return _open(runtime, command, actor, begin, f"{actor.name}加单")


def open_refusal(runtime: Runtime, command: OpenRefusal, actor: Actor) -> UUID:
    """Open the case in which a refusal is registered; return it.

    Raises: NotFoundError, NotAllowedError, InvalidAnswersError, CommandKeyConflictError.
    """

    def begin(act: Act, policy: Policy) -> None:
        errors = _reason_errors(command.reason)
        if _open_refusal(act.session, policy):
            errors.setdefault("reason", "已经有一张在办的拒绝服务单，在那里登记")
        if errors:
            raise InvalidAnswersError(errors)
        open_refusal_case(act, {"policy_id": str(policy.id), "visit_id": None})

    return _open(runtime, command, actor, begin, f"{actor.name}登记拒绝：{command.reason.strip()}")


def _open(
    runtime: Runtime,
    command: OpenExtraVisit | OpenRefusal,
    actor: Actor,
    begin: Callable[[Act, Policy], None],
    text: str,
) -> UUID:
    """Let `begin` say which case to open beside the cycle, write it down there, and open it."""
    now = runtime.now()
    require_visible(runtime, Case, command.case_id, actor, "case")
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        case = lock_case(session, command.case_id)
        if (earlier := remembered(session, actor, command.key, command.fingerprint())) is not None:
            return earlier
        _require(case, actor)
        act = new_act(runtime, session, case, actor, now)
        begin(act, existing(session, Policy, case.policy_id))
        note(act, EventDraft("case.opening", None, {"text": text}))
        (opened,) = [begin_case(runtime, session, opening, actor, now) for opening in act.openings]
        remember(session, actor, command.key, command.fingerprint(), opened.id, now)
        return opened.id


def _require(case: Case, actor: Actor) -> None:
    if case.process != PROCESS or actor.org_id != case.org_id:
        raise NotFoundError(kind="case", id=str(case.id))
    if not may_open_by_hand(case.org_id, actor) or case.status != "open":
        raise NotAllowedError("open", case.number)


def _day_errors(act: Act, policy: Policy, day: date | None) -> dict[str, str]:
    first = max(policy.term_start, act.today)
    if day is None:
        return {"planned_on": f"填计划日期，如 {first.isoformat()}"}
    if not first <= day <= policy.term_end:
        return {"planned_on": f"计划日期要在 {first.isoformat()} 至 {policy.term_end.isoformat()} 之间"}
    return {}


def _reason_errors(reason: str) -> dict[str, str]:
    length = len(reason.strip())
    if length < SHORTEST:
        return {"reason": f"写明理由，至少 {SHORTEST} 个字，现在有 {length} 个"}
    return {"reason": f"理由最多 {LONGEST} 个字，现在有 {length} 个"} if length > LONGEST else {}


def _agreed_scheme(session: Session, policy: Policy) -> ServiceScheme | None:
    """Return the scheme that the unit confirmed last; a visit serves what was agreed there (第十七条)."""
    return session.scalar(
        select(ServiceScheme)
        .where(ServiceScheme.policy_id == policy.id, ServiceScheme.confirmed_at.is_not(None))
        .order_by(ServiceScheme.version.desc())
        .limit(1)
    )


def _refuses(session: Session, policy: Policy) -> bool:
    unit = session.get(Policyholder, policy.policyholder_id)
    return unit is not None and unit.willingness != "willing"


def _open_refusal(session: Session, policy: Policy) -> bool:
    """Tell whether a case about a refusal of this policy runs: one without visit or hazard beside the cycle."""
    query = select(Case.id).where(
        Case.policy_id == policy.id,
        Case.process != PROCESS,
        Case.visit_id.is_(None),
        Case.hazard_id.is_(None),
        Case.status == "open",
    )
    return session.scalar(query.limit(1)) is not None
