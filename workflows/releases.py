"""Releases: a process frozen with its diagram, forms, decisions and templates, each known by its SHA-256."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from store.queue import enqueue
from store.tables import Artefact, Definition, Release
from workflows import bundles
from workflows.bundles import Bundle, beside, check_bundle, digest_of, shipped_bundle
from workflows.engine import Spec


def publish_shipped(session: Session, now: datetime) -> list[str]:
    """Make releases of the shipped files where they differ from the newest shipped release (by digest).

    A process without a release gets its first one; one whose newest release came from the studio is left
    alone. Returns the keys of the processes that got a release. A second start changes nothing.
    """
    processes = sorted(path.stem for path in bundles.DIAGRAMS.glob("*.bpmn"))
    return [process for process in processes if _publish_shipped(session, process, now)]


def _publish_shipped(session: Session, process: str, now: datetime) -> bool:
    newest = newest_release(session, process)
    if newest is not None and (newest.origin != "shipped" or _is_shipped(newest.manifest, process)):
        return False
    bundle = shipped_bundle(process)
    if newest is not None and newest.manifest == bundle.manifest:
        return False
    release(session, bundle, "shipped", now)
    return True


def release(
    session: Session, bundle: Bundle, origin: str, now: datetime, by: UUID | None = None, note: str = ""
) -> Release:
    """Freeze a bundle into the next release of its process. Raises: DiagramError, DecisionError."""
    check_bundle(bundle)
    spec = bundle.spec
    newest = newest_release(session, spec.key)
    for name, content in bundle.files.items():
        keep(session, name, content, now)
    spec_json = spec.to_json()
    made = Release(
        definition_id=definition_of(session, spec).id,
        process=spec.key,
        number=1 if newest is None else newest.number + 1,
        origin=origin,
        manifest=bundle.manifest,
        spec_json=spec_json,
        spec_sha256=digest_of(spec_json),
        note=note,
        published_by=by,
        published_at=now,
    )
    session.add(made)
    session.flush()
    if any(point.kind == "timer" for point in spec.starts.values()):
        told = {"release_id": str(made.id)}
        enqueue(session, "await_instants", told, run_at=now, key=f"instants:{made.id}")
    return made


def definition_of(session: Session, spec: Spec) -> Definition:
    """Return the row of a process, made when it is first heard of."""
    if found := session.scalar(select(Definition).where(Definition.key == spec.key)):
        return found
    made = Definition(key=spec.key, title=spec.name)
    session.add(made)
    session.flush()
    return made


def _is_shipped(manifest: Mapping[str, object], process: str) -> bool:
    """Tell whether a manifest holds these very files, without compiling anything (each start asks)."""
    own = f"{process}.bpmn"
    named = {
        f"diagrams/{own}": bundles.DIAGRAMS / own,
        **{name: bundles.SCHEMAS / Path(name).name for name in manifest if name.startswith("forms/")},
        **{name: bundles.DIAGRAMS / Path(name).name for name in manifest if name.startswith("calls/")},
        **beside(),
    }
    return manifest == {
        name: digest_of(path.read_bytes()) if path.exists() else "" for name, path in named.items()
    }


def keep(session: Session, name: str, content: bytes, now: datetime) -> str:
    """Keep a file under its digest, which is returned; what is kept already stays as it is."""
    digest = digest_of(content)
    if session.get(Artefact, digest) is None:
        session.add(Artefact(sha256=digest, kind=name.partition("/")[0], content=content, created_at=now))
        session.flush()
    return digest


def kept_form(session: Session, name: str, now: datetime) -> str:
    """Return the digest of a shipped form that no diagram names (加签意见); it is kept when it is first asked for."""
    return keep(session, f"forms/{name}.json", (bundles.SCHEMAS / f"{name}.json").read_bytes(), now)


def newest_release(session: Session, process: str) -> Release | None:
    """Return the newest published release of a process, or None."""
    return session.scalar(_NEWEST, {"process": process})


_NEWEST = (
    select(Release)
    .where(Release.process == bindparam("process"), Release.status == "published")
    .order_by(Release.number.desc())
    .limit(1)
)
