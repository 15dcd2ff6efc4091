"""History replayed through a release or draft: asked for on a page, done by a job, kept as an event with its counts."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from store.events import append_record
from store.queue import enqueue
from store.scope import Scope
from store.tables import Draft, Release
from workflows.bundles import Bundle, bundle_of
from workflows.drafting import drafted_bundle
from workflows.engine import DiagramError, sentence
from workflows.errors import NotAllowedError, NotFoundError
from workflows.handlers.release_files import ROLE
from workflows.people import SYSTEM, Actor
from workflows.replay import WORDS, Report, replay
from workflows.runtime import Runtime

KIND = "replay"
ASKED, DONE = "replay.asked", "replay.done"
JOB = "replay_cases"
_SCOPE = Scope.everything("all cases of a process are replayed, and only counted")


def ask_replay(runtime: Runtime, subject_id: UUID, actor: Actor) -> None:
    """Let a job replay all cases through a release or draft. Raises: NotAllowedError, NotFoundError."""
    if ROLE not in actor.roles:
        raise NotAllowedError("replay")
    now = runtime.now()
    with runtime.database.write(_SCOPE, now=now, actor=actor.person_id) as session:
        bundle = _bundle(session, subject_id)
        told = {"text": f"{actor.name}请系统把办过的都回放一遍", "process": bundle.key}
        append_record(session, KIND, subject_id, ASKED, told, actor.person_id, now)
        asked = {"subject_id": str(subject_id)}
        enqueue(session, JOB, asked, run_at=now, key=f"{KIND}:{subject_id}:{now.isoformat()}")


def carry_out_replay(runtime: Runtime, args: Mapping[str, object]) -> None:
    """Replay all cases, and leave the counts."""
    subject_id = UUID(str(args["subject_id"]))
    with runtime.database.read(_SCOPE) as session:
        bundle = _bundle(session, subject_id)
        try:
            told = _told(replay(session, bundle, runtime.still_at_work))
        except DiagramError as error:
            told = {"text": f"流程图不能运行，回放不了：{sentence(error)}"}
    now = runtime.now()
    with runtime.database.write(_SCOPE, now=now) as session:
        append_record(session, KIND, subject_id, DONE, told, SYSTEM.person_id, now)


def _told(report: Report) -> dict[str, object]:
    counts = "，".join(f"{WORDS[one]} {n} 件" for one, n in sorted(report.counts.items()))
    return {"text": f"回放了 {report.total} 件：{counts or '没有办件'}", **report.as_data()}


def _bundle(session: Session, subject_id: UUID) -> Bundle:
    """Return the files of a release or draft. Raises: NotFoundError."""
    if (draft := session.get(Draft, subject_id)) is not None:
        return drafted_bundle(session, draft)
    if session.get(Release, subject_id) is None:
        raise NotFoundError(kind="release", id=str(subject_id))
    return bundle_of(session, subject_id)
