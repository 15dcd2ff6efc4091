"""What a command line names as a release: PROCESS@NUMBER, PROCESS@shipped, PROCESS (its newest), a file, a folder."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables import Release
from workflows.bundles import DIAGRAMS, Bundle, bundle_of, shipped_bundle
from workflows.errors import NotFoundError
from workflows.release_files.reading import read_folder, read_package
from workflows.releases import newest_release

SHIPPED = "shipped"


def bundle_named(session: Session, name: str) -> Bundle:
    """Return the bundle that a text names. Raises: NotFoundError, PackageError for a file or folder that is none."""
    path = Path(name)
    if path.is_dir():
        return read_folder(path)
    if path.is_file():
        return read_package(path.read_bytes())
    process, _, number = name.partition("@")
    if number == SHIPPED:
        if not process.isidentifier() or not (DIAGRAMS / f"{process}.bpmn").exists():
            raise NotFoundError(kind="process", id=process)
        return shipped_bundle(process)
    return bundle_of(session, release_named(session, process, number).id)


def release_named(session: Session, process: str, number: str = "") -> Release:
    """Return the release of that number, the newest if none is given. Raises: NotFoundError."""
    if not number:
        found = newest_release(session, process)
    else:
        wanted = int(number) if number.isdecimal() and len(number) < 10 else 0
        found = session.scalar(select(Release).where(Release.process == process, Release.number == wanted))
    if found is None:
        raise NotFoundError(kind="release", id=f"{process}@{number}" if number else process)
    return found
