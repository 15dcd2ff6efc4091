"""A bundle: the files that make one release of a process, from the shipped folders, a release or a draft."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from forms.model import Form
from workflows.check import findings_of
from workflows.engine import (
    DecisionFile,
    DiagramError,
    Finding,
    Spec,
    check_decision,
    compile_process,
    decision_file,
)
from workflows.pinned import artefact, manifest_of, read_form

ROOT = Path(__file__).resolve().parent.parent
DIAGRAMS = ROOT / "workflows" / "diagrams"
DECISIONS = ROOT / "workflows" / "decisions"
SCHEMAS = ROOT / "forms" / "schemas"
TEMPLATES = ROOT / "documents" / "templates"


class Bundle(Struct, frozen=True, dict=True):
    """The files of one process by the names that a manifest has.

    `diagrams/KEY.bpmn` is its own diagram; beside it `forms/NAME.json`, `decisions/NAME.dmn`, `templates/NAME.typ`,
    and `calls/KEY.bpmn`, the diagrams of the processes that it calls.
    """

    files: Mapping[str, bytes]

    @cached_property
    def diagram(self) -> bytes:
        """Return the process's own diagram."""
        return next(content for name, content in self.files.items() if name.startswith("diagrams/"))

    @property
    def key(self) -> str:
        """Return the key of the process, by the name of its own diagram."""
        return next(Path(name).stem for name in self.files if name.startswith("diagrams/"))

    @cached_property
    def spec(self) -> Spec:
        """Return the compiled diagram. Raises: DiagramError."""
        return compiled(self.diagram)

    @cached_property
    def manifest(self) -> dict[str, str]:
        """Return the SHA-256 of each file by name."""
        return {name: digest_of(content) for name, content in sorted(self.files.items())}

    def names(self, folder: str) -> frozenset[str]:
        """Return the names in a folder, without folder and ending."""
        return frozenset(Path(name).stem for name in self.files if name.startswith(f"{folder}/"))

    def form(self, name: str) -> Form | None:
        """Return a form of the bundle, None if it has none of that name. Raises: FormError."""
        content = self.files.get(f"forms/{name}.json")
        return None if content is None else read_form(content)

    def called(self, process: str) -> Spec | None:
        """Return the compiled diagram of a called process; what the bundle lacks is looked for in the shipped files."""
        content = self.files.get(call_name(process))
        return shipped_process(process) if content is None else compiled(content)

    def decision(self, name: str) -> DecisionFile:
        """Return a decision file with the others that it may import."""
        own = f"decisions/{name}.dmn"
        others = (text for one, text in self.files.items() if one.startswith("decisions/") and one != own)
        return decision_file(self.files[own], others)


def check_bundle(bundle: Bundle) -> None:
    """Raise DiagramError with every reason why the bundle cannot be published, DecisionError for a bad table."""
    if found := tuple(finding for finding in bundle_findings(bundle) if finding.weight == "E"):
        raise DiagramError(found)
    for name in sorted(bundle.names("decisions")):
        _sound(bundle.decision(name))


def bundle_findings(bundle: Bundle) -> Iterator[Finding]:
    """Give what is wrong with the diagram and what it names, of either weight; the guard of the standard included.

    Raises: DiagramError when it does not compile.
    """
    forms, decisions = bundle.names("forms"), bundle.names("decisions")
    yield from findings_of(bundle.spec, forms, bundle.called, bundle.form, decisions)


def shipped_bundle(process: str) -> Bundle:
    """Return the shipped files of a process: of forms and called processes those that it names, of the others all."""
    return bundle_around((DIAGRAMS / f"{process}.bpmn").read_bytes())


def bundle_around(diagram: bytes) -> Bundle:
    """Return a diagram with the shipped files that it names. Raises: DiagramError."""
    spec = compiled(diagram)
    named = {
        **{f"forms/{form}.json": SCHEMAS / f"{form}.json" for _, _, form in spec.forms},
        **{call_name(called): DIAGRAMS / f"{called}.bpmn" for called in spec.calls},
        **beside(),
    }
    files = {name: path.read_bytes() for name, path in named.items() if path.exists()}
    return Bundle({f"diagrams/{spec.key}.bpmn": diagram, **files})


def bundle_of(session: Session, release_id: UUID) -> Bundle:
    """Return the files that a release pins. Raises: NotFoundError."""
    manifest = manifest_of(session, release_id)
    return Bundle({name: artefact(session, str(sha256)) for name, sha256 in manifest.items()})


def beside() -> dict[str, Path]:
    """Return what every release holds, whatever its diagram names: all decisions and templates."""
    return {
        f"{folder.name}/{path.name}": path
        for folder, pattern in ((DECISIONS, "*.dmn"), (TEMPLATES, "*.typ"))
        for path in sorted(folder.glob(pattern))
    }


def shipped_form(name: str) -> Form | None:
    """Return a shipped form, None if there is none of that name."""
    path = SCHEMAS / f"{name}.json"
    return read_form(path.read_bytes()) if path.exists() else None


def shipped_process(key: str) -> Spec | None:
    """Return the compiled diagram of a shipped process, None if there is none. Raises: DiagramError."""
    path = DIAGRAMS / f"{key}.bpmn"
    return compiled(path.read_bytes()) if path.exists() else None


def call_name(process: str) -> str:
    """Return the name under which a release pins the diagram of a process that it calls."""
    return f"calls/{process}.bpmn"


@lru_cache(maxsize=128)
def compiled(diagram: bytes) -> Spec:
    """Return the specification of a diagram; the same content is compiled once. Raises: DiagramError."""
    return compile_process(diagram)


@lru_cache(maxsize=128)
def _sound(file: DecisionFile) -> None:
    """Check a decision file; the same content, which every release holds, once. Raises: DecisionError."""
    check_decision(file)


def digest_of(content: bytes) -> str:
    """Return the SHA-256 by which a file is named."""
    return hashlib.sha256(content).hexdigest()
