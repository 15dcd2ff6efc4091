"""Uploaded files become evidence of a case when the answers that name them are accepted (第七条)."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import bindparam, update

from store.prepared import run
from store.tables import EvidenceFile
from workflows.acts import Act

UUID_LENGTH = 36


def bind_files(act: Act, answers: Mapping[str, object]) -> None:
    """Give the files that the answers name to the case: from now on its owners may see them.

    Only the person's own uploads: an id that is typed into a remark gives nobody else's file away.
    """
    ids = sorted(set(_ids(answers)))
    if not ids:
        return
    owned = {"case_id": act.case.id, "visit_id": act.case.visit_id, **act.owners()}
    run(act.session, _BIND, {"files": ids, "by": act.actor.person_id, **owned})


_BIND = update(EvidenceFile.__table__).where(  # type: ignore[arg-type]  # the class's table
    EvidenceFile.id.in_(bindparam("files", expanding=True)),
    EvidenceFile.case_id.is_(None),
    EvidenceFile.uploaded_by == bindparam("by"),
)


def _ids(value: object) -> Iterator[UUID]:
    if isinstance(value, Mapping):
        for entry in value.values():
            yield from _ids(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _ids(entry)
    elif isinstance(value, str) and len(value) == UUID_LENGTH:
        try:
            yield UUID(value)
        except ValueError:
            return
