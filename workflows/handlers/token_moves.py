"""改走环节: one administrator proposes to close tokens and to open steps, another one confirms or declines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.roles import ROLES
from store.events import EventDraft
from store.scope import Scope
from store.tables import Case, Notice, Person, RoleGrant, TokenMove
from workflows import engine
from workflows.acts import Act
from workflows.administration import SYSTEM, reason_of, require
from workflows.advance import lock_case, new_act, note, refuse_suspended, turn_aside
from workflows.commands import ProposeMove, digest
from workflows.engine import EngineError, MoveTokens
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.handlers.incidents import STOPPING, why_stopped
from workflows.handlers.interventions import CHANGED, Work, intervening, open_items, open_work
from workflows.handlers.rounds import tell
from workflows.people import Actor
from workflows.releases import spec_of
from workflows.runtime import Runtime
from workflows.statuses import RUNNING
from workflows.values import json_object

PROPOSED: Final = "proposed"
CONFIRMED: Final = "confirmed"
DECLINED: Final = "declined"
STALE: Final = "stale"
_REASON = "tokens are moved by hand, under four eyes"


class Opened(Struct, frozen=True):
    """A step that a move would open: its name, and whose it is."""

    element: str
    title: str
    role: str


class Plan(Struct, frozen=True):
    """What a move would do: the work that is closed, the steps that are opened, what is open besides."""

    lost: tuple[Work, ...]
    opens: tuple[Opened, ...]
    stays: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Return the digest of the set: whatever goes on in the case meanwhile makes another one (I6)."""
        lost = sorted((work.task_id, str(work.person_id or "")) for work in self.lost)
        return digest(lost=lost, opens=sorted(one.element for one in self.opens), stays=sorted(self.stays))

    def lost_in_words(self) -> list[str]:
        """Return who loses what."""
        return [f"{work.holder} {work.title or work.element}".strip() for work in self.lost]

    def opened_in_words(self) -> list[str]:
        """Return what is opened for whom."""
        return [f"{one.title}（{one.role}）" for one in self.opens]


def steps_to_open(session: Session, case: Case) -> tuple[Opened, ...]:
    """Return the steps of the process and of its sub-processes; in which of these work is open decides the engine."""
    steps = spec_of(session, case.release_id).steps.values()
    return tuple(Opened(step.id, step.name, _title(step.role)) for step in steps)


def plan_of(session: Session, case: Case, cancel: tuple[str, ...], start: tuple[str, ...]) -> Plan:
    """Return what a move would do. Raises: RuleRefusedError if it is not possible, in words."""
    steps = {one.element: one for one in steps_to_open(session, case)}
    if case.status not in RUNNING:
        raise RuleRefusedError("办件已经结束，没有可以改走的")
    if not cancel and not start:
        raise RuleRefusedError("先选收回哪里、从哪一步接着办")
    if unknown := [name for name in start if name not in steps]:
        raise RuleRefusedError(f"流程图里没有可以打开的环节“{unknown[0]}”")
    try:
        spec = spec_of(session, case.release_id)
        closed = engine.lost_by_move(spec, case.state or b"", MoveTokens(cancel, start))
    except EngineError as error:
        raise RuleRefusedError(engine.sentence(error)) from error
    gone = {token.id for token in closed}
    work = open_work(session, case)
    return Plan(
        lost=tuple(one for one in work if one.task_id in gone),
        opens=tuple(steps[name] for name in start),
        stays=tuple(one.task_id for one in work if one.task_id not in gone),
    )


def propose_move(runtime: Runtime, command: ProposeMove, actor: Actor) -> None:
    """Put a move before the other administrators; nothing is moved yet.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (not possible, not what the preview showed, another
    proposal waits), CommandKeyConflictError.
    """
    require(actor, SYSTEM, "moves")
    with intervening(runtime, actor, command.case_id, command.key, command.fingerprint()) as act:
        if act is None or actor.person_id is None:
            return
        reason = reason_of(command.reason)
        refuse_suspended(act.case)
        waiting = select(TokenMove.id).where(TokenMove.case_id == act.case.id, TokenMove.status == PROPOSED)
        if act.session.scalar(waiting.limit(1)) is not None:
            raise RuleRefusedError("这个办件已经有一条改走等人确认：先办完那一条")
        plan = plan_of(act.session, act.case, command.cancel, command.start)
        if plan.fingerprint != command.seen:
            raise RuleRefusedError(CHANGED)
        move = TokenMove(
            case_id=act.case.id,
            cancel=list(command.cancel),
            start=list(command.start),
            seen=command.seen,
            lost=plan.lost_in_words(),
            opens=plan.opened_in_words(),
            reason=reason,
            proposed_by=actor.person_id,
            proposed_at=act.now,
        )
        act.session.add(move)
        act.session.flush()
        text = f"{actor.name}提出改走环节，等另一位系统管理员确认：{reason}"
        _note(act, move, "tokens.proposed", text)
        _call(act, move)


