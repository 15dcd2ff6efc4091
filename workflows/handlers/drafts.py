"""草稿: somebody begins to change a process, saves, throws away; a second person watches or goes on with a copy."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.scope import Scope
from store.tables import Definition, Draft, Person
from store.types import new_id
from workflows.administration import require, tell
from workflows.commands import SaveDraftFile
from workflows.drafting import DISCARDED, NAME, OPEN, PROPOSED, draft_of, kept, own_files
from workflows.errors import NotAllowedError, NotFoundError, RuleRefusedError, StaleRecordError
from workflows.people import Actor
from workflows.pinned import manifest_of
from workflows.releases import newest_release
from workflows.runtime import Runtime

DESIGNER: Final = "process_designer"
RECORD: Final = "draft"
MOST_OPEN: Final = 40
_REASON = "process designers share the drafts of all processes"


def start_draft(runtime: Runtime, process: str, actor: Actor) -> UUID:
    """Begin a draft from the release in force; whoever has one of the process goes on with that one.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (too many are open).
    """
    with designing(runtime, actor) as session:
        base = newest_release(session, process)
        if base is None:
            raise NotFoundError(kind="process", id=process)
        own = select(Draft.id).where(Draft.definition_id == base.definition_id)
        own = own.where(Draft.holder_id == actor.person_id, Draft.status.in_((OPEN, PROPOSED)))
        if (found := session.scalar(own.order_by(Draft.id).limit(1))) is not None:
            return found
        own_files = {name: sha256 for name, sha256 in base.manifest.items() if not name.startswith("calls/")}
        draft = _new_draft(session, runtime, actor, base.definition_id, base.id, own_files)
        _tell(session, runtime, draft, "started", f"{actor.name}从第 {base.number} 版开始修改", actor)
        return draft.id


def branch_draft(runtime: Runtime, draft_id: UUID, actor: Actor) -> UUID:
    """Go on with a copy of somebody's draft, as it is now. Raises: NotAllowedError, NotFoundError."""
    with designing(runtime, actor) as session:
        other = draft_of(session, draft_id)
        draft = _new_draft(
            session, runtime, actor, other.definition_id, other.base_release_id, dict(other.files)
        )
        holder = session.get(Person, other.holder_id) if other.holder_id else None
        whose = f"{holder.name}的草稿" if holder is not None else "一份草稿"
        _tell(session, runtime, draft, "branched", f"{actor.name}从{whose}另存了一份", actor)
        return draft.id


def save_draft_file(runtime: Runtime, command: SaveDraftFile, actor: Actor) -> int:
    """Replace a file of a draft, or add one; returns the draft's new version. The same content changes nothing.

    Raises: NotAllowedError (somebody else holds it), NotFoundError, StaleRecordError (it was saved since it was
    seen), RuleRefusedError (it waits for approval, or the file cannot be read).
    """
    with designing(runtime, actor) as session:
        draft = held(session, command.draft_id, actor)
        if draft.version != command.version:
            raise StaleRecordError(RECORD, draft.id)
        files = kept(session, draft, command.name, command.content)
        if files == draft.files:
            return draft.version
        draft.files, draft.version, draft.saved_at = files, draft.version + 1, runtime.now()
        return draft.version


def copy_draft_file(runtime: Runtime, draft_id: UUID, name: str, new: str, version: int, actor: Actor) -> int:
    """Add a form or a decision under another name, as one of the draft is; returns the draft's new version.

    Raises: as save_draft_file, and RuleRefusedError where the name is taken.
    """
    with designing(runtime, actor) as session:
        draft = held(session, draft_id, actor)
        content = own_files(session, draft).get(name)
    folder, dot = name.partition("/")[0], name.rpartition(".")[2]
    wanted = f"{folder}/{new}.{dot}"
    if content is None:
        raise NotFoundError(kind="file", id=name)
    if not NAME.fullmatch(wanted):
        raise RuleRefusedError("名称用小写字母开头，只用小写字母、数字和下划线")
    if wanted in draft.files:
        raise RuleRefusedError(f"已经有叫“{new}”的了，换一个名称")
    return save_draft_file(runtime, SaveDraftFile(draft_id, wanted, content, version), actor)


def restore_draft_file(runtime: Runtime, draft_id: UUID, name: str, version: int, actor: Actor) -> None:
    """Take back what was changed in a file, or the file where it was added. Raises: as save_draft_file."""
    with designing(runtime, actor) as session:
        draft = held(session, draft_id, actor)
        if draft.version != version:
            raise StaleRecordError(RECORD, draft.id)
        base = base_manifest(session, draft)
        if name.startswith("diagrams/") and name not in base:
            raise RuleRefusedError("流程图没有可以恢复的原样")
        files = {one: entry for one, entry in draft.files.items() if one != name}
        if name in base:
            files[name] = str(base[name])
        draft.files, draft.version, draft.saved_at = files, draft.version + 1, runtime.now()


def discard_draft(runtime: Runtime, draft_id: UUID, actor: Actor) -> None:
    """Throw a draft away. Raises: NotAllowedError, NotFoundError, RuleRefusedError (it waits for approval)."""
    with designing(runtime, actor) as session:
        draft = held(session, draft_id, actor)
        draft.status = DISCARDED
        _tell(session, runtime, draft, "discarded", f"{actor.name}扔掉了草稿", actor)


@contextmanager
def designing(runtime: Runtime, actor: Actor) -> Iterator[Session]:
    """Open a transaction in which a process designer works. Raises: NotAllowedError."""
    require(actor, DESIGNER, "drafts")
    with runtime.database.write(
        Scope.everything(_REASON), now=runtime.now(), actor=actor.person_id
    ) as session:
        yield session


def held(session: Session, draft_id: UUID, actor: Actor) -> Draft:
    """Return a draft that this person may change now, locked.

    Raises: NotFoundError, NotAllowedError (somebody else holds it), RuleRefusedError (it is not being changed).
    """
    draft_of(session, draft_id)
    draft = session.get_one(Draft, draft_id, with_for_update=True, populate_existing=True)
    if draft.holder_id != actor.person_id:
        raise NotAllowedError("draft", "held")
    if draft.status != OPEN:
        raise RuleRefusedError("这份草稿已经提交发布，不能再改；要改就先撤回")
    return draft


def base_manifest(session: Session, draft: Draft) -> dict[str, object]:
    """Return the files of the release that a draft began from, without the diagrams that it calls."""
    manifest = {} if draft.base_release_id is None else manifest_of(session, draft.base_release_id)
    return {name: sha256 for name, sha256 in manifest.items() if not name.startswith("calls/")}


def _new_draft(
    session: Session,
    runtime: Runtime,
    actor: Actor,
    definition_id: UUID,
    base_id: UUID | None,
    files: dict[str, object],
) -> Draft:
    now = runtime.now()
    session.get_one(Definition, definition_id, with_for_update=True)
    opened = select(Draft.id).where(Draft.holder_id == actor.person_id, Draft.status == OPEN).limit(MOST_OPEN)
    if len(session.scalars(opened).all()) >= MOST_OPEN:
        raise RuleRefusedError(f"你手上已经有 {MOST_OPEN} 份草稿，先发布或扔掉用不着的")
    draft = Draft(
        id=new_id(now),
        definition_id=definition_id,
        base_release_id=base_id,
        holder_id=actor.person_id,
        files=files,
        saved_at=now,
    )
    session.add(draft)
    session.flush()
    return draft


def _tell(session: Session, runtime: Runtime, draft: Draft, kind: str, text: str, actor: Actor) -> None:
    tell(session, (RECORD, draft.id), kind, text, actor, runtime.now())
