"""迁移: a running case goes over to another release of its process; its fate is told in words before it happens."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.events import EventDraft, data_of
from store.queue import enqueue
from store.scope import Scope
from store.tables import Case, Person, RecordEvent, Release
from store.types import new_id
from workflows import engine
from workflows.acts import Act
from workflows.administration import SYSTEM, only_once, reason_of, require, tell
from workflows.advance import mark
from workflows.commands import MigrateCase, MigrateCases
from workflows.engine import Migration
from workflows.errors import NotFoundError, RuleRefusedError, WorkflowError
from workflows.handlers.interventions import intervening, open_items
from workflows.people import Actor
from workflows.pinned import form_digest, spec_of
from workflows.runtime import Runtime
from workflows.statuses import RUNNING
from workflows.values import json_object

AT_ONCE: Final = 200
BATCH: Final = 25
RECORD: Final = "migration"
MOVED_EVENT: Final = "case.migrated"
STALE: Final = "看过清单以后它又走了，没有迁；重新看过再迁"
_NAMED_AT_MOST = 20
_REASON = "operations staff move cases to another release"


class Fate(StrEnum):
    """What would become of a case."""

    STAYS = "stays"
    MOVES = "moves"
    CANNOT = "cannot"


class Prospect(Struct, frozen=True):
    """The fate of a case, with the reasons in words."""

    fate: Fate
    reasons: tuple[str, ...] = ()


def prospect_of(session: Session, case: Case, release_id: UUID) -> Prospect:
    """Return what would become of a case whose state is loaded."""
    if case.status not in RUNNING:
        return Prospect(Fate.STAYS, ("已经结束，一直按自己那一版看",))
    if case.release_id == release_id:
        return Prospect(Fate.STAYS, ("已经在这一版",))
    obstacles = _migration(session, case, release_id).obstacles
    if obstacles:
        return Prospect(Fate.CANNOT, tuple(dict.fromkeys(each.message_zh for each in obstacles)))
    return Prospect(Fate.MOVES)


def migrate_case(runtime: Runtime, command: MigrateCase, actor: Actor) -> None:
    """Move one case. Tokens, items and timers keep their ids; nothing that was decided is decided again.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (it cannot, or has changed since its fate was told).
    """
    require(actor, SYSTEM, "migrations")
    with intervening(runtime, actor, command.case_id, command.key, command.fingerprint()) as act:
        if act is None:
            return
        reason = reason_of(command.reason)
        if act.case.version != command.version:
            raise RuleRefusedError(STALE)
        prospect = prospect_of(act.session, act.case, command.release_id)
        if prospect.fate is not Fate.MOVES:
            raise RuleRefusedError("".join(prospect.reasons))
        _move(act, command.release_id, reason)


def migrate_cases(runtime: Runtime, command: MigrateCases, actor: Actor) -> UUID:
    """Let jobs move many cases, each by a command of its own; returns the id of the run that tells what came of it.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (no reason, nothing chosen), RepeatedCommandError.
    """
    require(actor, SYSTEM, "migrations")
    now, reason = runtime.now(), reason_of(command.reason)
    chosen = list(dict(command.chosen).items())[:AT_ONCE]
    if not chosen:
        raise RuleRefusedError("先选要迁的办件")
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        only_once(session, actor, command.key, now)
        release = _release(session, command.release_id)
        run_id = new_id(now)
        text = f"{actor.name}把 {len(chosen)} 件迁到“{release.process}”第 {release.number} 版：{reason}"
        tell(session, (RECORD, run_id), "ordered", text, actor, now, process=release.process)
        for n, start in enumerate(range(0, len(chosen), BATCH)):
            args = {
                "run": str(run_id),
                "batch": n,
                "release": str(release.id),
                "reason": reason,
                "actor": str(actor.person_id),
                "cases": {str(case_id): version for case_id, version in chosen[start : start + BATCH]},
            }
            enqueue(session, "migrate_cases", args, run_at=now, key=f"{RECORD}:{run_id}:{n}")
    return run_id


def migrate_batch(runtime: Runtime, args: Mapping[str, object]) -> None:
    """Move the cases of one job, in the name of who ordered it; what is skipped is told with the reason."""
    run_id, batch, cases = UUID(str(args["run"])), args["batch"], args["cases"]
    with runtime.database.read(Scope.everything(_REASON)) as session:
        if _is_told(session, run_id, batch):
            return
        person = session.get_one(Person, UUID(str(args["actor"])))
        process = _release(session, UUID(str(args["release"]))).process
    scope = Scope.everything(_REASON)
    actor = Actor(person.id, person.name, frozenset({SYSTEM}), person.org_id, scope)
    skipped = []
    for case_id, version in dict(cases).items():  # type: ignore[call-overload]  # a JSON object
        runtime.still_at_work()
        command = MigrateCase(
            UUID(case_id),
            version,
            UUID(str(args["release"])),
            str(args["reason"]),
            f"{run_id}:{case_id}",
        )
        try:
            migrate_case(runtime, command, actor)
        except WorkflowError as error:
            skipped.append((case_id, error.reason if isinstance(error, RuleRefusedError) else "没有找到"))
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        text = _outcome(session, len(dict(cases)), skipped)  # type: ignore[call-overload]  # as above
        record, left = (RECORD, run_id), [list(each) for each in skipped]
        tell(session, record, "carried_out", text, actor, now, process=process, batch=batch, skipped=left)


def _migration(session: Session, case: Case, release_id: UUID) -> Migration:
    release = _release(session, release_id)
    return engine.migrate(spec_of(session, case.release_id), spec_of(session, release.id), case.state or b"")


def _release(session: Session, release_id: UUID) -> Release:
    release = session.get(Release, release_id)
    if release is None or release.status != "published":
        raise NotFoundError(kind="release", id=str(release_id))
    return release


def _move(act: Act, release_id: UUID, reason: str) -> None:
    case, session = act.case, act.session
    old, new = (
        session.get_one(Release, case.release_id),
        _release(session, release_id),
    )  # the old one may be retired
    migration = _migration(session, case, release_id)
    _pin_forms(act, old.id, new.id)
    text = f"{act.actor.name}把办件从第 {old.number} 版迁到第 {new.number} 版：{reason}"
    body = {"text": text, "reason": reason, "from": str(old.id), "to": str(new.id)}
    mark(
        act,
        EventDraft(MOVED_EVENT, None, json_object(body)),
        release_id=new.id,
        state=migration.state,
    )


def _pin_forms(act: Act, old: UUID, new: UUID) -> None:
    """Let open items ask the forms of the new release; what somebody has open is then told to be old."""
    before, after = spec_of(act.session, old).steps, spec_of(act.session, new).steps
    for item in open_items(act.session, act.case.id):
        if item.form_sha256 != form_digest(act.session, old, before[item.step].form):
            continue  # the opinion of an added signer is no form of the diagram
        digest = form_digest(act.session, new, after[item.step].form)
        if digest != item.form_sha256:
            item.form_sha256, item.version = digest, item.version + 1


def _is_told(session: Session, run_id: UUID, batch: object) -> bool:
    told = select(RecordEvent.body).where(RecordEvent.record_kind == RECORD, RecordEvent.record_id == run_id)
    return any(data_of(body).get("batch") == batch for body in session.scalars(told))


def _outcome(session: Session, count: int, skipped: Iterable[tuple[str, str]]) -> str:
    left = list(skipped)
    text = f"迁好 {count - len(left)} 件"
    if not left:
        return text
    ids = [UUID(case_id) for case_id, _why in left]
    numbers = {
        str(case_id): number
        for case_id, number in session.execute(select(Case.id, Case.number).where(Case.id.in_(ids)))
    }
    named = "；".join(
        f"{numbers.get(case_id, case_id)}：{why.rstrip('。')}" for case_id, why in left[:_NAMED_AT_MOST]
    )
    return f"{text}，{len(left)} 件没有迁：{named}"
