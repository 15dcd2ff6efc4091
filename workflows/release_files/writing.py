"""A release as one file or a folder: the same release gives the same bytes, on any day and machine."""

import io
import zipfile
from pathlib import Path

import orjson

from workflows.bundles import Bundle
from workflows.release_files.reading import FORMAT, MANIFEST

_MOMENT = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16


def package_of(bundle: Bundle) -> bytes:
    """Return the release file: sorted members of a fixed moment, the manifest first."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, content in _members(bundle):
            member = zipfile.ZipInfo(name, _MOMENT)
            member.compress_type, member.create_system = zipfile.ZIP_STORED, 3
            member.external_attr = _PLAIN_FILE
            package.writestr(member, content)
    return written.getvalue()


def write_folder(bundle: Bundle, folder: Path) -> None:
    """Write the release as files that git can tell the differences of. Raises: FileExistsError."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(folder)
    for name, content in _members(bundle):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _members(bundle: Bundle) -> list[tuple[str, bytes]]:
    told = {"format": FORMAT, "process": bundle.key, "files": bundle.manifest}
    return [(MANIFEST, orjson.dumps(told, option=orjson.OPT_INDENT_2)), *sorted(bundle.files.items())]
