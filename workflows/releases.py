"""Releases: a process frozen with its diagram, forms, decisions and templates, each known by its SHA-256."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from forms.model import Form
from store.queue import enqueue
from store.tables import Artefact, Definition, Release
from workflows.check import check_process
from workflows.engine import Spec, check_decision, compile_process, decision_file
from workflows.pinned import read_form

ROOT = Path(__file__).resolve().parent.parent
DIAGRAMS = ROOT / "workflows" / "diagrams"
DECISIONS = ROOT / "workflows" / "decisions"
SCHEMAS = ROOT / "forms" / "schemas"
TEMPLATES = ROOT / "documents" / "templates"


def publish_shipped(session: Session, now: datetime) -> list[str]:
    """Make releases of the shipped files where they differ from the newest shipped release (by digest).

    A process without a release gets its first one; one whose newest release came from the studio is left
    alone. Returns the keys of the processes that got a release. A second start changes nothing.
    """
    return [key for path in sorted(DIAGRAMS.glob("*.bpmn")) if (key := _publish(session, path, now))]


def _publish(session: Session, path: Path, now: datetime) -> str | None:
    if _is_released(session, path):
        return None
    bpmn = path.read_bytes()
    spec = compile_process(bpmn)
    forms = frozenset(file.stem for file in SCHEMAS.glob("*.json"))
    check_process(spec, forms, shipped_process, shipped_form)
    files = {f"diagrams/{path.name}": bpmn, **dict(_files_of(spec))}
    decisions = {name: content for name, content in files.items() if name.endswith(".dmn")}
    for name, content in decisions.items():
        check_decision(decision_file(content, (other for one, other in decisions.items() if one != name)))
    manifest = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    newest = newest_release(session, spec.key)
    if newest is not None and (newest.origin != "shipped" or newest.manifest == manifest):
        return None
    definition = session.scalar(select(Definition).where(Definition.key == spec.key))
    if definition is None:
        definition = Definition(key=spec.key, title=spec.name)
        session.add(definition)
        session.flush()
    for name, content in files.items():
        _keep(session, name, content, now)
    spec_json = spec.to_json()
    release = Release(
        definition_id=definition.id,
        process=spec.key,
        number=1 if newest is None else newest.number + 1,
        origin="shipped",
        manifest=manifest,
        spec_json=spec_json,
        spec_sha256=hashlib.sha256(spec_json).hexdigest(),
        published_at=now,
    )
    session.add(release)
    session.flush()
    if any(point.kind == "timer" for point in spec.starts.values()):
        told = {"release_id": str(release.id)}
        enqueue(session, "await_instants", told, run_at=now, key=f"instants:{release.id}")
    return spec.key


def shipped_form(name: str) -> Form | None:
    """Return a shipped form, None if there is none of that name."""
    file = SCHEMAS / f"{name}.json"
    return read_form(file.read_bytes()) if file.exists() else None


def shipped_process(key: str) -> Spec | None:
    """Return the compiled diagram of a shipped process, None if there is none. Raises: DiagramError."""
    path = DIAGRAMS / f"{key}.bpmn"
    return compile_process(path.read_bytes()) if path.exists() else None


def _is_released(session: Session, path: Path) -> bool:
    """Tell whether the newest release holds these very files, without compiling anything (each start asks)."""
    newest = newest_release(session, path.stem)
    if newest is None:
        return False
    asked = {name: SCHEMAS / name.partition("/")[2] for name in newest.manifest if name.startswith("forms/")}
    called = {
        name: DIAGRAMS / name.partition("/")[2] for name in newest.manifest if name.startswith("calls/")
    }
    files = {f"diagrams/{path.name}": path, **asked, **called, **_beside()}
    return newest.manifest == {name: _digest(file) for name, file in sorted(files.items())}


def _digest(file: Path) -> str:
    """Return the digest of a file; of one that is gone, nothing."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def _beside() -> dict[str, Path]:
    """Return what every release holds: all decisions and templates."""
    return {
        f"{folder.name}/{path.name}": path
        for folder, pattern in ((DECISIONS, "*.dmn"), (TEMPLATES, "*.typ"))
        for path in sorted(folder.glob(pattern))
    }


def _files_of(spec: Spec) -> Iterator[tuple[str, bytes]]:
    for name in sorted({name for _, _, name in spec.forms}):
        yield f"forms/{name}.json", (SCHEMAS / f"{name}.json").read_bytes()
    for process in spec.calls:
        yield call_name(process), (DIAGRAMS / f"{process}.bpmn").read_bytes()
    for name, path in _beside().items():
        yield name, path.read_bytes()


def call_name(process: str) -> str:
    """Return the name under which a release pins the diagram of a process that it calls."""
    return f"calls/{process}.bpmn"


def _keep(session: Session, name: str, content: bytes, now: datetime) -> None:
    digest = hashlib.sha256(content).hexdigest()
    if session.get(Artefact, digest) is None:
        session.add(Artefact(sha256=digest, kind=name.partition("/")[0], content=content, created_at=now))
        session.flush()


def kept_form(session: Session, name: str, now: datetime) -> str:
    """Return the digest of a shipped form that no diagram names (加签意见); it is kept when it is first asked for."""
    content = (SCHEMAS / f"{name}.json").read_bytes()
    _keep(session, f"forms/{name}.json", content, now)
    return hashlib.sha256(content).hexdigest()


def newest_release(session: Session, process: str) -> Release | None:
    """Return the newest published release of a process, or None."""
    return session.scalar(_NEWEST, {"process": process})


_NEWEST = (
    select(Release)
    .where(Release.process == bindparam("process"), Release.status == "published")
    .order_by(Release.number.desc())
    .limit(1)
)