def confirm_move(runtime: Runtime, move_id: UUID, actor: Actor) -> bool:
    """Carry out what somebody else proposed; False if the case has gone on since, so that it is proposed anew.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (one's own, decided already, not possible after all).
    """
    with _deciding(runtime, move_id, actor) as (act, move):
        if move.proposed_by == actor.person_id:
            raise RuleRefusedError("自己提出的要另一位系统管理员确认")
        refuse_suspended(act.case)
        cancel, start = tuple(map(str, move.cancel)), tuple(map(str, move.start))
        try:
            plan = plan_of(act.session, act.case, cancel, start)
        except RuleRefusedError:
            plan = None
        move.decided_by, move.decided_at = actor.person_id, act.now
        if plan is None or plan.fingerprint != move.seen:
            move.status = STALE
            _note(act, move, "tokens.stale", "提出以后办件又走了，改走环节作废，要重新提出")
            return False
        move.status = CONFIRMED
        _carry_out(act, move, plan, MoveTokens(cancel, start))
        return True


def decline_move(runtime: Runtime, move_id: UUID, reason: str, actor: Actor) -> None:
    """Say no to a proposal, or take the own one back. Raises: NotAllowedError, NotFoundError, RuleRefusedError."""
    with _deciding(runtime, move_id, actor) as (act, move):
        said = reason_of(reason)
        move.status, move.answer = DECLINED, said
        move.decided_by, move.decided_at = actor.person_id, act.now
        verb = "撤回自己提出的" if move.proposed_by == actor.person_id else "不同意"
        _note(act, move, "tokens.declined", f"{actor.name}{verb}改走环节：{said}")


@contextmanager
def _deciding(runtime: Runtime, move_id: UUID, actor: Actor) -> Iterator[tuple[Act, TokenMove]]:
    """Lock the case of a proposal that waits, then the proposal."""
    require(actor, SYSTEM, "moves")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        case_id = session.scalar(select(TokenMove.case_id).where(TokenMove.id == move_id))
        if case_id is None:
            raise NotFoundError(kind="move", id=str(move_id))
        case = lock_case(session, case_id)
        move = session.get_one(TokenMove, move_id, with_for_update=True)
        if move.status != PROPOSED:
            raise RuleRefusedError("这一条已经有结果了")
        yield new_act(runtime, session, case, actor, now), move


def _carry_out(act: Act, move: TokenMove, plan: Plan, instruction: MoveTokens) -> None:
    proposer = act.session.get_one(Person, move.proposed_by).name
    text = f"{proposer}提出、{act.actor.name}确认，改走环节：{move.reason}"
    gone = {work.task_id for work in plan.lost}
    for item in open_items(act.session, act.case.id):
        if item.task_id in gone:
            tell(act, item, f"{item.subject}：“{item.title}”不用办了，{text}")
    act.void_reason = text
    body = {
        "text": text,
        "reason": move.reason,
        "lost": move.lost,
        "opened": move.opens,
        "move": str(move.id),
    }
    known = {item.id for item in open_items(act.session, act.case.id)}
    try:
        turn_aside(act, instruction, EventDraft("tokens.moved", None, json_object(body)))
    except STOPPING as error:
        raise RuleRefusedError(f"没有办成，什么都没有变：{why_stopped(error)}") from error
    for item in open_items(act.session, act.case.id):
        if item.id not in known:
            tell(act, item, f"{item.subject}：“{item.title}”由管理员打开，请接着办")


def _note(act: Act, move: TokenMove, kind: str, text: str) -> None:
    body = {"text": text, "move": str(move.id), "lost": move.lost, "opened": move.opens}
    note(act, EventDraft(kind, None, json_object(body)))


def _call(act: Act, move: TokenMove) -> None:
    """Ask every other system administrator to look at the proposal."""
    others = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == SYSTEM, RoleGrant.revoked_at.is_(None), Person.active)
        .where(Person.id != act.actor.person_id)
        .order_by(Person.id)
    )
    title = f"{act.actor.name}提出办件 {act.case.number} 改走环节，请你看过再确认"
    for person_id in act.session.scalars(others).all():
        act.session.add(
            Notice(
                person_id=person_id,
                kind="notice",
                title=title,
                body=move.reason,
                link=f"/admin/moves/{move.id}",
                at=act.now,
            )
        )


def _title(role: str | None) -> str:
    return ROLES[role].title if role is not None and role in ROLES else ""
