"""Releases: a process frozen with its diagram, forms, decisions and templates, each known by its SHA-256."""

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from store.queue import enqueue
from store.tables import Artefact, Definition, Release
from workflows import bundles
from workflows.bundles import Bundle, beside, check_bundle, digest_of, shipped_bundle
from workflows.engine import Spec
from workflows.runtime import SHANGHAI, legal_day

PUBLISHED, SCHEDULED, RETIRED = "published", "scheduled", "retired"
FORCE = "bring_into_force"


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
    if newest is not None and (newest.manifest == bundle.manifest or scheduled_release(session, process)):
        return False
    release(session, bundle, "shipped", now)
    return True


def release(
    session: Session,
    bundle: Bundle,
    origin: str,
    now: datetime,
    by: UUID | None = None,
    note: str = "",
    effective_on: date | None = None,
) -> Release:
    """Freeze a bundle into the next release of its process, in force at once or from a later day on.

    Raises: DiagramError, DecisionError.
    """
    check_bundle(bundle)
    spec = bundle.spec
    is_later = effective_on is not None and effective_on > legal_day(now)
    for name, content in bundle.files.items():
        keep(session, name, content, now)
    spec_json = spec.to_json()
    made = Release(
        definition_id=definition_of(session, spec).id,
        process=spec.key,
        number=_next_number(session, spec.key),
        status=SCHEDULED if is_later else PUBLISHED,
        origin=origin,
        manifest=bundle.manifest,
        spec_json=spec_json,
        spec_sha256=digest_of(spec_json),
        note=note,
        published_by=by,
        published_at=now,
        effective_on=effective_on if is_later else None,
    )
    session.add(made)
    session.flush()
    told = {"release_id": str(made.id)}
    if effective_on is not None and is_later:
        first = datetime.combine(effective_on, time(), SHANGHAI)
        enqueue(session, FORCE, told, run_at=first, key=f"force:{made.id}")
    elif _has_instants(spec):
        enqueue(session, "await_instants", told, run_at=now, key=f"instants:{made.id}")
    return made


def bring_into_force(session: Session, release_id: UUID, now: datetime) -> bool:
    """Let cases begin by a scheduled release from now on; False if it was withdrawn, or is in force already."""
    made = session.get_one(Release, release_id, with_for_update=True)
    if made.status != SCHEDULED:
        return False
    made.status = PUBLISHED
    if _has_instants(Spec.from_json(made.spec_json)):
        told = {"release_id": str(made.id)}
        enqueue(session, "await_instants", told, run_at=now, key=f"instants:{made.id}")
    return True


def scheduled_release(session: Session, process: str) -> Release | None:
    """Return the release of a process that comes into force on a later day, None if there is none."""
    later = select(Release).where(Release.process == process, Release.status == SCHEDULED)
    return session.scalar(later.order_by(Release.number.desc()).limit(1))


def _has_instants(spec: Spec) -> bool:
    return any(point.kind == "timer" for point in spec.starts.values())


def _next_number(session: Session, process: str) -> int:
    """Return the number of the next release; those that were retired or are still to come keep theirs."""
    return 1 + (session.scalar(select(func.max(Release.number)).where(Release.process == process)) or 0)


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
