"""Stamps: a step whose inputs have not changed since it last ended well is not done again."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SKIPPED_FOLDERS = {"node_modules", "__pycache__", "dist", "tests"}


@dataclass(frozen=True)
class Stamp:
    """Lies inside what the step made, so that removing the product removes the stamp."""

    file: Path
    digest: str

    def is_fresh(self) -> bool:
        """Tell whether the step ended well with these very inputs."""
        try:
            return self.file.read_text(encoding="ascii") == self.digest
        except (OSError, UnicodeDecodeError):
            return False

    def remove(self) -> None:
        """Forget it: from now until `put`, the product counts as half made."""
        self.file.unlink(missing_ok=True)

    def put(self) -> None:
        """Note that the step has ended well."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self.digest, encoding="ascii")


def stamp_of(product: Path, name: str, *, files: Iterable[Path] = (), facts: Iterable[str] = ()) -> Stamp:
    """Return the stamp of a product made from these files and facts."""
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(fact.encode() + b"\0")
    for file in files:
        digest.update(file.name.encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return Stamp(product / f".weiran-{name}", digest.hexdigest())


def files_below(folder: Path) -> list[Path]:
    """Return the files of a folder in a settled order, without what was installed into it."""
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in SKIPPED_FOLDERS and not path.name.startswith("."):
            found.extend(files_below(path))
        elif path.is_file() and not path.name.startswith("."):
            found.append(path)
    return found
