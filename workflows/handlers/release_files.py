"""A release file that somebody brings becomes a draft: it is checked, compared and approved like any other."""

from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from store.events import append_record
from store.scope import Scope
from store.tables import Draft
from store.types import new_id
from workflows.bundles import Bundle
from workflows.engine import DiagramError, Spec, read_process, sentence
from workflows.errors import NotAllowedError
from workflows.people import Actor
from workflows.release_files.reading import PackageError, read_package
from workflows.releases import definition_of, newest_release
from workflows.runtime import Runtime

ROLE = "process_designer"
ORIGIN = "import"
_SCOPE = Scope.everything("a release file becomes a draft")


class Imported(Struct, frozen=True):
    """The draft that came of a file, and the process that it is of."""

    draft_id: UUID
    process: str


def import_release(runtime: Runtime, source: bytes, actor: Actor) -> Imported:
    """Make a draft of a release file. Raises: NotAllowedError, PackageError."""
    if ROLE not in actor.roles:
        raise NotAllowedError("import_release")
    return keep_draft(runtime, read_package(source), actor)


def keep_draft(runtime: Runtime, bundle: Bundle, actor: Actor) -> Imported:
    """Make a draft of verified files. Raises: PackageError for a diagram that cannot be read, or of another name."""
    spec, now = _read(bundle), runtime.now()
    files = {name: {"text": _text(name, content)} for name, content in sorted(bundle.files.items())}
    with runtime.database.write(_SCOPE, now=now, actor=actor.person_id) as session:
        base = newest_release(session, spec.key)
        draft = Draft(
            id=new_id(now),
            definition_id=definition_of(session, spec).id,
            base_release_id=None if base is None else base.id,
            holder_id=actor.person_id,
            origin=ORIGIN,
            files=files,
            saved_at=now,
        )
        session.add(draft)
        session.flush()
        _tell(session, draft, spec, actor)
        return Imported(draft.id, spec.key)


def _read(bundle: Bundle) -> Spec:
    try:
        spec = read_process(bundle.diagram)
    except DiagramError as error:
        raise PackageError(f"流程图读不出来：{sentence(error)}") from error
    if spec.key != bundle.key:
        raise PackageError(f"流程图的编号是“{spec.key}”，文件名却是“{bundle.key}”，请改成一样。")
    return spec


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise PackageError(f"“{name}”不是 UTF-8 的文本。") from error


def _tell(session: Session, draft: Draft, spec: Spec, actor: Actor) -> None:
    text = f"{actor.name}从版本文件导入“{spec.name}”，成为草稿"
    told = {"text": text, "process": spec.key}
    append_record(session, "draft", draft.id, "draft.imported", told, actor.person_id, draft.saved_at)
