"""How a case moves: let the engine run to the next wait, write state, events, tokens and messages."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, undefer
from sqlalchemy.orm.attributes import set_committed_value
from structlog.contextvars import bind_contextvars

from rules.working_days import Calendar
from store.calendar import load_calendar
from store.errors import StaleRowError
from store.events import EventDraft, insertion, seal
from store.prepared import Write, run_together
from store.search import bigrams
from store.tables import Case
from store.types import new_id
from workflows import engine
from workflows.acts import Act, Opening, Outgoing
from workflows.calls import answer_of, end_what_was_called, openings_of
from workflows.engine import Cancel, Complete, Deliver, Emitted, Fire, MoveTokens, Outcome, Return, Spec
from workflows.errors import CaseSuspendedError, NotFoundError, StaleVersionError
from workflows.evidence import bind_files
from workflows.host import OperationHost
from workflows.messages import post, wake_waiting
from workflows.people import Actor
from workflows.pinned import spec_of
from workflows.projection import project
from workflows.recording import TOLD, with_findings, with_move, with_payload, with_variables
from workflows.releases import newest_release
from workflows.runtime import Runtime
from workflows.signals import broadcast
from workflows.statuses import SUSPENDED
from workflows.values import json_object

STATE_FORMAT = 1
STANDS_STILL = "办件已挂起，恢复以前什么都不往下走"
_LOCKED = (  # it may still be named by rows of other commands: else two could wait for each other's cases
    select(Case)
    .options(undefer(Case.state))
    .where(Case.id == bindparam("case"))
    .with_for_update(key_share=True)
)
_NEXT_VERSION = update(Case.__table__).where(  # type: ignore[arg-type]  # the class's table
    Case.id == bindparam("case"), Case.version == bindparam("seen")
)


class Given(Struct, frozen=True):
    """What a person filled in at a start event, by the form of this digest, and the sentence that says so."""

    text: str
    answers: Mapping[str, object]
    form_sha256: str


def lock_case(session: Session, case_id: UUID) -> Case:
    """Return the case, locked until the transaction ends. Raises: NotFoundError."""
    case = session.scalar(_LOCKED, {"case": case_id})
    if case is None:
        raise NotFoundError(kind="case", id=str(case_id))
    return case


def new_act(
    runtime: Runtime,
    session: Session,
    case: Case,
    actor: Actor,
    now: datetime,
    calendar: Calendar | None = None,
) -> Act:
    """Return the context of one command on this case; the calendar is read if it is not given.

    What is logged from now on names the case.
    """
    bind_contextvars(case=str(case.id))
    return Act(runtime, session, case, actor, now, calendar or load_calendar(session))


def begin_case(
    runtime: Runtime,
    session: Session,
    opening: Opening,
    actor: Actor,
    now: datetime,
    start: str | None = None,
    given: Given | None = None,
) -> Case:
    """Open a case and run it to its first wait. `given` is what a person filled in to begin it.

    Raises: NotFoundError when the process has no release.
    """
    case = new_case(opening, _release_of(session, opening), actor, now)
    session.add(case)
    session.flush()
    act = new_act(runtime, session, case, actor, now)
    spec = spec_of(session, case.release_id)
    told: dict[str, object] = {"text": f"{spec.name}开始", "number": case.number}
    if given is not None:
        bind_files(act, given.answers)
        told |= {"text": given.text, "answers": given.answers, "form_sha256": given.form_sha256}
    answers = given.answers if given is not None else {}
    outcome = engine.start(spec, dict(opening.variables), OperationHost(act), now, start, answers)
    begun = start or next((one.element for one in outcome.trail if one.kind == "start"), None)
    head = EventDraft("case.opened", begun if len(spec.starts) > 1 else start, json_object(told))
    _keep(act, spec, outcome, with_variables(head, opening.variables), None)
    return case


def _release_of(session: Session, opening: Opening) -> UUID:
    if opening.release_id is not None:
        return opening.release_id
    release = newest_release(session, opening.process)
    if release is None:
        raise NotFoundError(kind="process", id=opening.process)
    return release.id


def new_case(opening: Opening, release_id: UUID, actor: Actor, now: datetime) -> Case:
    """Return the row of a case that begins; it is not written yet."""
    subject = opening.subject
    return Case(
        id=new_id(now),
        process=opening.process,
        number=opening.number,
        release_id=release_id,
        title=opening.title,
        bigrams=bigrams(f"{opening.title} {opening.number}"),
        business_key=opening.business_key,
        parent_case_id=opening.parent,
        org_id=subject.org_id,
        insurer_id=subject.insurer_id,
        policyholder_id=subject.policyholder_id,
        region_code=subject.region_code,
        industry=subject.industry,
        policy_id=subject.policy_id,
        visit_id=subject.visit_id,
        hazard_id=subject.hazard_id,
        variables={},
        opened_at=now,
        opened_by=actor.person_id,
    )


def move_case(
    act: Act,
    instruction: Complete | Fire | Deliver,
    head: EventDraft,
    finished: str | None = None,
    on_behalf_of: UUID | None = None,
) -> Outcome:
    """Carry out one instruction on a locked case and write all that follows from it. Raises: CaseSuspendedError."""
    refuse_suspended(act.case)
    spec = spec_of(act.session, act.case.release_id)
    outcome = engine.advance(spec, act.case.state or b"", instruction, OperationHost(act), act.now)
    _keep(act, spec, outcome, with_payload(head, instruction), finished, on_behalf_of)
    end_what_was_called(act, outcome, instruction.token_id)
    return outcome


def turn_aside(act: Act, instruction: Return | MoveTokens | Cancel, head: EventDraft) -> Outcome:
    """Move a locked case against its flow, or end it, and write all that follows from it.

    Raises: CaseSuspendedError, but for ending it.
    """
    if not isinstance(instruction, Cancel):
        refuse_suspended(act.case)
    spec = spec_of(act.session, act.case.release_id)
    outcome = engine.move(spec, act.case.state or b"", instruction, OperationHost(act), act.now)
    _keep(act, spec, outcome, with_move(head, instruction, outcome), None)
    return outcome


def refuse_suspended(case: Case) -> None:
    """Let a case pass that is not suspended. Raises: CaseSuspendedError."""
    if case.status == SUSPENDED:
        raise CaseSuspendedError(STANDS_STILL)


def mark(act: Act, head: EventDraft, **values: object) -> None:
    """Change columns of a locked case that does not move (its status, its release), with the event that says so."""
    _write(act, _next_version(act, values, [head, *act.said], None))
    _send(act, ())


def note(act: Act, head: EventDraft, on_behalf_of: UUID | None = None) -> None:
    """Leave an event on a locked case that does not move (a reminder, a correction)."""
    _write(act, _next_version(act, {}, [head, *act.said], on_behalf_of))
    _send(act, ())


def _keep(
    act: Act,
    spec: Spec,
    outcome: Outcome,
    head: EventDraft,
    finished: str | None,
    on_behalf_of: UUID | None = None,
) -> None:
    closed = outcome.status != "open"
    trail = [
        EventDraft(f"engine.{done.kind}", done.element, json_object({"name": done.name, **done.detail}))
        for done in outcome.trail
        if done.kind in TOLD
    ]
    values = {
        "state": outcome.state,
        "state_format": STATE_FORMAT,
        "variables": json_object(outcome.variables),
        "status": outcome.status,
        "end_event": outcome.end_event,
        "closed_at": act.now if closed else None,
    }
    told = [with_findings(head, outcome), *act.said, *trail]
    version = _next_version(act, values, told, on_behalf_of)
    _write(act, [*version, *project(act, spec, outcome, finished)])
    wake_waiting(act, outcome.opened)
    act.outbox.extend(answer_of(act.case, outcome))
    _send(act, outcome.emitted)
    for opening in (*act.openings, *openings_of(act, outcome)):
        begin_case(act.runtime, act.session, opening, act.actor, act.now)


def _next_version(
    act: Act, values: Mapping[str, object], told: list[EventDraft], on_behalf_of: UUID | None
) -> list[Write]:
    """Bring the case to its next version.

    Returns what writes its row, which carries the end of its chain, the events that lead there, and what else
    the command has to write.
    """
    case, seen = act.case, act.case.version
    sealed = seal(act.session, case, seen + 1, told, act.actor.person_id, on_behalf_of, act.now)
    ends = {"head_hash": sealed.head_hash, "event_count": sealed.event_count}
    kept = {"version": seen + 1, **values, **ends}
    for name, value in kept.items():
        set_committed_value(case, name, value)
    moved = Write(_NEXT_VERSION, {"case": case.id, "seen": seen, **kept}, changes_one=True)
    others, act.writes = act.writes, []
    return [moved, insertion(sealed), *others]


def _write(act: Act, writes: list[Write]) -> None:
    """Write what a command changed. Raises: StaleVersionError if somebody else was first."""
    try:
        run_together(act.session, writes)
    except StaleRowError as error:
        version = act.case.version
        raise StaleVersionError(work_item_id=act.case.id, seen=version - 1, current=version) from error


def _send(act: Act, emitted: tuple[Emitted, ...]) -> None:
    outgoing = [
        *act.outbox,
        *(
            Outgoing(e.name, e.target_process or "", e.correlation, e.payload)
            for e in emitted
            if not e.signal
        ),
    ]
    for n, message in enumerate(outgoing):
        post(act, message, n)
    broadcast(act, emitted)
