"""What a release pins: its specification, diagram, decisions and forms, each read once per process."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from forms.model import Form
from forms.schema import parse_form
from store.tables import Artefact, Release
from workflows.engine import DecisionFile, Spec, compile_process, decision_file
from workflows.errors import NotFoundError


def spec_of(session: Session, release_id: UUID) -> Spec:
    """Return the compiled process of a release; compiled once per process and release."""
    if (spec := _SPECS.get(release_id)) is None:
        release = session.get(Release, release_id)
        if release is None:
            raise NotFoundError(kind="release", id=str(release_id))
        if hashlib.sha256(release.spec_json).hexdigest() == release.spec_sha256:
            spec = Spec.from_json(release.spec_json)
        else:  # somebody edited the cached form in the database: the artefacts are the truth
            spec = compile_process(_diagram(session, release.manifest))
        _SPECS[release_id] = spec
    return spec


_SPECS: dict[UUID, Spec] = {}


def _diagram(session: Session, manifest: Mapping[str, object]) -> bytes:
    digest = next(str(sha) for name, sha in manifest.items() if name.startswith("diagrams/"))
    return artefact(session, digest)


def artefact(session: Session, sha256: str) -> bytes:
    """Return a file of a release. Raises: NotFoundError."""
    if (content := _ARTEFACTS.get(sha256)) is None:
        row = session.get(Artefact, sha256)
        if row is None:
            raise NotFoundError(kind="artefact", id=sha256)
        content = _ARTEFACTS[sha256] = row.content
    return content


_ARTEFACTS: dict[str, bytes] = {}
"""Artefacts are named by their content, so each is read once per process."""


def diagram_of(session: Session, release_id: UUID) -> bytes:
    """Return the BPMN file of a release."""
    release = session.get(Release, release_id)
    if release is None:
        raise NotFoundError(kind="release", id=str(release_id))
    return _diagram(session, release.manifest)


def decision_of(session: Session, release_id: UUID, name: str) -> DecisionFile:
    """Return the decision file that this release pins under the name, among the others. Raises: NotFoundError."""
    manifest, own = manifest_of(session, release_id), f"decisions/{name}.dmn"
    if own not in manifest:
        raise NotFoundError(kind="decision", id=name)
    pinned = {
        one: artefact(session, str(sha)) for one, sha in manifest.items() if one.startswith("decisions/")
    }
    return decision_file(pinned.pop(own), pinned.values())


def form_digest(session: Session, release_id: UUID, form: str) -> str:
    """Return the digest of the form that this release pins under the name."""
    if (digest := manifest_of(session, release_id).get(f"forms/{form}.json")) is None:
        raise NotFoundError(kind="form", id=form)
    return str(digest)


def manifest_of(session: Session, release_id: UUID) -> Mapping[str, object]:
    """Return the files of a release by name, each with its digest."""
    if (manifest := _MANIFESTS.get(release_id)) is None and (release := session.get(Release, release_id)):
        manifest = _MANIFESTS[release_id] = dict(release.manifest)
    return manifest or {}


_MANIFESTS: dict[UUID, Mapping[str, object]] = {}
"""Releases are frozen, so what they pin is read once per process."""


def form_of(session: Session, sha256: str) -> Form:
    """Return the form with this digest; parsed once per process."""
    return read_form(artefact(session, sha256))


@lru_cache(maxsize=256)
def read_form(content: bytes) -> Form:
    """Return the form of a file; the same content is parsed once."""
    return parse_form(content)
